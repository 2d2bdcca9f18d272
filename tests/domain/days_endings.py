"""Rows for the day table: what ends a strategy, R-17, R-17b, R-19, R-39 (Fachkonzept 3.2)."""

from __future__ import annotations

from tests.domain.days import JA, Rows, alg1, appears, approved, bar, ended, explained, fact, works
from tests.golden import Line


def gap(last: str, again: str | None = None) -> list[Line]:
    return [fact("benefit-ended", last), *([fact("benefit-started", again)] if again else [])]


def other(kind: str, on: str) -> Line:
    return fact("non-strategy-bar-set", on, kind=kind)


def review(on: str, outcome: str) -> Line:
    return fact("strategy-reviewed", on, outcome=outcome)


LOST = [bar(), *works("2024-03-01", "2024-04-30"), fact("benefit-started", "2024-05-10")]
WORKED = [bar(), *works("2024-03-01", "2024-04-30"), fact("benefit-started", "2024-03-10")]
MINIJOB = [bar(), *works("2024-03-01", "2024-04-30", kind="geringfuegig"), fact("benefit-started", "2024-05-10")]
OLD = "new-bar 2024-05-10"
GAP = [bar(), *gap("2024-03-31", "2024-04-08")]
END, NONE = "end-strategy 2024-03-01", {"2024-03-01": "", "2024-03-20": ""}
WORK = other("abschlussarbeiten", "2024-03-01")
BY_JOB = [bar(), ended("2024-03-01", reason="employment")]

TABLE: Rows = [
    ("R-17", "on the first working day", [*JA, *works("2024-03-01")], appears("end-strategy", "2024-03-01")),
    ("R-17", "self-employed", [bar(), *works("2024-03-01", kind="selbstaendig")], {"2024-03-01": END}),
    ("R-17", "a Minijob lets the strategy go on", [bar(), *works("2024-03-01", kind="geringfuegig")], NONE),
    ("R-17", "no bar open", [bar("2024-03-02"), *works("2024-03-01")], {"2024-03-01": "", "2024-03-02": ""}),
    ("R-17", "a bar of that day", [bar("2024-03-01"), *works("2024-03-01")], {"2024-03-01": END}),
    (
        "R-17",
        "the bar is open through its last day",
        [bar(), *works("2024-03-01"), ended("2024-03-10")],
        {"2024-03-10": END, "2024-03-11": ""},
    ),
    ("R-17", "another bar", [bar(), *works("2024-03-01"), bar("2024-03-10", "entwicklung")], {"2024-03-10": ""}),
    ("R-17", "the job is over, the bar is not", [bar(), *works("2024-03-01", "2024-03-05")], {"2024-04-01": END}),
    *[
        (
            "R-17",
            f"reviewed: {outcome}",
            [bar(), *works("2024-03-01"), review("2024-03-10", outcome)],
            {"2024-03-09": END, "2024-03-10": after},
        )
        for outcome, after in (("continue", ""), ("extend", ""), ("change", END))
    ],
    (
        "R-17",
        "reviewed before the job",
        [bar(), *works("2024-03-01"), review("2024-02-29", "continue")],
        {"2024-03-01": END},
    ),
    (
        "R-17",
        "an approval",
        [bar(), *works("2024-03-01"), approved("2024-03-10", "2024-06-30")],
        {"2024-03-09": END, "2024-03-10": "", "2024-07-02": ""},
    ),
    ("R-17", "ALG I does not suspend", [bar(), *works("2024-03-01"), *alg1("2024-03-05")], {"2024-03-10": END}),
    (
        "R-17",
        "explained",
        [bar(), *works("2024-03-01"), explained("2024-03-05", "R-17", "2024-03-20")],
        {"2024-03-04": END, "2024-03-05": "", "2024-03-21": "end-strategy 2024-03-21"},
    ),
    ("R-17", "closed", [bar(), *works("2024-03-01"), fact("case-closed", "2024-03-10")], {"2024-03-10": ""}),
    ("R-17b", "benefit runs again", LOST, appears("new-bar", "2024-05-10")),
    (
        "R-17b",
        "the day after the job, where benefit had begun before",
        [bar(), *works("2024-03-01", "2024-04-30"), fact("benefit-started", "2024-04-10")],
        appears("new-bar", "2024-05-01"),
    ),
    ("R-17b", "a Minijob lets the strategy go on", MINIJOB, {"2024-05-10": "", "2024-06-01": ""}),
    (
        "R-17b",
        "benefit that started and ended during the job",
        [*WORKED, *gap("2024-03-20")],
        {"2024-05-01": "", "2024-06-01": ""},
    ),
    (
        "R-17b",
        "benefit that starts once more after the job",
        [*WORKED, *gap("2024-03-20", "2024-05-10")],
        appears("new-bar", "2024-05-10"),
    ),
    ("R-17b", "a new bar", [*LOST, bar("2024-05-20")], {"2024-05-19": OLD, "2024-05-20": ""}),
    ("R-17b", "ended", [*LOST, ended("2024-05-20")], {"2024-05-20": OLD, "2024-05-21": ""}),
    (
        "R-17b",
        "ALG I suspends",
        [*LOST, *alg1("2024-05-15", "2024-05-31")],
        {"2024-05-14": OLD, "2024-05-15": "", "2024-05-31": "", "2024-06-01": "new-bar 2024-06-01"},
    ),
    ("R-19", "a gap of 7 days", GAP, appears("gap", "2024-04-08")),
    ("R-19", "a gap of 6 days", [bar(), *gap("2024-03-31", "2024-04-07")], {"2024-04-07": "", "2024-04-30": ""}),
    ("R-19", "a gap that goes on", [bar(), *gap("2024-03-31")], appears("gap", "2024-04-08")),
    (
        "R-19",
        "a new client under an older bar",
        [bar(), fact("new-client-registered", "2024-04-03")],
        appears("gap", "2024-04-03"),
    ),
    (
        "R-19",
        "registered in the gap, one cause",
        [bar(), *gap("2024-03-31", "2024-04-20"), fact("benefit-reapplied", "2024-04-03")],
        {"2024-04-02": "", "2024-04-03": "gap 2024-04-03", "2024-04-08": "gap 2024-04-03"},
    ),
    (
        "R-19",
        "registered in a short gap, and on the day after it",
        [bar(), *gap("2024-03-31", "2024-04-03"), fact("benefit-reapplied", "2024-04-03")],
        {"2024-04-02": "", "2024-04-03": "gap 2024-04-03"},
    ),
    (
        "R-19",
        "registered late in the gap",
        [bar(), *gap("2024-03-31", "2024-04-30"), fact("benefit-reapplied", "2024-04-15")],
        {"2024-04-15": "gap 2024-04-08"},
    ),
    ("R-19", "a bar of that day", [bar("2024-04-03"), fact("benefit-reapplied", "2024-04-03")], {"2024-04-03": ""}),
    ("R-19", "a bar set in the gap", [bar("2024-04-01"), *gap("2024-03-31")], {"2024-04-08": ""}),
    ("R-19", "ended", [*GAP, ended("2024-04-10")], {"2024-04-10": "gap 2024-04-08", "2024-04-11": ""}),
    (
        "R-19",
        "confirmed after the gap began",
        [*GAP, review("2024-04-01", "continue")],
        {"2024-04-08": ""},
    ),
    ("R-19", "confirmed before", [*GAP, review("2024-03-31", "continue")], {"2024-04-08": "gap 2024-04-08"}),
    ("R-19", "extended is not confirmed", [*GAP, review("2024-04-01", "extend")], {"2024-04-08": "gap 2024-04-08"}),
    (
        "R-19",
        "explained",
        [*GAP, explained("2024-04-10", "R-19", "2024-04-20")],
        {"2024-04-10": "", "2024-04-21": "gap 2024-04-21"},
    ),
    ("R-39", "8 weeks", [WORK], appears("closing", "2024-04-26")),
    ("R-39", "14 days after a job ended the strategy", BY_JOB, appears("closing", "2024-03-15")),
    ("R-39", "ended for another reason", [bar(), ended("2024-03-01", reason="alg1")], {"2024-03-15": ""}),
    (
        "R-39",
        "Fallaktenabschluss",
        [WORK, other("fallaktenabschluss", "2024-05-06")],
        {"2024-05-05": "closing 2024-04-26", "2024-05-06": ""},
    ),
    ("R-39", "a new strategy", [WORK, bar("2024-05-06")], {"2024-05-05": "closing 2024-04-26", "2024-05-06": ""}),
    (
        "R-39",
        "over",
        [WORK, fact("non-strategy-bar-ended", "2024-05-06", kind="abschlussarbeiten")],
        {"2024-05-06": "closing 2024-04-26", "2024-05-07": ""},
    ),
    (
        "R-39",
        "a later bar answers, and counts for itself",
        [*BY_JOB, other("abschlussarbeiten", "2024-03-20")],
        {"2024-03-19": "closing 2024-03-15", "2024-03-20": "", "2024-05-15": "closing 2024-05-15"},
    ),
    ("R-39", "the case is closed", [WORK, fact("case-closed", "2024-05-06")], {"2024-05-06": ""}),
]
