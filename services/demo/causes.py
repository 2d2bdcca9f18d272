"""Why the long stays of the frame came about: the shares the quality report prints (Fachkonzept 4.1), as facts.

The report counted a sample of 88; here the same shares are spread over the whole frame, exactly and by lot.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Set
from random import Random
from typing import Literal, NamedTuple

from domain.facts.case import Area
from domain.facts.support import Extent
from domain.periods import DAY
from services.demo.lives import Life


class Printed(NamedTuple):
    """What the report counted in an area; k of n as (k, n)."""

    conforming: tuple[int, int]
    late: tuple[int, int]  # steered more than three months after the bar
    roll_out: tuple[int, int]  # of the late ones: a bar of the first quarter of 2018
    jobs: tuple[int, int]  # of the conforming ones: at work on the Stichtag
    lost: tuple[int, int]
    support: tuple[int, int]
    alg1: tuple[int, int] = (3, 10)  # of the late ones; printed for the Jobakademie alone


PRINTED: dict[Area, Printed] = {
    "jobakademie": Printed((6, 13), (10, 13), (4, 10), (0, 6), (1, 6), (6, 6)),
    "av-ags": Printed((44, 75), (22, 75), (12, 22), (19, 44), (16, 44), (21, 44)),
}
MINOR, SELF_EMPLOYED, FULL_TIME = (12, 19), (7, 44), (7, 21)
LATE, IN_TIME = (95, 240), (0, 85)  # days from the bar to the placement area
EARLIER = 0.35  # of the others: a bar of the roll-out as well; not handed down
SUPPORT = ("qualifikation", "mag", "bae", "prozukunft", "ida", "coaching", "fuehrerschein", "vermittlungsbudget")
ABOVE: tuple[Extent, ...] = (
    "part-time-under-900",
    "part-time-under-900",
    "part-time-over-900",
    "full-time",
    "full-time",
    "limits-reached",
)


class Cause(NamedTuple):
    """What lies behind one long stay."""

    late: bool = False
    roll_out: bool = False
    alg1: bool = False
    job: Extent | None = None
    lost: Literal["sv-pflichtig", "selbstaendig"] | None = None
    support: str | None = None
    full_time: bool = False


def of_area(area: Area, count: int) -> list[Cause]:
    """The causes of so many long stays in an area, in an order decided by lot."""
    lot, said = Random(f"causes {area}"), PRINTED[area]
    late = _some(lot, range(count), said.late)
    roll_out, alg1 = _some(lot, late, said.roll_out), _some(lot, late, said.alg1)
    roll_out |= {case for case in range(count) if case not in late and lot.random() < EARLIER}
    conforming = sorted(_some(lot, range(count), said.conforming))
    at_work = _some(lot, conforming, said.jobs)
    lost = _some(lot, conforming, said.lost, without=at_work)
    support = _some(lot, conforming, said.support, first=set(conforming) - at_work - lost)
    extents = dict(zip(sorted(at_work), _extents(lot, len(at_work)), strict=True))
    self_employed = _some(
        lot, sorted(lost), (SELF_EMPLOYED[0] * (len(lost) + len(at_work)), SELF_EMPLOYED[1] * max(len(lost), 1))
    )
    full_time = _some(lot, sorted(support), FULL_TIME)
    return [
        Cause(
            late=case in late,
            roll_out=case in roll_out,
            alg1=case in alg1,
            job=extents.get(case),
            lost=("selbstaendig" if case in self_employed else "sv-pflichtig") if case in lost else None,
            support=lot.choice(SUPPORT) if case in support else None,
            full_time=case in full_time,
        )
        for case in range(count)
    ]


def _some(
    lot: Random,
    of: Collection[int],
    share: tuple[int, int],
    *,
    without: Set[int] = frozenset(),
    first: Set[int] = frozenset(),
) -> set[int]:
    """So many of the cases as the share says (half up): those in `first`, then by lot, none of `without`."""
    k, n = share
    wanted = (2 * k * len(of) + n) // (2 * n)
    others = sorted(set(of) - without - first)
    return {*sorted(first)[:wanted], *lot.sample(others, min(max(wanted - len(first), 0), len(others)))}


def _extents(lot: Random, count: int) -> list[Extent]:
    minor = _some(lot, range(count), MINOR)
    return ["minor" if case in minor else ABOVE[case % len(ABOVE)] for case in range(count)]


# --- as facts ---


def tell(life: Life, cause: Cause, since: dt.date, steered: dt.date, stichtag: dt.date) -> None:
    """ALG I, jobs and support of a long stay that began on `since`, known a month before the Stichtag."""
    known = stichtag - 30 * DAY
    if cause.alg1:
        first = since + life.days(10, 25)
        life.gets_alg1(first, min(first + life.days(40, 150), steered - DAY))
    if cause.lost:
        first = steered + life.days(0, 20)
        life.works(cause.lost, first, first + life.days(25, max(26, min(300, (known - first).days - 5))))
    if cause.job:
        life.works(
            "geringfuegig" if cause.job == "minor" else "sv-pflichtig", known - life.days(0, 200), extent=cause.job
        )
    if cause.support:
        life.trains(cause.support, known - life.days(0, 90), stichtag + life.days(10, 60), full_time=cause.full_time)
