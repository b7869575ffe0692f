"""The tables. Personal content lies in ordinary rows that can be erased; the ledger holds only salted commitments."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, LargeBinary, MetaData, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.store.types import Flag, Json, Utc

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(DeclarativeBase):
    """What all tables share: named constraints and types that both databases agree on."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        bytes: LargeBinary,
        bool: Flag,
        datetime: Utc,
        dict[str, Any]: Json,
        list[str]: Json,
    }
    __table_args__: Any = {"sqlite_strict": True}  # noqa: RUF012 SQLAlchemy reads it once


def strict(*constraints: object) -> tuple[object, ...]:
    """Table arguments with the constraints."""
    return (*constraints, {"sqlite_strict": True})


class OrganisationRow(Row):
    """A tenant: provider, sector body or the operator itself."""

    __tablename__ = "organisations"
    id: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    name: Mapped[str]
    organisation_number: Mapped[str]
    country: Mapped[str]
    homepage: Mapped[str | None]
    added_at: Mapped[datetime]


class PersonRow(Row):
    """A human being who works here; duties are separated by this id."""

    __tablename__ = "people"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    added_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class AccountRow(Row):
    """A way for a person to sign in."""

    __tablename__ = "accounts"
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    email: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str]
    language: Mapped[str]
    failures: Mapped[int]
    locked_until: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    added_at: Mapped[datetime]


class MembershipRow(Row):
    """A role of a person in an organisation."""

    __tablename__ = "memberships"
    person: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    organisation: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    added_at: Mapped[datetime]


class SessionRow(Row):
    """A signed-in browser, of an account or of a candidate; only the hash of its secret is kept."""

    __tablename__ = "sessions"
    secret_sha256: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    candidate: Mapped[str | None] = mapped_column(ForeignKey("candidates.id"), index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class EditionRow(Row):
    """One published edition: the file's bytes and the resolved canonical JSON whose hash is its identity."""

    __tablename__ = "editions"
    __table_args__ = strict(UniqueConstraint("standard", "edition"))
    sha256: Mapped[str] = mapped_column(primary_key=True)
    standard: Mapped[str]
    edition: Mapped[str]
    owner: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    file: Mapped[bytes]
    file_sha256: Mapped[str]
    resolved: Mapped[bytes]
    published_at: Mapped[datetime]
    entry: Mapped[str]


class GrantRow(Row):
    """A provider's dated right to issue one standard."""

    __tablename__ = "grants"
    id: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    owner: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    standard: Mapped[str]
    given_on: Mapped[str]
    given_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    """None: by the operator at the command line."""
    entry: Mapped[str]
    revoked_on: Mapped[str | None]
    revoked_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    revoked_entry: Mapped[str | None]
    reason: Mapped[str]


class CandidateRow(Row):
    """The person who is assessed, known to one provider; the texts are emptied at erasure."""

    __tablename__ = "candidates"
    id: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str]
    birth_date: Mapped[str]
    reference: Mapped[str]
    email: Mapped[str] = mapped_column(index=True)
    language: Mapped[str]
    protected: Mapped[bool]
    added_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class AssessmentRow(Row):
    """One candidate, one edition, one provider."""

    __tablename__ = "assessments"
    id: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    candidate: Mapped[str] = mapped_column(ForeignKey("candidates.id"), index=True)
    edition: Mapped[str] = mapped_column(ForeignKey("editions.sha256"), index=True)
    chosen: Mapped[list[str]]
    tightened: Mapped[dict[str, Any]]
    state: Mapped[str]
    imported: Mapped[bool]
    practice: Mapped[bool] = mapped_column(server_default="0")
    """Never decided, approved or issued."""
    opened_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class AssignmentRow(Row):
    """An assessor of a case, with the declaration of having no tie to the candidate."""

    __tablename__ = "assignments"
    assessment: Mapped[str] = mapped_column(ForeignKey("assessments.id"), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    no_tie: Mapped[bool]
    declared_at: Mapped[datetime | None]


class EventRow(Row):
    """One append-only act as canonical JSON, under the ledger entry of its batch."""

    __tablename__ = "events"
    id: Mapped[str] = mapped_column(primary_key=True)
    assessment: Mapped[str] = mapped_column(ForeignKey("assessments.id"), index=True)
    actor: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    body: Mapped[str]
    entry: Mapped[str] = mapped_column(index=True)
    received_at: Mapped[datetime]


class PhotoRow(Row):
    """A cleaned photo that belongs to a case; the bytes lie in the file store under their hash."""

    __tablename__ = "photos"
    assessment: Mapped[str] = mapped_column(ForeignKey("assessments.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    kept_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    kept_at: Mapped[datetime]


class DecisionRow(Row):
    """A confirmed and motivated decision; `state` says what became of it."""

    __tablename__ = "decisions"
    id: Mapped[str] = mapped_column(primary_key=True)
    assessment: Mapped[str] = mapped_column(ForeignKey("assessments.id"), index=True)
    body: Mapped[str]
    by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    entry: Mapped[str]
    state: Mapped[str]
    """waiting · taken-back · returned · approved"""


class ReviewRow(Row):
    """What the quality assurer said of a decision."""

    __tablename__ = "reviews"
    id: Mapped[str] = mapped_column(primary_key=True)
    decision: Mapped[str] = mapped_column(ForeignKey("decisions.id"), index=True)
    assessment: Mapped[str] = mapped_column(ForeignKey("assessments.id"), index=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.id"))
    approved: Mapped[bool]
    reasons: Mapped[str]
    at: Mapped[datetime]
    on: Mapped[str]
    entry: Mapped[str]


class AwardRow(Row):
    """The certified fact and its public standing."""

    __tablename__ = "awards"
    id: Mapped[str] = mapped_column(primary_key=True)
    assessment: Mapped[str] = mapped_column(ForeignKey("assessments.id"), index=True)
    decision: Mapped[str] = mapped_column(ForeignKey("decisions.id"), unique=True)
    review: Mapped[str] = mapped_column(ForeignKey("reviews.id"), unique=True)
    provider: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    candidate: Mapped[str] = mapped_column(ForeignKey("candidates.id"), index=True)
    standard: Mapped[str]
    body: Mapped[str]
    digest: Mapped[str]
    token: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str | None] = mapped_column(unique=True)
    valid_until: Mapped[str | None]
    given_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    entry: Mapped[str]


class NumberRow(Row):
    """The last number used in a year."""

    __tablename__ = "numbers"
    year: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class RecordRow(Row):
    """A credential to be proved: the whole award (`module` empty) or one module, with its place in the status list."""

    __tablename__ = "records"
    __table_args__ = strict(UniqueConstraint("award", "module"), UniqueConstraint("status_list", "status_index"))
    id: Mapped[str] = mapped_column(primary_key=True)
    award: Mapped[str] = mapped_column(ForeignKey("awards.id"), index=True)
    module: Mapped[str]
    status_list: Mapped[str] = mapped_column(ForeignKey("status_lists.id"))
    status_index: Mapped[int]
    unsigned: Mapped[str | None]
    """What will be proved, stored before it is."""


class StatusListRow(Row):
    """One bitstring list of one issuer."""

    __tablename__ = "status_lists"
    id: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    purpose: Mapped[str]
    place: Mapped[int]


class DocumentRow(Row):
    """Finished bytes of an award, rendered once and served for ever."""

    __tablename__ = "documents"
    __table_args__ = strict(UniqueConstraint("award", "format", "module", "revision"))
    id: Mapped[str] = mapped_column(primary_key=True)
    award: Mapped[str] = mapped_column(ForeignKey("awards.id"), index=True)
    format: Mapped[str]
    module: Mapped[str]
    revision: Mapped[int]
    """0 as it was made; a paper's later ones are the same bytes with time-stamps appended."""
    level: Mapped[str]
    """How long a paper's seal can be checked: B · T · LTA (ETSI EN 319 142-1); empty for records."""
    sha256: Mapped[str] = mapped_column(index=True)
    media_type: Mapped[str]
    size: Mapped[int]
    key: Mapped[str]
    made_at: Mapped[datetime]


class RevocationRow(Row):
    """A revocation asked for by one person and confirmed by another; the reason is never public."""

    __tablename__ = "revocations"
    id: Mapped[str] = mapped_column(primary_key=True)
    award: Mapped[str] = mapped_column(ForeignKey("awards.id"), index=True)
    reason: Mapped[str]
    asked_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None]
    entry: Mapped[str]


class KeyRow(Row):
    """The public half of an issuer's key; retired ones stay listed so that old records can still be checked."""

    __tablename__ = "keys"
    __table_args__ = strict(UniqueConstraint("provider", "purpose", "place"))
    id: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    purpose: Mapped[str]
    """seal · record"""
    place: Mapped[int]
    public: Mapped[str]
    """Certificate in PEM (seal) or Multikey (record)."""
    development: Mapped[bool]
    level: Mapped[str]
    """development · advanced · qualified"""
    made_at: Mapped[datetime]
    starts_at: Mapped[datetime]
    """From when it is used; until then the one before it is."""
    retired_at: Mapped[datetime | None]
    distrusted_from: Mapped[datetime | None]
    """Somebody else may have used it from then on."""


class PublishedRow(Row):
    """Public bytes at a fixed path: DID documents, status lists."""

    __tablename__ = "published"
    path: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    body: Mapped[bytes]
    sha256: Mapped[str]
    made_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]


class IntentRow(Row):
    """What must come to pass; the record of a job, written in the transaction that wants it."""

    __tablename__ = "intents"
    __table_args__ = strict(UniqueConstraint("kind", "subject"), Index("ix_intents_due", "done_at", "due_at"))
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    wanted_at: Mapped[datetime]
    generation: Mapped[int]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    tries: Mapped[int]
    done_at: Mapped[datetime | None]
    failure: Mapped[str]


class LetterRow(Row):
    """A mail to be sent; emptied when it has gone."""

    __tablename__ = "letters"
    id: Mapped[str] = mapped_column(primary_key=True)
    recipient: Mapped[str]
    template: Mapped[str]
    language: Mapped[str]
    content: Mapped[dict[str, Any]]
    candidate: Mapped[str | None] = mapped_column(ForeignKey("candidates.id"), index=True)
    wanted_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class LinkRow(Row):
    """A candidate's way in; only the hash of its secret is kept."""

    __tablename__ = "links"
    secret_sha256: Mapped[str] = mapped_column(primary_key=True)
    candidate: Mapped[str] = mapped_column(ForeignKey("candidates.id"), index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    handed_over_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))


class CheckRow(Row):
    """A document somebody wants checked; its file is erased when the answer is there."""

    __tablename__ = "checks"
    id: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    size: Mapped[int]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None]


class ReportRow(Row):
    """A fault somebody reported, for example in accessibility."""

    __tablename__ = "reports"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    page: Mapped[str]
    text: Mapped[str]
    contact: Mapped[str]
    at: Mapped[datetime]


class LedgerRow(Row):
    """Append-only and hash-chained per tenant; never content, only a salted commitment of it."""

    __tablename__ = "ledger"
    __table_args__ = strict(UniqueConstraint("tenant", "place"))
    id: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    place: Mapped[int]
    at: Mapped[str]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    commitment: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str]


class LedgerHeadRow(Row):
    """The end of a tenant's chain; its row is the lock that makes writers queue."""

    __tablename__ = "ledger_heads"
    tenant: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    place: Mapped[int]
    hash: Mapped[str]


class SaltRow(Row):
    """The salt of a commitment; erased together with the content, so that nobody can guess it back."""

    __tablename__ = "salts"
    entry: Mapped[str] = mapped_column(ForeignKey("ledger.id"), primary_key=True)
    salt: Mapped[str]


class ErasureRow(Row):
    """That a person's content was erased, and which ledger entries lost theirs by it."""

    __tablename__ = "erasures"
    person: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str]
    at: Mapped[datetime]
    entries: Mapped[list[str]]
    entry: Mapped[str]
    files: Mapped[list[str]]
    """What still lies on the disk: emptied when it is gone, so that a crash in between is made good."""
