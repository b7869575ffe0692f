"""Facts as people read them: the value, the limit that holds in this case, and what does not go together with "met"."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec
from msgspec import Struct

from assessments.breaches import means, share
from assessments.checklist import Checklist
from assessments.event import FactGiven, Row, Scored, number
from assessments.rules import Case, Reason, facts_in_order
from assessments.standing import Standing
from criteria.model import ChoiceFact, Column, Fact, Limit, NumberFact, Rule, ScoreFact, StepsFact, TableFact, text

RULE = Rule(name="facts-in-order")


class Cell(Struct, frozen=True):
    """One cell of a table as it is shown; `broken` is the limit it breaks."""

    text: str
    broken: str = ""


def clashes(checklist: Checklist, standing: Standing, on: date) -> dict[tuple[str, str], tuple[Reason, ...]]:
    """By criterion and fact: what the rules would hold against "met", asked before anybody has said "met"."""
    given = {item for item, _ in standing.facts}
    scores = {item: _met(standing.scores.get(item), item) for item in given}
    case = Case(checklist=checklist, standing=msgspec.structs.replace(standing, scores=scores), on=on)
    found: dict[tuple[str, str], tuple[Reason, ...]] = {}
    for module in checklist.modules:
        for reason in facts_in_order(case, module, RULE):
            if (reason.item, reason.fact) in standing.facts:
                found[reason.item, reason.fact] = (*found.get((reason.item, reason.fact), ()), reason)
    return found


def limits(checklist: Checklist, fact: Fact, language: str) -> str:
    """The limit of a number, or of a table's limited columns, in words short enough to stand beside the field."""
    if isinstance(fact, NumberFact):
        return limit(checklist, fact.minimum, fact.maximum, fact.unit, language)
    if isinstance(fact, TableFact):
        told = ((column, _column_limit(checklist, column, language)) for column in fact.columns)
        return ", ".join(f"{text(column.title, language)} {words}" for column, words in told if words)
    if isinstance(fact, ScoreFact):
        return limit(checklist, fact.threshold, None, "%", language)
    return ""


def limit(checklist: Checklist, minimum: Limit | None, maximum: Limit | None, unit: str | None, language: str) -> str:
    """Such as `≤ 0,10 dB`; nothing when there is no limit."""
    least, most = checklist.limit(minimum), checklist.limit(maximum)
    if least is not None and least == most:
        return f"= {spoken(least, language)} {unit or ''}".strip()
    parts = [f"≥ {spoken(least, language)}" if least is not None else ""]
    parts += [f"≤ {spoken(most, language)}" if most is not None else ""]
    told = ", ".join(part for part in parts if part)
    return f"{told} {unit or ''}".strip() if told else ""


def spoken(value: Decimal | str, language: str) -> str:
    """A number with the language's decimal sign."""
    written = f"{value:f}" if isinstance(value, Decimal) else value
    return written.replace(".", ",") if language == "sv" else written


def value(fact: Fact, given: FactGiven | None, language: str) -> str:  # noqa: PLR0911 one for each kind of fact
    """What was given, on one line; a table is told by the span of its limited columns and the number of its rows."""
    if given is None or not given.value:
        return ""
    if isinstance(fact, TableFact) and isinstance(given.value, tuple):
        return _table(fact, given.value, language)
    if isinstance(fact, StepsFact) and isinstance(given.value, tuple):
        return _steps(fact, given.value)
    plain = str(given.value)
    if isinstance(fact, ChoiceFact):
        return next((text(option.title, language) for option in fact.options if option.id == plain), plain)
    if isinstance(fact, NumberFact):
        measured = number(plain)
        told = spoken(measured, language) if measured is not None else plain
        return f"{told} {fact.unit or ''}".strip()
    if isinstance(fact, ScoreFact):
        reached = share(fact, plain)
        return f"{plain}/{fact.points}" + (f" ({reached:.0f} %)" if reached is not None else "")
    return plain


def warning(checklist: Checklist, column: Column, language: str) -> str:
    """The range within which nothing needs to be explained, such as `≥ 0,1, ≤ 0,4 mg/l`."""
    return limit(checklist, column.warning_minimum, column.warning_maximum, column.unit, language)


def _steps(fact: StepsFact, rows: tuple[Row, ...]) -> str:
    """The numbers of the steps in the order they were taken, with the second person where one was named."""
    place = {step.id: number for number, step in enumerate(fact.steps, start=1)}
    told = [(place.get(row.get("step", ""), "?"), row.get("witness", "").strip()) for row in rows]
    return ", ".join(f"{step} ({witness})" if witness else str(step) for step, witness in told)


def cells(checklist: Checklist, fact: TableFact, row: Mapping[str, str], language: str) -> dict[str, Cell]:
    """One row with its means computed and every broken limit told beside its cell."""
    computed = means(fact, dict(row))
    return {column.id: _cell(checklist, column, row, computed, language) for column in fact.columns}


def _cell(
    checklist: Checklist, column: Column, row: Mapping[str, str], computed: Mapping[str, Decimal], language: str
) -> Cell:
    typed = row.get(column.id, "")
    measured = computed.get(column.id) if column.kind == "mean" else number(typed) if column.kind == "number" else None
    shown = spoken(_short(measured), language) if column.kind == "mean" and measured is not None else typed
    if measured is None:
        return Cell(shown)
    broken = _outside(checklist, measured, column)
    return Cell(shown, spoken(broken, language))


def _outside(checklist: Checklist, measured: Decimal, column: Column) -> str:
    least, most = checklist.limit(column.minimum), checklist.limit(column.maximum)
    if least is not None and measured < least:
        return f"< {least}"
    return f"> {most}" if most is not None and measured > most else ""


def _table(fact: TableFact, rows: tuple[Row, ...], language: str) -> str:
    filled = [row for row in rows if any(cell.strip() for cell in row.values())]
    spans = []
    for column in fact.columns:
        if column.minimum is None and column.maximum is None:
            continue
        found = [means(fact, row).get(column.id) or number(row.get(column.id, "")) for row in filled]
        measured = [each for each in found if each is not None]
        if measured:
            span = "–".join(spoken(_short(each), language) for each in sorted({min(measured), max(measured)}))
            spans.append(f"{text(column.title, language)} {span} {column.unit or ''}".strip())
    return ", ".join(spans) + (f" ({len(filled)})" if filled else "") if spans else _words(fact, filled)


def _words(fact: TableFact, rows: list[Row]) -> str:
    """A table without limits is short and told in full."""
    typed = [column.id for column in fact.columns if column.kind != "mean"]
    return "; ".join(": ".join(cell for key in typed if (cell := row.get(key, "").strip())) for row in rows)


def _column_limit(checklist: Checklist, column: Column, language: str) -> str:
    return limit(checklist, column.minimum, column.maximum, column.unit, language)


def _short(measured: Decimal) -> Decimal:
    """Three decimals are finer than any instrument in the field."""
    short = measured.quantize(Decimal("0.001"))
    return short.normalize() if short != short.to_integral() else short.quantize(Decimal(1))


def _met(scored: Scored | None, item: str) -> Scored:
    if scored is not None:
        return msgspec.structs.replace(scored, score="met")
    return Scored(id="", assessment="", actor="", at="", item=item, score="met")
