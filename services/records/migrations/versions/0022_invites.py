"""One-time links into a trial without a provider of log-ins."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "invites",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("redeemed_at", sa.BigInteger(), nullable=True),
        sa.Column("session", sa.String(length=64), nullable=True),
        sa.Column("seal", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_invites")),
    )
