"""The golden timelines of Fachkonzept 10 through the functions of the domain, and through the judge."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from domain.clocks import Clocks, clocks
from domain.knowledge import known
from domain.periods import BERLIN, DAY, Period, add_months, end_of_day
from domain.rules import due_rows
from domain.timeline import Timeline, build
from domain.violations import violations
from tests import oracle
from tests.golden import GOLDEN, Golden, as_facts, as_records

EVER = dt.datetime(2030, 1, 1, tzinfo=BERLIN)
day = dt.date.fromisoformat


def seen(golden: Golden, as_of: dt.date, known_at: dt.datetime = EVER) -> Timeline:
    return build(known(as_records(golden.lines), known_at), as_of)


def listed(golden: Golden, as_of: dt.date, known_at: dt.datetime = EVER) -> set[tuple[str, str, dt.date]]:
    """(rule, stage, due) of what is listed on a day; domain and judge must agree."""
    found = due_rows(seen(golden, as_of, known_at), Period(as_of, as_of))
    rows = {(row.rule, row.stage, row.due) for row in found}
    assert rows == set(oracle.due(as_facts(golden.lines), as_of, known_at))
    return rows


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.name)
class TestGolden:
    """Each timeline with all that section 10 says about it."""

    def test_clocks(self, golden: Golden) -> None:
        for as_of, expected in golden.clocks:
            found = answered(clocks(seen(golden, day(as_of)), day(as_of)))
            judged = oracle.clocks(as_facts(golden.lines), day(as_of), EVER)
            rows = [(row["reason"], row["days"]) for row in judged["deductions"]]
            assert found == judged["days"] | {"deductions": rows}
            assert {key: found[key] for key in expected} == expected

    def test_raised_on_the_day_and_not_before(self, golden: Golden) -> None:
        for rule, stage, due in golden.raised:
            assert (rule, stage, day(due)) in listed(golden, day(due))
            assert (rule, stage) not in {row[:2] for row in listed(golden, day(due) - DAY)}

    def test_silent(self, golden: Golden) -> None:
        for rule, stage, as_of in golden.silent:
            assert (rule, stage) not in {row[:2] for row in listed(golden, day(as_of))}

    def test_seen_as_soon_as_it_is_known(self, golden: Golden) -> None:
        for known_at, as_of, rule, due in golden.known:
            rows = [row[2] for row in listed(golden, day(as_of), end_of_day(day(known_at))) if row[0] == rule]
            assert rows == ([day(due)] if due else [])

    def test_over(self, golden: Golden) -> None:
        for as_of, threshold, clock, expected in golden.over:
            found = clocks(seen(golden, day(as_of)), day(as_of))
            assert over(found, day(as_of), threshold, clock) is expected

    def test_violations(self, golden: Golden) -> None:
        found = {one.rule for as_of, _ in golden.violations for one in violations(seen(golden, day(as_of)))}
        assert found == {rule for _, rule in golden.violations}


def answered(found: Clocks) -> dict[str, Any]:
    return found.days | {"deductions": [(one.reason, one.days) for one in found.deductions]}


def over(found: Clocks, as_of: dt.date, threshold: str, clock: str) -> bool:
    """The thresholds of Fachkonzept 3.0: days are exclusive, months are full on the day."""
    assert found.since is not None
    if threshold.endswith("d"):
        return (found.days[clock] or 0) > int(threshold[:-1])
    taken = sum(one.days for one in found.deductions) if clock == "net" else 0
    return as_of >= add_months(found.since, int(threshold[:-1])) + taken * DAY
