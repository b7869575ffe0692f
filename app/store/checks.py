"""Documents somebody wants checked, and faults somebody reported."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, func, insert, select, update

from app.store.tables import CheckRow, ReportRow
from assessments.problems import MissingError


class Asked(Struct, frozen=True, kw_only=True):
    """A check; `answer` is the verification as JSON once it is there."""

    id: str
    sha256: str
    size: int
    asked_at: datetime
    answered_at: datetime | None
    answer: str | None


class Report(Struct, frozen=True, kw_only=True):
    """What somebody reported."""

    id: str
    kind: str
    page: str
    text: str
    contact: str
    at: datetime


COLUMNS = [getattr(CheckRow, name) for name in Asked.__struct_fields__]


def add(tx: Connection, asked: Asked) -> None:
    """Keep a check to be made."""
    tx.execute(insert(CheckRow).values(**{name: getattr(asked, name) for name in Asked.__struct_fields__}))


def find(tx: Connection, key: str) -> Asked:
    """By its unguessable id; raises `MissingError`."""
    row = tx.execute(select(*COLUMNS).where(CheckRow.id == key)).mappings().one_or_none()
    if row is None:
        raise MissingError(check=key)
    return Asked(**row)


def answer(tx: Connection, key: str, text: str, at: datetime) -> None:
    """The answer is there."""
    tx.execute(
        update(CheckRow).where(CheckRow.id == key, CheckRow.answered_at.is_(None)).values(answer=text, answered_at=at)
    )


def forget(tx: Connection, before: datetime) -> list[str]:
    """Empty old answers (they can hold names); returns the ids of checks that never got one."""
    tx.execute(update(CheckRow).where(CheckRow.answered_at < before).values(answer=None))
    unanswered = select(CheckRow.id).where(CheckRow.answered_at.is_(None), CheckRow.asked_at < before)
    return list(tx.execute(unanswered).scalars())


def waiting(tx: Connection) -> int:
    """How many checks wait: the door refuses more when there are too many."""
    return tx.execute(select(func.count()).select_from(CheckRow).where(CheckRow.answered_at.is_(None))).scalar_one()


def add_report(tx: Connection, report: Report) -> None:
    """Keep a fault report."""
    tx.execute(insert(ReportRow).values(**{name: getattr(report, name) for name in Report.__struct_fields__}))


def reports(tx: Connection) -> list[Report]:
    """What was reported, the latest first."""
    columns = [getattr(ReportRow, name) for name in Report.__struct_fields__]
    return [Report(**row) for row in tx.execute(select(*columns).order_by(ReportRow.at.desc())).mappings()]
