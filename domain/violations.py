"""Patterns of facts that contradict a rule (Abweichungen, Fachkonzept 3.1 no. 10). Shown, not followed up."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple, cast

from domain import divergence, used_again
from domain.facts.case import HandoverInitiated
from domain.facts.extension import ExtensionApproved, ExtensionRequested
from domain.facts.strategy import StrategyBarSet, StrategyFieldChanged, StrategyReviewed
from domain.facts.support import BenefitEnded, BenefitStarted
from domain.filed import NO_PERSON
from domain.handovers import ANSWERS
from domain.handovers import READS as HANDOVER
from domain.knowledge import Known
from domain.periods import DAY, OPEN, Period, cut
from domain.rules.endings import not_ended
from domain.stretches import Stretch, at, reaching, within
from domain.things import REQUESTS
from domain.timeline import ALG1, BARS, BENEFIT, CARE, CLOSING, JOBS, Care, Kinds, Timeline

READS: Kinds = (
    BARS | ALG1 | JOBS | BENEFIT | CLOSING | HANDOVER | REQUESTS | CARE | {StrategyFieldChanged, StrategyReviewed}
)
ABOUT: Kinds = frozenset({StrategyBarSet})


class Violation(NamedTuple):
    """What contradicts which rule, from when until when (inclusive, `OPEN` while it goes on), by which facts."""

    rule: str
    first: dt.date
    last: dt.date
    facts: tuple[str, ...]


def violations(timeline: Timeline, since: dt.date = dt.date.min) -> list[Violation]:
    """Those that last until `since` or longer, by day; none while no strategy bar was ever set."""
    if not timeline.says(ABOUT):
        return []
    bars = reaching(timeline.bars, since)
    found = [*_own_approval(timeline), *_bar_before_acceptance(timeline, since), *_bar_under_alg1(timeline, bars)]
    if bars:
        found += [*_old_bar_used_again(timeline, since), *_bar_across_gap(timeline, bars)]
        found += [*_field_and_bar(timeline, since), *_job_under_bar(timeline, since)]
    return sorted((one for one in found if one.last >= since), key=lambda one: (one.first, one.rule))


def _own_approval(timeline: Timeline) -> Iterator[Violation]:
    """R-06: whoever asked for the extension approved it, or a deputy of theirs had asked (Fachkonzept 5.2)."""
    requests = timeline.facts(ExtensionRequested)
    for approval in timeline.facts(ExtensionApproved):
        fact = cast(ExtensionApproved, approval.fact)
        asked = [one for one in requests if cast(ExtensionRequested, one.fact).request == fact.request]
        own = [one.ref for one in asked if not {approval.by, fact.by_lead}.isdisjoint(_asking(timeline, one))]
        if own:
            yield Violation("R-06", approval.on, max(approval.on, fact.until), (*own, approval.ref))


def _asking(timeline: Timeline, request: Known) -> set[str]:
    """Who asked: the person who recorded it, and who was responsible that day, for whom a deputy asks."""
    care: Care | None = at(timeline.care, request.on)
    asking = {request.by, *([care.worker] if care else [])}
    return {one for one in asking if not one.startswith(NO_PERSON)}


def _field_and_bar(timeline: Timeline, since: dt.date) -> Iterator[Violation]:
    """R-16: field and bar apart for longer than the rule leaves time for."""
    for days, _ in divergence.apart(timeline):
        late = Period(days.first + (divergence.DAYS + 1) * DAY, days.last)
        for spell, field, both in (
            divergence.differing(timeline) if since <= late.last and late.first <= late.last else ()
        ):
            if shown := cut(both, late):
                yield Violation("R-16", *shown, (*(ref for bar in spell.bars for ref in bar.refs), field.ref))


def _job_under_bar(timeline: Timeline, since: dt.date) -> Iterator[Violation]:
    """R-17: a job and the bar it should have ended, neither ended with its first day nor confirmed since."""
    for job, bar, days in not_ended(timeline, since):
        both = cut(days[0], job.period) if days and bar.last > job.first else None
        if both:
            yield Violation("R-17", *both, (*bar.refs, *job.refs))


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
            if bar.by == handover.by and not bar.by.startswith(NO_PERSON):
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
