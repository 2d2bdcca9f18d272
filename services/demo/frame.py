"""The synthetic frame of 10.03.2020 (Fachkonzept 10) and the lives that make it: 1,333 in Integration, 275 long.

As known that day the numbers hold exactly. What was recorded later changes them: bars that had ended, bars nobody had
set, starts that were mistyped.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random
from typing import Literal, NamedTuple

from domain.calendar import is_working_day
from domain.clocks import clocks
from domain.facts.case import Area, Strategy
from domain.knowledge import known
from domain.periods import DAY, add_months, end_of_day
from domain.records import Entry
from domain.timeline import build
from services.demo import staff
from services.demo.causes import IN_TIME, LATE, Cause, of_area, tell
from services.demo.lives import Life
from services.demo.unsteered import goes_by, works_before
from services.demo.writing import Calendar, Written, records

DAY_OF_LIST = dt.date(2020, 3, 10)
QUIET = 26  # days before it on which nothing changes, so that all is known by then
BEGIN = dt.date(2016, 1, 11)
ROLL_OUT = dt.date(2018, 1, 2)  # bars of the first quarter of 2018 are artefacts of the roll-out (Fachkonzept 1.3)
ROLL_OUT_DAYS = 85
ALWAYS_HEALTHY = 80  # days in the placement area before any rule speaks
EXTENDED = 138 * DAY  # after that long an extension is asked for, in time before the warning
STEERED = 320  # days in the placement area, at most, of who is there today, was reviewed and extended in time

Kind = Literal["long", "short", "outside", "unrecorded", "before", "steered", "other"]


class Part(NamedTuple):
    """What a case is on the Stichtag. `area` is nothing where any will do."""

    kind: Kind
    unit: str
    area: Area | None = None
    cause: Cause = Cause()


UNITS = ("56.4", "56.5", "56.6", "56.7", "56.8", "52.1", "52.3", "52.5")
LONG: dict[Area, tuple[int, ...]] = {
    "jobakademie": (9, 6, 18, 3, 3, 6, 0, 0),
    "av-ags": (37, 22, 43, 40, 15, 0, 12, 61),
}
NOT_LONG = (150, 190, 150, 130, 100, 120, 98, 120)  # in Integration for a year at most, or outside the placement area
OUTSIDE = 0.16  # of these: for over a year, but with Fallmanagement
UNRECORDED = 48  # in Integration that day, as it turned out later


def parts(told: Iterable[Written], count: int) -> list[Part]:
    """What each of `count` further cases plays, beside those that are told already."""
    there = Counter(part for case in told if (part := _playing(case.entries)))
    chance = Random("parts")
    found: list[Part] = []
    for area, numbers in LONG.items():
        long = [
            part
            for unit, number in zip(UNITS, numbers, strict=True)
            for part in [Part("long", unit, area)] * (number - there[Part("long", unit, area)])
        ]
        causes = zip(long, of_area(area, len(long)), strict=True)
        found += [part._replace(cause=cause) for part, cause in causes]
    for unit, number in zip(UNITS, NOT_LONG, strict=True):
        missing = number - there[Part("short", unit)]
        found += [Part("outside" if chance.random() < OUTSIDE else "short", unit) for _ in range(missing)]
    found += [Part("unrecorded", chance.choice(UNITS)) for _ in range(UNRECORDED)]
    while len(found) < count:
        kind: Kind = chance.choices(("before", "steered", "other"), weights=(28, 22, 50))[0]
        found.append(Part(kind, chance.choice(staff.UNITS if kind == "other" else UNITS)))
    return found[:count]


def _playing(entries: Iterable[Entry]) -> Part | None:
    """What a case is on the Stichtag as known that day, if it counts there."""
    shown = clocks(build(known(records(entries), end_of_day(DAY_OF_LIST)), DAY_OF_LIST), DAY_OF_LIST)
    if shown.strategy != "integration" or shown.unit is None:
        return None
    for area in LONG:
        if shown.area == area and (shown.days["gross"] or 0) > 365:
            return Part("long", shown.unit, area)
    return Part("short", shown.unit)


def lives(calendar: Calendar, told: Iterable[Written], count: int) -> Iterator[Life]:
    """The cases themselves, one after the other."""
    for index, part in enumerate(parts(told, count)):
        life = Life(calendar, f"A-{10_001 + index}", part.unit)
        first = _TELL[part.kind](life, part)
        life.talks(first + 30 * DAY, calendar.today)
        life.stays_invited()
        life.is_renumbered()
        life.entries.sort(key=lambda entry: (entry.recorded_at, entry.on))
        if life.entries:
            yield life


# --- who is on the list ---


def _long(life: Life, part: Part) -> dt.date:
    """For over a year, and in the placement area on the Stichtag."""
    cause = part.cause
    since = ROLL_OUT + life.days(0, ROLL_OUT_DAYS) if cause.roll_out else DAY_OF_LIST - life.days(366, 700)
    first = since - life.days(70, 600)
    life.begins(first, _strategy(life))
    life.changes("integration", since, migrated=cause.roll_out)
    there = steered = since + life.days(*(LATE if cause.late else IN_TIME))
    assert part.area is not None
    if part.area == "av-ags" and life.chance.random() < 0.25:
        life.goes_to("jobakademie", there, "integration")
        there += life.days(1, max(1, (DAY_OF_LIST - there).days - QUIET))
    life.goes_to(part.area, there, "integration")
    tell(life, cause, since, steered, DAY_OF_LIST)
    _looked_after(life, since)
    _goes_on(life, since)
    return max(first, BEGIN)


def _short(life: Life, part: Part) -> dt.date:
    """For a year at most, in whatever area."""
    since = DAY_OF_LIST - life.days(QUIET, 365)
    first = since - life.days(70, 700)
    life.begins(first, _strategy(life))
    life.changes("integration", since)
    if life.chance.random() < 0.8:
        there = since + life.days(0, min(100, (DAY_OF_LIST - since).days - QUIET))
        life.goes_to(_placement(life), there, "integration")
    _goes_on(life, since)
    return max(first, BEGIN)


def _outside(life: Life, part: Part) -> dt.date:
    """For over a year, but still with Fallmanagement."""
    since = DAY_OF_LIST - life.days(366, 700)
    first = since - life.days(70, 400)
    life.begins(first, _strategy(life))
    life.changes("integration", since)
    if life.chance.random() < 0.4:
        alg1 = since + life.days(20, 120)
        life.gets_alg1(alg1, alg1 + life.days(60, 180))
    _goes_on(life, since)
    return first


def _looked_after(life: Life, since: dt.date) -> None:
    """Some were reviewed, some extended; most were not, which is what the QS found."""
    day = since + life.days(180, 330)
    if life.chance.random() < 0.3:
        life.is_reviewed(day)
    if life.chance.random() < 0.15:
        life.is_extended(day + life.days(5, 30), day + life.days(60, 200))


def _goes_on(life: Life, since: dt.date) -> None:
    """What became of the bar after the Stichtag, and what of it was true before and known only then."""
    fate = life.chance.random()
    if fate < 0.05:  # it had ended already
        life.only_after = DAY_OF_LIST
        life.finds_work(DAY_OF_LIST - life.days(3, 20))
        life.only_after = None
        return
    if fate < 0.07:
        life.is_withdrawn(life.bar, DAY_OF_LIST + life.days(20, 90))
        life.leaves(DAY_OF_LIST + life.days(100, 500))
        return
    if fate < 0.11:
        day, noticed = since + life.days(-45, 14), DAY_OF_LIST + life.days(10, 200)
        life.is_moved(life.end_before, day - DAY, noticed)
        life.is_moved(life.bar, day, noticed)
    _ends(life, DAY_OF_LIST + life.days(5, 480))


# --- who is not ---


def _unrecorded(life: Life, part: Part) -> dt.date:
    """In Integration on the Stichtag, but written down only afterwards."""
    since = DAY_OF_LIST - life.days(QUIET, 160)
    first = since - life.days(90, 500)
    life.begins(first, _strategy(life))
    life.only_after = DAY_OF_LIST
    life.changes("integration", since)
    life.goes_to(_placement(life), since + life.days(0, 20), "integration")
    life.only_after = None
    _ends(life, DAY_OF_LIST + life.days(110, 480))
    return first


def _before(life: Life, part: Part) -> dt.date:
    """Integration was over by the Stichtag."""
    last = DAY_OF_LIST - life.days(QUIET, 1_000)
    since = max(last - life.days(60, 400), BEGIN + 120 * DAY)
    last = max(last, since + 50 * DAY)
    first = max(since - life.days(60, 400), BEGIN)
    life.begins(first, _strategy(life))
    life.changes("integration", since)
    if life.chance.random() < 0.7:
        life.goes_to(_placement(life), since + life.days(0, 40), "integration")
    _ends(life, last)
    return first


def _other(life: Life, part: Part) -> dt.date:
    """Never in Integration until the Stichtag; perhaps later, and then steered at once."""
    today = life.calendar.today
    first = BEGIN + life.chance.randint(0, max((today - BEGIN).days - 40, 1)) * DAY
    life.begins(first, _strategy(life))
    since = max(first + life.days(80, 500), DAY_OF_LIST + life.days(1, 60))
    if since >= today - 8 * DAY or part.unit == staff.WITHOUT_PLACEMENT or life.chance.random() < 0.45:
        goes_by(life, first, first + life.days(200, 1_500))
        return first
    works_before(life, first, since)
    life.changes("integration", since)
    life.goes_to(_placement(life), since, "integration")
    if since < today - ALWAYS_HEALTHY * DAY:
        _ends(life, min(since + life.days(60, 420), today - life.days(5, 40)))
    return first


def _steered(life: Life, part: Part) -> dt.date:
    """In Integration today: reviewed after three months, extended before six are over, so that nothing is due."""
    today = life.calendar.today
    there = today - life.days(1, STEERED)
    while not is_working_day(review := add_months(there, 3)):
        there -= DAY
    since = there - life.days(0, 14)
    first = since - life.days(60, 700)
    life.begins(first, _strategy(life))
    life.changes("integration", since)
    life.goes_to(_placement(life), there, "integration")
    if review <= today:
        life.is_reviewed(review, late=0)
    if there + EXTENDED <= today:
        life.is_extended(there + EXTENDED, add_months(there, 12) - DAY)
    return first


def _ends(life: Life, last: dt.date) -> None:
    """A job, no benefit any more, or back to Fallmanagement."""
    fate = life.chance.random()
    if fate < 0.45:
        life.finds_work(last)
    elif fate < 0.7:
        life.leaves(last)
    else:
        strategy = _strategy(life)
        life.goes_to("fallmanagement", last + DAY, strategy)
        life.changes(strategy, last + DAY)
        _is_done(life, last + life.days(200, 1_600))


def _is_done(life: Life, last: dt.date) -> None:
    """What is still ahead has not happened, so the case is open today."""
    if last < life.calendar.today:
        life.leaves(last)


def _strategy(life: Life) -> Strategy:
    return life.chance.choices(
        ("entwicklung", "grundbetreuung-aktivierbar", "grundbetreuung-passiv"), weights=(70, 20, 10)
    )[0]


def _placement(life: Life) -> Area:
    return "jobakademie" if life.chance.random() < 0.45 else "av-ags"


_TELL = {
    "long": _long,
    "short": _short,
    "outside": _outside,
    "unrecorded": _unrecorded,
    "before": _before,
    "steered": _steered,
    "other": _other,
}
