"""What checks a candidate's own code; the code itself is kept nowhere."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, select

from app.store.field_tables import CandidateCodeRow
from app.store.upsert import replace_existing


class Kept(Struct, frozen=True, kw_only=True):
    """Salt, and what the code becomes with it, in hex."""

    salt: str
    key: str


def put(tx: Connection, assessment: str, kept: Kept, person: str, at: datetime) -> None:
    """In place of the one before."""
    values = {"assessment": assessment, "salt": kept.salt, "key": kept.key, "made_by": person, "made_at": at}
    replace_existing(tx, CandidateCodeRow, "assessment", values)


def of(tx: Connection, cases: Iterable[str]) -> dict[str, Kept]:
    """By case, where one was handed out."""
    query = select(CandidateCodeRow.assessment, CandidateCodeRow.salt, CandidateCodeRow.key)
    rows = tx.execute(query.where(CandidateCodeRow.assessment.in_(list(cases))))
    return {row.assessment: Kept(salt=row.salt, key=row.key) for row in rows}
