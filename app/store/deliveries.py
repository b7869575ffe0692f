"""What tablets delivered: batches as they came, and each event's place in its tablet's own chain."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import Connection, insert, or_, select, union_all, update

from app.store.field_tables import BatchRow, DeliveryRow, QuarantineRow
from app.store.upsert import ignore_existing


class Delivery(Struct, frozen=True, kw_only=True):
    """One event that was taken in."""

    event: str
    device: str
    seq: int
    hash: str
    prev: str
    mono: str
    assessment: str | None
    told: str
    batch: str
    received_at: datetime


class Batch(Struct, frozen=True, kw_only=True):
    """One delivery as it came."""

    id: str
    device: str
    received_at: datetime
    sent_at: str
    skew: int | None
    app: str
    raw: bytes | None
    cases: tuple[str, ...]
    imported_by: str | None = None


class Link(Struct, frozen=True, kw_only=True):
    """An event's place in the chain of its tablet, taken in or in quarantine."""

    seq: int
    hash: str
    prev: str


COLUMNS = [getattr(DeliveryRow, name) for name in Delivery.__struct_fields__]


def add_batch(tx: Connection, batch: Batch) -> None:
    """Keep what came."""
    fields = {name: getattr(batch, name) for name in Batch.__struct_fields__}
    tx.execute(insert(BatchRow).values(**fields | {"cases": list(batch.cases)}))


def forget_raw(tx: Connection, before: datetime) -> None:
    """The bytes of old batches are needed no more; their events lie in the cases."""
    tx.execute(update(BatchRow).where(BatchRow.received_at < before, BatchRow.raw.is_not(None)).values(raw=None))


def add(tx: Connection, deliveries: Sequence[Delivery]) -> None:
    """Insert what is new; whoever asks compares afterwards."""
    if deliveries:
        fields = Delivery.__struct_fields__
        rows = [{name: getattr(each, name) for name in fields} for each in deliveries]
        tx.execute(ignore_existing(tx, DeliveryRow), rows)


def known(tx: Connection, device: str, events: Sequence[str], seqs: Sequence[int]) -> list[Delivery]:
    """What was taken in under these ids by anybody, or under these numbers by this tablet."""
    numbered = (DeliveryRow.device == device) & DeliveryRow.seq.in_(seqs)
    rows = tx.execute(select(*COLUMNS).where(or_(DeliveryRow.event.in_(events), numbered))).mappings()
    return [Delivery(**row) for row in rows]


def of_case(tx: Connection, assessment: str) -> dict[str, Delivery]:
    """By event: how the events of a case came."""
    rows = tx.execute(select(*COLUMNS).where(DeliveryRow.assessment == assessment)).mappings()
    return {row["event"]: Delivery(**row) for row in rows}


def skews(tx: Connection, assessment: str) -> dict[str, timedelta]:
    """By event: how far the tablet's clock was off when it delivered; a file tells nothing, it lay somewhere first."""
    query = (
        select(DeliveryRow.event, BatchRow.skew)
        .join(BatchRow, BatchRow.id == DeliveryRow.batch)
        .where(DeliveryRow.assessment == assessment, BatchRow.skew.is_not(None), BatchRow.imported_by.is_(None))
    )
    return {row.event: timedelta(seconds=row.skew) for row in tx.execute(query)}


def chain(tx: Connection, device: str, assessment: str | None = None, below: int | None = None) -> list[Link]:
    """Everything of a tablet that arrived, by number; the first of two with one number comes first."""
    parts = []
    for table in (DeliveryRow, QuarantineRow):
        query = select(table.seq, table.hash, table.prev, table.received_at)
        query = query.where(table.device == device, table.seq.is_not(None))
        if assessment is not None:
            query = query.where(table.assessment == assessment)
        if below is not None:
            query = query.where(table.seq < below)
        parts.append(query)
    whole = union_all(*parts).subquery()
    found: dict[int, Link] = {}
    for row in tx.execute(select(whole).order_by(whole.c.seq, whole.c.received_at)):
        found.setdefault(row.seq, Link(seq=row.seq, hash=row.hash, prev=row.prev))
    return list(found.values())


def told(tx: Connection, device: str, most: int = 20) -> list[Delivery]:
    """What a tablet told of itself, the latest first."""
    query = select(*COLUMNS).where(DeliveryRow.device == device, DeliveryRow.told != "")
    return [Delivery(**row) for row in tx.execute(query.order_by(DeliveryRow.seq.desc()).limit(most)).mappings()]
