"""Checks of the numbers: limits that point somewhere, the right way, in the right unit, and have a source."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from criteria.coherence import criteria
from criteria.findings import Fault, Path
from criteria.fit import nearest
from criteria.model import (
    Column,
    Criterion,
    Edition,
    Fact,
    Limit,
    NumberFact,
    Parameter,
    ParameterRef,
    ScoreFact,
    TableFact,
)

PERCENT = "%"
"""What the threshold of a theory test is counted in."""
_TIGHTENS = {
    "minimum": "higher",
    "maximum": "lower",
    "warning_minimum": "higher",
    "warning_maximum": "lower",
    "threshold": "higher",
}


class Bounded(Struct, frozen=True):
    """Something with limits, and the unit they are counted in."""

    path: Path
    part: NumberFact | Column | ScoreFact
    unit: str | None

    @property
    def limits(self) -> dict[str, Limit]:
        """The limits it has, by the name of their key."""
        found = {side: getattr(self.part, side, None) for side in _TIGHTENS}
        return {side: limit for side, limit in found.items() if limit is not None}


def limited(criterion: Criterion, path: Path = ()) -> Iterator[Bounded]:
    """Everything in a criterion that may have limits."""
    for place, fact in enumerate(criterion.facts):
        yield from _bounded(fact, (*path, "facts", place))


def limits(edition: Edition) -> Iterator[Fault]:
    """Each limit on its own, and those of one value against each other."""
    known = {parameter.id: parameter for parameter in edition.parameters}
    for path, _, criterion in criteria(edition):
        for bounded in limited(criterion, path):
            for side, limit in bounded.limits.items():
                if isinstance(limit, ParameterRef):
                    yield from _reference(limit, bounded, known, side)
                elif not criterion.source:
                    yield Fault(code="limit-without-source", path=(*bounded.path, side))
            yield from _crossed(bounded, known)
            if isinstance(bounded.part, Column) and bounded.part.kind in ("text", "date") and bounded.limits:
                yield Fault(code="limit-on-text", path=bounded.path)
    for place, parameter in enumerate(edition.parameters):
        if parameter.source is None:
            yield Fault(code="limit-without-source", path=("parameters", place))


def means(edition: Edition) -> Iterator[Fault]:
    """A computed column names at least two number columns of its own table."""
    for path, _, criterion in criteria(edition):
        for place, fact in enumerate(criterion.facts):
            if isinstance(fact, TableFact):
                yield from _means(fact, (*path, "facts", place, "columns"))


def unused(edition: Edition) -> Iterator[Fault]:
    """Something declared and never used is often a misspelling somewhere else."""
    used_sources = {each.source for name in ("parameters", "prerequisites") for each in getattr(edition, name)}
    used_sources |= {variant.source for table in edition.tables for variant in table.variants}
    used_parameters: set[str] = set()
    used_tables: set[str | None] = set()
    for path, _, criterion in criteria(edition):
        used_sources |= set(criterion.source)
        for bounded in limited(criterion, path):
            used_parameters |= {x.parameter for x in bounded.limits.values() if isinstance(x, ParameterRef)}
            used_tables.add(getattr(bounded.part, "table", None))
    used_papers = {paper for module in edition.modules for paper in module.prerequisites}
    used_papers |= {paper for result in edition.results for paper in result.prerequisites}
    for name, what, used in (
        ("sources", "source", used_sources),
        ("parameters", "parameter", used_parameters),
        ("tables", "table", used_tables),
        ("prerequisites", "prerequisite", used_papers),
    ):
        for place, each in enumerate(getattr(edition, name)):
            if each.id not in used:
                yield Fault(code="unused", path=(name, place), values={"what": what, "id": each.id})


def _bounded(fact: Fact, path: Path) -> Iterator[Bounded]:
    if isinstance(fact, NumberFact):
        yield Bounded(path, fact, fact.unit)
    elif isinstance(fact, ScoreFact):
        yield Bounded(path, fact, PERCENT)
    elif isinstance(fact, TableFact):
        yield from (Bounded((*path, "columns", c), column, column.unit) for c, column in enumerate(fact.columns))


def _reference(limit: ParameterRef, bounded: Bounded, known: dict[str, Parameter], side: str) -> Iterator[Fault]:
    key, path = limit.parameter, (*bounded.path, side)
    parameter = known.get(key)
    if parameter is None:
        values: dict[str, object] = {"what": "parameter", "id": key, **nearest(key, list(known))}
        yield Fault(code="reference-unknown", path=(*path, "parameter"), values=values)
        return
    if parameter.tighter != _TIGHTENS[side]:
        yield Fault(code="limit-direction", path=path, values={"id": key, "tighter": parameter.tighter})
    if bounded.unit != parameter.unit:
        values = {"unit": bounded.unit or "–", "other": parameter.unit, "id": key}
        yield Fault(code="unit-differs", path=bounded.path, values=values)


def _crossed(bounded: Bounded, known: dict[str, Parameter]) -> Iterator[Fault]:
    values = {side: _value(limit, known) for side, limit in bounded.limits.items()}
    least, most = values.get("minimum"), values.get("maximum")
    if least is not None and most is not None and least > most:
        yield Fault(code="limits-crossed", path=bounded.path)
        return
    order = [values.get(side) for side in ("minimum", "warning_minimum", "warning_maximum", "maximum")]
    rising = [value for value in order if value is not None]
    if rising != sorted(rising):
        yield Fault(code="warning-outside", path=bounded.path)


def _value(limit: Decimal | ParameterRef | None, known: dict[str, Parameter]) -> Decimal | None:
    if isinstance(limit, ParameterRef):
        return known[limit.parameter].value if limit.parameter in known else None
    return limit


def _means(fact: TableFact, path: Path) -> Iterator[Fault]:
    numbers = {column.id for column in fact.columns if column.kind == "number"}
    for place, column in enumerate(fact.columns):
        here = (*path, place)
        if column.kind != "mean" and column.mean_of:
            yield Fault(code="mean-of-elsewhere", path=(*here, "mean_of"))
        if column.kind == "mean" and len(set(column.mean_of)) < 2:
            yield Fault(code="mean-without-parts", path=here)
        for part, key in enumerate(column.mean_of):
            if key not in numbers and column.kind == "mean":
                yield Fault(code="mean-of-not-number", path=(*here, "mean_of", part), values={"id": key})
