"""By which meaning the rows of each topic are computed: of none yet, so that all are computed anew."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "meanings",
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reached", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_meanings")),
    )
    op.execute("DELETE FROM marks WHERE name = 'rows stale'")
