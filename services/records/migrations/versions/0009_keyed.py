"""What the master key seals beside the facts; the seals are set when the database is opened, which has the key."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("fact_ids", sa.Column("seal", sa.LargeBinary(length=16), nullable=True))
    op.add_column("text_keys", sa.Column("names", sa.LargeBinary(length=16), nullable=True))
    op.execute("DELETE FROM sessions")  # who is logged in logs in again: no session of before is sealed
    op.add_column("sessions", sa.Column("seal", sa.LargeBinary(length=16), nullable=True))
    op.add_column("views", sa.Column("number", sa.Integer(), nullable=True))
    op.add_column("views", sa.Column("hash", sa.LargeBinary(length=32), nullable=True))
    op.create_index("ix_views_number", "views", ["number"], unique=True)
