"""Single values of this database by name: what kind of data it holds, since when follow-ups are issued."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, select, update

from services.records.database import insert_once
from services.records.tables import marks

CHAIN, KEYED = "chain", "keyed"  # the mark of a database whose hashes are keyed
PERSONS, SEALED = "ids of staff", "sealed"  # the mark of one that holds the ids of staff sealed
BACKUP = "last backup"  # when a backup of this database was taken
SPELLED = "spelling of names"  # with how they are spelled: the mark of one whose search words are so


def value(conn: Connection, name: str) -> str | None:
    """The value of this name, or nothing."""
    return conn.scalar(select(marks.c.value).where(marks.c.name == name))


def put_once(conn: Connection, name: str, value: str) -> bool:
    """Keeps a value, unless one of this name is there; whether it did. Of several transactions one does."""
    return conn.scalar(_kept(conn.dialect), {"name": name, "value": value}) is not None


@lru_cache(maxsize=4)
def _kept(dialect: Dialect) -> Any:
    """Built once: putting it together takes longer than running it."""
    return insert_once(dialect, marks).returning(marks.c.name)


def put(conn: Connection, name: str, value: str) -> None:
    """Keeps a value, replacing the one before."""
    put_once(conn, name, value)
    conn.execute(update(marks).where(marks.c.name == name).values(value=value))
