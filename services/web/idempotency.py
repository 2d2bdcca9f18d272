"""Makes a repeated post one fact: the answer is kept under the key the caller chose, in the same transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from services.records.tables import idempotency

KEPT_FOR = dt.timedelta(days=7)


class Reused(Exception):
    """The key was used for something else."""


def kept(conn: Connection, person: str, key: str, content: bytes) -> dict[str, Any] | None:
    """The answer given before, or nothing. Raises `Reused` if the content was another one."""
    same = (idempotency.c.person == person, idempotency.c.key == key)
    row = conn.execute(select(idempotency.c.content, idempotency.c.answer).where(*same)).one_or_none()
    if row is None:
        return None
    if row.content != content:
        raise Reused
    answer: dict[str, Any] = row.answer
    return answer


def keep(conn: Connection, person: str, key: str, content: bytes, answer: dict[str, Any], now: dt.datetime) -> None:
    """Keeps an answer for a week."""
    conn.execute(delete(idempotency).where(idempotency.c.at < now - KEPT_FOR))
    conn.execute(insert(idempotency).values(person=person, key=key, content=content, answer=answer, at=now))
