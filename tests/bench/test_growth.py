"""Growth is measured of the same figures in both sizes, over cases that have as many facts as is said."""

from __future__ import annotations

import datetime as dt

import pytest

from services.demo.writing import Calendar
from tests.bench import growth
from tests.bench.conftest import Bench


@pytest.mark.parametrize("facts", [growth.SHORT, growth.LONG])
def test_a_case_has_so_many_facts(facts: int) -> None:
    now = dt.datetime(2026, 3, 10, 8, tzinfo=dt.UTC)
    told = growth.told(Calendar(now.date(), now), facts)
    assert len(told.entries) == facts
    assert told.entries[-1].on < now.date()


def test_each_figure_is_measured_in_both_sizes(bench: Bench) -> None:
    found = [*growth.with_cases(bench.office, bench.cases), *growth.with_facts()]
    assert [one.what.split(",")[0] for one in found] == [*growth.WHY] * 2
    assert found[0].what.endswith(f"auf {bench.cases} Fälle")
    assert all(one.small > 0 < one.large for one in found)
    assert found[-1].large > found[-1].small  # 3,500 facts take longer than 40
