"""The command line: every word of it is a contract (README lists them, a test compares)."""

import os
import sys
from importlib.metadata import version

import click

from app.cli.criteria import criteria
from app.cli.verify import verify
from app.settings import SettingsError
from assessments.problems import ProblemError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("intyga"), prog_name="intyga")
def cli() -> None:
    """Industry validation: from criteria in YAML to certificates that anyone can verify."""


def main() -> None:
    """Run a command; a refusal is one clear line and exit code 2, never a stack trace."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as fault:
        fault.show()
        sys.exit(fault.exit_code)
    except SettingsError as faults:
        for each in faults.faults:
            click.echo(f"intyga: {each}", err=True)
        sys.exit(2)
    except ProblemError as problem:
        swedish = os.environ.get("LANG", "").startswith("sv")
        click.echo(f"intyga: {problem.sv if swedish else problem.en}", err=True)
        for key, value in problem.details.items():
            click.echo(f"  {key}: {value}", err=True)
        sys.exit(2)
    except OSError as fault:
        click.echo(f"intyga: {fault.strerror or fault} {fault.filename or ''}".rstrip(), err=True)
        sys.exit(2)


def _register() -> None:
    from app.cli import cases, keys, operate, people, serve, standards  # noqa: PLC0415 they build on this module

    for command in (
        *(serve.serve, serve.web, serve.work, serve.demo),
        *(operate.init, operate.doctor, operate.backup, operate.restore, operate.erase),
        *(standards.publish, cases.issue, cases.export, cases.import_, keys.key, people.user, people.organisation),
        *(people.grant, criteria, verify),
    ):
        cli.add_command(command)


_register()
