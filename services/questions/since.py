"""What others have recorded in somebody's cases since a moment, however late its day (Fachkonzept 6.1 no. 55)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, and_, func, select

from services.records.current import held_by
from services.records.tables import entries, numbers, segments

MOST = 100  # entries read; how many there are is said
TOPICS = ("care", "entries")


class Recorded(NamedTuple):
    """An entry: its case, name and day, when it became known, and whether it corrects one that was there."""

    case_key: UUID
    number: str
    name: str
    on: dt.date
    known_at: dt.datetime
    corrected: bool


class Since(NamedTuple):
    """What was recorded, the latest first, and how much it is in all."""

    number: int
    rows: list[Recorded]


def recorded(conn: Connection, workers: Collection[str], reader: str, since: dt.datetime, day: dt.date) -> Since:
    """The entries known since then in the cases these workers have on the day, but for the reader's own.

    Workers and reader are directory keys. Withdrawals and corrections are entries; what a correction corrects is not
    told twice. Raises Waiting.
    """
    care, one = segments.alias(), entries.c
    known = and_(one.known_from > since, one.recorded_by != reader, one.name != "fact-corrected")
    columns = [one[name] for name in ("case_key", "name", "day", "known_from", "corrected")]
    found = conn.execute(
        select(*columns, numbers.c.number, func.count().over().label("of"))
        .join_from(care, entries, one.case_key == care.c.case_key)
        .join(numbers, numbers.c.key == one.case_key)
        .where(held_by(care, "care", day), care.c.worker.in_(workers), known)
        .order_by(one.known_from.desc(), one.id.desc())
        .limit(MOST)
    ).all()
    rows = [Recorded(row.case_key, row.number, row.name, row.day, row.known_from, row.corrected) for row in found]
    return Since(found[0].of if found else 0, rows)
