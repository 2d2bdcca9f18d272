"""How many facts there are is kept beside them, so that nobody adds up all heads to know it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "arrivals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.Column("stored_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrivals")),
    )
    op.execute(
        "INSERT INTO arrivals (kind, facts, stored_at) SELECT streams.kind, sum(heads.number), max(heads.stored_at) "
        "FROM heads JOIN streams ON streams.key = heads.key WHERE heads.number > 0 GROUP BY streams.kind"
    )
