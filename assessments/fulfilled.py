"""What an assessor would enter when everything is met: the plain case that situations and rehearsals depart from."""

from datetime import date, timedelta
from decimal import Decimal

from assessments.checklist import Checklist
from assessments.event import Row
from criteria.model import ChoiceFact, Column, Criterion, DateFact, Fact, Limit, Method, NumberFact, TableFact

Value = str | tuple[Row, ...]
_SMALLEST = Decimal("0.000000001")


def value(checklist: Checklist, fact: Fact, on: date) -> Value:
    """A value that is within every limit of this case on that day."""
    match fact:
        case NumberFact():
            return _number(checklist, fact.minimum, fact.maximum)
        case TableFact():
            return tuple(_row(checklist, fact, place) for place in range(1, fact.rows + 1))
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
    spread = criterion.evidence.different_days
    return tuple((on - timedelta(days=1 + place % spread)).isoformat() for place in range(criterion.evidence.minimum))


def judges(checklist: Checklist, criterion: Criterion) -> int:
    """How many persons must judge it."""
    return max(criterion.assessors, checklist.edition.assessors)


def _row(checklist: Checklist, fact: TableFact, place: int) -> Row:
    return {
        column.id: str(place) if column.kind == "text" else _number(checklist, *_limits(fact, column))
        for column in fact.columns
        if column.kind != "mean"
    }


def _limits(fact: TableFact, column: Column) -> tuple[Limit | None, Limit | None]:
    """A part of a mean is bound by the mean's limits where it has none of its own."""
    bound = [column, *(each for each in fact.columns if column.id in each.mean_of)]
    least = next((each.minimum for each in bound if each.minimum is not None), None)
    most = next((each.maximum for each in bound if each.maximum is not None), None)
    return least, most


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
