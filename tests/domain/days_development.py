"""Rows for the day table: appointments in the strategy Entwicklung, R-09 to R-13 (Fachkonzept 3.2, golden G5)."""

from __future__ import annotations

from tests.domain.days import Rows, about, alg1, appears, bar, ended, explained, fact, planned
from tests.golden import Line


def held(on: str, thing: str = "h-1", **data: str) -> Line:
    return fact("appointment-held", on, appointment=thing, **data)


def invited(on: str) -> Line:
    return fact("appointment-invited", on, appointment="i-1")


def necessity(on: str, needed: bool, **data: str) -> Line:
    return fact("appointment-necessity-decided", on, needed=needed, **data)


def measure(first: str, last: str | None = None) -> list[Line]:
    end = [fact("measure-ended", last, measure="m-1")] if last else []
    return [fact("measure-started", first, measure="m-1"), *end]


E = [bar("2024-01-15", "entwicklung")]
G5 = [bar("2019-10-01", "entwicklung"), held("2020-01-06")]
SIX, TWO, HALF = "six-weeks 2024-02-26", "invite 2024-03-16", "six-months 2024-04-15"
NEED = "necessity 2024-02-26"

TABLE: Rows = [
    ("R-09", "on the third working day", E, appears("missing", "2024-01-18")),
    (
        "R-09",
        "over Easter, public holidays and weekend left out",
        [bar("2024-03-28", "entwicklung")],
        appears("missing", "2024-04-04"),
    ),
    ("R-09", "another strategy", [bar()], {"2024-01-18": "", "2024-02-18": ""}),
    ("R-09", "an appointment two months after", [*E, planned("2024-03-15", "2024-01-16")], {"2024-01-18": ""}),
    (
        "R-09",
        "a later one answers only when the two months are over",
        [*E, planned("2024-03-16", "2024-01-16")],
        {"2024-03-15": "missing 2024-01-18", "2024-03-16": ""},
    ),
    ("R-09", "of the day itself", [*E, held("2024-01-15")], {"2024-01-18": ""}),
    ("R-09", "of the day before", [*E, held("2024-01-14")], {"2024-01-18": "missing 2024-01-18"}),
    (
        "R-09",
        "cancelled",
        [*E, planned("2024-03-01", "2024-01-16"), about("cancelled", "2024-02-01")],
        {"2024-01-31": "", "2024-02-01": "missing 2024-01-18"},
    ),
    (
        "R-09",
        "ALG I suspends",
        [*E, *alg1("2024-01-16", "2024-02-15")],
        {"2024-01-18": "", "2024-02-16": "missing 2024-02-16"},
    ),
    ("R-10", "42 days without any", E, appears("six-weeks", "2024-02-26")),
    ("R-10", "42 days after the last (G5)", G5, appears("six-weeks", "2020-02-17")),
    ("R-10", "not before the bar", [*E, held("2023-06-01")], appears("six-weeks", "2024-01-15")),
    ("R-10", "by video is none", [*E, held("2024-02-20", channel="video")], {"2024-02-26": SIX}),
    (
        "R-10",
        "held",
        [*E, held("2024-03-05")],
        {"2024-03-04": SIX, "2024-03-05": "", "2024-04-16": "six-weeks 2024-04-16"},
    ),
    ("R-10", "through its last day", [*E, ended("2024-03-05")], {"2024-03-05": SIX, "2024-03-06": ""}),
    (
        "R-10",
        "not needed",
        [*E, necessity("2024-03-01", False, valid_until="2024-03-31")],
        {"2024-02-29": SIX, "2024-03-01": "", "2024-03-31": "", "2024-04-01": "six-weeks 2024-04-01"},
    ),
    (
        "R-10",
        "a later decision ends it",
        [*E, necessity("2024-03-01", False), necessity("2024-03-11", True)],
        {"2024-03-10": "", "2024-03-11": "six-weeks 2024-03-11"},
    ),
    (
        "R-10",
        "ALG I",
        [*E, *alg1("2024-03-01", "2024-03-31")],
        {"2024-03-31": "", "2024-04-01": "six-weeks 2024-04-01"},
    ),
    ("R-10", "explained", [*E, explained("2024-03-01", "R-10", "2024-03-31")], {"2024-03-31": ""}),
    ("R-11", "more than two months (G5)", G5, appears("invite", "2020-03-07")),
    ("R-11", "none since the bar", E, appears("invite", "2024-03-16")),
    (
        "R-11",
        "invited (G5)",
        [*G5, invited("2020-03-10")],
        {"2020-03-09": "invite 2020-03-07", "2020-03-10": "", "2020-05-10": "", "2020-05-11": "invite 2020-05-11"},
    ),
    (
        "R-11",
        "planned two months ahead",
        [*E, planned("2024-05-20", "2024-02-01")],
        {"2024-03-19": TWO, "2024-03-20": "", "2024-05-20": "", "2024-05-21": TWO},
    ),
    (
        "R-11",
        "planned for the end of a longer month",
        [*E, planned("2024-04-30", "2024-02-01")],
        {"2024-03-16": "", "2024-04-30": "", "2024-05-01": TWO},
    ),
    (
        "R-11",
        "not needed",
        [*E, necessity("2024-03-20", False, valid_until="2024-04-30")],
        {"2024-03-19": TWO, "2024-03-20": "", "2024-05-01": "invite 2024-05-01"},
    ),
    ("R-11", "ALG I", [*E, *alg1("2024-03-20", "2024-04-30")], {"2024-03-20": "", "2024-05-01": "invite 2024-05-01"}),
    ("R-12", "three months in the strategy, never a talk", E, appears("six-months", "2024-04-15")),
    ("R-12", "six months after the last", [*E, held("2024-01-20")], appears("six-months", "2024-07-20")),
    ("R-12", "a talk long before the bar", [*E, held("2023-12-01")], appears("six-months", "2024-06-01")),
    ("R-12", "not in benefit", [*E, fact("benefit-ended", "2024-04-20")], {"2024-04-20": HALF, "2024-04-21": ""}),
    (
        "R-12",
        "not yet in benefit",
        [*E, fact("benefit-started", "2024-05-01", "2024-04-20")],
        {"2024-04-19": HALF, "2024-04-20": "", "2024-04-30": "", "2024-05-01": HALF},
    ),
    ("R-12", "not needed does not suspend", [*E, necessity("2024-04-20", False)], {"2024-04-20": HALF}),
    (
        "R-12",
        "ALG I",
        [*E, *alg1("2024-04-20", "2024-04-30")],
        {"2024-04-20": "", "2024-05-01": "six-months 2024-05-01"},
    ),
    (
        "R-13",
        "the measure runs when six weeks are full",
        [*E, *measure("2024-02-01")],
        appears("necessity", "2024-02-26"),
    ),
    ("R-13", "the measure begins later", [*E, *measure("2024-03-04")], appears("necessity", "2024-03-04")),
    (
        "R-13",
        "through its last day",
        [*E, *measure("2024-02-01", "2024-03-04")],
        {"2024-03-04": NEED, "2024-03-05": ""},
    ),
    ("R-13", "a talk", [*E, *measure("2024-02-01"), held("2024-03-04")], {"2024-03-03": NEED, "2024-03-04": ""}),
    (
        "R-13",
        "needed, for a while",
        [*E, *measure("2024-02-01"), necessity("2024-03-04", True, valid_until="2024-03-31")],
        {"2024-03-03": NEED, "2024-03-04": "", "2024-03-31": "", "2024-04-01": "necessity 2024-04-01"},
    ),
    (
        "R-13",
        "not needed, for a while",
        [*E, *measure("2024-02-01"), necessity("2024-03-04", False, valid_until="2024-03-31")],
        {"2024-03-03": NEED, "2024-03-04": "", "2024-04-01": "necessity 2024-04-01"},
    ),
    (
        "R-13",
        "ALG I",
        [*E, *measure("2024-02-01"), *alg1("2024-03-04", "2024-03-31")],
        {"2024-03-04": "", "2024-04-01": "necessity 2024-04-01"},
    ),
]
