"""Events, reasons and flags in sentences: one table of words for every page that tells them."""

from datetime import datetime

from msgspec import Struct

from app.web.language import gettext, language, later, words
from app.words import METHODS
from assessments import measured
from assessments.checklist import Checklist, fact_of
from assessments.event import (
    Commented,
    Event,
    EvidenceGiven,
    FactGiven,
    Noted,
    PrerequisiteSeen,
    Scored,
    SignedOff,
    Timed,
    Withdrawn,
)
from assessments.flags import Flag
from assessments.rules import Reason

SCORES = {
    "met": later("Uppnått"),
    "not_met": later("Ännu inte"),
    "not_assessed": later("Ej bedömt"),
    "not_applicable": later("Ej tillämpligt"),
}
EVIDENCE = {
    "photo": later("Foto"),
    "document": later("Dokument"),
    "link": later("Länk"),
    "note": later("Anteckning som bevis"),
}
REASONS = {
    "conflict": later("Uppgifterna skiljer sig åt och måste redas ut."),
    "not-assessed": later("Är inte bedömt än."),
    "not-met": later("Är bedömt som ännu inte uppnått."),
    "share-not-met": later("För liten andel av kriterierna är uppnådda (%(detail)s)."),
    "fact-missing": later("Uppgift saknas: %(fact)s."),
    "fact-outside-limit": later("%(fact)s ligger utanför gränsen: %(detail)s."),
    "fact-not-accepted": later("%(fact)s: svaret räcker inte."),
    "fact-too-old": later("%(fact)s: dagen %(detail)s ligger för långt tillbaka, eller framåt, i tiden."),
    "evidence-missing": later("Bevis saknas: %(detail)s finns."),
    "evidence-days": later("Bevisen behöver komma från fler olika dagar."),
    "methods-missing": later("Fler sätt att bedöma behövs."),
    "assessors-missing": later("Ännu en bedömare behöver bedöma kriteriet."),
    "prerequisite-missing": later("Behörighet saknas: %(paper)s."),
    "prerequisite-expired": later("Behörigheten har gått ut: %(paper)s."),
    "theory-not-reached": later("Teoriproven når inte gränsen: %(detail)s."),
    "fact-days": later("%(fact)s: raderna behöver komma från fler dagar (%(detail)s)."),
    "fact-not-in-table": later("%(fact)s: stämmer inte med tabellen som gäller här, %(detail)s."),
    "warning-unexplained": later("%(fact)s: en varning saknar åtgärd, %(detail)s."),
    "chain-broken": later("%(fact)s: kedjan är bruten vid rad %(detail)s."),
    "step-missing": later("%(fact)s: steg %(detail)s är inte taget."),
    "step-order": later("%(fact)s: stegen togs i fel ordning (%(detail)s)."),
    "witness-missing": later("%(fact)s: steg %(detail)s saknar den andra personen."),
    "repetitions-missing": later("Behöver visas fler gånger (%(detail)s)."),
    "standard-failed": later("Kriteriet %(detail)s är inte uppnått, och det fäller hela standarden."),
    "prerequisite-not-at-start": later("Behörigheten gällde inte när det bedömdes: %(paper)s (%(detail)s)."),
    "prerequisite-for-result": later("Modulerna räcker, men för det högre resultatet saknas: %(paper)s."),
}
"""Every code that a rule gives; a test compares."""
TIMERS = {
    "start": later("Startade tidtagningen %(timer)s"),
    "stop": later("Stoppade tidtagningen %(timer)s vid %(time)s"),
    "reset": later("Nollställde tidtagningen %(timer)s"),
}
FLAGS = {
    "within-an-hour": later("Hela standarden är bedömd inom en timme (%(detail)s minuter)."),
    "photo-twice": later("Samma foto används för flera kriterier: %(items)s."),
    "photo-elsewhere": later("Samma foto finns i ett annat ärende: %(items)s."),
    "identical-rows": later("Många mätvärden är exakt lika i %(items)s: %(detail)s rader."),
    "identical-tables": later("Samma mätserie står på flera ställen: %(items)s."),
    "one-day": later("Alla bevis är från en och samma dag, %(detail)s."),
}
"""Every code of `assessments.flags`; a test compares."""


class Said(Struct, frozen=True, kw_only=True):
    """An event as people read it."""

    event: Event
    who: str
    at: datetime
    words: str


def said(checklist: Checklist, event: Event, names: dict[str, str]) -> Said:
    """Who, when and what; the time is the author's clock."""
    return Said(
        event=event,
        who=names.get(event.actor, "–"),
        at=datetime.fromisoformat(event.at),
        words=told(checklist, event),
    )


def told(checklist: Checklist, event: Event) -> str:  # noqa: PLR0911 one sentence for each kind of event
    """What the event says, without its criterion."""
    match event:
        case Scored():
            how = ", ".join(gettext(METHODS[each]) for each in event.methods)
            return ". ".join(part for part in (gettext(SCORES[event.score]), how, event.reason) if part)
        case Noted():
            return event.text
        case FactGiven():
            criterion = checklist.criteria.get(event.item)
            fact = fact_of(criterion, event.fact) if criterion else None
            shown = measured.value(fact, event, language()) if fact else ""
            return f"{words(fact.title) if fact else event.fact}: {shown or '–'}"
        case EvidenceGiven():
            return ", ".join(part for part in (gettext(EVIDENCE[event.evidence]), event.day, event.text) if part)
        case PrerequisiteSeen():
            until = f", {gettext('gäller till')} {event.valid_until}" if event.valid_until else ""
            return f"{paper(checklist, event.item)}: {gettext('utfärdad')} {event.issued}{until}"
        case Withdrawn():
            return ". ".join(part for part in (gettext("Tog tillbaka"), event.reason) if part)
        case SignedOff():
            return _signed(event)
        case Commented():
            return gettext("Kandidaten skrev: %(text)s", text=event.text)
        case Timed():
            return gettext(TIMERS[event.state], timer=event.timer, time=stopwatch(event.ms))


def _signed(event: SignedOff) -> str:
    """Who stood for how much; a candidate may decline, and may say why."""
    if event.role == "candidate":
        said = gettext("Kandidaten %(name)s avstod från att bekräfta", name=event.name)
        if not event.declined:
            said = gettext(
                "Kandidaten %(name)s bekräftade till och med händelse %(num)s", name=event.name, num=event.covers
            )
    elif event.covers:
        said = gettext("Bekräftade uppgifterna till och med händelse %(num)s", num=event.covers)
    else:
        said = gettext("Bekräftade att uppgifterna är rätt")
    return f"{said}. {event.comment}".strip()


def stopwatch(ms: int) -> str:
    """Minutes and seconds."""
    return f"{ms // 60_000}:{ms // 1000 % 60:02d}"


def reason(checklist: Checklist, found: Reason) -> str:
    """Why a module is not achieved, without its criterion."""
    criterion = checklist.criteria.get(found.item)
    fact = fact_of(criterion, found.fact) if criterion else None
    name = words(fact.title) if fact else found.fact
    detail = found.detail if found.code == "standard-failed" else measured.spoken(found.detail, language())
    if found.code in ("evidence-missing", "repetitions-missing", "fact-days"):
        detail = detail.replace("<", gettext("av"))
    if found.code == "fact-outside-limit" and ": " in detail:
        detail = gettext("rad %(place)s", place=detail)
    if found.code == "fact-missing" and detail:
        name = f"{name} ({detail})"
    return gettext(REASONS[found.code], fact=name, detail=detail, paper=paper(checklist, found.item))


def flag(found: Flag) -> str:
    """What the quality assurer should look at."""
    return gettext(FLAGS[found.code], items=", ".join(found.items), detail=found.detail)


def paper(checklist: Checklist, item: str) -> str:
    """A prerequisite's name."""
    return next((words(each.name) for each in checklist.edition.prerequisites if each.id == item), item)
