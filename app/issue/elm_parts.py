"""The pieces of a record in the European Learning Model: days, notes, codes, the organisation and what viewers show."""

from base64 import b64encode
from functools import partial
from typing import Any

from app.issue import badge_parts as part
from app.issue import elm_vocabulary as eu
from app.issue.badge import RecordParticulars
from app.issue.picture import Motif, png
from assessments.award import Award, ParameterLine, TableLine
from criteria.model import Code, Text

Json = dict[str, Any]

SUBJECTS: dict[str, Text] = {
    "quality-assurance": {"sv": "Kvalitetssäkring", "en": "Quality assurance"},
    "level": {"sv": "Nivå", "en": "Level"},
    "stackability": {"sv": "Hur meriten kan läggas ihop med andra", "en": "Stackability"},
    "further-information": {"sv": "Övrigt", "en": "Further information"},
    "prerequisites": {"sv": "Handlingar som visades", "en": "Papers that were shown"},
    "limits": {"sv": "Gränser och tabeller som gällde", "en": "Limits and tables that applied"},
    "replaces": {"sv": "Ersättning", "en": "Replacement"},
    "result": {"sv": "Resultat per kriterium", "en": "Result by criterion"},
    "status": {"sv": "Kontroll av intyget", "en": "How to check"},
}
"""What a note is about; the model has notes for what it has no property for."""

LABELLED_IN = {"ESCO": "en", "ISCED-F": "en"}
"""Language of a code's title; the Swedish systems have Swedish ones."""


def noon(day: str) -> str:
    """A day as a moment that is this day everywhere."""
    return f"{day}T12:00:00Z"


def first_moment(day: str) -> str:
    """The first moment that is this day in Sweden and in UTC: one or two hours past midnight in Sweden."""
    return f"{day}T00:00:00Z"


def until(award: Award) -> Json:
    """Ends with the day in Sweden, which UTC reaches an hour or two later; both names, as the two models ask."""
    if not award.valid_until:
        return {}
    return {"validUntil": part.last_moment(award.valid_until), "expirationDate": part.last_moment(award.valid_until)}


def subject(code: Code) -> Json:
    """A concept in a code system of others."""
    name, address = part.CODE_SYSTEMS[code.system]
    iri = code.code if ":" in code.code else f"{address}{code.code}"
    labels = {LABELLED_IN.get(code.system, "sv"): code.title} if code.title else {}
    if code.system == "ISCED-F":
        return eu.concept(f"{eu.SNB}/isced-f/25831c2", iri, **labels)
    if iri.startswith(f"{eu.ESCO}/occupation/"):
        return eu.concept(f"{eu.ESCO}/concept-scheme/occupations", iri, **labels)
    found: Json = {"id": iri, "type": "Concept", "notation": f"{name} {code.code.rpartition('/')[2]}"}
    return found | ({"prefLabel": labels} if labels else {})


def skill(code: Code) -> Json:
    """A skill of ESCO."""
    labels = {"en": code.title} if code.title else {}
    return eu.concept(f"{eu.ESCO}/concept-scheme/skills", code.code, **labels)


def organisation(award: Award, particulars: RecordParticulars) -> Json:
    """The issuer. Its number in the register of companies is also what eIDAS identifies it by (ETSI EN 319 412-1)."""
    provider, did = award.provider, particulars.did
    number = provider.organisation_number
    return {
        "id": did,
        "type": "Organisation",
        "legalName": {"sv": provider.name},
        "registration": _legal(f"{did}#registration", number, provider.country),
        "eIDASIdentifier": _legal(f"{did}#eidas", f"NTR{provider.country}-{number}", provider.country),
        "location": {
            "id": f"{did}#location",
            "type": "Location",
            "address": {"id": f"{did}#address", "type": "Address", "countryCode": eu.country(provider.country)},
        },
        **({"homepage": _page(f"{did}#homepage", provider.homepage)} if provider.homepage else {}),
    }


def _legal(name: str, notation: str, country: str) -> Json:
    return {"id": name, "type": "LegalIdentifier", "notation": notation, "spatial": eu.country(country)}


def _page(name: str, address: str) -> Json:
    return {"id": name, "type": "WebResource", "contentURL": address}


def identifier(name: str, notation: str, scheme: str) -> Json:
    """A name that somebody outside may know it by."""
    return {"id": name, "type": "Identifier", "notation": notation, "schemeName": scheme}


def note(owner: str, about: str, *texts: Text, between: str = " ") -> Json:
    """One note about its owner; several texts become one, because a note has one text per language."""
    said = part.each_language(lambda language: between.join(part.in_language(each, language) for each in texts))
    subject = {"id": f"urn:intyga:elm:subject:{about}", "type": "Concept", "prefLabel": SUBJECTS[about]}
    return {"id": f"{owner}.{about}", "type": "Note", "noteLiteral": said, "subject": subject}


def modes(award: Award, methods: tuple[str, ...]) -> list[Json]:
    """In the standard's words; the EU's list knows work-based, which observation in real work is."""
    own = {
        "id": part.local(award, "participation"),
        "type": "Concept",
        "prefLabel": part.languages(award.participation),
    }
    return [*([eu.listed("learning-assessment", eu.WORK_BASED, en="Workbased")] if "OBS" in methods else []), own]


def display(award: Award, particulars: RecordParticulars, title: Text) -> Json:
    """How a viewer shows it: a picture for each language."""
    return {
        "id": f"{particulars.id}#display",
        "type": "DisplayParameter",
        "title": title,
        "description": part.languages(award.notice),
        "primaryLanguage": eu.language("sv"),
        "language": [eu.language(code) for code in eu.LANGUAGES],
        "individualDisplay": [_shown(award, particulars, code) for code in eu.LANGUAGES],
    }


def _shown(award: Award, particulars: RecordParticulars, code: str) -> Json:
    picture = png(Motif(award=award, language=code, specimen=particulars.specimen, holder=True))
    return {
        "id": f"{particulars.id}#display.{code}",
        "type": "IndividualDisplay",
        "language": eu.language(code),
        "displayDetail": {
            "id": f"{particulars.id}#display.{code}.1",
            "type": "DisplayDetail",
            "page": 1,
            "image": {
                "id": f"{particulars.id}#display.{code}.1.image",
                "type": "MediaObject",
                "content": b64encode(picture).decode(),
                "contentEncoding": eu.listed("encoding", eu.BASE64, en="base64"),
                "contentType": eu.concept(f"{eu.AUTHORITY}/file-type", f"{eu.AUTHORITY}/file-type/PNG", en="PNG"),
                "contentSize": len(picture),
            },
        },
    }


def limits(award: Award) -> list[Text]:
    """What the results were held against."""
    tightened = {"sv": " (skärpt av utfärdaren)", "en": " (tightened by the issuer)"}

    def limit(line: ParameterLine, language: str) -> str:
        said = f"{part.in_language(line.name, language)}: {line.value} {line.unit}".rstrip()
        return said + tightened[language] * line.tightened

    def variant(line: TableLine, language: str) -> str:
        return f"{part.in_language(line.name, language)}: {part.in_language(line.variant, language)}"

    return [
        *(part.each_language(partial(limit, line)) for line in award.parameters),
        *(part.each_language(partial(variant, line)) for line in award.applied),
    ]


def external(award: Award) -> Text:
    """Whether anybody outside took part in the quality assurance of this very award."""
    if award.external_quality_assured:
        return {"sv": "Även externt kvalitetssäkrad.", "en": "Quality assured externally as well."}
    return {"sv": "Inte externt kvalitetssäkrad.", "en": "Not quality assured externally."}


def level_state(award: Award) -> Text:
    """A number alone would read as decided."""
    level = award.level
    state = part.DECIDED if level.state == "decided" else part.PROPOSED
    who = ", ".join(each for each in (level.by, level.on) if each)
    return part.each_language(
        lambda language: f"SeQF {level.seqf}, EQF {level.eqf}: {state[language]}" + (f" ({who})" if who else "")
    )
