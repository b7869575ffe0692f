"""Who did what and when, chained by hashes per tenant; content is committed to with a salt, never stored here.

Erasing a person removes content and salts; the chain still verifies. It shows tampering by anyone who cannot
rewrite all of it from the first changed row on; a signed daily head kept elsewhere would also stop the operator.
"""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from app.store.tables import LedgerHeadRow, LedgerRow, SaltRow
from app.store.types import canonical, moment
from app.store.upsert import ignore_existing

FIRST = "0" * 64


def append(
    tx: Connection, entry: str, *, tenant: str, actor: str, action: str, subject: str, content: object, at: datetime
) -> str:
    """Add one entry for a whole act or batch; the head row is locked, so writers of a tenant queue. Returns `entry`."""
    tx.execute(ignore_existing(tx, LedgerHeadRow).values(tenant=tenant, place=0, hash=FIRST))
    head = tx.execute(
        select(LedgerHeadRow.place, LedgerHeadRow.hash).where(LedgerHeadRow.tenant == tenant).with_for_update()
    ).one()
    salt = secrets.token_hex(16)
    row = {
        "id": entry,
        "tenant": tenant,
        "place": head.place + 1,
        "at": moment(at),
        "actor": actor,
        "action": action,
        "subject": subject,
        "commitment": commitment(salt, content),
        "previous": head.hash,
    }
    row["hash"] = _hash(row)
    tx.execute(insert(LedgerRow).values(row))
    tx.execute(insert(SaltRow).values(entry=entry, salt=salt))
    tx.execute(update(LedgerHeadRow).where(LedgerHeadRow.tenant == tenant).values(place=row["place"], hash=row["hash"]))
    return entry


def commitment(salt: str, content: object) -> str:
    """Binds to the content without telling it: bare hashes of names and dates could be guessed in seconds."""
    return hashlib.sha256(salt.encode() + b"\0" + canonical(content)).hexdigest()


def holds(tx: Connection, entry: str, content: object) -> bool:
    """Whether the entry was made for exactly this content."""
    row = tx.execute(
        select(LedgerRow.commitment, SaltRow.salt)
        .join(SaltRow, SaltRow.entry == LedgerRow.id)
        .where(LedgerRow.id == entry)
    ).one_or_none()
    return row is not None and secrets.compare_digest(row.commitment, commitment(row.salt, content))


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
