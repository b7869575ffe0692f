"""What must come to pass. The row is the record of a job; a queue only carries the wake-up and may lose it."""

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct
from sqlalchemy import Connection, func, or_, select, update

from app.store.tables import IntentRow
from app.store.upsert import ignore_existing

Kind = Literal["issue", "lengthen", "status-list", "issuer", "letter", "check"]
LEASE = timedelta(minutes=5)
"""A worker that died gives its intent back at the latest after this; a starting worker takes all leases back."""


class Intent(Struct, frozen=True, kw_only=True):
    """One thing to do, with how often it was tried."""

    id: str
    kind: Kind
    subject: str
    generation: int
    tries: int
    failure: str


COLUMNS = [getattr(IntentRow, name) for name in Intent.__struct_fields__]


def want(tx: Connection, key: str, kind: Kind, subject: str, at: datetime, due_at: datetime | None = None) -> str:
    """Want it, or want it once more; returns the intent's id."""
    values = {
        "id": key,
        "kind": kind,
        "subject": subject,
        "wanted_at": at,
        "generation": 0,
        "due_at": due_at or at,
        "tries": 0,
        "failure": "",
    }
    tx.execute(ignore_existing(tx, IntentRow).values(values))
    tx.execute(
        update(IntentRow)
        .where(IntentRow.kind == kind, IntentRow.subject == subject)
        .values(generation=IntentRow.generation + 1, due_at=due_at or at, done_at=None, tries=0, failure="")
    )
    return tx.execute(select(IntentRow.id).where(IntentRow.kind == kind, IntentRow.subject == subject)).scalar_one()


def lease(tx: Connection, key: str, now: datetime) -> Intent | None:
    """Take it for a while; None when it is done, not due, or somebody else has it."""
    free = or_(IntentRow.leased_until.is_(None), IntentRow.leased_until < now)
    taken = tx.execute(
        update(IntentRow)
        .where(IntentRow.id == key, IntentRow.done_at.is_(None), IntentRow.due_at <= now, free)
        .values(leased_until=now + LEASE, tries=IntentRow.tries + 1)
    )
    if taken.rowcount != 1:
        return None
    return Intent(**tx.execute(select(*COLUMNS).where(IntentRow.id == key)).mappings().one())


def finish(tx: Connection, intent: Intent, now: datetime) -> None:
    """Done, unless it was wanted once more meanwhile: then it only becomes free again."""
    done = update(IntentRow).where(IntentRow.id == intent.id)
    tx.execute(done.where(IntentRow.generation == intent.generation).values(done_at=now, failure=""))
    tx.execute(done.values(leased_until=None))


def postpone(tx: Connection, intent: Intent, failure: str, until: datetime) -> None:
    """It failed; try again then, or at once when it was wanted once more meanwhile."""
    failed = update(IntentRow).where(IntentRow.id == intent.id)
    tx.execute(failed.where(IntentRow.generation == intent.generation).values(failure=failure, due_at=until))
    tx.execute(failed.values(leased_until=None))


def release_all(tx: Connection) -> None:
    """A starting worker knows that nobody else works: what was leased is free again."""
    tx.execute(update(IntentRow).where(IntentRow.done_at.is_(None)).values(leased_until=None))


def set_right(tx: Connection, now: datetime, longest: timedelta) -> None:
    """The clock was ahead and has been put back: what was due by it, or held by it, must not wait for that day.

    Only lengthening is ever wanted for a far day; a day too late harms no paper.
    """
    waiting = update(IntentRow).where(IntentRow.done_at.is_(None))
    tx.execute(waiting.where(IntentRow.kind != "lengthen", IntentRow.due_at > now + longest).values(due_at=now))
    tx.execute(waiting.where(IntentRow.leased_until > now + LEASE).values(leased_until=None))


def due(tx: Connection, now: datetime) -> list[str]:
    """Ids of what should be done now, the oldest first."""
    free = or_(IntentRow.leased_until.is_(None), IntentRow.leased_until < now)
    query = select(IntentRow.id).where(IntentRow.done_at.is_(None), IntentRow.due_at <= now, free)
    return list(tx.execute(query.order_by(IntentRow.due_at)).scalars())


def failing(tx: Connection) -> list[Intent]:
    """What has failed and waits for another try."""
    query = select(*COLUMNS).where(IntentRow.done_at.is_(None), IntentRow.failure != "")
    return [Intent(**row) for row in tx.execute(query).mappings()]


def of(tx: Connection, kind: Kind, subject: str) -> Intent | None:
    """The intent for that subject, done or not."""
    row = (
        tx.execute(select(*COLUMNS).where(IntentRow.kind == kind, IntentRow.subject == subject))
        .mappings()
        .one_or_none()
    )
    return Intent(**row) if row else None


def done_before(tx: Connection, kind: Kind, moment: datetime) -> list[str]:
    """Subjects that were last dealt with before that moment."""
    query = select(IntentRow.subject).where(IntentRow.kind == kind, IntentRow.done_at < moment)
    return list(tx.execute(query).scalars())


def open_count(tx: Connection) -> int:
    """How many are not done."""
    return tx.execute(select(func.count()).select_from(IntentRow).where(IntentRow.done_at.is_(None))).scalar_one()
