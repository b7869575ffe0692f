"""The pieces of a record: days, codes, levels, results and the sentences that people read."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from app.issue.terms import LANGUAGES
from app.words import METHODS, translations
from assessments.award import Award, CriterionAward, ModuleAward, ParameterLine, PrerequisiteLine
from criteria.model import Code, Level, Text

Json = dict[str, Any]

STOCKHOLM = ZoneInfo("Europe/Stockholm")

CODE_SYSTEMS: dict[str, tuple[str, str]] = {
    "ESCO": ("ESCO", "http://data.europa.eu/esco/"),
    "ISCED-F": ("ISCED-F 2013", "http://data.europa.eu/snb/isced-f/"),
    "JobTech": ("JobTech Taxonomy", "http://data.jobtechdev.se/taxonomy/concept/"),
    "SSYK": ("SSYK 2012", "urn:intyga:code:SSYK:"),
    "SUN": ("SUN", "urn:intyga:code:SUN:"),
}
"""Printed name of a code system, and the address its codes continue."""

MET: Text = {"sv": "Uppfyllt", "en": "Met"}
NOT_APPLICABLE: Text = {"sv": "Ej tillämpligt", "en": "Not applicable"}
NOT_MET: Text = {"sv": "Ej uppfyllt", "en": "Not met"}
NOT_ASSESSED: Text = {"sv": "Ej bedömt", "en": "Not assessed"}
ENDED: dict[str, tuple[Text, Json]] = {
    "met": (MET, {"status": "Completed"}),
    "not_applicable": (NOT_APPLICABLE, {"status": "Completed"}),
    "not_met": (NOT_MET, {"status": "Failed"}),
    "not_assessed": (NOT_ASSESSED, {}),
}
"""How a criterion can end, in words and in the vocabulary of Open Badges, which knows nothing of the unexamined."""
PROPOSED: Text = {"sv": "föreslagen, inte beslutad", "en": "proposed, not decided"}
DECIDED: Text = {"sv": "beslutad", "en": "decided"}


def first_moment(day: str) -> str:
    """Midnight when the day begins in Stockholm: `2026-11-24T00:00:00+01:00`."""
    return datetime.combine(date.fromisoformat(day), time.min, STOCKHOLM).isoformat()


def last_moment(day: str) -> str:
    """The last second of the day in Stockholm."""
    return datetime.combine(date.fromisoformat(day), time(23, 59, 59), STOCKHOLM).isoformat()


def in_language(texts: Text, language: str) -> str:
    """The text in a language, else in Swedish."""
    return texts.get(language) or texts["sv"]


def languages(texts: Text) -> Text:
    """The translations a language map may hold."""
    return {language: texts[language] for language in LANGUAGES if texts.get(language)}


def each_language(say: Callable[[str], str]) -> Text:
    """The same sentence in every language of the record."""
    return {language: say(language) for language in LANGUAGES}


def note(texts: Text) -> Json:
    """A remark, as the European Learning Model writes one."""
    return {"type": "Note", "noteLiteral": languages(texts)}


def concept(texts: Text) -> Json:
    """A choice in free words where the European Learning Model has a list."""
    return {"type": "Concept", "prefLabel": languages(texts)}


def local(award: Award, name: str) -> str:
    """A thing inside the edition, named by the edition's digest: the same everywhere, and only for this wording."""
    return f"urn:sha256:{award.edition_sha256}#{name}"


def url(homepage: str | None) -> Json:
    """The homepage, if there is one."""
    return {"url": homepage} if homepage else {}


def identity(kind: str, value: str) -> Json:
    """A mark of the holder, in plain: the document is the holder's own."""
    return {"type": "IdentityObject", "hashed": False, "identityHash": value, "identityType": kind}


def organisation_number(number: str) -> Json:
    """The number in the register of companies."""
    return {"type": "IdentifierEntry", "identifier": number, "identifierType": "ext:organisationNumber"}


def owner(award: Award) -> Json:
    """The sector body that owns the standard."""
    number = award.owner.organisation_number
    return {
        "id": f"urn:intyga:owner:{award.standard}",
        "type": ["Profile"],
        "name": award.owner.name,
        **url(award.owner.homepage),
        "address": {"type": ["Address"], "addressCountryCode": award.owner.country},
        **({"otherIdentifier": [organisation_number(number)]} if number else {}),
    }


def levels(level: Level) -> list[Json]:
    """Both frameworks, and beside each number whether anybody has decided it."""
    state = DECIDED if level.state == "decided" else PROPOSED
    who = ", ".join(each for each in (state["sv"], level.by, level.on) if each)
    frameworks = (
        ("EQF", level.eqf, "http://data.europa.eu/snb/eqf/"),
        ("SeQF", level.seqf, "urn:intyga:code:SeQF:"),
    )
    return [
        {
            "type": ["Alignment"],
            "targetType": f"ext:{name}",
            "targetFramework": name,
            "targetCode": str(number),
            "targetName": f"{name} {number} ({state['sv']})",
            "targetDescription": who,
            "targetUrl": f"{address}{number}",
        }
        for name, number, address in frameworks
    ]


def codes(codes: tuple[Code, ...]) -> list[Json]:
    """Concepts in code systems of others."""
    return [_code(each) for each in codes]


def _code(code: Code) -> Json:
    framework, address = CODE_SYSTEMS[code.system]
    short = code.code.rpartition("/")[2]  # some write the code as the address of its concept
    return {
        "type": ["Alignment"],
        "targetType": f"ext:{code.system}",
        "targetFramework": framework,
        "targetCode": short,
        "targetName": code.title or f"{framework} {short}",
        "targetUrl": code.code if code.code != short else f"{address}{code.code}",
    }


def methods(modules: tuple[ModuleAward, ...]) -> list[str]:
    """Methods used, each once."""
    return sorted({method for module in modules for method in module.methods})


def evidence(award: Award, method: str) -> Json:
    """What was done, never who did it."""
    days = " – ".join(dict.fromkeys((award.assessed_from, award.assessed_until)))
    return {
        "type": ["Evidence"],
        "genre": METHODS[method],
        "title": {"sv": METHODS[method], "en": translations("en").gettext(METHODS[method])},
        "narrative": f"Bedömd {days}. Antal bedömare: {award.assessors}. Underlaget finns hos utfärdaren.",
    }


def result_description(award: Award, criterion: CriterionAward) -> Json:
    """A criterion, as something that can be met."""
    return {
        "id": local(award, criterion.id),
        "type": ["ResultDescription"],
        "name": f"{criterion.id} {criterion.text['sv']}",
        "title": languages(criterion.text),
        "resultType": "ext:CriticalCriterion" if criterion.critical else "ext:Criterion",
        "allowedValue": list(dict.fromkeys(each["sv"] for each in (MET, NOT_APPLICABLE, ENDED[criterion.score][0]))),
    }


def result(award: Award, criterion: CriterionAward) -> Json:
    """How a criterion ended, with what was measured."""
    outcome, status = ENDED[criterion.score]
    facts = [
        f"{fact.title['sv']}: {fact.value}" + (f", gräns {fact.limit}" if fact.limit else "")
        for fact in criterion.facts
    ]
    return {
        "type": ["Result"],
        "resultDescription": local(award, criterion.id),
        **status,
        "value": outcome["sv"],
        **({"narrative": "\n".join(facts)} if facts else {}),
    }


def status_entry(address: str, index: int) -> Json:
    """Where to ask whether the record still holds."""
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def demands(award: Award, modules: tuple[ModuleAward, ...], title: Text) -> str:
    """What one must show to earn it; the limits that applied stand with it."""
    lines = [f"{title['sv']}. {award.notice['sv']}"]
    for module in modules:
        heading = module.title["sv"] if len(modules) > 1 else "Läranderesultat"
        lines += ["", heading, *(f"- {outcome.text['sv']}" for outcome in module.outcomes)]
    if award.parameters:
        lines += ["", "Gränser som gällde", *(f"- {_limit(each)}" for each in award.parameters)]
    if award.applied:
        lines += ["", "Tabeller som gällde", *(f"- {each.name['sv']}: {each.variant['sv']}" for each in award.applied)]
    return "\n".join(lines)


def _limit(line: ParameterLine) -> str:
    return f"{line.name['sv']}: {line.value} {line.unit}" + (" (skärpt av utfärdaren)" if line.tightened else "")


def prerequisite(seen: PrerequisiteLine) -> Text:
    """A paper that was seen, and its days as far as they are known."""
    days = [("utfärdat", "issued", seen.issued), ("giltigt till", "valid until", seen.valid_until)]
    return {
        "sv": ", ".join([seen.name["sv"], *(f"{sv} {day}" for sv, _, day in days if day)]),
        "en": ", ".join([in_language(seen.name, "en"), *(f"{en} {day}" for _, en, day in days if day)]),
    }


def left_out(award: Award) -> Text:
    """What the award does not cover."""
    return {
        "sv": "Inte bedömt: " + "; ".join(in_language(each, "sv") for each in award.not_assessed),
        "en": "Not assessed: " + "; ".join(in_language(each, "en") for each in award.not_assessed),
    }


def replaces(number: str) -> Text:
    """Which certificate no longer counts because this one does."""
    return {"sv": f"Ersätter bevis {number}.", "en": f"Replaces certificate {number}."}


def stack_whole(award: Award) -> Text:
    """How the whole is built."""
    number = len(award.modules)
    return {
        "sv": f"Består av moduler med egna mikromeriter: {number}. De kan läggas ihop med andra moduler.",
        "en": f"Made of modules with micro-credentials of their own: {number}. They stack with other modules.",
    }


def stack_module(award: Award) -> Text:
    """What the module is a part of."""
    return {
        "sv": f"Ingår i {award.title['sv']} {award.edition} och kan läggas ihop med standardens övriga moduler.",
        "en": f"Part of {in_language(award.title, 'en')} {award.edition}; stacks with its other modules.",
    }
