"""How many facts were imported without a moment of recording, and when: what an answer with earlier knowledge lacks."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, select

from services.records import marks, tables
from services.records.tables import EPOCH

_NAME = "recorded unknown "


def count(conn: Connection, at: dt.datetime, facts: int) -> None:
    """Adds facts that were stored at a moment because nobody knew when they were recorded."""
    name = f"{_NAME}{_micros(at):020d}"
    marks.put(conn, name, str(int(marks.value(conn, name) or 0) + facts))


def after(conn: Connection, known_at: dt.datetime) -> int:
    """The number of such facts, over all cases, that count as known only later than `known_at`."""
    return sum(imports(conn, known_at).values())


def imports(conn: Connection, known_at: dt.datetime) -> dict[dt.datetime, int]:
    """The same for each import: the moment it counts from, and its number of such facts, the first import first."""
    mark = tables.marks.c
    later = (mark.name > f"{_NAME}{_micros(known_at):020d}", mark.name.startswith(_NAME))
    rows = conn.execute(select(mark.name, mark.value).where(*later).order_by(mark.name))
    return {EPOCH + dt.timedelta(microseconds=int(name.removeprefix(_NAME))): int(value) for name, value in rows}


def _micros(moment: dt.datetime) -> int:
    return max(0, (moment - EPOCH) // dt.timedelta(microseconds=1))
