"""What others have recorded in somebody's cases since a moment, however late its day (Fachkonzept 6.1 no. 55)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, and_, exists, func, select, true

from services.records.current import held_by
from services.records.tables import END_OF_TIME, entries, numbers, segments, visits

FIELDS = ("case_key", "number", "name", "day", "known_from", "corrected", "withdrawn")
MOST = 100  # entries read; how many there are is said


class Recorded(NamedTuple):
    """An entry: its case, name and day, when it became known, whether it was corrected then, or withdrawn since."""

    case_key: UUID
    number: str
    name: str
    on: dt.date
    known_at: dt.datetime
    corrected: bool
    withdrawn: bool


class Since(NamedTuple):
    """The moment of the visit before, what was recorded since then, the latest first; how much it is in all, and in how
    many cases.
    """

    before: dt.datetime
    number: int
    cases: int
    rows: list[Recorded]


def recorded(conn: Connection, workers: Collection[str], reader: str, day: dt.date) -> Since | None:
    """The entries known since the reader's last visit, in the cases these workers have on the day, but for their own.

    Workers and reader are directory keys. Withdrawals and corrections are entries; what was corrected is told once, as
    it says now. Nothing at the first visit. Asked in one statement, with the moment it depends on.
    """
    care, one, here = segments.alias(), entries.c, visits.c
    later = entries.alias("later")
    replaced = exists().where(
        later.c.case_key == one.case_key, later.c.name == one.name, later.c.ref == one.ref,
        later.c.known_from == one.known_to,
    )  # fmt: skip
    of_others = and_(one.recorded_by != reader, one.name != "fact-corrected")
    columns = [one[name] for name in ("case_key", "name", "day", "known_from", "corrected")]
    cases = (
        select(*columns, one.id, (one.known_to < END_OF_TIME).label("withdrawn"), numbers.c.number)
        .join_from(care, entries, one.case_key == care.c.case_key)
        .join(numbers, numbers.c.key == one.case_key)
        .where(held_by(care, "care", day), care.c.worker.in_(workers), of_others, ~replaced)
        .where(one.known_from > select(here.before).where(here.person == reader).scalar_subquery())
        .cte()
    )
    of_all = select(func.count(cases.c.case_key.distinct())).scalar_subquery()
    found = conn.execute(
        select(here.before, cases, func.count(cases.c.id).over().label("of"), of_all.label("of_cases"))
        .outerjoin_from(visits, cases, true())
        .where(here.person == reader, here.before.is_not(None))
        .order_by(cases.c.known_from.desc(), cases.c.id.desc())
        .limit(MOST)
    ).all()
    if not found:
        return None
    rows = [Recorded(*(getattr(row, name) for name in FIELDS)) for row in found]
    return Since(found[0].before, found[0].of, found[0].of_cases, [one for one in rows if one.case_key])
