"""What counts now: the events nobody replaced. Differing ones are a conflict that a person must see and settle.

Pure in the set of events: their order and repetition change nothing.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

import msgspec
from msgspec import Struct

from assessments.event import Event, EvidenceGiven, FactGiven, Noted, PrerequisiteSeen, Scored, SignedOff, Withdrawn

Slot = tuple[str, ...]
T = TypeVar("T", EvidenceGiven, Noted)


class Standing(Struct, frozen=True, kw_only=True):
    """The standing of one case; every mapping is keyed by criterion id unless it says otherwise."""

    scores: dict[str, Scored]
    judges: dict[str, frozenset[str]]
    """Persons whose counting score for the criterion agrees with the others'."""
    facts: dict[tuple[str, str], FactGiven]
    evidence: dict[str, tuple[EvidenceGiven, ...]]
    notes: dict[str, tuple[Noted, ...]]
    prerequisites: dict[str, PrerequisiteSeen]
    sign_offs: tuple[SignedOff, ...]
    conflicts: dict[Slot, tuple[Event, ...]]
    heads: dict[Slot, tuple[Event, ...]]
    """The unreplaced events of each slot: what the next act on it names in `replaces`."""
    actors: frozenset[str]
    digest: str
    """SHA-256 over the whole set of events, sorted by id: what a decision rests on."""


def slot(event: Event) -> Slot:
    """Where an event competes with others; evidence and notes add up, so each has a slot of its own."""
    match event:
        case Scored():
            return ("score", event.item)
        case FactGiven():
            return ("fact", event.item, event.fact)
        case PrerequisiteSeen():
            return ("prerequisite", event.item)
        case EvidenceGiven():
            return ("evidence", event.item, event.sha256 or event.id)
        case _:
            return (type(event).__name__, event.item, event.id)


def standing(events: Iterable[Event]) -> Standing:
    """Weigh the events of one case."""
    texts = {_text(event): event for event in events}
    told = {texts[text].id: text for text in sorted(texts)}
    known = {key: texts[text] for key, text in told.items()}
    replaced, withdrawn = _replaced(known)
    slots: dict[Slot, list[Event]] = defaultdict(list)
    for key in sorted(known):
        slots[slot(known[key])].append(known[key])
    heads = {where: tuple(e for e in each if e.id not in replaced) for where, each in slots.items()}
    conflicts = {w: each for w, each in heads.items() if len(each) > 1 and len({_value(e) for e in each}) > 1}
    for where, each in heads.items():
        # A ring of replacements leaves nothing standing although nobody withdrew: shown, never guessed.
        if not each and not withdrawn & {e.id for e in slots[where]}:
            conflicts[where] = tuple(slots[where])
    settled = {where: each for where, each in heads.items() if each and where not in conflicts}
    scores = {where[1]: _joined(each) for where, each in settled.items() if where[0] == "score"}
    return Standing(
        scores=scores,
        judges={w[1]: frozenset(e.actor for e in each) for w, each in settled.items() if w[0] == "score"},
        facts={(w[1], w[2]): each[0] for w, each in settled.items() if isinstance(each[0], FactGiven)},
        evidence=_gathered(settled, EvidenceGiven),
        notes=_gathered(settled, Noted),
        prerequisites={w[1]: each[0] for w, each in settled.items() if isinstance(each[0], PrerequisiteSeen)},
        sign_offs=tuple(e for each in settled.values() for e in each if isinstance(e, SignedOff)),
        conflicts=conflicts,
        heads={where: each for where, each in heads.items() if each and not isinstance(each[0], Withdrawn)},
        actors=frozenset(event.actor for event in known.values()),
        digest=_digest(told.values()),
    )


def digest(events: Iterable[Event]) -> str:
    """SHA-256 (hex) of a set of events."""
    return _digest(_text(event) for event in events)


def _digest(texts: Iterable[bytes]) -> str:
    return hashlib.sha256(b"\n".join(sorted(texts))).hexdigest()


def _replaced(known: dict[str, Event]) -> tuple[set[str], set[str]]:
    """Ids that are replaced within their own slot, and ids that were withdrawn."""
    replaced: set[str] = set()
    withdrawn: set[str] = set()
    for event in known.values():
        for each in event.replaces:
            if isinstance(event, Withdrawn):
                withdrawn.add(each)
            elif each in known and slot(known[each]) == slot(event):
                replaced.add(each)
    return replaced | withdrawn, withdrawn


def _value(event: Event) -> bytes:
    """What two events must share to agree: everything but who, when and how it arrived."""
    fields = msgspec.to_builtins(event)
    for key in ("id", "actor", "at", "replaces", "source", "methods"):
        fields.pop(key, None)
    return msgspec.json.encode(fields, order="deterministic")


def _text(event: Event) -> bytes:
    return msgspec.json.encode(event, order="deterministic")


def _joined(events: tuple[Event, ...]) -> Scored:
    """Agreeing scores as one, with the methods of all."""
    scored = [event for event in events if isinstance(event, Scored)]
    methods = tuple(sorted({method for each in scored for method in each.methods}))
    return msgspec.structs.replace(scored[0], methods=methods)


def _gathered(settled: dict[Slot, tuple[Event, ...]], kind: type[T]) -> dict[str, tuple[T, ...]]:
    found: dict[str, list[T]] = defaultdict(list)
    for each in settled.values():
        if isinstance(each[0], kind):
            found[each[0].item].append(each[0])
    return {item: tuple(sorted(each, key=lambda e: e.id)) for item, each in found.items()}
