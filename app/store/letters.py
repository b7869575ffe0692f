"""Letters to be mailed, and the links by which candidates come in."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, insert, select, update

from app.store.people import hashed
from app.store.tables import LetterRow, LinkRow


class Letter(Struct, frozen=True, kw_only=True):
    """A mail: template and what it is filled with."""

    id: str
    recipient: str
    template: str
    language: str
    content: dict[str, Any]
    candidate: str | None
    sent_at: datetime | None


COLUMNS = [getattr(LetterRow, name) for name in Letter.__struct_fields__]


def add(tx: Connection, letter: Letter, at: datetime) -> None:
    """Keep a letter to be sent."""
    fields = {name: getattr(letter, name) for name in Letter.__struct_fields__}
    tx.execute(insert(LetterRow).values(**fields, wanted_at=at))


def find(tx: Connection, key: str) -> Letter:
    """By id."""
    return Letter(**tx.execute(select(*COLUMNS).where(LetterRow.id == key)).mappings().one())


def set_sent(tx: Connection, key: str, at: datetime) -> None:
    """It has gone; address and content are not needed any more."""
    tx.execute(update(LetterRow).where(LetterRow.id == key).values(sent_at=at, recipient="", content={}))


def add_link(
    tx: Connection, secret: str, candidate: str, at: datetime, expires_at: datetime, handed_over_by: str | None
) -> None:
    """Keep a candidate's way in."""
    tx.execute(
        insert(LinkRow).values(
            secret_sha256=hashed(secret),
            candidate=candidate,
            made_at=at,
            expires_at=expires_at,
            handed_over_by=handed_over_by,
        )
    )


def usable_link(tx: Connection, secret: str, now: datetime) -> str | None:
    """The candidate of a link that is neither used nor too old."""
    return tx.execute(
        select(LinkRow.candidate).where(
            LinkRow.secret_sha256 == hashed(secret), LinkRow.used_at.is_(None), LinkRow.expires_at > now
        )
    ).scalar_one_or_none()


def use_link(tx: Connection, secret: str, now: datetime) -> bool:
    """Use it up; False when somebody was faster."""
    used = tx.execute(
        update(LinkRow)
        .where(LinkRow.secret_sha256 == hashed(secret), LinkRow.used_at.is_(None), LinkRow.expires_at > now)
        .values(used_at=now)
    )
    return used.rowcount == 1


def recent_links(tx: Connection, candidate: str, since: datetime) -> int:
    """How many links were mailed lately: nobody's inbox is flooded through us."""
    query = select(LinkRow.secret_sha256).where(
        LinkRow.candidate == candidate, LinkRow.made_at > since, LinkRow.handed_over_by.is_(None)
    )
    return len(list(tx.execute(query)))
