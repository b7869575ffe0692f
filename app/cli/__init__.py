"""The command line: every word of it is a contract (README lists them, a test compares)."""

import os
import sys
from importlib.metadata import version

import click
from sqlalchemy.exc import DatabaseError

from app.cli.criteria import criteria
from app.cli.verify import verify
from app.settings import SettingsError
from app.store.schema import SchemaError
from assessments.problems import ProblemError
from criteria.findings import FaultyStandardError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("intyga"), prog_name="intyga")
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
    except (SettingsError, ProblemError, FaultyStandardError, SchemaError, DatabaseError, OSError) as fault:
        for line in _lines(fault):
            click.echo(f"intyga: {line}", err=True)
        sys.exit(2)


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


def _register() -> None:
    from app.cli import (  # noqa: PLC0415 they build on this module
        cases,
        compare,
        exchange,
        keys,
        operate,
        people,
        preview,
        serve,
        standards,
        tablet,
        tidy,
        vc_api,
    )

    for command in (
        *(serve.serve, serve.web, serve.work, serve.demo, tablet.tablet),
        *(operate.init, operate.doctor, operate.backup, operate.restore, operate.erase),
        *(standards.publish, cases.issue, cases.export, cases.import_, keys.key, people.user, people.organisation),
        *(people.grant, criteria, verify, vc_api.vc_api),
    ):
        cli.add_command(command)
    for command in (compare.diff, tidy.layout, preview.preview, exchange.export, exchange.import_):
        criteria.add_command(command)


_register()
