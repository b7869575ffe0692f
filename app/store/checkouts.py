"""Which cases are out on which tablets: while one is, nothing is decided without saying why."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import Connection, Select, insert, select, update

from app.store.field_tables import CheckoutRow, DeviceRow
from app.store.tables import PersonRow
from assessments.problems import MissingError

How = Literal["", "returned", "declared", "lost"]


class Checkout(Struct, frozen=True, kw_only=True):
    """A case on a tablet."""

    id: str
    assessment: str
    device: str
    device_name: str
    person: str
    name: str
    out_at: datetime
    back_at: datetime | None
    how: How
    why: str


def add(tx: Connection, key: str, assessment: str, device: str, person: str, at: datetime) -> None:
    """It was taken along."""
    tx.execute(
        insert(CheckoutRow).values(
            id=key, assessment=assessment, device=device, person=person, out_at=at, how="", why=""
        )
    )


def find(tx: Connection, key: str) -> Checkout:
    """By id; raises `MissingError`."""
    found = _listed(tx, _query().where(CheckoutRow.id == key))
    if not found:
        raise MissingError(checkout=key)
    return found[0]


def out(tx: Connection, assessment: str) -> list[Checkout]:
    """The tablets that have the case now."""
    return _listed(tx, _query().where(CheckoutRow.assessment == assessment, CheckoutRow.back_at.is_(None)))


def of(tx: Connection, assessment: str) -> list[Checkout]:
    """Every time the case was out, the latest last."""
    return _listed(tx, _query().where(CheckoutRow.assessment == assessment))


def on_device(tx: Connection, device: str) -> list[Checkout]:
    """What a tablet has now."""
    return _listed(tx, _query().where(CheckoutRow.device == device, CheckoutRow.back_at.is_(None)))


def back(tx: Connection, key: str, how: How, at: datetime, by: str | None = None, why: str = "") -> None:
    """It is out no more."""
    tx.execute(update(CheckoutRow).where(CheckoutRow.id == key).values(back_at=at, how=how, back_by=by, why=why))


def _query() -> Select[*tuple[Any, ...]]:
    return (
        select(
            CheckoutRow.id, CheckoutRow.assessment, CheckoutRow.device, DeviceRow.name.label("device_name"),
            CheckoutRow.person, PersonRow.name, CheckoutRow.out_at, CheckoutRow.back_at, CheckoutRow.how,
            CheckoutRow.why,
        )
        .join(DeviceRow, DeviceRow.id == CheckoutRow.device)
        .join(PersonRow, PersonRow.id == CheckoutRow.person)
        .order_by(CheckoutRow.out_at)
    )  # fmt: skip


def _listed(tx: Connection, query: Select[*tuple[Any, ...]]) -> list[Checkout]:
    return [Checkout(**row) for row in tx.execute(query).mappings()]
