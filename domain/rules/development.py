"""Rules about appointments in the strategy Entwicklung: R-09 to R-13 (Fachkonzept 3.2, QS 1/2020)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from domain import benefits, talks
from domain.facts.office import OfficeSet
from domain.facts.strategy import StrategyBarSet
from domain.facts.support import MeasureStarted
from domain.office import land
from domain.periods import DAY, OPEN, Period, add_months, cut, subtract
from domain.rules.rule import BOTH, WORKER, Cause, Due, Kind, Reason, Rule, Stage, reason
from domain.rules.suspensions import ALG1, NOT_NEEDED
from domain.rules.themes import CONTACT
from domain.rules.thresholds import Number, Numbers, Thresholds, stretches, working_days
from domain.stretches import reaching
from domain.talks import Met, Since
from domain.things import APPOINTMENTS, PLANNED
from domain.timeline import BARS, MEASURE_ENDS, Kinds, Spell, Timeline

READS: Kinds = BARS | APPOINTMENTS | benefits.READS | talks.DECIDED | {MeasureStarted, *MEASURE_ENDS}
AHEAD = 2  # months within which the next appointment is wanted
LISTED_AFTER = 3  # months of the bar before R-12 says anything


def _developing(timeline: Timeline) -> list[Spell]:
    return [spell for spell in reaching(timeline.spells, timeline.as_of) if spell.strategy == "entwicklung"]


def _missing(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-09: no appointment in the first two months of the bar, on the third working day (QS 1/2020, 2)."""
    for spell in _developing(timeline):
        until = add_months(spell.first, AHEAD)
        days = [one.on for one in timeline.appointments if one.status != "cancelled" and one.on >= spell.first]
        if any(day <= until for day in days):
            continue
        due = thresholds.due(partial(working_days, spell.first, "missing", land.lands(timeline.facts(OfficeSet))))
        last = min(spell.last, until) if days else spell.last
        if due is not None:
            holds = [Period(spell.first, last)]
            yield Due("missing", Cause.of(spell.bars[0].start), due, holds, reason(since=spell.first))


def _six_weeks(timeline: Timeline, thresholds: Thresholds, *, every: bool = False) -> Iterator[Due]:
    """R-10: 42 days since the last talk, without any since the bar (QS 1/2020, 2)."""
    for spell in _developing(timeline):
        for one in _since(timeline, spell, talks.held(timeline), every):
            due = _due(thresholds, spell, "six-weeks", one)
            said = _said(timeline, spell, one) + reason(**thresholds.said("six-weeks"))
            yield Due("six-weeks", _cause(spell, one), due, [one.days], said)


def _invite(timeline: Timeline, thresholds: Thresholds, *, every: bool = False) -> Iterator[Due]:
    """R-11: more than two months since the last invitation or talk, and none planned for the next two."""
    for spell in _developing(timeline):
        planned = [_announced(one.on) for one in timeline.appointments if one.status == PLANNED]
        met = talks.in_order([*talks.held(timeline), *talks.invitations(timeline)])
        for one in _since(timeline, spell, met, every):
            due = _due(thresholds, spell, "invite", one, DAY)
            days = subtract([one.days], planned)
            yield Due("invite", _cause(spell, one), due, days, _said(timeline, spell, one))


def _announced(day: dt.date) -> Period:
    """The days from which an appointment of a day lies at most two months ahead."""
    first = add_months(day, -AHEAD)
    while add_months(first, AHEAD) < day:
        first += DAY
    while add_months(first - DAY, AHEAD) >= day:
        first -= DAY
    return Period(first, day)


def _six_months(timeline: Timeline, thresholds: Thresholds, *, every: bool = False) -> Iterator[Due]:
    """R-12: three months in the strategy, in benefit, and no talk for six months or ever (QS 1/2020, 1, 4.1)."""
    for spell in _developing(timeline):
        for one in _since(timeline, spell, talks.held(timeline), every):
            due = thresholds.due(partial(_half_a_year, spell, one))
            assert due is not None
            days = subtract([one.days], benefits.without(timeline))
            yield Due("six-months", _cause(spell, one), due, days, _said(timeline, spell, one))


def _half_a_year(spell: Spell, one: Since, numbers: Numbers) -> dt.date:
    listed = add_months(spell.first, LISTED_AFTER)
    return max(listed, numbers["six-months"].after(one.met.on)) if one.met else listed


class _Hit(NamedTuple):
    """Days on which one of R-10 to R-12 holds beside a measure."""

    days: Period
    cause: Cause


def _necessity(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-13: R-10, R-11 or R-12 holds and a measure runs: is a talk needed all the same (QS 1/2020, 2)?"""
    measures = [(one.period, one.start) for one in timeline.measures]
    if all(days.last < timeline.as_of for days, _ in measures):
        return
    hits = list(_hits(timeline))
    needed = talks.decided(timeline, needed=True)
    both = [part for hit in hits for days, _ in measures if (part := cut(hit.days, days))]
    begins = [*((hit.days.first, hit.cause) for hit in hits), *((days.first, Cause.of(one)) for days, one in measures)]
    begins += [(days.last + DAY, Cause.of(one)) for days, one in needed if days.last < OPEN]
    for days in subtract(both, [days for days, _ in needed]):
        if days.last < timeline.as_of:
            continue
        cause = next(cause for first, cause in begins if first == days.first)
        yield Due("necessity", cause, thresholds.after("necessity", days.first), [days], reason(since=days.first))


def _hits(timeline: Timeline) -> Iterator[_Hit]:
    for rule, said in ((RULES["R-10"], _six_weeks), (RULES["R-11"], _invite), (RULES["R-12"], _six_months)):
        for window, thresholds in stretches(rule.id, rule.shipped, timeline, Period(timeline.as_of, OPEN)):
            first = window.first if window.first > timeline.as_of else dt.date.min
            for due in said(timeline, thresholds, every=True):
                reached = Period(max(due.due, first), window.last)
                days = (part for period in due.holds if (part := cut(period, reached)))
                yield from (_Hit(one, due.cause) for one in days)


def _since(timeline: Timeline, spell: Spell, met: Sequence[Met], every: bool) -> list[Since]:
    """What was last on the days of a bar that are not over, or on all of them."""
    return [one for one in talks.since_last(spell.period, met) if every or one.days.last >= timeline.as_of]


def _due(thresholds: Thresholds, spell: Spell, stage: str, one: Since, more: dt.timedelta = dt.timedelta(0)) -> dt.date:
    """So long after what was last, without any after the first day of the bar, and not before that day."""
    counted = one.met.on if one.met else spell.first

    def day(numbers: Numbers) -> dt.date:
        return max(numbers[stage].after(counted) + more, spell.first)

    due = thresholds.due(day)
    assert due is not None
    return due


def _cause(spell: Spell, one: Since) -> Cause:
    return Cause(one.met.fact.ref, one.met.on) if one.met else Cause.of(spell.bars[0].start)


def _said(timeline: Timeline, spell: Spell, one: Since) -> Reason:
    """`open`: the first day after what was last on which a talk may have been held, its status is not known."""
    last = one.met.on if one.met else None
    unknown = (other.on for other in timeline.appointments if other.status == PLANNED)
    first = min((day for day in unknown if day >= (last or spell.first)), default=None)
    return reason(since=spell.first, last=last, open=first)


_development = partial(
    Rule,
    theme=CONTACT,
    kind=Kind.FOLLOW_UP,
    state="on",
    suspended_by=(ALG1, NOT_NEEDED),
    reads=READS,
    about=frozenset({StrategyBarSet}),
)
RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        _development(
            id="R-09",
            name="Entwicklung: nächster Termin bei Beginn",
            source="QS 1/2020, 2",
            state="list",
            stages={"missing": Stage(to=WORKER, strength=1, threshold=Number(days=3))},
            options=("next", "later"),
            suspended_by=(ALG1,),
            due=_missing,
            settings=frozenset({land.ROW.name}),
        ),
        _development(
            id="R-10",
            name="Entwicklung: sechs Wochen ohne Termin",
            source="QS 1/2020, 2",
            kind=Kind.LIST,
            stages={"six-weeks": Stage(to=BOTH, strength=0, threshold=Number(days=42))},
            options=("plan", "later"),
            due=_six_weeks,
        ),
        _development(
            id="R-11",
            name="Entwicklung: alle zwei Monate einladen",
            source="QS 1/2020, 2",
            stages={"invite": Stage(to=WORKER, later=("lead",), strength=1, threshold=Number(months=2))},
            options=("plan", "later"),
            due=_invite,
        ),
        _development(
            id="R-12",
            name="Entwicklung: sechs Monate ohne Termin",
            source="QS 1/2020, 1 und 4.1",
            kind=Kind.LIST,
            stages={"six-months": Stage(to=(*BOTH, "qs"), strength=2, threshold=Number(months=6))},
            options=("plan", "change", "end", "later"),
            suspended_by=(ALG1,),
            due=_six_months,
        ),
        _development(
            id="R-13",
            name="Entwicklung: Termin trotz Maßnahme?",
            source="QS 1/2020, 2",
            stages={"necessity": Stage(to=WORKER, strength=1, threshold=Number())},
            options=("necessity", "plan", "later"),
            due=_necessity,
        ),
    )
}
