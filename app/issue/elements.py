"""What the EU asks a micro-credential to say, and where each form of ours says it: one table for all of them.

Council Recommendation of 16 June 2022 (2022/C 243/02), Annex I: eleven mandatory elements, then five optional ones.
"""

from msgspec import Struct


class Places(Struct, frozen=True, kw_only=True):
    """Where an element stands. A path goes through every entry of a list."""

    record: str
    """In the Open Badges record, and so in its token and in a badge."""
    elm: str
    """In the European Learning Model."""
    paper: str | None
    """The heading it stands under on the certificate; None = paper does not say it."""


_MICRO = "credentialSubject.achievement.microCredential"
_CLAIM = "credentialSubject.hasClaim"
_SPECIFIED = f"{_CLAIM}.specifiedBy"

ELEMENTS: dict[str, Places] = {
    "1 learner": Places(
        record="credentialSubject.identifier",
        elm="credentialSubject",
        paper="Vem som har meriten",
    ),
    "2 title": Places(
        record="credentialSubject.achievement.name",
        elm=f"{_CLAIM}.title",
        paper="Titel",
    ),
    "3 country of the issuer": Places(
        record="issuer.address.addressCountryCode",
        elm="issuer.location.address.countryCode",
        paper="Utfärdarens land",
    ),
    "4 awarding body": Places(
        record="issuer.name",
        elm=f"{_CLAIM}.awardedBy.awardingBody.legalName",
        paper="Utfärdare",
    ),
    "5 date of issuing": Places(
        record="awardedDate",
        elm=f"{_CLAIM}.awardedBy.awardingDate",
        paper="Dag för utfärdande",
    ),
    "6 learning outcomes": Places(
        record=f"{_MICRO}.learningOutcome",
        elm=f"{_CLAIM}.hasPart.specifiedBy.learningOutcome",
        paper="Läranderesultat",
    ),
    "7 notional workload": Places(
        record=f"{_MICRO}.volumeOfLearning",
        elm=f"{_SPECIFIED}.volumeOfLearning",
        paper="Normal arbetsinsats",
    ),
    "8 level": Places(
        record="credentialSubject.achievement.alignment",
        elm=_SPECIFIED,
        paper="Nivå",
    ),
    "9 type of assessment": Places(
        record=f"{_MICRO}.assessmentType",
        elm=f"{_CLAIM}.provenBy.specifiedBy",
        paper="Typ av bedömning",
    ),
    "10 form of participation": Places(
        record=f"{_MICRO}.mode",
        elm=f"{_SPECIFIED}.mode",
        paper="Form av deltagande",
    ),
    "11 quality assurance": Places(
        record=f"{_MICRO}.qualityAssurance",
        elm=f"{_SPECIFIED}.additionalNote",
        paper="Kvalitetssäkring",
    ),
    "12 prerequisites": Places(
        record=f"{_MICRO}.entryRequirement",
        elm=f"{_SPECIFIED}.entryRequirement",
        paper="Handlingar som visades upp",
    ),
    "13 supervision and identity check": Places(
        record=f"{_MICRO}.idVerification",
        elm=f"{_CLAIM}.provenBy.idVerification",
        paper="Tillsyn och identitetskontroll",
    ),
    "14 grade": Places(
        record="credentialSubject.result",
        elm=f"{_CLAIM}.provenBy.grade",
        paper="Resultat",
    ),
    "15 stackability": Places(
        record=f"{_MICRO}.stackability",
        elm=f"{_SPECIFIED}.additionalNote",
        paper=None,
    ),
    "16 further information": Places(
        record=f"{_MICRO}.additionalNote",
        elm=f"{_CLAIM}.additionalNote",
        paper="Inte bedömt",
    ),
}
