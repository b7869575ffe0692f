"""What waits for a second person, answered without reading whole cases."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, select

from app.store.tables import AwardRow, PersonRow, RevocationRow


class AskedRevocation(Struct, frozen=True, kw_only=True):
    """A revocation that nobody has confirmed yet."""

    id: str
    award: str
    number: str | None
    asked_by: str
    name: str
    asked_at: datetime


def revocations(tx: Connection, provider: str) -> list[AskedRevocation]:
    """A provider's unconfirmed revocations of awards that are still in force, the oldest first."""
    query = (
        select(
            RevocationRow.id, RevocationRow.award, AwardRow.number, RevocationRow.asked_by, PersonRow.name,
            RevocationRow.asked_at,
        )
        .join(AwardRow, AwardRow.id == RevocationRow.award)
        .join(PersonRow, PersonRow.id == RevocationRow.asked_by)
        .where(AwardRow.provider == provider, AwardRow.revoked_at.is_(None), RevocationRow.confirmed_at.is_(None))
        .order_by(RevocationRow.asked_at)
    )  # fmt: skip
    return [AskedRevocation(**row) for row in tx.execute(query).mappings()]
