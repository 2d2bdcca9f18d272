"""What keeps a follow-up from being listed for a while: ALG I, a running extension (Fachkonzept 3.1 no. 4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, cast

from msgspec import Struct

from domain.facts.extension import ExtensionApproved
from domain.periods import Period
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
    return timeline.kept("suspended by extension", (ExtensionApproved,), lambda: _of_extension(timeline))


def _of_extension(timeline: Timeline) -> list[Suspended]:
    """From the day of consent to `until`, both inclusive."""
    granted = [(approval, cast(ExtensionApproved, approval.fact).until) for approval in timeline.approvals]
    return [Suspended(Period(approval.on, until), approval.ref) for approval, until in granted if until >= approval.on]


ALG1 = Suspension(name="ALG I", reads=ALG1_DAYS, days=_alg1)  # counselling is forbidden
EXTENSION = Suspension(name="laufende Verlängerung", reads=frozenset({ExtensionApproved}), days=_extension)
