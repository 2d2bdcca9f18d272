"""How days and moments are read: by one rule, cut and never rounded, and only local ones that there were."""

from __future__ import annotations

import datetime as dt

import pytest

from domain import moments
from domain.periods import BERLIN

SUMMER, WINTER = dt.timezone(dt.timedelta(hours=2)), dt.timezone(dt.timedelta(hours=1))


@pytest.mark.parametrize(
    "text", ["20261119", "2026-W47-4", "2026-324", "2026-11-19T00:00", "2026-2-3", "２０２６-11-19", ""]
)
def test_a_day_is_a_calendar_day_with_hyphens(text: str) -> None:
    assert moments.day("2026-11-19") == dt.date(2026, 11, 19)
    with pytest.raises(ValueError, match="no calendar day"):
        moments.day(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-03-10T10:00:00+01:00", dt.datetime(2020, 3, 10, 10, tzinfo=WINTER)),
        ("2020-03-10 10:00Z", dt.datetime(2020, 3, 10, 10, tzinfo=dt.UTC)),
        ("2020-07-10T10:00", dt.datetime(2020, 7, 10, 10, tzinfo=SUMMER)),
        ("2020-03-10T23:59:59.9999999", dt.datetime(2020, 3, 10, 23, 59, 59, 999_999, tzinfo=WINTER)),
        ("2020-03-10T23:59:59,5", dt.datetime(2020, 3, 10, 23, 59, 59, 500_000, tzinfo=WINTER)),
        ("2025-03-30T02:30:00+01:00", dt.datetime(2025, 3, 30, 3, 30, tzinfo=SUMMER)),
        ("1890-01-01T00:00:00+00:53:28", dt.datetime(1890, 1, 1, tzinfo=BERLIN)),
    ],
)
def test_a_moment_is_the_one_that_is_written(text: str, moment: dt.datetime) -> None:
    assert moments.moment(text) == moment


@pytest.mark.parametrize(
    "text", ["2025-03-30T02:30", "2025-03-30T02:00:00", "20250330T0130", "2025-W13-7T10:00", "2025-03-30"]
)
def test_what_is_no_moment_or_was_none_here(text: str) -> None:
    with pytest.raises(ValueError, match=r"no (local )?moment"):
        moments.moment(text)


def test_of_two_moments_that_are_called_the_same_the_first_is_meant() -> None:
    assert moments.moment("2025-10-26T02:30:00").isoformat() == "2025-10-26T02:30:00+02:00"


@pytest.mark.parametrize("year", [1, 1800, 1890, 1893, 1899])
def test_a_moment_of_local_mean_time_is_read_as_it_is_written(year: int) -> None:
    moment = dt.datetime(year, 7, 1, 12, 0, 0, 123_456, BERLIN)
    assert moments.moment(moment.isoformat()) == moment
    assert moments.moment(moment.isoformat()).isoformat() == moment.isoformat()
