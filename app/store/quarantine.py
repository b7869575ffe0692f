"""What tablets delivered and the gate did not take: whole, until a person has seen to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct
from sqlalchemy import Connection, Select, func, select, update

from app.store.field_tables import DeliveryRow, DeviceRow, QuarantineRow
from app.store.upsert import ignore_existing
from assessments.problems import MissingError

State = Literal["open", "accepted", "set-aside"]
LATE = "late"


class Parked(Struct, frozen=True, kw_only=True):
    """One event that waits for a person, or did."""

    id: str
    device: str
    hash: str
    event: str
    seq: int | None
    prev: str
    assessment: str
    actor: str
    reason: str
    faults: tuple[str, ...]
    body: str
    batch: str
    received_at: datetime
    changes_verdict: bool = False
    state: State = "open"
    closed_by: str | None = None
    closed_at: datetime | None = None
    why: str = ""


COLUMNS = [getattr(QuarantineRow, name) for name in Parked.__struct_fields__]


def add(tx: Connection, parked: Sequence[Parked]) -> None:
    """Keep them; the very same twice is there once."""
    rows = [
        {name: getattr(each, name) for name in Parked.__struct_fields__} | {"faults": list(each.faults)}
        for each in parked
    ]
    if rows:
        tx.execute(ignore_existing(tx, QuarantineRow), rows)


def known(tx: Connection, device: str, hashes: Sequence[str]) -> dict[str, Parked]:
    """By hash: what lies here of that tablet."""
    query = select(*COLUMNS).where(QuarantineRow.device == device, QuarantineRow.hash.in_(hashes))
    return {each.hash: each for each in _listed(tx, query)}


def lock(tx: Connection, key: str) -> Parked:
    """By id, and nobody else closes it meanwhile; raises `MissingError`."""
    found = _listed(tx, select(*COLUMNS).where(QuarantineRow.id == key).with_for_update())
    if not found:
        raise MissingError(quarantine=key)
    return found[0]


def provider_of(tx: Connection, key: str) -> str | None:
    """Whose tablet sent it."""
    query = select(DeviceRow.provider).join(QuarantineRow, QuarantineRow.device == DeviceRow.id)
    return tx.execute(query.where(QuarantineRow.id == key)).scalar_one_or_none()


def of_provider(tx: Connection, provider: str, state: State = "open", most: int = 200) -> list[Parked]:
    """What waits, or was closed, the latest first."""
    query = select(*COLUMNS).join(DeviceRow, DeviceRow.id == QuarantineRow.device)
    query = query.where(DeviceRow.provider == provider, QuarantineRow.state == state)
    return _listed(tx, query.order_by(QuarantineRow.received_at.desc(), QuarantineRow.id.desc()).limit(most))


def waiting(tx: Connection, provider: str) -> int:
    """How many wait for a person."""
    query = select(func.count()).select_from(QuarantineRow).join(DeviceRow, DeviceRow.id == QuarantineRow.device)
    found: int = tx.execute(query.where(DeviceRow.provider == provider, QuarantineRow.state == "open")).scalar_one()
    return found


def arrived(tx: Connection, device: str) -> int:
    """How many different events of a tablet are here, taken in or not."""
    taken = select(func.count()).select_from(DeliveryRow).where(DeliveryRow.device == device)
    here = select(func.count()).select_from(QuarantineRow).where(QuarantineRow.device == device)
    return int(tx.execute(taken).scalar_one()) + int(tx.execute(here).scalar_one())


def late(tx: Connection, assessment: str) -> list[Parked]:
    """Acts that came after the decision and nobody has set aside, in the order of their ids."""
    query = select(*COLUMNS).where(
        QuarantineRow.assessment == assessment, QuarantineRow.reason == LATE, QuarantineRow.state == "open"
    )
    return _listed(tx, query.order_by(QuarantineRow.event))


def close(tx: Connection, key: str, state: State, *, by: str, at: datetime, why: str) -> None:
    """A person has seen to it."""
    tx.execute(
        update(QuarantineRow).where(QuarantineRow.id == key).values(state=state, closed_by=by, closed_at=at, why=why)
    )


def flag(tx: Connection, keys: Sequence[str]) -> None:
    """With these the rules would say something else than was decided."""
    tx.execute(update(QuarantineRow).where(QuarantineRow.id.in_(keys)).values(changes_verdict=True))


def _listed(tx: Connection, query: Select[tuple[object, ...]]) -> list[Parked]:
    return [Parked(**dict(row) | {"faults": tuple(row["faults"])}) for row in tx.execute(query).mappings()]
