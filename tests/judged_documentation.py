"""The judge of what is written down, and of misses in a row: R-20, R-42, R-47, from plain facts, day by day.

How the Fachkonzept is read where it leaves room, beside `tests/oracle.py`:
53. R-20: a bar set needs a step `strategy-choice`; an end of a bar that was recorded `close`, `strategy-choice` or
    `review`; a job begun `employment`; a change of situation `situation-change`; an offer `handover-out`, its
    acceptance `handover-in`. One step answers every event it matches, from 14 days before the event on; several steps
    that are not whole do not make one.
55. R-42: every decision that 5.10 names, recorded by a person, counts its working days (Niedersachsen) from
    the local day of recording; marked as taken over on a day, whatever its day, it is answered from then on.
54. R-47: the misses without good cause since the last appointment held on an earlier day, in order of their days, from
    01.07.2026 on; the second is `second`, each later one `third`. One held, or a statement, on the day of the miss or
    later answers, and so does a reduction imposed or waived about that appointment, whatever its day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from tests.judged_development import working
from tests.judged_numbers import Numbers, Row, due_after, due_by
from tests.plain import DAY, Line, Plain, day_of

STANDARD = ("facts", "considerations", "agreement", "next_step")
STEPS = {
    "strategy-bar-set": ["strategy-choice"],
    "strategy-bar-ended": ["close", "review", "strategy-choice"],
    "employment-started": ["employment"],
    "situation-changed": ["situation-change"],
    "handover-initiated": ["handover-out"],
    "handover-accepted": ["handover-in"],
}
DECISIONS = [
    *(f"extension-{step}" for step in ("requested", "approved", "rejected")),
    *(f"handover-{step}" for step in ("initiated", "accepted", "rejected")),
    *("strategy-bar-set", "strategy-bar-ended", "strategy-reviewed"),
    *("appointment-necessity-decided", "sanction-waived"),
]
FIRST = dt.date(2026, 7, 1)


def rows(case: Plain) -> Iterator[Row]:
    yield from _steps(case)
    yield from _misses(case)
    yield from _decisions(case)


def _steps(case: Plain) -> Iterator[Row]:
    whole = [line for line in case.of("process-step-documented") if all(line["data"].get(one) for one in STANDARD)]
    for line in case.of(*STEPS):
        written = [one["on"] for one in whole if one["data"]["step"] in STEPS[line["fact"]] and one["on"] <= case.a]
        if line["on"] <= case.a and not any(day >= line["on"] - 14 * DAY for day in written):
            yield "R-20", "step-missing", due_after(case, "R-20", "step-missing", line["on"])


def _decisions(case: Plain) -> Iterator[Row]:
    filed = {line["data"]["target"] for line in case.of("decision-filed") if line["on"] <= case.a}
    for line in case.of(*DECISIONS):
        if line["id"] not in filed and not line["by"].startswith(("rule:", "import:")):
            day = day_of(line["recorded_at"])
            yield "R-42", "not-in-file", due_by(case, "R-42", partial(_working_day, day))


def _working_day(day: dt.date, numbers: Numbers) -> dt.date:
    return working(day, numbers["not-in-file"])


def _misses(case: Plain) -> Iterator[Row]:
    things = case.appointments()
    held = [day for status, day, _ in things.values() if status == "held"]
    misses = sorted(
        (day, thing) for thing, (status, day, line) in things.items() if status == "missed" and _counts(day, line)
    )
    for place, (day, thing) in enumerate(misses):
        earlier = max((one for one in held if one < day), default=dt.date.min)
        number = sum(1 for one, _ in misses[: place + 1] if one > earlier)
        said = [line["on"] for line in case.about("case-statement-given", "rule", "R-47")]
        answered = any(day <= one <= case.a for one in (*held, *said))
        if number > 1 and day <= case.a and not answered and not _decided(case, thing):
            stage = "second" if number == 2 else "third"
            yield "R-47", stage, due_after(case, "R-47", stage, day)


def _counts(day: dt.date, line: Line) -> bool:
    return day >= FIRST and line["data"].get("good_cause") == "no"


def _decided(case: Plain, thing: str) -> bool:
    said = [line for name in ("imposed", "waived") for line in case.about(f"sanction-{name}", "appointment", thing)]
    return any(line["on"] <= case.a for line in said)
