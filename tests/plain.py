"""One case as plain facts say it, day by day, for the judges; `tests/oracle.py` says how the Fachkonzept is read."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

Line = dict[str, Any]
DAY = dt.timedelta(days=1)
FAR = dt.date(9999, 12, 31)
LONG_AGO = dt.date(1, 1, 1)
PLACEMENT = ("jobakademie", "av-ags")
NON_STRATEGY = ("non-strategy-bar-set", "non-strategy-bar-ended")
JOBS = ("employment-started", "employment-ended")
REASONS = ("alg1", "employment", "benefit-gap", "closed", "manual")


def months_later(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def day_of(moment: dt.datetime) -> dt.date:
    return moment.astimezone(ZoneInfo("Europe/Berlin")).date()


def each_day(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    while first <= last:
        yield first
        first += DAY


# --- what is known ---


def seen(lines: Sequence[Line], as_of: dt.date, known_at: dt.datetime, own_day: bool = False) -> list[Line]:
    """The facts that count at (as_of, known_at), corrected and without the withdrawn ones; `own_day`: reading 18."""
    known = [line for line in lines if line["recorded_at"] <= known_at or (own_day and _dated(line, known_at))]
    stood = [_as_corrected(line, known, ()) for line in known if not _withdrawn(line, known, ())]
    return [line for line in stood if counts_from(line) <= as_of]


def counts_from(line: Line) -> dt.date:
    on: dt.date = line["on"]
    return min(on, day_of(line["recorded_at"]))


def _dated(line: Line, known_at: dt.datetime) -> bool:
    """Whether the day of a fact, of which nobody knows when it was recorded, was over at a moment."""
    over = dt.datetime.combine(line["on"] + DAY, dt.time(), ZoneInfo("Europe/Berlin"))
    return bool(line.get("recorded_unknown")) and known_at >= over - dt.timedelta(microseconds=1)


def _about(line: Line, fact: str, known: Sequence[Line], path: tuple[str, ...]) -> list[Line]:
    path = (*path, line["id"])
    others = [other for other in known if other["fact"] == fact and other["id"] not in path]
    standing = [_as_corrected(other, known, path) for other in others if not _withdrawn(other, known, path)]
    return [other for other in standing if other["data"]["target"] == line["id"]]


def _withdrawn(line: Line, known: Sequence[Line], path: tuple[str, ...]) -> bool:
    return bool(_about(line, "fact-withdrawn", known, path))


def _as_corrected(line: Line, known: Sequence[Line], path: tuple[str, ...]) -> Line:
    corrections = _about(line, "fact-corrected", known, path)
    if not corrections:
        return line
    on, data = line["on"], dict(line["data"])
    for said in (one["data"] for one in sorted(corrections, key=lambda one: (one["recorded_at"], one["id"]))):
        on, data = said.get("on") or on, data | (said.get("data") or {})
    data = {name: value for name, value in data.items() if value is not None}
    return line | {"on": on if isinstance(on, dt.date) else dt.date.fromisoformat(on), "data": data}


# --- lanes ---


@dataclass
class Run:
    """Something that was true from `first` to `last`, both inclusive; `last` is FAR while it is open."""

    first: dt.date
    last: dt.date
    start: Line | None
    end: Line | None = None

    def covers(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


def lane(starts: Sequence[Line], ends: Sequence[Line], *, running_before: bool = False) -> list[Run]:
    """Runs from starts and ends (last days); readings 3 and 4."""
    runs: list[Run] = []
    for day in sorted({line["on"] for line in (*starts, *ends)}):
        start = max((line for line in starts if line["on"] == day), key=recorded, default=None)
        end = min((line for line in ends if line["on"] == day), key=recorded, default=None)
        if not runs and running_before and start is None:
            runs.append(Run(LONG_AGO, FAR, None))
        if end and runs and runs[-1].last == FAR:
            runs[-1].last, runs[-1].end = (day - DAY if start else day), end
            end = None
        if start:
            if runs and runs[-1].last == FAR:
                runs[-1].last = day - DAY
            runs.append(Run(day, FAR if end is None else day, start, end))
    return runs


def recorded(line: Line) -> tuple[dt.datetime, str]:
    return (line["recorded_at"], line["id"])


@dataclass
class Spell:
    """A bar of a strategy, merged as 3.0 says."""

    strategy: str
    first: dt.date
    last: dt.date


@dataclass
class Plain:
    """One case on day `a`, from the facts seen there."""

    a: dt.date
    facts: list[Line]
    known: list[Line]  # whatever the day
    spells: list[Spell] = field(init=False)
    alg1: list[Run] = field(init=False)
    gaps: list[Run] = field(init=False)
    reasons: dict[str, list[Callable[[dt.date], bool]]] = field(init=False)

    def __post_init__(self) -> None:
        self.spells = self._spells()
        self.alg1 = lane(self.of("alg1-started"), self.of("alg1-ended"))
        bars = lane(*(self.about(name, "kind", "keine-hs-alg1") for name in NON_STRATEGY))
        self.gaps = self._pauses_between("benefit-started", "benefit-ended")
        closed = self._pauses_between("case-opened", "case-closed")
        manual = lane(self.of("clock-pause-started"), self.of("clock-pause-ended"))
        rows = zip(REASONS, ([*self.alg1, *bars], self._jobs(), self.gaps, closed, manual), strict=True)
        self.reasons = {reason: [run.covers for run in runs] for reason, runs in rows}
        self.spell = next((spell for spell in self.spells if spell.first <= self.a <= spell.last), None)

    def of(self, *names: str) -> list[Line]:
        return [line for line in self.facts if line["fact"] in names]

    def about(self, name: str, key: str, value: str) -> list[Line]:
        return [line for line in self.of(name) if line["data"][key] == value]

    def _spells(self) -> list[Spell]:
        spells: list[Spell] = []
        before: Run | None = None
        for run in lane(self.of("strategy-bar-set"), self.of("strategy-bar-ended")):
            assert run.start is not None
            strategy = run.start["data"]["strategy"]
            if before is not None and spells[-1].strategy == strategy and _one_bar(before, run):
                spells[-1] = Spell(strategy, spells[-1].first, run.last)
            else:
                spells.append(Spell(strategy, run.first, run.last))
            before = run
        return spells

    def _pauses_between(self, start: str, end: str) -> list[Run]:
        """The days after each `end` up to the day before the next `start`."""
        runs = lane(self.of(start), self.of(end), running_before=True)
        nexts = [*(run.first for run in runs[1:]), FAR]
        return [
            Run(run.last + DAY, max(until - DAY, run.last), None)
            for run, until in zip(runs, nexts, strict=False)
            if run.last < FAR
        ]

    def _jobs(self) -> list[Run]:
        """The days of jobs that should have ended the strategy, up to the day before the client is steered again."""
        found = []
        for job in {line["data"]["employment"] for line in self.of("employment-started")}:
            for run in lane(*(self.about(name, "employment", job) for name in JOBS)):
                assert run.start is not None
                data = run.start["data"]
                if data["kind"] != "geringfuegig" and data.get("benefit_ends"):
                    found.append(Run(run.first, self._day_before_steered_again(run.last), run.start))
        return found

    def _day_before_steered_again(self, last: dt.date) -> dt.date:
        steered = [line["on"] for line in self.of("responsibility-assigned") if line["data"]["area"] in PLACEMENT]
        steered += [line["on"] for line in self.of("strategy-bar-set")]
        return min((day - DAY for day in steered if day > last), default=last)

    # --- one day ---

    def responsible(self, day: dt.date) -> Line | None:
        """The assignment in force on a day."""
        until = [line for line in self.of("responsibility-assigned") if line["on"] <= day]
        return max(until, key=lambda line: (line["on"], line["recorded_at"], line["id"]), default=None)

    def area(self, day: dt.date) -> str | None:
        line = self.responsible(day)
        return line["data"]["area"] if line else None

    def deducted(self, day: dt.date) -> str | None:
        """The reason why a day does not count, the first of the list, or None."""
        return next((reason for reason in REASONS if any(covers(day) for covers in self.reasons[reason])), None)

    def appointments(self) -> dict[str, tuple[str, dt.date, Line]]:
        """Status, day and last fact of each appointment."""
        rank = ["planned", "rescheduled", "cancelled", "missed", "held"]
        facts = self.of(*(f"appointment-{status}" for status in rank))
        facts.sort(key=lambda line: (line["recorded_at"], rank.index(line["fact"][12:]), line["on"], line["id"]))
        days: dict[str, dt.date] = {}
        state: dict[str, tuple[str, dt.date, Line]] = {}
        for line in facts:
            status = line["fact"].removeprefix("appointment-")
            thing = line["data"]["appointment"]
            if status != "cancelled":
                days[thing] = line["on"]
            state[thing] = ("planned" if status == "rescheduled" else status, days.get(thing, line["on"]), line)
        return state

    def talks(self) -> list[dt.date]:
        """The days of appointments held by another channel than video."""
        held = [(day, line) for status, day, line in self.appointments().values() if status == "held"]
        return [day for day, line in held if (line["data"].get("channel") or planned_by(self, line)) != "video"]

    def own_follow_ups(self) -> dict[str, tuple[str, dt.date, Line]]:
        """Status, day and last fact of each own follow-up; of one that nobody has set, nothing."""
        found: dict[str, tuple[str, dt.date, Line]] = {}
        for line in sorted(
            self.of("own-follow-up-set", "own-follow-up-done"), key=lambda one: (one["on"], *recorded(one))
        ):
            thing, day = line["data"]["follow_up"], line["data"].get("due_on")
            if day:
                found[thing] = ("open", dt.date.fromisoformat(str(day)), line)
            elif thing in found:
                found[thing] = ("done", found[thing][1], line)
        return found


def _one_bar(before: Run, run: Run) -> bool:
    reason = before.end["data"].get("reason") if before.end else None
    return (run.first - before.last).days <= 2 and reason in (None, "error")


def plain(lines: Sequence[Line], as_of: dt.date, known_at: dt.datetime, own_day: bool = False) -> Plain:
    return Plain(as_of, seen(lines, as_of, known_at, own_day), seen(lines, FAR, known_at, own_day))


STEPS = ("requested", "returned", "withdrawn", "rejected", "approved")


def said_last(line: Line) -> tuple[dt.datetime, dt.date, int, str]:
    return (line["recorded_at"], line["on"], STEPS.index(line["fact"][10:]), line["id"])


def approvals(case: Plain) -> list[Line]:
    """Those that count as given."""
    refused = [line for line in case.known if line["fact"] in ("extension-rejected", "extension-withdrawn")]
    return [
        line
        for line in case.of("extension-approved")
        if not any(
            one["data"]["request"] == line["data"]["request"] and said_last(one) > said_last(line) for one in refused
        )
    ]


def planned_by(case: Plain, held: Line) -> str | None:
    """The channel an appointment was last planned by, for a line about it."""
    thing = held["data"]["appointment"]
    planned = [line for line in case.about("appointment-planned", "appointment", thing) if line["data"].get("channel")]
    last = max(planned, key=lambda line: (line["recorded_at"], line["on"], line["id"]), default=None)
    return last["data"]["channel"] if last else None
