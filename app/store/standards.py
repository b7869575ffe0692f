"""Published editions and the rights to issue them."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, insert, select, update

from app.store.tables import EditionRow, GrantRow, OrganisationRow
from assessments.problems import MissingError
from assessments.process import Grant
from criteria.model import Edition
from criteria.reader import from_canonical


class Published(Struct, frozen=True, kw_only=True):
    """An edition as lists show it."""

    sha256: str
    standard: str
    edition: str
    owner: str
    published_at: datetime
    content: Edition


class GrantView(Struct, frozen=True, kw_only=True):
    """A right to issue, as both sides see it."""

    id: str
    provider: str
    provider_name: str
    owner: str
    standard: str
    given_on: str
    revoked_on: str | None
    reason: str


READ: dict[str, Edition] = {}
"""Editions never change, so each is fetched and read once per process."""
MOST_READ = 64


def _edition(tx: Connection, sha256: str) -> Edition:
    found = READ.get(sha256)
    if found is None:
        found = from_canonical(tx.execute(select(EditionRow.resolved).where(EditionRow.sha256 == sha256)).scalar_one())
        if len(READ) >= MOST_READ:
            READ.clear()
        READ[sha256] = found
    return found


def add(tx: Connection, published: Published, file: bytes, file_sha256: str, resolved: bytes, entry: str) -> None:
    """Keep a new edition."""
    tx.execute(
        insert(EditionRow).values(
            sha256=published.sha256,
            standard=published.standard,
            edition=published.edition,
            owner=published.owner,
            file=file,
            file_sha256=file_sha256,
            resolved=resolved,
            published_at=published.published_at,
            entry=entry,
        )
    )


def _value(tx: Connection, row: Row[*tuple[Any, ...]]) -> Published:
    return Published(
        sha256=row.sha256,
        standard=row.standard,
        edition=row.edition,
        owner=row.owner,
        published_at=row.published_at,
        content=_edition(tx, row.sha256),
    )


COLUMNS = [
    EditionRow.sha256, EditionRow.standard, EditionRow.edition, EditionRow.owner, EditionRow.published_at,
]  # fmt: skip


def find(tx: Connection, sha256: str) -> Published:
    """By identity; raises `MissingError`."""
    row = tx.execute(select(*COLUMNS).where(EditionRow.sha256 == sha256)).one_or_none()
    if row is None:
        raise MissingError(edition=sha256)
    return _value(tx, row)


def named(tx: Connection, standard: str, edition: str) -> Published | None:
    """By name, if it is published."""
    row = tx.execute(
        select(*COLUMNS).where(EditionRow.standard == standard, EditionRow.edition == edition)
    ).one_or_none()
    return _value(tx, row) if row else None


def file(tx: Connection, sha256: str) -> bytes:
    """The file as its owner wrote it."""
    found = tx.execute(select(EditionRow.file).where(EditionRow.sha256 == sha256)).scalar_one_or_none()
    if found is None:
        raise MissingError(edition=sha256)
    return found


def every(tx: Connection, owner: str | None = None) -> list[Published]:
    """All editions, by name and newest first."""
    query = select(*COLUMNS).order_by(EditionRow.standard, EditionRow.edition.desc())
    if owner:
        query = query.where(EditionRow.owner == owner)
    return [_value(tx, row) for row in tx.execute(query)]


def granted(tx: Connection, provider: str, on: str) -> list[Published]:
    """The editions a provider may assess against today."""
    standards = {
        grant.standard
        for grant in grants(tx, provider)
        if grant.given_on <= on and (grant.revoked_on is None or on < grant.revoked_on)
    }
    return [each for each in every(tx) if each.standard in standards and each.content.status == "published"]


def add_grant(tx: Connection, view: GrantView, given_by: str | None, entry: str) -> None:
    """Keep a new right to issue."""
    tx.execute(
        insert(GrantRow).values(
            id=view.id,
            provider=view.provider,
            owner=view.owner,
            standard=view.standard,
            given_on=view.given_on,
            given_by=given_by,
            entry=entry,
            reason="",
        )
    )


def revoke_grant(tx: Connection, key: str, *, on: str, by: str, reason: str, entry: str) -> None:
    """The right ends; the day itself no longer counts."""
    tx.execute(
        update(GrantRow)
        .where(GrantRow.id == key, GrantRow.revoked_on.is_(None))
        .values(revoked_on=on, revoked_by=by, reason=reason, revoked_entry=entry)
    )


def grants(tx: Connection, provider: str) -> tuple[Grant, ...]:
    """What the domain asks: a provider's rights, ended ones included."""
    rows = tx.execute(
        select(GrantRow.provider, GrantRow.standard, GrantRow.given_on, GrantRow.revoked_on).where(
            GrantRow.provider == provider
        )
    ).mappings()
    return tuple(Grant(**row) for row in rows)


def grant_views(
    tx: Connection, *, owner: str | None = None, provider: str | None = None, key: str | None = None
) -> list[GrantView]:
    """Rights to issue for people, newest first."""
    query = (
        select(
            GrantRow.id, GrantRow.provider, OrganisationRow.name.label("provider_name"), GrantRow.owner,
            GrantRow.standard, GrantRow.given_on, GrantRow.revoked_on, GrantRow.reason,
        )
        .join(OrganisationRow, OrganisationRow.id == GrantRow.provider)
        .order_by(GrantRow.given_on.desc(), GrantRow.id.desc())
    )  # fmt: skip
    if owner:
        query = query.where(GrantRow.owner == owner)
    if provider:
        query = query.where(GrantRow.provider == provider)
    if key:
        query = query.where(GrantRow.id == key)
    return [GrantView(**row) for row in tx.execute(query).mappings()]


def content(sha256: str, standard: str, edition: str, file_sha256: str) -> object:
    """What the ledger commits to for an edition."""
    return {"standard": standard, "edition": edition, "sha256": sha256, "file": file_sha256}


def grant_content(view: GrantView) -> object:
    """What the ledger commits to for a right given."""
    return {"grant": view.id, "provider": view.provider, "standard": view.standard, "given_on": view.given_on}


def revoking_content(view: GrantView) -> object:
    """What the ledger commits to for a right taken back."""
    return {"grant": view.id, "reason": view.reason, "on": view.revoked_on}
