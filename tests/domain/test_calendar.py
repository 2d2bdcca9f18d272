"""Working days of Lower Saxony."""

from __future__ import annotations

import datetime as dt

import pytest

from domain.calendar import Lands, is_working_day, next_working_day, working_day_from

CHRISTMAS_EVE = dt.date(2026, 12, 24)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (dt.date(2026, 11, 20), True),  # a Friday
        (dt.date(2026, 11, 21), False),
        (dt.date(2026, 11, 22), False),
        (dt.date(2026, 10, 31), False),  # Reformationstag, a Saturday anyway
        (dt.date(2025, 10, 31), False),  # Reformationstag, a Friday, holiday in Lower Saxony
        (dt.date(2026, 4, 3), False),  # Karfreitag
        (CHRISTMAS_EVE, True),
    ],
)
def test_working_days(day: dt.date, working: bool) -> None:
    assert is_working_day(day) is working


def test_a_holiday_depends_on_the_land() -> None:
    assert is_working_day(dt.date(2025, 10, 31), Lands([(dt.date(2025, 10, 31), "BY")]))


def test_next_working_day_skips_holidays_and_weekends() -> None:
    assert next_working_day(CHRISTMAS_EVE) == dt.date(2026, 12, 28)
    assert working_day_from(CHRISTMAS_EVE) == CHRISTMAS_EVE
    assert working_day_from(dt.date(2026, 12, 25)) == dt.date(2026, 12, 28)
