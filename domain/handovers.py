"""Handovers of a case (Fachkonzept 5.3): which one waits for its answer, to whom, on which days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from domain.clocks import Segment
from domain.directory import Dated
from domain.facts.case import HandoverAccepted, HandoverInitiated, HandoverRejected, HandoverWithdrawn
from domain.knowledge import Known, order
from domain.periods import DAY, OPEN, Period, cut
from domain.timeline import Kinds, Timeline

ANSWERS = (HandoverAccepted, HandoverRejected, HandoverWithdrawn)
READS: Kinds = frozenset({HandoverInitiated, *ANSWERS})
ABOUT: Kinds = frozenset({HandoverInitiated})
CLOCK = "handover"  # the name of its rows among the segments
WAITING = "waiting"  # what its lane says of them


class Handover(NamedTuple):
    """A case offered to somebody from `first` to `last`, both inclusive; `OPEN` while nobody has answered.

    Answered on the day it was offered, it waited on no day: `last` lies before `first`. `steps`: the offer and what
    ended it.
    """

    offer: HandoverInitiated
    first: dt.date
    last: dt.date
    steps: tuple[Known, ...]

    @property
    def refs(self) -> tuple[str, ...]:
        """The facts behind it."""
        return tuple(step.ref for step in self.steps)


def handovers(facts: Iterable[Known]) -> list[Handover]:
    """Every handover of a case, in the order of its facts; a new one takes the place of one that waits."""
    steps = [one for one in facts if type(one.fact) in READS]
    found = []
    for step, following in pairwise([*steps, None]):
        if step is not None and isinstance(step.fact, HandoverInitiated):
            last = following.on - DAY if following else OPEN
            found.append(Handover(step.fact, step.on, last, (step, following) if following else (step,)))
    return found


def seen(timeline: Timeline) -> list[Handover]:
    """The same, of the facts that count on the day of the timeline."""
    return handovers(sorted(timeline.facts(*READS), key=order))


def offered(timeline: Timeline) -> HandoverInitiated | None:
    """The handover that waits on the day of the timeline."""
    return next((one.offer for one in seen(timeline) if one.first <= timeline.as_of <= one.last), None)


def waiting(facts: Iterable[Dated]) -> HandoverInitiated | None:
    """The handover nobody has answered yet."""
    steps = [one.fact for one in facts if type(one.fact) in READS]
    return steps[-1] if steps and isinstance(steps[-1], HandoverInitiated) else None


def segments(timeline: Timeline, window: Period) -> Iterator[Segment]:
    """The days of a window on which a handover waits, under the name of who is to receive the case."""
    for one in seen(timeline):
        if one.last >= one.first and (inside := cut(Period(one.first, one.last), window)):
            offer = one.offer
            strategy, to = offer.intended_strategy, (offer.to_unit, offer.to_area, offer.to_worker)
            yield Segment(CLOCK, strategy, None, one.first, 0, None, *inside, *to, ())
