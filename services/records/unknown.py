"""How many facts were imported without a moment of recording, and when: what an answer with earlier knowledge lacks."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, insert, select, update

from services.records.tables import EPOCH, marks

_NAME = "recorded unknown "


def count(conn: Connection, at: dt.datetime, facts: int) -> None:
    """Adds facts that were stored at a moment because nobody knew when they were recorded."""
    name = f"{_NAME}{_micros(at):020d}"
    before = conn.scalar(select(marks.c.value).where(marks.c.name == name))
    if before is None:
        conn.execute(insert(marks).values(name=name, value=str(facts)))
    else:
        conn.execute(update(marks).where(marks.c.name == name).values(value=str(int(before) + facts)))


def after(conn: Connection, known_at: dt.datetime) -> int:
    """The number of such facts, over all cases, that count as known only later than `known_at`."""
    later = select(marks.c.value).where(
        marks.c.name > f"{_NAME}{_micros(known_at):020d}", marks.c.name.startswith(_NAME)
    )
    return sum(map(int, conn.scalars(later)))


def _micros(moment: dt.datetime) -> int:
    return max(0, (moment - EPOCH) // dt.timedelta(microseconds=1))
