"""Keep what an assessor did: through the gate, into the case, under one ledger entry; sending twice changes nothing."""

import msgspec
from msgspec import Struct

from app.actions.open_assessment import require_declared
from app.policy import Actor
from app.store import assessments, events, ledger
from app.store.types import canonical
from app.tools import Tools
from assessments.event import Event, EvidenceGiven, SignedOff, read_events
from assessments.problems import InvalidEventsError
from assessments.process import move
from assessments.standing import standing
from assessments.starting import require_papers


class Receipt(Struct, frozen=True, kw_only=True):
    """What is safe now: ids of every event sent, and of those that were new."""

    safe: tuple[str, ...]
    new: tuple[str, ...]


def record(tools: Tools, actor: Actor, assessment: str, sent: object) -> Receipt:
    """Keep a batch of events (plain JSON values); refused whole with every fault, or kept whole."""
    now = tools.now()
    with tools.begin() as tx:
        assessments.lock(tx, assessment)
        case = assessments.case_file(tx, assessment)
        require_declared(actor, case.assessment)
        read = read_events(sent, case.checklist, assessment)
        _require_own(read, actor)
        _require_photos(read, assessments.photos(tx, assessment))
        known = {each.event.id for each in (*case.stored, *case.unconfirmed)}
        # Twice in one batch is once: the ledger commits to what is stored.
        fresh = list({event.id: event for event in read if event.id not in known}.values())
        require_papers(case.checklist, standing([*(each.event for each in case.stored), *fresh]), fresh)
        entry = tools.new_id()
        if fresh:
            state = move(case.assessment.state, "record", actor.roles(case.assessment.provider))
            bodies = [canonical(event).decode() for event in fresh]
            ledger.append(
                tx, entry, tenant=case.assessment.provider, actor=actor.person, action="assessment.record",
                subject=assessment, content=events.content(bodies), at=now,
            )  # fmt: skip
            assessments.set_state(tx, assessment, state, now)
        new = events.add(tx, assessment, read, entry, now)
    return Receipt(safe=tuple(event.id for event in read), new=tuple(event.id for event in new))


def plain(sent: list[Event]) -> object:
    """Events as the plain values the gate reads."""
    return msgspec.json.decode(msgspec.json.encode(sent))


def _require_own(read: list[Event], actor: Actor) -> None:
    """Nobody acts in another's name; a candidate's sign-off is the candidate's own act elsewhere."""
    faults = [(f"{place}.actor", "not yourself") for place, event in enumerate(read) if event.actor != actor.person]
    faults += [
        (f"{place}.role", "only the candidate signs off as candidate")
        for place, event in enumerate(read)
        if isinstance(event, SignedOff) and event.role == "candidate"
    ]
    if faults:
        raise InvalidEventsError(faults=faults)


def _require_photos(read: list[Event], photos: frozenset[str]) -> None:
    faults = [
        (f"{place}.sha256", "no such photo in this case")
        for place, event in enumerate(read)
        if isinstance(event, EvidenceGiven) and event.sha256 and event.sha256 not in photos
    ]
    if faults:
        raise InvalidEventsError(faults=faults)
