"""Erased is erased: on the disk, in the database's own pages, in mail and in what a backup brings back."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec.structs import replace as with_changes
from sqlalchemy import text
from workshop import HOLDER, a_photo

from app.actions import back_up, erase, keep_photo, review
from app.actions.erase import CaseRunningError
from app.actions.open_assessment import withdraw
from app.store import assessments, awards, claims, erasure, ledger
from app.store.tables import Row
from app.tools import tools_for
from assessments.problems import MissingError

SECRETS = ("kerlund", "1991-02-28", "erik@intyga", "2026-0147", "Erik visade", "nervös i början", "fel person")
OTHER = with_changes(HOLDER, name="Fatima Nordin", birth_date="1998-07-14", email="fatima@intyga.example",
                     reference="F-77")  # fmt: skip


def found_on_disk(shop, *words):
    """Every file of the house that holds one of the words, also in unused pages and write-ahead logs."""
    folder = shop.tools.settings.folder
    files = [path for path in folder.rglob("*") if path.is_file() and "keys" not in path.parts]
    assert any(path.name == "intyga.sqlite" for path in files)
    held = [(path.relative_to(folder), word) for path in files for word in words if word.encode() in path.read_bytes()]
    return [(str(path), word) for path, word in held]


def found_in_tables(shop, *words):
    with shop.tools.read() as tx:
        rows = {name: repr(list(tx.execute(table.select()))) for name, table in Row.metadata.tables.items()}
    return [(name, word) for name, shown in rows.items() for word in words if word in shown]


def test_nothing_of_the_person_is_left_anywhere(shop):
    house = shop("lived")
    given = house.given
    assert {word for _, word in found_on_disk(house, *SECRETS)} == set(SECRETS)
    assert list((house.tools.settings.folder / "mail").iterdir())
    proof = erase.erase(house.tools, given.candidate)
    assert found_in_tables(house, *SECRETS) == []
    assert found_on_disk(house, *SECRETS) == []
    assert list(house.tools.files.every()) == []
    assert list((house.tools.settings.folder / "mail").iterdir()) == []
    assert (proof.person, proof.files > 0, proof.entries > 5) == (given.candidate, True, True)
    assert house.faults() == []


def test_on_postgresql_too(shop_on_both):
    house = shop_on_both("lived")
    assert found_in_tables(house, *SECRETS)
    erase.erase(house.tools, house.given.candidate)
    assert found_in_tables(house, *SECRETS) == []
    assert list(house.tools.files.every()) == []
    assert house.faults() == []


def test_the_register_keeps_number_and_status(shop):
    house = shop("lived")
    before = house.given
    erase.erase(house.tools, before.candidate)
    after = house.given
    assert (after.number, after.digest, after.revoked_at) == (before.number, before.digest, before.revoked_at)
    assert after.status(house.tools.today()) == "revoked"
    assert after.award is None
    with house.tools.read() as tx:
        assert awards.by_number(tx, before.number).id == before.id
        assert awards.documents(tx, before.id) == []
        assert len(awards.records(tx, before.id)) == 3


def test_what_was_erased_cannot_be_guessed_back_from_the_ledger(shop):
    """Whoever guesses name and birth date right finds no salt that would confirm it."""
    house = shop("issued")
    with house.tools.read() as tx:
        content = assessments.opening(assessments.find(tx, house.case))
        entries = ledger.entries(tx)
        mine = {key for key, entry in entries.items() if ledger.commits(entry, content)}
    assert len(mine) == 1
    erase.erase(house.tools, house.given.candidate)
    with house.tools.read() as tx:
        after = ledger.entries(tx)
        assert all(after[key].salt is None for key in mine)
        assert not any(ledger.commits(entry, content) for entry in after.values())
        about = {house.case, house.given.id, house.given.candidate}
        personal = [e for e in after.values() if e.subject in about and e.action != "person.erase"]
        assert {entry.salt for entry in personal} == {None}
        assert {entry.action for entry in personal} <= claims.ACTIONS


@pytest.mark.parametrize("stage", ["opened", "judged", "decided"])
def test_a_running_case_is_not_torn_apart(shop, stage):
    house = shop(stage)
    with house.tools.read() as tx:
        candidate = assessments.find(tx, house.case).candidate.id
    for person in (candidate, house.actors["assessor"].person):
        with pytest.raises(CaseRunningError):
            erase.erase(house.tools, person)
    assert found_in_tables(house, "kerlund")
    assert erase.listed(house.tools) == frozenset()


def test_a_withdrawn_case_is_erased_with_its_photos(shop):
    house = shop("judged")
    withdraw(house.tools, house.actors["coordinator"], house.case, "Erik har flyttat till fel person.")
    with house.tools.read() as tx:
        candidate = assessments.find(tx, house.case).candidate.id
    assert list(house.tools.files.every())
    erase.erase(house.tools, candidate)
    assert list(house.tools.files.every()) == []
    assert found_on_disk(house, *SECRETS) == []
    assert house.faults() == []


@pytest.mark.slow
def test_nobody_else_loses_anything(shop):
    house = shop("issued")
    other = house.open(OTHER)
    shared = keep_photo.keep_photo(house.tools, house.actors["assessor"], other, a_photo(house.case))
    house.judge(other)
    house.decide(other)
    house.approve(other)
    house.work()
    with house.tools.read() as tx:
        [theirs] = awards.of_assessment(tx, other)
        papers = {each.sha256 for each in awards.documents(tx, theirs.id)}
    mine = next(each for each in assessments_of(house) if each != other)
    erase.erase(house.tools, candidate_of(house, mine))
    with house.tools.read() as tx:
        assert awards.find(tx, theirs.id) == theirs
        assert {each.sha256 for each in awards.documents(tx, theirs.id)} == papers
        assert erasure.named_files(tx) == {path.name for path in house.tools.files.every()}
    assert house.tools.files.get(shared)
    assert found_in_tables(house, "Fatima")
    assert found_on_disk(house, *SECRETS[:4]) == []
    assert house.faults() == []


def assessments_of(house):
    with house.tools.read() as tx:
        return [each.id for each in assessments.of_provider(tx, house.provider)]


def candidate_of(house, case):
    with house.tools.read() as tx:
        return assessments.find(tx, case).candidate.id


def test_erasing_twice_changes_nothing_more(shop_on_both):
    house = shop_on_both("lived")
    first = erase.erase(house.tools, house.given.candidate)
    with house.tools.read() as tx:
        entries = len(ledger.entries(tx))
    house.clock.forward(days=1)
    second = erase.erase(house.tools, house.given.candidate)
    assert (second.entry, second.at, second.entries) == (first.entry, first.at, first.entries)
    with house.tools.read() as tx:
        assert len(ledger.entries(tx)) == entries
    assert house.faults() == []


def test_a_crash_before_the_files_were_gone_is_made_good(shop):
    house = shop("issued")
    candidate = house.given.candidate
    kept = {path: path.read_bytes() for path in house.tools.files.every()}
    erase.erase(house.tools, candidate)
    with house.tools.begin() as tx:  # as it was in the moment after the commit
        names = "[" + ",".join(f'"{path.name}"' for path in kept) + "]"
        tx.execute(text("UPDATE erasures SET files = :names"), {"names": names})
    for path, data in kept.items():
        path.write_bytes(data)
    erase.erase(house.tools, candidate)
    assert list(house.tools.files.every()) == []


def test_what_a_crash_left_without_name_is_tidied_away_and_what_comes_in_just_now_is_not(shop):
    house = shop("issued")
    old, fresh = house.tools.files.put(b"half a paper of Erik"), house.tools.files.put(b"a photo of this moment")
    past = (house.clock.at - timedelta(hours=1)).timestamp()
    for path in house.tools.files.every():
        if path.name != fresh:
            os.utime(path, (past, past))
    before = {path.name for path in house.tools.files.every()}
    assert erase.tidy(house.tools) == 1
    assert {path.name for path in house.tools.files.every()} == before - {old}


def test_a_staff_members_name_and_accounts_go_and_the_work_stays(shop):
    house = shop("issued")
    person = house.actors["second"].person
    assert found_on_disk(house, "Warsame", "second@intyga")
    proof = erase.erase(house.tools, person)
    assert found_in_tables(house, "Warsame", "second@intyga") == []
    assert found_on_disk(house, "Warsame", "second@intyga") == []
    assert (proof.entries, proof.files) == (0, 0)
    assert house.given.status(house.tools.today()) == "valid"
    assert house.faults() == []
    again = erase.erase(house.tools, person)
    assert again.entry == proof.entry


def test_an_unknown_person_is_missing(shop):
    with pytest.raises(MissingError):
        erase.erase(shop().tools, "nobody")


def restored(house, archive, folder, listed=True):
    settings = replace(house.tools.settings, folder=folder)
    folder.mkdir()
    if listed:
        (folder / "erasures.json").write_bytes(erase.list_file(house.tools).read_bytes())
    tools = replace(tools_for(settings), now=house.clock)
    back_up.restore(tools, archive)
    return replace(house, tools=tools)


LATER = [pytest.param(stage, marks=pytest.mark.slow) for stage in ("opened", "decided", "approved")]


@pytest.mark.parametrize("stage", ["judged", "issued", *LATER])
def test_a_restored_backup_forgets_again_whatever_the_person_was_in_the_middle_of(shop, stage, tmp_path):
    house = shop(stage)
    back_up.back_up(house.tools, tmp_path / "a.backup")
    candidate = candidate_of(house, house.case)
    if stage == "decided":
        review.send_back(house.tools, house.actors["quality"], house.case, decision=house.waiting(house.case),
                         reasons="Ärendet ska avslutas.")  # fmt: skip
    if stage in ("opened", "judged", "decided"):
        withdraw(house.tools, house.actors["coordinator"], house.case, "Kandidaten vill inte mer.")
    erase.erase(house.tools, candidate)
    back = restored(house, tmp_path / "a.backup", tmp_path / "restored")
    assert found_in_tables(back, "kerlund")
    proofs = erase.erase_again(back.tools)
    assert [each.person for each in proofs] == [candidate]
    assert found_in_tables(back, *SECRETS) == []
    assert found_on_disk(back, *SECRETS) == []
    assert list(back.tools.files.every()) == []
    assert back.faults() == []
    assert erase.erase_again(back.tools) == []
    with back.tools.read() as tx:
        assert assessments.find(tx, back.case).state in ("withdrawn", "awarded")
    back.tools.database.close()


def test_a_backup_from_after_the_erasure_brings_nobody_back(shop, tmp_path):
    house = shop("lived")
    erase.erase(house.tools, house.given.candidate)
    back_up.back_up(house.tools, tmp_path / "a.backup")
    back = restored(house, tmp_path / "a.backup", tmp_path / "restored")
    assert erase.erase_again(back.tools) == []
    assert found_on_disk(back, *SECRETS) == []
    assert back.faults() == []
    back.tools.database.close()
