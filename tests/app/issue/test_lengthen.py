"""From sealed to lasting: at once whatever the authority does, completed when it answers, each revision listed."""

import json
from dataclasses import replace

import pytest
from clocks import BAD, ON_THE_LINE, Authority, listening
from workshop import PASSPHRASE

from app.actions import checks as door
from app.actions import keys
from app.issue.keyring import Keyring
from app.store import awards, checks, intents, issuers
from app.store.awards import Document
from app.verify.answers import from_json
from app.verify.quick_reader import QuickReader


def codes(found) -> tuple[str, ...]:
    return tuple(each.code for each in found.answers)


def papers(shop) -> list[Document]:
    with shop.tools.read() as tx:
        return [each for each in awards.revisions(tx, shop.given.id) if each.format == "pdf"]


def tokens(content: bytes) -> int:
    """How many time-stamps the file holds, in its seal or after it."""
    reader = QuickReader(content)
    (seal,) = reader.embedded_regular_signatures
    inside = [
        each for each in seal.signer_info["unsigned_attrs"] if each["type"].native == "signature_time_stamp_token"
    ]
    return len(inside) + len(reader.embedded_timestamp_signatures)


def asking(shop, authority: Authority, tmp_path):
    """The same house, asking that authority over the line."""
    (tmp_path / "clocks.pem").write_bytes(authority.pem)
    settings = replace(shop.tools.settings, tsa=authority.url, tsa_trust=str(tmp_path / "clocks.pem"))
    keyring = Keyring(shop.keyring.folder, PASSPHRASE, patience=0.5)
    return replace(shop, tools=replace(shop.tools, settings=settings), keyring=keyring)


def lengthening(shop):
    with shop.tools.read() as tx:
        return intents.of(tx, "lengthen", shop.given.id)


def told(shop, content: bytes):
    key = door.ask(shop.tools, content)
    shop.work()
    with shop.tools.read() as tx:
        return from_json(checks.find(tx, key).answer)


def test_the_development_authority_makes_it_last_without_network(shop):
    house = shop("issued")
    first, last = papers(house)
    assert [(each.revision, each.level) for each in (first, last)] == [(0, "T"), (1, "LTA")]
    assert house.tools.files.get(last.sha256).startswith(house.tools.files.get(first.sha256))
    with house.tools.read() as tx:
        assert [each for each in awards.documents(tx, house.given.id) if each.format == "pdf"] == [last]
        assert awards.document(tx, house.given.id, first.id) == last


def test_the_register_knows_every_revision_it_made_and_no_other(shop):
    house = shop("issued")
    for each in papers(house):
        found = told(house, house.tools.files.get(each.sha256))
        assert codes(found)[2] == "valid-until-registered"
        assert found.checks[-1].detail == "exact"
    other = told(house, house.tools.files.get(papers(house)[-1].sha256) + b"\n")
    assert [each.detail for each in other.checks if each.name == "register"] != ["exact"]


QUICK = ["wrong nonce", "huge", "away"]
MODES = [
    "rejected", "not a reply", "cut short", "wrong imprint", "an hour late", "broken signature", "expired certificate",
    "revoked certificate", "a stranger's root", "silent", "dripping", "fault",
]  # fmt: skip


@pytest.mark.parametrize("mode", [*QUICK, *(pytest.param(each, marks=pytest.mark.slow) for each in MODES)])
def test_whatever_the_authority_does_the_paper_is_sealed_at_once_and_completed_later(shop, tmp_path, mode):
    assert mode in BAD or mode in ON_THE_LINE
    house = shop("approved")
    with listening(Authority(house.clock)) as authority:
        authority.mode = mode
        house = asking(house, authority, tmp_path)
        house.work()
        assert house.given.issued_at is not None
        (sealed,) = papers(house)
        content = house.tools.files.get(sealed.sha256)
        assert (sealed.level, sealed.waits, tokens(content)) == ("B", True, 0)
        assert lengthening(house).failure in ("stamp-refused", "AuthorityAwayError")
        assert codes(told(house, content))[2] == "valid-until-registered"

        authority.mode, authority.revoked = "good", {}
        house.clock.forward(hours=2)
        house.work()
        levels = [each.level for each in papers(house)]
        assert levels == ["B", "T", "LTA"]
        last = house.tools.files.get(papers(house)[-1].sha256)
        assert last.startswith(content)
        assert tokens(last) == 2
        assert lengthening(house).failure == ""


def test_a_failed_authority_is_not_asked_again_for_each_paper(shop, tmp_path):
    house = shop("approved")
    with listening(Authority(house.clock)) as authority:
        authority.mode = "fault"
        house = asking(house, authority, tmp_path)
        house.work()
        assert house.keyring.rests(house.tools.now())
        house.clock.forward(minutes=6)
        assert not house.keyring.rests(house.tools.now())


def test_a_good_authority_stamps_the_seal_itself(shop, tmp_path):
    house = shop("approved")
    with listening(Authority(house.clock)) as authority:
        house = asking(house, authority, tmp_path)
        house.work()
        assert [each.level for each in papers(house)] == ["T", "LTA"]


@pytest.mark.slow
def test_it_is_renewed_once_a_year_and_not_before(shop):
    house = shop("issued")
    house.clock.forward(days=360)
    house.work()
    assert len(papers(house)) == 2
    house.clock.forward(days=6)
    house.work()
    house.work()
    assert [each.revision for each in papers(house)] == [0, 1, 2]
    with house.tools.read() as tx:
        assert intents.of(tx, "lengthen", house.given.id).failure == ""


def test_without_an_authority_production_says_so_and_keeps_the_paper(shop):
    house = shop("approved")
    settings = replace(house.tools.settings, mode="production")
    strict = replace(house, tools=replace(house.tools, settings=settings))
    strict.work()
    with house.tools.read() as tx:
        assert intents.of(tx, "issue", house.given.id).failure == "test-seal-refused"


@pytest.mark.slow
def test_a_seal_rotated_in_a_round_seals_from_its_day_on_and_every_key_level_and_format_verifies(shop):
    house = shop("approved")
    place = keys.new_seal(
        house.tools, PASSPHRASE, "exempelnat", starts_at=house.tools.now().replace(year=house.clock.at.year + 1)
    )
    assert place == 2
    house.work()
    before = papers(house)[0].key
    house.clock.forward(days=370)
    case = house.open()
    house.judge(case)
    house.decide(case)
    second = house.approve(case)
    house.work()
    with house.tools.read() as tx:
        after = next(each for each in awards.documents(tx, second) if each.format == "pdf")
        first, next_one = issuers.keys(tx, house.provider, "seal")
        assert issuers.serving(tx, house.provider, "seal", house.tools.now()) == next_one
    assert (first.name, next_one.name) == (before, after.key)
    assert first.ended(house.tools.now())
    keys.rotate(house.tools, PASSPHRASE, "exempelnat")
    for each in whole_documents(house, house.given.id) + whole_documents(house, second):
        found = told(house, house.tools.files.get(each.sha256))
        assert codes(found)[1] in ("unchanged-sealed", "unchanged-proved"), each.format
        assert codes(found)[2] == "valid-until-registered", each.format


def whole_documents(shop, award: str) -> list[Document]:
    with shop.tools.read() as tx:
        found = [each for each in awards.revisions(tx, award) if not each.module]
    assert {"pdf", "open-badge", "vc-jwt"} <= {each.format for each in found}
    return [each for each in found if each.format in ("pdf", "open-badge", "vc-jwt")]


@pytest.mark.slow
def test_a_key_that_others_may_have_makes_nothing_more_and_names_what_it_made(shop):
    house = shop("issued")
    since = house.tools.now().replace(year=2020)
    assert keys.distrust(house.tools, "exempelnat", "seal", 1, since) == [house.given.id]
    assert keys.distrust(house.tools, "exempelnat", "record", 1, since) == [house.given.id]
    case = house.open()
    house.judge(case)
    house.decide(case)
    house.approve(case)
    house.work()
    with house.tools.read() as tx:
        (failing,) = intents.failing(tx)
        assert (failing.kind, failing.failure) == ("issue", "missing")
    keys.new_seal(house.tools, PASSPHRASE, "exempelnat")
    keys.rotate(house.tools, PASSPHRASE, "exempelnat")
    house.clock.forward(hours=2)
    house.work()
    with house.tools.read() as tx:
        assert intents.failing(tx) == []
        public = {each.path: json.loads(each.body) for each in issuers.all_published(tx)}
    did = public["/issuer/exempelnat/did.json"]
    assert [each["id"].partition("#")[2] for each in did["verificationMethod"] if "revoked" in each] == ["key-1"]
    assert [each.partition("#")[2] for each in did["assertionMethod"]] == ["key-2"]
    assert {each["proof"][0]["verificationMethod"] for path, each in public.items() if "/status/" in path} == {
        did["assertionMethod"][0]
    }
    assert house.faults() == []
    assert codes(told(house, house.tools.files.get(papers(house)[-1].sha256)))[2] == "valid-until-registered"
