"""The index of what is known now begins with places, so that it serves these alone and no list of the whole office."""

from alembic import op

revision = "0015"
down_revision = "0014"

OF_NOW = ["clock", "area", "unit", "known_to", "to_day", "from_day", "case_key", "strategy", "spell"]


def upgrade() -> None:
    op.drop_index("ix_segments_now", "segments")
    op.create_index("ix_segments_now", "segments", OF_NOW, unique=False)
    if op.get_bind().dialect.name == "sqlite":  # an index of which nothing is known yet is taken for a good one
        op.execute("PRAGMA analysis_limit=1000")
        op.execute("ANALYZE")
