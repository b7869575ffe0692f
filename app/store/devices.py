"""Tablets that may deliver, and the codes with which they are enrolled; secrets are kept as hashes only."""

import hashlib
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, Select, insert, select, update

from app.store.field_tables import DeviceRow, EnrolmentRow
from assessments.problems import MissingError


class Device(Struct, frozen=True, kw_only=True):
    """A tablet of one provider."""

    id: str
    provider: str
    name: str
    enrolled_by: str | None
    enrolled_at: datetime
    seen_at: datetime
    app: str
    skew: int
    waiting: int
    oldest: str
    revoked_at: datetime | None
    reason: str


class Enrolment(Struct, frozen=True, kw_only=True):
    """A code that was handed out."""

    provider: str
    made_by: str | None
    made_at: datetime
    used_at: datetime | None


COLUMNS = [getattr(DeviceRow, name) for name in Device.__struct_fields__]


def add(tx: Connection, device: Device, token: str) -> None:
    """Keep a new tablet."""
    fields = {name: getattr(device, name) for name in Device.__struct_fields__}
    tx.execute(insert(DeviceRow).values(**fields, token_sha256=hashed(token)))


def find(tx: Connection, key: str) -> Device:
    """By id; raises `MissingError`."""
    found = _one(tx, select(*COLUMNS).where(DeviceRow.id == key))
    if found is None:
        raise MissingError(device=key)
    return found


def lock(tx: Connection, key: str) -> Device:
    """The same, and whatever else this tablet delivers queues here."""
    tx.execute(select(DeviceRow.id).where(DeviceRow.id == key).with_for_update())
    return find(tx, key)


def with_token(tx: Connection, token: str) -> Device | None:
    """Whose token it is, revoked or not."""
    return _one(tx, select(*COLUMNS).where(DeviceRow.token_sha256 == hashed(token)))


def of_provider(tx: Connection, provider: str) -> list[Device]:
    """A provider's tablets: those in use first, then by name."""
    query = select(*COLUMNS).where(DeviceRow.provider == provider)
    rows = tx.execute(query.order_by(DeviceRow.name, DeviceRow.id)).mappings()
    return sorted((Device(**row) for row in rows), key=lambda each: each.revoked_at is not None)


def change(tx: Connection, key: str, **changes: object) -> None:
    """Set columns of a tablet."""
    tx.execute(update(DeviceRow).where(DeviceRow.id == key).values(**changes))


def add_code(tx: Connection, code: str, provider: str, person: str | None, at: datetime) -> None:
    """Keep a code that was just shown to somebody."""
    tx.execute(insert(EnrolmentRow).values(code_sha256=hashed(code), provider=provider, made_by=person, made_at=at))


def code(tx: Connection, text: str) -> Enrolment | None:
    """What the code was made for; whoever asks first uses it, the second waits here."""
    columns = [getattr(EnrolmentRow, name) for name in Enrolment.__struct_fields__]
    query = select(*columns).where(EnrolmentRow.code_sha256 == hashed(text)).with_for_update()
    row = tx.execute(query).mappings().one_or_none()
    return Enrolment(**row) if row else None


def use_code(tx: Connection, text: str, device: str, at: datetime) -> None:
    """It enrols no second tablet."""
    tx.execute(update(EnrolmentRow).where(EnrolmentRow.code_sha256 == hashed(text)).values(used_at=at, device=device))


def hashed(secret: str) -> str:
    """Secrets are long and random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _one(tx: Connection, query: Select[tuple[object, ...]]) -> Device | None:
    row = tx.execute(query).mappings().one_or_none()
    return Device(**row) if row else None
