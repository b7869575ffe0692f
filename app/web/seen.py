"""What the author of a form saw of each slot, and event ids that a second submit of the very same page repeats."""

import hashlib
import re
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from app.store.assessments import CaseFile
from assessments.event import Event, FactGiven, PrerequisiteSeen, Row, Scored
from assessments.standing import Slot, slot
from criteria.model import Criterion

UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")
MOST = 200


class Judged(Struct, frozen=True):
    """A score as a form holds it; all empty when those who judged differ."""

    score: str = "not_assessed"
    methods: tuple[str, ...] = ()
    reason: str = ""


def event_id(page: str, *content: str) -> str:
    """UUIDv7 with the page's moment; the rest follows from page and content, so the same submit is the same event.

    Other content from the same page (a browser's way back) becomes another event, hence a visible conflict.
    """
    drawn = hashlib.sha256("\x1f".join((page, *content)).encode()).digest()
    value = UUID(page).int >> 80 << 80 | int.from_bytes(drawn[:10])
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(UUID(int=value))


def is_page(text: str) -> bool:
    """Whether that can be the id of a page we made."""
    return UUID7.match(text) is not None


def current(case: CaseFile, where: Slot, own: str = "") -> tuple[Event, ...]:
    """What a page shows of a slot now: all sides of a conflict, else what stands — of `own` only, if one is named."""
    differing = case.standing.conflicts.get(where)
    if differing:
        return differing
    heads = case.standing.heads.get(where, ())
    return tuple(event for event in heads if not own or event.actor == own)


def recalled(case: CaseFile, where: Slot, ids: str) -> tuple[Event, ...]:
    """What a posted page had shown of a slot; ids that are not there are no matter."""
    wanted = set(ids.split()[:MOST])
    return tuple(each.event for each in case.stored if each.event.id in wanted and slot(each.event) == where)


def ids_of(events: Sequence[Event]) -> str:
    """As a hidden field carries them."""
    return " ".join(event.id for event in events)


def needs_two(case: CaseFile, criterion: Criterion) -> bool:
    """Each assessor then gives an own score, and nobody's replaces another's unless they differ."""
    return max(criterion.assessors, case.checklist.edition.assessors) > 1


def judged(events: Sequence[Event]) -> Judged:
    """The score that these events hold together."""
    scored = [event for event in events if isinstance(event, Scored)]
    if not scored:
        return Judged()
    if len({(event.score, event.reason) for event in scored}) > 1:
        return Judged("")
    methods = tuple(sorted({method for event in scored for method in event.methods}))
    return Judged(scored[0].score, methods, scored[0].reason)


def value(events: Sequence[Event]) -> str | tuple[Row, ...]:
    """The fact that these events hold together; nothing when they differ."""
    values = [event.value for event in events if isinstance(event, FactGiven)]
    return values[0] if values and all(each == values[0] for each in values) else ""


def paper(events: Sequence[Event]) -> tuple[str, str]:
    """The days of a paper that these events hold together."""
    days = {(event.issued, event.valid_until or "") for event in events if isinstance(event, PrerequisiteSeen)}
    return days.pop() if len(days) == 1 else ("", "")
