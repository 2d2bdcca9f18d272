"""What a stage counts with and whom it tells: as shipped or as the office says (Fachkonzept 3.1 no. 11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from domain.calendar import Lands, next_working_day
from domain.facts.office import OfficeSet, ThresholdSet
from domain.knowledge import Known
from domain.office import recipients
from domain.office.recipients import Told
from domain.office.setting import weight
from domain.periods import DAY, OPEN, Period, add_months
from domain.stretches import at
from domain.timeline import CARE, Kinds, Timeline

SETTINGS: Kinds = frozenset({ThresholdSet, OfficeSet})
READS: Kinds = CARE | SETTINGS


class Number(NamedTuple):
    """Calendar months and days from the day a stage counts from; before that day where they are negative."""

    months: int = 0
    days: int = 0

    def after(self, day: dt.date) -> dt.date:
        """The day that lies so far from a day: the months first, then the days."""
        return add_months(day, self.months) + dt.timedelta(days=self.days)


Numbers = Mapping[str, Number]


def working_days(day: dt.date, stage: str, lands: Lands, numbers: Numbers) -> dt.date:
    """The day that lies so many working days after a day; a number in months is one of the calendar."""
    number = numbers[stage]
    if number.months:
        return number.after(day)
    for _ in range(number.days):
        day = next_working_day(day, lands)
    return day


class Thresholds:
    """The numbers of one rule, by stage, as they changed until a day in a case; `now` holds those of that day, `told`
    who is told of each stage on it.
    """

    def __init__(self, steps: Sequence[tuple[dt.date, Numbers]], told: Told) -> None:
        """`steps`: from which day on which numbers are valid, the shipped ones first."""
        self._steps = steps
        self.told = told
        self.now = steps[-1][1]

    def due(self, day_of: Callable[[Numbers], dt.date | None]) -> dt.date | None:
        """The due day, where `day_of` says it for some numbers (None: there is none).

        Changed numbers make nothing due before their own first day; what was due before by the earlier ones stays so,
        unless the new day is later than that: then it is due on the new day.
        """
        due: dt.date | None = None
        for since, numbers in self._steps:
            day = day_of(numbers)
            due = day if day is None or day >= since else min(since, max(day, due or OPEN))
        return due

    def after(self, stage: str, day: dt.date) -> dt.date:
        """The due day of a stage that counts from a day."""
        due = self.due(lambda numbers: numbers[stage].after(day))
        assert due is not None
        return due

    def said(self, stage: str) -> dict[str, int]:
        """The number of a stage as data of a reason: `months` and `days`, none of them where it is zero."""
        return {name: count for name, count in self.now[stage]._asdict().items() if count}


def stretches(
    rule: str, shipped: Thresholds, timeline: Timeline, window: Period
) -> Iterator[tuple[Period, Thresholds]]:
    """The stretches of a window through which the settings of a rule stay the same, each with what is valid in it."""
    changes = [one for one in timeline.facts(ThresholdSet) if cast(ThresholdSet, one.fact).rule == rule]
    others = recipients.about(rule, timeline.facts(OfficeSet))
    if not changes and not others:
        yield window, shipped
        return
    of_units = any(cast(ThresholdSet | OfficeSet, one.fact).unit for one in (*changes, *others))
    days = {one.on for one in (*changes, *others)} | {care.first for care in timeline.care if of_units}
    firsts = [window.first, *sorted(day for day in days if window.first < day <= window.last)]
    for first, following in zip(firsts, [*firsts[1:], None], strict=True):
        care = at(timeline.care, first)
        unit = care.unit if care else None
        valid = Thresholds(
            _steps(shipped.now, changes, unit, first),
            recipients.of_rule(rule, shipped.told, others, unit, first) if others else shipped.told,
        )
        yield Period(first, following - DAY if following else window.last), valid


def on_day(rule: str, shipped: Numbers, settings: Iterable[Known], unit: str | None, day: dt.date) -> Numbers:
    """The numbers of a rule that are valid for a unit on a day, among all settings of the office."""
    said = (one for one in settings if isinstance(one.fact, ThresholdSet) and one.fact.rule == rule)
    return _valid(shipped, [one for one in said if cast(ThresholdSet, one.fact).unit in (None, unit)], day)


def _steps(shipped: Numbers, changes: Sequence[Known], unit: str | None, day: dt.date) -> list[tuple[dt.date, Numbers]]:
    mine = [one for one in changes if one.on <= day and cast(ThresholdSet, one.fact).unit in (None, unit)]
    days = sorted({one.on for one in mine})
    return [(dt.date.min, shipped), *((day, _valid(shipped, mine, day)) for day in days)]


def _valid(shipped: Numbers, changes: Sequence[Known], day: dt.date) -> Numbers:
    """One with a unit beats one without, then the latest day, then the last recorded; what names no number, none."""
    numbers = dict(shipped)
    for one in sorted((one for one in changes if one.on <= day), key=weight):
        fact = cast(ThresholdSet, one.fact)
        if fact.stage in shipped:
            said = fact.months is not None or fact.days is not None
            numbers[fact.stage] = Number(fact.months or 0, fact.days or 0) if said else shipped[fact.stage]
    return numbers
