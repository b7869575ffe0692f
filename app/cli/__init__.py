"""The command line: every word of it is a contract (README lists them, a test compares)."""

import os
import sys

import click

from app.cli.criteria import criteria
from app.cli.shelf import Shelf
from app.settings import SettingsError
from assessments.problems import ProblemError
from criteria.findings import FaultyStandardError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="intyga", prog_name="intyga")
def cli() -> None:
    """Industry validation: from criteria in YAML to certificates that anyone can verify."""


def main() -> None:
    """Run a command; a refusal is one clear line for each fault and exit code 2, never a stack trace."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as fault:
        fault.show()
        sys.exit(fault.exit_code)
    except _refusals() as fault:
        for line in _lines(fault):
            click.echo(f"intyga: {line}", err=True)
        sys.exit(2)


def _refusals() -> tuple[type[Exception], ...]:
    """Asked only when something was raised, so that no command loads the database for nothing."""
    from sqlalchemy.exc import DatabaseError  # noqa: PLC0415 the docstring says why

    from app.store.schema import SchemaError  # noqa: PLC0415 same

    return (SettingsError, ProblemError, FaultyStandardError, SchemaError, DatabaseError, OSError)


def _lines(fault: Exception) -> list[str]:
    if isinstance(fault, SettingsError):
        return fault.faults
    if isinstance(fault, ProblemError):
        said = fault.sv if os.environ.get("LANG", "").startswith("sv") else fault.en
        return [said, *(f"  {key}: {value}" for key, value in fault.details.items())]
    if isinstance(fault, FaultyStandardError):
        return [f"{each.line}:{each.column}: {each.severity} {each.code} {each.en}" for each in fault.findings]
    if isinstance(fault, OSError):
        return [f"{fault.strerror or fault} {fault.filename or ''}".rstrip()]
    return [f"{str(fault).splitlines()[0]}: run intyga init, then intyga doctor"]


ROOMS = {
    "serve": "serve:serve",
    "web": "serve:web",
    "work": "serve:work",
    "demo": "serve:demo",
    "tablet": "tablet:tablet",
    "init": "operate:init",
    "doctor": "operate:doctor",
    "backup": "operate:backup",
    "restore": "operate:restore",
    "erase": "operate:erase",
    "publish": "standards:publish",
    "issue": "cases:issue",
    "export": "cases:export",
    "import": "cases:import_",
    "key": "keys:key",
    "user": "people:user",
    "organisation": "people:organisation",
    "grant": "people:grant",
    "verify": "verify:verify",
    "vc-api": "vc_api:vc_api",
}
"""Every command with the module below this one that holds it."""
AUTHORS = {
    "diff": "compare:diff",
    "format": "tidy:layout",
    "preview": "preview:preview",
    "export": "exchange:export",
    "import": "exchange:import_",
}
"""The same for `intyga criteria`."""


def _below(rooms: dict[str, str]) -> dict[str, str]:
    return {name: f"{__name__}.{place}" for name, place in rooms.items()}


criteria.commands = Shelf(dict(criteria.commands), _below(AUTHORS))
cli.commands = Shelf({"criteria": criteria}, _below(ROOMS))
