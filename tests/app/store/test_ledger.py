"""The chain tells every change by anyone who cannot rewrite it whole, and tells nobody what it binds to."""

# ruff: noqa: S608 rows are broken on purpose, by names of our own

from datetime import UTC, datetime
from functools import partial
from itertools import product
from threading import Barrier, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.store import ledger, organisations
from app.store.database import Database
from app.store.organisations import Organisation
from app.store.tables import LedgerRow
from app.tools import new_uuid7

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TENANTS = ("tenant-a", "tenant-b")
COLUMNS = [column.name for column in LedgerRow.__table__.columns]


@pytest.fixture(autouse=True)
def tenants(database):
    with database.begin() as tx:
        for key in TENANTS:
            one = Organisation(
                id=key, slug=key, kind="provider", name=key, organisation_number="1", country="SE", homepage=None
            )
            organisations.add(tx, one, NOW)


def write(database, tenant: str, number: int, start: int = 0):
    for each in range(start, start + number):
        with database.begin() as tx:
            append(tx, tenant, each)


def append(tx, tenant, number, content=None):
    return ledger.append(
        tx, new_uuid7(), tenant=tenant, actor="anna", action="assessment.record", subject=f"case-{number}",
        content=content or {"number": number}, at=NOW,
    )  # fmt: skip


@pytest.fixture
def written(database):
    for tenant in TENANTS:
        write(database, tenant, 4)
    return database


def faults(database):
    with database.read() as tx:
        return list(ledger.faults(tx))


def after(database, *statements: str) -> list[str]:
    """What is told after these, done by somebody who owns the database and took the guard away; then undone."""
    with database.engine.connect().execution_options(intyga_write=True) as tx:
        if database.sqlite:
            for verb in ("update", "delete"):
                tx.execute(text(f"DROP TRIGGER ledger_no_{verb}"))
            tx.execute(text("PRAGMA defer_foreign_keys = ON"))
        else:
            tx.execute(text("DROP TRIGGER ledger_append_only ON ledger"))
            tx.execute(text("ALTER TABLE salts DROP CONSTRAINT fk_salts_entry"))
        for each in statements:
            tx.execute(text(each))
        told = list(ledger.faults(tx))
        tx.rollback()
    return told


def test_an_untouched_chain_is_whole(written):
    assert faults(written) == []


def test_a_house_without_acts_is_whole(database):
    assert faults(database) == []


def test_a_change_of_any_column_of_any_entry_is_told(written):
    for column, place in product(COLUMNS, (1, 2, 4)):
        change = {"place": "place + 40", "tenant": "'tenant-b'"}.get(column, "'changed'")
        aside = f"UPDATE ledger SET place = place + 90 WHERE tenant = 'tenant-b' AND place = {place}"
        where = f"tenant = 'tenant-a' AND place = {place}"
        told = after(written, aside, f"UPDATE ledger SET {column} = {change} WHERE {where}")
        assert any("tenant-a" in each for each in told), (column, place)


def test_a_removed_entry_is_told_wherever_it_was(written):
    for place in (1, 2, 3, 4):
        told = after(written, f"DELETE FROM ledger WHERE tenant = 'tenant-a' AND place = {place}")
        assert any("tenant-a" in each for each in told), place


def test_a_removed_end_or_a_whole_chain_that_is_gone_is_told(written):
    for place in (0, 2, 3):
        told = after(written, f"DELETE FROM ledger WHERE tenant = 'tenant-a' AND place > {place}")
        assert told == ["ledger of tenant-a: the end is missing"]


def test_a_chain_without_head_is_told(written):
    told = after(written, "DELETE FROM ledger_heads WHERE tenant = 'tenant-a'")
    assert told == ["ledger of tenant-a: the head is missing"]


def test_two_swapped_entries_are_told(written):
    swap = (("99", "2"), ("2", "3"), ("3", "99"))
    told = after(
        written, *(f"UPDATE ledger SET place = {to} WHERE tenant = 'tenant-a' AND place = {at}" for to, at in swap)
    )
    assert any("broken before entry 2" in each for each in told)


def test_the_fault_names_the_tenant_and_leaves_the_other_in_peace(written):
    told = after(written, "UPDATE ledger SET actor = 'other' WHERE tenant = 'tenant-b' AND place = 3")
    assert told == ["ledger of tenant-b: entry 3 was changed"]


def test_an_entry_holds_for_its_content_and_no_other(database):
    content = {"name": "Åsa", "score": ["met", 1]}
    with database.begin() as tx:
        entry = append(tx, TENANTS[0], 1, content)
    with database.read() as tx:
        found = ledger.entries(tx)[entry]
    assert ledger.commits(found, {"score": ["met", 1], "name": "Åsa"})
    for other in ({"name": "Åsa", "score": ["met", 2]}, {"name": "Asa", "score": ["met", 1]}, {}, None):
        assert not ledger.commits(found, other)


def test_the_ledger_alone_does_not_confirm_a_guess(database):
    content = {"birth_date": "1991-02-28"}
    with database.begin() as tx:
        first, second = append(tx, TENANTS[0], 1, content), append(tx, TENANTS[0], 2, content)
        rows = dict(map(tuple, tx.execute(text("SELECT id, commitment FROM ledger"))))
        tx.execute(text("DELETE FROM salts"))
    assert rows[first] != rows[second]
    assert rows[first] not in {ledger.commitment(salt, content) for salt in ("", first, second, "0" * 32)}
    with database.read() as tx:
        assert not ledger.commits(ledger.entries(tx)[first], content)
        assert list(ledger.faults(tx)) == []


def test_nothing_of_the_content_stands_in_the_ledger(database):
    with database.begin() as tx:
        append(tx, TENANTS[0], 1, {"name": "Erik Åkerlund-Łoś"})
    with database.read() as tx:
        assert "kerlund" not in repr(list(tx.execute(text("SELECT * FROM ledger"))))


def test_writers_at_once_keep_one_chain(database):
    start, failed = Barrier(8), []

    def writer(number: int) -> None:
        start.wait()
        try:
            write(database, TENANTS[number % 2], 5, start=100 * number)
        except Exception as fault:  # noqa: BLE001 told below
            failed.append(fault)

    threads = [Thread(target=partial(writer, number)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []
    assert faults(database) == []
    with database.read() as tx:
        query = "SELECT tenant, count(*), max(place) FROM ledger GROUP BY tenant ORDER BY tenant"
        assert list(map(tuple, tx.execute(text(query)))) == [(tenant, 20, 20) for tenant in TENANTS]


def test_two_processes_at_once_keep_one_chain_too(database):
    """Another engine on the same file has another lock: the transaction alone must do."""
    url = database.engine.url.render_as_string(hide_password=False)
    others = [Database(url) for _ in range(3)]
    threads = [Thread(target=write, args=(other, TENANTS[0], 5, 50 * place)) for place, other in enumerate(others)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    for other in others:
        other.close()
    assert faults(database) == []
    with database.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM ledger")).scalar_one() == 15


def test_what_fails_after_its_entry_leaves_no_entry(database):
    with pytest.raises(DBAPIError), database.begin() as tx:  # noqa: PT012 the first must be there to be undone
        append(tx, TENANTS[0], 1)
        append(tx, "no-such-tenant", 2)
    write(database, TENANTS[0], 1)
    assert faults(database) == []
    with database.read() as tx:
        assert tx.execute(text("SELECT place FROM ledger")).scalar_one() == 1
