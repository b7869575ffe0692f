"""Who did what and when, chained by hashes per tenant; content is committed to with a salt, never stored here.

Erasing a person removes content and salts; the chain still verifies. It shows tampering by anyone who cannot
rewrite all of it from the first changed row on; a signed daily head kept elsewhere would also stop the operator.
"""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, insert, select, update

from app.store.tables import LedgerHeadRow, LedgerRow, SaltRow
from app.store.types import canonical, moment
from app.store.upsert import ignore_existing

FIRST = "0" * 64


class Entry(Struct, frozen=True, kw_only=True):
    """What an entry says of itself; without salt nobody can tell what it binds to."""

    tenant: str
    place: int
    actor: str
    action: str
    subject: str
    commitment: str
    salt: str | None


def append(
    tx: Connection, entry: str, *, tenant: str, actor: str, action: str, subject: str, content: object, at: datetime
) -> str:
    """Add one entry for a whole act or batch; the head row is locked, so writers of a tenant queue. Returns `entry`."""
    place, previous = queue(tx, tenant)
    salt = secrets.token_hex(16)
    row = {
        "id": entry,
        "tenant": tenant,
        "place": place + 1,
        "at": moment(at),
        "actor": actor,
        "action": action,
        "subject": subject,
        "commitment": commitment(salt, content),
        "previous": previous,
    }
    row["hash"] = _hash(row)
    tx.execute(insert(LedgerRow).values(row))
    tx.execute(insert(SaltRow).values(entry=entry, salt=salt))
    tx.execute(update(LedgerHeadRow).where(LedgerHeadRow.tenant == tenant).values(place=row["place"], hash=row["hash"]))
    return entry


def queue(tx: Connection, tenant: str) -> tuple[int, str]:
    """Wait until no other writer of that tenant is in the middle of something; the end of the chain is the lock.

    An act that looks before it writes queues first, or two at once would both see nothing.
    """
    locked = select(LedgerHeadRow.place, LedgerHeadRow.hash).where(LedgerHeadRow.tenant == tenant).with_for_update()
    head = tx.execute(locked).one_or_none()
    if head is None:
        tx.execute(ignore_existing(tx, LedgerHeadRow).values(tenant=tenant, place=0, hash=FIRST))
        head = tx.execute(locked).one()
    return head.place, head.hash


def commitment(salt: str, content: object) -> str:
    """Binds to the content without telling it: bare hashes of names and dates could be guessed in seconds."""
    return hashlib.sha256(salt.encode() + b"\0" + canonical(content)).hexdigest()


def commits(entry: Entry, content: object) -> bool:
    """Whether the entry was made for exactly this content."""
    return entry.salt is not None and secrets.compare_digest(entry.commitment, commitment(entry.salt, content))


def entries(tx: Connection, subjects: set[str] | None = None) -> dict[str, Entry]:
    """Entries by id, all of them or those about these subjects."""
    columns = [getattr(LedgerRow, name) for name in Entry.__struct_fields__ if name != "salt"]
    query = select(LedgerRow.id, *columns, SaltRow.salt).outerjoin(SaltRow, SaltRow.entry == LedgerRow.id)
    if subjects is not None:
        query = query.where(LedgerRow.subject.in_(subjects))
    return {row.pop("id"): Entry(**row) for row in map(dict, tx.execute(query).mappings())}


def faults(tx: Connection) -> Iterator[str]:
    """Walk every chain; yields one sentence per broken place, nothing when all are whole."""
    heads = {
        row.tenant: row for row in tx.execute(select(LedgerHeadRow.tenant, LedgerHeadRow.place, LedgerHeadRow.hash))
    }
    at: dict[str, tuple[int, str]] = {}
    columns = list(LedgerRow.__table__.columns)
    for row in tx.execute(select(*columns).order_by(LedgerRow.tenant, LedgerRow.place)).mappings():
        place, previous = at.get(row["tenant"], (0, FIRST))
        if row["place"] != place + 1 or row["previous"] != previous:
            yield f"ledger of {row['tenant']}: broken before entry {row['place']}"
        if row["hash"] != _hash({key: value for key, value in row.items() if key != "hash"}):
            yield f"ledger of {row['tenant']}: entry {row['place']} was changed"
        at[row["tenant"]] = (row["place"], row["hash"])
    for tenant, head in heads.items():
        if at.get(tenant, (0, FIRST)) != (head.place, head.hash):
            yield f"ledger of {tenant}: the end is missing"
    for tenant in at.keys() - heads.keys():
        yield f"ledger of {tenant}: the head is missing"


def _hash(row: dict[str, object]) -> str:
    return hashlib.sha256(canonical(row)).hexdigest()
