"""When each stream grew last, also for those that did not grow since.

Answers that were kept for repeated posts before they were sealed go: nobody finds them any more, and they hold texts.
"""

import datetime as dt
import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

heads = sa.table("heads", sa.column("key", sa.Uuid()), sa.column("number"), sa.column("stored_at", sa.BigInteger()))
records = sa.table("records", sa.column("key", sa.Uuid()), sa.column("number"), sa.column("state", sa.LargeBinary()))


def upgrade() -> None:
    conn = op.get_bind()
    last = sa.and_(records.c.key == heads.c.key, records.c.number == heads.c.number)
    found = sa.select(heads.c.key, records.c.state).join_from(heads, records, last).where(heads.c.stored_at.is_(None))
    moments = [{"k": key, "at": _stored_at(state)} for key, state in conn.execute(found)]
    if moments:
        grown = sa.update(heads).where(heads.c.key == sa.bindparam("k")).values(stored_at=sa.bindparam("at"))
        conn.execute(grown, moments)
    op.execute("""DELETE FROM idempotency WHERE CAST(answer AS TEXT) NOT LIKE '%"sealed"%'""")


def _stored_at(state: bytes) -> int:
    since = dt.datetime.fromisoformat(json.loads(state)["stored_at"]) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return since // dt.timedelta(microseconds=1)
