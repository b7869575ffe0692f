"""Cheap flags for the quality assurer: nothing they say is wrong by itself, each asks for a closer look."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from assessments.checklist import Checklist, fact_of
from assessments.event import FactGiven
from assessments.standing import Standing
from criteria.model import TableFact

Code = Literal["within-an-hour", "photo-twice", "photo-elsewhere", "identical-rows", "identical-tables", "one-day"]
HURRY = timedelta(hours=1)
FEWEST = 5
"""With fewer criteria an hour is no hurry."""
ALIKE = 3
"""Fewer equal rows are chance, and so are equal rows that are no majority."""
ONE_DAY = 3
"""With fewer pieces of evidence one day is no wonder."""


class Flag(Struct, frozen=True, kw_only=True):
    """Something to look at, and the criteria it concerns."""

    code: Code
    items: tuple[str, ...] = ()
    detail: str = ""


def flags(checklist: Checklist, standing: Standing, elsewhere: frozenset[str] = frozenset()) -> tuple[Flag, ...]:
    """All flags of a case; `elsewhere` are its photos (SHA-256) that another case has too."""
    return (
        *_hurried(checklist, standing),
        *_photos(standing, elsewhere),
        *_measurements(checklist, standing),
        *_one_day(standing),
    )


def _hurried(checklist: Checklist, standing: Standing) -> Iterator[Flag]:
    judged = {item: scored for item, scored in standing.scores.items() if scored.score != "not_assessed"}
    if len(judged) < max(FEWEST, len(checklist.criteria)):
        return
    moments = [datetime.fromisoformat(scored.at) for scored in judged.values()]
    span = max(moments) - min(moments)
    if span < HURRY:
        yield Flag(code="within-an-hour", detail=str(int(span.total_seconds() // 60)))


def _photos(standing: Standing, elsewhere: frozenset[str]) -> Iterator[Flag]:
    seen: dict[str, set[str]] = defaultdict(set)
    for item, kept in standing.evidence.items():
        for each in kept:
            if each.sha256:
                seen[each.sha256].add(item)
    for sha256, items in sorted(seen.items()):
        if len(items) > 1:
            yield Flag(code="photo-twice", items=tuple(sorted(items)), detail=sha256)
        if sha256 in elsewhere:
            yield Flag(code="photo-elsewhere", items=tuple(sorted(items)), detail=sha256)


def _measurements(checklist: Checklist, standing: Standing) -> Iterator[Flag]:
    tables: dict[tuple[tuple[str, ...], ...], set[str]] = defaultdict(set)
    for (item, key), given in sorted(standing.facts.items()):
        filled = _rows(checklist, item, key, given)
        most = max((filled.count(row) for row in set(filled)), default=0)
        if most >= ALIKE and most * 2 > len(filled):
            yield Flag(code="identical-rows", items=(item,), detail=f"{most}/{len(filled)}")
        if len(set(filled)) > 1:
            tables[tuple(filled)].add(item)
    for items in tables.values():
        if len(items) > 1:
            yield Flag(code="identical-tables", items=tuple(sorted(items)))


def _rows(checklist: Checklist, item: str, key: str, given: FactGiven) -> list[tuple[str, ...]]:
    """The measured numbers of a table, row by row; the name of a fibre or a place is no measurement."""
    criterion = checklist.criteria.get(item)
    fact = fact_of(criterion, key) if criterion else None
    if not isinstance(fact, TableFact) or not isinstance(given.value, tuple):
        return []
    measured = [column.id for column in fact.columns if column.kind == "number"]
    rows = [tuple(row.get(each, "").strip().replace(",", ".") for each in measured) for row in given.value]
    return [row for row in rows if any(row)]


def _one_day(standing: Standing) -> Iterator[Flag]:
    days = [each.day for kept in standing.evidence.values() for each in kept]
    if len(days) >= ONE_DAY and len(set(days)) == 1:
        yield Flag(code="one-day", detail=days[0])
