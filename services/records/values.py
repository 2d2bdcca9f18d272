"""Single values of this database by name: what kind of data it holds, since when follow-ups are issued."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from services.records.database import insert_once
from services.records.tables import marks

CHAIN, KEYED = "chain", "keyed"  # the mark of a database whose hashes are keyed
PERSONS, SEALED = "ids of staff", "sealed"  # the mark of one that holds the ids of staff sealed


def value(conn: Connection, name: str) -> str | None:
    """The value of this name, or nothing."""
    return conn.scalar(select(marks.c.value).where(marks.c.name == name))


def put_once(conn: Connection, name: str, value: str) -> bool:
    """Keeps a value, unless one of this name is there; whether it did. Of several transactions one does."""
    kept = insert_once(conn.dialect, marks).values(name=name, value=value).returning(marks.c.name)
    return conn.scalar(kept) is not None


def put(conn: Connection, name: str, value: str) -> None:
    """Keeps a value, replacing the one before."""
    put_once(conn, name, value)
    conn.execute(update(marks).where(marks.c.name == name).values(value=value))
