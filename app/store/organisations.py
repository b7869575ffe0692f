"""Tenants: providers, sector bodies and the operator."""

from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, insert, select

from app.store.tables import OrganisationRow
from assessments.problems import MissingError

Kind = Literal["provider", "sector-body", "operator"]


class Organisation(Struct, frozen=True, kw_only=True):
    """A tenant as the rest of the house sees it."""

    id: str
    slug: str
    kind: Kind
    name: str
    organisation_number: str
    country: str
    homepage: str | None


COLUMNS = [getattr(OrganisationRow, name) for name in Organisation.__struct_fields__]


def add(tx: Connection, organisation: Organisation, at: datetime) -> None:
    """Keep a new tenant."""
    fields = {name: getattr(organisation, name) for name in Organisation.__struct_fields__}
    tx.execute(insert(OrganisationRow).values(**fields, added_at=at))


def content(organisation: Organisation) -> object:
    """What the ledger commits to for a tenant: name and number are printed on certificates."""
    return msgspec.to_builtins(organisation)


def find(tx: Connection, key: str) -> Organisation:
    """By id or slug; raises `MissingError`."""
    row = (
        tx.execute(select(*COLUMNS).where((OrganisationRow.id == key) | (OrganisationRow.slug == key)))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise MissingError(organisation=key)
    return Organisation(**row)


def every(tx: Connection, kind: Kind | None = None) -> list[Organisation]:
    """All tenants, by name."""
    query = select(*COLUMNS).order_by(OrganisationRow.name)
    if kind:
        query = query.where(OrganisationRow.kind == kind)
    return [Organisation(**row) for row in tx.execute(query).mappings()]
