"""Every kind of certificate, before and after sealing, passes every program; every damage is told by those that can."""

import pytest
from judges import JUDGES, PROFILES, SAID, vera, verdict
from papers import LASTING, PAPERS

pytestmark = pytest.mark.slow

CHECKS_AT_LEAST = {"3a": 50_000, "ua1": 15_000}
"""A report about nothing would pass as well."""


@pytest.fixture(scope="module")
def reports(papers):
    return vera(list(papers.values()))


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", [*PAPERS, *(f"{name}, sealed" for name in PAPERS), *LASTING])
def test_it_is_pdf_a_3a_and_pdf_ua_1_before_and_after_sealing(reports, papers, name, profile):
    report = reports[papers[name].name, profile]
    assert report["rules"] == {}
    assert report["passed"]
    assert report["checks"] > CHECKS_AT_LEAST[profile]


GOOD = {
    "veraPDF 3a": "PASS",
    "veraPDF ua1": "PASS",
    "pdfsig": "Signature is Valid; Total document signed",
    "mutool sign -v": "The document is unchanged since signing.",
    "qpdf --check": "no errors",
    "pyhanko sign validate": "INTACT:TRUSTED,UNTOUCHED",
    "AdES, basic": "OK",
    "intyga verify": "unchanged-sealed",
}
APPENDED = {
    "pdfsig": "Signature is Valid; Not total document signed",
    "mutool sign -v": "The signature is valid but there have been edits since signing.",
    "pyhanko sign validate": "INTACT:TRUSTED,EXTENDED_WITH_OTHER,ILLEGAL_MODIFICATIONS",
    "intyga verify": "changed-after",
}
"""What is appended leaves the seal whole: only those that compare the revisions call it what it is."""
STAMPED = "INTACT:TRUSTED,TIMESTAMP_TOKEN<INTACT:TRUSTED>"
APPENDED_RIGHTLY = {
    "pdfsig": "Signature is Valid; Not total document signed",
    "pyhanko sign validate": f"{STAMPED},EXTENDED_WITH_LTA_UPDATES,ACCEPTABLE_MODIFICATIONS",
}
EDITED, UNKNOWN = "The signature is valid but there have been edits since signing.", "Signature is not signed."
LATER = {
    "B-T": {"pyhanko sign validate": f"{STAMPED},UNTOUCHED"},
    "B-LTA": APPENDED_RIGHTLY | {"mutool sign -v": f"{EDITED}; {UNKNOWN}"},
    "B-LTA, renewed": APPENDED_RIGHTLY | {"mutool sign -v": f"{EDITED}; {UNKNOWN}; {UNKNOWN}"},
}
"""Of a time-stamp appended by the rules Poppler and MuPDF say what they say of a forgery: only a comparison tells."""
DAMAGED = {
    "flipped": GOOD
    | {
        "pdfsig": "Digest Mismatch; Total document signed",
        "mutool sign -v": "Digest error: Signature invalidated by change to document.",
        "pyhanko sign validate": "INVALID",
        "AdES, basic": "HASH_FAILURE",
        "intyga verify": "changed-sealed",
    },
    "saved_again": GOOD
    | {
        "veraPDF 3a": "FAIL 6.4.3-1",
        "pdfsig": "Signature has not yet been verified; Not total document signed",
        "mutool sign -v": "offset of signature byte range outside of file",
        "pyhanko sign validate": "INVALID",
        "AdES, basic": "HASH_FAILURE",
        "intyga verify": "changed-sealed",
    },
    "painted_over": GOOD | APPENDED | {"veraPDF ua1": "FAIL 7.1-3"},
    "with_another_record": GOOD | APPENDED,
}


@pytest.fixture
def asked(papers, reports, root, authority):
    """What every program says of one of them."""

    def ask(name: str) -> dict[str, str]:
        file = papers[name]
        said = {f"veraPDF {profile}": verdict(reports[file.name, profile]) for profile in PROFILES}
        SAID[name] = said | {
            judge: judging(file, authority[1] if name in LASTING else root) for judge, judging in JUDGES.items()
        }
        return SAID[name]

    return ask


@pytest.mark.parametrize("name", PAPERS)
def test_every_program_finds_a_sealed_certificate_good(asked, name):
    assert asked(f"{name}, sealed") == GOOD


@pytest.mark.parametrize("level", LASTING)
def test_every_program_finds_a_certificate_that_was_made_to_last_good(asked, level):
    assert asked(level) == GOOD | LATER[level]


@pytest.mark.parametrize("damage", DAMAGED)
def test_each_program_says_of_a_damaged_copy_what_it_can_see(asked, damage):
    assert asked(damage) == DAMAGED[damage]


def test_a_certificate_that_was_never_sealed_is_not_taken_for_a_sealed_one(asked):
    assert asked("one module") == GOOD | {
        "pdfsig": "File '' does not contain any signatures",
        "mutool sign -v": "no signature",
        "pyhanko sign validate": "no signature",
        "AdES, basic": "no signature",
        "intyga verify": "no-seal",
    }
