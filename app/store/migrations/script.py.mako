"""${message}."""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """One step forward; there is none back: the way back is the backup."""
    ${upgrades if upgrades else "pass"}
