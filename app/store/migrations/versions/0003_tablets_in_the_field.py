"""Tablets in the field: what they delivered, what waits for a person, who confirmed it, and cases for practice."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """New tables only, and one column that every older case answers with no."""
    op.create_table(
        "devices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("enrolled_by", sa.Text(), nullable=True),
        sa.Column("enrolled_at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.Column("app", sa.Text(), nullable=False),
        sa.Column("skew", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("oldest", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.Text(), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["enrolled_by"], ["people.id"], name=op.f("fk_devices_enrolled_by")),
        sa.ForeignKeyConstraint(["provider"], ["organisations.id"], name=op.f("fk_devices_provider")),
        sa.ForeignKeyConstraint(["revoked_by"], ["people.id"], name=op.f("fk_devices_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_devices_token_sha256")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_devices_provider"), "devices", ["provider"], unique=False)
    op.create_table(
        "batches",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.Text(), nullable=False),
        sa.Column("skew", sa.Integer(), nullable=True),
        sa.Column("app", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("cases", sa.Text(), nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["device"], ["devices.id"], name=op.f("fk_batches_device")),
        sa.ForeignKeyConstraint(["imported_by"], ["people.id"], name=op.f("fk_batches_imported_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_batches_device"), "batches", ["device"], unique=False)
    op.create_index(op.f("ix_batches_received_at"), "batches", ["received_at"], unique=False)
    op.create_table(
        "enrolments",
        sa.Column("code_sha256", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=True),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text(), nullable=True),
        sa.Column("device", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["device"], ["devices.id"], name=op.f("fk_enrolments_device")),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_enrolments_made_by")),
        sa.ForeignKeyConstraint(["provider"], ["organisations.id"], name=op.f("fk_enrolments_provider")),
        sa.PrimaryKeyConstraint("code_sha256", name=op.f("pk_enrolments")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_enrolments_provider"), "enrolments", ["provider"], unique=False)
    op.create_table(
        "media",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("readable", sa.Integer(), nullable=False),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["device"], ["devices.id"], name=op.f("fk_media_device")),
        sa.ForeignKeyConstraint(["provider"], ["organisations.id"], name=op.f("fk_media_provider")),
        sa.PrimaryKeyConstraint("provider", "original", name=op.f("pk_media")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_media_stored"), "media", ["stored"], unique=False)
    op.create_table(
        "candidate_codes",
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["assessment"], ["assessments.id"], name=op.f("fk_candidate_codes_assessment")),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_candidate_codes_made_by")),
        sa.PrimaryKeyConstraint("assessment", name=op.f("pk_candidate_codes")),
        sqlite_strict=True,
    )
    op.create_table(
        "checkouts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("out_at", sa.Text(), nullable=False),
        sa.Column("back_at", sa.Text(), nullable=True),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("back_by", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["assessment"], ["assessments.id"], name=op.f("fk_checkouts_assessment")),
        sa.ForeignKeyConstraint(["back_by"], ["people.id"], name=op.f("fk_checkouts_back_by")),
        sa.ForeignKeyConstraint(["device"], ["devices.id"], name=op.f("fk_checkouts_device")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_checkouts_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkouts")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_checkouts_assessment"), "checkouts", ["assessment"], unique=False)
    op.create_index(op.f("ix_checkouts_device"), "checkouts", ["device"], unique=False)
    op.create_table(
        "confirmations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["assessment"], ["assessments.id"], name=op.f("fk_confirmations_assessment")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_confirmations_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_confirmations_assessment"), "confirmations", ["assessment"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("prev", sa.Text(), nullable=False),
        sa.Column("mono", sa.Text(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["assessment"], ["assessments.id"], name=op.f("fk_deliveries_assessment")),
        sa.ForeignKeyConstraint(["batch"], ["batches.id"], name=op.f("fk_deliveries_batch")),
        sa.ForeignKeyConstraint(["device"], ["devices.id"], name=op.f("fk_deliveries_device")),
        sa.PrimaryKeyConstraint("event", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("device", "seq", name=op.f("uq_deliveries_device_seq")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_deliveries_assessment"), "deliveries", ["assessment"], unique=False)
    op.create_index(op.f("ix_deliveries_batch"), "deliveries", ["batch"], unique=False)
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("prev", sa.Text(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("faults", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("changes_verdict", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["batches.id"], name=op.f("fk_quarantine_batch")),
        sa.ForeignKeyConstraint(["closed_by"], ["people.id"], name=op.f("fk_quarantine_closed_by")),
        sa.ForeignKeyConstraint(["device"], ["devices.id"], name=op.f("fk_quarantine_device")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("device", "hash", name=op.f("uq_quarantine_device_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_quarantine_assessment"), "quarantine", ["assessment"], unique=False)
    op.create_index(op.f("ix_quarantine_batch"), "quarantine", ["batch"], unique=False)
    op.create_index(op.f("ix_quarantine_event"), "quarantine", ["event"], unique=False)
    op.add_column("assessments", sa.Column("practice", sa.Integer(), server_default="0", nullable=False))
