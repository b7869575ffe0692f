"""What an assessor would enter when everything is met: the plain case that situations and rehearsals depart from."""

from datetime import date, timedelta
from decimal import Decimal

from assessments.checklist import Checklist
from assessments.event import Row
from criteria.model import (
    ChoiceFact,
    Column,
    Criterion,
    DateFact,
    Fact,
    Limit,
    Method,
    NumberFact,
    ScoreFact,
    StepsFact,
    TableFact,
)

Value = str | tuple[Row, ...]
_SMALLEST = Decimal("0.000000001")


def value(checklist: Checklist, fact: Fact, on: date, times: int = 1) -> Value:  # noqa: PLR0911 one for each kind of fact
    """A value that is within every limit of this case on that day; a table is filled so many times over."""
    match fact:
        case NumberFact():
            return _number(checklist, fact.minimum, fact.maximum)
        case TableFact():
            return tuple(_row(checklist, fact, place, on) for place in range(1, fact.rows * times + 1))
        case StepsFact():
            return tuple({"step": step.id, "witness": "kollega" if step.witnessed else ""} for step in fact.steps)
        case ScoreFact():
            return str(fact.points)
        case ChoiceFact():
            return next((option.id for option in fact.options if option.accepted), fact.options[0].id)
        case DateFact():
            return (on - timedelta(days=1)).isoformat()
        case _:
            return "prov 1"


def methods(criterion: Criterion) -> tuple[Method, ...]:
    """As many of the allowed methods as the criterion demands."""
    return criterion.methods.allowed[: criterion.methods.minimum]


def evidence_days(criterion: Criterion, on: date) -> tuple[str, ...]:
    """The days of as many pieces of evidence as the criterion demands, from enough different days."""
    if criterion.evidence is None:
        return ()
    spread, pieces = criterion.evidence.different_days, criterion.evidence.minimum * criterion.repetitions
    return tuple((on - timedelta(days=1 + place % spread)).isoformat() for place in range(pieces))


def judges(checklist: Checklist, criterion: Criterion) -> int:
    """How many persons must judge it."""
    return max(criterion.assessors, checklist.edition.assessors)


def _row(checklist: Checklist, fact: TableFact, place: int, on: date) -> Row:
    return {column.id: _cell(checklist, fact, column, place, on) for column in fact.columns if column.kind != "mean"}


def _cell(checklist: Checklist, fact: TableFact, column: Column, place: int, on: date) -> str:
    if column.kind == "number":
        return _number(checklist, *_limits(fact, column))
    if column.kind == "date":
        return (on - timedelta(days=1 + (place - 1) % fact.different_days)).isoformat()
    if column.table:
        rows = checklist.variant(column.table).rows
        row = rows[(place - 1) % len(rows)]
        return row.key if column.part == "key" else next(iter(row.value.values()))
    if fact.chain and column.id in (fact.chain.thing, fact.chain.receiver):
        return "1" if column.id == fact.chain.thing else str(place + 1)
    return str(place)


def _limits(fact: TableFact, column: Column) -> tuple[Limit | None, Limit | None]:
    """The narrowest there are; a part of a mean is bound by the mean's limits where it has none of its own."""
    bound = [column, *(each for each in fact.columns if column.id in each.mean_of)]
    least = [limit for each in bound for limit in (each.warning_minimum, each.minimum) if limit is not None]
    most = [limit for each in bound for limit in (each.warning_maximum, each.maximum) if limit is not None]
    return next(iter(least), None), next(iter(most), None)


def _number(checklist: Checklist, minimum: Limit | None, maximum: Limit | None) -> str:
    least, most = checklist.limit(minimum), checklist.limit(maximum)
    found = Decimal(1)
    if least is not None and most is not None:
        found = (least + most) / 2
    elif most is not None:
        found = most - abs(most) / 2
    elif least is not None:
        found = least + abs(least) / 2
    shown = format(found.quantize(_SMALLEST), "f")
    return shown.rstrip("0").rstrip(".")
