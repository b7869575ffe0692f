"""The European Learning Model: published shapes say it is one, the published context understands every word of it."""

import base64
import json
import os
import struct
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyshacl
import pytest
from msgspec.structs import replace
from pyld import BUNDLED_CONTEXTS, jsonld
from rdflib import Graph, Namespace
from rdflib.namespace import RDF
from records import GOLDEN, PARTS, an_award, everything, particulars
from test_badge import SHIPPED, everything_achieved

from app.issue import elm_vocabulary as eu
from app.issue.canon import SENTINEL, nquads
from app.issue.elm import CONTEXT, elm_document
from app.issue.formats import json_bytes
from app.words import METHODS
from assessments.award import Award, ParameterLine, Provider, TableLine, digest
from criteria.model import Code, Level, Outcome
from criteria.reader import shipped

ELM = Namespace("http://data.europa.eu/snb/model/elm/")
STOCKHOLM = ZoneInfo("Europe/Stockholm")
ZONES = ("UTC", "Europe/Stockholm", "Europe/Helsinki", "America/Los_Angeles", "Asia/Tokyo")


def a_document(award: Award | None = None, **changes) -> dict[str, Any]:
    award = award or an_award()
    parts = tuple(f"urn:uuid:0193f3a0-0000-7000-8000-0000000001{number:02}" for number in range(len(award.modules)))
    return elm_document(award, particulars(**({"parts": parts} | changes)))


def an_award_with_skills() -> Award:
    award = an_award()
    skill = Code(
        system="ESCO", code="http://data.europa.eu/esco/skill/5fd5c985-eaaa-47aa-8314-62359c54505a", title="splice"
    )
    occupation = Code(system="ESCO", code="http://data.europa.eu/esco/occupation/2ef000b1-8058-4e5a-9646-c5d4e7dbfdae")
    others = (Code(system="ISCED-F", code="0714", title="Electronics"), Code(system="SSYK", code="7420"), occupation)
    module = replace(award.modules[0], codes=(skill, *others), methods=tuple(METHODS))
    provider = Provider(
        name="Provvalidering", organisation_number="556000-0167", country="SE", homepage="https://prov.example"
    )
    return replace(award, modules=(module, *award.modules[1:]), codes=others, provider=provider)


def of_a_shipped_standard(standard: str) -> Award:
    return everything_achieved(shipped(standard, "2026.1"))


AWARDS = {
    "whole": an_award,
    "one module": lambda: an_award([each for each in everything() if not getattr(each, "item", "").startswith("M2")]),
    "with codes of every kind": an_award_with_skills,
    "without a last day": lambda: replace(an_award(), valid_until=None),
    "externally assured, level decided": lambda: replace(
        an_award(),
        external_quality_assured=True,
        level=Level(seqf=5, eqf=5, state="decided", by="Myndigheten", on="2026-05-05"),
    ),
} | {standard: lambda standard=standard: of_a_shipped_standard(standard) for standard in SHIPPED}


@pytest.fixture(scope="module")
def contexts(standards) -> dict[str, Any]:
    published = json.loads((standards("elm-edc") / "edc-ap-context.jsonld").read_text())
    first = json.loads(Path(BUNDLED_CONTEXTS[CONTEXT[0]]).read_text())
    return {CONTEXT[0]: first["@context"], CONTEXT[1]: published["@context"]}


@pytest.fixture(scope="module")
def shapes(standards) -> dict[str, Graph]:
    folder = standards("elm-edc")
    plain, full = (Graph().parse(folder / f"EDC-generic-{name}.ttl") for name in ("no-cv", "full"))
    return {"no-cv": plain, "full": plain + full}


def graph(document: dict[str, Any], contexts: dict[str, Any]) -> Graph:
    """What the document says, as the published contexts read it."""
    return Graph().parse(data=nquads(document, contexts).decode(), format="nt")


def faults(document: dict[str, Any], contexts: dict[str, Any], shapes: Graph) -> list[str]:
    """What the shapes object to; a document about nothing conforms to everything, so it must be about something."""
    found = graph(document, contexts)
    assert len(list(found.subjects(RDF.type, ELM.EuropeanDigitalCredential))) == 1
    conforms, _, told = pyshacl.validate(found, shacl_graph=shapes, advanced=False)
    return [] if conforms else [told]


@pytest.mark.parametrize("kind", AWARDS)
def test_the_document_passes_the_published_shapes_and_every_word_of_it_is_known(kind, contexts, shapes):
    document = a_document(AWARDS[kind]())
    assert SENTINEL.encode() not in nquads(document, contexts)
    assert faults(document, contexts, shapes["full"]) == []


def test_the_document_passes_the_shapes_of_those_who_check_no_lists(contexts, shapes):
    assert faults(a_document(), contexts, shapes["no-cv"]) == []


def test_a_greek_letter_in_a_word_would_be_seen_by_both_checks(contexts, shapes):
    """The sample published with the shapes has one, so they never saw its legal identifier."""
    document = a_document()
    document["issuer"]["eIDASΙdentifier"] = document["issuer"].pop("eIDASIdentifier")
    claims = [document["credentialSubject"]["hasClaim"], *document["credentialSubject"]["hasClaim"]["hasPart"]]
    for each in claims:  # the issuer is described again wherever it acts
        each["provenBy"]["assessedBy"] = {"id": document["issuer"]["id"]}
        each["provenBy"]["awardedBy"]["awardingBody"] = {"id": document["issuer"]["id"]}
        each["awardedBy"]["awardingBody"] = {"id": document["issuer"]["id"]}
    assert SENTINEL.encode() in nquads(document, contexts)
    assert "legal identifier" in faults(document, contexts, shapes["full"])[0]


SPOILT = {
    "without a picture": lambda d: d["displayParameter"].pop("individualDisplay"),
    "without a grade": lambda d: d["credentialSubject"]["hasClaim"]["provenBy"].pop("grade"),
    "without a title of a module": lambda d: d["credentialSubject"]["hasClaim"]["hasPart"][1].pop("title"),
    "with a level of no list": lambda d: d["credentialSubject"]["hasClaim"]["specifiedBy"].update(
        {"nqfLevel": {"id": "urn:intyga:level", "type": "Concept"}}
    ),
    "with a day that is none": lambda d: d["credentialSubject"].update({"dateOfBirth": "yesterday"}),
}


@pytest.mark.parametrize("what", SPOILT)
def test_the_shapes_would_see_what_is_missing(what, contexts, shapes):
    document = a_document()
    SPOILT[what](document)
    assert faults(document, contexts, shapes["full"])


def test_a_second_processor_reads_the_same(contexts):
    def load(url, _options=None):
        return {"contextUrl": None, "documentUrl": url, "document": {"@context": contexts[url]}}

    options = {"documentLoader": load, "algorithm": "URDNA2015", "format": "application/n-quads", "base": SENTINEL}
    other = jsonld.normalize(a_document(), options)
    assert sorted(other.splitlines()) == sorted(nquads(a_document(), contexts).decode().splitlines())


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-01-01", "2026-07-01", "1964-02-29"])
def test_a_day_is_that_day_wherever_it_is_read(day):
    award = replace(an_award(), awarded_on=day, assessed_until=day)
    award = replace(award, holder=replace(award.holder, birth_date=day))
    subject = a_document(award)["credentialSubject"]
    claim = subject["hasClaim"]
    for written in (subject["dateOfBirth"], claim["awardedBy"]["awardingDate"], claim["provenBy"]["dateIssued"]):
        moment = datetime.fromisoformat(written)
        assert {moment.astimezone(ZoneInfo(zone)).date().isoformat() for zone in ZONES} == {day}


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-01-01", "2026-07-01"])
def test_it_holds_from_the_first_to_the_last_day_in_sweden_and_in_utc(day):
    document = a_document(replace(an_award(), awarded_on=day, valid_until=day))
    for written in (document["validFrom"], document["validUntil"], document["expirationDate"]):
        moment = datetime.fromisoformat(written)
        assert {moment.astimezone(zone).date().isoformat() for zone in (UTC, STOCKHOLM)} == {day}
    assert document["validFrom"] < document["validUntil"]


def test_the_picture_of_each_language_is_one():
    shown = a_document()["displayParameter"]["individualDisplay"]
    assert [each["language"]["id"].rpartition("/")[2] for each in shown] == ["SWE", "ENG"]
    for each in shown:
        content = base64.b64decode(each["displayDetail"]["image"]["content"], validate=True)
        assert content.startswith(b"\x89PNG")
        assert struct.unpack(">II", content[16:24]) == (512, 512)
        assert each["displayDetail"]["image"]["contentSize"] == len(content)


def test_what_was_not_met_is_counted_and_told(contexts, shapes):
    award = an_award()
    spoilt = replace(award.modules[0].criteria[0], score="not_met")
    module = replace(award.modules[0], criteria=(spoilt, *award.modules[0].criteria[1:]))
    document = a_document(replace(award, modules=(module, *award.modules[1:])))
    proven = document["credentialSubject"]["hasClaim"]["hasPart"][0]["provenBy"]
    assert proven["grade"]["noteLiteral"]["sv"].startswith(
        f"Godkänt: {len(module.criteria) - 1} av {len(module.criteria)} "
    )
    assert "Ej uppfyllt" in said(proven["additionalNote"])[0]
    assert faults(document, contexts, shapes["full"]) == []


def test_limits_and_tables_that_applied_stand_in_a_note(contexts, shapes):
    tables = (TableLine(name={"sv": "Fiberfärger"}, variant={"sv": "S12"}),)
    limits = (ParameterLine(name={"sv": "Dämpning", "en": "Loss"}, value="0.10", unit="dB", tightened=True),)
    document = a_document(replace(an_award(), parameters=limits, tables=tables))
    notes = document["credentialSubject"]["hasClaim"]["additionalNote"]
    assert said(notes)[-1] == "Dämpning: 0.10 dB (skärpt av utfärdaren); Fiberfärger: S12"
    assert said(notes, "en")[-1] == "Loss: 0.10 dB (tightened by the issuer); Fiberfärger: S12"
    assert faults(document, contexts, shapes["full"]) == []


def test_the_document_looks_as_it_did():
    """Run with INTYGA_GOLDEN=new to write it anew, and read the difference. Pictures are looked at elsewhere."""
    document = a_document()
    for each in document["displayParameter"]["individualDisplay"]:
        each["displayDetail"]["image"] |= {"content": "", "contentSize": 0}
    golden = GOLDEN / "elm.json"
    if os.environ.get("INTYGA_GOLDEN") == "new":
        golden.write_bytes(json_bytes(document))
    assert json_bytes(document) == golden.read_bytes()


def test_the_level_stands_with_its_state_and_both_frameworks():
    qualification = a_document()["credentialSubject"]["hasClaim"]["specifiedBy"]
    assert qualification["eqfLevel"]["id"] == "http://data.europa.eu/snb/eqf/4"
    assert qualification["nqfLevel"]["id"] == "http://data.europa.eu/snb/qdr/c_6477e349"
    assert "SeQF 4, EQF 4: föreslagen, inte beslutad" in said(qualification["additionalNote"])


def said(notes: list[dict[str, Any]], language: str = "sv") -> list[str]:
    return [each["noteLiteral"][language] for each in notes]


def test_every_criterion_is_told_with_what_was_measured_in_both_languages():
    module = a_document()["credentialSubject"]["hasClaim"]["hasPart"][1]
    assert (
        said(module["provenBy"]["additionalNote"])[0]
        == "M2.1 M2.1: Uppfyllt. Skarvar: 0.07–0.07 dB (2), gräns ≤ 0.10 dB"
    )
    assert ": Met." in said(module["provenBy"]["additionalNote"], "en")[0]


def test_modules_point_at_their_own_records_and_the_whole_at_the_award():
    award = an_award()
    document = elm_document(award, particulars())
    assert [part["identifier"][0]["notation"] for part in document["credentialSubject"]["hasClaim"]["hasPart"]] == list(
        PARTS
    )
    assert {each["notation"] for each in document["identifier"]} == {"2026-000017-4", digest(award)}


def test_a_document_that_replaces_another_names_its_number(contexts, shapes):
    document = a_document(supersedes="2025-000009-1")
    assert "Ersätter bevis 2025-000009-1." in said(document["credentialSubject"]["hasClaim"]["additionalNote"])
    assert faults(document, contexts, shapes["full"]) == []


def test_it_says_itself_that_it_is_not_sealed_and_where_to_ask():
    notes = said(a_document()["credentialSubject"]["hasClaim"]["additionalNote"], "en")
    assert "not sealed" in notes[1]
    assert "https://intyga.example/v/" in notes[1]


def test_skills_of_esco_stand_with_the_outcomes_and_other_codes_with_the_qualification():
    module = a_document(an_award_with_skills())["credentialSubject"]["hasClaim"]["hasPart"][0]["specifiedBy"]
    assert [each["id"].rpartition("/")[0] for each in module["learningOutcome"][0]["relatedESCOSkill"]] == [
        f"{eu.ESCO}/skill"
    ]
    assert [each["id"] for each in module["thematicArea"]] == ["http://data.europa.eu/snb/isced-f/0714"]
    assert len(module["educationSubject"]) == 2


def test_every_method_is_named_with_the_lists_word_beside_ours():
    proven = a_document(an_award_with_skills())["credentialSubject"]["hasClaim"]["hasPart"][0]["provenBy"][
        "specifiedBy"
    ]
    named = {each["title"]["sv"]: each["dcType"]["prefLabel"]["en"] for each in proven["hasPart"]}
    assert named["observation i arbetet"] == "practical assessment"
    assert named["yrkessamtal"] == "oral examination"
    assert set(named) == set(METHODS.values())


def test_every_method_every_kind_of_outcome_and_every_level_has_a_value():
    assert set(eu.ASSESSMENTS) == set(METHODS)
    assert set(eu.SKILL_TYPES) == set(Outcome.__annotations__["kind"].__args__)
    assert len(set(eu.SEQF)) == 8


def test_a_country_outside_the_table_is_refused_not_guessed():
    award = replace(an_award(), provider=replace(an_award().provider, country="XX"))
    with pytest.raises(eu.CountryUnknownError):
        a_document(award)


@cache
def published_words(file: Path) -> str:
    return file.read_text()


def test_the_lists_we_name_are_those_the_shapes_name(standards):
    words = published_words(standards("elm-edc") / "EDC-generic-full.ttl")
    document = json.dumps(a_document(an_award_with_skills()))
    for scheme in ("isced-f", "eqf", "qdr", "learning-setting", "credential", "skill-type"):
        assert f"{eu.SNB}/{scheme}/25831c2" in words
        assert f"{eu.SNB}/{scheme}/25831c2" in document


def test_the_document_is_the_same_every_time():
    assert a_document() == a_document()
