"""Papers that come before the start: until they are seen and hold, their modules are closed."""

from collections.abc import Iterable
from datetime import date

from assessments.checklist import Checklist
from assessments.event import Event, EvidenceGiven, FactGiven, Scored
from assessments.problems import PaperFirstError
from assessments.rules import Case, paper_fault, stockholm_day
from assessments.standing import Standing
from criteria.model import Module, Prerequisite


def unheld(lists: Checklist, standing: Standing, on: date) -> dict[str, tuple[Prerequisite, ...]]:
    """By module: the papers that keep it from being started on that day; modules that may start are left out."""
    case = Case(checklist=lists, standing=standing, on=on)
    found = {module.id: tuple(p for p in _first(lists, module) if paper_fault(case, p, on)) for module in lists.modules}
    return {key: papers for key, papers in found.items() if papers}


def require_papers(lists: Checklist, standing: Standing, events: Iterable[Event]) -> None:
    """The papers hold on the day of each act that judges or measures; `standing` is as it will be with the events.

    Of the standing only the papers matter.
    """
    papers = {paper.id for module, on in _days(lists, events) for paper in unheld(lists, standing, on).get(module, ())}
    if papers:
        raise PaperFirstError(papers=sorted(papers))


def asks_for_papers(lists: Checklist, events: Iterable[Event]) -> bool:
    """Whether any of the acts is about a module that has papers before its start."""
    closed = {module.id for module in lists.modules if _first(lists, module)}
    return any(module in closed for module, _ in _days(lists, events))


def _days(lists: Checklist, events: Iterable[Event]) -> set[tuple[str, date]]:
    """The modules that are judged or measured in, each with the day."""
    home = {criterion.id: module.id for module in lists.modules for criterion in module.criteria}
    return {
        (home[event.item], stockholm_day(event.at))
        for event in events
        if isinstance(event, Scored | FactGiven | EvidenceGiven) and event.item in home
    }


def _first(lists: Checklist, module: Module) -> list[Prerequisite]:
    papers = lists.edition.prerequisites
    return [p for p in papers if p.before == "start" and p.required and p.id in module.prerequisites]
