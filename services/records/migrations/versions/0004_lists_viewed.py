"""Views of lists beside those of cases in the access log."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("views") as views:
        views.alter_column("case_key", existing_type=sa.Uuid(), nullable=True)
        views.add_column(sa.Column("list", sa.String(length=32), nullable=True))
        views.add_column(sa.Column("asked", sa.String(length=400), nullable=True))
        views.add_column(sa.Column("rows", sa.Integer(), nullable=True))
