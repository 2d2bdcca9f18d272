"""Rows for the day table: contact, aims, jobs, measures, support: R-21 to R-27, R-41, R-45, R-46 (Fachkonzept 3.2)."""

from __future__ import annotations

from typing import Any

from tests.domain.days import FM, JA, Rows, about, alg1, appears, bar, care, ended, fact, planned, works
from tests.domain.days_development import held, necessity
from tests.golden import Line


def missed(cause: str, on: str = "2024-04-20", recorded: str | None = None) -> Line:
    return fact("appointment-missed", on, recorded, appointment="t-1", good_cause=cause)


def sanction(step: str, on: str, thing: str = "t-1") -> Line:
    return fact(f"sanction-{step}", on, appointment=thing, reason="x")


def contact(on: str, **data: str) -> Line:
    return fact("contact-held", on, channel="phone", direction="out", **data)


def wish(on: str, clear: bool, **data: Any) -> Line:
    return fact("wish-to-work-expressed", on, clear=clear, **data)


def statement(on: str, rule: str) -> Line:
    return fact("case-statement-given", on, category="other", rule=rule)


def measure(first: str, kind: str, last: str | None = None, **data: Any) -> list[Line]:
    end = [fact("measure-ended", last, measure="m-1")] if last else []
    return [fact("measure-started", first, measure="m-1", type=kind, **data), *end]


def support(on: str, kind: str = "mobilitaet") -> Line:
    return fact("support-granted", on, support="s-1", type=kind)


def prognosis(on: str, probable: bool = True) -> Line:
    return fact("prognosis-recorded", on, probable=probable)


def agreed(on: str) -> Line:
    return fact("support-strategy-agreed", on, goals=["x"])


def asked(on: str) -> Line:
    return fact("wish-to-work-asked", on)


def reprofiled(on: str) -> Line:
    return fact("reprofiled", on)


OPEN, REFUSED = [planned("2024-04-20"), missed("open")], [planned("2024-04-20"), missed("no")]
DECISION = "decision 2024-05-04"
OPENED = fact("case-opened", "2024-01-15")
GA = [bar("2024-01-15", "grundbetreuung-aktivierbar")]
E = [bar("2024-01-15", "entwicklung")]
WISH, CLEAR = [*E, care("fallmanagement"), asked("2024-03-01"), wish("2024-03-01", True)], "clear 2024-03-01"
GOOD, WHY = [*E, care("fallmanagement"), prognosis("2024-03-01")], "why-not-steered 2024-03-01"
UNTRAINED = fact("client-attributes-recorded", "2024-01-15", qualification="none")
ADVICE = fact("qualification-advice-given", "2024-03-20")
HELPER = fact("employment-started", "2024-03-01", employment="j-1", kind="geringfuegig", level="helfer")
OVER = [*E, *measure("2024-02-01", "coaching", "2024-03-01")]
FBW = measure("2025-02-03", "fbw", planned_end="2025-09-30")
PACE = [bar(), *measure("2024-03-01", "pace")]
SIGN, COMING = [*FM, support("2024-03-28")], "coming-job 2024-04-04"

TABLE: Rows = [
    ("R-21", "the cause is open", OPEN, appears("cause", "2024-05-04")),
    ("R-21", "no good cause", REFUSED, appears("decision", "2024-05-04")),
    ("R-21", "a good cause", [planned("2024-04-20"), missed("yes")], {"2024-05-04": ""}),
    (
        "R-21",
        "the cause is said later",
        [*OPEN, missed("no", recorded="2024-05-10") | {"id": "second"}],
        {"2024-05-03": "", "2024-05-04": DECISION},
    ),
    ("R-21", "waived", [*REFUSED, sanction("waived", "2024-05-10")], {"2024-05-09": DECISION, "2024-05-10": ""}),
    ("R-21", "imposed", [*REFUSED, sanction("imposed", "2024-05-10")], {"2024-05-10": ""}),
    ("R-21", "of another appointment", [*REFUSED, sanction("waived", "2024-05-10", "t-2")], {"2024-05-10": DECISION}),
    ("R-21", "held after all", [*REFUSED, about("held", "2024-04-20", "2024-05-10")], {"2024-05-10": ""}),
    ("R-23", "12 months since the case was opened", [OPENED], appears("no-contact", "2025-01-15")),
    ("R-23", "since the last contact", [OPENED, contact("2024-03-01")], appears("no-contact", "2025-03-01")),
    ("R-23", "since the last support", [OPENED, support("2024-03-01")], appears("no-contact", "2025-03-01")),
    ("R-23", "by video counts", [OPENED, held("2024-03-01", channel="video")], {"2025-02-28": ""}),
    (
        "R-23",
        "not reached",
        [OPENED, contact("2024-03-01", outcome="not-reached")],
        {"2025-01-15": "no-contact 2025-01-15"},
    ),
    (
        "R-23",
        "reached again",
        [OPENED, contact("2025-01-20")],
        {"2025-01-19": "no-contact 2025-01-15", "2025-01-20": ""},
    ),
    (
        "R-23",
        "ALG I",
        [OPENED, *alg1("2025-01-10", "2025-01-31")],
        {"2025-01-15": "", "2025-02-01": "no-contact 2025-02-01"},
    ),
    ("R-23b", "28 days in Integration", [bar()], appears("interval", "2024-02-12")),
    ("R-23b", "6 months in Grundbetreuung aktivierbar", GA, appears("interval", "2024-07-15")),
    ("R-23b", "off in Entwicklung", E, {"2024-02-12": "", "2024-07-15": ""}),
    ("R-23b", "since the last contact", [bar(), contact("2024-02-01")], appears("interval", "2024-02-29")),
    ("R-23b", "not before the bar", [bar(), contact("2023-06-01")], appears("interval", "2024-01-15")),
    (
        "R-23b",
        "the interval of the case, to its last day",
        [bar(), fact("contact-interval-set", "2024-01-20", days=60, until="2024-03-31", reason="x")],
        {"2024-02-12": "", "2024-03-15": "interval 2024-03-15", "2024-04-01": "interval 2024-02-12"},
    ),
    (
        "R-23b",
        "an interval asks for nothing before it was set",
        [
            *[bar(strategy="grundbetreuung-passiv"), contact("2024-01-20")],
            fact("contact-interval-set", "2024-06-01", days=14, reason="x"),
        ],
        appears("interval", "2024-06-01"),
    ),
    (
        "R-23b",
        "not needed",
        [bar(), necessity("2024-02-10", False, valid_until="2024-02-20")],
        {"2024-02-12": "", "2024-02-21": "interval 2024-02-21"},
    ),
    (
        "R-23b",
        "ALG I",
        [bar(), *alg1("2024-02-10", "2024-02-20")],
        {"2024-02-12": "", "2024-02-21": "interval 2024-02-21"},
    ),
    ("R-22", "a clear wish and no plan", WISH, appears("clear", "2024-03-01")),
    ("R-22", "never asked", E, appears("ask", "2024-07-15")),
    ("R-22", "asked", [*E, asked("2024-03-01")], appears("ask", "2024-09-01")),
    ("R-22", "unclear", [*E, wish("2024-03-01", False)], {"2024-02-29": "", "2024-03-01": "ask 2024-03-01"}),
    (
        "R-22",
        "unclear, then asked",
        [*E, wish("2024-03-01", False), asked("2024-03-05")],
        {"2024-03-04": "ask 2024-03-01", "2024-03-05": ""},
    ),
    ("R-22", "agreed", [*WISH, agreed("2024-03-10")], {"2024-03-09": CLEAR, "2024-03-10": ""}),
    ("R-22", "agreed before", [*WISH, agreed("2024-02-28")], {"2024-03-01": CLEAR}),
    ("R-22", "steered", [*WISH, care("av-ags", "2024-03-10")], {"2024-03-09": CLEAR, "2024-03-10": ""}),
    ("R-22", "Integration", [*WISH, bar("2024-03-10")], {"2024-03-10": ""}),
    ("R-22", "ALG I", [*WISH, *alg1("2024-03-05", "2024-03-10")], {"2024-03-05": "", "2024-03-11": "clear 2024-03-11"}),
    ("R-27", "a good prognosis", GOOD, appears("why-not-steered", "2024-03-01")),
    ("R-27", "in the Jobakademie", [*JA, prognosis("2024-03-01")], {"2024-03-01": ""}),
    ("R-27", "not probable", [*FM, prognosis("2024-03-01", probable=False)], {"2024-03-01": ""}),
    ("R-27", "a statement", [*GOOD, statement("2024-03-10", "R-27")], {"2024-03-09": WHY, "2024-03-10": ""}),
    ("R-27", "about another rule", [*GOOD, statement("2024-03-10", "R-45")], {"2024-03-10": WHY}),
    ("R-27", "steered", [*GOOD, care("jobakademie", "2024-03-10")], {"2024-03-10": ""}),
    ("R-27", "ALG I", [*GOOD, *alg1("2024-03-05", "2024-03-10")], {"2024-03-05": ""}),
    (
        "R-41",
        "a helper job wished",
        [UNTRAINED, wish("2024-03-01", True, level="helfer")],
        appears("advice", "2024-03-29"),
    ),
    ("R-41", "a helper job begun", [UNTRAINED, HELPER], appears("advice", "2024-03-29")),
    ("R-41", "trained", [wish("2024-03-01", True, level="helfer")], {"2024-03-29": ""}),
    ("R-41", "advised since", [UNTRAINED, wish("2024-03-01", True, level="helfer"), ADVICE], {"2024-03-29": ""}),
    (
        "R-41",
        "advised more than a year before",
        [UNTRAINED, wish("2025-03-20", True, level="helfer"), ADVICE],
        {"2025-04-17": "advice 2025-04-17"},
    ),
    (
        "R-41",
        "advised less than a year before",
        [UNTRAINED, wish("2025-03-19", True, level="helfer"), ADVICE],
        {"2025-04-17": ""},
    ),
    ("R-41", "a helper job beside benefit", [HELPER], appears("stabilise", "2024-06-01")),
    (
        "R-41",
        "contact since",
        [HELPER, contact("2024-06-10")],
        {"2024-06-09": "stabilise 2024-06-01", "2024-06-10": "", "2024-09-10": "stabilise 2024-09-10"},
    ),
    ("R-41", "contact before", [HELPER, contact("2024-05-31")], {"2024-06-01": "stabilise 2024-06-01"}),
    (
        "R-41",
        "out of benefit",
        [HELPER, fact("benefit-ended", "2024-06-10")],
        {"2024-06-10": "stabilise 2024-06-01", "2024-06-11": ""},
    ),
    ("R-25", "14 days after", works("2024-03-01"), appears("origin", "2024-03-15")),
    ("R-25", "a Minijob", works("2024-03-01", kind="geringfuegig"), {"2024-03-15": ""}),
    (
        "R-25",
        "entered",
        [*works("2024-03-01"), fact("employment-statistics-entered", "2024-03-20", employment="j-1", origin="placed")],
        {"2024-03-19": "origin 2024-03-15", "2024-03-20": ""},
    ),
    ("R-26", "14 days after a measure", OVER, appears("reprofile", "2024-03-15")),
    ("R-26", "renewed", [*OVER, reprofiled("2024-03-20")], {"2024-03-19": "reprofile 2024-03-15", "2024-03-20": ""}),
    ("R-26", "renewed before", [*OVER, reprofiled("2024-02-29")], {"2024-03-15": "reprofile 2024-03-15"}),
    (
        "R-26",
        "a need that ended",
        [fact("need-closed", "2024-03-01", need="n-1", goal_reached="full")],
        {"2024-03-15": "reprofile 2024-03-15"},
    ),
    ("R-26", "three months before an FbW ends", FBW, appears("graduate", "2025-06-30")),
    (
        "R-26",
        "an appointment planned since",
        [*FBW, planned("2025-08-01", "2025-07-10")],
        {"2025-07-09": "graduate 2025-06-30", "2025-07-10": ""},
    ),
    *[
        (
            "R-26",
            f"an appointment planned since and {status}",
            [
                *[*FBW, planned("2025-07-20", "2025-07-10")],
                fact(f"appointment-{status}", "2025-07-20", "2025-07-20", appointment="t-1", **said),
            ],
            {"2025-07-10": "", "2025-07-20": after, "2025-08-20": after},
        )
        for status, said, after in (
            ("held", {}, ""),
            ("missed", {"good_cause": "yes"}, ""),
            ("cancelled", {}, "graduate 2025-06-30"),
        )
    ],
    ("R-26", "planned before", [*FBW, planned("2025-08-01", "2025-06-29")], {"2025-06-30": "graduate 2025-06-30"}),
    ("R-26", "begun in 2024", measure("2024-12-31", "fbw", planned_end="2025-09-30"), {"2025-06-30": ""}),
    ("R-26", "another type", measure("2025-02-03", "coaching", planned_end="2025-09-30"), {"2025-06-30": ""}),
    ("R-45", "for the personality under Integration", PACE, appears("misfit", "2024-03-01")),
    (
        "R-45",
        "the bar comes later",
        [*measure("2024-03-01", "pace"), bar("2024-03-10")],
        appears("misfit", "2024-03-10"),
    ),
    ("R-45", "another aim", [bar(), *measure("2024-03-01", "sprachkurs")], {"2024-03-01": ""}),
    ("R-45", "another strategy", [*E, *measure("2024-03-01", "pace")], {"2024-03-01": ""}),
    (
        "R-45",
        "a statement",
        [*PACE, statement("2024-03-10", "R-45")],
        {"2024-03-09": "misfit 2024-03-01", "2024-03-10": ""},
    ),
    (
        "R-45",
        "over",
        [bar(), *measure("2024-03-01", "pace", "2024-03-10")],
        {"2024-03-10": "misfit 2024-03-01", "2024-03-11": ""},
    ),
    ("R-45", "the bar ended", [*PACE, ended("2024-03-10")], {"2024-03-10": "misfit 2024-03-01", "2024-03-11": ""}),
    ("R-46", "on the third working day, over Easter", SIGN, appears("coming-job", "2024-04-04")),
    ("R-46", "no sign", [*FM, support("2024-03-28", "coaching")], {"2024-04-04": ""}),
    ("R-46", "in the Jobakademie", [*JA, support("2024-03-28")], {"2024-04-04": ""}),
    (
        "R-46",
        "steered, and left again",
        [*SIGN, care("av-ags", "2024-04-08"), care("fallmanagement", "2024-04-10")],
        {"2024-04-07": COMING, "2024-04-08": "", "2024-04-12": ""},
    ),
    ("R-46", "a job", [*SIGN, *works("2024-04-08", kind="geringfuegig")], {"2024-04-07": COMING, "2024-04-08": ""}),
    ("R-46", "a statement", [*SIGN, statement("2024-04-08", "R-46")], {"2024-04-08": ""}),
    (
        "R-46",
        "ALG I",
        [*SIGN, *alg1("2024-04-01", "2024-04-10")],
        {"2024-04-04": "", "2024-04-11": "coming-job 2024-04-11"},
    ),
]
