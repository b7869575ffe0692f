"""Brings a database to today's schema, and says whether it is there; a newer one than ours is never touched."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from app.store.database import Database

HISTORY = Path(__file__).parent / "migrations"


class SchemaError(Exception):
    """The database is older or newer than the program."""


def upgrade(database: Database, to: str | None = None) -> None:
    """Run what is missing, in one transaction; `to` an older revision only where an old backup is to go in."""
    with database.begin() as tx:
        known = [each.revision for each in _history().walk_revisions()]
        found = revision(tx)
        if found is not None and found not in known:
            raise SchemaError(f"the database is at {found}, which is newer than this program")
        if to is not None and (to not in known or found not in (None, to)):
            raise SchemaError(f"rows of {to or 'nothing'} do not go into {found or 'this program'}: use a new folder")
        command.upgrade(_config(tx), to or "head")
    learn(database)


def learn(database: Database) -> None:
    """Let PostgreSQL learn the tables' sizes: plans made for empty tables halve the rate of ingest."""
    if not database.sqlite:
        with database.begin() as tx:
            tx.execute(text("ANALYZE"))


def require_current(database: Database) -> None:
    """Raises `SchemaError` unless the schema is exactly the program's."""
    with database.read() as tx:
        found, wanted = revision(tx), _history().get_current_head()
    if found != wanted:
        raise SchemaError(f"the database is at {found or 'nothing'}, the program at {wanted}: run intyga init")


def revision(tx: Connection) -> str | None:
    """Where the database stands; None when it is empty."""
    return MigrationContext.configure(tx).get_current_revision()


def _history() -> ScriptDirectory:
    return ScriptDirectory(str(HISTORY))


def _config(tx: Connection) -> Any:
    config = Config(attributes={"connection": tx})
    config.set_main_option("script_location", str(HISTORY))
    return config
