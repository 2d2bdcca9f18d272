"""Counting days and months as Fachkonzept 2.0 and 3.0 say."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import (
    DAY,
    OPEN,
    Period,
    add_months,
    count,
    cut,
    end_of_day,
    latest_start,
    local_day,
    merge,
    subtract,
)

DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2060, 12, 31))
PERIODS = st.tuples(DAYS, st.integers(0, 900)).map(lambda pair: Period(pair[0], pair[0] + pair[1] * DAY))


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2019-03-11", 12, "2020-03-11"),
        ("2020-02-29", 12, "2021-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-03-31", -1, "2026-02-28"),
    ],
)
def test_months_are_calendar_months_clamped_to_the_end(start: str, months: int, expected: str) -> None:
    assert add_months(dt.date.fromisoformat(start), months) == dt.date.fromisoformat(expected)


@given(DAYS, st.integers(1, 60))
def test_the_latest_start_is_the_last_day_on_which_the_months_are_full(day: dt.date, months: int) -> None:
    start = latest_start(day, months)
    assert add_months(start, months) <= day < add_months(start + DAY, months)


@given(st.lists(PERIODS, max_size=6), st.lists(PERIODS, max_size=6))
def test_merging_and_subtracting_keep_exactly_the_right_days(left: list[Period], right: list[Period]) -> None:
    def days(periods: list[Period]) -> set[dt.date]:
        return {period.first + n * DAY for period in periods for n in range(period.days)}

    assert days(merge(left)) == days(left)
    rest = subtract(left, right)
    assert days(rest) == days(left) - days(right)
    assert count(rest) == len(days(rest))
    assert all(one.last + DAY < two.first for one, two in itertools.pairwise(rest))


def test_open_periods_can_be_cut_and_subtracted() -> None:
    always = Period(dt.date(2020, 1, 1), OPEN)
    assert cut(always, Period(dt.date(2019, 1, 1), dt.date(2020, 1, 31))) == Period(
        dt.date(2020, 1, 1), dt.date(2020, 1, 31)
    )
    assert subtract([always], [Period(dt.date(2021, 1, 1), OPEN)]) == [
        Period(dt.date(2020, 1, 1), dt.date(2020, 12, 31))
    ]
    assert subtract([always], [Period(dt.date(2019, 1, 1), dt.date(2021, 1, 1))]) == [Period(dt.date(2021, 1, 2), OPEN)]


def test_days_are_those_of_berlin_in_summer_and_winter() -> None:
    assert local_day(dt.datetime(2024, 3, 30, 23, 30, tzinfo=dt.UTC)) == dt.date(2024, 3, 31)
    assert local_day(dt.datetime(2024, 10, 27, 22, 30, tzinfo=dt.UTC)) == dt.date(2024, 10, 27)
    assert local_day(dt.datetime(2024, 12, 31, 23, 0, tzinfo=dt.UTC)) == dt.date(2025, 1, 1)
    assert end_of_day(dt.date(2020, 3, 10)).isoformat() == "2020-03-10T23:59:59.999999+01:00"
