"""Rows for the day table: whose a case is, which strategy is chosen: R-01, R-08, R-08b, R-15, R-16, R-29, R-40."""

from __future__ import annotations

from tests.domain.days import FM, JA, Rows, alg1, appears, bar, care, ended, fact, reviewed
from tests.golden import Line


def field(on: str, strategy: str) -> Line:
    return fact("strategy-field-changed", on, strategy=strategy)


def offer(on: str, strategy: str = "integration") -> Line:
    to = {"to_worker": "w-2", "to_unit": "56.4", "to_area": "jobakademie"}
    return fact("handover-initiated", on, intended_strategy=strategy, **to)


def accepted(on: str, strategy: str = "integration") -> Line:
    return fact("handover-accepted", on, strategy=strategy)


def prognosis(on: str) -> Line:
    return fact("prognosis-recorded", on, probable=False)


OPENED = fact("case-opened", "2024-01-15")
E, GP = [bar("2024-01-15", "entwicklung")], [bar("2024-01-15", "grundbetreuung-passiv")]
NO_BAR, CHECK, DUE = "no-bar 2024-01-30", "check 2024-07-15", "accept 2024-03-15"
THERE = [*E, care("jobakademie", "2024-03-01")]
APART = [*E, field("2024-03-01", "integration")]
NEW = [*E, care("fallmanagement"), care("fallmanagement", "2024-03-01", worker="w-2")]

TABLE: Rows = [
    ("R-01", "more than 14 days since the case was opened", [OPENED], appears("no-bar", "2024-01-30")),
    (
        "R-01",
        "since the day after the bar",
        [OPENED, bar("2024-01-20"), ended("2024-03-01")],
        appears("no-bar", "2024-03-17"),
    ),
    ("R-01", "a strategy", [OPENED, bar("2024-02-05")], {"2024-02-04": NO_BAR, "2024-02-05": ""}),
    (
        "R-01",
        "another bar",
        [OPENED, fact("non-strategy-bar-set", "2024-02-05", kind="keine-hs-alg1")],
        {"2024-02-04": NO_BAR, "2024-02-05": ""},
    ),
    ("R-01", "not in benefit", [OPENED, fact("benefit-ended", "2024-02-05")], {"2024-02-05": NO_BAR, "2024-02-06": ""}),
    ("R-01", "ALG I does not suspend", [OPENED, *alg1("2024-01-20")], {"2024-01-30": NO_BAR}),
    ("R-01", "closed", [OPENED, fact("case-closed", "2024-02-05")], {"2024-02-05": ""}),
    ("R-08", "on the first day", [bar()], appears("prognosis", "2024-01-15")),
    ("R-08", "another strategy", E, {"2024-01-15": ""}),
    ("R-08", "14 days before", [bar(), prognosis("2024-01-01")], {"2024-01-15": "", "2024-02-15": ""}),
    ("R-08", "15 days before", [bar(), prognosis("2023-12-31")], {"2024-01-15": "prognosis 2024-01-15"}),
    (
        "R-08",
        "later",
        [bar(), prognosis("2024-02-15")],
        {"2024-02-14": "prognosis 2024-01-15", "2024-02-15": ""},
    ),
    ("R-08", "ALG I", [bar(), *alg1("2024-01-10", "2024-01-20")], {"2024-01-21": "prognosis 2024-01-21"}),
    ("R-08b", "Entwicklung in the Jobakademie", THERE, appears("mismatch", "2024-03-01")),
    ("R-08b", "Integration there", JA, {"2024-01-15": "", "2024-02-15": ""}),
    (
        "R-08b",
        "another strategy and the other area go on with it",
        [*THERE, bar("2024-03-10", "grundbetreuung-passiv"), care("av-ags", "2024-03-20")],
        {"2024-03-25": "mismatch 2024-03-01"},
    ),
    ("R-08b", "changed", [*THERE, bar("2024-03-10")], {"2024-03-09": "mismatch 2024-03-01", "2024-03-10": ""}),
    ("R-08b", "given back", [*THERE, care("fallmanagement", "2024-03-10")], {"2024-03-10": ""}),
    (
        "R-08b",
        "a statement does not resolve it",
        [*THERE, fact("case-statement-given", "2024-03-05", category="other", rule="R-08b")],
        {"2024-03-10": "mismatch 2024-03-01"},
    ),
    ("R-15", "14 days after the offer", [*E, offer("2024-03-01")], appears("accept", "2024-03-15")),
    (
        "R-15",
        "rejected",
        [*E, offer("2024-03-01"), fact("handover-rejected", "2024-03-20", reason="x")],
        {"2024-03-19": DUE, "2024-03-20": ""},
    ),
    (
        "R-15",
        "withdrawn",
        [*E, offer("2024-03-01"), fact("handover-withdrawn", "2024-03-20", reason="x")],
        {"2024-03-19": DUE, "2024-03-20": ""},
    ),
    ("R-15", "accepted, bar and field missing", [*E, offer("2024-03-01"), accepted("2024-03-10")], {"2024-03-15": DUE}),
    (
        "R-15",
        "the field missing",
        [*E, offer("2024-03-01"), accepted("2024-03-10"), bar("2024-03-10")],
        {"2024-03-15": DUE},
    ),
    (
        "R-15",
        "the bar missing",
        [*E, offer("2024-03-01"), accepted("2024-03-10"), field("2024-03-10", "integration")],
        {"2024-03-15": DUE},
    ),
    (
        "R-15",
        "all three",
        [*E, offer("2024-03-01"), accepted("2024-03-10"), bar("2024-03-18"), field("2024-03-20", "integration")],
        {"2024-03-19": DUE, "2024-03-20": "", "2024-04-20": ""},
    ),
    (
        "R-15",
        "the field said it before the offer",
        [*E, field("2024-02-10", "integration"), offer("2024-03-01"), accepted("2024-03-10"), bar("2024-03-18")],
        {"2024-03-17": DUE, "2024-03-18": ""},
    ),
    (
        "R-15",
        "the field said it until it was accepted",
        [
            *[*E, offer("2024-03-01"), field("2024-03-02", "integration"), field("2024-03-09", "entwicklung")],
            *[accepted("2024-03-10"), bar("2024-03-10"), field("2024-03-20", "integration")],
        ],
        {"2024-03-19": DUE, "2024-03-20": ""},
    ),
    (
        "R-15",
        "the strategy stays",
        [*E, offer("2024-03-01", "entwicklung"), accepted("2024-03-10", "entwicklung")],
        {"2024-03-15": ""},
    ),
    ("R-15", "offered anew", [*E, offer("2024-03-01"), offer("2024-03-10")], appears("accept", "2024-03-24")),
    ("R-16", "more than 3 days", APART, appears("divergence", "2024-03-05")),
    ("R-16", "no field", E, {"2024-01-19": "", "2024-03-05": ""}),
    ("R-16", "the bar", [*APART, bar("2024-03-10")], {"2024-03-09": "divergence 2024-03-05", "2024-03-10": ""}),
    ("R-16", "the field", [*APART, field("2024-03-10", "entwicklung")], {"2024-03-10": ""}),
    (
        "R-16",
        "another bar that differs goes on with it",
        [*APART, bar("2024-03-03", "grundbetreuung-passiv")],
        {"2024-03-05": "divergence 2024-03-05"},
    ),
    ("R-16", "no open bar", [*APART, ended("2024-03-10")], {"2024-03-10": "divergence 2024-03-05", "2024-03-11": ""}),
    (
        "R-16",
        "two bars of one day",
        [*E, {**bar("2024-01-15", "integration"), "id": "other"}],
        {"2024-01-14": "", "2024-01-15": "divergence 2024-01-15", "2024-03-01": "divergence 2024-01-15"},
    ),
    (
        "R-16",
        "ended for the new one after that began",
        [*E, bar("2024-03-01"), ended("2024-03-05", reason="new-strategy")],
        {"2024-03-04": "", "2024-03-05": "divergence 2024-03-01", "2024-03-20": "divergence 2024-03-01"},
    ),
    (
        "R-16",
        "one after the other, each ended for the next",
        [*E, ended("2024-02-29", reason="new-strategy"), bar("2024-03-01"), ended("2024-03-20", reason="new-strategy")],
        {"2024-03-01": "", "2024-03-20": "", "2024-03-21": ""},
    ),
    (
        "R-16",
        "ended for the new one on its first day",
        [*E, bar("2024-03-01"), ended("2024-03-01", reason="new-strategy")],
        {"2024-03-05": ""},
    ),
    ("R-29", "14 days after", NEW, appears("inherited", "2024-03-15")),
    ("R-29", "the same worker", [*FM, care("jobakademie", "2024-03-01")], {"2024-03-15": ""}),
    ("R-29", "an accepted handover 3 days before", [*NEW, accepted("2024-02-27", "entwicklung")], {"2024-03-15": ""}),
    ("R-29", "4 days before", [*NEW, accepted("2024-02-26", "entwicklung")], {"2024-03-15": "inherited 2024-03-15"}),
    ("R-29", "reviewed", [*NEW, reviewed("2024-03-20")], {"2024-03-19": "inherited 2024-03-15", "2024-03-20": ""}),
    ("R-29", "reviewed the day before", [*NEW, reviewed("2024-02-29")], {"2024-03-15": "inherited 2024-03-15"}),
    ("R-29", "a bar of that day", [*NEW, bar("2024-03-01", "entwicklung")], {"2024-03-15": ""}),
    ("R-29", "the next assignment", [*NEW, care("fallmanagement", "2024-03-20", worker="w-2")], {"2024-03-20": ""}),
    ("R-29", "no bar", NEW[1:], {"2024-03-15": ""}),
    (
        "R-29",
        "ALG I",
        [*NEW, *alg1("2024-03-10", "2024-03-20")],
        {"2024-03-15": "", "2024-03-21": "inherited 2024-03-21"},
    ),
    ("R-40", "Entwicklung for 6 months", E, appears("check", "2024-07-15")),
    ("R-40", "Grundbetreuung for 12", GP, appears("check", "2025-01-15")),
    ("R-40", "not Integration", [bar()], {"2024-07-15": "", "2025-01-15": ""}),
    (
        "R-40",
        "6 months after the review",
        [*E, reviewed("2024-07-20")],
        {"2024-07-19": CHECK, "2024-07-20": "", "2025-01-19": "", "2025-01-20": "check 2025-01-20"},
    ),
    (
        "R-40",
        "12 months after that of Grundbetreuung",
        [*GP, reviewed("2025-02-01")],
        {"2026-01-31": "", "2026-02-01": "check 2026-02-01"},
    ),
    ("R-40", "an earlier review", [*E, reviewed("2024-07-14")], {"2024-07-15": CHECK}),
    ("R-40", "through its last day", [*E, ended("2024-08-01")], {"2024-08-01": CHECK, "2024-08-02": ""}),
    ("R-40", "ALG I", [*E, *alg1("2024-07-10", "2024-07-31")], {"2024-07-15": "", "2024-08-01": "check 2024-08-01"}),
]
