"""Rows for the day table: what is written down, misses in a row: R-20, R-42, R-47 (Fachkonzept 3.2)."""

from __future__ import annotations

from tests.domain.days import Line, Rows, appears, bar, ended, fact, works
from tests.domain.days_aims import statement
from tests.judged_documentation import STANDARD


def step(kind: str, on: str, *without: str) -> Line:
    return fact("process-step-documented", on, step=kind, **{one: "x" for one in STANDARD if one not in without})


def miss(number: int, on: str, cause: str = "no") -> Line:
    return fact("appointment-missed", on, on, appointment=f"t-{number}", good_cause=cause)


def held(number: int, on: str) -> Line:
    return fact("appointment-held", on, on, appointment=f"t-{number}")


def decided(step: str, number: int, on: str) -> Line:
    return fact(f"sanction-{step}", on, on, appointment=f"t-{number}", reason="x")


def offer(on: str) -> Line:
    to = {"to_worker": "w-2", "to_unit": "56.4", "to_area": "av-ags"}
    return fact("handover-initiated", on, intended_strategy="integration", reason="x", **to)


def decision(on: str, recorded: str | None = None, by: str = "fm-1") -> list[Line]:
    return [fact("strategy-reviewed", on, recorded, outcome="continue") | {"id": "d-1", "by": by}]


FILE = "not-in-file 2024-03-12"
SET = [bar("2024-03-01")]  # due on 15.03.2024
OPEN = {"2024-03-14": "", "2024-03-15": "step-missing 2024-03-15", "2024-09-01": "step-missing 2024-03-15"}
SILENT = {"2024-03-15": "", "2024-09-01": ""}
TWICE = [miss(1, "2026-07-06"), miss(2, "2026-07-20")]
SECOND = "second 2026-07-20"
TABLE: Rows = [
    ("R-20", "a bar set", SET, OPEN),
    ("R-20", "a bar ended", [bar("2024-01-01"), step("strategy-choice", "2024-01-01"), ended("2024-03-01")], OPEN),
    ("R-20", "a job begun", works("2024-03-01"), OPEN),
    ("R-20", "a change of situation", [fact("situation-changed", "2024-03-01", category="other")], OPEN),
    ("R-20", "a case offered", [offer("2024-03-01")], OPEN),
    ("R-20", "documented 14 days before", [*SET, step("strategy-choice", "2024-02-16")], SILENT),
    ("R-20", "documented 15 days before", [*SET, step("strategy-choice", "2024-02-15")], OPEN),
    ("R-20", "a step of another kind", [*SET, step("employment", "2024-03-01")], OPEN),
    *(("R-20", f"without {one}", [*SET, step("strategy-choice", "2024-03-01", one)], OPEN) for one in STANDARD),
    (
        "R-20",
        "documented after the due day",
        [*SET, step("strategy-choice", "2024-04-10")],
        {"2024-03-15": "step-missing 2024-03-15", "2024-04-09": "step-missing 2024-03-15", "2024-04-10": ""},
    ),
    (
        "R-20",
        "one step for the end and the bar after it",
        [*SET, step("strategy-choice", "2024-03-01"), ended("2024-05-31"), bar("2024-06-01", "entwicklung")],
        {"2024-06-13": "", "2024-06-14": "step-missing 2024-06-14"}
        | {"2024-06-15": "step-missing 2024-06-14, step-missing 2024-06-15"},
    ),
    (
        "R-20",
        "the choice documents the end as well",
        [
            *(*SET, step("strategy-choice", "2024-03-01"), ended("2024-05-31"), bar("2024-06-01", "entwicklung")),
            step("strategy-choice", "2024-06-03"),
        ],
        {"2024-06-15": ""},
    ),
    ("R-42", "three working days after it was recorded", decision("2024-03-07"), appears("not-in-file", "2024-03-12")),
    ("R-42", "a holiday is none", decision("2024-03-28"), appears("not-in-file", "2024-04-04")),
    (
        "R-42",
        "counted from the recording",
        decision("2024-03-12", "2024-03-07"),
        {"2024-03-11": "", "2024-03-12": FILE},
    ),
    (
        "R-42",
        "taken over",
        [*decision("2024-03-07"), fact("decision-filed", "2024-03-20", target="d-1", how="copied")],
        {"2024-03-12": FILE, "2024-03-19": FILE, "2024-03-20": ""},
    ),
    (
        "R-42",
        "another one taken over",
        [*decision("2024-03-07"), fact("decision-filed", "2024-03-20", target="d-2", how="copied")],
        {"2024-03-20": FILE},
    ),
    ("R-42", "an import decides nothing", decision("2024-03-07", by="import:x"), {"2024-03-12": "", "2024-04-12": ""}),
    ("R-42", "nor does a rule", decision("2024-03-07", by="rule:alg1"), {"2024-03-12": "", "2024-04-12": ""}),
    ("R-47", "one miss is none", TWICE[:1], {"2026-07-06": "", "2026-09-01": ""}),
    ("R-47", "the second, on its day", TWICE, appears("second", "2026-07-20")),
    (
        "R-47",
        "the third, and each further one",
        [*TWICE, miss(3, "2026-08-03"), miss(4, "2026-08-17")],
        appears("third", "2026-08-03", SECOND) | {"2026-08-17": f"{SECOND}, third 2026-08-03, third 2026-08-17"},
    ),
    ("R-47", "nothing before the law", [miss(1, "2026-06-30"), miss(2, "2026-07-20")], {"2026-07-20": ""}),
    ("R-47", "the first day of the law counts", [miss(1, "2026-07-01"), miss(2, "2026-07-20")], {"2026-07-20": SECOND}),
    ("R-47", "a good cause does not count", [*TWICE[:1], miss(2, "2026-07-20", "yes")], {"2026-07-20": ""}),
    (
        "R-47",
        "an open cause between ends nothing",
        [*TWICE[:1], miss(3, "2026-07-13", "open"), TWICE[1]],
        {"2026-07-20": SECOND},
    ),
    ("R-47", "one held between ends the row", [*TWICE, held(3, "2026-07-13")], {"2026-07-20": ""}),
    ("R-47", "held afterwards", [*TWICE, held(3, "2026-07-27")], {"2026-07-26": SECOND, "2026-07-27": ""}),
    (
        "R-47",
        "waived about the miss",
        [*TWICE, decided("waived", 2, "2026-07-27")],
        {"2026-07-26": SECOND, "2026-07-27": ""},
    ),
    ("R-47", "imposed about the miss before", [*TWICE, decided("imposed", 1, "2026-07-27")], {"2026-07-27": SECOND}),
    (
        "R-47",
        "a statement answers what is due by its day",
        [*TWICE, statement("2026-07-27", "R-47"), miss(3, "2026-08-03")],
        {"2026-07-26": SECOND, "2026-07-27": "", "2026-08-03": "third 2026-08-03"},
    ),
]
