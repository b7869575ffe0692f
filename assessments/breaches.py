"""What a recorded value breaks: missing, outside a limit, out of order, unexplained, against the table that applies.

`not_yet` is shown not to be there; `incomplete` can still be mended by recording or showing more.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from assessments.checklist import Checklist
from assessments.event import FactGiven, Row, day, number
from criteria.model import (
    Chain,
    ChoiceFact,
    Column,
    DateFact,
    Fact,
    Limit,
    NumberFact,
    ScoreFact,
    StepsFact,
    TableFact,
    Variant,
)

Effect = Literal["not_yet", "incomplete"]
Breach = tuple[str, Effect, str]
"""Stable code, effect, and a detail in numbers or the words that were recorded."""
PERCENT = Decimal(100)


def breaches(lists: Checklist, fact: Fact, given: FactGiven | None, on: date) -> Iterator[Breach]:
    """Everything that keeps the value from supporting its criterion on that day."""
    value = given.value if given else ""
    if not (value.strip() if isinstance(value, str) else any(any(row.values()) for row in value)):
        if fact.required:
            yield "fact-missing", "incomplete", ""
    else:
        yield from _BREACHES.get(type(fact), _nothing)(lists, fact, value, on)


def filled(rows: tuple[Row, ...]) -> list[Row]:
    """The rows that hold something."""
    return [row for row in rows if any(cell.strip() for cell in row.values())]


def means(fact: TableFact, row: Row) -> dict[str, Decimal]:
    """The computed columns of one row; a mean is missing while one of its parts is."""
    found: dict[str, Decimal] = {}
    for column in fact.columns:
        parts = [number(row.get(key, "")) for key in column.mean_of]
        whole = [part for part in parts if part is not None]
        if column.kind == "mean" and parts and len(whole) == len(parts):
            found[column.id] = sum(whole, Decimal(0)) / len(whole)
    return found


def share(fact: ScoreFact, value: str) -> Decimal | None:
    """The points in per cent of those that can be had."""
    points = number(value)
    return None if points is None else points * PERCENT / fact.points


def outside(lists: Checklist, value: Decimal, minimum: Limit | None, maximum: Limit | None) -> str:
    """The broken limit as text, or nothing."""
    least, most = lists.limit(minimum), lists.limit(maximum)
    if least is not None and value < least:
        return f"{value} < {least}"
    if most is not None and value > most:
        return f"{value} > {most}"
    return ""


def _nothing(_lists: Checklist, _fact: Fact, _value: object, _on: date) -> Iterator[Breach]:
    yield from ()


def _number(lists: Checklist, fact: NumberFact, value: str, _on: date) -> Iterator[Breach]:
    measured = number(value)
    broken = outside(lists, measured, fact.minimum, fact.maximum) if measured is not None else ""
    if broken:
        yield "fact-outside-limit", "not_yet", broken


def _choice(_lists: Checklist, fact: ChoiceFact, value: str, _on: date) -> Iterator[Breach]:
    if any(option.id == value and not option.accepted for option in fact.options):
        yield "fact-not-accepted", "not_yet", value


def _date(_lists: Checklist, fact: DateFact, value: str, on: date) -> Iterator[Breach]:
    dated = day(value)
    if fact.within_days is not None and (dated is None or dated > on or (on - dated).days > fact.within_days):
        yield "fact-too-old", "incomplete", value


def _score(lists: Checklist, fact: ScoreFact, value: str, _on: date) -> Iterator[Breach]:
    reached, least = share(fact, value), lists.limit(fact.threshold)
    if reached is not None and least is not None and reached < least:
        yield "fact-outside-limit", "not_yet", f"{reached.quantize(Decimal(1))} % < {least} %"


def _steps(_lists: Checklist, fact: StepsFact, value: tuple[Row, ...], _on: date) -> Iterator[Breach]:
    """A step is out of order when one that belongs after it was taken before it."""
    taken = {row.get("step", ""): place for place, row in enumerate(filled(value))}
    witness = {row.get("step", ""): row.get("witness", "").strip() for row in value}
    for place, step in enumerate(fact.steps):
        effect: Effect = "not_yet" if step.critical else "incomplete"
        if step.id not in taken:
            yield "step-missing", effect, str(place + 1)
            continue
        ahead = [
            n for n, other in enumerate(fact.steps) if n > place and taken.get(other.id, len(value)) < taken[step.id]
        ]
        if ahead:
            effect = "not_yet" if step.critical or any(fact.steps[n].critical for n in ahead) else "incomplete"
            yield "step-order", effect, f"{', '.join(str(n + 1) for n in ahead)} → {place + 1}"
        if step.witnessed and not witness[step.id]:
            yield "witness-missing", "incomplete", str(place + 1)


def _table(lists: Checklist, fact: TableFact, value: tuple[Row, ...], on: date) -> Iterator[Breach]:
    rows = filled(value)
    excused = {column.explained_by for column in fact.columns}
    typed = [column.id for column in fact.columns if column.kind != "mean" and column.id not in excused]
    if len(rows) < fact.rows or any(not row.get(key, "").strip() for row in rows for key in typed):
        yield "fact-missing", "incomplete", f"{len(rows)}/{fact.rows}"
    for place, row in enumerate(rows, start=1):
        for column in fact.columns:
            yield from ((code, effect, f"{place}: {said}") for code, effect, said in _cell(lists, fact, column, row))
    yield from _days(fact, rows, on)
    if fact.chain:
        yield from _links(fact.chain, rows)


def _cell(lists: Checklist, fact: TableFact, column: Column, row: Row) -> Iterator[Breach]:
    if column.table and column.part == "value":
        yield from _looked_up(lists.variant(column.table), fact, column, row)
    value = means(fact, row).get(column.id) if column.kind == "mean" else number(row.get(column.id, ""))
    if value is None or column.kind in ("text", "date"):
        return
    broken = outside(lists, value, column.minimum, column.maximum)
    warned = outside(lists, value, column.warning_minimum, column.warning_maximum)
    if broken:
        yield "fact-outside-limit", "not_yet", broken
    elif warned and not row.get(column.explained_by or "", "").strip():
        yield "warning-unexplained", "incomplete", warned


def _looked_up(variant: Variant, fact: TableFact, column: Column, row: Row) -> Iterator[Breach]:
    """What was answered is what the table says of what was asked, in any of its languages."""
    keys = [each.id for each in fact.columns if each.table == column.table and each.part == "key"]
    asked = row.get(keys[0], "").strip() if keys else ""
    answer = row.get(column.id, "").strip()
    found = next((each.value for each in variant.rows if each.key.casefold() == asked.casefold()), {})
    if asked and answer and answer.casefold() not in {words.casefold() for words in found.values()}:
        yield "fact-not-in-table", "not_yet", f"{asked} – {answer}"


def _days(fact: TableFact, rows: list[Row], on: date) -> Iterator[Breach]:
    dated = next((column.id for column in fact.columns if column.kind == "date"), None)
    if dated is None:
        return
    days = {day(row.get(dated, "")) for row in rows} - {None}
    if any(each > on for each in days if each):
        yield "fact-too-old", "incomplete", max(each.isoformat() for each in days if each)
    if len(days) < fact.different_days:
        yield "fact-days", "incomplete", f"{len(days)} < {fact.different_days}"


def _links(chain: Chain, rows: list[Row]) -> Iterator[Breach]:
    """Row by row for each thing: who gives it on is who took it last."""
    holder: dict[str, str] = {}
    for place, row in enumerate(rows, start=1):
        thing, giver, receiver = (_plain(row.get(key, "")) for key in (chain.thing, chain.giver, chain.receiver))
        if giver and holder.get(thing, giver) != giver:
            yield "chain-broken", "not_yet", str(place)
        holder[thing] = receiver or giver


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()


_BREACHES: dict[type, Callable[[Checklist, Any, Any, date], Iterator[Breach]]] = {
    NumberFact: _number,
    ChoiceFact: _choice,
    DateFact: _date,
    TableFact: _table,
    StepsFact: _steps,
    ScoreFact: _score,
}
