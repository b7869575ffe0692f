"""Insert unless it is there: the one statement that makes doing it twice the same as doing it once."""

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from app.store.tables import Row

Insert = sqlite.Insert | postgresql.Insert


def ignore_existing(tx: Connection, table: type[Row]) -> Insert:
    """`INSERT … ON CONFLICT DO NOTHING` in the database's own words."""
    if tx.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def replace_existing(tx: Connection, table: type[Row], key: str, values: dict[str, object]) -> None:
    """Insert, or replace the row with the same key."""
    rest = {name: value for name, value in values.items() if name != key}
    if tx.dialect.name == "sqlite":
        tx.execute(sqlite.insert(table).values(values).on_conflict_do_update(index_elements=[key], set_=rest))
    else:
        tx.execute(postgresql.insert(table).values(values).on_conflict_do_update(index_elements=[key], set_=rest))
