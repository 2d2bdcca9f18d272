"""Each message notes the digest that told of it; until now a digest named the highest id it knew."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

MESSAGES = sa.table("messages", *map(sa.column, ("id", "recipient")), sa.column("mailed_with", sa.Uuid))
OUTBOX = sa.table("outbox", sa.column("id", sa.Uuid), sa.column("kind"), sa.column("data", sa.JSON))


def upgrade() -> None:
    op.add_column("messages", sa.Column("mailed_with", sa.Uuid(), nullable=True))
    conn = op.get_bind()
    digests = conn.execute(sa.select(OUTBOX.c.id, OUTBOX.c.data).where(OUTBOX.c.kind == "mail-digest")).all()
    for task, told in digests:
        mine = MESSAGES.c.recipient == told["person"], MESSAGES.c.id.between(told["first"], told["last"])
        conn.execute(sa.update(MESSAGES).where(*mine).values(mailed_with=task))
