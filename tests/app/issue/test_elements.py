"""Every element the EU asks for stands in every form of a record, with the words of the award."""

import base64
import io
import json
from typing import Any

import pytest
from msgspec.structs import replace
from PIL import Image
from records import a_key
from records import particulars as record_particulars
from samples import an_award, particulars, text_of

from app.issue.certificate import certificate
from app.issue.elements import ELEMENTS
from app.issue.formats import RECORD_FORMATS, Record
from assessments.award import Award
from criteria.model import Level

AWARD = replace(an_award(modules=2), not_assessed=({"sv": "Blåsning av fiber", "en": "Blowing of fibre"},))
PARTS = tuple(f"urn:uuid:0193f3a0-0000-7000-8000-00000000001{number}" for number in range(2))


def sv(texts: dict[str, str]) -> str:
    return texts["sv"]


WANTED: dict[str, dict[str, list[str]]] = {
    "1 learner": {"all": [AWARD.holder.name, AWARD.holder.birth_date]},
    "2 title": {"all": [sv(AWARD.result_name), sv(AWARD.title)]},
    "3 country of the issuer": {"record": ["SE"], "elm": ["/country/SWE"], "paper": ["Sverige"]},
    "4 awarding body": {"all": [AWARD.provider.name]},
    "5 date of issuing": {"all": [AWARD.awarded_on]},
    "6 learning outcomes": {"all": [sv(outcome.text) for module in AWARD.modules for outcome in module.outcomes]},
    "7 notional workload": {"record": ["PT48H"], "elm": ["PT48H"], "paper": ["48 timmar"]},
    "8 level": {
        "record": ["SeQF 4 (föreslagen, inte beslutad)", "http://data.europa.eu/snb/eqf/4"],
        "elm": ["/qdr/c_6477e349", "/eqf/4", "SeQF 4, EQF 4: föreslagen, inte beslutad"],
        "paper": ["SeQF 4 · EQF 4, föreslagen, inte beslutad"],
    },
    "9 type of assessment": {"all": [sv(AWARD.assessment_form)], "elm": ["/assessment/6a4db9f11d"]},
    "10 form of participation": {"all": [sv(AWARD.participation)], "elm": ["/learning-assessment/729f3bed4b"]},
    "11 quality assurance": {"all": [sv(AWARD.quality_assurance)]},
    "12 prerequisites": {"all": [sv(each.name) for each in AWARD.prerequisites]},
    "13 supervision and identity check": {"all": [sv(AWARD.supervision)]},
    "14 grade": {
        "record": ["Uppfyllt", "0.03–0.07 dB (24)"],
        "elm": ["Godkänt: 12 av 12 tillämpliga kriterier uppfyllda"],
        "paper": ["uppfyllt", "0.03–0.07 dB (24)"],
    },
    "15 stackability": {"record": ["moduler med egna mikromeriter: 2"], "elm": ["moduler med egna mikromeriter: 2"]},
    "16 further information": {
        "record": ["Blåsning av fiber"],
        "elm": ["Blåsning av fiber"],
        "paper": ["Blåsning av fiber"],
    },
}


def at(document: Any, place: str) -> Any:
    """What stands there; through a list, what stands there in every entry."""
    if isinstance(document, list):
        return [at(each, place) for each in document]
    step, _, rest = place.partition(".")
    return at(document[step], rest) if rest else document[step]


def record(award: Award = AWARD) -> Record:
    return Record(award=award, particulars=record_particulars(parts=PARTS))


def payload(token: bytes) -> Any:
    part = token.split(b".")[1]
    return json.loads(base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4)))


def inside(picture: bytes) -> Any:
    found = Image.open(io.BytesIO(picture))
    found.load()
    return json.loads(found.text["openbadgecredential"])


READ = {"open-badge": json.loads, "vc-jwt": payload, "badge-png": inside, "elm": json.loads}


@pytest.fixture(scope="module")
def documents() -> dict[str, Any]:
    return {form: read(RECORD_FORMATS[form].write(record(), a_key())) for form, read in READ.items()}


@pytest.fixture(scope="module")
def paper(tmp_path_factory) -> str:
    """What a reader of text finds in the certificate, as one line."""
    pdf = certificate(AWARD, particulars(), {"credential.json": b"{}"})
    return " ".join(text_of(pdf, tmp_path_factory.mktemp("elements")).split())


@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.parametrize("form", READ)
def test_the_element_stands_where_the_table_says_in_each_form(documents, form, element):
    kind = "elm" if form == "elm" else "record"
    found = json.dumps(at(documents[form], getattr(ELEMENTS[element], kind)), ensure_ascii=False)
    wanted = WANTED[element].get("all", []) + WANTED[element].get(kind, [])
    assert wanted
    assert [each for each in wanted if each not in found] == []


@pytest.mark.parametrize("element", [name for name, places in ELEMENTS.items() if places.paper])
def test_the_element_stands_on_paper_under_its_heading(paper, element):
    wanted = WANTED[element].get("all", []) + WANTED[element].get("paper", [])
    assert wanted
    for each in [ELEMENTS[element].paper, *wanted]:
        assert each in paper


def test_only_what_a_paper_cannot_help_being_is_not_said_on_it():
    assert [name for name, places in ELEMENTS.items() if places.paper is None] == ["15 stackability"]


def test_the_sixteen_elements_are_numbered_as_in_the_recommendation_and_all_tried():
    assert [int(name.split()[0]) for name in ELEMENTS] == list(range(1, 17))
    assert WANTED.keys() == ELEMENTS.keys()


def test_every_form_is_tried_or_says_the_same_as_one_that_is():
    assert RECORD_FORMATS.keys() - READ.keys() == {"badge-svg"}  # holds the record of badge-png: see test_baking


@pytest.mark.parametrize("form", READ)
def test_a_decided_level_is_told_as_decided_in_every_form(form):
    award = replace(AWARD, level=Level(seqf=5, eqf=5, state="decided", by="Myndigheten", on="2026-05-05"))
    document = READ[form](RECORD_FORMATS[form].write(record(award), a_key()))
    kind = "elm" if form == "elm" else "record"
    found = json.dumps(at(document, getattr(ELEMENTS["8 level"], kind)), ensure_ascii=False)
    assert "beslutad" in found
    assert "föreslagen" not in found
    assert "Myndigheten, 2026-05-05" in found
