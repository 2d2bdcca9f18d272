"""Rules about how long an Integration bar lasts: R-02, R-02b, R-03, R-04, R-05, R-07 (domain.md 3.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from domain import clocks
from domain.clocks import area_days, deductions
from domain.facts.extension import ExtensionApproved
from domain.facts.strategy import StrategyBarSet, StrategyReviewed
from domain.knowledge import Known
from domain.periods import DAY, OPEN, Period, add_months, count, cut, merge, subtract
from domain.rules.listing import Due, Reason, after_pauses, by_alg1, by_extension, listed, reason
from domain.timeline import PLACEMENT, Kinds, Spell, Timeline

READS: Kinds = clocks.READS | {StrategyReviewed, ExtensionApproved}
ABOUT: Kinds = frozenset({StrategyBarSet})
WARNING = dt.timedelta(days=28)
LONGEST_CARE = 120  # months up to which repetitions of R-02b are written ahead


class Episode(NamedTuple):
    """Care in one area under one bar: the days there, those still unanswered, and those its clock does not count."""

    cause: str
    there: list[Period]
    unanswered: list[Period]
    pauses: list[Period]

    @property
    def first(self) -> dt.date:
        """The first day of care."""
        return self.there[0].first


def care_time(timeline: Timeline, area: str) -> Iterator[Due]:
    """R-02, R-03: regular time 3 to 6 months; `interim`, 28 days before the limit, the limit (QS 2/2020, 1)."""
    suspended = [*by_alg1(timeline), *by_extension(timeline)]
    reviews = _days(timeline.facts(StrategyReviewed))
    for episode in episodes(timeline, area):
        limit = add_months(episode.first, 6)
        bases = {"interim": add_months(episode.first, 3), "warning": limit - WARNING, "limit": limit}
        for stage, base in bases.items():
            due = after_pauses(base, episode.pauses)
            if due is None:
                continue
            holds = episode.unanswered
            if stage == "interim" and (done := [day for day in reviews if day >= due]):
                holds = subtract(holds, [Period(done[0], OPEN)])
            end = after_pauses(limit, episode.pauses) or due
            said = _about_care(episode, area, 3 if stage == "interim" else 6, end)
            yield from listed(stage, episode.cause, due, holds, suspended, said)


def six_plus_six(timeline: Timeline) -> Iterator[Due]:
    """R-02b: 12 months in the Jobakademie, then every further 6 (QS 2/2020, 3.1)."""
    suspended = [*by_alg1(timeline), *by_extension(timeline)]
    for episode in episodes(timeline, "jobakademie"):
        for months in range(12, LONGEST_CARE + 1, 6):
            due = after_pauses(add_months(episode.first, months), episode.pauses)
            if due is None:
                break
            cause = episode.cause if months == 12 else f"{episode.cause}+{months}"
            said = _about_care(episode, "jobakademie", months, due)
            yield from listed("six-plus-six", cause, due, episode.unanswered, suspended, said)


def over_six_months(timeline: Timeline) -> Iterator[Due]:
    """R-04: Integration for more than 6 months, repeated 6 months after each review (QS 2/2020, 3.1)."""
    for spell in _integration(timeline):
        first = add_months(spell.first, 6) + DAY
        yield from _repeated(timeline, spell, first, [spell.period], 6)


def over_one_year(timeline: Timeline) -> Iterator[Due]:
    """R-05: Integration for full 12 months and in the placement area, repeated like R-04 (QS 2/2020, 1, 3.1)."""
    for spell in _integration(timeline):
        there = area_days(timeline, spell, *PLACEMENT)
        reached = [part for period in there if (part := cut(period, Period(add_months(spell.first, 12), OPEN)))]
        if reached:
            yield from _repeated(timeline, spell, reached[0].first, reached, 12)


def outside_placement(timeline: Timeline) -> Iterator[Due]:
    """R-07: Integration outside the placement area for 2 and for 3 months (QS 2/2020, 2.3.1)."""
    suspended = by_alg1(timeline)
    for spell in _integration(timeline):
        for outside in subtract([spell.period], area_days(timeline, spell, *PLACEMENT)):
            cause = spell.bars[0].start.ref if outside.first == spell.first else _cause(timeline, outside.first)
            for stage, months in (("notice", 2), ("limit", 3)):
                due = add_months(outside.first, months)
                said = reason(months=months, since=outside.first, bar=spell.first)
                yield from listed(stage, cause, due, _unanswered(spell, [outside]), suspended, said)


def episodes(timeline: Timeline, area: str) -> Iterator[Episode]:
    """Care episodes in an area: a return in less than 3 full months continues the clock, paused while outside."""
    for spell in _integration(timeline):
        group: list[Period] = []
        for period in area_days(timeline, spell, area):
            if group and period.first >= add_months(group[-1].last + DAY, 3):
                yield _episode(timeline, spell, group)
                group = []
            group.append(period)
        if group:
            yield _episode(timeline, spell, group)


def _episode(timeline: Timeline, spell: Spell, there: list[Period]) -> Episode:
    first = there[0].first
    away = [Period(left.last + DAY, back.first - DAY) for left, back in pairwise(there)]
    taken = [one.period for one in deductions(timeline, Period(first, spell.last))]
    return Episode(_cause(timeline, first), there, _unanswered(spell, there), merge([*away, *taken]))


def _repeated(timeline: Timeline, spell: Spell, first: dt.date, holds: Sequence[Period], months: int) -> Iterator[Due]:
    """`check` from `first` on, and again 6 months after each review on or after that day."""
    suspended = [*by_alg1(timeline), *by_extension(timeline)]
    bar = spell.bars[0].start.ref
    holds = _unanswered(spell, holds)
    reviews = [fact for fact in timeline.facts(StrategyReviewed) if fact.on >= first]
    counts = [(first, bar, first, None), *((add_months(one.on, 6), one.ref, one.on, one.on) for one in reviews)]
    for (due, cause, since, reviewed), following in zip(counts, [*counts[1:], None], strict=True):
        until = following[2] - DAY if following else OPEN
        stretch = [part for period in holds if (part := cut(period, Period(since, until)))]
        said = reason(months=months, since=spell.first, review=reviewed)
        yield from listed("check", cause, due, stretch, suspended, said)


def _unanswered(spell: Spell, days: Sequence[Period]) -> list[Period]:
    return [part for period in days if (part := cut(period, spell.unanswered))]


def _integration(timeline: Timeline) -> list[Spell]:
    """The bars that can still ask for something on the day of the timeline or later."""
    return [spell for spell in timeline.spells if spell.strategy == "integration" and spell.last >= timeline.as_of]


def _cause(timeline: Timeline, day: dt.date) -> str:
    """The responsibility that holds on a day, else the last one before it."""
    return next((care.fact.ref for care in reversed(timeline.care) if care.first <= day), "")


def _about_care(episode: Episode, area: str, months: int, due: dt.date) -> Reason:
    """`paused`: the days before `due` that the clock does not count."""
    paused = count(part for pause in episode.pauses if (part := cut(pause, Period(episode.first, due - DAY))))
    return reason(area=area, months=months, since=episode.first, paused=paused or None)


def _days(facts: list[Known]) -> list[dt.date]:
    return [fact.on for fact in facts]
