"""The gate: whatever a form, a tablet or a file sends becomes events here, or is refused whole with every fault named.

An event is one append-only act. A correction is an event that names in `replaces` the events its author saw and
supersedes; nothing is ever changed in place. Ids are UUIDv7 made by the client (RFC 9562 §5.7), so sending twice is
sending once. `at` is the client's wall clock: evidence, never order.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta, Struct

from assessments.checklist import Checklist, fact_of
from assessments.problems import InvalidEventsError
from criteria.model import (
    ChoiceFact,
    Criterion,
    DateFact,
    EvidenceKind,
    Fact,
    Method,
    NumberFact,
    ScoreFact,
    StepsFact,
    TableFact,
)

BATCH = 100
DAY_WANTED = "days are written 2026-01-31"
Uuid7 = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")]
Note = Annotated[str, Meta(max_length=4000)]
Score = Literal["met", "not_met", "not_assessed", "not_applicable"]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Cell = Annotated[str, Meta(max_length=200)]
Row = Annotated[dict[str, Cell], Meta(max_length=12)]


class Act(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What all events share."""

    id: Uuid7
    assessment: Annotated[str, Meta(max_length=36)]
    actor: Annotated[str, Meta(max_length=36)]
    """The person who judged, not the account."""
    at: Annotated[str, Meta(max_length=40)]
    item: Annotated[str, Meta(max_length=40)] = ""
    replaces: Annotated[tuple[Uuid7, ...], Meta(max_length=200)] = ()
    source: Literal["desk", "tablet", "paper", "import"] = "desk"


class Scored(Act, frozen=True, kw_only=True, tag="score"):
    """A criterion was judged; `not_applicable` gives its reason."""

    score: Score
    methods: Annotated[tuple[Method, ...], Meta(max_length=6)] = ()
    reason: Note = ""


class Noted(Act, frozen=True, kw_only=True, tag="note"):
    """Words about a criterion, or about the whole case when `item` is empty."""

    text: Annotated[str, Meta(min_length=1, max_length=4000)]


class FactGiven(Act, frozen=True, kw_only=True, tag="fact"):
    """A value a criterion asks for: text for one value, rows for a table (computed columns are never sent).

    Steps are rows in the order they were taken: `{"step": id, "witness": who the second person was}`.
    """

    fact: Annotated[str, Meta(max_length=40)]
    value: Annotated[str, Meta(max_length=4000)] | Annotated[tuple[Row, ...], Meta(max_length=200)]


class EvidenceGiven(Act, frozen=True, kw_only=True, tag="evidence"):
    """Something kept to show that the criterion was met: a stored file by its SHA-256, or words."""

    evidence: EvidenceKind
    day: Annotated[str, Meta(max_length=10)]
    sha256: Sha256 | None = None
    text: Note = ""


class PrerequisiteSeen(Act, frozen=True, kw_only=True, tag="prerequisite"):
    """A paper was seen: `item` is the prerequisite's id, the days are what the paper says."""

    issued: Annotated[str, Meta(max_length=10)]
    valid_until: Annotated[str, Meta(max_length=10)] | None = None


class Withdrawn(Act, frozen=True, kw_only=True, tag="withdrawal"):
    """Takes back the events it replaces and puts nothing in their place."""

    reason: Note = ""


class SignedOff(Act, frozen=True, kw_only=True, tag="sign-off"):
    """An acknowledgement of all events up to a digest, or the refusal of one; not an electronic signature."""

    role: Literal["assessor", "candidate"]
    digest: Sha256
    covers: Annotated[int, Meta(ge=0, le=100_000)] = 0
    """How many events of the tablet's list the digest is made of."""
    name: Annotated[str, Meta(max_length=120)] = ""
    """What the signer typed."""
    comment: Note = ""
    declined: bool = False


class Commented(Act, frozen=True, kw_only=True, tag="comment"):
    """The candidate's own words, written on the assessor's tablet; they change no standing."""

    text: Annotated[str, Meta(min_length=1, max_length=4000)]


class Timed(Act, frozen=True, kw_only=True, tag="timer"):
    """A stopwatch was used on a timed task: an event, so that it survives whatever happens to the page."""

    timer: Annotated[str, Meta(min_length=1, max_length=40)]
    state: Literal["start", "stop", "reset"]
    ms: Annotated[int, Meta(ge=0, le=10_000_000_000)] = 0
    """What it showed."""


Event = Scored | Noted | FactGiven | EvidenceGiven | PrerequisiteSeen | Withdrawn | SignedOff | Commented | Timed
KINDS: dict[str, type[Event]] = {str(kind.__struct_config__.tag): kind for kind in get_args(Event)}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"^-?\d{1,9}([.,]\d{1,9})?\Z")


def read_events(sent: object, checklist: Checklist, assessment: str) -> list[Event]:
    """Turn plain JSON values into events; raises `InvalidEventsError` with `faults` = [(place, sentence)]."""
    if not isinstance(sent, list) or len(sent) > BATCH:
        raise InvalidEventsError(faults=[("", f"a list of at most {BATCH} events")])
    events: list[Event] = []
    faults: list[tuple[str, str]] = []
    for index, each in enumerate(sent):
        try:
            event: Event = _converted(_clean(each))
        except (msgspec.ValidationError, RecursionError) as fault:
            faults.append((str(index), str(fault)))
            continue
        found = [(f"{index}.{place}", sentence) for place, sentence in _faults(event, checklist, assessment)]
        faults += found
        if not found:
            events.append(event)
    if faults:
        raise InvalidEventsError(faults=faults)
    return events


def _converted(value: object) -> Event:
    """Straight to its kind when it names one: choosing among all of them anew costs ten times what reading does."""
    kind = value.get("kind") if isinstance(value, dict) else None
    return msgspec.convert(value, KINDS.get(kind, Event) if isinstance(kind, str) else Event)


def number(text: str) -> Decimal | None:
    """A number as people write it, with comma or point; None when it is none."""
    if not _NUMBER.match(text.strip()):
        return None
    try:
        return Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None


def day(text: str | None) -> date | None:
    """An ISO calendar day; None when it is none."""
    try:
        return date.fromisoformat(text) if text and len(text) == len("2026-01-31") else None
    except ValueError:
        return None


def _clean(value: object) -> object:
    """NFC everywhere; control characters make the value invalid, since PDF, XML and PostgreSQL refuse them later."""
    if isinstance(value, str):
        if _CONTROL.search(value):
            raise msgspec.ValidationError("control characters are not allowed")
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_clean(each) for each in value]
    if isinstance(value, dict):
        return {key: _clean(each) for key, each in value.items()}
    return value


def _faults(event: Event, checklist: Checklist, assessment: str) -> Iterator[tuple[str, str]]:
    if event.assessment != assessment:
        yield "assessment", "another assessment"
    try:
        if datetime.fromisoformat(event.at).tzinfo is None:
            yield "at", "a time with offset"
    except ValueError:
        yield "at", "a time with offset, for example 2026-01-31T09:00:00+01:00"
    if event.id in event.replaces:
        yield "replaces", "an event cannot replace itself"
    yield from _content_faults(event, checklist)


def _content_faults(event: Event, checklist: Checklist) -> Iterator[tuple[str, str]]:
    if isinstance(event, PrerequisiteSeen):
        yield from _paper_faults(event, checklist)
    elif isinstance(event, Scored | FactGiven | EvidenceGiven) or event.item:
        criterion = checklist.criteria.get(event.item)
        if criterion is not None:
            yield from _criterion_faults(event, criterion)
        elif not isinstance(event, SignedOff | Withdrawn):
            yield "item", f"unknown criterion {event.item}"


def _paper_faults(event: PrerequisiteSeen, checklist: Checklist) -> Iterator[tuple[str, str]]:
    if event.item not in {each.id for each in checklist.edition.prerequisites}:
        yield "item", "unknown prerequisite"
    if day(event.issued) is None:
        yield "issued", DAY_WANTED
    if event.valid_until is not None and day(event.valid_until) is None:
        yield "valid_until", DAY_WANTED


def _criterion_faults(event: Event, criterion: Criterion) -> Iterator[tuple[str, str]]:
    if isinstance(event, Scored):
        if event.score == "not_applicable" and not (criterion.may_be_not_applicable and event.reason.strip()):
            yield "score", f"{event.item} needs a reason, and must allow not applicable"
        if set(event.methods) - set(criterion.methods.allowed):
            yield "methods", f"not allowed for {event.item}"
    elif isinstance(event, EvidenceGiven):
        if day(event.day) is None:
            yield "day", DAY_WANTED
        if event.sha256 is None and not event.text.strip():
            yield "evidence", "a file or words"
    elif isinstance(event, FactGiven):
        fact = fact_of(criterion, event.fact)
        if fact is None:
            yield "fact", f"unknown fact {event.fact}"
        else:
            yield from _value_faults(fact, event.value)


def _value_faults(fact: Fact, value: str | tuple[Row, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(fact, TableFact | StepsFact):
        if not isinstance(value, tuple):
            yield "value", "rows"
        elif isinstance(fact, TableFact):
            yield from _row_faults(fact, value)
        else:
            yield from _step_faults(fact, value)
    elif not isinstance(value, str):
        yield "value", "one value, not rows"
    elif value.strip():
        if isinstance(fact, NumberFact) and number(value) is None:
            yield "value", "not a number"
        if (
            isinstance(fact, ScoreFact)
            and not 0 <= (-1 if (points := number(value)) is None else points) <= fact.points
        ):
            yield "value", f"points from 0 to {fact.points}"
        if isinstance(fact, ChoiceFact) and value not in {option.id for option in fact.options}:
            yield "value", "not one of the choices"
        if isinstance(fact, DateFact) and day(value) is None:
            yield "value", DAY_WANTED


def _row_faults(fact: TableFact, rows: tuple[Row, ...]) -> Iterator[tuple[str, str]]:
    typed = {column.id: column for column in fact.columns if column.kind != "mean"}
    for place, row in enumerate(rows):
        for key, cell in row.items():
            if key not in typed:
                yield f"value.{place}.{key}", "unknown column"
            elif typed[key].kind == "number" and cell.strip() and number(cell) is None:
                yield f"value.{place}.{key}", "not a number"
            elif typed[key].kind == "date" and cell.strip() and day(cell) is None:
                yield f"value.{place}.{key}", DAY_WANTED


def _step_faults(fact: StepsFact, rows: tuple[Row, ...]) -> Iterator[tuple[str, str]]:
    known = {step.id for step in fact.steps}
    for place, row in enumerate(rows):
        if row.keys() - {"step", "witness"}:
            yield f"value.{place}", "a step has step and witness"
        if row.get("step") not in known:
            yield f"value.{place}.step", "unknown step"
        elif row["step"] in {each.get("step") for each in rows[:place]}:
            yield f"value.{place}.step", "a step is taken once"
