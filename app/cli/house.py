"""What commands share: settings, tools, passphrase, and the check that `app` is ours."""

import os
import secrets
from pathlib import Path

import click
import msgspec

import app
from app.settings import Settings, from_env
from app.store.files import write_whole
from app.store.schema import require_current, upgrade
from app.tools import Tools, tools_for

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
"""For every command that reports."""


class ForeignAppError(click.ClickException):
    """`app` is a generic name: somebody else's package of that name must never be run as ours."""

    exit_code = 2

    def __init__(self) -> None:
        super().__init__("another package called 'app' is installed here: give Intyga an environment of its own")


def require_own_app() -> None:
    """Refuse when the imported `app` is not the one beside this file."""
    if Path(str(app.__file__)).parent != Path(__file__).parent.parent:
        raise ForeignAppError


def settings() -> Settings:
    """The operator's settings; raises `SettingsError`."""
    require_own_app()
    return from_env(os.environ)


def tools(found: Settings | None = None) -> Tools:
    """Tools on a database that is at today's schema."""
    found = found or settings()
    made = tools_for(found)
    require_current(made.database)
    return made


def prepare(found: Settings, *, schema: bool = True) -> Tools:
    """Folder, database, form secret and key passphrase; what is there is kept. A restore brings its own schema."""
    require_own_app()
    found.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for file in (found.secret_file, found.passphrase_file):
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(file, secrets.token_urlsafe(32).encode())
    made = tools_for(found)
    if schema:
        upgrade(made.database)
    return made


def tell(value: object) -> None:
    """Print values as JSON that people can read too."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def passphrase(found: Settings) -> str:
    """Opens the keys; only commands and the worker ask for it."""
    try:
        return found.passphrase_file.read_text().strip()
    except OSError as fault:
        raise click.ClickException(f"the key passphrase cannot be read ({fault.strerror}): run intyga init") from fault
