"""Which team of its unit a case belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    for table in ("segments", "segments_by_day"):
        op.add_column(table, sa.Column("team", sa.String(length=128), nullable=True))
    held = sa.text("team IS NOT NULL")
    op.create_index("ix_segments_team", "segments", ["team", "unit"], sqlite_where=held, postgresql_where=held)
