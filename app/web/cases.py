"""Reading a case for a page: who may, what it is called in lists, how far it has come, what has happened in it."""

from datetime import datetime
from itertools import groupby

from msgspec import Struct

from app.policy import Actor, can, require
from app.store import assessments, standards, timeline
from app.store.assessments import Assessment, Candidate, CaseFile
from app.store.events import DELIVERED
from app.store.standards import Published
from app.store.timeline import Entry, Look
from app.tools import STOCKHOLM
from app.web.language import gettext, later, ngettext, translated, words
from assessments.problems import MissingError
from criteria.model import Module

ACTIONS: dict[str, str] = {
    "assessment.open": later("Ärendet öppnades"),
    "assessment.no-tie": later("Intygade att ingen koppling till kandidaten finns"),
    "assessment.record": later("Bedömde"),
    "assessment.deliver": later("Lämnade in från fältet"),
    "assessment.take-along": later("Tog med ärendet på surfplatta"),
    "assessment.bring-back": later("Avslutade arbetet på surfplatta"),
    "assessment.confirm": later("Bekräftade det som gjorts på surfplatta"),
    "assessment.decide": later("Bekräftade beslutet"),
    "assessment.take-back": later("Tog tillbaka beslutet"),
    "assessment.approve": later("Godkände i kvalitetssäkringen"),
    "assessment.return": later("Lämnade tillbaka för komplettering"),
    "assessment.withdraw": later("Ärendet återtogs"),
    "assessment.import": later("Ärendet importerades"),
    "award.give": later("Resultatet fastställdes"),
    "award.issue": later("Beviset utfärdades"),
    "award.ask-revoke": later("Begärde återkallelse"),
    "award.revoke": later("Bekräftade återkallelsen"),
    "candidate.code": later("Gjorde en kod till kandidaten"),
    "candidate.hand-over": later("Lämnade över en länk till kandidaten"),
    "candidate.see-protected": later("Såg skyddade personuppgifter"),
}
"""Ledger action → what people read; one that is not here is shown by its code."""


class Line(Struct, frozen=True):
    """One line of a case's history."""

    at: datetime
    who: str
    what: str


class Part(Struct, frozen=True):
    """A module at stake with how many of its criteria have a standing score."""

    module: Module
    done: int
    total: int


def readable(tx: Look, actor: Actor, key: str) -> CaseFile:
    """The case, for coordinators and quality assurers of its provider and for its own assessors; else missing."""
    case = assessments.case_file(tx, key)
    provider = case.assessment.provider
    require(actor, "assessment.read", provider)
    own = actor.person in {each.person for each in case.assessment.assigned}
    if not (own or can(actor, "assessment.list", provider)):
        raise MissingError(assessment=key)
    return case


def called(candidate: Candidate) -> str:
    """What lists say: protected people are known by their reference only, erased ones by nothing."""
    if candidate.erased_at:
        return gettext("Raderad person")
    if candidate.protected:
        return gettext("Skyddad identitet")
    return candidate.name


def titles(tx: Look, cases: list[Assessment]) -> dict[str, str]:
    """The standards' titles by edition, each read once."""
    return {key: title(standards.find(tx, key)) for key in {case.edition for case in cases}}


def title(published: Published) -> str:
    """The standard with its edition."""
    return f"{words(published.content.title)} {published.edition}"


def parts(case: CaseFile) -> list[Part]:
    """How far each module has come."""
    scored = case.standing.scores
    return [
        Part(module, sum(c.id in scored for c in module.criteria), len(module.criteria))
        for module in case.checklist.modules
    ]


def progress(case: CaseFile) -> tuple[int, int]:
    """How far the whole case has come."""
    found = parts(case)
    return sum(each.done for each in found), sum(each.total for each in found)


def history(tx: Look, subjects: list[str], provider: str) -> list[Line]:
    """The entries in the ledger, the latest first; a day's many recordings by one person are one line."""
    found = timeline.entries(tx, provider, subjects)
    lines = []
    for _, group in groupby(found, key=_together):
        entries = list(group)
        lines.append(Line(entries[0].at, entries[0].name or _machine(entries[0]), _what(entries)))
    return lines


def _together(entry: Entry) -> tuple[str, ...]:
    if entry.action not in ("assessment.record", DELIVERED):
        return (entry.action, entry.at.isoformat(), entry.actor)
    return (entry.action, entry.at.astimezone(STOCKHOLM).date().isoformat(), entry.actor)


def _what(entries: list[Entry]) -> str:
    said = translated(ACTIONS.get(entries[0].action, entries[0].action))
    if len(entries) == 1:
        return said
    return f"{said} {ngettext('(%(num)s gång)', '(%(num)s gånger)', len(entries))}"


def _machine(entry: Entry) -> str:
    if entry.action == DELIVERED:
        return gettext("Surfplatta")
    return gettext("Driftansvarig") if entry.actor == "operator" else gettext("Intyga")
