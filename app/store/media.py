"""Photos as tablets name them, and the cleaned files that stand for them."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, delete, select

from app.store.field_tables import MediaRow
from app.store.tables import PhotoRow
from app.store.upsert import ignore_existing


class Medium(Struct, frozen=True, kw_only=True):
    """What arrived under the name of its hash; `readable` is false when it was no picture."""

    provider: str
    original: str
    stored: str
    size: int
    readable: bool
    device: str | None
    received_at: datetime


COLUMNS = [getattr(MediaRow, name) for name in Medium.__struct_fields__]


def add(tx: Connection, medium: Medium) -> None:
    """Keep it; the same bytes twice are the same photo."""
    fields = {name: getattr(medium, name) for name in Medium.__struct_fields__}
    tx.execute(ignore_existing(tx, MediaRow).values(**fields))


def find(tx: Connection, provider: str, original: str) -> Medium | None:
    """The photo of that name, if all of it is here."""
    query = select(*COLUMNS).where(MediaRow.provider == provider, MediaRow.original == original)
    row = tx.execute(query).mappings().one_or_none()
    return Medium(**row) if row else None


def names(tx: Connection, provider: str, files: Iterable[str]) -> dict[str, str]:
    """By the name a tablet uses: the file, for these files."""
    query = select(MediaRow.original, MediaRow.stored)
    rows = tx.execute(query.where(MediaRow.provider == provider, MediaRow.stored.in_(list(files))))
    return {row.original: row.stored for row in rows}


def forget(tx: Connection, before: datetime) -> None:
    """What no case has asked for by then belongs to nobody; its file goes when the next erasure tidies."""
    wanted = select(PhotoRow.sha256)
    tx.execute(delete(MediaRow).where(MediaRow.received_at < before, MediaRow.stored.not_in(wanted)))


def unreadable(tx: Connection, provider: str) -> list[Medium]:
    """What was named as a photo and is none, the latest first."""
    query = select(*COLUMNS).where(MediaRow.provider == provider, MediaRow.readable.is_(False))
    return [Medium(**row) for row in tx.execute(query.order_by(MediaRow.received_at.desc())).mappings()]
