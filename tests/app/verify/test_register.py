"""What the register adds: certainty about its own bytes, and nothing about anybody else's."""

import pytest
from parts import NOW, ORGANISATION, Authority, a_paper, a_record, codes, common_name, sealed, trust, verify

from app.issue.formats import json_bytes
from app.verify.answers import unread
from app.verify.register import Known, with_register


def known(**changes) -> Known:
    fields = {
        "issuer": ORGANISATION, "status": "valid", "valid_until": "2031-11-23", "revoked_on": "", "digest": "",
        "protected": False, "development": False, "exact": True,
    }  # fmt: skip
    return Known(**(fields | changes))


@pytest.fixture(scope="module")
def paper():
    authority = Authority(common_name("Somebody's authority"))
    file = sealed(a_paper(json_bytes(a_record())), authority.seal())
    return lambda at=NOW: verify(file, trust(roots=(authority.der,)), at)


def test_it_speaks_for_validity(paper):
    assert codes(with_register(paper(), known())) == ("who-sealed", "unchanged-sealed", "valid-until-registered")
    endless = with_register(paper(), known(valid_until=None))
    assert endless.valid.code == "valid-without-end-registered"


def test_a_paper_outlives_its_seals_certificate_because_the_register_has_the_same_bytes(paper):
    later = paper(NOW.replace(year=2030))
    assert codes(later) == ("who-certificate-time", "unchanged-sealed", "valid-unproved")
    assert codes(with_register(later, known())) == ("who-registered", "unchanged-sealed", "valid-until-registered")


def test_its_own_bytes_are_its_own_even_if_nobody_can_read_them():
    found = with_register(unread("unsafe", "pdf"), known())
    assert codes(found) == ("who-registered", "unchanged-registered", "valid-until-registered")
    assert found.shown is None


@pytest.mark.parametrize(
    ("status", "code"), [("revoked", "revoked-on"), ("issuing", "being-issued"), ("expired", "expired")]
)
def test_it_says_why_a_document_does_not_hold(paper, status, code):
    assert with_register(paper(), known(status=status, revoked_on="2026-11-25")).valid.code == code


def test_a_specimen_stays_one(paper):
    assert with_register(paper(), known(development=True)).who.code == "who-test-issuer"


def test_our_key_without_our_register_is_a_no(paper):
    found = with_register(paper(), None)
    assert codes(found) == ("who-not-registered", "unchanged-sealed", "valid-unproved")
    assert found.shown is None


def test_a_strangers_document_is_left_as_it_is():
    found = unread("unknown-kind")
    assert with_register(found, None) == found
    assert with_register(found, known(exact=False)) == found


def test_the_right_id_on_the_wrong_award_is_a_no(paper):
    found = with_register(paper(), known(exact=False, digest="0" * 64))
    assert codes(found) == ("who-sealed", "changed-register", "valid-unproved")
    right = with_register(paper(), known(exact=False, digest=paper().refers.digest))
    assert right.valid.code == "valid-until-registered"
