"""How a stage comes to be listed: its due day, the days its condition holds, what suspends it (domain.md 3.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from domain.facts.extension import ExtensionApproved
from domain.knowledge import Known
from domain.periods import DAY, OPEN, Period, cut, subtract
from domain.timeline import Kinds, Timeline

Reason = tuple[tuple[str, str | int], ...]


class Due(NamedTuple):
    """A stage of a rule that is listed on the days of `listed`."""

    stage: str
    cause: str
    due: dt.date
    listed: Period
    reason: Reason


class Rule(NamedTuple):
    """One rule. `stages` names who is told at each stage; `options` are what can be answered with one tap.

    `due` depends on facts of the kinds in `reads` alone, and says nothing while there is none of those in `about`.
    """

    id: str
    name: str
    source: str
    theme: str
    stages: Mapping[str, tuple[str, ...]]
    options: tuple[str, ...]
    reads: Kinds
    about: Kinds
    due: Callable[[Timeline], Iterable[Due]]


class DueRow(NamedTuple):
    """A stage, listed from `listed_from` to `listed_to`, both inclusive; `cause` is the fact it counts from."""

    rule: str
    stage: str
    cause: str
    due: dt.date
    listed_from: dt.date
    listed_to: dt.date
    recipients: tuple[str, ...]
    reason: tuple[tuple[str, str | int], ...]


class Suspension(NamedTuple):
    """Days on which a stage is not listed; afterwards it counts from the fact `ref`."""

    period: Period
    ref: str


def reason(**said: str | int | dt.date | None) -> Reason:
    """The codes, numbers and days a sentence is made of; what is missing is left out."""
    return tuple(
        (key, value.isoformat() if isinstance(value, dt.date) else value)
        for key, value in said.items()
        if value is not None
    )


def listed(
    stage: str, cause: str, due: dt.date, holds: Iterable[Period], suspended: Sequence[Suspension], because: Reason
) -> Iterator[Due]:
    """The stage on each stretch of days on which its condition holds, from its due day on, outside suspensions.

    After a suspension the due day is the later of its own and the first day after it, and that is a new cause.
    """
    reached = (part for period in holds if (part := cut(period, Period(due, OPEN))))
    for part in subtract(reached, [one.period for one in suspended]):
        past = [one for one in suspended if one.period.last < part.first]
        last = max(past, key=lambda one: one.period.last, default=None)
        if last is not None and last.period.last >= due:
            yield Due(stage, last.ref, last.period.last + DAY, part, because)
        else:
            yield Due(stage, cause, due, part, because)


def by_alg1(timeline: Timeline) -> list[Suspension]:
    """ALG I forbids counselling (domain.md 3.1 no. 4)."""
    starts = [*timeline.alg1, *timeline.non_strategy]
    return [
        Suspension(period, next(one.start.ref for one in starts if period.covers(one.first)))
        for period in timeline.alg1_days
    ]


def by_extension(timeline: Timeline) -> list[Suspension]:
    """A running extension: from the day of consent to `until`, both inclusive."""
    return [
        Suspension(Period(approval.on, until), approval.ref)
        for approval in timeline.approvals
        if (until := granted_until(approval)) >= approval.on
    ]


def granted_until(approval: Known) -> dt.date:
    """The last day of an approved extension."""
    return cast(ExtensionApproved, approval.fact).until


def after_pauses(base: dt.date, pauses: Sequence[Period]) -> dt.date | None:
    """The first day d outside all pauses with d = base + paused days before d; none while a pause is still open.

    `pauses`: sorted, not touching, from the start of the clock on (domain.md 3.0, care clock).
    """
    day = base
    for pause in pauses:
        if pause.first > day:
            break
        if pause.last == OPEN:
            return None
        day += dt.timedelta(days=pause.days)
    return day


def due_rows(timeline: Timeline, window: Period, rules: Iterable[Rule]) -> Iterator[DueRow]:
    """Every stage listed on a day of the window, through which the facts of the timeline stay the same.

    Closing the case ends all follow-ups, from the day of closing on (domain.md 3.1 no. 5).
    """
    closed = [Period(gap.first - DAY, gap.last) for gap in timeline.closed]
    for rule in rules:
        for due in rule.due(timeline):
            inside = cut(due.listed, window)
            for part in subtract([inside], closed) if inside else ():
                yield DueRow(rule.id, due.stage, due.cause, due.due, *part, rule.stages[due.stage], due.reason)
