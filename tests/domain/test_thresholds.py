"""Numbers the office changes: from which day on, for whom, as known when (Fachkonzept 3.1 no. 11)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.history import sweep
from domain.knowledge import known
from domain.periods import BERLIN, DAY, Period, end_of_day
from domain.rules import RULES, DueRow, due_rows
from domain.sheets import Lasting
from domain.timeline import build
from tests import oracle
from tests.domain.test_rules_days import (
    AV,
    EVER,
    FM,
    JA,
    TABLE,
    Days,
    alg1,
    approved,
    bar,
    fact,
    own,
    planned,
    reviewed,
)
from tests.golden import Line, as_facts, as_records

BEFORE = "2024-01-01"
SOON_OVER = "warning-28 2024-09-02, warning-7 2024-09-23"
OTHER = fact("responsibility-assigned", "2024-06-01", worker="w-2", unit="52.1", area="fallmanagement")

AHEAD = fact("responsibility-assigned", "2024-08-01", "2024-06-01", worker="w-2", unit="52.1", area="fallmanagement")


def set_to(rule: str, stage: str, on: str, recorded: str | None = None, name: str = "s", **number: Any) -> Line:
    return fact(
        "threshold-set", on, recorded or on, rule=rule, stage=stage, source="DA 3/2024", approved_by="bl-1", **number
    ) | {"id": name}


CASES: list[tuple[str, str, list[Line], Days]] = [
    (
        "R-04",
        "longer, before it was reached",
        [*FM, set_to("R-04", "check", BEFORE, months=8)],
        {"2024-09-15": "", "2024-09-16": "check 2024-09-16"},
    ),
    (
        "R-04",
        "longer: takes back what was due until the new due day",
        [*FM, set_to("R-04", "check", "2024-08-01", months=8)],
        {"2024-07-31": "check 2024-07-16", "2024-08-01": "", "2024-09-15": "", "2024-09-16": "check 2024-09-16"},
    ),
    (
        "R-04",
        "longer, set after its own due day: that is when it is due from then on",
        [*FM, set_to("R-04", "check", "2024-09-01", months=7)],
        {"2024-08-31": "check 2024-07-16", "2024-09-01": "check 2024-08-16"},
    ),
    (
        "R-06",
        "a number in months has no days of the shipped one",
        [*JA, approved("2024-06-25", "2024-09-30"), set_to("R-06", "overdue", BEFORE, months=1)],
        {"2024-10-29": SOON_OVER, "2024-10-30": f"overdue 2024-10-30, {SOON_OVER}"},
    ),
    (
        "R-04",
        "shorter: nothing is due before its own first day",
        [*FM, set_to("R-04", "check", "2024-06-20", months=4)],
        {"2024-05-16": "", "2024-06-19": "", "2024-06-20": "check 2024-06-20", "2024-07-20": "check 2024-06-20"},
    ),
    (
        "R-04",
        "shorter, when it was due anyway",
        [*FM, set_to("R-04", "check", "2024-09-01", months=4)],
        {"2024-08-31": "check 2024-07-16", "2024-09-01": "check 2024-07-16"},
    ),
    (
        "R-04",
        "shorter: a review before its own first day resolves nothing",
        [*FM, reviewed("2024-06-01"), set_to("R-04", "check", "2024-06-20", months=4)],
        {"2024-06-20": "check 2024-06-20"},
    ),
    (
        "R-04",
        "recorded ahead: nothing changes before its day",
        [*FM, set_to("R-04", "check", "2024-08-01", "2024-02-01", months=8)],
        {"2024-07-15": "", "2024-07-16": "check 2024-07-16", "2024-08-01": ""},
    ),
    (
        "R-04",
        "those of a unit hold from the day it takes over, though that was recorded ahead",
        [*FM, set_to("R-04", "check", BEFORE, months=8, unit="52.1"), AHEAD],
        {"2024-07-31": "check 2024-07-16", "2024-08-01": "", "2024-09-15": "", "2024-09-16": "check 2024-09-16"},
    ),
    (
        "R-04",
        "the last day counts, however it was recorded",
        [
            *FM,
            set_to("R-04", "check", BEFORE, "2024-03-01", months=8),
            set_to("R-04", "check", "2023-12-01", "2024-04-01", "t", months=2),
        ],
        {"2024-07-16": "", "2024-09-16": "check 2024-09-16"},
    ),
    (
        "R-04",
        "of one day the last recorded",
        [
            *FM,
            set_to("R-04", "check", BEFORE, "2024-03-01", months=8),
            set_to("R-04", "check", BEFORE, "2024-04-01", "a", months=7),
        ],
        {"2024-08-15": "", "2024-08-16": "check 2024-08-16"},
    ),
    (
        "R-04",
        "one of the unit beats a later one without",
        [
            *FM,
            set_to("R-04", "check", BEFORE, months=7, unit="56.4"),
            set_to("R-04", "check", "2024-01-02", name="t", months=9),
        ],
        {"2024-08-15": "", "2024-08-16": "check 2024-08-16"},
    ),
    (
        "R-04",
        "one of another unit counts from the day that is responsible",
        [*FM, OTHER, set_to("R-04", "check", BEFORE, months=8, unit="52.1")],
        {"2024-07-16": "", "2024-09-15": "", "2024-09-16": "check 2024-09-16"},
    ),
    (
        "R-04",
        "one of another unit only",
        [*FM, set_to("R-04", "check", BEFORE, months=8, unit="52.1")],
        {"2024-07-16": "check 2024-07-16"},
    ),
    (
        "R-04",
        "months and days are replaced together",
        [*FM, set_to("R-04", "check", BEFORE, days=100)],
        {"2024-04-24": "", "2024-04-25": "check 2024-04-25"},
    ),
    (
        "R-04",
        "without a number the shipped one holds again",
        [*FM, set_to("R-04", "check", BEFORE, months=8), set_to("R-04", "check", "2024-03-01", name="t")],
        {"2024-07-15": "", "2024-07-16": "check 2024-07-16"},
    ),
    (
        "R-04",
        "of a stage or rule nobody knows",
        [*FM, set_to("R-04", "limit", BEFORE, months=1), set_to("R-99", "check", BEFORE, name="t", months=1)],
        {"2024-07-15": "", "2024-07-16": "check 2024-07-16"},
    ),
    (
        "R-02",
        "the warning goes with the limit",
        [*JA, reviewed("2024-04-15"), set_to("R-02", "limit", BEFORE, months=8)],
        {"2024-08-17": "", "2024-08-18": "warning 2024-08-18", "2024-09-15": "limit 2024-09-15, warning 2024-08-18"},
    ),
    (
        "R-02",
        "the warning so many days before the limit, or so many months after the beginning",
        [*JA, reviewed("2024-04-15"), set_to("R-02", "warning", BEFORE, days=-14)],
        {"2024-06-30": "", "2024-07-01": "warning 2024-07-01"},
    ),
    (
        "R-02",
        "the warning so many months after the beginning",
        [*JA, reviewed("2024-04-15"), set_to("R-02", "warning", BEFORE, months=6, days=-14)],
        {"2024-06-30": "", "2024-07-01": "warning 2024-07-01"},
    ),
    (
        "R-03",
        "a suspension is judged by the new day",
        [*AV, reviewed("2024-04-15"), approved("2024-08-01", "2024-08-31"), set_to("R-03", "limit", BEFORE, months=8)],
        {"2024-09-14": "warning 2024-09-01", "2024-09-15": "limit 2024-09-15, warning 2024-09-01"},
    ),
    (
        "R-02b",
        "the longest time, and its repetition",
        [*JA, set_to("R-02b", "six-plus-six", BEFORE, months=10)],
        {
            "2024-11-14": "",
            "2024-11-15": "six-plus-six 2024-11-15",
            "2025-05-15": "six-plus-six 2024-11-15, six-plus-six 2025-05-15",
        },
    ),
    (
        "R-05",
        "from a day in the placement area on",
        [*AV, set_to("R-05", "check", "2024-11-10", months=9)],
        {"2024-11-09": "", "2024-11-10": "check 2024-11-10"},
    ),
    (
        "R-06",
        "so many days before the end",
        [*AV, approved("2024-07-10", "2024-09-30"), set_to("R-06", "warning-28", BEFORE, days=-35)],
        {"2024-08-25": "", "2024-08-26": "warning-28 2024-08-26"},
    ),
    (
        "R-07",
        "each stage has its own",
        [bar(), set_to("R-07", "limit", BEFORE, months=4)],
        {"2024-04-15": "notice 2024-03-15", "2024-05-15": "limit 2024-05-15, notice 2024-03-15"},
    ),
    (
        "R-14",
        "days after the appointment",
        [planned("2024-05-06"), set_to("R-14", "status", BEFORE, days=3)],
        {"2024-05-08": "", "2024-05-09": "status 2024-05-09"},
    ),
    (
        "R-18",
        "before the end of ALG I",
        [*alg1("2024-05-01", planned_end="2024-09-30"), set_to("R-18", "first-appointment", BEFORE, days=-42)],
        {"2024-08-18": "", "2024-08-19": "first-appointment 2024-08-19"},
    ),
    (
        "R-43",
        "a day earlier than it was set for",
        [own("2024-04-15", "2024-05-06"), set_to("R-43", "own", BEFORE, days=-1)],
        {"2024-05-04": "", "2024-05-05": "own 2024-05-05"},
    ),
]


def listed(lines: list[Line], as_of: dt.date, known_at: dt.datetime = EVER) -> list[oracle.Row]:
    """What the domain lists, once asked for the day and once swept; the judge must say the same."""
    records = as_records(lines)
    found = due_rows(build(known(records, known_at), as_of), Period(as_of, as_of))
    rows = sorted((row.rule, row.stage, row.due) for row in found)
    swept = [one.row for one in sweep(records) if _holds(one, as_of, known_at)]
    assert rows == sorted((row.rule, row.stage, row.due) for row in swept if isinstance(row, DueRow))
    assert rows == oracle.due(as_facts(lines), as_of, known_at)
    return rows


def _holds(one: Lasting, as_of: dt.date, known_at: dt.datetime) -> bool:
    if not isinstance(one.row, DueRow) or not one.row.listed_from <= as_of <= one.row.listed_to:
        return False
    return one.known_from <= known_at and (one.known_to is None or known_at < one.known_to)


@pytest.mark.parametrize(("rule", "why", "lines", "days"), CASES, ids=[f"{row[0]} {row[1]}" for row in CASES])
def test_a_changed_number(rule: str, why: str, lines: list[Line], days: Days) -> None:
    def shown(day: str) -> str:
        rows = listed(lines, dt.date.fromisoformat(day))
        return ", ".join(f"{stage} {due}" for name, stage, due in rows if name == rule)

    assert {day: shown(day) for day in days} == days, why


def test_before_it_was_known_the_shipped_number_holds() -> None:
    lines = [*FM, set_to("R-04", "check", BEFORE, "2024-08-20", months=8)]
    day = dt.date(2024, 8, 1)
    assert ("R-04", "check", dt.date(2024, 7, 16)) in listed(lines, day, end_of_day(dt.date(2024, 8, 19)))
    assert "R-04" not in {row[0] for row in listed(lines, day, end_of_day(dt.date(2024, 8, 20)))}


def test_corrected_and_withdrawn_like_any_fact() -> None:
    set_before = set_to("R-04", "check", BEFORE, months=8)
    corrected = fact("fact-corrected", "2024-02-01", target="s", data={"months": 7}, reason="x")
    withdrawn = fact("fact-withdrawn", "2024-03-01", target="s", reason="x")
    day = dt.date(2024, 8, 16)
    assert ("R-04", "check", day) in listed([*FM, set_before, corrected], day)
    assert ("R-04", "check", dt.date(2024, 7, 16)) in listed([*FM, set_before, corrected, withdrawn], day)


FORWARD = st.fixed_dictionaries({}, optional={"months": st.integers(0, 14), "days": st.integers(0, 40)})
BACK = st.fixed_dictionaries({}, optional={"months": st.integers(0, 14), "days": st.integers(-40, 40)})


@st.composite
def changed(draw: st.DrawFn) -> tuple[list[Line], dt.date, dt.datetime]:
    """A case of the day table with changed numbers of its rule, on or beside a day on which something may change."""
    rule, _, lines, days = draw(st.sampled_from([row for row in TABLE if row[0] != "R-43"]))
    near = st.sampled_from(sorted(days)).map(dt.date.fromisoformat)
    stages = draw(st.lists(st.sampled_from(sorted(RULES[rule].stages)), min_size=1, max_size=3))
    settings = [
        set_to(
            rule,
            stage,
            (draw(near) + draw(st.integers(-60, 60)) * DAY).isoformat(),
            (draw(near) + draw(st.integers(-60, 60)) * DAY).isoformat(),
            f"s{number}",
            **draw(BACK if RULES[rule].stages[stage].threshold.days < 0 else FORWARD),
            **draw(st.sampled_from([{}, {}, {"unit": "56.4"}, {"unit": "52.1"}])),
        )
        for number, stage in enumerate(stages)
    ]
    as_of = draw(near) + draw(st.sampled_from([-31, -1, 0, 0, 1, 31, 62])) * DAY
    moments = [dt.datetime.fromisoformat(one["recorded_at"]) for one in settings]
    return [*lines, *settings], as_of, draw(st.sampled_from([EVER, *moments]))


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(changed())
def test_the_domain_and_the_judge_agree_on_changed_numbers(case: tuple[list[Line], dt.date, dt.datetime]) -> None:
    lines, as_of, known_at = case
    listed(lines, as_of, known_at.astimezone(BERLIN))
