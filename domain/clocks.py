"""How long, and why: every clock of a case with each deduction named (Fachkonzept 3.0). Knows no threshold and no rule.

Each clock counts a set of days inside the open bar. On day a it shows how many of them lie before a, so a day that is
not over does not count, and gross = net + deducted days.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple, cast

from domain.facts.contact import AppointmentHeld, ContactHeld
from domain.facts.strategy import ClockPauseEnded, ClockPauseStarted
from domain.facts.support import EmploymentStarted
from domain.periods import DAY, OPEN, Period, count, cut, merge, subtract
from domain.stretches import at, within
from domain.timeline import ALG1_DAYS, BARS, BENEFIT, CARE, CLOSING, JOBS, PLACEMENT, Care, Kinds, Spell, Timeline

REASONS = ("alg1", "employment", "benefit-gap", "closed", "manual")
PAUSING: Kinds = ALG1_DAYS | JOBS | BENEFIT | CLOSING | {ClockPauseStarted, ClockPauseEnded}
READS: Kinds = BARS | CARE | PAUSING  # what segments depend on
ENDING_JOBS = ("sv-pflichtig", "selbstaendig", "ausbildung")
AREA_CLOCKS = {"jobakademie": ("jobakademie",), "av_ags": ("av-ags",), "placement": PLACEMENT}


class Deduction(NamedTuple):
    """Days that do not count for `net`, both ends inclusive."""

    reason: str
    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1

    @property
    def period(self) -> Period:
        """Its days."""
        return Period(self.first, self.last)


class Clocks(NamedTuple):
    """The answer of `clocks` (Vertrag 3); what does not apply is None."""

    strategy: str | None
    since: dt.date | None
    unit: str | None
    area: str | None
    worker: str | None
    days: dict[str, int | None]
    deductions: list[Deduction]


class Segment(NamedTuple):
    """A stretch of days in which a clock either runs or stands (architecture.md, The read model).

    For a day D in `first` .. `last` it shows `stopped`, or D - origin - shift where `stopped` is None. An entry of
    `deductions` whose last day is None runs until D - 1.
    """

    clock: str
    strategy: str | None
    spell: dt.date | None
    origin: dt.date
    shift: int
    stopped: int | None
    first: dt.date
    last: dt.date
    unit: str | None
    area: str | None
    worker: str | None
    deductions: tuple[tuple[str, dt.date, dt.date | None], ...]
    team: str | None = None


def clocks(timeline: Timeline, as_of: dt.date) -> Clocks:
    """Every clock on a day."""
    care: Care | None = at(timeline.care, as_of)
    spell: Spell | None = at(timeline.spells, as_of)
    days: dict[str, int | None] = dict.fromkeys(("gross", "net", "lead_time", *AREA_CLOCKS))
    found: list[Deduction] = []
    if spell:
        found = _until(deductions(timeline, spell.period), as_of - DAY)
        gross = (as_of - spell.first).days
        days |= {"gross": gross, "net": gross - sum(one.days for one in found)}
        if spell.strategy == "integration":
            days |= {clock: _before(counted(timeline, spell, clock), as_of) for clock in ("lead_time", *AREA_CLOCKS)}
    days |= since_talks(timeline, as_of)
    return Clocks(
        strategy=spell.strategy if spell else None,
        since=spell.first if spell else None,
        unit=care.unit if care else None,
        area=care.area if care else None,
        worker=care.worker if care else None,
        days=days,
        deductions=found,
    )


def deductions(timeline: Timeline, window: Period) -> list[Deduction]:
    """The days inside `window` that `net` does not count, each once under its first reason, sorted by day."""
    if not timeline.says(PAUSING):
        return []
    taken: list[Period] = []
    found: list[Deduction] = []
    for reason, periods in pausing(timeline).items():
        inside = [part for period in within(periods, window) if (part := cut(period, window))]
        if inside:
            fresh = subtract(inside, taken)
            taken += fresh
            found += [Deduction(reason, *period) for period in fresh]
    return sorted(found, key=lambda one: one.first)


def deducted(timeline: Timeline, spell: Spell) -> list[Deduction]:
    """The same for a bar."""
    return timeline.kept(("deducted", spell.period), BARS | CARE | PAUSING, lambda: deductions(timeline, spell.period))


def pausing(timeline: Timeline) -> dict[str, list[Period]]:
    """All days that each reason takes, in the order in which reasons win; not yet cut to a bar, none twice."""
    return {
        "alg1": timeline.alg1_days,
        "employment": timeline.kept("job days", BARS | CARE | JOBS, lambda: _job_days(timeline)),
        "benefit-gap": timeline.benefit_gaps,
        "closed": timeline.closed,
        "manual": [pause.period for pause in timeline.pauses],
    }


def counted(timeline: Timeline, spell: Spell, clock: str) -> list[Period]:
    """The days of a bar that the clock lead_time, or that of an area, counts."""
    if clock == "lead_time":
        there = [care.first for care in timeline.care if care.area in PLACEMENT and care.last >= spell.first]
        return subtract([spell.period], [Period(max(there[0], spell.first), OPEN)] if there else [])
    return area_days(timeline, spell, *AREA_CLOCKS[clock])


def area_days(timeline: Timeline, spell: Spell, *areas: str) -> list[Period]:
    """The days of a bar on which the case was in one of these areas."""
    there = (care for care in within(timeline.care, spell.period) if care.area in areas)
    return merge(period for care in there if (period := cut(Period(care.first, care.last), spell.period)))


def since_talks(timeline: Timeline, as_of: dt.date) -> dict[str, int | None]:
    """Days since the last appointment (personal, by phone or no channel given) and since any contact."""
    talks = _days_of_talks(timeline)
    past = {clock: [day for day in days if day <= as_of] for clock, days in talks.items()}
    return {clock: (as_of - days[-1]).days if days else None for clock, days in past.items()}


def segments(timeline: Timeline, window: Period) -> Iterator[Segment]:
    """All segments inside a window of days through which the facts of the timeline stay the same."""
    for care in within(timeline.care, window):
        if inside := cut(Period(care.first, care.last), window):
            where = care.unit, care.area, care.worker
            yield Segment("care", None, None, care.first, 0, None, *inside, *where, (), care.team)
    for spell in within(timeline.spells, window):
        if inside := cut(spell.period, window):
            yield from _spell_segments(timeline, spell, inside)


def _spell_segments(timeline: Timeline, spell: Spell, window: Period) -> Iterator[Segment]:
    """The rows of `net`, which carry gross, too; the other clocks are computed for one case alone (decision 0004)."""
    taken = deducted(timeline, spell)
    days = subtract([spell.period], [one.period for one in taken])
    for part, care in _shared(timeline.care, window):
        unit, area, worker = (care.unit, care.area, care.worker) if care else (None, None, None)
        for piece, shift, stopped in _running(days, spell.first, part):
            for first, last, listed in _with_deductions(piece, taken):
                yield Segment(
                    clock="net",
                    strategy=spell.strategy,
                    spell=spell.first,
                    origin=spell.first,
                    shift=shift,
                    stopped=stopped,
                    first=first,
                    last=last,
                    unit=unit,
                    area=area,
                    worker=worker,
                    deductions=listed,
                    team=care.team if care else None,
                )


def _shared(care: list[Care], window: Period) -> Iterator[tuple[Period, Care | None]]:
    """The window in parts of one responsibility each, days without one included."""
    day = window.first
    for one in within(care, window):
        inside = cut(Period(one.first, one.last), window)
        if inside is None:
            continue
        if day < inside.first:
            yield Period(day, inside.first - DAY), None
        yield inside, one
        if inside.last == window.last:
            return
        day = inside.last + DAY
    yield Period(day, window.last), None


def _running(days: list[Period], origin: dt.date, window: Period) -> Iterator[tuple[Period, int, int | None]]:
    """Where a clock runs (with its shift) and where it stands (with what it shows), inside the window."""
    shown, day = 0, window.first
    for period in days:
        if period.first > window.last:
            break
        if day < period.first:
            yield Period(day, period.first - DAY), 0, shown
        if inside := cut(period, window):
            yield inside, (period.first - origin).days - shown, None
            day = inside.last + DAY if inside.last < OPEN else OPEN
        shown += period.days
        if period.last >= window.last:
            return
    if day <= window.last:
        yield Period(day, window.last), 0, shown


def _with_deductions(
    piece: Period, taken: list[Deduction]
) -> Iterator[tuple[dt.date, dt.date, tuple[tuple[str, dt.date, dt.date | None], ...]]]:
    """The piece in parts on which the list of deductions reads the same; the one that runs has no last day."""
    edges = sorted({piece.first, *(day for one in taken for day in _edges(one) if piece.first < day <= piece.last)})
    for first, after in zip(edges, [*edges[1:], None], strict=True):
        listed = tuple(
            (one.reason, one.first, one.last if one.last < first else None) for one in taken if one.first < first
        )
        yield first, after - DAY if after else piece.last, listed


def _edges(one: Deduction) -> Iterable[dt.date]:
    return (one.first + DAY,) if one.last == OPEN else (one.first + DAY, one.last + DAY)


def _until(found: list[Deduction], last: dt.date) -> list[Deduction]:
    return [one._replace(last=min(one.last, last)) for one in found if one.first <= last]


def _before(days: list[Period], as_of: dt.date) -> int:
    return count(part for period in days if (part := cut(period, Period(dt.date.min, as_of - DAY))))


def _ends_benefit(fact: object) -> bool:
    return isinstance(fact, EmploymentStarted) and fact.kind in ENDING_JOBS and fact.benefit_ends is True


def _job_days(timeline: Timeline) -> list[Period]:
    """A job that should have ended the strategy takes the days until the client is steered again (Fachkonzept 3.0)."""
    steered = sorted(
        [care.first for care in timeline.care if care.area in PLACEMENT] + [bar.first for bar in timeline.bars]
    )
    found = []
    for job in timeline.employment:
        if _ends_benefit(job.start.fact):
            again = bisect_right(steered, job.last)
            found.append(Period(job.first, steered[again] - DAY if again < len(steered) else job.last))
    return merge(found)


def _days_of_talks(timeline: Timeline) -> dict[str, list[dt.date]]:
    held = [
        (one.on, (one.last.fact.channel or one.planned_channel) != "video")
        for one in timeline.appointments
        if isinstance(one.last.fact, AppointmentHeld)
    ]
    talked = timeline.facts(ContactHeld)
    contacts = [one.on for one in talked if cast(ContactHeld, one.fact).outcome != "not-reached"]
    return {
        "since_appointment": sorted(day for day, talk in held if talk),
        "since_contact": sorted([*(day for day, _ in held), *contacts]),
    }
