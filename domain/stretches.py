"""Periods that facts began and others ended, and what reaches or lies within some days."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, NamedTuple, Protocol, TypeVar

from domain.knowledge import Known
from domain.periods import DAY, OPEN, Period

P = TypeVar("P", bound="Lasting")


class Lasting(Protocol):
    """What has days, both inclusive."""

    @property
    def first(self) -> dt.date: ...
    @property
    def last(self) -> dt.date: ...


class Stretch(NamedTuple):
    """A period that a fact began and, if `end` is given, another one ended; both days inclusive."""

    first: dt.date
    last: dt.date
    start: Known
    end: Known | None

    @property
    def period(self) -> Period:
        """Its days."""
        return Period(self.first, self.last)

    @property
    def refs(self) -> tuple[str, ...]:
        """The facts behind it."""
        return (self.start.ref,) if self.end is None else (self.start.ref, self.end.ref)


def paired(
    starts: Sequence[Known], ends: Sequence[Known], before: Sequence[Stretch] = (), since: dt.date = dt.date.min
) -> list[Stretch]:
    """Periods from starts and ends (last days), each in order of their days.

    A start while one is open ends that one on the day before. An end closes what was open before its day, else what
    begins on it; an end of nothing is passed over. `before`: the periods of facts that differ from `since` on alone;
    those that ended earlier stay, and what follows them is paired anew.
    """
    found = list(ended(before, since))
    day = found[-1].last + DAY if found else dt.date.min
    starting, closing = _by_day(starts, day), {one: ends[0] for one, ends in _by_day(ends, day).items()}
    if found and (end := found[-1].end) and end.on == day:  # it has closed this one
        del closing[day]
    return found + _paired(starting, closing)


def _by_day(facts: Sequence[Known], since: dt.date) -> dict[dt.date, list[Known]]:
    found: dict[dt.date, list[Known]] = {}
    for fact in facts[bisect_left(facts, since, key=_on) :]:
        found.setdefault(fact.on, []).append(fact)
    return found


def _paired(starting: dict[dt.date, list[Known]], closing: dict[dt.date, Known]) -> list[Stretch]:
    found: list[Stretch] = []
    current: Known | None = None

    def close(last: dt.date, end: Known | None) -> None:
        if current is not None and current.on <= last:
            found.append(Stretch(current.on, last, current, end))

    for day in sorted(closing.keys() | starting.keys()):
        end, begun = closing.get(day), starting.get(day, [])
        if end is not None and current is not None:
            close(day - DAY if begun else day, end)
            current, end = None, None
        if begun:
            close(day - DAY, None)
            current = begun[-1]
        if end is not None and current is not None:
            close(day, end)
            current = None
    close(OPEN, None)
    return found


def differ_from(some: Sequence[Known], others: Sequence[Known]) -> dt.date:
    """The first day of which two lists of facts, each by days, do not have the same; `OPEN` if there is none."""
    same, most = 0, min(len(some), len(others))
    while same < most:
        middle = (same + most + 1) // 2
        if some[same:middle] == others[same:middle]:
            same = middle
        else:
            most = middle - 1
    return min((facts[same].on for facts in (some, others) if same < len(facts)), default=OPEN)


def ended(lane: Sequence[P], since: dt.date) -> Sequence[P]:
    """Those of a lane that what facts say from a day on cannot change: they were over two days before it."""
    return lane[: bisect_left(lane, since - DAY, key=_last)] if lane and since > dt.date.min else lane[:0]


def gaps(starts: Sequence[Known], ends: Sequence[Known]) -> list[Period]:
    """The days after an end and before the next start; an end and a start on one day make none if it ran before."""
    begins, stops = {fact.on for fact in starts}, {fact.on for fact in ends}
    found: list[Period] = []
    running: bool | None = None
    since = OPEN
    for day in sorted(begins | stops):
        if day in begins and running is False and since < day:
            found.append(Period(since, day - DAY))
        if day in stops and not (day in begins and running):
            since = since if running is False and day not in begins else day + DAY
            running = False
        else:
            running = True
    if running is False:
        found.append(Period(since, OPEN))
    return found


def at(stretches: Sequence[Any], day: dt.date) -> Any | None:
    """The one that covers the day; of several the one that began last. `stretches`: by their first days."""
    for one in reversed(stretches[: bisect_right(stretches, day, key=_first)]):
        if day <= one.last:
            return one
    return None


def reaching(lane: Sequence[P], day: dt.date) -> Sequence[P]:
    """Those of a lane that last until the day or longer. `lane`: sorted, no two on one day."""
    return lane[bisect_left(lane, day, key=_last) :]


def within(lane: Sequence[P], window: Period) -> Sequence[P]:
    """Those of such a lane that have a day in common with the window."""
    return lane[bisect_left(lane, window.first, key=_last) : bisect_right(lane, window.last, key=_first)]


_first: Callable[[Any], dt.date] = attrgetter("first")
_last: Callable[[Any], dt.date] = attrgetter("last")
_on: Callable[[Any], dt.date] = attrgetter("on")
