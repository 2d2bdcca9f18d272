"""Patterns of facts that contradict a rule (Abweichungen, Fachkonzept 3.1 no. 10). Shown, not followed up."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from domain import used_again
from domain.facts.case import HandoverInitiated
from domain.facts.strategy import StrategyBarSet
from domain.facts.support import BenefitEnded, BenefitStarted
from domain.handovers import ANSWERS
from domain.handovers import READS as HANDOVER
from domain.knowledge import Known
from domain.periods import DAY, OPEN, cut
from domain.stretches import Stretch, reaching, within
from domain.timeline import ALG1, BARS, BENEFIT, CLOSING, JOBS, Kinds, Timeline

READS: Kinds = BARS | ALG1 | JOBS | BENEFIT | CLOSING | HANDOVER


class Violation(NamedTuple):
    """What contradicts which rule, from when until when (inclusive, `OPEN` while it goes on), by which facts."""

    rule: str
    first: dt.date
    last: dt.date
    facts: tuple[str, ...]


def violations(timeline: Timeline, since: dt.date = dt.date.min) -> list[Violation]:
    """Those that last until `since` or longer, by day."""
    bars = reaching(timeline.bars, since)
    found = [*_bar_before_acceptance(timeline, since), *_bar_under_alg1(timeline, bars)]
    if bars:
        found += [*_old_bar_used_again(timeline, since), *_bar_across_gap(timeline, bars)]
    return sorted((one for one in found if one.last >= since), key=lambda one: (one.first, one.rule))


def _bar_under_alg1(timeline: Timeline, bars: Sequence[Stretch]) -> Iterator[Violation]:
    """R-18: a strategy bar during ALG I ("verwahren")."""
    for bar in bars:
        for alg1 in within(timeline.alg1, bar.period):
            if overlap := cut(bar.period, alg1.period):
                yield Violation("R-18", *overlap, (*bar.refs, *alg1.refs))


def _bar_before_acceptance(timeline: Timeline, since: dt.date) -> Iterator[Violation]:
    """R-15 (a): the handing-over worker sets a bar while the handover is open."""
    answered = sorted(fact.on for fact in timeline.facts(*ANSWERS))
    offers, bars = timeline.facts(HandoverInitiated), timeline.facts(StrategyBarSet)
    for handover in offers:
        answer = bisect_left(answered, handover.on)
        until = answered[answer] if answer < len(answered) else OPEN
        for bar in _between(bars, handover.on, until) if until >= since else ():
            if bar.by == handover.by:
                yield Violation("R-15", bar.on, until, (handover.ref, bar.ref))


def _old_bar_used_again(timeline: Timeline, since: dt.date) -> Iterator[Violation]:
    """R-17b: a job ended, benefit runs again, and the bar from before the job is still open."""
    for one in used_again.bars(timeline, since):
        yield Violation("R-17b", one.since, one.bar.last, (*one.bar.refs, *one.job.refs, one.again.ref))


def _bar_across_gap(timeline: Timeline, bars: Sequence[Stretch]) -> Iterator[Violation]:
    """R-19: a strategy bar open across a gap in benefit of at least one day."""
    ends, starts = timeline.facts(BenefitEnded), timeline.facts(BenefitStarted)
    for gap in reaching(timeline.benefit_gaps, bars[0].first):
        before, after = gap.first - DAY, gap.last + DAY if gap.last < OPEN else OPEN
        edges = [fact.ref for facts in (ends, starts) for day in (before, after) for fact in _between(facts, day, day)]
        for bar in within(bars, gap):
            overlap = cut(bar.period, gap)
            if overlap and bar.first < gap.first:
                yield Violation("R-19", *overlap, (*bar.refs, *edges))


def _between(facts: Sequence[Known], first: dt.date, last: dt.date) -> Sequence[Known]:
    """Those of facts of one kind whose day lies in a period."""
    return facts[bisect_left(facts, first, key=_on) : bisect_right(facts, last, key=_on)]


_on = attrgetter("on")
