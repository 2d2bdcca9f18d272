"""The follow-up rules: one row a rule, with its source (domain.md 3.2). What is due, to whom, from when until when?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from domain.periods import Period
from domain.rules import appointments, bars, benefit, extension, listing
from domain.rules.listing import DueRow, Rule
from domain.timeline import Timeline

__all__ = ["RULES", "DueRow", "Rule", "due_rows"]

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
            partial(bars.care_time, area="jobakademie"),
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
            partial(bars.care_time, area="av-ags"),
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
    """What is listed of these rules on a day of the window, through which the facts of the timeline stay the same."""
    return listing.due_rows(timeline, window, rules)
