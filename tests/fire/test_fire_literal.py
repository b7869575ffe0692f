"""What people write comes out letter by letter on pages, in files and on paper, and is taken for nothing else."""

import json
import subprocess
import unicodedata
from html import unescape
from html.parser import HTMLParser

import pytest
from filled import door
from fire.corpus import LITERAL
from msgspec.structs import replace
from samples import an_award, particulars
from workshop import NewCandidate

from app.exports import export_case
from app.issue.certificate import certificate
from app.issue.problems import CharactersMissingError
from assessments.award import Holder
from assessments.problems import InvalidError


def letters(text: str) -> str:
    """Without spaces, which paper and pages may set as they like, and in one form of each letter."""
    return "".join(unicodedata.normalize("NFC", text).split())


class Tags(HTMLParser):
    """Counts what a browser would see as markup."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag + "".join(sorted(name for name, _ in attrs)))


def test_pages_and_files_give_back_what_was_written(shop):
    made = shop("founded")
    browser = door(made, "coordinator")
    plain = Tags(browser.get(f"/arenden/{made.open()}").text).seen
    taken = []
    for text in LITERAL:
        try:
            case = made.open(NewCandidate(name=text, birth_date="1991-02-28", reference=text[:60]))
        except InvalidError:
            continue
        taken.append(text)
        page = browser.get(f"/arenden/{case}").text
        assert letters(text) in letters(unescape(page)), text
        assert Tags(page).seen == plain, text
        listing = browser.get("/arenden").text
        assert letters(text) in letters(unescape(listing)), text
        written = json.loads(export_case(made.tools, case))["case"]["candidate"]
        assert letters(written["name"]) == letters(text)
    assert len(taken) >= 10


def test_free_text_of_every_kind_is_given_back_on_the_page(shop):
    made = shop("decided")
    browser = door(made, "quality")
    for text in LITERAL:
        answer = browser.post(f"/arenden/{made.case}/granskning", {"reasons": text, "decision": "x", "choice": "x"})
        assert answer.status_code in (200, 400, 409), text
        assert "Traceback" not in answer.text
        if any(ch in text for ch in "<>") and answer.status_code != 409:
            assert text not in answer.text, text


@pytest.mark.slow
def test_paper_gives_back_what_was_written_or_refuses_to_be_made():
    printed = 0
    for text in LITERAL:
        award = replace(an_award(modules=1), holder=Holder(name=text, birth_date="1991-02-28"))
        try:
            pdf = certificate(award, particulars(), {})
        except CharactersMissingError:
            continue
        read = subprocess.run(
            ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
        ).stdout.decode()
        assert letters(text) in letters(read), text
        printed += 1
    assert printed >= 10
