"""Facts are written to PostgreSQL from processes of their own."""

from __future__ import annotations

import pytest

from tests.bench import postgresql


def test_all_processes_write_and_all_facts_are_counted() -> None:
    (two,) = postgresql.writing(seconds=1, cases=0, writers=(2,))
    assert "aus 2 Prozessen" in two.question
    assert 0 < two.ours < 1000 > two.theirs > 0  # at least one a second


def test_one_process_has_a_rate_to_reach_and_more_of_them_that_of_fewer() -> None:
    one = postgresql.row(1, 139.0, 300.0, before=0)
    assert "aus einem Prozess (139/s, dort 300/s)" in one.question
    assert not one.met
    assert postgresql.row(1, 141.0, 300.0, before=0).met
    assert postgresql.row(8, 250.0, 300.0, before=260).met  # a few more or less are no fall
    assert not postgresql.row(8, 240.0, 300.0, before=260).met
    assert one.ratio == pytest.approx(139 / 300)
