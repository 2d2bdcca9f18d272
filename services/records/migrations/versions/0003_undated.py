"""Facts without a moment of recording by case, the rows of such cases read by their own day; when a stream grew last.

`heads.stored_at` fills as streams grow.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("DELETE FROM marks WHERE name LIKE 'recorded unknown %'")  # counted by case from here on
    op.add_column("heads", sa.Column("stored_at", sa.BigInteger(), nullable=True))
    op.drop_index("ix_segments_case", "segments")
    op.create_index("ix_segments_case", "segments", ["case_key", "clock", "known_to"], unique=False)
    now = ["clock", "known_to", "unit", "area", "to_day", "from_day", "case_key", "strategy", "spell"]
    op.create_index("ix_segments_now", "segments", now, unique=False)
    op.create_table(
        "undated",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.Uuid(), nullable=False),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undated")),
    )
    op.create_index("ix_undated_case", "undated", ["case_key"], unique=False)
    op.create_table(
        "segments_by_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.Uuid(), nullable=False),
        sa.Column("clock", sa.String(length=24), nullable=False),
        sa.Column("strategy", sa.String(length=32), nullable=True),
        sa.Column("spell", sa.Date(), nullable=True),
        sa.Column("origin", sa.Date(), nullable=False),
        sa.Column("shift", sa.Integer(), nullable=False),
        sa.Column("stopped_days", sa.Integer(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=128), nullable=True),
        sa.Column("area", sa.String(length=32), nullable=True),
        sa.Column("worker", sa.String(length=40), nullable=True),
        sa.Column("deductions", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segments_by_day")),
    )
    scanned = ["clock", "strategy", "from_day", "to_day", "known_from", "known_to"]
    op.create_index("ix_segments_by_day_stays", "segments_by_day", scanned, unique=False)
    op.create_index("ix_segments_by_day_case", "segments_by_day", ["case_key"], unique=False)
    op.create_table(
        "due_rows_by_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=8), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("cause", sa.String(length=64), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("listed_from", sa.Date(), nullable=False),
        sa.Column("listed_to", sa.Date(), nullable=False),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.Column("recipients", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_rows_by_day")),
    )
    op.create_index(
        "ix_due_rows_by_day_listed", "due_rows_by_day", ["known_to", "listed_from", "listed_to"], unique=False
    )
    op.create_index("ix_due_rows_by_day_case", "due_rows_by_day", ["case_key"], unique=False)
