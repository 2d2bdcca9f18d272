"""Rules about whose a case is and whether its strategy fits there: R-08b, R-15, R-29 (Fachkonzept 3.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import cast

from domain import handovers
from domain.clocks import area_days
from domain.facts.case import HandoverAccepted, HandoverInitiated, ResponsibilityAssigned
from domain.facts.strategy import StrategyBarSet, StrategyFieldChanged, StrategyReviewed
from domain.handovers import Handover
from domain.knowledge import Known
from domain.periods import DAY, OPEN, Period, merge
from domain.rules.rule import WORKER, Cause, Due, Kind, Rule, Stage, reason
from domain.rules.suspensions import ALG1
from domain.rules.themes import ACCEPTANCE, HANDOVER
from domain.rules.thresholds import Number, Thresholds
from domain.stretches import at
from domain.timeline import BARS, CARE, PLACEMENT, Care, Spell, Timeline

NEAR = dt.timedelta(days=3)  # within which an accepted handover explains a new worker


def _mismatch(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-08b: in the placement area with another strategy than Integration (QS 2/2020, 1; QS 4/2020, 1)."""
    others = [spell for spell in timeline.spells if spell.strategy != "integration"]
    starts = [Cause.of(spell.bars[0].start) for spell in others] + [Cause.of(care.fact) for care in timeline.care]
    for days in merge(part for spell in others for part in area_days(timeline, spell, *PLACEMENT)):
        if days.last < timeline.as_of:
            continue
        cause = next(one for one in starts if one.on == days.first)
        said = reason(since=days.first)
        yield Due("mismatch", cause, thresholds.after("mismatch", days.first), [days], said)


def _accept(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-15: an offered case is not taken over whole: answered, and where the strategy changes bar and field."""
    found = handovers.seen(timeline)
    for one, following in pairwise([*found, None]):
        if one is None:
            continue
        accepted, there = _accepted(one), _there(timeline, one)
        last = _unanswered(one, following, there)
        if one.first <= last:
            due = thresholds.after("accept", one.first)
            missing = {f"no_{part}": 1 for part, since in there.items() if since > timeline.as_of}
            on = accepted.on if accepted else None
            said = reason(offered=one.first, strategy=one.offer.intended_strategy, accepted_on=on, **missing)
            yield Due("accept", Cause.of(one.steps[0]), due, [Period(one.first, last)], said)


def _accepted(one: Handover) -> Known | None:
    answer = one.steps[1] if len(one.steps) > 1 else None
    return answer if answer and isinstance(answer.fact, HandoverAccepted) else None


def _there(timeline: Timeline, one: Handover) -> dict[str, dt.date]:
    """Since when the bar is there that an acceptance asks for, and the field where the strategy changes; `OPEN` where
    it is missing, empty as long as nobody accepted.
    """
    answer = _accepted(one)
    if answer is None:
        return {}
    strategy = _of(answer.fact)
    bars = (bar for bar in timeline.bars if _of(bar.start.fact) == strategy and bar.last >= answer.on)
    there = {"bar": min((max(bar.first, answer.on) for bar in bars), default=OPEN)}
    before: Spell | None = at(timeline.spells, one.first)
    if before is None or before.strategy != strategy:
        there["field"] = _field_says(timeline, strategy, answer.on)
    return there


def _unanswered(one: Handover, following: Handover | None, there: dict[str, dt.date]) -> dt.date:
    """The last day on which something of it is missing."""
    answer = _accepted(one)
    if answer is None:
        return one.last
    complete = max(answer.on, *there.values())
    return min(complete - DAY if complete < OPEN else OPEN, following.first - DAY if following else OPEN)


def _field_says(timeline: Timeline, strategy: str, since: dt.date) -> dt.date:
    """The first day from `since` on at whose end the field says the strategy, whenever it was set to it."""
    for one, following in pairwise([*timeline.facts(StrategyFieldChanged), None]):
        first = max(one.on, since) if one else OPEN
        if one and _of(one.fact) == strategy and (following is None or first < following.on):
            return first
    return OPEN


def _of(fact: object) -> str:
    return cast(StrategyBarSet, fact).strategy


def _inherited(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-29: another worker without an accepted handover, under a bar from before (QS 1/2020, 3.1)."""
    accepted = [one.on for one in timeline.facts(HandoverAccepted)]
    answers = [one.on for one in (*timeline.facts(StrategyReviewed), *timeline.facts(StrategyBarSet))]
    for before, care in pairwise(timeline.care):
        if care.worker == before.worker or care.last < timeline.as_of:
            continue
        bar = at(timeline.bars, care.first)
        near = any(abs(day - care.first) <= NEAR for day in accepted)
        if bar is None or bar.first >= care.first or near:
            continue
        answered = min((day for day in answers if day >= care.first), default=OPEN)
        last = min(care.last, bar.last, answered - DAY if answered < OPEN else OPEN)
        if care.first <= last:
            due = thresholds.after("inherited", care.first)
            said = reason(since=care.first, strategy=_of(bar.start.fact), briefed=_briefed(care))
            yield Due("inherited", Cause.of(care.fact), due, [Period(care.first, last)], said)


def _briefed(care: Care) -> int | None:
    done = cast(ResponsibilityAssigned, care.fact.fact).briefing_done
    return None if done is None else int(done)


_steering = partial(Rule, theme=HANDOVER, kind=Kind.FOLLOW_UP, state="list", suspended_by=(ALG1,))
RULES = (
    _steering(
        id="R-08b",
        name="Andere Strategie im Vermittlungsbereich",
        source="QS 2/2020, 1; QS 4/2020, 1",
        stages={"mismatch": Stage(to=WORKER, strength=2, threshold=Number())},
        options=("handover", "change", "statement", "later"),
        reads=BARS | CARE,
        about=frozenset({StrategyBarSet}),
        due=_mismatch,
    ),
    _steering(
        id="R-15",
        name="Übergabe annehmen",
        source="QS 2/2020, 3.2; QS 1/2020, 3.1",
        theme=ACCEPTANCE,
        stages={"accept": Stage(to=("receiver", "lead"), strength=2, threshold=Number(days=14))},
        options=("offer", "later"),
        suspended_by=(),
        reads=BARS | handovers.READS | {StrategyFieldChanged},
        about=frozenset({HandoverInitiated}),
        due=_accept,
    ),
    _steering(
        id="R-29",
        name="Übernommene Handlungsstrategie",
        source="QS 1/2020, 3.1",
        stages={"inherited": Stage(to=WORKER, strength=1, threshold=Number(days=14))},
        options=("confirm", "change", "handover", "later"),
        reads=BARS | CARE | {HandoverAccepted, StrategyReviewed},
        about=frozenset({StrategyBarSet}),
        due=_inherited,
    ),
)
