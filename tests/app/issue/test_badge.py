"""A record says what the award says, the way Open Badges and the EU ask, and nothing about anybody else."""

import json
import os
from typing import Any

import jsonschema
import pytest
from jsonschema import FormatChecker
from msgspec.structs import replace
from records import GOLDEN, PARTS, WHOLE, a_key, a_lenient_award, a_module, a_whole, an_award, everything, particulars

from app.issue.badge_parts import CODE_SYSTEMS, first_moment, last_moment
from app.issue.canon import canonical
from app.issue.elements import ELEMENTS
from app.issue.formats import RECORD_FORMATS, Record, json_bytes
from app.issue.proof import check_proof, prove
from assessments.award import Award, CriterionAward, ModuleAward, OutcomeAward, ParameterLine
from criteria.model import Code, Edition, Level
from criteria.reader import shipped


def at(document: Any, place: str) -> Any:
    for step in place.split("."):
        document = document[step]
    return document


KINDS = {"whole": a_whole, "module": a_module}


@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_element_of_the_eu_recommendation_stands_where_we_say(kind, element):
    found = at(KINDS[kind](an_award()), ELEMENTS[element].record)
    assert found not in (None, "", [], {})


def test_the_learner_is_named_in_plain_because_the_document_is_the_holders():
    assert at(a_whole(), ELEMENTS["1 learner"].record) == [
        {"type": "IdentityObject", "hashed": False, "identityHash": "Åsa Öberg-Łukasik", "identityType": "name"},
        {"type": "IdentityObject", "hashed": False, "identityHash": "1990-02-28", "identityType": "ext:dateOfBirth"},
    ]


def test_the_title_is_the_papers_name_and_the_trade():
    assert at(a_whole(), ELEMENTS["2 title"].record) == "Yrkesbevis: Provyrke"
    assert at(a_module(), ELEMENTS["2 title"].record) == "M2"


def test_the_country_and_the_awarding_body_are_the_issuers():
    record = a_whole()
    assert at(record, ELEMENTS["3 country of the issuer"].record) == "SE"
    assert at(record, ELEMENTS["4 awarding body"].record) == "Exempelnät AB"
    assert record["credentialSubject"]["achievement"]["creator"]["name"] == "Exempelbranschen"


def test_the_date_of_issuing_is_the_day_of_the_award():
    assert at(a_whole(), ELEMENTS["5 date of issuing"].record) == "2026-11-24T00:00:00+01:00"


def test_learning_outcomes_are_those_of_the_modules_covered():
    named = [each["id"].partition("#")[2] for each in at(a_whole(), ELEMENTS["6 learning outcomes"].record)]
    assert named == ["M1.L1", "M2.L1"]
    assert [each["id"].partition("#")[2] for each in at(a_module(), ELEMENTS["6 learning outcomes"].record)] == [
        "M2.L1"
    ]


def test_the_workload_is_that_of_what_is_covered():
    assert at(a_whole(), ELEMENTS["7 notional workload"].record) == "PT16H"
    assert at(a_module(), ELEMENTS["7 notional workload"].record) == "PT8H"


@pytest.mark.parametrize(
    ("level", "said"),
    [
        (Level(seqf=4, eqf=4, state="proposed"), "SeQF 4 (föreslagen, inte beslutad)"),
        (Level(seqf=5, eqf=5, state="decided", by="Myndigheten", on="2026-05-05"), "SeQF 5 (beslutad)"),
    ],
)
def test_beside_the_level_stands_whether_anybody_decided_it(level, said):
    record = a_whole(replace(an_award(), level=level))
    frameworks = {each["targetType"]: each for each in at(record, ELEMENTS["8 level"].record)}
    assert frameworks["ext:SeQF"]["targetName"] == said
    assert frameworks["ext:EQF"]["targetCode"] == str(level.eqf)
    assert record["credentialSubject"]["achievement"]["microCredential"]["levelState"] == level.state


def test_assessment_participation_and_supervision_are_in_the_standards_words():
    record = a_whole()
    assert at(record, ELEMENTS["9 type of assessment"].record)["prefLabel"]["sv"] == "praktiskt"
    assert at(record, ELEMENTS["10 form of participation"].record)["prefLabel"]["sv"] == "arbetsplats"
    assert at(record, ELEMENTS["13 supervision and identity check"].record)["prefLabel"]["sv"] == "på plats"


@pytest.mark.parametrize("external", [True, False])
def test_quality_assurance_says_honestly_whether_anybody_outside_took_part(external):
    micro = a_whole(replace(an_award(), external_quality_assured=external))["credentialSubject"]["achievement"][
        "microCredential"
    ]
    assert micro["qualityAssurance"]["noteLiteral"]["sv"] == "intern"
    assert micro["externalQualityAssurance"] is external


def test_every_criterion_has_a_result_and_a_measured_one_its_values():
    results = at(a_module(), ELEMENTS["14 grade"].record)
    assert [each["value"] for each in results] == ["Uppfyllt", "Uppfyllt"]
    assert results[0]["narrative"] == "Skarvar: 0.07–0.07 dB (2), gräns ≤ 0.10 dB"


def test_a_criterion_that_did_not_apply_says_so():
    record = a_whole(an_award(everything(M1_2="not_applicable")))
    assert [each["value"] for each in at(record, ELEMENTS["14 grade"].record)][1] == "Ej tillämpligt"


def test_a_criterion_that_was_not_met_or_never_judged_is_never_called_anything_else(schemas):
    record = prove(a_whole(a_lenient_award()), a_key(), "2026-11-24T12:00:00Z")
    results = {each["resultDescription"].partition("#")[2]: each for each in at(record, ELEMENTS["14 grade"].record)}
    assert [(results[key]["value"], results[key].get("status")) for key in ("M1.2", "M2.2")] == [
        ("Ej uppfyllt", "Failed"),
        ("Ej bedömt", None),
    ]
    described = record["credentialSubject"]["achievement"]["resultDescription"]
    assert [each["allowedValue"][-1] for each in described] == [
        "Ej tillämpligt",
        "Ej uppfyllt",
        "Ej tillämpligt",
        "Ej bedömt",
    ]
    assert "- Fasfärger: Märkning old" in record["credentialSubject"]["achievement"]["criteria"]["narrative"]
    check_proof(record, a_key().public)
    assert list(schemas["open badges"].iter_errors(record)) == []


def test_whole_and_modules_point_at_each_other():
    assert a_whole()["credentialSubject"]["achievement"]["microCredential"]["hasPart"] == list(PARTS)
    assert a_module()["credentialSubject"]["achievement"]["microCredential"]["isPartOf"] == WHOLE


def test_a_part_says_what_was_not_assessed():
    events = [each for each in everything() if not getattr(each, "item", "").startswith("M2")]
    record = a_whole(an_award(events))
    notes = [each["noteLiteral"]["sv"] for each in at(record, ELEMENTS["16 further information"].record)]
    assert notes == ["Exempel", "Inte bedömt: M2"]


def test_a_record_that_replaces_another_names_its_number():
    replaced = {"sv": "Ersätter bevis 2025-000009-1.", "en": "Replaces certificate 2025-000009-1."}
    for record in (a_whole(supersedes="2025-000009-1"), a_module(supersedes="2025-000009-1")):
        assert at(record, ELEMENTS["16 further information"].record)[-1]["noteLiteral"] == replaced
        assert canonical(record)


def test_the_evidence_tells_what_was_done_and_names_nobody():
    evidence = a_whole()["evidence"]
    assert [each["genre"] for each in evidence] == ["observation i arbetet"]
    assert "anna" not in json.dumps(a_whole()["evidence"]).lower()
    assert "quality" not in json.dumps(evidence)


def test_the_status_is_one_object_and_the_index_a_text():
    assert a_whole()["credentialStatus"]["statusListIndex"] == "4711"


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2026-11-24", "2026-11-24T00:00:00+01:00", "2026-11-24T23:59:59+01:00"),
        ("2026-07-01", "2026-07-01T00:00:00+02:00", "2026-07-01T23:59:59+02:00"),
        ("2026-03-29", "2026-03-29T00:00:00+01:00", "2026-03-29T23:59:59+02:00"),  # clocks go forward
        ("2026-10-25", "2026-10-25T00:00:00+02:00", "2026-10-25T23:59:59+01:00"),  # and back
    ],
)
def test_a_day_stays_the_day_in_stockholm_also_when_the_clocks_change(day, first, last):
    assert (first_moment(day), last_moment(day)) == (first, last)


def test_without_a_last_day_the_record_has_none():
    assert "validUntil" not in a_whole(replace(an_award(), valid_until=None))


def test_a_code_written_as_an_address_keeps_it():
    address = "http://data.europa.eu/esco/occupation/2ef000b1-8058-4e5a-9646-c5d4e7dbfdae"
    codes = (Code(system="ESCO", code=address), Code(system="SSYK", code="7420", title="Elektronikreparatörer"))
    alignment = at(a_whole(replace(an_award(), codes=codes)), ELEMENTS["8 level"].record)[2:]
    assert [each["targetUrl"] for each in alignment] == [address, "urn:intyga:code:SSYK:7420"]
    assert [each["targetCode"] for each in alignment] == ["2ef000b1-8058-4e5a-9646-c5d4e7dbfdae", "7420"]


def test_every_code_system_of_the_standards_has_a_name_and_an_address():
    assert set(CODE_SYSTEMS) == set(Code.__annotations__["system"].__args__)


def everything_achieved(edition: Edition) -> Award:
    """As if somebody had met every criterion of a shipped standard."""
    return replace(
        an_award(),
        standard=edition.standard,
        edition=edition.edition,
        title=edition.title,
        notice=edition.notice,
        result_id=edition.results[0].id,
        result_kind=edition.results[0].kind,
        result_name=edition.results[0].name,
        modules=tuple(achieved(module) for module in edition.modules),
        owner=edition.owner,
        level=edition.level,
        participation=edition.participation,
        assessment_form=edition.assessment_form,
        quality_assurance=edition.quality_assurance,
        supervision=edition.supervision,
        codes=edition.codes,
        parameters=tuple(
            ParameterLine(name=p.name, value=str(p.value), unit=p.unit, tightened=True) for p in edition.parameters
        ),
    )


def achieved(module) -> ModuleAward:
    return ModuleAward(
        id=module.id,
        title=module.title,
        short=module.short,
        summary=module.summary,
        workload=module.workload,
        outcomes=tuple(OutcomeAward(id=o.id, kind=o.kind, text=o.text) for o in module.outcomes),
        criteria=tuple(CriterionAward(id=c.id, text=c.text, critical=c.critical, score="met") for c in module.criteria),
        methods=("OBS", "PRA", "SAM", "TEO", "DOK", "SIM"),
        codes=module.codes,
    )


SHIPPED = ("fibertekniker-service", "beredskapssvetsare-fibernat")


@pytest.mark.parametrize("standard", SHIPPED)
def test_every_record_of_a_shipped_standard_can_be_proved(standard):
    award = everything_achieved(shipped(standard, "2026.1"))
    records = [Record(award=award, particulars=particulars())]
    part = particulars(id=PARTS[0], whole_id=WHOLE)
    records += [Record(award=award, particulars=part, module=module) for module in award.modules]
    for each in records:
        document = json.loads(RECORD_FORMATS["open-badge"].write(each, a_key()))
        check_proof(document, a_key().public)
        assert len(json_bytes(document)) < 200_000


@pytest.fixture(scope="module")
def schemas(standards):
    strict = json.loads((standards("openbadges-3.0") / "ob_v3p0_achievementcredential_strict.schema.json").read_text())
    model = json.loads((standards("w3c-vcdm-schema") / "verifiable-credential-schema.json").read_text())
    return {
        "open badges": jsonschema.Draft201909Validator(strict, format_checker=FormatChecker()),
        "data model": jsonschema.Draft202012Validator(model, format_checker=FormatChecker()),
    }


@pytest.mark.parametrize("schema", ["open badges", "data model"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_proved_record_passes_the_published_schema(schemas, schema, kind):
    record = prove(KINDS[kind](), a_key(), "2026-11-24T10:15:00+00:00")
    assert [error.message for error in schemas[schema].iter_errors(record)] == []


def test_the_schema_would_have_seen_a_status_in_a_list(schemas):
    """Or the test above would prove nothing."""
    record = a_whole()
    assert list(schemas["open badges"].iter_errors(record | {"credentialStatus": [record["credentialStatus"]]}))


@pytest.mark.parametrize("kind", KINDS)
def test_the_record_looks_as_it_did(kind):
    """Run with INTYGA_GOLDEN=new to write it anew, and read the difference."""
    golden = GOLDEN / f"{kind}.json"
    if os.environ.get("INTYGA_GOLDEN") == "new":
        golden.write_bytes(json_bytes(KINDS[kind]()))
    assert json_bytes(KINDS[kind]()) == golden.read_bytes()
