"""Due rows say on which day their cause was; rows of before are to be computed anew."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    for table in ("due_rows", "due_rows_by_day"):
        op.execute(f"DELETE FROM {table}")
        with op.batch_alter_table(table) as changed:
            changed.add_column(sa.Column("caused_on", sa.Date(), nullable=False))
