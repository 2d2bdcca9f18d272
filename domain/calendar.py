"""Which days people work on in a Land: Monday to Friday without public holidays (Fachkonzept 2.0, 3.1 no. 8, 13)."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from domain.periods import DAY

if TYPE_CHECKING:
    from holidays import HolidayBase

LAND = "NI"
SATURDAY = 5


class Lands:
    """Whose public holidays count from which day on."""

    def __init__(self, steps: Sequence[tuple[dt.date, str]] = ()) -> None:
        """`steps`: first day and Land (short name, e.g. BY), by day; Niedersachsen before the first."""
        self._days = [day for day, _ in steps]
        self._lands = [LAND, *(land for _, land in steps)]

    def on(self, day: dt.date) -> str:
        """The Land of a day."""
        return self._lands[bisect_right(self._days, day)]


SHIPPED = Lands()


@cache
def _public_holidays(land: str) -> HolidayBase:
    import holidays  # who counts no working days goes without

    return holidays.country_holidays("DE", subdiv=land)


def is_working_day(day: dt.date, lands: Lands = SHIPPED) -> bool:
    """Whether the day is Monday to Friday and no public holiday of the Land that counts on it."""
    return day.weekday() < SATURDAY and day not in _public_holidays(lands.on(day))


def working_day_from(day: dt.date, lands: Lands = SHIPPED) -> dt.date:
    """The day itself if it is a working day, else the next one."""
    while not is_working_day(day, lands):
        day += DAY
    return day


def next_working_day(day: dt.date, lands: Lands = SHIPPED) -> dt.date:
    """The first working day after the day."""
    return working_day_from(day + DAY, lands)
