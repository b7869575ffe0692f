"""The public side of issuing: keys that strangers check with, and bytes published at fixed paths."""

import hashlib
from datetime import datetime
from typing import Literal

from msgspec import Struct
from sqlalchemy import Connection, insert, select, update

from app.store.tables import KeyRow, PublishedRow
from app.store.upsert import replace_existing
from assessments.problems import MissingError

Purpose = Literal["seal", "record"]


class Key(Struct, frozen=True, kw_only=True):
    """The public half of an issuer's key."""

    id: str
    provider: str
    purpose: Purpose
    place: int
    public: str
    """Certificate in PEM (seal) or Multikey (record)."""
    development: bool
    made_at: datetime
    retired_at: datetime | None


class PublicBytes(Struct, frozen=True, kw_only=True):
    """What is served at a fixed path."""

    path: str
    media_type: str
    body: bytes
    sha256: str
    made_at: datetime
    valid_until: datetime | None


KEY = [getattr(KeyRow, name) for name in Key.__struct_fields__]
PUBLIC = [getattr(PublishedRow, name) for name in PublicBytes.__struct_fields__]


def add_key(tx: Connection, key: Key) -> None:
    """List a new public key."""
    tx.execute(insert(KeyRow).values(**{name: getattr(key, name) for name in Key.__struct_fields__}))


def key_content(key: Key) -> object:
    """What the ledger commits to for a key."""
    return {"purpose": key.purpose, "place": key.place, "public": key.public, "development": key.development}


def retire_keys(tx: Connection, provider: str, purpose: Purpose, below: int, at: datetime) -> None:
    """Older keys seal no more but stay listed."""
    tx.execute(
        update(KeyRow)
        .where(KeyRow.provider == provider, KeyRow.purpose == purpose, KeyRow.place < below)
        .where(KeyRow.retired_at.is_(None))
        .values(retired_at=at)
    )


def keys(tx: Connection, provider: str | None = None, purpose: Purpose | None = None) -> list[Key]:
    """Public keys in the order they were made."""
    query = select(*KEY).order_by(KeyRow.provider, KeyRow.purpose, KeyRow.place)
    if provider:
        query = query.where(KeyRow.provider == provider)
    if purpose:
        query = query.where(KeyRow.purpose == purpose)
    return [Key(**row) for row in tx.execute(query).mappings()]


def publish(
    tx: Connection, path: str, media_type: str, body: bytes, at: datetime, valid_until: datetime | None = None
) -> None:
    """Serve these bytes at that path from now on."""
    values: dict[str, object] = {
        "path": path,
        "media_type": media_type,
        "body": body,
        "sha256": hashlib.sha256(body).hexdigest(),
        "made_at": at,
        "valid_until": valid_until,
    }
    replace_existing(tx, PublishedRow, "path", values)


def published(tx: Connection, path: str) -> PublicBytes:
    """What is served there; raises `MissingError`."""
    row = tx.execute(select(*PUBLIC).where(PublishedRow.path == path)).mappings().one_or_none()
    if row is None:
        raise MissingError(path=path)
    return PublicBytes(**row)


def all_published(tx: Connection) -> list[PublicBytes]:
    """Everything that is served at fixed paths."""
    return [PublicBytes(**row) for row in tx.execute(select(*PUBLIC).order_by(PublishedRow.path)).mappings()]
