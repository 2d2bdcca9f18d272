"""What was deleted and may still stand in the files of the database: marked with the deletion, cleared after it."""

from __future__ import annotations

from secrets import token_hex

from sqlalchemy import Connection, Engine, delete

from services.records import database, values
from services.records.tables import marks

TRACES = "traces"  # the mark of a deletion after which the files were not cleared yet


def leave(conn: Connection) -> None:
    """Marks, in the transaction that deletes, that the files are to be cleared."""
    values.put(conn, TRACES, token_hex(8))


def clear(engine: Engine) -> bool:
    """Clears the database files of what was deleted, if that is to be done; False if a reader kept it from it."""
    with database.reading(engine) as conn:
        wanted = values.value(conn, TRACES)
    if wanted is None:
        return True
    if not database.scrub(engine):
        return False
    with database.writing(engine) as conn:  # another deletion meanwhile has put another value
        conn.execute(delete(marks).where(marks.c.name == TRACES, marks.c.value == wanted))
    return True
