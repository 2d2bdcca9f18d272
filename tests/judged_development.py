"""The judge of appointments in the strategy Entwicklung: R-09 to R-13, from plain facts, day by day.

How the Fachkonzept is read where it leaves room, beside `tests/oracle.py`:
31. A talk is an appointment held by another channel than video, as for `since_appointment`; an invitation counts by the
    day it left, whatever became of its appointment. The bar is the merged one, open through its last day.
32. R-09 is silent if an appointment that is not cancelled lies from S to S + 2 months, both days included; once these
    are over, any later one will do. A working day is one of Niedersachsen.
33. R-12: never a talk, on no day before S either, is due S + 3 months. In benefit is who is in no gap, whose case is
    not closed, and, where the first fact of benefit is a start, not before that.
34. R-13: "hits" means the condition of R-10, R-11 or R-12 holds and its day is reached, suspended or not. Its day is
    the first of the days in a row on which one of them holds, a measure runs and no decision "needed" is in force. A
    decision is in force to its `valid_until`, without one until the next decision.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import holidays

from tests.judged_numbers import Numbers, Row, after, due_after, due_by
from tests.plain import DAY, FAR, LONG_AGO, Line, Plain, Run, each_day, lane, months_later

HITS = ("R-10", "R-11", "R-12")


def rows(case: Plain) -> Iterator[Row]:
    if case.spell is None or case.spell.strategy != "entwicklung":
        return
    since = case.spell.first
    days = [day for status, day, _ in case.appointments().values() if status != "cancelled" and day >= since]
    early = [day for day in days if day <= months_later(since, 2)]
    if not early and (not days or case.a <= months_later(since, 2)):
        yield "R-09", "missing", due_by(case, "R-09", lambda numbers: working(since, numbers["missing"]))
    yield from _listed(case, case.a)
    measures = _measures(case)
    if any(run.covers(case.a) for run in measures):
        first = case.a
        while first >= since and _both(case, first, measures):
            first -= DAY
        if first < case.a:
            yield "R-13", "necessity", due_after(case, "R-13", "necessity", first + DAY)


def _listed(case: Plain, day: dt.date) -> Iterator[Row]:
    """R-10 to R-12 as they stand on a day of the bar, by all that is seen on `a`."""
    assert case.spell is not None
    since = case.spell.first
    talk = max((one for one in case.talks() if one <= day), default=None)
    sent = max((line["on"] for line in case.of("appointment-invited") if line["on"] <= day), default=None)

    def from_talk(numbers: Numbers) -> dt.date:
        return max(since, after(talk or since, numbers["six-weeks"]))

    def from_invitation(numbers: Numbers) -> dt.date:
        last = max([one for one in (talk, sent) if one], default=since)
        return max(since, after(last, numbers["invite"]) + DAY)

    def from_half_a_year(numbers: Numbers) -> dt.date:
        listed = months_later(since, 3)
        return max(listed, after(talk, numbers["six-months"])) if talk else listed

    yield "R-10", "six-weeks", due_by(case, "R-10", from_talk)
    planned = [one for status, one, _ in case.appointments().values() if status == "planned"]
    if not any(day <= one <= months_later(day, 2) for one in planned):
        yield "R-11", "invite", due_by(case, "R-11", from_invitation)
    if in_benefit(case, day):
        yield "R-12", "six-months", due_by(case, "R-12", from_half_a_year)


def _both(case: Plain, day: dt.date, measures: list[Run]) -> bool:
    if not any(run.covers(day) for run in measures) or decided(case, day) is True:
        return False
    return any(due <= day for _, _, due in _listed(case, day))


def in_benefit(case: Plain, day: dt.date) -> bool:
    """Reading 33."""
    said = case.of("benefit-started", "benefit-ended")
    first = min((line["on"] for line in said), default=LONG_AGO)
    begins = any(line["on"] == first for line in case.of("benefit-started"))
    if begins and day < first:
        return False
    return not any(run.covers(day) for run in case.gaps) and not any(covers(day) for covers in case.reasons["closed"])


def decided(case: Plain, day: dt.date) -> bool | None:
    """Whether a decision in force says that a talk is needed, None without one."""
    said = [line for line in case.of("appointment-necessity-decided") if line["on"] <= day]
    last = max(said, key=lambda line: (line["on"], line["recorded_at"], line["id"]), default=None)
    if last is None or day > _until(last):
        return None
    needed: bool = last["data"]["needed"]
    return needed


def _until(line: Line) -> dt.date:
    until = line["data"].get("valid_until") or FAR
    return until if isinstance(until, dt.date) else dt.date.fromisoformat(until)


def _measures(case: Plain) -> list[Run]:
    things = {line["data"]["measure"] for line in case.of("measure-started")}
    return [run for thing in sorted(things) for run in measure(case, thing)]


def measure(case: Plain, thing: str) -> list[Run]:
    ends = [line for name in ("measure-ended", "measure-broken-off") for line in case.about(name, "measure", thing)]
    return lane(case.about("measure-started", "measure", thing), ends)


def working(day: dt.date, number: tuple[int, int]) -> dt.date:
    months, days = number
    if months:
        return after(day, number)
    free = holidays.country_holidays("DE", subdiv="NI")
    following = (one for one in each_day(day + DAY, day + 40 * DAY) if one.weekday() < 5 and one not in free)
    return [day, *(one for _, one in zip(range(days), following, strict=False))][-1]
