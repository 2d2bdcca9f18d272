"""When each stage of each rule appears and what makes it go: the day before, the day, the next (Fachkonzept 3.2)."""

from __future__ import annotations

import datetime as dt

import pytest

from domain.clocks import clocks, deductions
from domain.history import sweep
from domain.knowledge import known
from domain.periods import BERLIN, Period
from domain.rules import RULES, DueRow, due_rows
from domain.spans import Span
from domain.timeline import build
from domain.violations import violations
from tests import golden, oracle
from tests.domain import days_aims, days_development, days_documentation, days_endings, days_steering
from tests.domain.days import (
    AV,
    FM,
    JA,
    LATE,
    Days,
    Rows,
    S,
    about,
    alg1,
    appears,
    approved,
    bar,
    care,
    ended,
    explained,
    fact,
    first_approved,
    own,
    own_done,
    planned,
    refused,
    reviewed,
    works,
)
from tests.golden import Line

EVER = dt.datetime(2030, 1, 1, tzinfo=BERLIN)

CLOSED = fact("case-closed", "2024-08-20")
FIRST_OVER = "overdue 2024-10-01, warning-28 2024-09-02, warning-7 2024-09-23"
LIMIT = "interim 2024-04-15, limit 2024-07-15, warning 2024-06-17"
STANDING = {"2024-08-19": LIMIT, "2024-08-20": "", "2024-08-21": ""}


def care_rows(rule: str, area: str) -> list[tuple[str, str, list[Line], Days]]:
    """R-02 and R-03 say the same of their own area."""
    there, other = [bar(), care(area)], "av-ags" if area == "jobakademie" else "jobakademie"
    return [
        (rule, "interim after 3 full months", there, {"2024-04-14": "", "2024-04-15": "interim 2024-04-15"}),
        (
            rule,
            "warning 28 days before the limit",
            [*there, reviewed("2024-04-15")],
            {"2024-06-16": "", "2024-06-17": "warning 2024-06-17", "2024-06-18": "warning 2024-06-17"},
        ),
        (
            rule,
            "limit after 6 full months",
            [*there, reviewed("2024-04-15")],
            {"2024-07-14": "warning 2024-06-17", "2024-07-15": "limit 2024-07-15, warning 2024-06-17"},
        ),
        (
            rule,
            "interim: a review before the due day changes nothing",
            [*there, reviewed("2024-04-14")],
            {"2024-04-15": "interim 2024-04-15"},
        ),
        (
            rule,
            "interim: a review on its due day, recorded later, resolves it",
            [*there, fact("strategy-reviewed", "2024-04-15", "2024-05-20", outcome="continue")],
            {"2024-04-15": "", "2024-05-21": ""},
        ),
        (rule, "left for the other area", [*there, care(other, "2024-08-20")], STANDING),
        (rule, "left for Fallmanagement", [*there, care("fallmanagement", "2024-08-20")], STANDING),
        (rule, "bar ended", [*there, ended("2024-08-19")], STANDING),
        (rule, "bar ended ahead", [*there, ended("2024-08-19", recorded="2024-08-01")], STANDING),
        (rule, "strategy changed", [*there, bar("2024-08-20", "entwicklung")], STANDING),
        (rule, "case closed", [*there, CLOSED], STANDING),
        (
            rule,
            "ALG I suspends, and its days do not count",
            [*there, *alg1("2024-04-20", "2024-05-19")],
            {
                "2024-04-19": "interim 2024-04-15",
                "2024-04-20": "",
                "2024-05-19": "",
                "2024-05-20": "interim 2024-05-20",
                "2024-07-16": "interim 2024-05-20",
                "2024-07-17": "interim 2024-05-20, warning 2024-07-17",
                "2024-08-14": "interim 2024-05-20, limit 2024-08-14, warning 2024-07-17",
            },
        ),
        (
            rule,
            "a running extension suspends, its days count",
            [*there, approved("2024-07-10", "2024-08-31")],
            {
                "2024-07-09": "interim 2024-04-15, warning 2024-06-17",
                "2024-07-10": "",
                "2024-08-31": "",
                "2024-09-01": "interim 2024-09-01, limit 2024-09-01, warning 2024-09-01",
            },
        ),
        (
            rule,
            "a shorter approval of the same request suspends from the first consent to its own last day",
            [*there, first_approved(), approved("2024-07-05", "2024-08-31", request="v-1")],
            {
                "2024-06-24": "interim 2024-04-15, warning 2024-06-17",
                "2024-06-25": "",
                "2024-07-05": "",
                "2024-08-31": "",
                "2024-09-01": "interim 2024-09-01, limit 2024-09-01, warning 2024-09-01",
            },
        ),
        *[
            (
                rule,
                f"an approval that is {step} never suspended, on no day",
                [*there, first_approved(), refused(step, "2024-07-05")],
                {"2024-06-30": "interim 2024-04-15, warning 2024-06-17", "2024-07-15": LIMIT, "2024-08-19": LIMIT},
            )
            for step in ("rejected", "withdrawn")
        ],
        (
            rule,
            "a shorter approval recorded ahead leaves the first consent its days",
            [*there, first_approved(), approved("2024-07-05", "2024-08-31", "2024-06-28", "v-1")],
            {
                "2024-07-01": "",
                "2024-07-04": "",
                "2024-09-01": "interim 2024-09-01, limit 2024-09-01, warning 2024-09-01",
            },
        ),
        (
            rule,
            "a question about a request takes nothing back",
            [*there, first_approved(), refused("returned", "2024-07-05")],
            {"2024-07-15": "", "2025-01-15": ""},
        ),
        (
            rule,
            "approved again after a rejection",
            [
                *there,
                first_approved(),
                refused("rejected", "2024-07-05"),
                approved("2024-07-20", "2024-08-31", None, "v-1"),
            ],
            {"2024-06-30": "interim 2024-04-15, warning 2024-06-17", "2024-07-19": LIMIT, "2024-08-31": ""},
        ),
        (
            rule,
            "a pause set by a lead moves the day",
            [*there, fact("clock-pause-started", "2024-04-10", reason="x"), fact("clock-pause-ended", "2024-04-19")],
            {"2024-04-15": "", "2024-04-24": "", "2024-04-25": "interim 2024-04-25"},
        ),
        (
            rule,
            "while a pause is open there is no due day",
            [*there, fact("clock-pause-started", "2024-04-14", reason="x")],
            {"2024-04-15": "", "2025-04-15": ""},
        ),
        (
            rule,
            "back in less than 3 months: the clock goes on",
            [*there, care("fallmanagement", "2024-03-01"), care(area, "2024-05-31")],
            {"2024-05-30": "", "2024-07-14": "", "2024-07-15": "interim 2024-07-15"},
        ),
        (
            rule,
            "back after 3 full months: a new episode",
            [*there, care("fallmanagement", "2024-03-01"), care(area, "2024-06-01")],
            {"2024-08-31": "", "2024-09-01": "interim 2024-09-01"},
        ),
        (
            rule,
            "no integration bar",
            [bar(strategy="entwicklung"), care(area)],
            {"2024-07-15": ""},
        ),
    ]


TABLE: Rows = [
    *care_rows("R-02", "jobakademie"),
    *care_rows("R-03", "av-ags"),
    (
        "R-18",
        "a bar that ended before is no strategy for the time after",
        [bar(), ended("2024-05-31"), *alg1("2024-04-01", "2024-09-30")],
        {"2024-09-30": "", "2024-10-01": "choose-strategy 2024-10-01"},
    ),
    (
        "R-18",
        "a cancelled appointment is none",
        [*alg1("2024-04-01", planned_end="2024-09-30"), planned("2024-10-10"), about("cancelled", "2024-08-01")],
        {"2024-09-01": "", "2024-09-02": "first-appointment 2024-09-02"},
    ),
    (
        "R-06",
        "another worker in the same area",
        [*JA, approved("2024-06-25", "2024-09-30"), care("jobakademie", "2024-08-01", "w-2")],
        {"2024-09-01": "", "2024-09-02": "warning-28 2024-09-02"},
    ),
    (
        "R-02b",
        "after 12 full months and every further 6",
        JA,
        {
            "2025-01-14": "",
            "2025-01-15": "six-plus-six 2025-01-15",
            "2025-07-14": "six-plus-six 2025-01-15",
            "2025-07-15": "six-plus-six 2025-01-15, six-plus-six 2025-07-15",
        },
    ),
    ("R-02b", "not in AV/AGS", AV, {"2025-01-15": ""}),
    (
        "R-02b",
        "area left",
        [*JA, care("av-ags", "2025-02-01")],
        {"2025-01-31": "six-plus-six 2025-01-15", "2025-02-01": ""},
    ),
    ("R-02b", "bar ended", [*JA, ended("2025-01-31")], {"2025-01-31": "six-plus-six 2025-01-15", "2025-02-01": ""}),
    (
        "R-02b",
        "ALG I",
        [*JA, *alg1("2025-01-10", "2025-01-31")],
        {"2025-01-31": "", "2025-02-05": "", "2025-02-06": "six-plus-six 2025-02-06"},
    ),
    (
        "R-02b",
        "running extension",
        [*JA, approved("2025-01-10", "2025-03-31")],
        {"2025-01-15": "", "2025-03-31": "", "2025-04-01": "six-plus-six 2025-04-01"},
    ),
    (
        "R-04",
        "more than 6 months",
        FM,
        {"2024-07-15": "", "2024-07-16": "check 2024-07-16", "2024-07-17": "check 2024-07-16"},
    ),
    ("R-04", "an earlier review changes nothing", [*FM, reviewed("2024-07-15")], {"2024-07-16": "check 2024-07-16"}),
    (
        "R-04",
        "again 6 months after a review",
        [*FM, reviewed("2024-07-16")],
        {"2024-07-16": "", "2025-01-15": "", "2025-01-16": "check 2025-01-16"},
    ),
    (
        "R-04",
        "deductions move nothing, ALG I suspends",
        [*FM, *alg1("2024-07-01", "2024-07-31")],
        {"2024-07-16": "", "2024-07-31": "", "2024-08-01": "check 2024-08-01"},
    ),
    (
        "R-04",
        "ALG I that was over before",
        [*FM, *alg1("2024-05-01", "2024-05-31")],
        {"2024-07-15": "", "2024-07-16": "check 2024-07-16"},
    ),
    (
        "R-04",
        "the bar keine-hs-alg1 suspends like ALG I",
        [*FM, fact("non-strategy-bar-set", "2024-07-01", kind="keine-hs-alg1")],
        {"2024-07-16": "", "2024-09-16": ""},
    ),
    (
        "R-04",
        "running extension",
        [*FM, approved("2024-07-16", "2024-09-30")],
        {"2024-07-16": "", "2024-09-30": "", "2024-10-01": "check 2024-10-01"},
    ),
    ("R-04", "bar ended", [*FM, ended("2024-08-19")], {"2024-08-19": "check 2024-07-16", "2024-08-20": ""}),
    ("R-04", "case closed", [*FM, CLOSED], {"2024-08-19": "check 2024-07-16", "2024-08-20": ""}),
    (
        "R-04",
        "one day between two bars is one bar",
        [*FM, ended("2024-03-31"), bar("2024-04-02")],
        {"2024-07-15": "", "2024-07-16": "check 2024-07-16"},
    ),
    (
        "R-04",
        "two days between two bars part them",
        [*FM, ended("2024-03-31"), bar("2024-04-03")],
        {"2024-07-16": "", "2024-10-03": "", "2024-10-04": "check 2024-10-04"},
    ),
    (
        "R-04",
        "not if the first was ended with a reason",
        [*FM, ended("2024-03-31", reason="employment"), bar("2024-04-01")],
        {"2024-07-16": "", "2024-10-01": "", "2024-10-02": "check 2024-10-02"},
    ),
    (
        "R-05",
        "full 12 months",
        AV,
        {"2025-01-14": "", "2025-01-15": "check 2025-01-15", "2025-01-16": "check 2025-01-15"},
    ),
    (
        "R-05",
        "not before the first day in the placement area",
        [*FM, care("jobakademie", "2025-03-01")],
        {"2025-02-28": "", "2025-03-01": "check 2025-03-01"},
    ),
    (
        "R-05",
        "never moved by deductions",
        [*AV, *alg1("2024-03-01", "2024-03-31")],
        {"2025-01-14": "", "2025-01-15": "check 2025-01-15"},
    ),
    (
        "R-05",
        "again 6 months after a review",
        [*AV, reviewed("2025-01-15")],
        {"2025-01-15": "", "2025-07-14": "", "2025-07-15": "check 2025-07-15"},
    ),
    (
        "R-05",
        "area left",
        [*AV, care("fallmanagement", "2025-02-01")],
        {"2025-01-31": "check 2025-01-15", "2025-02-01": ""},
    ),
    ("R-05", "bar ended", [*AV, ended("2025-01-31")], {"2025-01-31": "check 2025-01-15", "2025-02-01": ""}),
    (
        "R-05",
        "running extension",
        [*AV, approved("2025-01-10", "2025-02-28")],
        {"2025-01-15": "", "2025-03-01": "check 2025-03-01"},
    ),
    (
        "R-05",
        "an explanation accepted for it",
        [*AV, explained("2025-01-10", "R-05", "2025-02-28"), explained("2025-03-10", "R-04", "2025-03-31")],
        {
            "2025-01-15": "",
            "2025-02-28": "",
            "2025-03-01": "check 2025-03-01",
            "2025-03-10": "check 2025-03-01",
        },
    ),
    (
        "R-05",
        "explanations that overlap",
        [*AV, explained("2025-01-20", "R-05", "2025-02-28"), explained("2025-02-10", "R-05", "2025-03-15")],
        {"2025-01-19": "check 2025-01-15", "2025-01-20": "", "2025-03-15": "", "2025-03-16": "check 2025-03-16"},
    ),
    (
        "R-05",
        "closed as an Altfall, this one alone, until it is taken back",
        [
            *AV,
            fact("legacy-closed", "2025-02-01", rule="R-05", stage="check", due="2025-01-15", reason="x"),
            fact("legacy-closed", "2025-01-20", rule="R-05", stage="check", due="2025-01-14", reason="x"),
            fact("legacy-closed", "2025-01-20", rule="R-04", stage="check", due="2025-01-15", reason="x"),
            reviewed("2025-03-01"),
        ],
        {
            "2025-01-31": "check 2025-01-15",
            "2025-02-01": "",
            "2025-08-31": "",
            "2025-09-01": "check 2025-09-01",
        },
    ),
    ("R-05", "ALG I", [*AV, *alg1("2025-01-10", "2025-02-28")], {"2025-01-15": "", "2025-03-01": "check 2025-03-01"}),
    (
        "R-06",
        "28 and 7 days before, the day after",
        [*AV, approved("2024-07-10", "2024-09-30")],
        {
            "2024-09-01": "",
            "2024-09-02": "warning-28 2024-09-02",
            "2024-09-22": "warning-28 2024-09-02",
            "2024-09-23": "warning-28 2024-09-02, warning-7 2024-09-23",
            "2024-09-30": "warning-28 2024-09-02, warning-7 2024-09-23",
            "2024-10-01": "overdue 2024-10-01, warning-28 2024-09-02, warning-7 2024-09-23",
        },
    ),
    (
        "R-06",
        "a warning before the consent is left out, one on its day is not",
        [*AV, approved("2024-09-23", "2024-09-30")],
        {"2024-09-22": "", "2024-09-23": "warning-7 2024-09-23", "2024-09-24": "warning-7 2024-09-23"},
    ),
    (
        "R-06",
        "a new approval takes its place",
        [*AV, approved("2024-07-10", "2024-09-30"), approved("2024-10-05", "2024-12-31")],
        {
            "2024-10-04": "overdue 2024-10-01, warning-28 2024-09-02, warning-7 2024-09-23",
            "2024-10-05": "",
            "2024-12-03": "warning-28 2024-12-03",
        },
    ),
    (
        "R-06",
        "one that was recorded ahead takes its place on its own day, and not before",
        [*AV, approved("2024-07-10", "2024-09-30"), approved("2024-09-25", "2024-12-31", recorded="2024-09-20")],
        {
            "2024-09-20": "warning-28 2024-09-02",
            "2024-09-24": "warning-28 2024-09-02, warning-7 2024-09-23",
            "2024-09-25": "",
            "2024-12-03": "warning-28 2024-12-03",
        },
    ),
    (
        "R-06",
        "a consent recorded late takes no place of one of a later day",
        [*AV, approved("2024-07-10", "2024-09-30"), approved("2024-07-01", "2024-12-31", recorded="2024-08-01")],
        {"2024-09-02": "warning-28 2024-09-02", "2024-12-03": FIRST_OVER},
    ),
    (
        "R-06",
        "the shorter approval of the same request takes the place of the longer one",
        [*AV, first_approved(), approved("2024-07-05", "2024-08-31", request="v-1")],
        {
            "2024-08-02": "",
            "2024-08-03": "warning-28 2024-08-03",
            "2024-12-31": "overdue 2024-09-01, warning-28 2024-08-03, warning-7 2024-08-24",
        },
    ),
    *[
        (
            "R-06",
            f"an approval that is {step} was never given",
            [*AV, first_approved(), refused(step, "2024-07-05")],
            {"2024-12-18": "", "2025-01-16": ""},
        )
        for step in ("rejected", "withdrawn")
    ],
    (
        "R-06",
        "area left",
        [*AV, approved("2024-07-10", "2024-08-15"), care("jobakademie", "2024-08-20")],
        {"2024-08-19": "overdue 2024-08-16, warning-28 2024-07-18, warning-7 2024-08-08", "2024-08-20": ""},
    ),
    (
        "R-06",
        "bar ended",
        [*AV, approved("2024-07-10", "2024-08-15"), ended("2024-08-19")],
        {"2024-08-19": "overdue 2024-08-16, warning-28 2024-07-18, warning-7 2024-08-08", "2024-08-20": ""},
    ),
    (
        "R-06",
        "ALG I",
        [*AV, approved("2024-07-10", "2024-09-30"), *alg1("2024-09-15", "2024-10-15")],
        {
            "2024-09-14": "warning-28 2024-09-02",
            "2024-09-15": "",
            "2024-10-15": "",
            "2024-10-16": "overdue 2024-10-16, warning-28 2024-10-16, warning-7 2024-10-16",
        },
    ),
    (
        "R-07",
        "2 and 3 full months outside",
        FM,
        {
            "2024-03-14": "",
            "2024-03-15": "notice 2024-03-15",
            "2024-04-14": "notice 2024-03-15",
            "2024-04-15": "limit 2024-04-15, notice 2024-03-15",
        },
    ),
    ("R-07", "without a responsibility", [bar()], {"2024-04-15": "limit 2024-04-15, notice 2024-03-15"}),
    (
        "R-07",
        "since the placement area was left",
        [*JA, care("spezial-fm", "2024-03-01")],
        {"2024-04-30": "", "2024-05-01": "notice 2024-05-01", "2024-06-01": "limit 2024-06-01, notice 2024-05-01"},
    ),
    (
        "R-07",
        "steered",
        [*FM, care("av-ags", "2024-04-20")],
        {"2024-04-19": "limit 2024-04-15, notice 2024-03-15", "2024-04-20": ""},
    ),
    (
        "R-07",
        "bar ended",
        [*FM, ended("2024-04-19")],
        {"2024-04-19": "limit 2024-04-15, notice 2024-03-15", "2024-04-20": ""},
    ),
    (
        "R-07",
        "ALG I suspends and moves nothing",
        [*FM, *alg1("2024-03-10", "2024-03-31")],
        {"2024-03-15": "", "2024-04-01": "notice 2024-04-01", "2024-04-15": "limit 2024-04-15, notice 2024-04-01"},
    ),
    (
        "R-07",
        "an extension does not suspend",
        [*FM, approved("2024-03-01", "2024-06-30")],
        {"2024-03-15": "notice 2024-03-15"},
    ),
    ("R-14", "the day after", [planned("2024-05-06")], {"2024-05-06": "", "2024-05-07": "status 2024-05-07"}),
    (
        "R-14",
        "an invitation leaves it planned",
        [planned("2024-05-06"), about("invited", "2024-04-20")],
        {"2024-05-07": "status 2024-05-07"},
    ),
    ("R-14", "held", [planned("2024-05-06"), about("held", "2024-05-06", "2024-05-09")], {"2024-05-09": ""}),
    (
        "R-14",
        "missed",
        [planned("2024-05-06"), about("missed", "2024-05-06", "2024-05-09", good_cause="open")],
        {"2024-05-09": ""},
    ),
    ("R-14", "cancelled before", [planned("2024-05-06"), about("cancelled", "2024-05-02")], {"2024-05-07": ""}),
    (
        "R-14",
        "rescheduled",
        [planned("2024-05-06"), about("rescheduled", "2024-05-20", "2024-05-06")],
        {"2024-05-07": "", "2024-05-20": "", "2024-05-21": "status 2024-05-21"},
    ),
    (
        "R-14",
        "nothing suspends it",
        [*AV, planned("2024-05-06"), *alg1("2024-05-01", "2024-05-31")],
        {"2024-05-07": "status 2024-05-07"},
    ),
    (
        "R-14",
        "an explanation accepted for it",
        [*AV, planned("2024-05-06"), explained("2024-05-07", "R-14", "2024-05-31")],
        {"2024-05-07": "", "2024-05-31": "", "2024-06-01": "status 2024-06-01"},
    ),
    (
        "R-14",
        "the case is opened once more while it is open",
        [planned("2024-05-06"), fact("case-opened", "2024-05-01"), fact("case-opened", "2024-08-20", "2024-08-18")],
        {"2024-08-19": "status 2024-05-07", "2024-08-20": "status 2024-05-07"},
    ),
    ("R-14", "case closed", [planned("2024-05-06"), CLOSED], {"2024-08-19": "status 2024-05-07", "2024-08-20": ""}),
    (
        "R-18",
        "bar open: the first day of ALG I, until the bar is ended",
        [*AV, *alg1("2024-05-01"), ended("2024-06-09")],
        {"2024-04-30": "", "2024-05-01": "bar-open 2024-05-01", "2024-06-09": "bar-open 2024-05-01", "2024-06-10": ""},
    ),
    (
        "R-18",
        "bar open: any strategy, its own first day under ALG I",
        [*alg1("2024-05-01"), bar("2024-05-20", "entwicklung")],
        {"2024-05-19": "", "2024-05-20": "bar-open 2024-05-20"},
    ),
    (
        "R-18",
        "bar ended on the day before",
        [*AV, ended("2024-04-30"), *alg1("2024-05-01")],
        {"2024-05-01": "", "2024-06-01": ""},
    ),
    (
        "R-18",
        "bar open: ALG I withdrawn",
        [
            *AV,
            *alg1("2024-05-01"),
            fact("fact-withdrawn", "2024-05-08", target="C-1-alg1-started-2024-05-01", reason="x"),
        ],
        {"2024-05-08": ""},
    ),
    (
        "R-18",
        "first appointment: 28 days before the planned end",
        alg1("2024-05-01", planned_end="2024-09-30"),
        {"2024-09-01": "", "2024-09-02": "first-appointment 2024-09-02", "2024-10-15": "first-appointment 2024-09-02"},
    ),
    (
        "R-18",
        "first appointment: an end recorded ahead",
        alg1("2024-05-01", "2024-09-30", recorded="2024-08-01"),
        {"2024-09-01": "", "2024-09-02": "first-appointment 2024-09-02"},
    ),
    (
        "R-18",
        "first appointment: an end recorded afterwards asks for none",
        [*alg1("2024-05-01", "2024-09-30"), bar("2024-10-01")],
        {"2024-09-30": "", "2024-10-01": ""},
    ),
    (
        "R-18",
        "first appointment: planned after the end",
        [*alg1("2024-05-01", planned_end="2024-09-30"), planned("2024-10-02", "2024-09-10")],
        {"2024-09-09": "first-appointment 2024-09-02", "2024-09-10": ""},
    ),
    (
        "R-18",
        "first appointment: planned before the end does not help",
        [*alg1("2024-05-01", planned_end="2024-09-30"), planned("2024-09-30", "2024-09-10")],
        {"2024-09-10": "first-appointment 2024-09-02"},
    ),
    (
        "R-18",
        "choose strategy: the day after the end, until one is set",
        [*alg1("2024-05-01", "2024-09-30"), bar("2024-10-07")],
        {
            "2024-09-30": "",
            "2024-10-01": "choose-strategy 2024-10-01",
            "2024-10-06": "choose-strategy 2024-10-01",
            "2024-10-07": "",
        },
    ),
    ("R-18", "choose strategy: seamless", [*alg1("2024-05-01", "2024-09-30"), bar("2024-10-01")], {"2024-10-01": ""}),
    (
        "R-18",
        "choose strategy: not while ALG I goes on",
        [*alg1("2024-05-01", "2024-06-30"), *alg1("2024-07-01", "2024-09-30")],
        {"2024-07-01": "", "2024-10-01": "choose-strategy 2024-10-01"},
    ),
    (
        "R-18",
        "case closed",
        [*AV, *alg1("2024-05-01"), CLOSED],
        {"2024-08-19": "bar-open 2024-05-01", "2024-08-20": ""},
    ),
    (
        "R-43",
        "done: gone from that day on, also when it is recorded later",
        [own("2024-04-15", "2024-05-06"), own_done("2024-05-08", "2024-05-10")],
        {"2024-05-07": "own 2024-05-06", "2024-05-08": "", "2024-05-20": ""},
    ),
    ("R-43", "done before its day", [own("2024-04-15", "2024-05-06"), own_done("2024-04-20")], {"2024-05-06": ""}),
    (
        "R-43",
        "moved: of several sets the latest day of setting counts",
        [own("2024-05-06", "2024-05-20"), own("2024-04-15", "2024-05-06", "2024-05-07")],
        {"2024-05-05": "", "2024-05-06": "", "2024-05-19": "", "2024-05-20": "own 2024-05-20"},
    ),
    (
        "R-43",
        "moved to an earlier day",
        [own("2024-04-15", "2024-06-03"), own("2024-04-22", "2024-05-06")],
        {"2024-05-05": "", "2024-05-06": "own 2024-05-06"},
    ),
    (
        "R-43",
        "set twice on one day: the last recorded counts",
        [own("2024-04-15", "2024-05-20", "2024-04-16"), own("2024-04-15", "2024-05-06", "2024-04-15")],
        {"2024-05-06": "", "2024-05-20": "own 2024-05-20"},
    ),
    (
        "R-43",
        "set again after it was done",
        [own("2024-04-15", "2024-05-06"), own_done("2024-05-06"), own("2024-05-08", "2024-05-13")],
        {"2024-05-07": "", "2024-05-12": "", "2024-05-13": "own 2024-05-13"},
    ),
    (
        "R-43",
        "two of them, each on its own",
        [own("2024-04-15", "2024-05-06"), own("2024-04-15", "2024-05-13", thing="w-2"), own_done("2024-05-14")],
        {"2024-05-13": "own 2024-05-06, own 2024-05-13", "2024-05-14": "own 2024-05-13"},
    ),
    ("R-43", "done without having been set", [own_done("2024-05-06")], {"2024-05-06": ""}),
    (
        "R-43",
        "nothing suspends it",
        [*AV, own("2024-04-15", "2024-05-06"), *alg1("2024-05-01", "2024-05-31")],
        {"2024-05-06": "own 2024-05-06"},
    ),
    (
        "R-43",
        "closing only silences it",
        [own("2024-04-15", "2024-05-06"), CLOSED, fact("case-opened", "2024-09-02")],
        {"2024-08-19": "own 2024-05-06", "2024-08-20": "", "2024-09-01": "", "2024-09-02": "own 2024-05-06"},
    ),
    *(
        (rule, f"{stage} appears", lines, appears(stage, due))
        for rule, lines, stage, due in (
            ("R-02", JA, "interim", "2024-04-15"),
            ("R-02b", JA, "six-plus-six", "2025-01-15"),
            ("R-03", AV, "interim", "2024-04-15"),
            ("R-06", [*AV, approved("2024-07-10", "2024-09-30")], "warning-28", "2024-09-02"),
            ("R-07", FM, "notice", "2024-03-15"),
            ("R-14", [planned("2024-05-06")], "status", "2024-05-07"),
            ("R-18", [*AV, *alg1("2024-05-01")], "bar-open", "2024-05-01"),
            ("R-18", alg1("2024-05-01", planned_end="2024-09-30"), "first-appointment", "2024-09-02"),
            ("R-18", alg1("2024-05-01", "2024-09-30"), "choose-strategy", "2024-10-01"),
            ("R-43", [own("2024-04-15", "2024-05-06")], "own", "2024-05-06"),
        )
    ),
    *(
        (
            rule,
            "limit appears beside the warning",
            [*there, reviewed("2024-04-15")],
            appears("limit", "2024-07-15", also),
        )
        for rule, there, also in (("R-02", JA, "warning 2024-06-17"), ("R-03", AV, "warning 2024-06-17"))
    ),
    ("R-07", "limit appears beside the notice", FM, appears("limit", "2024-04-15", "notice 2024-03-15")),
    (
        "R-06",
        "overdue appears beside the warnings",
        [*AV, approved("2024-07-10", "2024-09-30")],
        appears("overdue", "2024-10-01", "warning-28 2024-09-02, warning-7 2024-09-23"),
    ),
    *days_aims.TABLE,
    *days_development.TABLE,
    *days_documentation.TABLE,
    *days_endings.TABLE,
    *days_steering.TABLE,
]


@pytest.mark.parametrize(("rule", "why", "lines", "days"), TABLE, ids=[f"{row[0]} {row[1]}" for row in TABLE])
def test_listed(rule: str, why: str, lines: list[Line], days: Days) -> None:
    assert {day: shown(rule, lines, dt.date.fromisoformat(day)) for day in days} == days, why


def shown(rule: str, lines: list[Line], as_of: dt.date) -> str:
    rows = due_rows(build(known(golden.as_records(lines), EVER), as_of), Period(as_of, as_of))
    found = sorted((row.rule, row.stage, row.due) for row in rows)
    assert found == oracle.due(golden.as_facts(lines), as_of, EVER)
    return ", ".join(f"{stage} {due}" for name, stage, due in found if name == rule)


def test_every_stage_has_its_recipients() -> None:
    worker, both = ("worker",), ("worker", "lead")
    care_time = {"interim": worker, "warning": worker, "limit": worker}
    assert {rule.id: {name: stage.to for name, stage in rule.stages.items()} for rule in RULES.values()} == {
        "R-02": care_time,
        "R-02b": {"six-plus-six": both},
        "R-03": care_time,
        "R-04": {"check": both},
        "R-05": {"check": both},
        "R-06": {"warning-28": worker, "warning-7": worker, "overdue": both},
        "R-07": {"notice": worker, "limit": both},
        "R-01": {"no-bar": worker},
        "R-08": {"prognosis": worker},
        "R-08b": {"mismatch": worker},
        "R-15": {"accept": ("receiver", "lead")},
        "R-16": {"divergence": worker},
        "R-29": {"inherited": worker},
        "R-40": {"check": both},
        "R-20": {"step-missing": worker},
        "R-42": {"not-in-file": worker},
        "R-47": {"second": worker, "third": (*both, "benefits")},
        "R-21": {"cause": worker, "decision": worker},
        "R-22": {"ask": worker, "clear": worker},
        "R-23": {"no-contact": both},
        "R-23b": {"interval": worker},
        "R-25": {"origin": worker},
        "R-26": {"reprofile": worker, "graduate": worker},
        "R-27": {"why-not-steered": worker},
        "R-41": {"advice": worker, "stabilise": worker},
        "R-45": {"misfit": worker},
        "R-46": {"coming-job": worker},
        "R-09": {"missing": worker},
        "R-10": {"six-weeks": both},
        "R-11": {"invite": worker},
        "R-12": {"six-months": (*both, "qs")},
        "R-13": {"necessity": worker},
        "R-14": {"status": worker},
        "R-17": {"end-strategy": worker},
        "R-17b": {"new-bar": worker},
        "R-18": {"bar-open": worker, "first-appointment": worker, "choose-strategy": worker},
        "R-19": {"gap": worker},
        "R-39": {"closing": worker},
        "R-43": {"own": worker},
    }


@pytest.mark.parametrize(
    ("by", "to"),
    [("w-1", "worker"), ("tl-1", "by:tl-1"), ("import:compass", "worker"), ("rule:x", "worker")],
)
def test_an_own_follow_up_goes_to_who_is_responsible_unless_another_person_has_set_it(by: str, to: str) -> None:
    lines = [*AV, own("2024-04-15", "2024-05-06") | {"by": by}, care("av-ags", "2024-05-02", worker="w-2")]
    assert told(lines) == {("R-43", to)}


def test_the_last_who_set_it_counts_and_without_anybody_responsible_who_set_it() -> None:
    moved = own("2024-05-01", "2024-05-03") | {"by": "w-1"}
    assert told([*AV, own("2024-04-15", "2024-05-06") | {"by": "tl-1"}, moved]) == {("R-43", "worker")}
    assert told([own("2024-04-15", "2024-05-06") | {"by": "w-1"}]) == {("R-43", "by:w-1")}


def told(lines: list[Line]) -> set[tuple[str, str]]:
    as_of = dt.date(2024, 5, 6)
    rows = due_rows(build(known(golden.as_records(lines), EVER), as_of), Period(as_of, as_of))
    return {(row.rule, ",".join(row.recipients)) for row in rows if row.rule == "R-43"}


@pytest.mark.parametrize(("day", "to"), [("2024-03-14", "worker"), ("2024-03-15", "worker,lead")])
def test_some_are_told_from_14_days_after_the_due_day_on(day: str, to: str) -> None:
    as_of = dt.date.fromisoformat(day)
    rows = due_rows(build(known(golden.as_records([*JA, *works("2024-03-01")])), as_of), Period(as_of, as_of))
    assert [",".join(row.recipients) for row in rows if row.rule == "R-17"] == [to]


STAGES = sorted((rule.id, stage) for rule in RULES.values() for stage in rule.stages)


@pytest.mark.parametrize(("rule", "stage"), STAGES)
def test_the_table_has_the_day_before_the_day_and_the_day_after(rule: str, stage: str) -> None:
    told = {(name, shown) for name, _, _, days in TABLE for day in days if (shown := _appearing(days, day, stage))}
    assert (rule, stage) in told, "no row of TABLE says when it appears: the day before, the day, the day after"


def _appearing(days: Days, day: str, stage: str) -> str | None:
    """The stage, if it is due on the day, not listed on the day before, and still on the next."""
    there = f"{stage} {day}"
    near = [(dt.date.fromisoformat(day) + apart * oracle.DAY).isoformat() for apart in (-1, 0, 1)]
    listed = [there in days[one].split(", ") for one in near if one in days]
    return stage if listed == [False, True, True] else None


def test_the_judge_knows_every_stage() -> None:
    judged = {
        (rule, stage)
        for _, _, lines, days in TABLE
        for day in days
        for rule, stage, _ in oracle.due(golden.as_facts(lines), dt.date.fromisoformat(day), EVER)
    }
    assert judged == set(STAGES)
    assert {
        rule.id: {name: tuple(number) for name, number in rule.numbers.items()} for rule in RULES.values()
    } == oracle.SHIPPED


@pytest.mark.parametrize(("set_on", "held"), [("2024-03-31", [("2024-04-01", "2024-04-30")]), ("2024-04-01", [])])
def test_only_a_bar_from_before_lies_across_a_gap_in_benefit(set_on: str, held: list[tuple[str, str]]) -> None:
    gap = [fact("benefit-ended", "2024-03-31"), fact("benefit-started", "2024-05-01")]
    lines = [*gap, fact("strategy-bar-set", set_on, strategy="integration")]
    found = violations(build(known(golden.as_records(lines)), dt.date(2024, 6, 1)))
    assert [(str(one.first), str(one.last)) for one in found if one.rule == "R-19"] == held


@pytest.mark.parametrize(("again", "held"), [("2024-04-01", []), ("2024-04-02", [("2024-04-01", "2024-04-01")])])
def test_a_gap_in_benefit_may_be_one_day(again: str, held: list[tuple[str, str]]) -> None:
    lines = [
        fact("benefit-ended", "2024-03-31"),
        fact("benefit-started", again),
        fact("strategy-bar-set", "2024-03-01", strategy="integration"),
    ]
    found = violations(build(known(golden.as_records(lines)), dt.date(2024, 6, 1)))
    assert [(str(one.first), str(one.last)) for one in found if one.rule == "R-19"] == held


def test_benefit_runs_again_only_in_an_open_case() -> None:
    lines = [
        bar("2024-01-15"),
        fact("employment-started", "2024-03-01", employment="j-1", kind="sv-pflichtig"),
        fact("employment-ended", "2024-04-30", employment="j-1"),
        fact("case-closed", "2024-05-05"),
        fact("benefit-started", "2024-05-10"),
    ]
    reopened = [*lines, fact("case-opened", "2024-06-01")]
    for known_lines, expected in ((lines, []), (reopened, ["2024-06-01"])):
        found = violations(build(known(golden.as_records(known_lines)), dt.date(2024, 7, 1)))
        assert [str(one.first) for one in found if one.rule == "R-17b"] == expected


def test_nobody_is_in_benefit_while_the_case_is_closed() -> None:
    lines = [
        fact("case-opened", "2024-01-01"),
        fact("benefit-started", "2024-01-01"),
        fact("case-closed", "2024-05-31"),
        fact("case-opened", "2024-08-01"),
    ]
    spans = [one.row for one in sweep(golden.as_records(lines)) if one.known_to is None and isinstance(one.row, Span)]
    days = sorted((str(one.first), str(one.last)) for one in spans if one.lane == "benefit")
    assert days == [("2024-01-01", "2024-05-31"), ("2024-08-01", "9999-12-31")]


@pytest.mark.parametrize(("held", "since"), [({}, None), ({"channel": "phone"}, 10), ({"channel": "video"}, None)])
def test_without_a_channel_of_its_own_a_talk_has_the_planned_one(held: Line, since: int | None) -> None:
    """A talk by video is a contact, not an appointment (Fachkonzept 3.0, 13)."""
    lines = [
        fact("appointment-planned", "2024-04-20", "2024-04-15", appointment="t-1", channel="video"),
        about("held", "2024-04-20", **held),
    ]
    days = clocks(build(known(golden.as_records(lines)), dt.date(2024, 4, 30)), dt.date(2024, 4, 30)).days
    assert (days["since_appointment"], days["since_contact"]) == (since, 10)


@pytest.mark.parametrize("reason", [None, "new-strategy", "employment"])
def test_an_end_on_the_first_day_of_a_new_bar_closes_the_earlier_one(reason: str | None) -> None:
    lines = [bar(), bar("2024-03-01", "entwicklung"), ended("2024-03-01", **({"reason": reason} if reason else {}))]
    timeline = build(known(golden.as_records(lines)), dt.date(2024, 4, 30))
    assert [(str(one.first), str(one.last)) for one in timeline.bars] == [
        ("2024-01-15", "2024-02-29"),
        ("2024-03-01", "9999-12-31"),
    ]


def test_an_end_closes_the_latest_bar_without_an_own_end() -> None:
    lines = [bar(), ended("2024-02-10"), bar("2024-03-01", "entwicklung"), ended("2024-02-20"), ended("2024-03-01")]
    timeline = build(known(golden.as_records(lines)), dt.date(2024, 4, 30))
    assert [str(one.last) for one in timeline.bars] == ["2024-02-10", "2024-03-01"]


@pytest.mark.parametrize(("outcome", "since"), [(None, 10), ("reached", 10), ("not-reached", 20)])
def test_a_contact_that_reached_nobody_is_none(outcome: str | None, since: int) -> None:
    said = {"channel": "phone", "direction": "out"}
    lines = [
        fact("contact-held", "2024-04-10", **said),
        fact("contact-held", "2024-04-20", **said, **({"outcome": outcome} if outcome else {})),
    ]
    found = clocks(build(known(golden.as_records(lines)), dt.date(2024, 4, 30)), dt.date(2024, 4, 30))
    assert found.days["since_contact"] == since


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        ("2024-03-11T08:00:00+01:00", [("2024-01-15", "9999-12-31")]),
        ("2024-03-12T08:00:00+01:00", [("2024-01-15", "2024-03-10"), ("2024-03-12", "9999-12-31")]),
    ],
)
def test_the_day_between_two_bars_is_one_with_a_bar_if_the_next_one_is_known_on_it(
    recorded: str, expected: list[tuple[str, str]]
) -> None:
    lines = [bar("2024-01-15"), ended("2024-03-10", reason="error"), {**bar("2024-03-12"), "recorded_at": recorded}]
    spans = [one.row for one in sweep(golden.as_records(lines)) if one.known_to is None and isinstance(one.row, Span)]
    assert [(str(one.first), str(one.last)) for one in spans if one.lane == "strategy"] == expected


def test_each_absence_from_an_area_is_measured_on_its_own() -> None:
    """Two absences of two months each: the clock goes on, where three months at once would begin it anew."""
    away = (
        ("av-ags", "2024-02-15"),
        ("jobakademie", "2024-04-15"),
        ("av-ags", "2024-06-15"),
        ("jobakademie", "2024-08-15"),
    )
    lines = [*JA, *(care(area, on) for area, on in away)]
    assert shown("R-02", lines, dt.date(2024, 8, 14)) == ""
    assert shown("R-02", lines, dt.date(2024, 8, 15)) == "interim 2024-06-14"


def test_a_consent_recorded_at_the_moment_of_a_refusal_stands() -> None:
    recorded = "2024-06-25"
    lines = [*JA, approved("2024-06-25", "2025-01-15", recorded, "v-1"), refused("rejected", "2024-06-25", recorded)]
    assert shown("R-02", lines, dt.date(2024, 7, 15)) == ""
    assert shown("R-02", [*JA, lines[-1]], dt.date(2024, 7, 15)) == LIMIT


def test_a_request_says_what_was_decided_last() -> None:
    asked = {"options": ["employment"], "facts_text": "x", "justification": "x", "until": "2025-01-15"}
    request = fact("extension-requested", "2024-06-20", request="v-1", **asked)
    decided = []
    for lines in ([request], [request, first_approved()]):
        (one,) = build(known(golden.as_records(lines)), dt.date(2024, 7, 1)).extensions
        decided.append(one.decided and one.decided.on)
    assert decided == [None, dt.date(2024, 6, 25)]


def test_an_appointment_known_ahead_counts_from_the_day_it_was_recorded() -> None:
    late = fact("alg1-started", "2024-04-01", "2024-10-01", planned_end="2024-09-30")  # so that all is drawn once
    lines = [bar(), late, planned("2024-10-10", "2024-09-10")]
    rows = [one.row for one in sweep(golden.as_records(lines)) if one.known_to is None and isinstance(one.row, DueRow)]
    listed = [(str(one.listed_from), str(one.listed_to)) for one in rows if one.stage == "first-appointment"]
    assert listed == [("2024-09-02", "2024-09-09")]


def deducted(lines: list[Line]) -> list[tuple[str, str, str]]:
    window = Period(dt.date(2024, 1, 1), dt.date(2024, 11, 30))
    found = deductions(build(known(golden.as_records(lines)), dt.date(2024, 12, 1)), window)
    return [(one.reason, str(one.first), str(one.last)) for one in found]


def job(kind: str = "sv-pflichtig") -> list[Line]:
    """From 01.03. to 30.04.2024, with the end of benefit."""
    begun = fact("employment-started", "2024-03-01", employment="j-1", kind=kind, benefit_ends=True)
    return [begun, fact("employment-ended", "2024-04-30", employment="j-1")]


@pytest.mark.parametrize(
    ("lines", "last"),
    [
        (job("geringfuegig"), ""),
        (job(), "2024-04-30"),
        ([*job(), bar("2024-05-15")], "2024-05-14"),
        ([*job(), bar("2024-04-30"), bar("2024-06-01")], "2024-05-31"),
        ([*job(), care("fallmanagement", "2024-05-10"), care("av-ags", "2024-06-01")], "2024-05-31"),
    ],
    ids=["a minor one", "not steered again", "a new bar", "not a bar of its last day", "not another area"],
)
def test_a_job_takes_the_days_until_the_client_is_steered_again(lines: list[Line], last: str) -> None:
    assert deducted([bar(), *lines]) == ([("employment", "2024-03-01", last)] if last else [])


def test_lead_time_knows_nothing_of_an_area_left_before_the_bar() -> None:
    lines = [care("jobakademie", "2023-06-01"), care("fallmanagement", "2023-12-01"), bar()]
    day = dt.date(2024, 2, 15)
    assert clocks(build(known(golden.as_records(lines)), day), day).days["lead_time"] == 31


def test_a_bar_of_the_day_of_the_offer_was_set_before_acceptance() -> None:
    offer = {"to_worker": "w-2", "to_unit": "56.4", "to_area": "av-ags", "intended_strategy": "integration"}
    lines = [fact("handover-initiated", "2024-03-01", reason="x", **offer), bar("2024-03-01")]
    found = violations(build(known(golden.as_records(lines)), dt.date(2024, 4, 1)))
    assert [(one.rule, str(one.first)) for one in found] == [("R-15", "2024-03-01")]


@pytest.mark.parametrize(("answered", "held"), [("2024-03-01", []), ("2024-03-03", [("2024-03-02", "2024-03-03")])])
def test_an_answer_ends_an_offer_also_on_its_own_day(answered: str, held: list[tuple[str, str]]) -> None:
    offer = {"to_worker": "w-2", "to_unit": "56.4", "to_area": "av-ags", "intended_strategy": "integration"}
    offered = fact("handover-initiated", "2024-03-01", reason="x", **offer)
    lines = [offered, fact("handover-rejected", answered, reason="x"), bar("2024-03-02")]
    assert contradictions("R-15", lines) == held


@pytest.mark.parametrize(
    ("bars", "benefit", "held"),
    [
        ([bar()], "2024-05-10", [("2024-05-10", "9999-12-31")]),
        ([bar(), bar("2024-03-01")], "2024-05-10", []),
        ([bar()], "2024-03-01", []),
        ([bar()], "2024-03-02", [("2024-05-01", "9999-12-31")]),
    ],
    ids=["an old bar", "a bar of the first day of the job", "benefit of that day", "benefit during the job"],
)
def test_an_old_bar_after_a_job_is_one_from_before_it(
    bars: list[Line], benefit: str, held: list[tuple[str, str]]
) -> None:
    assert contradictions("R-17b", [*bars, *job(), fact("benefit-started", benefit)]) == held


def contradictions(rule: str, lines: list[Line]) -> list[tuple[str, str]]:
    found = violations(build(known(golden.as_records(lines)), dt.date(2024, 7, 1)))
    return [(str(one.first), str(one.last)) for one in found if one.rule == rule]


@pytest.mark.parametrize(
    ("lines", "until", "facts"),
    [
        ([fact("benefit-ended", "2024-02-15", LATE)], "2024-02-14", ["case-opened"]),
        ([fact("benefit-ended", "2024-02-15", "2024-01-20")], "2024-01-19", ["case-opened"]),
        ([], "2024-03-15", ["case-opened", "case-closed"]),
    ],
    ids=["benefit ends while the case is open", "its end is known ahead", "the case is closed first"],
)
def test_what_came_later_is_not_behind_the_days_before(lines: list[Line], until: str, facts: list[str]) -> None:
    lines = [fact("case-opened", S, LATE), *lines, fact("case-closed", "2024-03-15", LATE)]
    rows = [one.row for one in sweep(golden.as_records(lines)) if one.known_to is None]
    assumed = [one for one in rows if isinstance(one, Span) and one.value == "assumed"]
    assert [(str(one.last), one.facts) for one in assumed] == [
        (until, tuple(f"C-1-{name}-{on(name, lines)}" for name in facts))
    ]


def test_the_end_of_benefit_is_not_behind_the_days_before_the_case_was_closed() -> None:
    said = ("case-opened", S), ("benefit-started", S), ("case-closed", "2024-02-01"), ("case-opened", "2024-02-20")
    lines = [fact(*one, LATE) for one in (*said, ("benefit-ended", "2024-03-01"))]
    rows = [one.row for one in sweep(golden.as_records(lines)) if one.known_to is None]
    running = sorted(
        (str(one.first), len(one.facts)) for one in rows if isinstance(one, Span) and one.value == "running"
    )
    assert running == [(S, 1), ("2024-02-20", 2)]


def on(name: str, lines: list[Line]) -> str:
    return next(str(one["on"]) for one in lines if one["fact"] == name)


def test_of_a_miss_and_a_talk_recorded_at_one_moment_the_talk_counts() -> None:
    moment = "2024-04-25"
    told = [about("missed", "2024-04-20", moment, good_cause="no"), about("held", "2024-04-20", moment)]
    for lines in (told, told[::-1]):
        timeline = build(known(golden.as_records([planned("2024-04-20"), *lines])), dt.date(2024, 4, 30))
        assert clocks(timeline, dt.date(2024, 4, 30)).days["since_appointment"] == 10


def test_a_bar_that_somebody_else_sets_does_not_go_before_an_acceptance() -> None:
    offer = {"to_worker": "w-2", "to_unit": "56.4", "to_area": "av-ags", "intended_strategy": "integration"}
    offered = fact("handover-initiated", "2024-03-01", reason="x", by="w-1", **offer)
    for by, held in (("w-1", [("2024-03-05", "9999-12-31")]), ("w-2", [])):
        assert (
            contradictions("R-15", [offered, fact("strategy-bar-set", "2024-03-05", by=by, strategy="integration")])
            == held
        )


def test_an_extension_of_one_day_suspends_on_that_day() -> None:
    lines = [*JA, approved("2024-07-20", "2024-07-20")]
    days = [dt.date(2024, 7, day) for day in (19, 20, 21)]
    assert [shown("R-02", lines, day) for day in days] == [
        LIMIT,
        "",
        LIMIT.replace("04-15", "07-21").replace("07-15", "07-21").replace("06-17", "07-21"),
    ]


@pytest.mark.parametrize(("first", "due"), [("2024-04-15", "2024-05-15"), ("2024-04-16", "2024-04-15")])
def test_a_pause_from_the_due_day_on_moves_it_one_from_the_day_after_does_not(first: str, due: str) -> None:
    job = [
        fact("employment-started", first, employment="j-1", kind="sv-pflichtig", benefit_ends=True),
        fact("employment-ended", "2024-05-14", employment="j-1"),
        bar("2024-05-15"),
    ]
    assert shown("R-02", [*JA, *job], dt.date(2024, 5, 15)) == f"interim {due}"


def test_a_year_that_is_full_on_the_last_day_in_an_area_is_due_on_it() -> None:
    left = [*JA, care("fallmanagement", "2025-01-16")]
    around = Period(dt.date(2025, 1, 1), dt.date(2025, 1, 31))
    rows = due_rows(build(known(golden.as_records(left)), around.last), around)
    listed = [(str(one.listed_from), str(one.listed_to)) for one in rows if one.rule == "R-05"]
    assert listed == [("2025-01-15", "2025-01-15")]
