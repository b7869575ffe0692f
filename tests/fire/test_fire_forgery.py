"""No road to a seal but one: every row that somebody edits behind our back is refused, or changes nothing on paper."""

# ruff: noqa: S608 rows are broken on purpose, by names of our own

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from test_proofs import changed
from workshop import a_workshop

from app.actions import checks as checks_door
from app.actions import issue, revoke
from app.store import awards, checks
from app.store.tables import Row
from app.verify.answers import from_json

PRINTED = {
    "awards.number": "counted after approval; the register knows the award by it and by nothing else",
    "awards.token": "a secret address that leads nowhere else",
    "awards.given_at": "the moment printed beside the day; the day itself is held",
    "status_lists.purpose": "the place that the record names; a wrong one is no list anybody serves",
    "status_lists.place": "same",
    "records.id": "a name of the record, unguessable and meaningless",
    "records.status_index": "a place in the list, that revoking reads from the same row",
    "records.status_list": "same",
    "numbers.last": "the counter of numbers",
    "numbers.year": "same",
}
"""Columns whose change may be seen on paper, each with the reason why it forges nothing."""


def sealed(shop) -> dict[str, str] | None:
    """What was proved and printed, or None when nothing was."""
    with shop.tools.read() as tx:
        given = awards.of_provider(tx, shop.provider)
        if not given:
            return None
        made = {each.format: each for each in awards.documents(tx, given[-1].id) if not each.module}
        records = {each.module: each.unsigned or "" for each in awards.records(tx, given[-1].id)}
    if "pdf" not in made:
        return None
    pdf = shop.tools.files.get(made["pdf"].sha256)
    paper = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return {"paper": paper.decode(), **records}


def attack(folder: Path, *statements: str):
    """A workshop whose award was approved, after somebody wrote these into its database, and what it came to."""
    shop = a_workshop(folder, "approved")
    shop.tools.database.close()
    with closing(sqlite3.connect(folder / "intyga.sqlite", isolation_level=None)) as raw:
        try:
            for each in statements:
                raw.execute(each)
        except sqlite3.IntegrityError:
            return shop, "refused by the database"
    award = shop_award(shop)
    try:
        issue.issue(shop.tools, shop.keyring, award)
    except Exception as fault:  # noqa: BLE001 any refusal is one; that nothing was sealed is asked of the database
        return shop, type(fault).__name__
    return shop, ""


def shop_award(shop) -> str:
    with closing(sqlite3.connect(shop.tools.settings.folder / "intyga.sqlite")) as raw:
        return raw.execute("SELECT id FROM awards").fetchone()[0]


@pytest.fixture(scope="module")
def true(tmp_path_factory) -> dict[str, str]:
    shop, refusal = attack(tmp_path_factory.mktemp("true"))
    assert refusal == ""
    found = sealed(shop)
    shop.tools.database.close()
    assert found
    assert "SPECIMEN" in found["paper"]
    return found


def ends(folder: Path, table: str) -> set[int]:
    """The first and the last row of a table at that stage; nothing when it is empty."""
    shop = a_workshop(folder, "approved")
    shop.tools.database.close()
    with closing(sqlite3.connect(folder / "intyga.sqlite")) as raw:
        return {*raw.execute(f"SELECT min(rowid), max(rowid) FROM {table}").fetchone()} - {None}


def differences(folder: Path, true: dict[str, str], table: str) -> list[str]:
    """Columns of a table whose change reached a seal and can be seen there."""
    seen = []
    for row in ends(folder / "ends", table):
        for column in Row.metadata.tables[table].columns:
            name = f"{table}.{column.name}"
            change = f'UPDATE {table} SET "{column.name}" = {changed(column)} WHERE rowid = {row}'
            shop, _ = attack(folder / f"{name}-{row}", change)
            found = sealed(shop)
            if found is not None and found != true and name not in PRINTED:
                seen.append(name)
            shop.tools.database.close()
    return seen


@pytest.mark.slow
@pytest.mark.parametrize("table", sorted(Row.metadata.tables))
def test_no_edited_column_of_any_row_is_seen_on_a_sealed_paper(tmp_path, true, table):
    assert differences(tmp_path, true, table) == []


def test_a_development_seal_cannot_be_called_another_in_the_database(tmp_path, true):
    for number, column in enumerate(("development = 0", "level = 'qualified'", "level = 'advanced', development = 0")):
        shop, _ = attack(tmp_path / str(number), f"UPDATE keys SET {column}")
        assert sealed(shop) in (None, true), column
        shop.tools.database.close()


COPIES = """
INSERT INTO reviews SELECT 'r1', d.id, d.assessment, (SELECT id FROM people WHERE name = 'Elin Sandberg'), 1, 'Bra underlag.', d.at, '2026-11-25', d.entry FROM decisions d;
UPDATE decisions SET state = 'approved';
UPDATE assessments SET state = 'awarded';
INSERT INTO awards SELECT 'a1', a.id, d.id, 'r1', a.provider, a.candidate, 'provyrke', '{}', 'x', 'token-of-nobody', NULL, NULL, d.at, NULL, NULL, d.entry FROM decisions d JOIN assessments a ON a.id = d.assessment;
INSERT INTO intents SELECT 'i1', 'issue', 'a1', at, 1, at, NULL, 0, NULL, '' FROM decisions;
"""  # noqa: E501 one row each


def documents(shop) -> int:
    with closing(sqlite3.connect(shop.tools.settings.folder / "intyga.sqlite")) as raw:
        return raw.execute("SELECT count(*) FROM documents").fetchone()[0]


def test_an_award_written_by_hand_with_its_intent_is_never_issued(shop):
    made = shop("decided")
    with closing(sqlite3.connect(made.tools.settings.folder / "intyga.sqlite")) as raw:
        raw.executescript(COPIES)
    made.work()
    with closing(sqlite3.connect(made.tools.settings.folder / "intyga.sqlite")) as raw:
        (failure,) = raw.execute("SELECT failure FROM intents WHERE id = 'i1'").fetchone()
    assert failure
    assert documents(made) == 0


def test_an_intent_for_what_was_issued_or_revoked_makes_nothing_anew(shop):
    made = shop("issued")
    before, given = documents(made), made.given
    for again in range(2):
        with closing(sqlite3.connect(made.tools.settings.folder / "intyga.sqlite", isolation_level=None)) as raw:
            raw.execute("UPDATE intents SET done_at = NULL, leased_until = NULL WHERE kind = 'issue'")
        made.work()
        assert (documents(made), made.given.number) == (before, given.number)
        if not again:
            asked = revoke.ask(made.tools, made.actors["coordinator"], given.id, "Utfärdat för fel person.")
            revoke.confirm(made.tools, made.actors["quality"], given.id, asked)


def test_an_old_status_list_put_back_does_not_bring_a_revoked_award_to_life(shop):
    made = shop("issued")
    given = made.given
    database = made.tools.settings.folder / "intyga.sqlite"
    with closing(sqlite3.connect(database)) as raw:
        old = raw.execute("SELECT body, sha256, path FROM published WHERE path LIKE '%/status/%'").fetchone()
        sha256 = raw.execute("SELECT sha256 FROM documents WHERE format = 'open-badge' AND module = ''").fetchone()[0]
    asked = revoke.ask(made.tools, made.actors["coordinator"], given.id, "Utfärdat för fel person.")
    revoke.confirm(made.tools, made.actors["quality"], given.id, asked)
    made.work()
    with closing(sqlite3.connect(database, isolation_level=None)) as raw:
        assert raw.execute("SELECT body FROM published WHERE path = ?", (old[2],)).fetchone()[0] != old[0]
        raw.execute("UPDATE published SET body = ?, sha256 = ? WHERE path = ?", old)
    key = checks_door.ask(made.tools, made.tools.files.get(sha256))
    made.work()
    with made.tools.read() as tx:
        answer = from_json(checks.find(tx, key).answer)
    assert answer.valid.result == "no"


@pytest.mark.slow
def test_the_command_line_seals_nothing_but_specimens_whatever_the_settings_say(tmp_path):
    env = {key: value for key, value in os.environ.items() if not key.startswith("INTYGA_")}
    env |= {"INTYGA_MODE": "production", "INTYGA_PUBLIC_URL": "https://intyg.exempelnat-validering.se"}
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "demo", "--out", tmp_path / "out"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        assert "SPECIMEN" in done.stdout
        paper = next((tmp_path / "out").rglob("*.pdf"))
        text = subprocess.run(["pdftotext", paper, "-"], capture_output=True, check=True).stdout.decode()
        assert text.count("SPECIMEN") >= text.count("\f")
    else:
        assert "Traceback" not in done.stderr
