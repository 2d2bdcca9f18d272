"""Rules about the strategy that is chosen: R-01, R-08, R-16, R-40 (Fachkonzept 3.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import cast

from domain import benefits, divergence
from domain.facts.assessment import PrognosisRecorded
from domain.facts.case import CaseOpened
from domain.facts.strategy import (
    NonStrategyBarSet,
    StrategyBarEnded,
    StrategyBarSet,
    StrategyFieldChanged,
    StrategyReviewed,
)
from domain.facts.support import BenefitStarted
from domain.knowledge import Known
from domain.periods import DAY, OPEN, Period, subtract
from domain.rules import bars
from domain.rules.rule import BOTH, WORKER, Cause, Due, Kind, Rule, Stage, reason
from domain.rules.suspensions import ALG1
from domain.rules.themes import CHOICE, DOCUMENTATION, REVIEW
from domain.rules.thresholds import Number, Numbers, Thresholds
from domain.stretches import Stretch, reaching
from domain.timeline import BARS, OTHER_BARS, Spell, Timeline

PROGNOSIS_BEFORE = dt.timedelta(days=14)  # of the bar it belongs to
LONGER = 2  # times the number of Entwicklung, for Grundbetreuung


def _no_bar(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-01: in benefit and no bar at all for more than 14 days (QS 1/2020, 4.1; QS 2/2020, 3.2)."""
    begins = [Cause.of(one) for one in (*timeline.facts(CaseOpened), *timeline.facts(BenefitStarted))]
    begins += [Cause.of(one.start) for one in (*timeline.bars, *timeline.non_strategy)]
    if not begins:
        return
    known = Period(min(one.on for one in begins), OPEN)
    taken = [spell.period for spell in timeline.spells] + [one.period for one in timeline.non_strategy]
    ended = [Cause((one.end or one.start).ref, one.last + DAY) for one in _over(timeline)]
    ended += [Cause(one.ref, one.on) for one in timeline.facts(CaseOpened)]
    for days in subtract([known], [*taken, *benefits.without(timeline)]):
        if days.last >= timeline.as_of:
            cause = next((one for one in (*ended, *begins) if one.on == days.first), begins[0])
            yield Due("no-bar", cause, thresholds.after("no-bar", days.first) + DAY, [days], reason(since=days.first))


def _over(timeline: Timeline) -> list[Stretch]:
    return [one for one in (*timeline.bars, *timeline.non_strategy) if one.last < OPEN]


def _prognosis(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-08: an Integration bar without a prognosis; never blocks because of a hindrance (QS 4/2020, 1, 3)."""
    said = [one.on for one in timeline.facts(PrognosisRecorded)]
    for spell in reaching(timeline.spells, timeline.as_of):
        first = min((day for day in said if day >= spell.first - PROGNOSIS_BEFORE), default=OPEN)
        if spell.strategy == "integration" and first > spell.first:
            days = Period(spell.first, min(spell.last, first - DAY if first < OPEN else OPEN))
            due = thresholds.after("prognosis", spell.first)
            yield Due("prognosis", Cause.of(spell.bars[0].start), due, [days], reason(since=spell.first))


def _divergence(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-16: field and bar apart for more than 3 days, or two bars at once (QS 1/2020, 3.1; QS 2/2020, 2.3.1)."""
    for days, later in divergence.apart(timeline):
        if days.last >= timeline.as_of:
            due = thresholds.after("divergence", days.first) + DAY
            yield Due("divergence", Cause.of(later), due, [days], reason(since=days.first, apart=1))
    for days, _, later, _ in overlaps(timeline):
        if days.last >= timeline.as_of:
            yield Due("divergence", Cause.of(later), days.first, [days], reason(since=days.first, both=1))


def overlaps(timeline: Timeline) -> Iterator[tuple[Period, Known, Known, Known | None]]:
    """The days on which two bars run at once, the earlier and the later one, and the end that came too late.

    Two bars set on one day; an earlier one without an end before that was ended for a new one after that began.
    """
    starts, ends = timeline.facts(StrategyBarSet), timeline.facts(StrategyBarEnded)
    for earlier, later in pairwise(starts):
        following = next((one.on for one in starts if one.on > later.on), OPEN)
        last = following - DAY if following < OPEN else OPEN
        if earlier.on == later.on:
            last = next((bar.last for bar in timeline.bars if bar.first == later.on), last)
            yield Period(later.on, last), earlier, later, None
        elif not any(earlier.on <= one.on < later.on for one in ends):
            end = next((one for one in ends if later.on < one.on <= last and _for_new(one)), None)
            if end is not None:
                yield Period(later.on, last), earlier, later, end


def _for_new(end: Known) -> bool:
    return cast(StrategyBarEnded, end.fact).reason == "new-strategy"


def _unchanged(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-40: Entwicklung for 6 months, Grundbetreuung for 12, again after each review (QS 2/2020, 3.1)."""
    for spell in reaching(timeline.spells, timeline.as_of):
        if spell.strategy != "integration":
            times = 1 if spell.strategy == "entwicklung" else LONGER
            first = thresholds.due(partial(_long, spell, times))
            assert first is not None
            months = thresholds.now["check"].months * times
            yield from bars.repeated(timeline, spell, first, [spell.period], months, bars.REPEATED * times)


def _long(spell: Spell, times: int, numbers: Numbers) -> dt.date:
    number = numbers["check"]
    return Number(number.months * times, number.days * times).after(spell.first)


_choice = partial(Rule, theme=CHOICE, kind=Kind.FOLLOW_UP, state="list", suspended_by=())
RULES = (
    _choice(
        id="R-01",
        name="Strategie fehlt",
        source="QS 1/2020, 4.1; QS 2/2020, 3.2",
        stages={"no-bar": Stage(to=WORKER, strength=2, threshold=Number(days=14))},
        options=("set-strategy", "other-bar", "statement", "later"),
        reads=BARS | OTHER_BARS | benefits.READS,
        about=frozenset({CaseOpened, BenefitStarted, StrategyBarSet, NonStrategyBarSet}),
        due=_no_bar,
    ),
    _choice(
        id="R-08",
        name="Prognose zur Integration fehlt",
        source="QS 4/2020, 1 und 3",
        stages={"prognosis": Stage(to=WORKER, strength=1, threshold=Number())},
        options=("prognosis", "change", "later"),
        suspended_by=(ALG1,),
        reads=BARS | {PrognosisRecorded},
        about=frozenset({StrategyBarSet}),
        due=_prognosis,
    ),
    _choice(
        id="R-16",
        name="Feld und Balken verschieden",
        source="Rundschreiben 4/2018; QS 1/2020, 3.1",
        theme=DOCUMENTATION,
        stages={"divergence": Stage(to=WORKER, strength=1, threshold=Number(days=divergence.DAYS))},
        options=("field", "two-bars", "change", "later"),
        reads=BARS | {StrategyFieldChanged},
        about=frozenset({StrategyBarSet}),
        due=_divergence,
    ),
    _choice(
        id="R-40",
        name="Strategie lange unverändert",
        source="QS 2/2020, 3.1; QS 1/2020, 1",
        theme=REVIEW,
        stages={"check": Stage(to=BOTH, strength=2, threshold=Number(months=6))},
        options=("confirm", "end", "change", "handover", "later"),
        suspended_by=(ALG1,),
        reads=BARS | {StrategyReviewed},
        about=frozenset({StrategyBarSet}),
        due=_unchanged,
    ),
)
