"""Every row that counts is held against its ledger entry; what is not, is named here with its reason."""

# ruff: noqa: S608 rows are broken on purpose, by names of our own

import pytest
from sqlalchemy import LargeBinary, text
from workshop import a_workshop

from app.actions import erase, grants, revoke
from app.store import proofs
from app.store.tables import Row
from app.store.types import Flag, Json, Utc

FREE = {
    "accounts": "ways to sign in change; duties hang on the person",
    "sessions": "pass with the day",
    "links": "pass with the fortnight",
    "letters": "emptied when sent",
    "intents": "what is to be done; the acts they lead to ask again",
    "checks": "strangers' questions",
    "reports": "strangers' remarks",
    "photos": "named by events, which are held; the file is named by its own hash",
    "numbers": "a counter; the printed number stands in the sealed paper and the proved record",
    "status_lists": "places; the record that was proved names its place",
    "records": "what is proved was derived from the held award; the stored text is compared again before proving",
    "documents": "sealed or proved themselves, and named by their own hash",
    "published": "made anew from held rows; proved themselves",
    "ledger": "held by its own chain",
    "ledger_heads": "held by its own chain",
    "alembic_version": "the schema's own",
    "devices": "a tablet's account: acts hang on the person who stands for them",
    "enrolments": "pass with the hour",
    "batches": "what arrived, before it counts",
    "deliveries": "what arrived, before it counts",
    "quarantine": "does not count",
    "media": "named by events, which are held; the file is named by its own hash",
    "candidate_codes": "what checks the candidate's own code; the candidate's words count nothing",
    "checkouts": "who has a case in hand counts nothing",
    "confirmations": "held too; broken one by one in the tests of deliveries",
}
FREE_COLUMNS = {
    "organisations": {"added_at": "the ledger says when"},
    "people": {"*": "staff change their names; the ledger names ids"},
    "candidates": {
        "provider": "the case names its tenant", "reference": "the provider's own note", "email": "changes",
        "language": "changes", "protected": "may be granted later", "added_at": "the ledger says when",
        "erased_at": "the erasure is held",
    },
    "assessments": {"state": "moves; each move asks for its grounds", "opened_at": "the ledger says when",
                    "changed_at": "moves"},
    "assignments": {"declared_at": "the ledger says when"},
    "memberships": {"added_at": "the ledger says when"},
    "events": {"received_at": "the ledger says when"},
    "decisions": {"at": "the ledger says when"},
    "reviews": {"at": "the ledger says when"},
    "awards": {"token": "a secret address", "number": "given after; stands in paper and record",
               "given_at": "the ledger says when", "issued_at": "set when all is made"},
    "grants": {},
    "editions": {"published_at": "the ledger says when"},
    "revocations": {"asked_at": "the ledger says when", "confirmed_at": "the ledger says when"},
    "keys": {"made_at": "the ledger says when", "retired_at": "moves"},
    "salts": {},
    "erasures": {"at": "the ledger says when", "files": "emptied when they are gone"},
}  # fmt: skip


REST = {"salts": "WHERE entry NOT IN (SELECT id FROM ledger WHERE subject IN (SELECT person FROM erasures))"}
"""Rows that count no more are left out."""


def after(shop, *statements: str) -> list[str]:
    """What is told after these by somebody who owns the database; then undone."""
    with shop.tools.database.engine.connect().execution_options(intyga_write=True) as tx:
        tx.execute(text("PRAGMA defer_foreign_keys = ON"))
        for each in statements:
            tx.execute(text(each))
        told = list(proofs.faults(tx))
        tx.rollback()
    return told


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    """A house where everything has happened: issued, revoked, a grant taken back, somebody erased."""
    house = a_workshop(tmp_path_factory.mktemp("rich"), "issued")
    case = house.open()
    house.judge(case)
    house.decide(case)
    grants.revoke(house.tools, house.actors["editor"], grant(house), "Leverantören har slutat med yrket.")
    asked = revoke.ask(house.tools, house.actors["coordinator"], house.given.id, "Utfärdat för fel person.")
    revoke.confirm(house.tools, house.actors["quality"], house.given.id, asked)
    erase.erase(house.tools, house.actors["strange-quality"].person)
    yield house
    house.tools.database.close()


def grant(shop):
    with shop.tools.read() as tx:
        return tx.execute(text("SELECT id FROM grants")).scalar_one()


def test_every_table_and_column_is_held_or_named_as_free():
    assert set(Row.metadata.tables) <= FREE.keys() | FREE_COLUMNS.keys()
    for name, free in FREE_COLUMNS.items():
        assert set(free) <= {"*", *Row.metadata.tables[name].columns.keys()}, name


def test_a_house_where_everything_has_happened_is_whole(rich):
    assert rich.faults() == []


def test_a_change_of_any_held_column_of_any_row_is_told(rich):
    untold = []
    for name, free in FREE_COLUMNS.items():
        if "*" in free:
            continue
        for column in Row.metadata.tables[name].columns:
            if column.name in free:
                continue
            with rich.tools.read() as tx:
                rows = list(tx.execute(text(f"SELECT rowid FROM {name} {REST.get(name, '')}")).scalars())
            assert rows, f"nothing in {name}"
            for rowid in {rows[0], rows[-1]}:
                told = after(rich, f'UPDATE {name} SET "{column.name}" = {changed(column)} WHERE rowid = {rowid}')
                if not told:
                    untold.append(f"{name}.{column.name} {rowid}")
    assert not untold, " ".join(untold)


UNTOLD = {
    "people": "a person without any act; the others are held by what they did",
    "memberships": "a role less is no right more",
}


def test_a_removed_row_is_told(rich):
    untold = []
    for name in FREE_COLUMNS.keys() - UNTOLD.keys():
        with rich.tools.read() as tx:
            rows = list(tx.execute(text(f"SELECT rowid FROM {name} {REST.get(name, '')}")).scalars())
        untold += [f"{name} {each}" for each in rows if not after(rich, f"DELETE FROM {name} WHERE rowid = {each}")]
    assert not untold, " ".join(untold)


def test_a_batch_moved_to_another_case_is_told(rich):
    with rich.tools.read() as tx:
        cases = list(tx.execute(text("SELECT id FROM assessments ORDER BY opened_at")).scalars())
    told = after(rich, f"UPDATE events SET assessment = '{cases[0]}' WHERE assessment = '{cases[1]}'")
    assert any("another case" in each for each in told)


def test_an_event_nobody_recorded_is_told(rich):
    body = "replace(body, substr(id, 1, 8), '019a0000')"
    told = after(rich, f"INSERT INTO events SELECT replace(id, substr(id, 1, 8), '019a0000'), assessment, actor, {body}, entry, received_at FROM events LIMIT 1")  # fmt: skip # noqa: E501 one statement
    assert told


def changed(column) -> str:  # noqa: PLR0911 one line for each type
    """Another value of the same type, plausible where only a plausible one is worth telling."""
    name, kind = f'"{column.name}"', column.type
    if isinstance(kind, Flag):
        return f"1 - {name}"
    if isinstance(kind, Json):
        return f"""CASE {name} WHEN '[]' THEN '["x"]' WHEN '{{}}' THEN '{{"most":"0.4"}}' ELSE '[]' END"""
    if isinstance(kind, LargeBinary):
        return f"CAST(replace(CAST({name} AS TEXT), 'M1.1', 'M1.9') AS BLOB)"
    if kind.python_type is int:
        return f"{name} + 1"
    if column.name == "body":
        worse = f"""replace(replace({name}, '"score":"met"', '"score":"not_met"'), 'visade', 'vägrade')"""
        return f"CASE WHEN {worse} = {name} THEN {name} || ' ' ELSE {worse} END"
    others = {
        "state": "'returned'",
        "role": "CASE role WHEN 'editor' THEN 'administrator' ELSE 'editor' END",
        "actor": "(SELECT id FROM people WHERE id <> actor LIMIT 1)",
    }
    other = "'2020-01-01T00:00:00.000000+00:00'" if isinstance(kind, Utc) else "'2020-01-01'"
    if column.nullable:
        return f"CASE WHEN {name} IS NULL THEN {other} ELSE NULL END"
    return others.get(column.name, other)
