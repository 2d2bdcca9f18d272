"""People click through a served office, and each page is measured beside the help page."""

from __future__ import annotations

import pytest

from tests.bench import clicking
from tests.bench.conftest import Bench


def test_what_95_in_100_wait_at_most() -> None:
    assert clicking.slow([float(number) for number in range(101)]) == 95
    assert clicking.slow([7.0]) == pytest.approx(7)


def test_a_server_that_does_not_keep_up_meets_no_goal() -> None:
    times = {page: [5_000.0] * 10 for page in (*clicking.OPENED, clicking.HELP)}
    assert [row.met for row in clicking.rows(times, people=4, wanted=61)] == [True] * 5
    late = list(clicking.rows(times, people=4, wanted=100))
    assert [row.met for row in late] == [False] * 5
    assert late[0].shown()["met"] == "nein: der Server kommt nicht nach: 60 von 100 Seiten"


def test_each_page_is_opened_by_those_whose_page_it_is(bench: Bench) -> None:
    rows = list(clicking.clicking(bench.folder, people=12, seconds=8, before=1))
    assert [row.question.partition(": ")[2].partition(" (")[0] for row in rows] == [*clicking.OPENED]
    assert len({row.theirs for row in rows}) == 1
    assert all(row.ours > 0 < row.answers for row in rows)
    opened = sum(row.answers for row in rows)
    assert opened <= 12 * 8 / clicking.EVERY  # nobody clicks faster
