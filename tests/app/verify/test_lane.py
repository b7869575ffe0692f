"""An uploaded document, from the door to the answer, with what the register knows about it."""

import json
from dataclasses import replace

import pytest
from parts import codes, flip, records

from app.actions import checks as door
from app.actions import revoke
from app.issue.did import did_for
from app.issue.proof import RecordKey, prove
from app.store import awards, checks
from app.store.tables import CandidateRow
from app.verify import lane
from app.verify.answers import Verification, from_json


class Upload:
    """What a stranger does, and what they get."""

    def __init__(self, shop) -> None:
        self.shop = shop

    def __call__(self, data: bytes) -> Verification:
        key = door.ask(self.shop.tools, data)
        self.shop.work()
        assert not (self.shop.tools.settings.folder / "checks" / key).exists()
        return self.answer(key)

    def answer(self, key: str) -> Verification:
        with self.shop.tools.read() as tx:
            found = checks.find(tx, key)
        assert found.answer
        return from_json(found.answer)


@pytest.fixture
def issued(shop):
    return shop("issued")


@pytest.fixture
def upload(issued):
    return Upload(issued)


def document(shop, form: str) -> bytes:
    with shop.tools.read() as tx:
        (found,) = (e for e in awards.documents(tx, shop.given.id) if e.format == form and not e.module)
    return shop.tools.files.get(found.sha256)


@pytest.mark.parametrize(
    ("form", "kind", "unchanged"),
    [
        ("pdf", "pdf", "unchanged-sealed"),
        ("open-badge", "record", "unchanged-proved"),
        ("vc-jwt", "jwt", "unchanged-proved"),
    ],
)
def test_an_issued_document_is_known_and_its_file_erased(issued, upload, form, kind, unchanged):
    found = upload(document(issued, form))
    assert found.kind == kind
    assert codes(found) == ("who-test-issuer", unchanged, "valid-until-registered")
    assert found.shown.holder == "Erik Åkerlund-Łoś"
    assert found.shown.number == issued.given.number


def test_a_record_written_in_another_way_is_still_ours(issued, upload):
    found = upload(json.dumps(json.loads(document(issued, "open-badge"))).encode())
    assert codes(found) == ("who-test-issuer", "unchanged-proved", "valid-until-registered")
    assert found.checks[-1].detail == "record"


@pytest.mark.parametrize(("form", "at"), [("pdf", b"/Metadata"), ("open-badge", b"Exempel"), ("vc-jwt", b".")])
def test_a_changed_document_is_a_no_and_gets_nothing_from_the_register(issued, upload, form, at):
    data = document(issued, form)
    found = upload(flip(data, at=data.find(at)))
    assert "registered" not in found.valid.code
    assert found.shown is None
    assert found.result != "yes"


def test_a_changed_name_in_a_record_with_our_id_is_a_no(issued, upload):
    found = upload(document(issued, "open-badge").replace("Erik Åkerlund-Łoś".encode(), b"Somebody Else"))
    assert codes(found) == ("who-changed", "changed-proved", "valid-unproved")


def test_a_revoked_document_is_told_with_its_day(issued, upload):
    asked = revoke.ask(issued.tools, issued.actors["coordinator"], issued.given.id, "Utfärdat på fel underlag.")
    revoke.confirm(issued.tools, issued.actors["quality"], issued.given.id, asked)
    for form in ("pdf", "open-badge"):
        found = upload(document(issued, form))
        assert found.valid.code == "revoked-on"
        assert issued.tools.today() in found.valid.sv
        assert "underlag" not in found.valid.sv


def test_an_expired_document_is_told_as_expired(issued, upload):
    issued.clock.forward(days=5 * 366)
    assert codes(upload(document(issued, "open-badge"))) == ("who-test-issuer", "unchanged-proved", "expired")
    paper = upload(document(issued, "pdf"))
    assert codes(paper) == ("who-test-issuer", "unchanged-sealed", "expired")


def key_of(shop) -> RecordKey:
    return shop.keyring.record("exempelnat", 1, did_for(shop.tools.settings.public_url, "exempelnat"))


def test_a_record_made_with_our_stolen_key_is_not_ours(issued, upload):
    record = records.a_whole(did=key_of(issued).did)
    found = upload(json.dumps(prove(record, key_of(issued), records.ISSUED)).encode())
    assert codes(found) == ("who-not-registered", "unchanged-proved", "valid-unproved")
    assert found.shown is None


def test_a_record_with_our_key_and_id_but_other_content_is_not_ours(issued, upload):
    true = json.loads(document(issued, "open-badge"))
    record = records.a_whole(did=key_of(issued).did, id=true["id"])
    found = upload(json.dumps(prove(record, key_of(issued), records.ISSUED)).encode())
    assert found.unchanged.code == "changed-register"
    assert found.shown is None


def test_a_protected_holder_is_not_repeated(issued, upload):
    with issued.tools.begin() as tx:
        tx.execute(CandidateRow.__table__.update().values(protected=True))
    found = upload(document(issued, "pdf"))
    assert found.valid.code == "valid-until-registered"
    assert (found.shown.holder, found.shown.birth_date, found.shown.withheld) == ("", "", True)


def test_production_does_not_know_development_keys(issued):
    settings = replace(issued.tools.settings, mode="production")
    found = Upload(replace(issued, tools=replace(issued.tools, settings=settings)))(document(issued, "pdf"))
    assert codes(found) == ("who-test-issuer", "unchanged-sealed", "valid-unproved")
    assert found.shown is None


def test_a_document_that_is_not_ours_gets_nothing_from_the_register(upload):
    assert codes(upload(b"PK\x03\x04 a letter")) == ("who-unread", "unknown-kind", "valid-unproved")


def test_answering_twice_changes_nothing_and_a_lost_file_is_told(issued, upload):
    first, lost = door.ask(issued.tools, b"one"), door.ask(issued.tools, b"two")
    (issued.tools.settings.folder / "checks" / lost).unlink()
    issued.work()
    assert upload.answer(lost).unchanged.code == "unsafe"
    before = upload.answer(first)
    lane.answer_check(issued.tools, first)
    assert upload.answer(first) == before
