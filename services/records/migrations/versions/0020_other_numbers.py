"""By which numbers another system calls cases."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "other_numbers",
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key"], ["streams.key"], name=op.f("fk_other_numbers_key_streams")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_other_numbers")),
    )
    op.create_index(op.f("ix_other_numbers_key"), "other_numbers", ["key"])
