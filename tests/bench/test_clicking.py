"""People click through a served office, and each page is measured beside the help page."""

from __future__ import annotations

import pytest

from tests.bench import clicking
from tests.bench.conftest import Bench


def test_what_95_in_100_wait_at_most() -> None:
    assert clicking.slow([float(number) for number in range(101)]) == 95
    assert clicking.slow([7.0, 7.0]) == pytest.approx(7)


def test_each_page_is_opened_by_those_whose_page_it_is(bench: Bench) -> None:
    rows = list(clicking.clicking(bench.folder, people=12, seconds=8, before=1))
    assert [row.question.partition(": ")[2].partition(" (")[0] for row in rows] == [*clicking.OPENED]
    assert len({row.theirs for row in rows}) == 1
    assert all(row.ours > 0 < row.answers for row in rows)
    opened = sum(row.answers for row in rows)
    assert opened <= 12 * 8 / clicking.EVERY  # nobody clicks faster
