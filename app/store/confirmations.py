"""Which of the acts that tablets delivered their named assessors have stood for."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, insert, select

from app.store.field_tables import ConfirmationRow


class Confirmation(Struct, frozen=True, kw_only=True):
    """One person's word for a set of events."""

    id: str
    assessment: str
    person: str
    digest: str
    events: tuple[str, ...]
    at: datetime
    entry: str


COLUMNS = [getattr(ConfirmationRow, name) for name in Confirmation.__struct_fields__]


def add(tx: Connection, confirmation: Confirmation) -> None:
    """Keep it."""
    fields = {name: getattr(confirmation, name) for name in Confirmation.__struct_fields__}
    tx.execute(insert(ConfirmationRow).values(**fields | {"events": list(confirmation.events)}))


def of(tx: Connection, assessment: str) -> list[Confirmation]:
    """A case's confirmations, the latest last."""
    query = select(*COLUMNS).where(ConfirmationRow.assessment == assessment).order_by(ConfirmationRow.at)
    return [Confirmation(**dict(row) | {"events": tuple(row["events"])}) for row in tx.execute(query).mappings()]


def confirmed(tx: Connection, assessment: str) -> frozenset[str]:
    """Ids of the events that somebody has stood for."""
    return frozenset(event for each in of(tx, assessment) for event in each.events)


def content(key: str, digest: str, events: Iterable[str]) -> object:
    """What the ledger commits to."""
    return {"confirmation": key, "digest": digest, "events": sorted(events)}
