"""The judge of thresholds: with which numbers a stage counts on a day (reading 19 of `tests/oracle.py`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from tests.plain import DAY, Plain, months_later, recorded

Row = tuple[str, str, dt.date]
Numbers = dict[str, tuple[int, int]]  # by stage: months, days
CARE_TIME: Numbers = {"interim": (3, 0), "warning": (0, -28), "limit": (6, 0)}
SHIPPED: dict[str, Numbers] = {
    "R-02": CARE_TIME,
    "R-02b": {"six-plus-six": (12, 0)},
    "R-03": CARE_TIME,
    "R-04": {"check": (6, 0)},
    "R-05": {"check": (12, 0)},
    "R-06": {"warning-28": (0, -28), "warning-7": (0, -7), "overdue": (0, 1)},
    "R-07": {"notice": (2, 0), "limit": (3, 0)},
    "R-14": {"status": (0, 1)},
    "R-01": {"no-bar": (0, 14)},
    "R-08": {"prognosis": (0, 0)},
    "R-08b": {"mismatch": (0, 0)},
    "R-15": {"accept": (0, 14)},
    "R-16": {"divergence": (0, 3)},
    "R-29": {"inherited": (0, 14)},
    "R-40": {"check": (6, 0)},
    "R-20": {"step-missing": (0, 14)},
    "R-42": {"not-in-file": (0, 3)},
    "R-47": {"second": (0, 0), "third": (0, 0)},
    "R-21": {"cause": (0, 14), "decision": (0, 14)},
    "R-22": {"ask": (6, 0), "clear": (0, 0)},
    "R-23": {"no-contact": (12, 0)},
    "R-23b": {"interval": (0, 28)},
    "R-25": {"origin": (0, 14)},
    "R-26": {"reprofile": (0, 14), "graduate": (-3, 0)},
    "R-27": {"why-not-steered": (0, 0)},
    "R-41": {"advice": (0, 28), "stabilise": (3, 0)},
    "R-45": {"misfit": (0, 0)},
    "R-46": {"coming-job": (0, 3)},
    "R-09": {"missing": (0, 3)},
    "R-10": {"six-weeks": (0, 42)},
    "R-11": {"invite": (2, 0)},
    "R-12": {"six-months": (6, 0)},
    "R-13": {"necessity": (0, 0)},
    "R-17": {"end-strategy": (0, 0)},
    "R-17b": {"new-bar": (0, 0)},
    "R-18": {"bar-open": (0, 0), "first-appointment": (0, -28), "choose-strategy": (0, 1)},
    "R-19": {"gap": (0, 7)},
    "R-39": {"closing": (0, 56)},
    "R-43": {"own": (0, 0)},
}


def numbers_on(case: Plain, rule: str, day: dt.date) -> Numbers:
    responsible = case.responsible(case.a)
    units = (None, responsible["data"]["unit"] if responsible else None)
    numbers = dict(SHIPPED[rule])
    for stage in numbers:
        said = [line for line in case.about("threshold-set", "rule", rule) if line["data"]["stage"] == stage]
        valid = [line for line in said if line["on"] <= day and line["data"].get("unit") in units]
        if valid:
            data = max(valid, key=lambda line: ("unit" in line["data"], line["on"], *recorded(line)))["data"]
            if "months" in data or "days" in data:
                numbers[stage] = (data.get("months", 0), data.get("days", 0))
    return numbers


def after(day: dt.date, number: tuple[int, int]) -> dt.date:
    return months_later(day, number[0]) + number[1] * DAY


def due_by(case: Plain, rule: str, day_by: Callable[[Numbers], dt.date]) -> dt.date:
    """Reading 19; `day_by`: the due day by some numbers, FAR if there is none."""
    days: dict[str, dt.date] = {}

    def by_numbers_of(day: dt.date) -> dt.date:
        numbers = numbers_on(case, rule, day)
        return days.setdefault(str(numbers), day_by(numbers))

    today = by_numbers_of(case.a)
    if today > case.a or not case.about("threshold-set", "rule", rule):
        return today
    first = case.a
    while by_numbers_of(first - DAY) < first:
        first -= DAY
    return max(first, today)


def due_after(case: Plain, rule: str, stage: str, day: dt.date) -> dt.date:
    return due_by(case, rule, lambda numbers: after(day, numbers[stage]))
