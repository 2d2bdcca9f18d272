"""The rule about ALG I: R-18 (domain.md 3.2). The one automatic write belongs to `domain.decisions`, not here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import cast

from domain.facts.support import Alg1Started
from domain.periods import DAY, OPEN, Period
from domain.rules.listing import Due, listed, reason
from domain.timeline import ALG1, APPOINTMENTS, BARS, CLOSING, Kinds, Stretch, Timeline, at

READS: Kinds = ALG1 | BARS | APPOINTMENTS | CLOSING
ABOUT: Kinds = frozenset({Alg1Started})
AHEAD = dt.timedelta(days=28)


def alg1(timeline: Timeline) -> Iterator[Due]:
    """R-18: a bar open under ALG I; 28 days before its planned end; a strategy for the day after (QS 2/2020, 3.2)."""
    for period in timeline.alg1:
        yield from _bar_open(timeline, period)
        yield from _first_appointment(timeline, period)
        yield from _choose_strategy(timeline, period)


def _bar_open(timeline: Timeline, period: Stretch) -> Iterator[Due]:
    for spell in timeline.spells:
        due = max(period.first, spell.first)
        if due <= min(period.last, spell.last):
            said = reason(alg1_from=period.first, alg1_to=_end(period), since=spell.first, strategy=spell.strategy)
            yield from listed("bar-open", period.start.ref, due, [Period(due, spell.unanswered.last)], (), said)


def _first_appointment(timeline: Timeline, period: Stretch) -> Iterator[Due]:
    end = _planned_end(period)
    if end is None:
        return
    after = [one for one in timeline.appointments if one.on > end and one.status != "cancelled"]
    planned = min((one.facts[0].visible_from for one in after), default=OPEN)
    due = end - AHEAD
    if due < planned:
        said = reason(alg1_from=period.first, alg1_to=end)
        yield from listed("first-appointment", period.start.ref, due, [Period(due, planned - DAY)], (), said)


def _choose_strategy(timeline: Timeline, period: Stretch) -> Iterator[Due]:
    due = period.last + DAY if period.end else OPEN
    if due == OPEN or at(timeline.alg1, due):
        return
    following = min((bar.first for bar in timeline.bars if bar.last >= due), default=OPEN)
    if due < following:
        said = reason(alg1_from=period.first, alg1_to=period.last)
        yield from listed("choose-strategy", period.start.ref, due, [Period(due, following - DAY)], (), said)


def _end(period: Stretch) -> dt.date | None:
    return period.last if period.end else None


def _planned_end(period: Stretch) -> dt.date | None:
    """The end as it was known ahead: the recorded one if it was, or the planned one."""
    planned = cast(Alg1Started, period.start.fact).planned_end
    if period.end is None:
        return planned
    ahead = period.end.visible_from < period.end.on
    return period.last if ahead or planned else None
