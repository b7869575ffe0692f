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


def upgrade(database: Database) -> None:
    """Run what is missing, in one transaction, and let PostgreSQL learn the tables' sizes."""
    with database.begin() as tx:
        _require_known(tx)
        command.upgrade(_config(tx), "head")
        if tx.dialect.name == "postgresql":
            tx.execute(text("ANALYZE"))  # plans made for empty tables halve the rate of ingest


def require_current(database: Database) -> None:
    """Raises `SchemaError` unless the schema is exactly the program's."""
    with database.read() as tx:
        found, wanted = _found(tx), _history().get_current_head()
    if found != wanted:
        raise SchemaError(f"the database is at {found or 'nothing'}, the program at {wanted}: run intyga init")


def _require_known(tx: Connection) -> None:
    found = _found(tx)
    if found is not None and found not in {each.revision for each in _history().walk_revisions()}:
        raise SchemaError(f"the database is at {found}, which is newer than this program")


def _found(tx: Connection) -> str | None:
    return MigrationContext.configure(tx).get_current_revision()


def _history() -> ScriptDirectory:
    return ScriptDirectory(str(HISTORY))


def _config(tx: Connection) -> Any:
    config = Config(attributes={"connection": tx})
    config.set_main_option("script_location", str(HISTORY))
    return config
