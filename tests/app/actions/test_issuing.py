"""The worker's road: nothing changed reaches a seal, numbers have no gap, and a crash at any step is made good."""

import hashlib
import json
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import text
from workshop import BODY, PASSPHRASE

from app import jobs
from app.actions import erase, grants, issue, revoke
from app.actions.rederive import RecordChangedError
from app.issue.keyring import Keyring
from app.issue.keys import create_record_key
from app.issue.problems import KeyAbsentError, PassphraseError
from app.store import awards, intents, issuers
from app.store.files import Files
from assessments.problems import MissingError, NoGrantError


class Crash(BaseException):
    """The process is gone: nothing in our code may catch it."""


class Fuse:
    """Burns at one of the places where the road touches the world."""

    def __init__(self, place: int) -> None:
        self.left = place

    def step(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Crash


class FusedFiles(Files):
    def __init__(self, folder, fuse):
        super().__init__(folder)
        self.fuse = fuse

    def put(self, data):
        self.fuse.step()
        sha256 = super().put(data)
        self.fuse.step()
        return sha256


class FusedKeyring(Keyring):
    def __init__(self, folder, fuse):
        super().__init__(folder, PASSPHRASE)
        self.fuse = fuse

    def seal(self, slug, place=1):
        self.fuse.step()
        return super().seal(slug, place)

    def record(self, slug, place, did):
        self.fuse.step()
        return super().record(slug, place, did)


class FusedDatabase:
    """The real one; the fuse may burn before a transaction, before its commit and after it."""

    def __init__(self, database, fuse):
        self.database, self.fuse = database, fuse

    @contextmanager
    def begin(self):
        self.fuse.step()
        with self.database.begin() as tx:
            yield tx
            self.fuse.step()
        self.fuse.step()

    def __getattr__(self, name):
        return getattr(self.database, name)


def worked(shop, fuse=None):
    """Let a worker start and do all that is due; True when it came to the end."""
    tools, keyring = shop.tools, shop.keyring
    with tools.begin() as tx:
        intents.release_all(tx)
    if fuse:
        tools = replace(tools, files=FusedFiles(tools.files.folder, fuse), database=FusedDatabase(tools.database, fuse))
        keyring = FusedKeyring(keyring.folder, fuse)
    try:
        jobs.work_due(tools, keyring)
    except Crash:
        return False
    return True


def documents(shop, award=None):
    with shop.tools.read() as tx:
        return awards.documents(tx, award or shop.given.id)


def intent(shop, kind="issue", subject=None):
    with shop.tools.read() as tx:
        return intents.of(tx, kind, subject or shop.given.id)


def still_open(shop):
    """What waits now; the yearly care for a paper may wait for its year."""
    with shop.tools.read() as tx:
        return len({*intents.due(tx, shop.tools.now()), *(each.id for each in intents.failing(tx))})


def whole(shop):
    """Everything is made, once, and fits together."""
    given = shop.given
    assert given.status(shop.tools.today()) == "valid"
    made = documents(shop)
    assert len({(each.format, each.module) for each in made}) == len(made)
    assert {each.module for each in made if each.format == "open-badge"} == {"", "M1", "M2"}
    assert [each.module for each in made if each.format == "pdf"] == [""]
    for each in made:
        assert len(shop.tools.files.get(each.sha256)) == each.size
    with shop.tools.read() as tx:
        for record in awards.records(tx, given.id):
            assert given.number in record.unsigned
        assert tx.execute(text("SELECT last FROM numbers")).scalar_one() == 1
        assert tx.execute(text("SELECT count(*) FROM letters")).scalar_one() == 1
    assert still_open(shop) == 0
    assert shop.faults() == []


def test_a_run_gives_every_document_once_and_publishes_the_status_list(shop_on_both):
    shop = shop_on_both("approved")
    assert worked(shop)
    whole(shop)
    with shop.tools.read() as tx:
        paths = {each.path for each in issuers.all_published(tx)}
    assert paths == {"/issuer/exempelnat/did.json", "/issuer/exempelnat/status/revocation/1"}


def test_a_second_run_makes_nothing_anew(shop):
    shop = shop("issued")
    before, given = documents(shop), shop.given
    issue.issue(shop.tools, shop.keyring, given.id)
    assert documents(shop) == before
    assert shop.given == given
    with shop.tools.begin() as tx:
        intents.want(tx, shop.tools.new_id(), "issue", given.id, shop.tools.now())
    shop.work()
    assert documents(shop) == before
    assert still_open(shop) == 0


def steps(shop):
    """How often the road touches the world."""
    fuse = Fuse(10_000)
    assert worked(shop, fuse)
    return 10_000 - fuse.left


def contents(shop):
    """The bytes of each document; a paper's later revisions only append."""
    return {(each.format, each.module): shop.tools.files.get(each.sha256) for each in documents(shop)}


def crashed_at(shop, place):
    assert not worked(shop, Fuse(place))
    kept, number = contents(shop), shop.given.number
    assert worked(shop)
    whole(shop)
    assert shop.given.number == number or number is None
    after = contents(shop)
    assert all(after[each].startswith(data) for each, data in kept.items())


def test_a_crash_is_made_good(shop):
    crashed_at(shop("approved"), 20)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(6))
def test_a_crash_at_any_step_is_made_good(shop, part):
    number = steps(shop("approved"))
    assert number > 30
    for place in range(part, number, 6):
        crashed_at(shop("approved"), place)


@pytest.mark.slow
def test_one_crash_after_the_other_still_comes_to_the_end(shop):
    house = shop("approved")
    place = 3
    while not worked(house, Fuse(place)):
        place += 3
    whole(house)


@pytest.mark.slow
def test_numbers_have_no_gap_and_none_is_doubled_though_steps_fail(shop):
    shop = shop("approved")
    others = []
    for _ in range(4):
        case = shop.open()
        shop.judge(case)
        shop.decide(case)
        others.append(shop.approve(case))
    for place in (13, 9, 21, 5, 17, 2):
        worked(shop, Fuse(place))
    assert worked(shop)
    with shop.tools.read() as tx:
        printed = [awards.find(tx, key).number for key in (shop.given.id, *others)]
        assert tx.execute(text("SELECT last FROM numbers")).scalar_one() == 5
    year = shop.given.award.awarded_on[:4]
    assert sorted(each[:11] for each in printed) == [f"{year}-{place:06d}" for place in range(1, 6)]
    assert shop.faults() == []


def test_a_refused_award_takes_no_number(shop):
    shop = shop("approved")
    with shop.tools.begin() as tx:
        tx.execute(text("UPDATE candidates SET name = 'Någon Annan'"))
    with pytest.raises(RecordChangedError):
        issue.issue(shop.tools, shop.keyring, shop.given.id)
    with shop.tools.read() as tx:
        assert list(tx.execute(text("SELECT * FROM numbers"))) == []


TAMPERED = {
    "an event": "UPDATE events SET body = replace(body, '0,3', '0,2')",
    "an event that is gone": "DELETE FROM events WHERE body LIKE '%0,3%'",
    "an event that was put in": "INSERT INTO events SELECT '019a0000-0000-7000-8000-000000000001', assessment, actor, replace(body, id, '019a0000-0000-7000-8000-000000000001'), entry, received_at FROM events LIMIT 1",  # noqa: E501 one statement
    "a motivation": "UPDATE decisions SET body = replace(body, 'visade', 'skulle visa')",
    "the decision's state": "UPDATE decisions SET state = 'returned'",
    "who decided": "UPDATE decisions SET by = (SELECT id FROM people WHERE name = 'Olle Berg')",
    "who assured": "UPDATE reviews SET person = (SELECT id FROM people WHERE name = 'Olle Berg')",
    "the reasons": "UPDATE reviews SET reasons = 'annat'",
    "the day of approval": "UPDATE reviews SET \"on\" = '2020-01-01'",
    "the yes": "UPDATE reviews SET approved = 0",
    "the award": "UPDATE awards SET body = replace(body, 'Exempelbranschen', 'Kungliga branschen')",
    "the award's name": "UPDATE awards SET body = replace(body, 'Erik', 'Eriks')",
    "the award's digest": "UPDATE awards SET digest = 'x'",
    "the last day": "UPDATE awards SET valid_until = '2999-01-01'",
    "the standard": "UPDATE awards SET standard = 'annat'",
    "the award's ledger entry": "UPDATE awards SET entry = (SELECT entry FROM reviews)",
    "the candidate": "UPDATE candidates SET name = 'Någon Annan'",
    "the provider": "UPDATE organisations SET organisation_number = '556000-0324' WHERE slug = 'exempelnat'",
    "that it was revoked": "UPDATE awards SET revoked_at = '2026-01-01T00:00:00.000000+00:00'",
    "the edition's file": "UPDATE editions SET file = CAST('x' AS BLOB)",
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_record_changed_behind_our_back_is_not_issued(shop, what):
    shop = shop("approved")
    award = shop.given.id
    with shop.tools.begin() as tx:
        tx.execute(text(TAMPERED[what]))
    with pytest.raises(RecordChangedError):
        issue.issue(shop.tools, shop.keyring, award)
    assert documents(shop, award) == []
    shop.work()
    assert intent(shop, subject=award).failure == "record-changed"
    assert documents(shop, award) == []


def test_records_that_were_to_be_proved_are_not_changed_between_two_tries(shop):
    shop = shop("approved")
    fuse = Fuse(14)
    while not documents(shop) and not worked(shop, fuse):
        with shop.tools.read() as tx:
            if any(each.unsigned for each in awards.records(tx, shop.given.id)):
                break
        fuse = Fuse(fuse.left + 16)
    with shop.tools.begin() as tx:
        tx.execute(text("UPDATE records SET unsigned = replace(unsigned, 'Erik', 'Eriks')"))
    with pytest.raises(RecordChangedError):
        issue.issue(shop.tools, shop.keyring, shop.given.id)


def test_a_grant_taken_back_between_approval_and_issuing_stops_it_until_it_is_given_again(shop):
    shop = shop("approved")
    with shop.tools.read() as tx:
        grant = tx.execute(text("SELECT id FROM grants")).scalar_one()
    grants.revoke(shop.tools, shop.actors["editor"], grant, "Leverantören har slutat med yrket.")
    with pytest.raises(NoGrantError):
        issue.issue(shop.tools, shop.keyring, shop.given.id)
    shop.work()
    assert (intent(shop).failure, documents(shop)) == ("no-grant", [])
    grants.give(shop.tools, shop.actors["editor"], owner=shop.ids[BODY], provider=shop.provider, standard="provyrke")
    shop.clock.forward(hours=2)
    with shop.tools.read() as tx:
        assert intent(shop).id in intents.due(tx, shop.tools.now())


def test_a_grant_taken_back_after_issuing_changes_nothing_for_what_was_issued(shop):
    shop = shop("issued")
    with shop.tools.begin() as tx:
        grant = tx.execute(text("SELECT id FROM grants")).scalar_one()
        intents.want(tx, shop.tools.new_id(), "issue", shop.given.id, shop.tools.now())
    grants.revoke(shop.tools, shop.actors["editor"], grant, "Leverantören har slutat med yrket.")
    shop.work()
    assert still_open(shop) == 0
    assert shop.given.status(shop.tools.today()) == "valid"


def test_an_award_that_was_revoked_before_it_was_issued_is_not_issued(shop):
    shop = shop("approved")
    asked = revoke.ask(shop.tools, shop.actors["coordinator"], shop.given.id, "Utfärdat för fel person.")
    revoke.confirm(shop.tools, shop.actors["quality"], shop.given.id, asked)
    shop.work()
    assert documents(shop) == []
    assert shop.given.number is None


def test_an_intent_without_award_fails_with_a_code_and_stays(shop):
    shop = shop("approved")
    with shop.tools.begin() as tx:
        intents.want(tx, shop.tools.new_id(), "issue", "019a0000-0000-7000-8000-000000000001", shop.tools.now())
    assert not jobs.work(shop.tools, shop.keyring, intent(shop, subject="019a0000-0000-7000-8000-000000000001").id)
    assert intent(shop, subject="019a0000-0000-7000-8000-000000000001").failure == "missing"
    assert intent(shop).failure == ""


def test_an_award_whose_holder_was_erased_meanwhile_is_not_issued(shop):
    shop = shop("approved")
    given = shop.given
    erase.erase(shop.tools, given.candidate)
    issue.issue(shop.tools, shop.keyring, given.id)
    shop.work()
    assert documents(shop, given.id) == []
    assert still_open(shop) == 0


class ErasedMeanwhile(Keyring):
    """While the keys are opened, somebody erases the holder."""

    def __init__(self, shop):
        super().__init__(shop.keyring.folder, PASSPHRASE)
        self.shop, self.candidate = shop, shop.given.candidate

    def record(self, slug, place, did):
        erase.erase(self.shop.tools, self.candidate)
        return super().record(slug, place, did)


def test_an_award_whose_holder_is_erased_while_it_is_issued_leaves_no_paper(shop):
    shop = shop("approved")
    given = shop.given
    with pytest.raises(MissingError):
        issue.issue(shop.tools, ErasedMeanwhile(shop), given.id)
    assert documents(shop, given.id) == []
    with shop.tools.read() as tx:
        assert {each.unsigned for each in awards.records(tx, given.id)} == {None}
    assert shop.faults() == []


def test_production_refuses_the_development_seal(shop):
    made = shop("approved")
    production = replace(made.tools, settings=replace(made.tools.settings, mode="production"))
    with pytest.raises(issue.TestSealRefusedError):
        issue.issue(production, made.keyring, made.given.id)
    assert (made.given.number, documents(made)) == (None, [])


@pytest.mark.parametrize(("passphrase", "missing", "refusal"), [
    ("wrong", None, PassphraseError),
    pytest.param(PASSPHRASE, "seal.p12", KeyAbsentError, marks=pytest.mark.slow),
    pytest.param(PASSPHRASE, "record-1.pem", KeyAbsentError, marks=pytest.mark.slow),
])  # fmt: skip
def test_without_its_keys_nothing_is_issued_and_it_goes_on_when_they_are_back(shop, passphrase, missing, refusal):
    shop = shop("approved")
    file = shop.keyring.folder / "exempelnat" / (missing or "seal.p12")
    data = file.read_bytes()
    if missing:
        file.unlink()
    lame = Keyring(shop.keyring.folder, passphrase)
    with pytest.raises(refusal):
        issue.issue(shop.tools, lame, shop.given.id)
    jobs.work_due(shop.tools, lame)
    assert intent(shop).failure == refusal.code
    assert not any(each.format == "pdf" for each in documents(shop))
    file.write_bytes(data)
    if missing:
        shop.clock.forward(hours=2)
        assert worked(shop)
        whole(shop)


@pytest.mark.slow
def test_a_key_made_between_two_tries_changes_nothing_that_is_kept(shop):
    shop = shop("approved")
    worked(shop, Fuse(26))
    kept = contents(shop)
    create_record_key(shop.keyring.folder, "exempelnat", PASSPHRASE)
    assert worked(shop)
    whole(shop)
    after = contents(shop)
    assert all(after[each].startswith(data) for each, data in kept.items())


def test_the_paper_carries_the_very_record_that_is_served(shop):
    shop = shop("issued")
    made = {(each.format, each.module): each for each in documents(shop)}
    record = shop.tools.files.get(made["open-badge", ""].sha256)
    assert json.loads(record)["proof"][0]["cryptosuite"] == "eddsa-rdfc-2022"
    paper = shop.tools.files.get(made["pdf", ""].sha256)
    assert paper.startswith(b"%PDF-1.7")
    assert hashlib.sha256(paper).hexdigest() == made["pdf", ""].sha256


@pytest.mark.slow
@pytest.mark.parametrize("change", ["protected = 1", "email = ''"])
def test_no_letter_goes_to_a_protected_person_nor_to_one_without_address(shop, change):
    shop = shop("approved")
    with shop.tools.begin() as tx:
        tx.execute(text(f"UPDATE candidates SET {change}"))  # noqa: S608 the two above
    assert worked(shop)
    assert shop.given.number
    with shop.tools.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM letters")).scalar_one() == 0


def test_a_protected_persons_number_is_as_missing_as_an_unknown_one(shop):
    shop = shop("issued")
    number = shop.given.number
    with shop.tools.read() as tx:
        assert awards.by_number(tx, number).number == number
    with shop.tools.begin() as tx:
        tx.execute(text("UPDATE candidates SET protected = 1"))
    with shop.tools.read() as tx:
        for each in (number, "2026-999999-9"):
            with pytest.raises(MissingError) as refused:
                awards.by_number(tx, each)
            assert refused.value.details == {}


def test_printed_numbers_carry_a_luhn_digit():
    assert awards.printed_number("2026", 1) == "2026-000001-1"
    for place in range(1, 200):
        digits = awards.printed_number("2026", place).replace("-", "")
        doubled = [int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits))]
        assert sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0
