"""Handovers of a case (domain.md 5.3): which one waits for its answer, to whom, on which days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple, cast

from domain.clocks import Segment
from domain.directory import Dated
from domain.facts.case import HandoverAccepted, HandoverInitiated, HandoverRejected, HandoverWithdrawn
from domain.periods import DAY, OPEN, Period, cut
from domain.timeline import Kinds, Timeline

ANSWERS = (HandoverAccepted, HandoverRejected, HandoverWithdrawn)
READS: Kinds = frozenset({HandoverInitiated, *ANSWERS})
ABOUT: Kinds = frozenset({HandoverInitiated})
CLOCK = "handover"  # the name of its rows among the segments


class Handover(NamedTuple):
    """A case offered to somebody from `first` to `last`, both inclusive; `OPEN` while nobody has answered.

    Answered on the day it was offered, it waited on no day: `last` lies before `first`.
    """

    offer: HandoverInitiated
    first: dt.date
    last: dt.date


def handovers(facts: Iterable[Dated]) -> list[Handover]:
    """Every handover of a case, in the order of its facts; a new one takes the place of one that waits."""
    steps = [one for one in facts if type(one.fact) in READS]
    found = []
    for step, following in pairwise([*steps, None]):
        if step is not None and isinstance(step.fact, HandoverInitiated):
            found.append(Handover(step.fact, step.on, following.on - DAY if following else OPEN))
    return found


def waiting(facts: Iterable[Dated]) -> HandoverInitiated | None:
    """The handover nobody has answered yet."""
    steps = [one.fact for one in facts if type(one.fact) in READS]
    return steps[-1] if steps and isinstance(steps[-1], HandoverInitiated) else None


def segments(timeline: Timeline, window: Period) -> Iterator[Segment]:
    """The days of a window on which a handover waits, under the name of who is to receive the case."""
    facts = sorted(timeline.facts(*READS), key=lambda one: (one.on, one.recorded_at, one.ref))
    for one in handovers(cast(Iterable[Dated], facts)):
        if one.last >= one.first and (inside := cut(Period(one.first, one.last), window)):
            offer = one.offer
            strategy, to = offer.intended_strategy, (offer.to_unit, offer.to_area, offer.to_worker)
            yield Segment(CLOCK, strategy, None, one.first, 0, None, *inside, *to, ())
