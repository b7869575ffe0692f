"""The migrations give exactly the tables we write in Python, on both databases, and refuse what they do not know."""

from datetime import datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, StatementError

from app.store.database import Database
from app.store.schema import SchemaError, require_current, upgrade
from app.store.tables import CheckRow, LedgerRow, OrganisationRow, Row


def dumped(database):
    """What the database itself says of its schema."""
    with database.read() as tx:
        if database.sqlite:
            return sorted(map(tuple, tx.execute(text("SELECT type, name, sql FROM sqlite_schema"))))
        query = "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
        columns = tx.execute(text(f"{query} WHERE table_schema = 'public'"))
        indexes = tx.execute(text("SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"))
        return sorted([*map(tuple, columns), *map(tuple, indexes)])


def test_the_migrations_give_exactly_the_tables_of_the_program(database):
    with database.read() as tx:
        context = MigrationContext.configure(tx, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Row.metadata) == []


def test_every_name_of_key_index_and_column_is_as_the_program_says(database):
    with database.read() as tx:
        seen = inspect(tx)
        assert set(seen.get_table_names()) == {*Row.metadata.tables, "alembic_version"}
        for name, table in Row.metadata.tables.items():
            found = {each["name"]: each["nullable"] for each in seen.get_columns(name)}
            assert found == {column.name: column.nullable for column in table.columns}, name
            assert seen.get_pk_constraint(name)["constrained_columns"] == [each.name for each in table.primary_key]
            assert {each["name"] for each in seen.get_foreign_keys(name)} == {
                each.name for each in table.foreign_key_constraints
            }, name
            assert {each["name"] for each in seen.get_indexes(name) if not each["unique"]} == {
                each.name for each in table.indexes
            }, name


def test_running_it_twice_changes_nothing(database):
    before = dumped(database)
    upgrade(database)
    require_current(database)
    assert dumped(database) == before


def test_an_empty_database_is_not_used_before_it_is_set_up(database_url):
    database = Database(database_url)
    with pytest.raises(SchemaError, match="intyga init"):
        require_current(database)
    database.close()


def test_a_database_of_a_newer_program_is_never_touched(database):
    with database.begin() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = dumped(database)
    with pytest.raises(SchemaError, match="newer"):
        upgrade(database)
    with pytest.raises(SchemaError, match="9999"):
        require_current(database)
    assert dumped(database) == before


def test_a_foreign_key_must_lead_somewhere(database):
    with pytest.raises(DBAPIError), database.begin() as tx:
        tx.execute(text("INSERT INTO memberships VALUES ('nobody', 'nowhere', 'editor', '2026-01-01')"))


def test_only_what_the_type_says_goes_into_a_column(database):
    with pytest.raises(DBAPIError), database.begin() as tx:
        tx.execute(text("INSERT INTO numbers (year, last) VALUES ('2026', 'many')"))


def test_every_table_is_strict_on_sqlite(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    upgrade(database)
    with database.read() as tx:
        strict = {row.name: row.strict for row in tx.execute(text("SELECT name, strict FROM pragma_table_list"))}
    assert {name for name, on in strict.items() if on} == set(Row.metadata.tables)
    database.close()


def test_sqlite_is_opened_so_that_a_commit_survives_a_power_cut_and_nothing_erased_stays(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000, "secure_delete": 1}
    with database.read() as tx:
        assert {name: tx.execute(text(f"PRAGMA {name}")).scalar() for name in wanted} == wanted
    database.close()


NOW = datetime.fromisoformat("2026-11-24T12:00:00+01:00")


def an_entry(database, **changes):
    with database.begin() as tx:
        organisation = {"slug": "a", "kind": "provider", "name": "A", "organisation_number": "1", "country": "SE"}
        tx.execute(OrganisationRow.__table__.insert().values(id="o", added_at=NOW, **organisation))
        fields = dict.fromkeys(("at", "actor", "action", "subject", "commitment", "previous", "hash"), "x")
        tx.execute(LedgerRow.__table__.insert().values(id="e", tenant="o", place=1, **fields | changes))


@pytest.mark.parametrize("statement", ["UPDATE ledger SET actor = 'other'", "DELETE FROM ledger"])
def test_the_database_itself_keeps_the_ledger_append_only(database, statement):
    an_entry(database)
    with pytest.raises(DBAPIError, match="append-only"), database.begin() as tx:
        tx.execute(text(statement))
    with database.read() as tx:
        assert tx.execute(text("SELECT actor FROM ledger")).scalar_one() == "x"


def test_an_entry_is_not_replaced_by_an_insert_either(database):
    an_entry(database)
    word = "INSERT OR REPLACE" if database.sqlite else "INSERT"
    with pytest.raises(DBAPIError), database.begin() as tx:
        tx.execute(text(f"{word} INTO ledger SELECT id, tenant, place, at, 'other', action, subject, commitment, previous, hash FROM ledger"))  # fmt: skip # noqa: E501, S608 one statement
    with database.read() as tx:
        assert tx.execute(text("SELECT actor FROM ledger")).scalar_one() == "x"


def test_a_time_without_zone_is_refused(database):
    row = {"id": "c", "sha256": "s", "size": 1, "answer": None, "answered_at": None}
    with pytest.raises(StatementError, match="without zone"), database.begin() as tx:
        tx.execute(CheckRow.__table__.insert().values(asked_at=datetime(2026, 1, 1), **row))  # noqa: DTZ001 the point


def test_times_are_kept_in_utc_in_one_width_so_that_text_order_is_time_order(database):
    moments = [NOW, NOW.replace(microsecond=1), NOW.replace(hour=23)]
    with database.begin() as tx:
        for place, moment in enumerate(moments):
            row = {"id": str(place), "sha256": "s", "size": 1, "answer": None, "answered_at": None}
            tx.execute(CheckRow.__table__.insert().values(asked_at=moment, **row))
    with database.read() as tx:
        texts = list(tx.execute(text("SELECT asked_at FROM checks ORDER BY id")).scalars())
        assert texts == sorted(texts)
        assert {len(each) for each in texts} == {32}
        assert texts[0] == "2026-11-24T11:00:00.000000+00:00"
        assert list(tx.execute(CheckRow.__table__.select().order_by(CheckRow.id)).scalars(3)) == moments


def test_a_look_sees_one_moment_however_long_it_takes(database):
    with database.begin() as tx:
        tx.execute(text("INSERT INTO numbers VALUES ('2026', 1)"))
    with database.read() as look:
        assert look.execute(text("SELECT last FROM numbers")).scalar_one() == 1
        with database.begin() as tx:
            tx.execute(text("UPDATE numbers SET last = 2"))
        assert look.execute(text("SELECT last FROM numbers")).scalar_one() == 1


def test_a_look_writes_nothing(database):
    with pytest.raises(DBAPIError), database.read() as tx:
        tx.execute(text("INSERT INTO numbers VALUES ('2026', 1)"))
    with database.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM numbers")).scalar_one() == 0


def test_a_failure_in_the_middle_writes_nothing(database):
    with pytest.raises(DBAPIError), database.begin() as tx:  # noqa: PT012 the first must be there to be undone
        tx.execute(text("INSERT INTO numbers VALUES ('2026', 1)"))
        tx.execute(text("INSERT INTO numbers VALUES ('2026', 1)"))
    with database.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM numbers")).scalar_one() == 0
