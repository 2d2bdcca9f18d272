"""R-18: all that the service writes by itself, the bar "keine Handlungsstrategie ALG I" (QS 2/2020, 3.2).

What the rule wrote is tied to the ALG-I fact by the correlation id of the decision that recorded or moved it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import cast

from domain.decisions.matter import LATE_DAYS, Matter
from domain.facts.base import Fact
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.facts.strategy import NonStrategy, NonStrategyBarEnded, NonStrategyBarSet, StrategyBarEnded
from domain.facts.support import Alg1Ended, Alg1Started
from domain.knowledge import Known
from domain.periods import DAY, OPEN
from domain.records import Entry, Record
from domain.stretches import Stretch, at
from domain.timeline import Timeline

RULE = "rule:alg1"
KIND: NonStrategy = "keine-hs-alg1"


def written(fact: Fact, on: dt.date, timeline: Timeline, matter: Matter) -> list[Entry]:
    """What the rule writes when an ALG-I fact is recorded for `on`; `timeline` is the case without that fact."""
    if isinstance(fact, Alg1Started):
        return _start(on, timeline, matter)
    if isinstance(fact, Alg1Ended):
        return _end(on, timeline, matter)
    return []


def _start(on: dt.date, timeline: Timeline, matter: Matter) -> list[Entry]:
    if matter.today > on + LATE_DAYS * DAY or any(one.first >= on for one in timeline.bars):
        return []  # recorded too late, or a bar that began during ALG I: the worker is asked (stage bar-open)
    entries: list[Entry] = []
    if at(timeline.bars, on) is not None:
        entries.append(matter.entry(on - DAY, StrategyBarEnded(reason="alg1"), RULE))
    if bar(timeline, on) is None:
        entries.append(matter.entry(on, NonStrategyBarSet(kind=KIND), RULE))
    return entries


def _end(on: dt.date, timeline: Timeline, matter: Matter) -> list[Entry]:
    there = bar(timeline, on)
    if there is None or there.last != OPEN:
        return []
    return [matter.entry(on, NonStrategyBarEnded(kind=KIND), RULE)]


def bar(timeline: Timeline, day: dt.date) -> Stretch | None:
    """The bar "keine Handlungsstrategie ALG I" that covers the day."""
    bars = [one for one in timeline.non_strategy if cast(NonStrategyBarSet, one.start.fact).kind == KIND]
    found: Stretch | None = at(bars, day)
    return found


def own_facts(target: Record, matter: Matter) -> list[Known]:
    """What the rule wrote because of an ALG-I fact, as far as it still counts."""
    tied = {target.correlation_id, *_of_modifiers(target, matter.view.records)}
    return [known for known in matter.view.known if known.by == RULE and known.correlation_id in tied]


def _of_modifiers(target: Record, records: Sequence[Record]) -> list[str]:
    """The decisions that corrected or withdrew it, or such a correction or withdrawal itself."""
    named, found = {target.id, target.ref}, []
    for one in records:
        if isinstance(one.fact, FactCorrected | FactWithdrawn) and one.fact.target in named:
            named |= {one.id, one.ref}
            found.append(one.correlation_id)
    return found
