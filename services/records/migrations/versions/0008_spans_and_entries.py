"""What lanes said and what every fact says, as rows; they are computed when the database is opened."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    of_lane = ["lane", "value", "from_day", "to_day", "known_from", "known_to", "day"]
    op.create_table(
        "spans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.Uuid(), nullable=False),
        sa.Column("lane", sa.String(length=24), nullable=False),
        sa.Column("value", sa.String(length=128), nullable=False),
        sa.Column("thing", sa.String(length=128), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("unit", sa.String(length=128), nullable=True),
        sa.Column("area", sa.String(length=32), nullable=True),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spans")),
    )
    op.create_index("ix_spans_lane", "spans", of_lane, unique=False)
    op.create_index("ix_spans_case", "spans", ["case_key", "lane", "known_to"], unique=False)
    op.create_table(
        "spans_by_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.Uuid(), nullable=False),
        sa.Column("lane", sa.String(length=24), nullable=False),
        sa.Column("value", sa.String(length=128), nullable=False),
        sa.Column("thing", sa.String(length=128), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("unit", sa.String(length=128), nullable=True),
        sa.Column("area", sa.String(length=32), nullable=True),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spans_by_day")),
    )
    op.create_index("ix_spans_by_day_lane", "spans_by_day", of_lane, unique=False)
    op.create_index("ix_spans_by_day_case", "spans_by_day", ["case_key", "lane", "known_to"], unique=False)
    op.create_table(
        "entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("thing", sa.String(length=128), nullable=True),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.String(length=160), nullable=False),
        sa.Column("corrected", sa.Boolean(), nullable=False),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
    )
    op.create_index("ix_entries_name", "entries", ["name", "day", "known_from", "known_to"], unique=False)
    op.create_index("ix_entries_case", "entries", ["case_key", "name", "day"], unique=False)
    op.create_index("ix_entries_recorded", "entries", ["recorded_at", "name"], unique=False)
    op.create_table(
        "entries_by_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("thing", sa.String(length=128), nullable=True),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.String(length=160), nullable=False),
        sa.Column("corrected", sa.Boolean(), nullable=False),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries_by_day")),
    )
    op.create_index("ix_entries_by_day_name", "entries_by_day", ["name", "day", "known_from", "known_to"], unique=False)
    op.create_index("ix_entries_by_day_case", "entries_by_day", ["case_key", "name", "day"], unique=False)
    op.drop_index("ix_segments_by_day_case", "segments_by_day")
    op.create_index("ix_segments_by_day_case", "segments_by_day", ["case_key", "clock", "known_to"], unique=False)
