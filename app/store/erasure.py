"""Erase a person's content and the salts that bound it; the ledger keeps that something was done, not what."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, update

from app.store import field_erasure
from app.store.field_tables import MediaRow
from app.store.tables import (
    AccountRow,
    AssessmentRow,
    AwardRow,
    CandidateRow,
    CheckRow,
    DecisionRow,
    DocumentRow,
    ErasureRow,
    EventRow,
    IntentRow,
    LedgerRow,
    LetterRow,
    LinkRow,
    MembershipRow,
    PersonRow,
    PhotoRow,
    RecordRow,
    ReviewRow,
    RevocationRow,
    SaltRow,
    SessionRow,
)

ERASED = "Raderad"


class Erased(Struct, frozen=True, kw_only=True):
    """What an erasure took: whose chain it stands in, which entries lost their content, which files must go."""

    tenant: str
    entries: tuple[str, ...]
    files: tuple[str, ...]


class Noted(Struct, frozen=True, kw_only=True):
    """What is remembered of an erasure; `files` are those that may still lie on the disk."""

    at: datetime
    entries: tuple[str, ...]
    entry: str
    files: tuple[str, ...]


def candidate(tx: Connection, key: str, at: datetime) -> Erased:
    """Empty everything that says who the candidate was or what was judged; number, status and digests stay."""
    tenant = tx.execute(select(CandidateRow.provider).where(CandidateRow.id == key)).scalar_one()
    cases = list(tx.execute(select(AssessmentRow.id).where(AssessmentRow.candidate == key)).scalars())
    given = list(tx.execute(select(AwardRow.id).where(AwardRow.candidate == key)).scalars())
    about = select(LedgerRow.id).where(LedgerRow.subject.in_([key, *cases, *given]))
    entries = list(tx.execute(about.order_by(LedgerRow.place)).scalars())
    files = _files(tx, cases, given)
    tx.execute(delete(SaltRow).where(SaltRow.entry.in_(entries)))
    tx.execute(delete(EventRow).where(EventRow.assessment.in_(cases)))
    field_erasure.cases(tx, cases)
    tx.execute(delete(PhotoRow).where(PhotoRow.assessment.in_(cases)))
    tx.execute(update(DecisionRow).where(DecisionRow.assessment.in_(cases)).values(body=""))
    tx.execute(update(ReviewRow).where(ReviewRow.assessment.in_(cases)).values(reasons=""))
    tx.execute(update(RevocationRow).where(RevocationRow.award.in_(given)).values(reason=""))
    tx.execute(update(RecordRow).where(RecordRow.award.in_(given)).values(unsigned=None))
    tx.execute(update(AwardRow).where(AwardRow.id.in_(given)).values(body=""))
    tx.execute(delete(DocumentRow).where(DocumentRow.award.in_(given)))
    tx.execute(delete(SessionRow).where(SessionRow.candidate == key))
    tx.execute(delete(LinkRow).where(LinkRow.candidate == key))
    tx.execute(update(LetterRow).where(LetterRow.candidate == key).values(recipient="", content={}, sent_at=at))
    tx.execute(update(CheckRow).values(answer=None))  # answers may quote anybody's certificate
    wanted = (IntentRow.subject.in_(given), IntentRow.kind == "issue", IntentRow.done_at.is_(None))
    tx.execute(update(IntentRow).where(*wanted).values(done_at=at, leased_until=None))
    nothing = {"name": ERASED, "birth_date": "", "reference": "", "email": "", "erased_at": at}
    tx.execute(update(CandidateRow).where(CandidateRow.id == key).values(**nothing))
    return Erased(tenant=tenant, entries=tuple(entries), files=files)


def worker(tx: Connection, key: str, at: datetime) -> Erased:
    """Empty a staff member's name and accounts; what the person did stays, under an id that says nothing."""
    tenant = (
        tx.execute(
            select(MembershipRow.organisation).where(MembershipRow.person == key).order_by(MembershipRow.organisation)
        )
        .scalars()
        .first()
    )
    accounts = list(tx.execute(select(AccountRow.id).where(AccountRow.person == key)).scalars())
    tx.execute(delete(SessionRow).where(SessionRow.account.in_(accounts)))
    tx.execute(delete(AccountRow).where(AccountRow.person == key))
    tx.execute(delete(MembershipRow).where(MembershipRow.person == key))
    tx.execute(update(PersonRow).where(PersonRow.id == key).values(name=ERASED, erased_at=at))
    return Erased(tenant=tenant or "", entries=(), files=())


def kind(tx: Connection, key: str) -> Literal["candidate", "worker"] | None:
    """None when nobody has that id."""
    if tx.execute(select(CandidateRow.id).where(CandidateRow.id == key)).one_or_none():
        return "candidate"
    return "worker" if tx.execute(select(PersonRow.id).where(PersonRow.id == key)).one_or_none() else None


def note(tx: Connection, person: str, erased: Erased, entry: str, at: datetime) -> None:
    """Remember that it was done, for restored backups and for `doctor`."""
    tx.execute(
        insert(ErasureRow).values(
            person=person, tenant=erased.tenant, at=at, entries=list(erased.entries), entry=entry,
            files=list(erased.files),
        )
    )  # fmt: skip


def noted(tx: Connection, person: str) -> Noted | None:
    """What was remembered, if the person was erased."""
    columns = [getattr(ErasureRow, name) for name in Noted.__struct_fields__]
    row = tx.execute(select(*columns).where(ErasureRow.person == person)).mappings().one_or_none()
    return msgspec.convert(dict(row), Noted) if row else None


def files_gone(tx: Connection, person: str) -> None:
    """Nothing is left on the disk."""
    tx.execute(update(ErasureRow).where(ErasureRow.person == person).values(files=[]))


def content(person: str, entries: Iterable[str]) -> object:
    """What the ledger commits to for an erasure."""
    return {"person": person, "entries": list(entries)}


def letters(tx: Connection, person: str) -> list[str]:
    """Ids of the letters that went to a candidate: in the demo they lie in a folder."""
    return list(tx.execute(select(LetterRow.id).where(LetterRow.candidate == person)).scalars())


def done(tx: Connection) -> frozenset[str]:
    """Everybody who was erased."""
    return frozenset(tx.execute(select(ErasureRow.person)).scalars())


def lost(tx: Connection) -> frozenset[str]:
    """Ledger entries whose content was erased, so that no salt is expected."""
    return frozenset(entry for entries in tx.execute(select(ErasureRow.entries)).scalars() for entry in entries)


def named_files(tx: Connection) -> frozenset[str]:
    """Every file that some row names."""
    parts = (select(DocumentRow.sha256), select(MediaRow.stored))
    return frozenset(tx.execute(select(PhotoRow.sha256).union(*parts)).scalars())


def _files(tx: Connection, cases: list[str], given: list[str]) -> tuple[str, ...]:
    """Files nobody else needs: the same photo may lie in another person's case."""
    photos = set(tx.execute(select(PhotoRow.sha256).where(PhotoRow.assessment.in_(cases))).scalars())
    shared = set(
        tx.execute(
            select(PhotoRow.sha256).where(PhotoRow.sha256.in_(photos), PhotoRow.assessment.not_in(cases))
        ).scalars()
    )
    papers = set(tx.execute(select(DocumentRow.sha256).where(DocumentRow.award.in_(given))).scalars())
    return tuple(sorted((photos - shared) | papers))
