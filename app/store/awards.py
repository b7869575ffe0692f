"""Awards with their numbers, records, status lists, finished documents and revocations."""

from datetime import datetime
from functools import cache
from typing import Literal

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Select, insert, select, update

from app.store.tables import (
    AwardRow,
    CandidateRow,
    DocumentRow,
    NumberRow,
    RecordRow,
    RevocationRow,
    StatusListRow,
)
from app.store.types import canonical
from app.store.upsert import ignore_existing
from assessments.award import Award, digest
from assessments.problems import MissingError

Status = Literal["issuing", "valid", "expired", "revoked"]


class Given(Struct, frozen=True, kw_only=True):
    """An award in the register."""

    id: str
    assessment: str
    decision: str
    review: str
    provider: str
    candidate: str
    standard: str
    award: Award | None
    """None after erasure: number, status and digest stay."""
    digest: str
    token: str
    number: str | None
    valid_until: str | None
    given_at: datetime
    issued_at: datetime | None
    revoked_at: datetime | None
    protected: bool
    entry: str

    def status(self, today: str) -> Status:
        """What the register says on that Stockholm day."""
        if self.revoked_at:
            return "revoked"
        if self.issued_at is None:
            return "issuing"
        return "expired" if self.valid_until and self.valid_until < today else "valid"


class Record(Struct, frozen=True, kw_only=True):
    """A credential to be proved; `module` is empty for the whole award."""

    id: str
    award: str
    module: str
    status_list: str
    status_index: int
    unsigned: str | None


class Document(Struct, frozen=True, kw_only=True):
    """Finished bytes of an award."""

    id: str
    award: str
    format: str
    module: str
    sha256: str
    media_type: str
    size: int
    key: str
    made_at: datetime
    revision: int = 0
    level: str = ""

    @property
    def waits(self) -> bool:
        """A sealed paper whose time-stamp and evidence are still to come."""
        return self.format == "pdf" and self.level != "LTA"


class Revocation(Struct, frozen=True, kw_only=True):
    """A revocation, waiting until a second person confirms it."""

    id: str
    award: str
    reason: str
    asked_by: str
    asked_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None
    entry: str


def add(tx: Connection, given: Given) -> None:
    """Keep a new award."""
    if given.award is None:
        raise MissingError(award=given.id)
    skipped = ("award", "protected", "status")
    fields = {name: getattr(given, name) for name in Given.__struct_fields__ if name not in skipped}
    tx.execute(insert(AwardRow).values(**fields, body=canonical(given.award).decode()))


@cache
def _query() -> Select[tuple[object, ...]]:
    return select(*AwardRow.__table__.columns, CandidateRow.protected).join(
        CandidateRow, CandidateRow.id == AwardRow.candidate
    )


def _values(tx: Connection, query: Select[tuple[object, ...]]) -> list[Given]:
    found = []
    for row in tx.execute(query).mappings():
        fields = {key: value for key, value in row.items() if key != "body"}
        found.append(Given(award=msgspec.json.decode(row["body"], type=Award) if row["body"] else None, **fields))
    return found


def _one(tx: Connection, query: Select[tuple[object, ...]]) -> Given:
    found = _values(tx, query)
    if not found:
        raise MissingError
    return found[0]


def find(tx: Connection, key: str) -> Given:
    """By id; raises `MissingError`."""
    return _one(tx, _query().where(AwardRow.id == key))


def by_number(tx: Connection, number: str) -> Given:
    """By printed number; a protected person's award is as missing as an unknown one."""
    return _one(tx, _query().where(AwardRow.number == number, CandidateRow.protected.is_(False)))


def by_token(tx: Connection, token: str) -> Given:
    """By the secret of the printed link."""
    return _one(tx, _query().where(AwardRow.token == token))


def by_document(tx: Connection, sha256: str) -> Given | None:
    """The award a finished document belongs to, if we made it."""
    award = tx.execute(select(DocumentRow.award).where(DocumentRow.sha256 == sha256)).scalars().first()
    return find(tx, award) if award else None


def by_record(tx: Connection, record_id: str) -> Given | None:
    """The award a credential id belongs to, if we issued it."""
    award = tx.execute(select(RecordRow.award).where(RecordRow.id == record_id)).scalar_one_or_none()
    return find(tx, award) if award else None


def of_assessment(tx: Connection, assessment: str) -> list[Given]:
    """The awards of a case, the latest last."""
    return _values(tx, _query().where(AwardRow.assessment == assessment).order_by(AwardRow.given_at))


def of_provider(tx: Connection, provider: str) -> list[Given]:
    """A provider's awards, the latest first."""
    return _values(tx, _query().where(AwardRow.provider == provider).order_by(AwardRow.given_at.desc()))


def of_candidate(tx: Connection, candidate: str) -> list[Given]:
    """A candidate's awards, the latest first."""
    return _values(tx, _query().where(AwardRow.candidate == candidate).order_by(AwardRow.given_at.desc()))


def content(award: Award) -> object:
    """What the ledger commits to."""
    return {"award": award.id, "digest": digest(award)}


def number(tx: Connection, award: str, year: str) -> str:
    """The award's printed number; asking again gives the same, and none is skipped."""
    had = tx.execute(select(AwardRow.number).where(AwardRow.id == award).with_for_update()).scalar_one()
    if had:
        return had
    tx.execute(ignore_existing(tx, NumberRow).values(year=year, last=0))
    last = tx.execute(select(NumberRow.last).where(NumberRow.year == year).with_for_update()).scalar_one() + 1
    tx.execute(update(NumberRow).where(NumberRow.year == year).values(last=last))
    printed = printed_number(year, last)
    tx.execute(update(AwardRow).where(AwardRow.id == award).values(number=printed))
    return printed


def printed_number(year: str, place: int) -> str:
    """`YYYY-NNNNNN-C`; C is the Luhn digit (ISO/IEC 7812-1), so a mistyped number is told before it is looked up."""
    digits = f"{year}{place:06d}"
    total = 0
    for index, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if index % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return f"{year}-{place:06d}-{-total % 10}"


def set_issued(tx: Connection, award: str, at: datetime) -> None:
    """All documents are there."""
    tx.execute(update(AwardRow).where(AwardRow.id == award, AwardRow.issued_at.is_(None)).values(issued_at=at))


def status_list(tx: Connection, key: str, provider: str, purpose: str) -> str:
    """The provider's list for that purpose, made when it is not there; lists are numbered from 1."""
    query = select(StatusListRow.id).where(StatusListRow.provider == provider, StatusListRow.purpose == purpose)
    had = tx.execute(query).scalars().first()
    if had:
        return had
    tx.execute(insert(StatusListRow).values(id=key, provider=provider, purpose=purpose, place=1))
    return key


def status_lists(tx: Connection, provider: str) -> list[str]:
    """Ids of all the provider's lists."""
    return list(tx.execute(select(StatusListRow.id).where(StatusListRow.provider == provider)).scalars())


class StatusList(Struct, frozen=True, kw_only=True):
    """Where a list lives and which of its bits are set."""

    id: str
    provider: str
    purpose: str
    place: int
    set_bits: tuple[int, ...]


def read_status_list(tx: Connection, key: str) -> StatusList:
    """A list with the bits of every revoked award."""
    row = tx.execute(select(*StatusListRow.__table__.columns).where(StatusListRow.id == key)).mappings().one()
    bits = tx.execute(
        select(RecordRow.status_index)
        .join(AwardRow, AwardRow.id == RecordRow.award)
        .where(RecordRow.status_list == key, AwardRow.revoked_at.is_not(None))
        .order_by(RecordRow.status_index)
    ).scalars()
    return StatusList(**row, set_bits=tuple(bits))


def taken(tx: Connection, list_id: str) -> frozenset[int]:
    """The indices of a list that are in use."""
    return frozenset(tx.execute(select(RecordRow.status_index).where(RecordRow.status_list == list_id)).scalars())


def add_record(tx: Connection, record: Record) -> None:
    """Reserve a credential with its place in the status list."""
    tx.execute(insert(RecordRow).values(**{name: getattr(record, name) for name in Record.__struct_fields__}))


def set_unsigned(tx: Connection, record: str, unsigned: str) -> None:
    """What will be proved; stored once and never changed, so a retry proves the same."""
    _require_content(tx, tx.execute(select(RecordRow.award).where(RecordRow.id == record)).scalar_one())
    tx.execute(update(RecordRow).where(RecordRow.id == record, RecordRow.unsigned.is_(None)).values(unsigned=unsigned))


RECORD = [getattr(RecordRow, name) for name in Record.__struct_fields__]


def records(tx: Connection, award: str) -> list[Record]:
    """The award's credentials, modules in order of id and the whole first."""
    query = select(*RECORD).where(RecordRow.award == award).order_by(RecordRow.module)
    return [Record(**row) for row in tx.execute(query).mappings()]


def add_document(tx: Connection, document: Document) -> None:
    """List finished bytes; a second run finds the first one's."""
    _require_content(tx, document.award)
    values = {name: getattr(document, name) for name in Document.__struct_fields__}
    tx.execute(ignore_existing(tx, DocumentRow).values(values))


def _require_content(tx: Connection, award: str) -> None:
    """Whoever erases the holder while the paper is made is not undone by it."""
    if not tx.execute(select(AwardRow.body).where(AwardRow.id == award).with_for_update()).scalar_one():
        raise MissingError(award=award)


DOCUMENT = [getattr(DocumentRow, name) for name in Document.__struct_fields__]


def revisions(tx: Connection, award: str) -> list[Document]:
    """The award's finished documents with every revision of each, the newest last."""
    order = DocumentRow.format, DocumentRow.module, DocumentRow.revision
    query = select(*DOCUMENT).where(DocumentRow.award == award).order_by(*order)
    return [Document(**row) for row in tx.execute(query).mappings()]


def documents(tx: Connection, award: str) -> list[Document]:
    """The award's finished documents, each in its newest revision."""
    return list({(each.format, each.module): each for each in revisions(tx, award)}.values())


def document(tx: Connection, award: str, key: str) -> Document:
    """One document of the award by its id: the newest revision, also when an older one was asked for."""
    found = next((each for each in revisions(tx, award) if each.id == key), None)
    if found is None:
        raise MissingError(document=key)
    return next(each for each in documents(tx, award) if (each.format, each.module) == (found.format, found.module))


REVOCATION = [getattr(RevocationRow, name) for name in Revocation.__struct_fields__]


def add_revocation(tx: Connection, revocation: Revocation) -> None:
    """Keep what one person asks; it does nothing until another confirms it."""
    fields = {name: getattr(revocation, name) for name in Revocation.__struct_fields__}
    tx.execute(insert(RevocationRow).values(**fields))


def revocations(tx: Connection, award: str) -> list[Revocation]:
    """What was asked and confirmed, the latest last."""
    query = select(*REVOCATION).where(RevocationRow.award == award).order_by(RevocationRow.asked_at)
    return [Revocation(**row) for row in tx.execute(query).mappings()]


def revocation_content(revocation: Revocation) -> object:
    """What the ledger commits to when a revocation is asked for."""
    return {"revocation": revocation.id, "reason": revocation.reason}


def confirm_revocation(tx: Connection, revocation: Revocation, by: str, at: datetime) -> None:
    """The award no longer counts."""
    tx.execute(
        update(RevocationRow)
        .where(RevocationRow.id == revocation.id, RevocationRow.confirmed_at.is_(None))
        .values(confirmed_by=by, confirmed_at=at)
    )
    tx.execute(
        update(AwardRow).where(AwardRow.id == revocation.award, AwardRow.revoked_at.is_(None)).values(revoked_at=at)
    )
