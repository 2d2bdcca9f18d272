"""Patterns of facts that contradict a rule (Abweichungen, domain.md 3.1 no. 10). Shown, not followed up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from domain.facts.case import HandoverInitiated
from domain.facts.strategy import StrategyBarSet
from domain.facts.support import BenefitEnded, BenefitStarted
from domain.handovers import ANSWERS
from domain.handovers import READS as HANDOVER
from domain.periods import DAY, OPEN, Period, cut
from domain.timeline import ALG1, BARS, BENEFIT, JOBS, Kinds, Timeline, at

READS: Kinds = BARS | ALG1 | JOBS | BENEFIT | HANDOVER


class Violation(NamedTuple):
    """What contradicts which rule, from when until when (inclusive, `OPEN` while it goes on), by which facts."""

    rule: str
    first: dt.date
    last: dt.date
    facts: tuple[str, ...]


def violations(timeline: Timeline) -> list[Violation]:
    """All of them, by day."""
    found = (*_bar_under_alg1(timeline), *_bar_before_acceptance(timeline), *_old_bar_used_again(timeline))
    return sorted((*found, *_bar_across_gap(timeline)), key=lambda one: (one.first, one.rule))


def _bar_under_alg1(timeline: Timeline) -> Iterator[Violation]:
    """R-18: a strategy bar during ALG I ("verwahren")."""
    for bar in timeline.bars:
        for alg1 in timeline.alg1:
            if overlap := cut(bar.period, alg1.period):
                yield Violation("R-18", *overlap, (*bar.refs, *alg1.refs))


def _bar_before_acceptance(timeline: Timeline) -> Iterator[Violation]:
    """R-15 (a): the handing-over worker sets a bar while the handover is open."""
    answered = [fact.on for fact in timeline.facts(*ANSWERS)]
    for handover in timeline.facts(HandoverInitiated):
        until = min((day for day in answered if day >= handover.on), default=OPEN)
        for bar in timeline.facts(StrategyBarSet):
            if handover.on <= bar.on <= until and bar.by == handover.by:
                yield Violation("R-15", bar.on, until, (handover.ref, bar.ref))


def _old_bar_used_again(timeline: Timeline) -> Iterator[Violation]:
    """R-17b: a job ended, benefit runs again, and the bar from before the job is still open."""
    for job in timeline.employment:
        again = next((fact for fact in timeline.facts(BenefitStarted) if fact.on > job.first), None)
        if job.last == OPEN or again is None:
            continue
        since = max(job.last + DAY, again.on)
        bar = at(timeline.bars, since)
        if bar and bar.first < job.first:
            yield Violation("R-17b", since, bar.last, (*bar.refs, *job.refs, again.ref))


def _bar_across_gap(timeline: Timeline) -> Iterator[Violation]:
    """R-19: a strategy bar open across a gap in benefit of at least one day."""
    facts = timeline.facts(BenefitEnded, BenefitStarted)
    for gap in timeline.benefit_gaps:
        edges = tuple(fact.ref for fact in facts if fact.on + DAY == gap.first or fact.on - DAY == gap.last)
        for bar in timeline.bars:
            overlap = cut(bar.period, Period(gap.first, gap.last))
            if overlap and bar.first < gap.first:
                yield Violation("R-19", *overlap, (*bar.refs, *edges))
