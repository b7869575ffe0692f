"""The public side of issuing: keys that strangers check with, and bytes published at fixed paths."""

import base64
import hashlib
from datetime import datetime
from typing import Literal

from msgspec import Struct
from sqlalchemy import Connection, func, insert, or_, select, update

from app.store.tables import AwardRow, DocumentRow, KeyRow, PublishedRow
from app.store.types import moment
from app.store.upsert import replace_existing
from assessments.problems import MissingError

Purpose = Literal["seal", "record"]
Level = Literal["development", "advanced", "qualified"]


class Key(Struct, frozen=True, kw_only=True):
    """The public half of an issuer's key."""

    id: str
    provider: str
    purpose: Purpose
    place: int
    public: str
    """Certificate in PEM (seal) or Multikey (record)."""
    development: bool
    level: Level
    made_at: datetime
    starts_at: datetime
    retired_at: datetime | None
    distrusted_from: datetime | None

    @property
    def name(self) -> str:
        """How a document names the key that made it: the certificate's fingerprint, or the number in the DID."""
        return fingerprint(self.public) if self.purpose == "seal" else f"key-{self.place}"

    def ended(self, now: datetime) -> bool:
        """Whether nothing new is made with it any more."""
        return self.distrusted_from is not None or (self.retired_at is not None and self.retired_at <= now)


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
    """What the ledger commits to for a key; what is as usual is left out, as in entries older than levels are."""
    usual = "development" if key.development else "advanced"
    return (
        {"purpose": key.purpose, "place": key.place, "public": key.public, "development": key.development}
        | ({} if key.level == usual else {"level": key.level})
        | ({} if key.starts_at == key.made_at else {"starts_at": moment(key.starts_at)})
    )


def distrust_content(key: str, since: datetime) -> object:
    """What the ledger commits to when a key is no longer trusted."""
    return {"key": key, "since": moment(since)}


def fingerprint(pem: str) -> str:
    """SHA-256 of the certificate in a PEM, without the libraries that the web must not load."""
    body = "".join(line for line in pem.splitlines() if not line.startswith("-"))
    return hashlib.sha256(base64.b64decode(body)).hexdigest()


def retire_keys(tx: Connection, provider: str, purpose: Purpose, below: int, at: datetime) -> None:
    """Older keys seal no more from then on but stay listed."""
    tx.execute(
        update(KeyRow)
        .where(KeyRow.provider == provider, KeyRow.purpose == purpose, KeyRow.place < below)
        .where(KeyRow.retired_at.is_(None))
        .values(retired_at=at)
    )


def distrust(tx: Connection, key: str, since: datetime, at: datetime) -> None:
    """Somebody else may have used it from `since` on; it makes nothing more."""
    row = update(KeyRow).where(KeyRow.id == key)
    tx.execute(row.values(distrusted_from=since))
    tx.execute(row.where(or_(KeyRow.retired_at.is_(None), KeyRow.retired_at > at)).values(retired_at=at))


def serving(tx: Connection, provider: str, purpose: Purpose, now: datetime) -> Key:
    """The key that new documents are made with: the newest that has begun; raises `MissingError`."""
    left = [key for key in keys(tx, provider, purpose) if not key.ended(now)]
    if not left:
        raise MissingError(key=purpose)
    return next((key for key in reversed(left) if key.starts_at <= now), left[0])


def seal_level(tx: Connection, provider: str, name: str) -> Level | None:
    """What kind of seal it was, by the name that a paper keeps; None for none of ours."""
    return next((key.level for key in keys(tx, provider, "seal") if key.name == name), None)


def made_with(tx: Connection, key: Key, since: datetime) -> list[str]:
    """Ids of the awards that have a document made with the key since then, oldest first."""
    ending = DocumentRow.key == key.name if key.purpose == "seal" else DocumentRow.key.endswith(f"#{key.name}")
    query = (
        select(DocumentRow.award, func.min(DocumentRow.made_at))
        .join(AwardRow, AwardRow.id == DocumentRow.award)
        .where(ending, AwardRow.provider == key.provider, DocumentRow.made_at >= since)
        .group_by(DocumentRow.award)
        .order_by(func.min(DocumentRow.made_at))
    )
    return [row.award for row in tx.execute(query)]


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
