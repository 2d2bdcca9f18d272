"""Bars that go on being used after a job: it was lost, benefit runs again, the bar is from before it (R-17b)."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple

from domain.facts.support import BenefitStarted
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
    starts = timeline.facts(BenefitStarted)
    for job in timeline.employment[bisect_right(timeline.employment, open_ones[0].first, key=attrgetter("first")) :]:
        later = bisect_right(starts, job.first, key=attrgetter("on"))
        if job.last == OPEN or later == len(starts):
            continue
        again = starts[later]
        since = max(job.last + DAY, again.on)
        closed = next((one for one in timeline.closed if one.covers(since)), None)
        if closed is not None:  # nobody is in benefit until the case is opened again (Fachkonzept 13)
            since = closed.last + DAY if closed.last < OPEN else OPEN
        bar = at(open_ones, since) if since < OPEN else None
        if bar and bar.first < job.first:
            yield UsedAgain(bar, job, again, since)
