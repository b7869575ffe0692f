"""The tables of the field: tablets, what they delivered, what waits for a person, and who confirmed what.

`deliveries` and `quarantine` together are everything that ever arrived; a tablet may forget what is in either.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.tables import Row, strict


class DeviceRow(Row):
    """A tablet that may deliver; only the hash of its token is kept."""

    __tablename__ = "devices"
    id: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str]
    token_sha256: Mapped[str] = mapped_column(unique=True)
    enrolled_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    """None: by the operator at the command line."""
    enrolled_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    app: Mapped[str]
    skew: Mapped[int]
    """Seconds by which its clock was behind ours at the last contact; negative: ahead."""
    waiting: Mapped[int]
    oldest: Mapped[str]
    """What it said to have unsent, and since when by its own clock."""
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str]


class EnrolmentRow(Row):
    """A code that enrols one tablet within a quarter of an hour; only its hash is kept."""

    __tablename__ = "enrolments"
    code_sha256: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    made_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    device: Mapped[str | None] = mapped_column(ForeignKey("devices.id"))


class BatchRow(Row):
    """One delivery as it came; `raw` is kept for a month, in case we read it wrongly."""

    __tablename__ = "batches"
    id: Mapped[str] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"), index=True)
    received_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[str]
    skew: Mapped[int | None]
    app: Mapped[str]
    raw: Mapped[bytes | None]
    cases: Mapped[list[str]]
    imported_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    """Who brought the sealed file, when it did not come over the network."""


class DeliveryRow(Row):
    """One event that was taken in, with its place in the tablet's own chain; the content lies with the case."""

    __tablename__ = "deliveries"
    __table_args__ = strict(UniqueConstraint("device", "seq"))
    event: Mapped[str] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    seq: Mapped[int]
    hash: Mapped[str]
    prev: Mapped[str]
    mono: Mapped[str]
    """The tablet's monotonic clock in milliseconds: what timed tasks are measured by."""
    assessment: Mapped[str | None] = mapped_column(ForeignKey("assessments.id"), index=True)
    """None: the tablet told something of itself."""
    told: Mapped[str]
    """What it told, as JSON."""
    batch: Mapped[str] = mapped_column(ForeignKey("batches.id"), index=True)
    received_at: Mapped[datetime]


class QuarantineRow(Row):
    """An event that could not be taken in, whole, until a person has seen to it."""

    __tablename__ = "quarantine"
    __table_args__ = strict(UniqueConstraint("device", "hash"))
    id: Mapped[str] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    hash: Mapped[str]
    event: Mapped[str] = mapped_column(index=True)
    seq: Mapped[int | None]
    prev: Mapped[str]
    assessment: Mapped[str] = mapped_column(index=True)
    """As the tablet said, which may be nonsense: no foreign key."""
    actor: Mapped[str]
    reason: Mapped[str]
    faults: Mapped[list[str]]
    body: Mapped[str]
    batch: Mapped[str] = mapped_column(ForeignKey("batches.id"), index=True)
    received_at: Mapped[datetime]
    changes_verdict: Mapped[bool]
    """A late act with which the rules would say something else than was decided."""
    state: Mapped[str]
    """open · accepted · set-aside"""
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    closed_at: Mapped[datetime | None]
    why: Mapped[str]


class MediaRow(Row):
    """A photo as a tablet names it, and the cleaned file that stands for it."""

    __tablename__ = "media"
    provider: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    original: Mapped[str] = mapped_column(primary_key=True)
    stored: Mapped[str] = mapped_column(index=True)
    """SHA-256 of the cleaned photo; of the raw bytes when they were none."""
    size: Mapped[int]
    readable: Mapped[bool]
    device: Mapped[str | None] = mapped_column(ForeignKey("devices.id"))
    """None: it came with an imported case."""
    received_at: Mapped[datetime]


class CheckoutRow(Row):
    """A case that a tablet has taken along; while it is out nothing is decided."""

    __tablename__ = "checkouts"
    id: Mapped[str] = mapped_column(primary_key=True)
    assessment: Mapped[str] = mapped_column(ForeignKey("assessments.id"), index=True)
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"), index=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.id"))
    out_at: Mapped[datetime]
    back_at: Mapped[datetime | None]
    how: Mapped[str]
    """returned (the tablet said so) · declared (a person said so) · lost"""
    back_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    why: Mapped[str]


class ConfirmationRow(Row):
    """An assessor stood, signed in, for acts that a tablet had delivered in that name; only then they count."""

    __tablename__ = "confirmations"
    id: Mapped[str] = mapped_column(primary_key=True)
    assessment: Mapped[str] = mapped_column(ForeignKey("assessments.id"), index=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.id"))
    digest: Mapped[str]
    events: Mapped[list[str]]
    at: Mapped[datetime]
    entry: Mapped[str]


class CandidateCodeRow(Row):
    """What checks the candidate's own code; the code itself is shown once and kept nowhere."""

    __tablename__ = "candidate_codes"
    assessment: Mapped[str] = mapped_column(ForeignKey("assessments.id"), primary_key=True)
    salt: Mapped[str]
    key: Mapped[str]
    made_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime]


FIELD: dict[str, Any] = {row.__tablename__: row for row in Row.__subclasses__() if row.__module__ == __name__}
"""By name; whoever imports this room has them all registered."""
