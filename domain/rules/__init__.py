"""The follow-up rules: one row a rule, with its source (domain.md 3.2). What is due, to whom, from when until when?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from domain.periods import DAY, Period, cut, subtract
from domain.rules import appointments, bars, benefit, extension
from domain.rules.listing import Due
from domain.timeline import Kinds, Timeline


class Rule(NamedTuple):
    """One rule. `stages` names who is told at each stage; `options` are what can be answered with one tap.

    `due` depends on facts of the kinds in `reads` alone, and says nothing while there is none of those in `about`.
    """

    id: str
    name: str
    source: str
    theme: str
    stages: Mapping[str, tuple[str, ...]]
    options: tuple[str, ...]
    reads: Kinds
    about: Kinds
    due: Callable[[Timeline], Iterable[Due]]


class DueRow(NamedTuple):
    """A stage, listed from `listed_from` to `listed_to`, both inclusive; `cause` is the fact it counts from."""

    rule: str
    stage: str
    cause: str
    due: dt.date
    listed_from: dt.date
    listed_to: dt.date
    recipients: tuple[str, ...]
    reason: tuple[tuple[str, str | int], ...]


WORKER, BOTH = ("worker",), ("worker", "lead")
REVIEW = ("extend", "end", "change", "handover", "later")

RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        Rule(
            "R-02",
            "Förderzeit Jobakademie",
            "QS 2/2020, 1",
            "review",
            {"interim": WORKER, "warning": WORKER, "limit": WORKER},
            ("confirm", *REVIEW),
            bars.READS,
            bars.ABOUT,
            lambda timeline: bars.care_time(timeline, "jobakademie"),
        ),
        Rule(
            "R-02b",
            "Jobakademie 6+6",
            "QS 2/2020, 3.1",
            "review",
            {"six-plus-six": BOTH},
            REVIEW,
            bars.READS,
            bars.ABOUT,
            bars.six_plus_six,
        ),
        Rule(
            "R-03",
            "Förderzeit AV/AGS",
            "QS 2/2020, 1",
            "review",
            {"interim": WORKER, "warning": WORKER, "limit": WORKER},
            ("confirm", *REVIEW),
            bars.READS,
            bars.ABOUT,
            lambda timeline: bars.care_time(timeline, "av-ags"),
        ),
        Rule(
            "R-04",
            "Über 6 Monate Integration",
            "QS 2/2020, 3.1",
            "review",
            {"check": BOTH},
            ("confirm", *REVIEW),
            bars.READS,
            bars.ABOUT,
            bars.over_six_months,
        ),
        Rule(
            "R-05",
            "Über 1 Jahr Integration",
            "QS 2/2020, 1 und 3.1",
            "review",
            {"check": BOTH},
            ("confirm", *REVIEW),
            bars.READS,
            bars.ABOUT,
            bars.over_one_year,
        ),
        Rule(
            "R-06",
            "Verlängerung läuft aus",
            "QS 2/2020, 3.1",
            "review",
            {"warning-28": WORKER, "warning-7": WORKER, "overdue": BOTH},
            REVIEW,
            bars.READS,
            bars.ABOUT,
            extension.running_out,
        ),
        Rule(
            "R-07",
            "Integration außerhalb des Vermittlungsbereichs",
            "QS 2/2020, 2.3.1",
            "handover",
            {"notice": WORKER, "limit": BOTH},
            ("handover", "change", "alg1", "statement", "later"),
            bars.READS,
            bars.ABOUT,
            bars.outside_placement,
        ),
        Rule(
            "R-14",
            "Termin noch auf „geplant“",
            "QS 1/2020, 3.1",
            "appointment",
            {"status": WORKER},
            ("appointment",),
            appointments.READS,
            appointments.ABOUT,
            appointments.left_planned,
        ),
        Rule(
            "R-18",
            "ALG I",
            "QS 2/2020, 3.2",
            "alg1",
            {"bar-open": WORKER, "first-appointment": WORKER, "choose-strategy": WORKER},
            ("alg1-bar", "end-alg1", "plan", "set-strategy", "later"),
            benefit.READS,
            benefit.ABOUT,
            benefit.alg1,
        ),
    )
}


def due_rows(timeline: Timeline, window: Period, rules: Iterable[Rule] = tuple(RULES.values())) -> Iterator[DueRow]:
    """Every stage listed on a day of the window, through which the facts of the timeline stay the same.

    Closing the case ends all follow-ups, from the day of closing on (domain.md 3.1 no. 5).
    """
    closed = [Period(gap.first - DAY, gap.last) for gap in timeline.closed]
    for rule in rules:
        for due in rule.due(timeline):
            inside = cut(due.listed, window)
            for part in subtract([inside], closed) if inside else ():
                yield DueRow(rule.id, due.stage, due.cause, due.due, *part, rule.stages[due.stage], due.reason)
