"""What stands in whose calendar because it was mailed."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "calendar_entries",
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("case_key", sa.Uuid(), nullable=False),
        sa.Column("appointment", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("time", sa.String(length=5), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person", "ref", name=op.f("pk_calendar_entries")),
    )
    op.create_index("ix_calendar_entries_case", "calendar_entries", ["case_key"])
