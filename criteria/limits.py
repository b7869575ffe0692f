"""Checks of the numbers: limits that point somewhere, the right way, in the right unit, and have a source."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from criteria.coherence import criteria
from criteria.findings import Fault, Path
from criteria.fit import nearest
from criteria.model import Column, Criterion, Edition, NumberFact, Parameter, ParameterRef, TableFact

_SIDES: tuple[Literal["minimum"], Literal["maximum"]] = ("minimum", "maximum")
_TIGHTENS = {"minimum": "higher", "maximum": "lower"}


def limited(criterion: Criterion, path: Path) -> Iterator[tuple[Path, NumberFact | Column]]:
    """Everything in a criterion that may have limits."""
    for place, fact in enumerate(criterion.facts):
        here = (*path, "facts", place)
        if isinstance(fact, NumberFact):
            yield here, fact
        elif isinstance(fact, TableFact):
            yield from (((*here, "columns", c), column) for c, column in enumerate(fact.columns))


def limits(edition: Edition) -> Iterator[Fault]:
    """Each limit on its own, and the two of a pair against each other."""
    known = {parameter.id: parameter for parameter in edition.parameters}
    for path, _, criterion in criteria(edition):
        for here, part in limited(criterion, path):
            for side in _SIDES:
                limit = getattr(part, side)
                if isinstance(limit, ParameterRef):
                    yield from _reference(limit, part, known, (*here, side))
                elif limit is not None and not criterion.source:
                    yield Fault(code="limit-without-source", path=(*here, side))
            least, most = (_value(getattr(part, side), known) for side in _SIDES)
            if least is not None and most is not None and least > most:
                yield Fault(code="limits-crossed", path=here)
            if isinstance(part, Column) and part.kind == "text" and (part.minimum, part.maximum) != (None, None):
                yield Fault(code="limit-on-text", path=here)
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
    used_sources = {each.source for each in edition.parameters} | {each.source for each in edition.prerequisites}
    used_parameters: set[str] = set()
    for path, _, criterion in criteria(edition):
        used_sources |= set(criterion.source)
        for _, part in limited(criterion, path):
            used_parameters |= {x.parameter for x in (part.minimum, part.maximum) if isinstance(x, ParameterRef)}
    used_papers = {paper for module in edition.modules for paper in module.prerequisites}
    for name, what, used in (
        ("sources", "source", used_sources),
        ("parameters", "parameter", used_parameters),
        ("prerequisites", "prerequisite", used_papers),
    ):
        for place, each in enumerate(getattr(edition, name)):
            if each.id not in used:
                yield Fault(code="unused", path=(name, place), values={"what": what, "id": each.id})


def _reference(
    limit: ParameterRef, part: NumberFact | Column, known: dict[str, Parameter], path: Path
) -> Iterator[Fault]:
    key = limit.parameter
    parameter = known.get(key)
    if parameter is None:
        values: dict[str, object] = {"what": "parameter", "id": key, **nearest(key, list(known))}
        yield Fault(code="reference-unknown", path=(*path, "parameter"), values=values)
        return
    if parameter.tighter != _TIGHTENS[str(path[-1])]:
        yield Fault(code="limit-direction", path=path, values={"id": key, "tighter": parameter.tighter})
    if part.unit != parameter.unit:
        values = {"unit": part.unit or "–", "other": parameter.unit, "id": key}
        yield Fault(code="unit-differs", path=path[:-1], values=values)


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
