"""Both axes at once: what held on each day, as known at each moment, as rows that exist before anybody asks.

For one moment of knowledge, facts start to count on certain days; between two such days the same facts count, so lanes,
clocks and rules give rows for the whole window at once. A later moment changes only the windows from the first day on
which something counts differently, and only the rows that depend on facts of that kind. A row lives through all moments
at which it is among the rows.
"""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, get_args

from domain import clocks, handovers, violations
from domain.clocks import Segment, segments
from domain.facts.base import Fact
from domain.facts.case import ResponsibilityAssigned
from domain.facts.strategy import StrategyBarSet
from domain.knowledge import Known, Modifier, Reading, as_known, heard_at, known, order
from domain.periods import DAY, OPEN, Period, cut
from domain.records import Record
from domain.rules import RULES, DueRow, Rule, due_rows
from domain.timeline import Kinds, Timeline
from domain.violations import Violation

Row = Segment | DueRow | Violation
Moment = tuple[dt.datetime, list[Known], list[Known]]
VIOLATIONS = "violations"  # what all of them are called, of whichever rule


class Lasting(NamedTuple):
    """A row and when it was known: from `known_from` (inclusive) to `known_to` (exclusive, None: still)."""

    row: Row
    known_from: dt.datetime
    known_to: dt.datetime | None


class Topic(NamedTuple):
    """Rows that depend on facts of the kinds in `reads` alone; while there is none of a kind in `about`, none.

    `names`: the clocks of its segments, the rules of its due rows; its violations are of all rules.
    """

    names: frozenset[str]
    reads: Kinds
    about: Kinds
    rows: Callable[[Timeline, Period], Iterable[Row]]


def sweep(
    records: Sequence[Record], reading: Reading = Reading.ARRIVAL, names: Collection[str] | None = None
) -> list[Lasting]:
    """All rows of a case over both axes, in one reading. The order of the records does not matter.

    `names`: only topics with one of these names are swept, which may bring rows of further names.
    """
    wanted = [topic for topic in TOPICS if names is None or not topic.names.isdisjoint(names)]
    return _swept([_Sheet(topic) for topic in wanted], _moments(records, reading))


def carried_on(still: Mapping[Row, dt.datetime], before: Sequence[Record], added: Sequence[Record]) -> list[Lasting]:
    """The same, where the rows still known after `before` are there, each with the moment since when.

    Every record of `added` must have been recorded later than all of `before`. Rows of `still` that end now come with
    their end; those that ended before are not among the answer.
    """
    sheets = [_Sheet(topic) for topic in TOPICS]
    by_name = {name: sheet for sheet in sheets for name in sheet.topic.names}
    for row, since in still.items():
        by_name[_name(row)].take_up(row, since)
    return _swept(sheets, _moments(added, Reading.ARRIVAL, before))


def touched(facts: Iterable[Fact]) -> frozenset[str]:
    """The names (see `Topic`) of the rows that these facts, added to others, can change."""
    kinds = {type(fact) for fact in facts}
    every = not kinds.isdisjoint(get_args(Modifier))  # what they change may be of any kind
    return frozenset().union(*(topic.names for topic in TOPICS if every or not kinds.isdisjoint(topic.reads)))


def _swept(sheets: Sequence[_Sheet], moments: Iterable[Moment]) -> list[Lasting]:
    for moment, facts, changed in moments:
        kinds = {type(fact.fact) for fact in changed}
        for sheet in sheets:
            if not kinds.isdisjoint(sheet.topic.reads):
                sheet.redraw(moment, facts, changed)
    return [lasting for sheet in sheets for lasting in sheet.all()]


def _moments(records: Iterable[Record], reading: Reading, before: Iterable[Record] = ()) -> Iterator[Moment]:
    """Each moment with the facts known then, in the order they count, and what is new, changed or gone since."""
    heard = list(before)
    facts = known(heard)
    modified = any(isinstance(record.fact, Modifier) for record in heard)
    moment_of = itemgetter(0)
    timed = sorted(((heard_at(record, reading), record) for record in records), key=moment_of)
    for moment, group in groupby(timed, key=moment_of):
        arrived = [record for _, record in group]
        heard += arrived
        modified = modified or any(isinstance(record.fact, Modifier) for record in arrived)
        if modified:
            facts, changed = _compared(facts, known(heard))
        else:
            changed = [as_known(record) for record in arrived]
            for fact in changed:
                insort(facts, fact, key=order)
        yield moment, facts, changed


def _compared(before: list[Known], facts: list[Known]) -> tuple[list[Known], list[Known]]:
    then, now = ({fact.ref: fact for fact in some} for some in (before, facts))
    return facts, [fact for fact in (*before, *facts) if then.get(fact.ref) != now.get(fact.ref)]


class _Sheet:
    """The rows of one topic while moment after moment is gone through."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self._done: list[Lasting] = []
        self._open_since: dict[Row, dt.datetime] = {}

    def take_up(self, row: Row, since: dt.datetime) -> None:
        """Goes on from a row that is known since a moment."""
        self._open_since[row] = since

    def redraw(self, moment: dt.datetime, facts: Iterable[Known], changed: Iterable[Known]) -> None:
        """Goes on to the next moment at which facts of these kinds have changed."""
        _, reads, about, _ = self.topic
        own = [fact for fact in facts if type(fact.fact) in reads]
        if not self._open_since and not any(type(fact.fact) in about for fact in own):
            return
        since = min(fact.visible_from for fact in changed if type(fact.fact) in reads)
        before = self._open_since
        self._open_since = {row: before.get(row, moment) for row in self._redrawn(own, since)}
        self._done += [Lasting(row, first, moment) for row, first in before.items() if row not in self._open_since]

    def all(self) -> list[Lasting]:
        """Every row that there was, and those that are."""
        return self._done + [Lasting(row, since, None) for row, since in self._open_since.items()]

    def _redrawn(self, facts: list[Known], changed_from: dt.date) -> list[Row]:
        """The rows of the days before `changed_from`, and from there on what the facts give now."""
        joined = _Joined()
        for row in self._open_since:
            if _first(row) < changed_from:
                joined.keep(row if _last(row) < changed_from else _with_days(row, _first(row), changed_from - DAY))
        days = sorted({changed_from, *(fact.visible_from for fact in facts if fact.visible_from > changed_from)})
        for first, following in zip(days, [*days[1:], None], strict=True):
            timeline = Timeline([fact for fact in facts if fact.visible_from <= first], first, self.topic.reads)
            for row in self.topic.rows(timeline, Period(first, following - DAY if following else OPEN)):
                joined.add(row)
        return joined.rows()


class _Joined:
    """Rows that say the same on neighbouring days become one row."""

    def __init__(self) -> None:
        self._kept: list[Row] = []
        self._latest: dict[tuple[Any, ...], int] = {}

    def keep(self, row: Row) -> None:
        """Takes a row of the days before, which is joined already."""
        said = _said(row)
        at = self._latest.get(said)
        if at is None or _last(self._kept[at]) < _first(row):
            self._latest[said] = len(self._kept)
        self._kept.append(row)

    def add(self, row: Row) -> None:
        """Takes a row of the next days; it is joined to the one that says the same and ends on the day before."""
        said = _said(row)
        at = self._latest.get(said)
        if at is not None and _last(self._kept[at]) + DAY == _first(row):
            self._kept[at] = _with_days(row, _first(self._kept[at]), _last(row))
        else:
            self._latest[said] = len(self._kept)
            self._kept.append(row)

    def rows(self) -> list[Row]:
        """The rows as they are now."""
        return self._kept


_DAYS: dict[type[Row], int] = {  # where in a row its first day stands; its last day follows
    kind: kind._fields.index("listed_from" if kind is DueRow else "first") for kind in (Segment, DueRow, Violation)
}


def _name(row: Row) -> str:
    """What the topic of the row calls it."""
    if isinstance(row, Segment):
        return row.clock
    return row.rule if isinstance(row, DueRow) else VIOLATIONS


def _said(row: Row) -> tuple[Any, ...]:
    """The row without its days."""
    at = _DAYS[type(row)]
    return (at, *row[:at], *row[at + 2 :])


def _with_days(row: Row, first: dt.date, last: dt.date) -> Row:
    if isinstance(row, DueRow):
        return row._replace(listed_from=first, listed_to=last)
    return row._replace(first=first, last=last)


def _first(row: Row) -> dt.date:
    return row.listed_from if isinstance(row, DueRow) else row.first


def _last(row: Row) -> dt.date:
    return row.listed_to if isinstance(row, DueRow) else row.last


# --- what depends on what ---


def _violations(timeline: Timeline, window: Period) -> Iterator[Violation]:
    for one in violations.violations(timeline):
        if inside := cut(Period(one.first, one.last), window):
            yield one._replace(first=inside.first, last=inside.last)


def _topics() -> Iterator[Topic]:
    """Rules that read the same share a timeline, and bars are read once for segments and for the rules about them."""
    yield Topic(frozenset({"care", "net"}), clocks.READS, frozenset({StrategyBarSet, ResponsibilityAssigned}), segments)
    yield Topic(frozenset({handovers.CLOCK}), handovers.READS, handovers.ABOUT, handovers.segments)
    yield Topic(frozenset({VIOLATIONS}), violations.READS, frozenset({StrategyBarSet}), _violations)
    by_reading: dict[tuple[Kinds, Kinds], list[Rule]] = {}
    for rule in RULES.values():
        by_reading.setdefault((rule.depends_on, rule.about), []).append(rule)
    for (reads, about), rules in by_reading.items():
        yield Topic(frozenset(rule.id for rule in rules), reads, about, _listing(tuple(rules)))


def _listing(rules: tuple[Rule, ...]) -> Callable[[Timeline, Period], Iterator[DueRow]]:
    return lambda timeline, window: due_rows(timeline, window, rules)


TOPICS = tuple(_topics())
