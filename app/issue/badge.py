"""An award as an Open Badges 3.0 credential with every element the EU asks of a micro-credential.

The document belongs to the holder, so name and birth date stand in it in plain. Text is Swedish (`inLanguage`), with
translations beside it. Days are Stockholm calendar days, written as date-times that no time zone can move.
"""

from typing import Any

from msgspec import Struct

from app.issue import badge_parts as part
from app.issue.terms import EU_CONTEXT, OPEN_BADGES, OPEN_BADGES_EXTENSIONS, V2
from assessments.award import Award, ModuleAward, digest
from criteria.model import Text

Json = dict[str, Any]

RECORD_CONTEXT: list[Any] = [V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS, EU_CONTEXT]
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"


class RecordParticulars(Struct, frozen=True, kw_only=True):
    """What the issuing job decides about one record; the award says the rest."""

    id: str
    """`urn:uuid:…`, minted once and stored before anything is signed."""
    did: str
    """The issuing organisation."""
    number: str
    """As printed on the certificate."""
    page: str
    """Where the certificate can be looked up: `https://HOST/v/TOKEN`."""
    status_lists: dict[str, tuple[str, int]]
    """Purpose to (address of the list, place in it). Open Badges has room for one: revocation."""
    issued_at: str
    holder_id: str
    parts: tuple[str, ...] = ()
    """For the whole: ids of the records of its modules."""
    whole_id: str | None = None
    """For a module: id of the record of the whole."""
    supersedes: str | None = None
    """Printed number of the certificate that this one replaces."""
    specimen: bool = False
    """Made with development keys: pictures shout it."""


ACHIEVEMENT_TYPES = {"yrkesbevis": "Certification", "kompetensbevis": "Certificate", "intyg": "MicroCredential"}


def whole_record(award: Award, particulars: RecordParticulars) -> Json:
    """The record of everything the award covers."""
    return _credential(
        award,
        particulars,
        modules=award.modules,
        title=award.result_name,
        achievement={
            "type": ["Achievement"],
            "id": part.local(award, f"result.{award.result_id}"),
            "name": f"{award.result_name['sv']}: {award.title['sv']}",
            "title": part.each_language(
                lambda sv: f"{part.in_language(award.result_name, sv)}: {part.in_language(award.title, sv)}"
            ),
            "description": "; ".join(module.title["sv"] for module in award.modules),
            "summary": part.each_language(
                lambda sv: "; ".join(part.in_language(module.title, sv) for module in award.modules)
            ),
            "achievementType": ACHIEVEMENT_TYPES[award.result_kind],
            "humanCode": f"{award.standard} {award.edition}",
            "alignment": [*part.levels(award.level), *part.codes(award.codes)],
            "microCredential": _eu(award, particulars, award.modules)
            | {"volumeOfLearning": award.workload, "stackability": part.note(part.stack_whole(award))}
            | ({"hasPart": list(particulars.parts)} if particulars.parts else {}),
        },
    )


def module_record(award: Award, module: ModuleAward, particulars: RecordParticulars) -> Json:
    """The record of one module: the natural micro-credential."""
    return _credential(
        award,
        particulars,
        modules=(module,),
        title=module.title,
        achievement={
            "type": ["Achievement"],
            "id": part.local(award, module.id),
            "name": module.title["sv"],
            "title": part.languages(module.title),
            "description": module.summary["sv"],
            "summary": part.languages(module.summary),
            "achievementType": "MicroCredential",
            "humanCode": f"{award.standard} {award.edition} {module.id}",
            "alignment": [*part.levels(award.level), *part.codes(module.codes or award.codes)],
            "microCredential": _eu(award, particulars, (module,))
            | {"volumeOfLearning": module.workload, "stackability": part.note(part.stack_module(award))}
            | ({"isPartOf": particulars.whole_id} if particulars.whole_id else {}),
        },
    )


def _credential(
    award: Award, particulars: RecordParticulars, *, modules: tuple[ModuleAward, ...], title: Text, achievement: Json
) -> Json:
    return {
        "@context": RECORD_CONTEXT,
        "id": particulars.id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achievement["name"],
        "title": achievement["title"],
        "issuer": {
            "id": particulars.did,
            "type": ["Profile"],
            "name": award.provider.name,
            **part.url(award.provider.homepage),
            "address": {"type": ["Address"], "addressCountryCode": award.provider.country},
            "otherIdentifier": [part.organisation_number(award.provider.organisation_number)],
        },
        "validFrom": part.first_moment(award.awarded_on),
        **({"validUntil": part.last_moment(award.valid_until)} if award.valid_until else {}),
        "awardedDate": part.first_moment(award.awarded_on),
        "credentialSubject": {
            "id": particulars.holder_id,
            "type": ["AchievementSubject"],
            "identifier": [
                part.identity("name", award.holder.name),
                part.identity("ext:dateOfBirth", award.holder.birth_date),
            ],
            "licenseNumber": particulars.number,
            "activityStartDate": part.first_moment(award.assessed_from),
            "activityEndDate": part.last_moment(award.assessed_until),
            "achievement": {
                **achievement,
                "inLanguage": "sv",
                "version": award.edition,
                "creator": part.owner(award),
                "criteria": {"narrative": part.demands(award, modules, title)},
                "resultDescription": [part.result_description(award, each) for m in modules for each in m.criteria],
            },
            "result": [part.result(award, each) for module in modules for each in module.criteria],
        },
        "evidence": [part.evidence(award, method) for method in part.methods(modules)],
        "credentialStatus": part.status_entry(*particulars.status_lists["revocation"]),
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }


def _eu(award: Award, particulars: RecordParticulars, modules: tuple[ModuleAward, ...]) -> Json:
    """What the Recommendation asks and Open Badges has no place for."""
    prerequisites = [{"type": "Note", "noteLiteral": part.prerequisite(each)} for each in award.prerequisites]
    return {
        "type": "EuMicroCredential",
        "awardDigest": digest(award),
        "homepage": particulars.page,
        "learningOutcome": [
            {
                "id": part.local(award, outcome.id),
                "type": "LearningOutcome",
                "kind": outcome.kind,
                "title": part.languages(outcome.text),
            }
            for module in modules
            for outcome in module.outcomes
        ],
        "levelState": award.level.state,
        "assessmentType": part.concept(award.assessment_form),
        "mode": part.concept(award.participation),
        "idVerification": part.concept(award.supervision),
        "qualityAssurance": part.note(award.quality_assurance),
        "externalQualityAssurance": award.external_quality_assured,
        **({"entryRequirement": prerequisites} if prerequisites else {}),
        "additionalNote": [
            part.note(award.notice),
            *([part.note(part.left_out(award))] if award.not_assessed else []),
            *([part.note(part.replaces(particulars.supersedes))] if particulars.supersedes else []),
        ],
    }
