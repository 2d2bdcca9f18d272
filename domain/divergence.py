"""The days on which field and bar name different strategies: what R-16 asks about, and what contradicts it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from domain.facts.strategy import StrategyFieldChanged
from domain.knowledge import Known
from domain.periods import Period, cut, merge
from domain.timeline import Spell, Timeline

DAYS = 3  # for which they may differ (Fachkonzept 3.2, R-16)


def apart(timeline: Timeline) -> Iterator[tuple[Period, Known]]:
    """The days on which the field says another strategy than the open bar, with the later fact of both."""
    starts = [field.start for field in timeline.stretches(StrategyFieldChanged)]
    starts += [spell.bars[0].start for spell in timeline.spells]
    for days in merge(days for _, _, days in differing(timeline)):
        yield days, next(one for one in starts if one.on == days.first)


def differing(timeline: Timeline) -> Iterator[tuple[Spell, Known, Period]]:
    """The same for each bar and each change of the field, with the days on which both hold."""
    for spell in timeline.spells:
        for field in timeline.stretches(StrategyFieldChanged):
            days = cut(spell.period, field.period)
            if days and cast(StrategyFieldChanged, field.start.fact).strategy != spell.strategy:
                yield spell, field.start, days
