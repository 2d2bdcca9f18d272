"""Patterns of facts that contradict a rule (Abweichungen, domain.md 3.1 no. 10). Shown, not followed up."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple

from domain.facts.case import HandoverInitiated
from domain.facts.strategy import StrategyBarSet
from domain.facts.support import BenefitEnded, BenefitStarted
from domain.handovers import ANSWERS
from domain.handovers import READS as HANDOVER
from domain.periods import DAY, OPEN, Period, cut
from domain.timeline import ALG1, BARS, BENEFIT, JOBS, Kinds, Timeline, at, reaching, within

READS: Kinds = BARS | ALG1 | JOBS | BENEFIT | HANDOVER


class Violation(NamedTuple):
    """What contradicts which rule, from when until when (inclusive, `OPEN` while it goes on), by which facts."""

    rule: str
    first: dt.date
    last: dt.date
    facts: tuple[str, ...]


def violations(timeline: Timeline, since: dt.date = dt.date.min) -> list[Violation]:
    """All of them, by day; those that ended before `since` may be left out."""
    found = (*_bar_under_alg1(timeline, since), *_bar_before_acceptance(timeline, since))
    found = (*found, *_old_bar_used_again(timeline), *_bar_across_gap(timeline, since))
    return sorted(found, key=lambda one: (one.first, one.rule))


def _bar_under_alg1(timeline: Timeline, since: dt.date) -> Iterator[Violation]:
    """R-18: a strategy bar during ALG I ("verwahren")."""
    for bar in reaching(timeline.bars, since):
        for alg1 in within(timeline.alg1, bar.period):
            if overlap := cut(bar.period, alg1.period):
                yield Violation("R-18", *overlap, (*bar.refs, *alg1.refs))


def _bar_before_acceptance(timeline: Timeline, since: dt.date) -> Iterator[Violation]:
    """R-15 (a): the handing-over worker sets a bar while the handover is open."""
    answered = sorted(fact.on for fact in timeline.facts(*ANSWERS))
    for handover in timeline.facts(HandoverInitiated):
        until = next(iter(answered[bisect_left(answered, handover.on) :]), OPEN)
        for bar in timeline.facts(StrategyBarSet) if until >= since else ():
            if handover.on <= bar.on <= until and bar.by == handover.by:
                yield Violation("R-15", bar.on, until, (handover.ref, bar.ref))


def _old_bar_used_again(timeline: Timeline) -> Iterator[Violation]:
    """R-17b: a job ended, benefit runs again, and the bar from before the job is still open."""
    starts = timeline.facts(BenefitStarted)
    for job in timeline.employment:
        again = next(iter(starts[bisect_right(starts, job.first, key=attrgetter("on")) :]), None)
        if job.last == OPEN or again is None:
            continue
        since = max(job.last + DAY, again.on)
        bar = at(timeline.bars, since)
        if bar and bar.first < job.first:
            yield Violation("R-17b", since, bar.last, (*bar.refs, *job.refs, again.ref))


def _bar_across_gap(timeline: Timeline, since: dt.date) -> Iterator[Violation]:
    """R-19: a strategy bar open across a gap in benefit of at least one day."""
    facts = timeline.facts(BenefitEnded, BenefitStarted)
    for gap in reaching(timeline.benefit_gaps, since):
        edges = tuple(fact.ref for fact in facts if fact.on + DAY == gap.first or fact.on - DAY == gap.last)
        for bar in within(timeline.bars, gap):
            overlap = cut(bar.period, Period(gap.first, gap.last))
            if overlap and bar.first < gap.first:
                yield Violation("R-19", *overlap, (*bar.refs, *edges))
