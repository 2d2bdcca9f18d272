"""What keeps a follow-up from being listed for a while: ALG I, extension, explanation (Fachkonzept 3.1 no. 4, 12)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple, cast

from msgspec import Struct

from domain import talks
from domain.facts.case import ExplanationAccepted
from domain.periods import Period
from domain.things import GRANTS
from domain.timeline import ALG1_DAYS, Kinds, Timeline


class Suspended(NamedTuple):
    """Days on which a stage is not listed; afterwards it counts from their end, which the fact `ref` stands for."""

    period: Period
    ref: str


class Suspension(Struct, frozen=True, kw_only=True):
    """A kind of suspension, named in the row of each rule it suspends; `days` depends on facts of `reads` alone."""

    name: str
    reads: Kinds
    days: Callable[[Timeline], list[Suspended]]


def _alg1(timeline: Timeline) -> list[Suspended]:
    return timeline.kept("suspended by alg1", ALG1_DAYS, lambda: _of_alg1(timeline))


def _of_alg1(timeline: Timeline) -> list[Suspended]:
    starts = [*timeline.alg1, *timeline.non_strategy]
    return [
        Suspended(period, next(one.start.ref for one in starts if period.covers(one.first)))
        for period in timeline.alg1_days
    ]


def _extension(timeline: Timeline) -> list[Suspended]:
    """From the first consent to the last day of the latest, both inclusive."""
    granted = [(Period(*one.days), one.approvals[-1].ref) for one in timeline.grants]
    return [Suspended(days, ref) for days, ref in granted if days.last >= days.first]


def _not_needed(timeline: Timeline) -> list[Suspended]:
    return [Suspended(days, one.ref) for days, one in talks.decided(timeline, needed=False)]


@cache
def explained(rule: str) -> Suspension:
    """What a lead accepted as an explanation for a rule: from that day to its last one, both inclusive."""

    def days(timeline: Timeline) -> list[Suspended]:
        accepted = ((one, cast(ExplanationAccepted, one.fact)) for one in timeline.facts(ExplanationAccepted))
        return [
            Suspended(Period(one.on, fact.until), one.ref)
            for one, fact in accepted
            if fact.rule == rule and fact.until >= one.on
        ]

    return Suspension(name="anerkannte Erläuterung", reads=EXPLAINED, days=days)


EXPLAINED: Kinds = frozenset({ExplanationAccepted})
ALG1 = Suspension(name="ALG I", reads=ALG1_DAYS, days=_alg1)  # counselling is forbidden
EXTENSION = Suspension(name="laufende Verlängerung", reads=GRANTS, days=_extension)
NOT_NEEDED = Suspension(name="Gespräch nicht nötig", reads=talks.DECIDED, days=_not_needed)
