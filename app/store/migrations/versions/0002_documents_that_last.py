"""Papers get later revisions with time-stamps; keys get an overlap, a level and a day from which nobody trusts them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
STRICT = {"sqlite_strict": True}


def upgrade() -> None:
    """What was sealed before is a first revision without time-stamp; a key began on the day it was made."""
    with op.batch_alter_table("documents", table_kwargs=STRICT) as table:
        table.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("level", sa.Text(), nullable=False, server_default=""))
        table.drop_constraint("uq_documents_award_format_module", type_="unique")
        table.create_unique_constraint(
            "uq_documents_award_format_module_revision", ["award", "format", "module", "revision"]
        )
    op.execute("UPDATE documents SET level = 'B' WHERE format = 'pdf'")
    with op.batch_alter_table("documents", table_kwargs=STRICT) as table:
        table.alter_column("revision", existing_type=sa.Integer(), existing_nullable=False, server_default=None)
        table.alter_column("level", existing_type=sa.Text(), existing_nullable=False, server_default=None)
    with op.batch_alter_table("keys", table_kwargs=STRICT) as table:
        table.add_column(sa.Column("starts_at", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("level", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("distrusted_from", sa.Text(), nullable=True))
    op.execute("UPDATE keys SET starts_at = made_at")
    op.execute("UPDATE keys SET level = CASE development WHEN 1 THEN 'development' ELSE 'advanced' END")
    with op.batch_alter_table("keys", table_kwargs=STRICT) as table:
        table.alter_column("starts_at", existing_type=sa.Text(), existing_nullable=False, server_default=None)
        table.alter_column("level", existing_type=sa.Text(), existing_nullable=False, server_default=None)
