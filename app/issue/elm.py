"""An award in the European Learning Model, as Europass takes it for upload: JSON-LD of the generic profile, unsigned.

Sealing is not ours to do: Europass wants a qualified or advanced seal of its own form (JAdES) by the organisation. The
file is therefore a claim and says so; the proved record is the Open Badges one, whose number stands in this file.

Days are written as noon in UTC, because the model only knows moments: no time zone and no clock change can make
another day of it. What begins or ends with a day begins and ends with it in Sweden *and* in UTC.
"""

from typing import Any

from app.issue import badge_parts as part
from app.issue import elm_parts as piece
from app.issue import elm_vocabulary as eu
from app.issue.badge import RecordParticulars
from assessments.award import Award, CriterionAward, ModuleAward, digest
from criteria.model import Code, Text

Json = dict[str, Any]

CONTEXT = ["https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"]
SCHEMA = "http://data.europa.eu/snb/model/ap/edc-generic-full"

GRADING: Text = {"sv": "Uppfyllt eller inte uppfyllt", "en": "Met or not met"}


def elm_document(award: Award, particulars: RecordParticulars) -> Json:
    """The whole award with its modules inside."""
    day = particulars.issued_at
    return {
        "@context": CONTEXT,
        "id": particulars.id,
        "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
        "credentialSchema": {"id": SCHEMA, "type": "ShaclValidator2017"},
        "credentialProfiles": eu.listed("credential", eu.GENERIC, en="Generic"),
        "identifier": [
            piece.identifier(f"{particulars.id}#number", particulars.number, "Bevisnummer"),
            piece.identifier(f"{particulars.id}#award", digest(award), "SHA-256"),
        ],
        "issuer": piece.organisation(award, particulars),
        "issuanceDate": day,
        "issued": day,
        "validFrom": piece.first_moment(award.awarded_on),
        **piece.until(award),
        "displayParameter": piece.display(award, particulars, _title(award)),
        "credentialSubject": {
            "id": particulars.holder_id,
            "type": "Person",
            "fullName": {"sv": award.holder.name},
            "dateOfBirth": piece.noon(award.holder.birth_date),
            "hasClaim": _whole(award, particulars),
        },
    }


def _title(award: Award) -> Text:
    return part.each_language(
        lambda language: f"{part.in_language(award.result_name, language)}: {part.in_language(award.title, language)}"
    )


def _whole(award: Award, particulars: RecordParticulars) -> Json:
    name = f"{particulars.id}#whole"
    return {
        **_achievement(award, particulars, name, _title(award)),
        "additionalNote": _further(award, particulars, name),
        "provenBy": _assessment(award, particulars, name, award.methods, award.modules),
        "specifiedBy": {
            **_qualification(award, name, _title(award), award.workload, award.codes),
            "isPartialQualification": not award.whole,
            "mode": piece.modes(award, award.methods),
            **_entry(award, name),
            "additionalNote": [
                piece.note(name, "quality-assurance", award.quality_assurance, piece.external(award)),
                piece.note(name, "level", piece.level_state(award)),
                piece.note(name, "stackability", part.stack_whole(award)),
            ],
        },
        "hasPart": [
            _module(award, particulars, module, record)
            for module, record in zip(award.modules, particulars.parts or (None,) * len(award.modules), strict=True)
        ],
    }


def _module(award: Award, particulars: RecordParticulars, module: ModuleAward, record: str | None) -> Json:
    skills = [each for each in module.codes if each.code.startswith(f"{eu.ESCO}/skill/")]
    others = tuple(each for each in module.codes if each not in skills)
    name = f"{particulars.id}#{module.id}"
    return {
        **_achievement(award, particulars, name, part.languages(module.title)),
        "description": part.languages(module.summary),
        **({"identifier": [piece.identifier(f"{name}.record", record, "Open Badges 3.0")]} if record else {}),
        "provenBy": {
            **_assessment(award, particulars, name, module.methods, (module,)),
            "additionalNote": [_result(particulars, each) for each in module.criteria],
        },
        "specifiedBy": {
            **_qualification(award, name, part.languages(module.title), module.workload, others or award.codes),
            "isPartialQualification": True,
            "mode": piece.modes(award, module.methods),
            "learningOutcome": [
                {
                    "id": part.local(award, outcome.id),
                    "type": "LearningOutcome",
                    "title": part.languages(outcome.text),
                    "dcType": eu.listed("skill-type", eu.SKILL_TYPES[outcome.kind]),
                    **({"relatedESCOSkill": [piece.skill(each) for each in skills]} if skills else {}),
                }
                for outcome in module.outcomes
            ],
            "additionalNote": [piece.note(name, "stackability", part.stack_module(award))],
        },
    }


def _achievement(award: Award, particulars: RecordParticulars, name: str, title: Text) -> Json:
    return {
        "id": name,
        "type": "LearningAchievement",
        "title": title,
        "awardedBy": _awarding(award, particulars),
    }


def _awarding(award: Award, particulars: RecordParticulars) -> Json:
    return {
        "id": f"{particulars.id}#awarding",
        "type": "AwardingProcess",
        "awardingBody": piece.organisation(award, particulars),
        "awardingDate": piece.noon(award.awarded_on),
    }


def _assessment(
    award: Award,
    particulars: RecordParticulars,
    name: str,
    methods: tuple[str, ...],
    modules: tuple[ModuleAward, ...],
) -> Json:
    """One assessment with its grade; the methods it was made of are parts of its specification."""
    methods = tuple(each for each in eu.ASSESSMENTS if each in methods)
    days = " – ".join(dict.fromkeys((award.assessed_from, award.assessed_until)))
    return {
        "id": f"{name}.assessment",
        "type": "LearningAssessment",
        "title": {"sv": f"Bedömning {days}", "en": f"Assessment {days}"},
        "description": {"sv": f"Antal bedömare: {award.assessors}.", "en": f"Assessors: {award.assessors}."},
        "dateIssued": piece.noon(award.assessed_until),
        "grade": {"id": f"{name}.grade", "type": "Note", "noteLiteral": _grade(modules)},
        "idVerification": {
            "id": part.local(award, "supervision"),
            "type": "Concept",
            "prefLabel": part.languages(award.supervision),
        },
        "assessedBy": piece.organisation(award, particulars),
        "awardedBy": _awarding(award, particulars),
        "specifiedBy": {
            "id": f"{name}.assessment.specification",
            "type": "LearningAssessmentSpecification",
            "title": part.languages(award.assessment_form),
            "dcType": eu.assessment_type(methods[0]),
            "mode": piece.modes(award, methods),
            "gradingScheme": {"id": "urn:intyga:elm:grading:met", "type": "GradingScheme", "title": GRADING},
            "hasPart": [
                {
                    "id": f"urn:intyga:elm:method:{method}",
                    "type": "LearningAssessmentSpecification",
                    "title": eu.method_name(method),
                    "dcType": eu.assessment_type(method),
                }
                for method in methods
            ],
        },
    }


def _grade(modules: tuple[ModuleAward, ...]) -> Text:
    """Passed, and by how much: a standard may ask for a share of the criteria only."""
    counted = [each for module in modules for each in module.criteria if each.score != "not_applicable"]
    met = sum(each.score == "met" for each in counted)
    return {
        "sv": f"Godkänt: {met} av {len(counted)} tillämpliga kriterier uppfyllda",
        "en": f"Passed: {met} of {len(counted)} applicable criteria met",
    }


def _result(particulars: RecordParticulars, criterion: CriterionAward) -> Json:
    """How a criterion ended, with what was measured."""
    outcome, _ = part.ENDED[criterion.score]

    def said(language: str) -> str:
        limit = {"sv": "gräns", "en": "limit"}[language]
        facts = [
            f" {part.in_language(fact.title, language)}: {fact.value}"
            + (f", {limit} {fact.limit}" if fact.limit else "")
            for fact in criterion.facts
        ]
        text = part.in_language(criterion.text, language)
        return ".".join([f"{criterion.id} {text}: {outcome[language]}", *facts])

    return piece.note(f"{particulars.id}#{criterion.id}", "result", part.each_language(said))


def _qualification(award: Award, name: str, title: Text, workload: str, codes: tuple[Code, ...]) -> Json:
    fields = [piece.subject(each) for each in codes if each.system == "ISCED-F"]
    subjects = [piece.subject(each) for each in codes if each.system != "ISCED-F"]
    return {
        "id": f"{name}.qualification",
        "type": "Qualification",
        "title": title,
        "identifier": [
            piece.identifier(f"{name}.edition", f"{award.standard} {award.edition}", "Intyga"),
            piece.identifier(f"{name}.digest", award.edition_sha256, "SHA-256"),
        ],
        "volumeOfLearning": workload,
        "eqfLevel": eu.level(award.level.eqf),
        "nqfLevel": eu.national_level(award.level.seqf),
        "learningSetting": eu.listed("learning-setting", eu.NON_FORMAL, en="non-formal learning"),
        **({"thematicArea": fields} if fields else {}),
        **({"educationSubject": subjects} if subjects else {}),
    }


def _entry(award: Award, name: str) -> Json:
    """What is asked of everybody; the papers that this person showed stand in a note of their own."""
    asked = [each.name for each in award.prerequisites]
    said = part.each_language(lambda language: "; ".join(part.in_language(each, language) for each in asked))
    note = {"id": f"{name}.entry", "type": "Note", "noteLiteral": said}
    return {"entryRequirement": note} if asked else {}


def _further(award: Award, particulars: RecordParticulars, name: str) -> list[Json]:
    check = {
        "sv": f"Filen är inte stämplad. Nummer {particulars.number} kontrolleras på {particulars.page}",
        "en": f"This file is not sealed. Number {particulars.number} can be checked at {particulars.page}",
    }
    seen = [part.prerequisite(each) for each in award.prerequisites]
    return [
        piece.note(name, "further-information", award.notice, *([part.left_out(award)] if award.not_assessed else [])),
        piece.note(name, "status", check),
        *([piece.note(name, "replaces", part.replaces(particulars.supersedes))] if particulars.supersedes else []),
        *([piece.note(name, "prerequisites", *seen, between="; ")] if seen else []),
        *([piece.note(name, "limits", *limits, between="; ")] if (limits := piece.limits(award)) else []),
    ]
