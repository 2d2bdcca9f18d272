"""Which days people work on in a Land: Monday to Friday without public holidays (Fachkonzept 2.0, 3.1 no. 8)."""

from __future__ import annotations

import datetime as dt
from functools import cache

import holidays

from domain.periods import DAY

LAND = "NI"
SATURDAY = 5


@cache
def _public_holidays(land: str) -> holidays.HolidayBase:
    return holidays.country_holidays("DE", subdiv=land)


def is_working_day(day: dt.date, land: str = LAND) -> bool:
    """Whether the day is Monday to Friday and no public holiday of the Land (short name, e.g. NI)."""
    return day.weekday() < SATURDAY and day not in _public_holidays(land)


def working_day_from(day: dt.date, land: str = LAND) -> dt.date:
    """The day itself if it is a working day, else the next one."""
    while not is_working_day(day, land):
        day += DAY
    return day


def next_working_day(day: dt.date, land: str = LAND) -> dt.date:
    """The first working day after the day."""
    return working_day_from(day + DAY, land)
