"""What the ledger says of a case, for people to read: who did what and when, never what was in it."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, select

from app.store.tables import LedgerRow, PersonRow

Look = Connection
"""An open look into the database, for rooms that may not name SQLAlchemy."""


class Entry(Struct, frozen=True, kw_only=True):
    """One act; `name` is empty when the program or the operator acted."""

    at: datetime
    name: str
    actor: str
    action: str
    subject: str


def entries(tx: Connection, tenant: str, subjects: Iterable[str]) -> list[Entry]:
    """The acts of one tenant on these subjects, the latest first."""
    query = (
        select(LedgerRow.at, PersonRow.name, LedgerRow.actor, LedgerRow.action, LedgerRow.subject)
        .join(PersonRow, PersonRow.id == LedgerRow.actor, isouter=True)
        .where(LedgerRow.tenant == tenant, LedgerRow.subject.in_(list(subjects)))
        .order_by(LedgerRow.place.desc())
    )
    return [
        Entry(
            at=datetime.fromisoformat(row.at),
            name=row.name or "",
            actor=row.actor,
            action=row.action,
            subject=row.subject,
        )
        for row in tx.execute(query)
    ]
