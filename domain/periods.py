"""How time is counted: days, calendar months, inclusive periods (Fachkonzept 2.0, 3.0). Knows no holidays."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
EARLIEST = dt.date(1900, 1, 1)  # nothing about a case lies before it
OPEN = dt.date(9999, 12, 31)
DAY = dt.timedelta(days=1)


class Period(NamedTuple):
    """Days from `first` to `last`, both inclusive; `last` is `OPEN` while there is no end."""

    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        """The number of days, both ends counted."""
        return (self.last - self.first).days + 1

    def covers(self, day: dt.date) -> bool:
        """Whether the day lies in the period."""
        return self.first <= day <= self.last


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` later, clamped to the end of the month (31.01. + 1 month = 28. or 29.02.)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if day.day <= 28:
        return dt.date(year, month + 1, day.day)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def latest_start(day: dt.date, months: int) -> dt.date:
    """The last start S for which `months` are full on `day`: S + months <= day < (S + 1 day) + months."""
    start = add_months(day, -months)
    while add_months(start + DAY, months) <= day:
        start += DAY
    return start


def local_day(moment: dt.datetime) -> dt.date:
    """The day of a moment in Europe/Berlin."""
    return moment.astimezone(BERLIN).date()


def end_of_day(day: dt.date) -> dt.datetime:
    """The last microsecond of a local day; a knowledge moment given as a day means this."""
    return dt.datetime.combine(day, dt.time.max, BERLIN)


def cut(period: Period, window: Period) -> Period | None:
    """The days that both have in common, or nothing."""
    first, last = max(period.first, window.first), min(period.last, window.last)
    return Period(first, last) if first <= last else None


def merge(periods: Iterable[Period]) -> list[Period]:
    """The same days as sorted periods that neither overlap nor touch."""
    merged: list[Period] = []
    for first, last in sorted(periods):
        if merged and (merged[-1].last == OPEN or first <= merged[-1].last + DAY):
            merged[-1] = Period(merged[-1].first, max(merged[-1].last, last))
        else:
            merged.append(Period(first, last))
    return merged


def subtract(periods: Iterable[Period], taken: Sequence[Period]) -> list[Period]:
    """The days of `periods` that lie in none of `taken`, as sorted periods that do not touch."""
    left = merge(periods)
    for away in merge(taken) if taken else ():
        rest: list[Period] = []
        for period in left:
            if away.last < period.first or away.first > period.last:
                rest.append(period)
                continue
            if period.first < away.first:
                rest.append(Period(period.first, away.first - DAY))
            if away.last < period.last:
                rest.append(Period(away.last + DAY, period.last))
        left = rest
    return left


def count(periods: Iterable[Period]) -> int:
    """The number of days in periods that do not overlap."""
    return sum(period.days for period in periods)
