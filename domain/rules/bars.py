"""Rules about how long an Integration bar lasts: R-02, R-02b, R-03, R-04, R-05, R-07 (Fachkonzept 3.2)."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from domain import clocks
from domain.clocks import area_days, deducted
from domain.facts.strategy import StrategyBarSet, StrategyReviewed
from domain.periods import DAY, OPEN, Period, add_months, count, cut, merge, subtract
from domain.rules.rule import BOTH, WORKER, Cause, Due, Kind, Rule, Stage, reason
from domain.rules.suspensions import ALG1, EXTENSION
from domain.rules.themes import HANDOVER, REVIEW
from domain.rules.thresholds import Number, Numbers, Thresholds
from domain.stretches import reaching
from domain.things import GRANTS
from domain.timeline import PLACEMENT, Kinds, Spell, Timeline

READS: Kinds = clocks.READS | GRANTS | {StrategyReviewed}
ABOUT: Kinds = frozenset({StrategyBarSet})
ANSWERS = ("extend", "end", "change", "handover", "later")
REPEATED = 6  # months after which a check, or care beyond its longest time, is asked about again
LONGEST_CARE = 120  # months up to which repetitions of R-02b are written ahead


class Episode(NamedTuple):
    """Care in one area under one bar: the days there, and those its clock does not count."""

    cause: Cause
    there: list[Period]
    pauses: list[Period]

    @property
    def first(self) -> dt.date:
        """The first day of care."""
        return self.there[0].first


def _care_time(timeline: Timeline, thresholds: Thresholds, area: str) -> Iterator[Due]:
    """R-02, R-03: regular time 3 to 6 months; `interim`, 28 days before the limit, the limit (QS 2/2020, 1)."""
    reviews = [fact.on for fact in timeline.facts(StrategyReviewed)]
    for episode in episodes(timeline, area):
        limit = thresholds.due(partial(_care_day, episode, "limit"))
        for stage in ("interim", "warning", "limit"):
            due = thresholds.due(partial(_care_day, episode, stage))
            if due is None:
                continue
            holds = episode.there
            if stage == "interim" and (done := [day for day in reviews if day >= due]):
                holds = subtract(holds, [Period(done[0], OPEN)])
            paused = _paused(episode, limit or due)
            end = limit or thresholds.now["limit"].after(episode.first) + dt.timedelta(days=paused)
            months = thresholds.now["interim" if stage == "interim" else "limit"].months
            said = reason(area=area, months=months, since=episode.first, paused=paused or None, ends=end - DAY)
            yield Due(stage, episode.cause, due, holds, said)


def _care_day(episode: Episode, stage: str, numbers: Numbers) -> dt.date | None:
    """The warning counts from the limit; a number in months the office gives it, from the first day like the others."""
    base = numbers[stage].after(episode.first)
    if stage == "warning" and not numbers[stage].months:
        base = numbers[stage].after(numbers["limit"].after(episode.first))
    return after_pauses(base, episode.pauses)


def _six_plus_six(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-02b: 12 months in the Jobakademie, then every further 6 (QS 2/2020, 3.1)."""
    most = thresholds.now["six-plus-six"].months
    for episode in episodes(timeline, "jobakademie"):
        for more in range(0, max(LONGEST_CARE - most, 0) + 1, REPEATED):
            due = thresholds.due(partial(_further_day, episode, more))
            if due is None:
                break
            cause = episode.cause._replace(ref=f"{episode.cause.ref}+{more}") if more else episode.cause
            paused = _paused(episode, due)
            said = reason(months=most + more, most=most, since=episode.first, paused=paused or None)
            yield Due("six-plus-six", cause, due, episode.there, said)


def _further_day(episode: Episode, more: int, numbers: Numbers) -> dt.date | None:
    number = numbers["six-plus-six"]
    return after_pauses(number._replace(months=number.months + more).after(episode.first), episode.pauses)


def _over_six_months(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-04: Integration for more than 6 months, repeated 6 months after each review (QS 2/2020, 3.1)."""
    for spell in _integration(timeline):
        first = thresholds.due(partial(_day_after, spell))
        assert first is not None
        yield from repeated(timeline, spell, first, [spell.period], thresholds.now["check"].months)


def _day_after(spell: Spell, numbers: Numbers) -> dt.date:
    """More than so many months is one day later than the full ones."""
    return numbers["check"].after(spell.first) + DAY


def _over_one_year(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-05: Integration for full 12 months and in the placement area, repeated like R-04 (QS 2/2020, 1, 3.1)."""
    for spell in _integration(timeline):
        there = area_days(timeline, spell, *PLACEMENT)
        first = thresholds.due(partial(_first_day_there, spell, there))
        if first is not None:
            holds = [part for period in there if (part := cut(period, Period(first, OPEN)))]
            yield from repeated(timeline, spell, first, holds, thresholds.now["check"].months)


def _first_day_there(spell: Spell, there: Sequence[Period], numbers: Numbers) -> dt.date | None:
    year = numbers["check"].after(spell.first)
    return next((max(period.first, year) for period in there if period.last >= year), None)


def _outside_placement(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-07: Integration outside the placement area for 2 and for 3 months (QS 2/2020, 2.3.1)."""
    for spell in _integration(timeline):
        for outside in subtract([spell.period], area_days(timeline, spell, *PLACEMENT)):
            bar = Cause.of(spell.bars[0].start)
            cause = bar if outside.first == spell.first else _cause(timeline, outside.first)
            for stage, number in thresholds.now.items():
                due = thresholds.after(stage, outside.first)
                said = reason(months=number.months, since=outside.first, bar=spell.first)
                yield Due(stage, cause, due, [outside], said)


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
    taken = [part for one in deducted(timeline, spell) if (part := cut(one.period, Period(first, OPEN)))]
    return Episode(_cause(timeline, first), there, merge([*away, *taken]))


def repeated(
    timeline: Timeline, spell: Spell, first: dt.date, holds: Sequence[Period], months: int, every: int = REPEATED
) -> Iterator[Due]:
    """`check` from `first` on, and again so many months after each review on or after that day.

    `months`: after how many it is checked first, which the reason says.
    """
    bar = Cause.of(spell.bars[0].start)
    reviews = [fact for fact in timeline.facts(StrategyReviewed) if fact.on >= first]
    again = ((add_months(one.on, every), Cause.of(one), one.on, one.on) for one in reviews)
    counts = [(first, bar, first, None), *again]
    for (due, cause, since, reviewed), following in zip(counts, [*counts[1:], None], strict=True):
        until = following[2] - DAY if following else OPEN
        stretch = [part for period in holds if (part := cut(period, Period(since, until)))]
        said = reason(months=months, since=spell.first, review=reviewed)
        yield Due("check", cause, due, stretch, said)


def _integration(timeline: Timeline) -> list[Spell]:
    """The bars that can still ask for something on the day of the timeline or later."""
    return [spell for spell in reaching(timeline.spells, timeline.as_of) if spell.strategy == "integration"]


def _cause(timeline: Timeline, day: dt.date) -> Cause:
    """The responsibility that holds on a day, else the last one before it."""
    return Cause.of(timeline.care[bisect_right(timeline.care, day, key=attrgetter("first")) - 1].fact)


def _paused(episode: Episode, day: dt.date) -> int:
    """The days before a day that the clock does not count."""
    return count(part for pause in episode.pauses if (part := cut(pause, Period(episode.first, day - DAY))))


def after_pauses(base: dt.date, pauses: Sequence[Period]) -> dt.date | None:
    """The first day d outside all pauses with d = base + paused days before d; none while a pause is still open.

    `pauses`: sorted, not touching, from the start of the clock on (Fachkonzept 3.0, care clock).
    """
    day = base
    for pause in pauses:
        if pause.first > day:
            break
        if pause.last == OPEN:
            return None
        day += dt.timedelta(days=pause.days)
    return day


CARE_STAGES = {
    "interim": Stage(to=WORKER, strength=0, threshold=Number(months=3), before="limit"),
    "warning": Stage(to=WORKER, strength=1, threshold=Number(days=-28), in_time="ends"),
    "limit": Stage(to=WORKER, strength=3, threshold=Number(months=6), in_time="ends"),
}

_review = partial(  # whether a bar is still right, asked while neither ALG I nor an extension runs
    Rule,
    theme=REVIEW,
    kind=Kind.FOLLOW_UP,
    state="on",
    suspended_by=(ALG1, EXTENSION),
    reads=READS,
    about=ABOUT,
)

RULES = (
    _review(
        id="R-02",
        name="Förderzeit Jobakademie",
        source="QS 2/2020, 1",
        stages=CARE_STAGES,
        options=("confirm", *ANSWERS),
        due=partial(_care_time, area="jobakademie"),
    ),
    _review(
        id="R-02b",
        name="Jobakademie 6+6",
        source="QS 2/2020, 3.1",
        stages={"six-plus-six": Stage(to=BOTH, strength=3, threshold=Number(months=12))},
        options=ANSWERS,
        due=_six_plus_six,
    ),
    _review(
        id="R-03",
        name="Förderzeit AV/AGS",
        source="QS 2/2020, 1",
        stages=CARE_STAGES,
        options=("confirm", *ANSWERS),
        due=partial(_care_time, area="av-ags"),
    ),
    _review(
        id="R-04",
        name="Über 6 Monate Integration",
        source="QS 2/2020, 3.1",
        stages={"check": Stage(to=BOTH, strength=2, threshold=Number(months=6))},
        options=("confirm", *ANSWERS),
        due=_over_six_months,
    ),
    _review(
        id="R-05",
        name="Über 1 Jahr Integration",
        source="QS 2/2020, 1 und 3.1",
        stages={"check": Stage(to=BOTH, strength=2, threshold=Number(months=12))},
        options=("confirm", *ANSWERS),
        due=_over_one_year,
    ),
    Rule(
        id="R-07",
        name="Integration außerhalb des Vermittlungsbereichs",
        source="QS 2/2020, 2.3.1",
        theme=HANDOVER,
        kind=Kind.FOLLOW_UP,
        state="on",
        stages={
            "notice": Stage(to=WORKER, strength=1, threshold=Number(months=2), before="limit"),
            "limit": Stage(to=BOTH, strength=3, threshold=Number(months=3)),
        },
        options=("handover", "change", "alg1", "statement", "later"),
        suspended_by=(ALG1,),
        reads=READS,
        about=ABOUT,
        due=_outside_placement,
    ),
)
