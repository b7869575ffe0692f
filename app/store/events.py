"""Events: inserted unless they are there, then compared, so that a retry is free and a forgery is told."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from app.store.tables import EventRow, LedgerRow
from app.store.types import canonical
from app.store.upsert import ignore_existing
from assessments.event import Event
from assessments.problems import EventChangedError

DELIVERED = "assessment.deliver"
"""The ledger's word for a tablet's batch: whoever is named in it has not yet stood for it."""


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


def of(tx: Connection, assessment: str) -> list[Stored]:
    """All events of a case in the order of their ids."""
    rows = tx.execute(
        select(EventRow.body, EventRow.received_at, EventRow.entry, LedgerRow.action)
        .outerjoin(LedgerRow, LedgerRow.id == EventRow.entry)
        .where(EventRow.assessment == assessment)
        .order_by(EventRow.id)
    )
    return [
        Stored(
            event=msgspec.json.decode(row.body, type=Event),
            received_at=row.received_at,
            entry=row.entry,
            claimed=row.action == DELIVERED,
        )
        for row in rows
    ]


def bodies(tx: Connection, ids: Sequence[str]) -> dict[str, str]:
    """What is kept under these ids, in whatever case."""
    rows = tx.execute(select(EventRow.id, EventRow.body).where(EventRow.id.in_(ids)))
    return {row.id: row.body for row in rows}


def content(bodies: Sequence[str]) -> list[str]:
    """What the ledger commits to for a batch: its events as stored, sorted."""
    return sorted(bodies)
