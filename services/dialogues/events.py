"""What dialogues about jobs, appointments and measures need to know of a case."""

from __future__ import annotations

import datetime as dt
from typing import cast

from domain import standing, used_again, words
from domain.clocks import ENDING_JOBS
from domain.dialogues.row import Miss
from domain.facts.base import CODE_WORDS
from domain.facts.duties import SanctionImposed, SanctionWaived
from domain.facts.support import EmploymentStarted
from domain.periods import DAY
from domain.stretches import at
from domain.timeline import Timeline


def jobs(timeline: Timeline) -> tuple[tuple[str, str], ...]:
    """Those begun and not ended, as (id, kind with the first day)."""
    running = [one for one in timeline.employment if one.end is None and one.first <= timeline.as_of]
    begun = [(one, one.start.fact) for one in running]
    return tuple(
        (fact.employment, f"{CODE_WORDS[fact.kind]}, seit {words.day(one.first)}")
        for one, fact in begun
        if isinstance(fact, EmploymentStarted)
    )


def anew(timeline: Timeline) -> dict[str, dt.date]:
    """Of those, the ones that end a strategy, under a bar from before, with the start of the benefit that came after
    their first day and runs today.
    """
    bar = at(timeline.bars, timeline.as_of)
    found: dict[str, dt.date] = {}
    for one in timeline.employment if bar else ():
        fact = cast(EmploymentStarted, one.start.fact)
        if one.end is None and bar and bar.first < one.first <= timeline.as_of and fact.kind in ENDING_JOBS:
            runs = used_again.anew(timeline, one.first, timeline.as_of - DAY)
            found |= {fact.employment: runs[0].on} if runs and runs[1] <= timeline.as_of else {}
    return found


def after_job(timeline: Timeline) -> tuple[dt.date, dt.date] | None:
    """The last day of a job after which a bar from before it goes on being used today, and the first of a new one."""
    found = used_again.bars(timeline, timeline.as_of)
    return next(((one.job.last, one.since) for one in found if one.since <= timeline.as_of), None)


def misses(timeline: Timeline) -> tuple[Miss, ...]:
    """Missed appointments whose cause is open, or about which nothing is decided."""
    return tuple(
        Miss(one.appointment, one.on, one.good_cause == "no")
        for one in timeline.appointments
        if one.status == "missed" and one.good_cause in ("open", "no") and not _decided(timeline, one.appointment)
    )


def _decided(timeline: Timeline, appointment: str) -> bool:
    kinds = (SanctionImposed, SanctionWaived)
    return any(standing.latest(timeline, kind, appointment) is not None for kind in kinds)
