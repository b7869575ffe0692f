"""Every code has its sentences, a document's own words cannot harm the page, and answers survive being stored."""

import re

import msgspec
import pytest

from app.verify.answers import (
    CODES,
    QUESTIONS,
    RESULTS,
    Verification,
    answer,
    from_json,
    plain,
    to_json,
    unread,
)

NAMES = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_sentence_in_both_languages_naming_the_same_things(code):
    meant = CODES[code]
    assert meant.question in QUESTIONS
    assert meant.result in RESULTS
    assert meant.sv.endswith(".")
    assert meant.en.endswith(".")
    assert meant.sv != meant.en
    assert sorted(NAMES.findall(meant.sv)) == sorted(NAMES.findall(meant.en))


@pytest.mark.parametrize("code", CODES)
def test_no_sentence_says_error(code):
    assert not re.search(r"\b(error|fel|misslyck|failed)\b", f"{CODES[code].sv} {CODES[code].en}", re.IGNORECASE)


def test_an_answer_takes_question_and_result_from_its_code():
    found = answer("revoked-on", on="2026-11-24")
    assert (found.question, found.result) == ("valid", "no")
    assert (found.sv, found.en) == ("Återkallat 2026-11-24. Gäller inte.", "Revoked on 2026-11-24. Not valid.")


def test_names_from_a_document_cannot_steer_a_line_a_terminal_or_the_sentence():
    found = answer("who-sealed", issuer="Exempelnät\u202eBA\x1b[31m {id}\n")
    assert found.sv == "Stämplat av Exempelnät\ufffdBA\ufffd[31m {id}\ufffd."
    assert len(plain("x" * 5000)) == 200
    assert answer("who-sealed", issuer="").sv == "Stämplat av –."


def test_a_verification_survives_being_stored():
    found = unread("encrypted", "pdf", "x")
    assert from_json(to_json(found)) == found
    with pytest.raises(msgspec.MsgspecError):
        from_json('{"kind": "pdf", "answers": []}')


@pytest.mark.parametrize(
    ("codes", "result"),
    [
        (("who-sealed", "unchanged-sealed", "valid-without-end"), "yes"),
        (("who-test-issuer", "unchanged-sealed", "valid-without-end"), "could-not-check"),
        (("who-test-issuer", "changed-sealed", "valid-unproved"), "no"),
    ],
)
def test_one_no_is_a_no_and_only_three_yes_are_a_yes(codes, result):
    who, unchanged, valid = (answer(code, issuer="x", on="2026-11-24") for code in codes)
    assert Verification(kind="pdf", answers=(who, unchanged, valid)).result == result
