"""Why a follow-up was put off the last time, and the decisions of a kind by their moment."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("followups", sa.Column("snoozed_for", sa.String(length=80), nullable=True))
    op.create_index("ix_actions_wish", "actions", ["wish", "at"])
