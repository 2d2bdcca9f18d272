"""Bars that go on being used after a job: it was lost, benefit runs again, the bar is from before it (R-17b)."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple, cast

from domain.clocks import ENDING_JOBS
from domain.facts.support import BenefitStarted, EmploymentStarted
from domain.knowledge import Known
from domain.periods import DAY, OPEN
from domain.stretches import Stretch, at, reaching
from domain.timeline import BARS, BENEFIT, CLOSING, JOBS, Kinds, Timeline

READS: Kinds = BARS | JOBS | BENEFIT | CLOSING


class UsedAgain(NamedTuple):
    """A bar from before a job, with the benefit that runs again after it; `since`: the first day of both."""

    bar: Stretch
    job: Stretch
    again: Known
    since: dt.date


def bars(timeline: Timeline, reached: dt.date) -> Iterator[UsedAgain]:
    """Those whose bar lasts until the day `reached` or longer."""
    open_ones = reaching(timeline.bars, reached)
    if not open_ones:
        return
    for job in timeline.employment[bisect_right(timeline.employment, open_ones[0].first, key=attrgetter("first")) :]:
        ends = cast(EmploymentStarted, job.start.fact).kind in ENDING_JOBS
        found = anew(timeline, job.first, job.last) if ends and job.last < OPEN else None
        bar = at(open_ones, found[1]) if found else None
        if found and bar and bar.first < job.first:
            yield UsedAgain(bar, job, *found)


def anew(timeline: Timeline, first: dt.date, last: dt.date) -> tuple[Known, dt.date] | None:
    """The benefit that started after the first day of a job and runs after its last one, and the first such day."""
    starts = timeline.facts(BenefitStarted)
    for one in starts[bisect_right(starts, first, key=attrgetter("on")) :]:
        since = _not_closed(timeline, max(last + DAY, one.on))
        if since < OPEN and not any(one.on < gap.first <= since for gap in timeline.benefit_gaps):
            return one, since
    return None


def _not_closed(timeline: Timeline, day: dt.date) -> dt.date:
    """The day, or the one on which the case is opened again: nobody is in benefit before it (Fachkonzept 13)."""
    closed = next((one for one in timeline.closed if one.covers(day)), None)
    if closed is None:
        return day
    return closed.last + DAY if closed.last < OPEN else OPEN
