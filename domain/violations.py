"""Patterns of facts that contradict a rule (Abweichungen, domain.md 3.1 no. 10). Shown, not followed up."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import attrgetter
from typing import NamedTuple

from domain.facts.base import Fact
from domain.facts.case import HandoverInitiated
from domain.facts.strategy import StrategyBarSet
from domain.facts.support import BenefitEnded, BenefitStarted
from domain.handovers import ANSWERS
from domain.handovers import READS as HANDOVER
from domain.knowledge import Known
from domain.periods import DAY, OPEN, Period, cut
from domain.timeline import ALG1, BARS, BENEFIT, JOBS, Kinds, Timeline, at, within


class Violation(NamedTuple):
    """What contradicts which rule, from when until when (inclusive, `OPEN` while it goes on), by which facts."""

    rule: str
    first: dt.date
    last: dt.date
    facts: tuple[str, ...]


def violations(timeline: Timeline, since: dt.date = dt.date.min) -> list[Violation]:
    """Those that last until `since` or longer, by day."""
    found = (timeline.kept(kind, reads, partial(_all, kind, timeline)) for kind, reads in _KINDS.items())
    return sorted((one for some in found for one in some if one.last >= since), key=lambda one: (one.first, one.rule))


def _all(kind: Callable[[Timeline], Iterator[Violation]], timeline: Timeline) -> list[Violation]:
    return list(kind(timeline))


def _bar_under_alg1(timeline: Timeline) -> Iterator[Violation]:
    """R-18: a strategy bar during ALG I ("verwahren")."""
    for bar in timeline.bars:
        for alg1 in within(timeline.alg1, bar.period):
            if overlap := cut(bar.period, alg1.period):
                yield Violation("R-18", *overlap, (*bar.refs, *alg1.refs))


def _bar_before_acceptance(timeline: Timeline) -> Iterator[Violation]:
    """R-15 (a): the handing-over worker sets a bar while the handover is open."""
    answered = sorted(fact.on for fact in timeline.facts(*ANSWERS))
    for handover in timeline.facts(HandoverInitiated):
        until = next(iter(answered[bisect_left(answered, handover.on) :]), OPEN)
        for bar in _between(timeline.facts(StrategyBarSet), handover.on, until):
            if bar.by == handover.by:
                yield Violation("R-15", bar.on, until, (handover.ref, bar.ref))


def _old_bar_used_again(timeline: Timeline) -> Iterator[Violation]:
    """R-17b: a job ended, benefit runs again, and the bar from before the job is still open."""
    starts = timeline.facts(BenefitStarted)
    for job in timeline.employment:
        again = next(iter(_between(starts, job.first + DAY, OPEN)), None)
        if job.last == OPEN or again is None:
            continue
        since = max(job.last + DAY, again.on)
        bar = at(timeline.bars, since)
        if bar and bar.first < job.first:
            yield Violation("R-17b", since, bar.last, (*bar.refs, *job.refs, again.ref))


def _bar_across_gap(timeline: Timeline) -> Iterator[Violation]:
    """R-19: a strategy bar open across a gap in benefit of at least one day."""
    ends, starts = timeline.facts(BenefitEnded), timeline.facts(BenefitStarted)
    for gap in timeline.benefit_gaps:
        before, after = gap.first - DAY, gap.last + DAY if gap.last < OPEN else OPEN
        edges = tuple(
            fact.ref for facts in (ends, starts) for day in (before, after) for fact in _between(facts, day, day)
        )
        for bar in within(timeline.bars, gap):
            overlap = cut(bar.period, Period(gap.first, gap.last))
            if overlap and bar.first < gap.first:
                yield Violation("R-19", *overlap, (*bar.refs, *edges))


def _between(facts: Sequence[Known], first: dt.date, last: dt.date) -> Sequence[Known]:
    """Those of facts of one kind whose day lies in a period."""
    return facts[bisect_left(facts, first, key=_on) : bisect_right(facts, last, key=_on)]


_on = attrgetter("on")
_KINDS: dict[Callable[[Timeline], Iterator[Violation]], Kinds] = {
    _bar_under_alg1: BARS | ALG1,
    _bar_before_acceptance: HANDOVER | {StrategyBarSet},
    _old_bar_used_again: BARS | JOBS | BENEFIT,
    _bar_across_gap: BARS | BENEFIT,
}
READS: Kinds = frozenset[type[Fact]]().union(*_KINDS.values())
