"""Both axes at once: what held on each day, as known at each moment, as rows that exist before anybody asks.

For one moment of knowledge, facts start to count on certain days; between two such days the same facts count, so lanes,
clocks and rules give rows for the whole window at once. A later moment changes only the windows from the first day on
which something counts differently. A row lives through all moments at which it is among the rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from domain.clocks import Segment, segments
from domain.knowledge import Known, known
from domain.periods import DAY, OPEN, Period, cut
from domain.records import Record
from domain.rules import DueRow, due_rows
from domain.timeline import Timeline
from domain.violations import Violation, violations

Row = Segment | DueRow | Violation


class Lasting(NamedTuple):
    """A row and when it was known: from `known_from` (inclusive) to `known_to` (exclusive, None: still)."""

    row: Row
    known_from: dt.datetime
    known_to: dt.datetime | None


def sweep(records: Sequence[Record]) -> list[Lasting]:
    """All rows of a case over both axes. The order of the records does not matter."""
    done: list[Lasting] = []
    open_since: dict[Row, dt.datetime] = {}
    before: dict[str, Known] = {}
    for moment in sorted({record.recorded_at for record in records}):
        facts = known(records, moment)
        now = {fact.ref: fact for fact in facts}
        changed = [fact for fact in (*before.values(), *facts) if before.get(fact.ref) != now.get(fact.ref)]
        before = now
        if changed:
            rows = _redrawn(open_since, facts, min(fact.visible_from for fact in changed))
            known_now = {row: open_since.get(row, moment) for row in rows}
            done += [Lasting(row, since, moment) for row, since in open_since.items() if row not in known_now]
            open_since = known_now
    return done + [Lasting(row, since, None) for row, since in open_since.items()]


def _redrawn(rows: Iterable[Row], facts: list[Known], changed_from: dt.date) -> list[Row]:
    """The rows of the days before `changed_from`, and from there on what the facts give now."""
    joined = _Joined()
    for row in rows:
        if _first(row) < changed_from:
            joined.keep(row if _last(row) < changed_from else _with_days(row, _first(row), changed_from - DAY))
    days = sorted({changed_from, *(fact.visible_from for fact in facts if fact.visible_from > changed_from)})
    for first, following in zip(days, [*days[1:], None], strict=True):
        for row in _rows(facts, Period(first, following - DAY if following else OPEN)):
            joined.add(row)
    return joined.rows()


def _rows(facts: list[Known], window: Period) -> Iterator[Row]:
    """What holds on the days of a window through which the same facts count."""
    timeline = Timeline([fact for fact in facts if fact.visible_from <= window.first], window.first)
    yield from segments(timeline, window)
    yield from due_rows(timeline, window)
    for one in violations(timeline):
        if inside := cut(Period(one.first, one.last), window):
            yield one._replace(first=inside.first, last=inside.last)


class _Joined:
    """Rows that say the same on neighbouring days become one row."""

    def __init__(self) -> None:
        self._kept: list[Row] = []
        self._latest: dict[Row, int] = {}

    def keep(self, row: Row) -> None:
        """Takes a row of the days before, which is joined already."""
        said = _with_days(row, dt.date.min, dt.date.min)
        at = self._latest.get(said)
        if at is None or _last(self._kept[at]) < _first(row):
            self._latest[said] = len(self._kept)
        self._kept.append(row)

    def add(self, row: Row) -> None:
        """Takes a row of the next days; it is joined to the one that says the same and ends on the day before."""
        said = _with_days(row, dt.date.min, dt.date.min)
        at = self._latest.get(said)
        if at is not None and _last(self._kept[at]) + DAY == _first(row):
            self._kept[at] = _with_days(row, _first(self._kept[at]), _last(row))
        else:
            self._latest[said] = len(self._kept)
            self._kept.append(row)

    def rows(self) -> list[Row]:
        """The rows as they are now."""
        return self._kept


def _with_days(row: Row, first: dt.date, last: dt.date) -> Row:
    if isinstance(row, DueRow):
        return row._replace(listed_from=first, listed_to=last)
    return row._replace(first=first, last=last)


def _first(row: Row) -> dt.date:
    return row.listed_from if isinstance(row, DueRow) else row.first


def _last(row: Row) -> dt.date:
    return row.listed_to if isinstance(row, DueRow) else row.last
