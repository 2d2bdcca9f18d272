"""On which days a stage is listed: from its due day, outside suspensions, while the case is open (Fachkonzept 3.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple, cast

from domain.facts.case import LegacyClosed
from domain.periods import DAY, OPEN, Period, cut, subtract
from domain.rules.rule import Cause, Due, Reason, Rule, Stage
from domain.rules.suspensions import Suspended
from domain.rules.thresholds import SETTINGS, Thresholds, stretches
from domain.stretches import reaching
from domain.timeline import Timeline

LATER = dt.timedelta(days=14)


class DueRow(NamedTuple):
    """A stage, listed from `listed_from` to `listed_to`, both inclusive; `cause` is the fact it counts from."""

    rule: str
    stage: str
    cause: str
    caused_on: dt.date
    due: dt.date
    listed_from: dt.date
    listed_to: dt.date
    recipients: tuple[str, ...]
    reason: Reason


def due_rows(timeline: Timeline, window: Period, rules: Iterable[Rule]) -> Iterator[DueRow]:
    """Every stage listed on a day of the window, through which the facts of the timeline stay the same.

    Closing the case ends all follow-ups, from the day of closing on (Fachkonzept 3.1 no. 5).
    """
    as_shipped = not timeline.says(SETTINGS)
    for rule in rules:
        parts = [(window, rule.shipped)] if as_shipped else stretches(rule.id, rule.shipped, timeline, window)
        if found := [(days, said, due) for days, said in parts for due in rule.due(timeline, said)]:
            yield from _rows(rule, timeline, found)


def _rows(rule: Rule, timeline: Timeline, found: Iterable[tuple[Period, Thresholds, Due]]) -> Iterator[DueRow]:
    closed = closed_on(rule.id, timeline)
    suspended = [one for suspension in rule.suspensions for one in suspension.days(timeline)]
    for days, thresholds, due in found:
        for cause, day, listed in _listed(due, suspended):
            end = min(days.last, closed.get((due.stage, day), OPEN) - DAY)
            inside = cut(listed, Period(days.first, end)) if days.first <= end else None
            for part in _open(timeline, inside) if inside else ():
                for days_of, to in _told(rule.stages[due.stage], due, thresholds.told[due.stage], day, part):
                    yield DueRow(rule.id, due.stage, *cause, day, *days_of, to, due.reason)


def _told(
    stage: Stage, due: Due, told: tuple[str, ...], day: dt.date, listed: Period
) -> Iterator[tuple[Period, tuple[str, ...]]]:
    """On which of the days who is told; some only from 14 days after the due day on."""
    to, joined = due.to or told, day + LATER
    if not stage.later:
        yield listed, to
        return
    if before := cut(listed, Period(dt.date.min, joined - DAY)):
        yield before, to
    if after := cut(listed, Period(joined, OPEN)):
        yield after, (*to, *(one for one in stage.later if one not in to))


def closed_on(rule: str, timeline: Timeline) -> dict[tuple[str, dt.date], dt.date]:
    """The Altfälle of a rule that were closed, by stage and due day: since when each is listed no more."""
    closed = timeline.facts(LegacyClosed)
    if not closed:
        return {}
    said = [(one.on, cast(LegacyClosed, one.fact)) for one in closed]
    return {
        (fact.stage, fact.due): on for on, fact in sorted(said, key=itemgetter(0), reverse=True) if fact.rule == rule
    }


def _open(timeline: Timeline, days: Period) -> list[Period]:
    """Those of the days on which the case is open."""
    return subtract([days], [Period(gap.first - DAY, gap.last) for gap in reaching(timeline.closed, days.first)])


def _listed(due: Due, suspended: Sequence[Suspended]) -> Iterator[tuple[Cause, dt.date, Period]]:
    """The stage on each stretch of days on which its condition holds, from its due day on, outside suspensions.

    After a suspension the due day is the later of its own and the first day after it, and that is a new cause.
    """
    reached = (part for period in due.holds if (part := cut(period, Period(due.due, OPEN))))
    reaching_due = [one for one in suspended if one.period.last >= due.due]
    for part in subtract(reached, [one.period for one in reaching_due]):
        past = [one for one in reaching_due if one.period.last < part.first]
        last = max(past, key=lambda one: one.period.last, default=None)
        if last is not None:
            yield Cause(last.ref, last.period.last), last.period.last + DAY, part
        else:
            yield due.cause, due.due, part
