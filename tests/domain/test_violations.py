"""Violations day by day (Fachkonzept 3.1 no. 10): the day before, the day, the day after; the judge says the same."""

from __future__ import annotations

import datetime as dt

import pytest

from domain.knowledge import known
from domain.timeline import build
from domain.violations import violations
from tests import golden, judged_violations
from tests.domain.days import Line, approved, bar, care, ended, fact, refused, reviewed, works
from tests.domain.days_steering import accepted, offer
from tests.histories import EVER

Days = dict[str, bool]  # day -> whether it shows


def requested(on: str, by: str = "fm-1") -> Line:
    data = {"options": ["other"], "facts_text": "x", "justification": "x", "until": "2025-01-15"}
    return fact("extension-requested", on, request="v-1", **data) | {"by": by}


def approves(lead: str, by: str = "fdl-1", on: str = "2024-06-25") -> Line:
    one = approved(on, "2024-07-31", request="v-1")
    return one | {"by": by, "data": one["data"] | {"by_lead": lead}}


def field(on: str, strategy: str) -> Line:
    return fact("strategy-field-changed", on, strategy=strategy)


IMPORT = "import:compass"
TAKEN = [offer("2024-03-01"), accepted("2024-03-10"), bar("2024-03-10")]
OWN = [bar(), care("jobakademie"), requested("2024-06-20")]
SHOWN = {"2024-06-24": False, "2024-06-25": True, "2024-07-31": True, "2024-08-01": False}
NEVER = {"2024-06-25": False, "2024-07-31": False}
JOB = [bar(), *works("2024-03-01", "2024-05-31")]
BESIDE = {"2024-02-29": False, "2024-03-01": True, "2024-05-31": True, "2024-06-01": False}
TABLE: list[tuple[str, str, list[Line], Days]] = [
    ("R-06", "by somebody else", [*OWN, approves("fdl-1")], NEVER),
    ("R-06", "by who asked", [*OWN, approves("fm-1", by="fm-1")], SHOWN),
    ("R-06", "under the name of who asked", [*OWN, approves("fm-1")], SHOWN),
    ("R-06", "recorded by who asked", [*OWN, approves("fdl-1", by="fm-1")], SHOWN),
    ("R-06", "a deputy had asked for them", [*OWN, approves("w-1", by="w-1")], SHOWN),
    (
        "R-06",
        "who is responsible since then is somebody else",
        [*OWN, care("jobakademie", "2024-06-21", worker="w-2"), approves("w-2", by="w-2")],
        NEVER,
    ),
    (
        "R-06",
        "not the last approval alone",
        [*OWN, approves("fm-1", by="fm-1"), approves("fdl-1", on="2024-07-05")],
        SHOWN,
    ),
    (
        "R-06",
        "request and approval came by import",
        [*OWN[:2], requested("2024-06-20", IMPORT), approves("fdl-1", by=IMPORT)],
        NEVER,
    ),
    (
        "R-06",
        "by import, under the name of who was responsible",
        [*OWN[:2], requested("2024-06-20", IMPORT), approves("w-1", by=IMPORT)],
        SHOWN,
    ),
    *[
        (
            "R-15",
            f"a bar on the day of acceptance, recorded by {by}",
            [bar("2024-01-15", "entwicklung"), *(one | {"by": by} for one in TAKEN)],
            {"2024-03-09": False, "2024-03-10": shows, "2024-03-11": False},
        )
        for by, shows in (("fm-1", True), (IMPORT, False))
    ],
    ("R-06", "rejected afterwards", [*OWN, approves("fm-1"), refused("rejected", "2024-07-01")], SHOWN),
    (
        "R-16",
        "apart for more than 3 days",
        [bar(), field("2024-03-01", "entwicklung"), field("2024-04-01", "integration")],
        {"2024-03-04": False, "2024-03-05": True, "2024-03-31": True, "2024-04-01": False},
    ),
    (
        "R-16",
        "3 days are no contradiction",
        [bar(), field("2024-03-01", "entwicklung"), field("2024-03-04", "integration")],
        {"2024-03-03": False, "2024-03-04": False, "2024-03-10": False},
    ),
    (
        "R-16",
        "the days of another field go on",
        [bar(), field("2024-03-01", "entwicklung"), field("2024-03-03", "grundbetreuung-passiv")],
        {"2024-03-04": False, "2024-03-05": True},
    ),
    ("R-17", "while job and bar run", JOB, BESIDE),
    (
        "R-17",
        "the bar ends with the first working day",
        [*JOB, ended("2024-03-01")],
        {"2024-03-01": False, "2024-03-02": False},
    ),
    (
        "R-17",
        "the bar ends a day later",
        [*JOB, ended("2024-03-02")],
        {"2024-03-01": True, "2024-03-02": True, "2024-03-03": False},
    ),
    ("R-17", "a minijob may go beside it", [bar(), *works("2024-03-01", kind="geringfuegig")], {"2024-03-02": False}),
    ("R-17", "confirmed before the job", [*JOB, reviewed("2024-02-29")], BESIDE),
    (
        "R-17",
        "confirmed since",
        [*JOB, reviewed("2024-03-10")],
        {"2024-03-09": True, "2024-03-10": False, "2024-06-30": False},
    ),
]


@pytest.mark.parametrize(("rule", "why", "lines", "days"), TABLE, ids=[f"{one[0]} {one[1]}" for one in TABLE])
def test_it_shows_from_its_first_day_to_its_last(rule: str, why: str, lines: list[Line], days: Days) -> None:
    heard = known(golden.as_records(lines))
    for day, shows in days.items():
        on = dt.date.fromisoformat(day)
        found = [tuple(sorted(one.facts)) for one in violations(build(heard, on)) if one.rule == rule and _on(one, on)]
        judged = [ids for name, ids in judged_violations.violations(golden.as_facts(lines), on, EVER) if name == rule]
        assert found == judged, (why, day)
        assert bool(found) is shows, (why, day)


def _on(one: tuple[str, dt.date, dt.date, tuple[str, ...]], day: dt.date) -> bool:
    return one[1] <= day <= one[2]
