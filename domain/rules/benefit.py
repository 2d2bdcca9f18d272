"""The rule about ALG I: R-18 (Fachkonzept 3.2). The one automatic write belongs to `domain.decisions`, not here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import cast

from domain.facts.support import Alg1Started
from domain.periods import DAY, OPEN, Period
from domain.rules.rule import WORKER, Cause, Due, Kind, Rule, Stage, reason
from domain.rules.themes import ALG1
from domain.rules.thresholds import Number, Thresholds
from domain.stretches import Stretch, at, reaching
from domain.things import APPOINTMENTS
from domain.timeline import ALG1 as ALG1_FACTS
from domain.timeline import BARS, Spell, Timeline


def _alg1(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-18: a bar open under ALG I; 28 days before its planned end; a strategy for the day after (QS 2/2020, 3.2)."""
    spells = reaching(timeline.spells, timeline.as_of)
    for period in timeline.alg1:
        yield from _bar_open(spells, thresholds, period)
        yield from _first_appointment(timeline, thresholds, period)
        yield from _choose_strategy(timeline, thresholds, period)


def _bar_open(spells: Sequence[Spell], thresholds: Thresholds, period: Stretch) -> Iterator[Due]:
    for spell in spells:
        together = max(period.first, spell.first)
        if together <= min(period.last, spell.last):
            due = thresholds.after("bar-open", together)
            said = reason(alg1_from=period.first, alg1_to=_end(period), since=spell.first, strategy=spell.strategy)
            yield Due("bar-open", Cause.of(period.start), due, [Period(together, spell.last)], said)


def _first_appointment(timeline: Timeline, thresholds: Thresholds, period: Stretch) -> Iterator[Due]:
    end = _planned_end(period)
    if end is not None and timeline.appointment_after(end) is None:
        due = thresholds.after("first-appointment", end)
        said = reason(alg1_from=period.first, alg1_to=end)
        yield Due("first-appointment", Cause.of(period.start), due, [Period(due, OPEN - DAY)], said)


def _choose_strategy(timeline: Timeline, thresholds: Thresholds, period: Stretch) -> Iterator[Due]:
    following = next((bar.first for bar in reaching(timeline.bars, period.last + DAY)), OPEN) if period.end else None
    if following is None or following <= timeline.as_of or at(timeline.alg1, period.last + DAY):
        return
    due = thresholds.after("choose-strategy", period.last)
    if due < following:
        said = reason(alg1_from=period.first, alg1_to=period.last)
        yield Due("choose-strategy", Cause.of(period.start), due, [Period(due, following - DAY)], said)


def _end(period: Stretch) -> dt.date | None:
    return period.last if period.end else None


def _planned_end(period: Stretch) -> dt.date | None:
    """The end as it was known ahead: the recorded one if it was, or the planned one."""
    planned = cast(Alg1Started, period.start.fact).planned_end
    if period.end is None:
        return planned
    ahead = period.end.visible_from < period.end.on
    return period.last if ahead or planned else None


RULES = (
    Rule(
        id="R-18",
        name="ALG I",
        source="QS 2/2020, 3.2",
        theme=ALG1,
        kind=Kind.FOLLOW_UP,
        state="on",
        stages={
            "bar-open": Stage(to=WORKER, strength=2, threshold=Number()),
            "first-appointment": Stage(to=WORKER, strength=0, threshold=Number(days=-28), in_time="alg1_to"),
            "choose-strategy": Stage(to=WORKER, strength=2, threshold=Number(days=1)),
        },
        options=("alg1-bar", "end-alg1", "plan", "set-strategy", "later"),
        suspended_by=(),
        reads=ALG1_FACTS | BARS | APPOINTMENTS,
        about=frozenset({Alg1Started}),
        due=_alg1,
    ),
)
