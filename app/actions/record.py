"""Keep what an assessor did: through the gate, into the case, under one ledger entry; sending twice changes nothing."""

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from app.actions.open_assessment import require_declared
from app.policy import Actor
from app.store import assessments, events, ledger
from app.store.types import canonical
from app.tools import Tools
from assessments.event import Event, EvidenceGiven, PrerequisiteSeen, SignedOff, Withdrawn, read_events
from assessments.problems import InvalidEventsError
from assessments.process import move
from assessments.standing import standing
from assessments.starting import asks_for_papers, require_papers


class Receipt(Struct, frozen=True, kw_only=True):
    """What is safe now: ids of every event sent, and of those that were new."""

    safe: tuple[str, ...]
    new: tuple[str, ...]


def record(tools: Tools, actor: Actor, assessment: str, sent: object) -> Receipt:
    """Keep a batch of events (plain JSON values); refused whole with every fault, or kept whole."""
    now = tools.now()
    with tools.begin() as tx:
        assessments.lock(tx, assessment)
        sheet = assessments.sheet(tx, assessment)
        case, lists = sheet.assessment, sheet.checklist
        require_declared(actor, case)
        read = read_events(sent, lists, assessment)
        _require_own(read, actor)
        _require_photos(tx, assessment, read)
        known = events.bodies(tx, [event.id for event in read])
        # Twice in one batch is once: the ledger commits to what is stored.
        fresh = list({event.id: event for event in read if event.id not in known}.values())
        if asks_for_papers(lists, fresh):
            papers = assessments.counted(tx, assessment, PrerequisiteSeen, Withdrawn)
            require_papers(lists, standing([*(each.event for each in papers), *fresh]), fresh)
        entry = tools.new_id()
        if fresh:
            state = move(case.state, "record", actor.roles(case.provider))
            bodies = [canonical(event).decode() for event in fresh]
            ledger.append(
                tx, entry, tenant=case.provider, actor=actor.person, action="assessment.record",
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


def _require_photos(tx: Connection, assessment: str, read: list[Event]) -> None:
    named = {n: e.sha256 for n, e in enumerate(read) if isinstance(e, EvidenceGiven) and e.sha256}
    photos = assessments.photos(tx, assessment) if named else frozenset()
    faults = [(f"{n}.sha256", "no such photo in this case") for n, photo in named.items() if photo not in photos]
    if faults:
        raise InvalidEventsError(faults=faults)
