"""How often tasks were put off for which reason, by unit and month; never by person (QS 2/2020, 2.1)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, and_, select

from domain.periods import BERLIN, add_months, local_day
from services.records import meaning
from services.records.current import Place, placed
from services.records.tables import actions, known_still, segments

MONTHS = 6
FEWEST = 5  # below this a number is not named


class Row(NamedTuple):
    """How often a reason (a code) was given in a unit, month by month; None: at least once, fewer than five times."""

    unit: str
    reason: str
    counts: list[int | None]


class Table(NamedTuple):
    """The first days of the months, the current one last, and the rows by unit and reason."""

    months: list[dt.date]
    rows: list[Row]


def table(conn: Connection, places: Collection[Place], day: dt.date) -> Table:
    """The decisions of six months that put off something of a case that was then in one of the (unit, area) pairs.

    What was taken back does not count. One statement. Raises Waiting.
    """
    meaning.digests(conn, ("care",))
    months = [add_months(day.replace(day=1), -back) for back in reversed(range(MONTHS))]
    one, care = actions.c, segments.alias()
    then = and_(care.c.case_key == one.case_key, care.c.clock == "care", known_still(care), placed(care, tuple(places)))
    start = dt.datetime.combine(months[0], dt.time(), BERLIN)
    chosen = (
        select(one.at, one.data, care.c.unit, care.c.from_day, care.c.to_day)
        .join_from(actions, care, then)
        .where(one.wish == "snooze", one.at >= start, one.undone_at.is_(None))
    )
    found: Counter[tuple[str, str, dt.date]] = Counter()
    for at, data, unit, first, last in conn.execute(chosen):
        if first <= (on := local_day(at)) <= last:
            found[unit, data["reason"], on.replace(day=1)] += 1
    pairs = sorted({(unit, reason) for unit, reason, _ in found})
    return Table(months, [Row(*pair, [_named(found[(*pair, month)]) for month in months]) for pair in pairs])


def _named(count: int) -> int | None:
    return count if count == 0 or count >= FEWEST else None
