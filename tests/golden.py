"""The golden timelines of Fachkonzept 10: lines of the fact format, and what must be answered about them."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import msgspec

from domain.facts import FACTS
from domain.records import Record

Line = dict[str, Any]


class Golden(NamedTuple):
    """One timeline with its expectations; all days are ISO.

    `clocks`: day, fields of `days`, and `deductions` as (reason, days). `raised`: (rule, stage, due), listed on the
    due day and not on the day before. `silent`: (rule, stage, day) not listed on that day. `over`: (day, threshold,
    clock, whether it is in the list of long stays). `known`: (known_at, day, rule, due or None): what was seen when.
    """

    name: str
    lines: list[Line]
    clocks: tuple[tuple[str, dict[str, Any]], ...] = ()
    raised: tuple[tuple[str, str, str], ...] = ()
    silent: tuple[tuple[str, str, str], ...] = ()
    over: tuple[tuple[str, str, str, bool], ...] = ()
    known: tuple[tuple[str, str, str, str | None], ...] = ()
    violations: tuple[tuple[str, str], ...] = ()


def line(case: str, fact: str, on: str, /, recorded: str | None = None, by: str = "fm-7", **data: Any) -> Line:
    """A line recorded in the morning of its day, or on the day `recorded`."""
    moment = f"{recorded or on}T09:00:00+00:00"
    key = "-".join((case, fact, on))
    return {"id": key, "case": case, "fact": fact, "on": on, "recorded_at": moment, "by": by, "data": data}


def bar(case: str, on: str, strategy: str = "integration", **more: Any) -> Line:
    return line(case, "strategy-bar-set", on, strategy=strategy, **more)


def care(case: str, on: str, area: str, worker: str = "fm-7") -> Line:
    return line(case, "responsibility-assigned", on, worker=worker, unit="56.4", area=area)


def alg1(case: str, first: str, last: str | None = None, **more: Any) -> list[Line]:
    ended = [line(case, "alg1-ended", last, **more)] if last else []
    return [line(case, "alg1-started", first, top_up=True, **more), *ended]


GOLDEN = [
    Golden(
        "G1",
        [bar("G1", "2019-03-10")],
        clocks=(("2020-03-10", {"gross": 366}),),
        over=(("2020-03-10", "365d", "gross", True), ("2020-03-10", "12m", "gross", True)),
    ),
    Golden(
        "G1b",
        [bar("G1b", "2019-03-11")],
        clocks=(("2020-03-10", {"gross": 365}),),
        over=(
            ("2020-03-10", "365d", "gross", False),
            ("2020-03-10", "12m", "gross", False),
            ("2020-03-11", "12m", "gross", True),
        ),
    ),
    Golden(
        "G2",
        [
            bar("G2", "2018-02-01"),
            care("G2", "2018-02-01", "fallmanagement"),
            care("G2", "2018-06-01", "jobakademie", "ja-1"),
            care("G2", "2018-12-01", "av-ags", "av-1"),
        ],
        clocks=(("2020-03-10", {"gross": 768, "lead_time": 120, "jobakademie": 183, "av_ags": 465, "placement": 648}),),
        raised=(
            ("R-07", "limit", "2018-05-01"),
            ("R-02", "interim", "2018-09-01"),
            ("R-03", "limit", "2019-06-01"),
            ("R-05", "check", "2019-02-01"),
        ),
        silent=(("R-02", "limit", "2018-12-01"), ("R-02", "limit", "2020-03-10"), ("R-07", "limit", "2018-06-01")),
    ),
    Golden(
        "G3",
        [bar("G3", "2019-01-01"), *alg1("G3", "2019-04-01", "2019-09-30")],
        clocks=(("2020-03-10", {"gross": 434, "net": 251, "deductions": [("alg1", 183)]}),),
        raised=(("R-18", "bar-open", "2019-04-01"),),
        over=(("2020-03-10", "12m", "gross", True), ("2020-03-10", "12m", "net", False)),
        violations=(("2020-03-10", "R-18"),),
    ),
    Golden(
        "G4",
        [bar("G4", "2020-01-15"), care("G4", "2020-01-15", "jobakademie", "ja-1")],
        raised=(
            ("R-02", "interim", "2020-04-15"),
            ("R-02", "warning", "2020-06-17"),
            ("R-02", "limit", "2020-07-15"),
            ("R-02b", "six-plus-six", "2021-01-15"),
        ),
    ),
    Golden(
        "G5",
        [bar("G5", "2019-10-01", "entwicklung"), line("G5", "appointment-held", "2020-01-06", appointment="t1")],
        clocks=(
            ("2020-02-16", {"since_appointment": 41}),
            ("2020-02-17", {"since_appointment": 42, "since_contact": 42, "gross": 139, "lead_time": None}),
        ),
    ),
    Golden(
        "G6",
        [
            bar("G6", "2019-10-01", "entwicklung"),
            care("G6", "2019-10-01", "fallmanagement"),
            line(
                "G6",
                "handover-initiated",
                "2020-03-02",
                to_worker="ja-1",
                to_unit="56.4",
                to_area="jobakademie",
                intended_strategy="integration",
            ),
            bar("G6", "2020-03-02"),
        ],
        clocks=(("2020-03-20", {"gross": 18, "lead_time": 18}),),
        violations=(("2020-03-20", "R-15"),),
    ),
    Golden(
        "G7",
        [
            bar("G7", "2025-10-01"),
            care("G7", "2025-10-01", "av-ags", "av-1"),
            line(
                "G7", "extension-approved", "2026-03-10", request="v1", until="2026-03-31", by_lead="fdl-1", by="fdl-1"
            ),
        ],
        raised=(("R-06", "warning-7", "2026-03-24"), ("R-06", "overdue", "2026-04-01")),
        silent=(
            ("R-06", "warning-28", "2026-03-03"),
            ("R-06", "warning-28", "2026-03-10"),
            ("R-06", "warning-28", "2026-04-01"),
            ("R-03", "interim", "2026-03-10"),
            ("R-03", "interim", "2026-03-31"),
        ),
    ),
    Golden(
        "G8",
        [line("G8", "appointment-planned", "2026-11-16", recorded="2026-11-02", appointment="t8")],
        raised=(("R-14", "status", "2026-11-17"),),
    ),
    Golden(
        "G9",
        [bar("G9", "2026-02-01"), *alg1("G9", "2026-06-01", recorded="2026-09-01")],
        known=(
            ("2026-08-31", "2026-08-31", "R-18", None),
            ("2026-08-31", "2026-09-01", "R-18", None),
            ("2026-09-01", "2026-09-01", "R-18", "2026-06-01"),
            ("2026-09-01", "2026-06-01", "R-18", "2026-06-01"),
        ),
    ),
]

LATER = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def as_records(lines: list[Line]) -> list[Record]:
    """The lines of one case as the store would give them, numbered in their order; `ref` is the id."""
    return [_record(number, one) for number, one in enumerate(lines, 1)]


def as_facts(lines: list[Line]) -> list[Line]:
    """The lines as the oracle takes them: days and moments instead of text."""
    return [
        one | {"on": dt.date.fromisoformat(one["on"]), "recorded_at": dt.datetime.fromisoformat(one["recorded_at"])}
        for one in lines
    ]


def _record(number: int, one: Line) -> Record:
    recorded_at = dt.datetime.fromisoformat(one["recorded_at"])
    return Record(
        ref=one["id"],
        id=one["id"],
        number=number,
        on=dt.date.fromisoformat(one["on"]),
        recorded_at=recorded_at,
        stored_at=recorded_at + dt.timedelta(days=1),  # imported later, as any order of arrival must do
        by=one["by"],
        correlation_id=one["id"],
        fact=msgspec.convert(one["data"], FACTS[one["fact"]]),
        recorded_unknown=one.get("recorded_unknown", False),
    )
