"""Rows of one topic or lane, and the moments of knowledge each of them lived through."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from domain.clocks import Segment
from domain.entries import EntryRow, entry
from domain.knowledge import Change, Facts, Known, order, visible
from domain.periods import DAY, OPEN, Period
from domain.rules import DueRow
from domain.spans import Span, Track
from domain.timeline import Care, Kinds, Shared, Timeline, at
from domain.violations import Violation

Dated = Segment | DueRow | Violation
Row = Dated | Span | EntryRow


class Lasting(NamedTuple):
    """A row and when it was known: from `known_from` (inclusive) to `known_to` (exclusive, None: still)."""

    row: Row
    known_from: dt.datetime
    known_to: dt.datetime | None


class Topic(NamedTuple):
    """Rows that depend on facts of the kinds in `reads` alone; while there is none of a kind in `about`, none.

    `names`: the clocks of its segments, the rules of its due rows; its violations are of all rules. `rows` may leave
    out what ends before the window.
    """

    names: frozenset[str]
    reads: Kinds
    about: Kinds
    rows: Callable[[Timeline, Period], Iterable[Dated]]


class State(NamedTuple):
    """What is known at a moment, and what was not known so just before."""

    moment: dt.datetime
    facts: Facts
    changes: Sequence[Change]
    shared: Shared

    def since(self, reads: Kinds) -> dt.date | None:
        """The first day on which facts of these kinds count differently now; nothing if none does."""
        return since([change for change in self.changes if change.kind in reads])


def since(changes: Iterable[Change]) -> dt.date | None:
    """The first day on which something counts differently."""
    return min((one.visible_from for change in changes for one in change.versions), default=None)


class Book:
    """Rows with the moment since when each is known; those that ended with their end."""

    def __init__(self) -> None:
        self._since: dict[Row, dt.datetime] = {}
        self._ended: list[Lasting] = []

    def take_up(self, row: Row, since: dt.datetime) -> None:
        """Goes on from a row that is known since a moment."""
        self._since[row] = since

    def replace(self, before: Collection[Row], now: Iterable[Row], moment: dt.datetime) -> None:
        """From a moment on these rows are known in the place of those."""
        for row in now:
            self._since.setdefault(row, moment)
        for row in set(before).difference(now):
            self._ended.append(Lasting(row, self._since.pop(row), moment))

    def all(self) -> list[Lasting]:
        """Every row that there was, and those that are."""
        return self._ended + [Lasting(row, since, None) for row, since in self._since.items()]


class Sheet(Book):
    """The rows of a topic."""

    def __init__(self, topic: Topic) -> None:
        super().__init__()
        self.topic = topic
        self._rows: list[Dated] = []  # those known, by their last days

    def take_up(self, row: Row, since: dt.datetime) -> None:
        """Goes on from a row that is known since a moment."""
        assert isinstance(row, Dated)
        super().take_up(row, since)
        insort(self._rows, row, key=last)

    def redraw(self, state: State) -> None:
        """Goes on to the next moment."""
        _, reads, about, _ = self.topic
        changed_from = state.since(reads)
        if changed_from is None or not (self._rows or any(state.facts.get(kind) for kind in about)):
            return
        reached = bisect_left(self._rows, changed_from - DAY, key=last)
        before = self._rows[reached:]
        now = sorted(self._redrawn(before, state, changed_from), key=last)
        self._rows[reached:] = now
        self.replace(before, now, state.moment)

    def _redrawn(self, rows: Iterable[Dated], state: State, changed_from: dt.date) -> Iterable[Dated]:
        """The rows of the days before `changed_from`, and from there on what the facts give now."""
        joined = _Joined()
        for row in rows:
            if first(row) < changed_from:
                joined.keep(row if last(row) < changed_from else _with_days(row, first(row), changed_from - DAY))
        for timeline, window in windows(state.facts, self.topic.reads, changed_from, state.shared):
            for row in self.topic.rows(timeline, window):
                joined.add(row)
        return joined.rows()


class SpanSheet(Book):
    """The spans of a lane."""

    def __init__(self, track: Track, facts: Facts) -> None:
        super().__init__()
        self.track = track
        self._rows: dict[str | None, list[Span]] = {}
        self._about: dict[str | None, Facts] = {}
        if track.thing is not None:
            for kind in track.reads:
                for fact in facts.get(kind, ()):
                    self._put(fact, [*self._facts_about(fact), fact])

    def take_up(self, row: Row, since: dt.datetime) -> None:
        """Goes on from a row that is known since a moment."""
        assert isinstance(row, Span)
        super().take_up(row, since)
        self._rows.setdefault(self._place(row.thing), []).append(row)

    def redraw(self, state: State, care: Sequence[Care], care_from: dt.date | None) -> None:
        """Goes on to the next moment; `care`: who is responsible, other than before from `care_from` on."""
        changes = [change for change in state.changes if change.kind in self.track.reads]
        things: dict[str | None, list[Change]] = {}
        for change in changes:
            for thing in self._things(change):
                things.setdefault(thing, []).append(change)
        for thing in things if care_from is None else {**things, **dict.fromkeys(self._rows, ())}:
            self._redraw(thing, state, since(things.get(thing, ())), care, care_from)

    def _redraw(
        self, thing: str | None, state: State, changed: dt.date | None, care: Sequence[Care], care_from: dt.date | None
    ) -> None:
        before = self._rows.get(thing, [])
        now = before
        if changed is not None:
            facts = state.facts if self.track.thing is None else self._about[thing]
            shared = state.shared if self.track.thing is None else None
            reaching = Timeline(facts, changed - DAY, self.track.reads, shared)
            now = [row for row in before if row.last < reaching.as_of]
            spans = (one for one in self.track.spans(reaching) if one.last >= reaching.as_of)
            now += [_placed(one, care) for one in spans]
        if care_from is not None:
            now = [_placed(row, care) if row.first >= care_from else row for row in now]
        if now is not before:
            self._rows[thing] = now
            self.replace(before, now, state.moment)

    def _things(self, change: Change) -> set[str | None]:
        """What a change is about; takes note of it."""
        if self.track.thing is None:
            return {None}
        if (gone := change.before) is not None:
            self._put(gone, [one for one in self._facts_about(gone) if one.ref != gone.ref])
        if (come := change.now) is not None:
            self._put(come, sorted([*self._facts_about(come), come], key=order))
        return set(self.track.about([change]))

    def _facts_about(self, fact: Known) -> Sequence[Known]:
        return self._about.get(self._thing(fact), {}).get(type(fact.fact), ())

    def _put(self, fact: Known, facts: Sequence[Known]) -> None:
        self._about.setdefault(self._thing(fact), {})[type(fact.fact)] = facts

    def _thing(self, fact: Known) -> str:
        thing: str = getattr(fact.fact, self.track.thing or "")
        return thing

    def _place(self, thing: str | None) -> str | None:
        return thing if self.track.thing is not None else None


class EntrySheet(Book):
    """The entries of a case."""

    def redraw(self, moment: dt.datetime, changes: Iterable[Change]) -> None:
        """Goes on to the next moment."""
        for before, now in changes:
            self.replace([entry(before)] if before else [], [entry(now)] if now else [], moment)


def windows(facts: Facts, reads: Kinds, since: dt.date, shared: Shared) -> Iterator[tuple[Timeline, Period]]:
    """The days from `since` on in stretches through which the same of these facts count, as seen from each."""
    own = {kind: found for kind in reads if (found := facts.get(kind))}
    ahead = {
        kind: (found[:begun], found[begun:])
        for kind, found in own.items()
        if (begun := bisect_right(found, since, key=_on)) < len(found)
    }
    later = {fact.visible_from for _, rest in ahead.values() for fact in rest if fact.visible_from > since}
    days = [since, *sorted(later)]
    for day, following in zip(days, [*days[1:], None], strict=True):
        seen: Facts = own
        if following is not None:
            seen = {**own, **{kind: [*begun, *visible(rest, day)] for kind, (begun, rest) in ahead.items()}}
        yield Timeline(seen, day, reads, shared), Period(day, following - DAY if following else OPEN)


class _Joined:
    """Rows that say the same on neighbouring days become one row."""

    def __init__(self) -> None:
        self._kept: list[Dated] = []
        self._latest: dict[tuple[Any, ...], int] = {}

    def keep(self, row: Dated) -> None:
        """Takes a row of the days before, which is joined already."""
        said = _said(row)
        at = self._latest.get(said)
        if at is None or last(self._kept[at]) < first(row):
            self._latest[said] = len(self._kept)
        self._kept.append(row)

    def add(self, row: Dated) -> None:
        """Takes a row of the next days; it is joined to the one that says the same and ends on the day before."""
        said = _said(row)
        at = self._latest.get(said)
        if at is not None and last(self._kept[at]) + DAY == first(row):
            self._kept[at] = _with_days(row, first(self._kept[at]), last(row))
        else:
            self._latest[said] = len(self._kept)
            self._kept.append(row)

    def rows(self) -> list[Dated]:
        """The rows as they are now, none twice."""
        return list(dict.fromkeys(self._kept))


def _placed(span: Span, care: Sequence[Care]) -> Span:
    """The span with who was responsible on its first day."""
    there: Care | None = at(care, span.first)
    return span._replace(unit=there.unit, area=there.area) if there else span._replace(unit=None, area=None)


_on = attrgetter("on")
_DAYS: dict[type[Dated], int] = {  # where in a row its first day stands; its last day follows
    kind: kind._fields.index("listed_from" if kind is DueRow else "first") for kind in (Segment, DueRow, Violation)
}


def _said(row: Dated) -> tuple[Any, ...]:
    """The row without its days."""
    at = _DAYS[type(row)]
    return (at, *row[:at], *row[at + 2 :])


def _with_days(row: Dated, first: dt.date, last: dt.date) -> Dated:
    if isinstance(row, DueRow):
        return row._replace(listed_from=first, listed_to=last)
    return row._replace(first=first, last=last)


def first(row: Dated | Span) -> dt.date:
    """The first day of a row."""
    return row.listed_from if isinstance(row, DueRow) else row.first


def last(row: Dated | Span) -> dt.date:
    """The last day of a row."""
    return row.listed_to if isinstance(row, DueRow) else row.last
