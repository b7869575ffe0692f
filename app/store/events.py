"""Events: inserted unless they are there, then compared, so that a retry is free and a forgery is told."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, or_, select

from app.store.tables import EventRow, LedgerRow
from app.store.types import canonical
from app.store.upsert import ignore_existing
from assessments.event import Event
from assessments.problems import EventChangedError

DELIVERED = "assessment.deliver"
"""The ledger's word for a tablet's batch: whoever is named in it has not yet stood for it."""
READER = msgspec.json.Decoder(Event)
"""Made once: for a choice of kinds it costs ten times what reading an event does."""


class Stored(Struct, frozen=True, kw_only=True):
    """An event with when it came and under which ledger entry."""

    event: Event
    received_at: datetime
    entry: str
    claimed: bool = False
    """A tablet said so; it counts when the person it names has confirmed it in an own session."""


def add(tx: Connection, assessment: str, sent: Sequence[Event], entry: str, at: datetime) -> list[Event]:
    """Insert what is new and return it; the same id with other content raises `EventChangedError`."""
    if not sent:
        return []
    rows = [
        {
            "id": event.id,
            "assessment": assessment,
            "actor": event.actor,
            "body": canonical(event).decode(),
            "entry": entry,
            "received_at": at,
        }
        for event in sent
    ]
    tx.execute(ignore_existing(tx, EventRow), rows)
    kept = {
        row.id: row
        for row in tx.execute(
            select(EventRow.id, EventRow.body, EventRow.entry).where(EventRow.id.in_([row["id"] for row in rows]))
        )
    }
    for row in rows:
        if kept[str(row["id"])].body != row["body"]:
            raise EventChangedError(event=row["id"])
    return [event for event in sent if kept[event.id].entry == entry]


def of(tx: Connection, assessment: str, *kinds: type[Event]) -> list[Stored]:
    """The events of a case in the order of their ids: all of them, or those of some kinds."""
    query = (
        select(EventRow.body, EventRow.received_at, EventRow.entry, LedgerRow.action)
        .outerjoin(LedgerRow, LedgerRow.id == EventRow.entry)
        .where(EventRow.assessment == assessment)
        .order_by(EventRow.id)
    )
    if kinds:
        # Quotes inside a text are written \", so only the kind itself looks like this.
        tags = [f'"kind":"{kind.__struct_config__.tag}"' for kind in kinds]
        query = query.where(or_(*[EventRow.body.contains(tag, autoescape=True) for tag in tags]))
    return [
        Stored(
            event=READER.decode(row.body),
            received_at=row.received_at,
            entry=row.entry,
            claimed=row.action == DELIVERED,
        )
        for row in tx.execute(query)
    ]


def bodies(tx: Connection, ids: Sequence[str]) -> dict[str, str]:
    """What is kept under these ids, in whatever case."""
    rows = tx.execute(select(EventRow.id, EventRow.body).where(EventRow.id.in_(ids)))
    return {row.id: row.body for row in rows}


def content(bodies: Sequence[str]) -> list[str]:
    """What the ledger commits to for a batch: its events as stored, sorted."""
    return sorted(bodies)
