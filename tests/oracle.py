"""The judge: what the Fachkonzept says of one case, counted day by day from plain facts, slowly, without code of ours.

Lines are dicts of the fact format with `id`, `fact`, `on` (date), `recorded_at` (moment with offset), `by`, `data`.

How the Fachkonzept is read where it leaves room:
 1. Seen at (a, k): recorded at or before k, and its day or the local day of recording is on or before a (2.0: a plan
    counts from the day it was recorded). A corrected fact keeps its id and moment; its new day counts.
 2. Several corrections apply in the order of recording, field by field, the day likewise (Fachkonzept 13, Vertrag 2).
 3. Two facts of one kind and day: the later recorded counts as the later (then the greater id). Of an end and a start
    on one day the end closes what was open before that day; if nothing was, it closes what starts (one day long).
    Several ends of a day are one, the first recorded.
 4. An end ends what is open on its day; another end is without effect. A second start while something is open ends
    that on the day before (2.0 says so for bars); of two starts of one day the later recorded stands.
 5. A bar cut by one that starts on the day of its end keeps the reason of that end; it forbids merging.
 6. Steered again (deduction `employment`): a responsibility in the placement area or a strategy bar with a day after
    the last day of the job; one recorded ahead counts (no. 1).
 7. Days with ALG I, for suspending: the same days as for the deduction, ALG I or a bar `keine-hs-alg1`.
 8. A care episode is left on the first day outside; back before that day + 3 months continues it. The days outside
    are pauses. Rows show while the case is in that area with the bar open.
 9. R-02b lists every six months that are full, each with its own day.
10. A bar whose end is recorded is open on its last day for the clocks, but answered for the follow-ups of that day;
    the day of `case-closed` likewise ends the follow-ups. Ends still ahead resolve nothing.
11. A suspension over before a moves the day to the first day after it, if that is later; whether a review came in
    time is judged by the rule's own day.
12. R-04 and R-05: the last review on or after the first due day counts. R-05's first day is the first one from
    S + 12 M on which the case is in the placement area.
13. The latest approval is the one with the latest day of consent up to a, then the latest recorded (Fachkonzept 13).
    A request suspends from its first consent to the last day of its latest one; what was approved before a rejection
    or withdrawal known at k was never given, on every day (3.1 no. 4). What is said about a request follows each other
    by recording, at one moment by the days, then in the order of reading 25. R-06 belongs to the bar (of any
    strategy) open on the day of consent and ends when that bar or the area of that day is left.
14. R-07 counts from S or the first day outside the placement area; no responsibility is outside.
15. An appointment's facts follow each other by recording; recorded in one moment: planned, rescheduled, cancelled,
    missed, held. Held counts by the status seen on a, with the channel of that fact, else the one it was last planned
    by (Fachkonzept 13). Cancelled without ever having had
    a day, it has that of the last cancellation.
16. R-18 `bar-open`: each ALG I period that shares a day with the bar (of any strategy) open on a; due their first
    common day, until the bar ends. `first-appointment`: only with a `planned_end` or an `alg1-ended`
    recorded before its day; the end is the recorded one, else the planned one; resolved by an appointment after it that
    is not cancelled. `choose-strategy`: the day after an `alg1-ended`, if no bar is open on it and ALG I does not go
    on; resolved by any later strategy bar.
17. Benefit and the case itself count as running before the first fact, unless that fact is a start.
18. Read "als am Wirksamkeitstag erfasst", a fact whose moment of recording is unknown (`recorded_unknown`) is known
    from the end of its own day, at the latest from its arrival; what it follows and from when it counts stays as it is.
19. Numbers of stages: on a day those hold that are valid on it for the unit responsible on a. A stage is due from the
    first day since which it was so on each day by the numbers of that day, but not before the day today's numbers say.
    A number in days alone of `warning` counts from the limit; a setting without any number means the shipped one.
26. What is said about an own follow-up follows each other by its days, on one day by recording: the last set says for
    when, and it is done if the last thing said is that.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

Line = dict[str, Any]
DAY = dt.timedelta(days=1)
FAR = dt.date(9999, 12, 31)
LONG_AGO = dt.date(1, 1, 1)
PLACEMENT = ("jobakademie", "av-ags")
NON_STRATEGY = ("non-strategy-bar-set", "non-strategy-bar-ended")
JOBS = ("employment-started", "employment-ended")
Numbers = dict[str, tuple[int, int]]  # by stage: months, days
CARE_TIME: Numbers = {"interim": (3, 0), "warning": (0, -28), "limit": (6, 0)}
SHIPPED: dict[str, Numbers] = {
    "R-02": CARE_TIME,
    "R-02b": {"six-plus-six": (12, 0)},
    "R-03": CARE_TIME,
    "R-04": {"check": (6, 0)},
    "R-05": {"check": (12, 0)},
    "R-06": {"warning-28": (0, -28), "warning-7": (0, -7), "overdue": (0, 1)},
    "R-07": {"notice": (2, 0), "limit": (3, 0)},
    "R-14": {"status": (0, 1)},
    "R-18": {"bar-open": (0, 0), "first-appointment": (0, -28), "choose-strategy": (0, 1)},
    "R-43": {"own": (0, 0)},
}
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
    """A bar of a strategy, merged as 3.0 says. `ended`: its end was recorded, not implied by the next bar."""

    strategy: str
    first: dt.date
    last: dt.date
    ended: bool


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
            strategy, ended = run.start["data"]["strategy"], run.end is not None and run.end["on"] == run.last
            if before is not None and spells[-1].strategy == strategy and _one_bar(before, run):
                spells[-1] = Spell(strategy, spells[-1].first, run.last, ended)
            else:
                spells.append(Spell(strategy, run.first, run.last, ended))
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


# --- clocks ---


def clocks(lines: Sequence[Line], as_of: dt.date, known_at: dt.datetime, own_day: bool = False) -> dict[str, Any]:
    """The answer of `clocks` (Vertrag 3) without case and moments; days of deductions as dates."""
    case = plain(lines, as_of, known_at, own_day)
    responsible = case.responsible(as_of)
    who = responsible["data"] if responsible else {}
    rows = _deductions(case)
    return {
        "strategy": case.spell.strategy if case.spell else None,
        "since": case.spell.first if case.spell else None,
        "unit": who.get("unit"),
        "area": who.get("area"),
        "worker": who.get("worker"),
        "days": _days(case, sum(row["days"] for row in rows)),
        "deductions": rows,
    }


def _deductions(case: Plain) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    if case.spell is None:
        return rows
    for day in each_day(case.spell.first, case.a - DAY):
        reason = case.deducted(day)
        if reason is None:
            continue
        if rows and rows[-1]["reason"] == reason and rows[-1]["to"] == day - DAY:
            rows[-1]["to"] = day
            rows[-1]["days"] += 1
        else:
            rows.append({"reason": reason, "from": day, "to": day, "days": 1})
    return rows


def _days(case: Plain, deducted: int) -> dict[str, int | None]:
    days: dict[str, int | None] = dict.fromkeys(("gross", "net", "lead_time", "jobakademie", "av_ags", "placement"))
    if case.spell:
        past = list(each_day(case.spell.first, case.a - DAY))
        days |= {"gross": len(past), "net": len(past) - deducted}
        if case.spell.strategy == "integration":
            areas = [case.area(day) for day in past]
            lead = next((index for index, area in enumerate(areas) if area in PLACEMENT), len(past))
            ja, av = areas.count("jobakademie"), areas.count("av-ags")
            days |= {"lead_time": lead, "jobakademie": ja, "av_ags": av, "placement": ja + av}
    held = [
        (day, line["data"].get("channel") or _planned_by(case, line["data"]["appointment"]))
        for status, day, line in case.appointments().values()
        if status == "held" and day <= case.a
    ]
    reached = [line for line in case.of("contact-held") if line["data"].get("outcome") != "not-reached"]  # 2.4
    contacts = [line["on"] for line in reached if line["on"] <= case.a]
    in_person = [day for day, channel in held if channel in (None, "personal", "phone")]
    days["since_appointment"] = (case.a - max(in_person)).days if in_person else None
    days["since_contact"] = (case.a - max([*contacts, *(day for day, _ in held)])).days if contacts or held else None
    return days


def _planned_by(case: Plain, thing: str) -> str | None:
    planned = [line for line in case.about("appointment-planned", "appointment", thing) if line["data"].get("channel")]
    last = max(planned, key=lambda line: (line["recorded_at"], line["on"], line["id"]), default=None)
    return last["data"]["channel"] if last else None


# --- what is due ---

Row = tuple[str, str, dt.date]


def offered(
    lines: Sequence[Line], as_of: dt.date, known_at: dt.datetime, own_day: bool = False
) -> tuple[str, str, str] | None:
    """The unit, area and worker a case waits for on a day: the last step of a handover until then is an offer."""
    steps = [line for line in seen(lines, as_of, known_at, own_day) if line["fact"].startswith("handover-")]
    until = sorted((one["on"], one["recorded_at"], one["id"], one) for one in steps if one["on"] <= as_of)
    if not until or until[-1][3]["fact"] != "handover-initiated":
        return None
    to = until[-1][3]["data"]
    return to["to_unit"], to["to_area"], to["to_worker"]


def due(lines: Sequence[Line], as_of: dt.date, known_at: dt.datetime, own_day: bool = False) -> list[Row]:
    """(rule, stage, due) of every follow-up open on a day, sorted."""
    case = plain(lines, as_of, known_at, own_day)
    if _closed(case):
        return []
    rows: list[Row] = []
    if case.spell and not _answered(case):
        rows += _extension(case)
    if case.spell and case.spell.strategy == "integration" and not _answered(case):
        rows += _care(case, "jobakademie", "R-02") + _care(case, "av-ags", "R-03") + _gross(case) + _outside(case)
    rows = _waiting(case, rows)
    return sorted(row for row in [*rows, *_status(case), *_alg1(case), *_own(case)] if _is_open(case, row))


def _is_open(case: Plain, row: Row) -> bool:
    return row[2] <= case.a and not _done_with(case, row)


def _done_with(case: Plain, row: Row) -> bool:
    """An Altfall that was closed by then."""
    said = [line["data"] for line in case.of("legacy-closed") if line["on"] <= case.a]
    return any((one["rule"], one["stage"], str(one["due"])) == (*row[:2], str(row[2])) for one in said)


def _numbers(case: Plain, rule: str, day: dt.date) -> Numbers:
    responsible = case.responsible(case.a)
    units = (None, responsible["data"]["unit"] if responsible else None)
    numbers = dict(SHIPPED[rule])
    for stage in numbers:
        said = [line for line in case.about("threshold-set", "rule", rule) if line["data"]["stage"] == stage]
        valid = [line for line in said if line["on"] <= day and line["data"].get("unit") in units]
        if valid:
            data = max(valid, key=lambda line: ("unit" in line["data"], line["on"], *recorded(line)))["data"]
            if "months" in data or "days" in data:
                numbers[stage] = (data.get("months", 0), data.get("days", 0))
    return numbers


def _after(day: dt.date, number: tuple[int, int]) -> dt.date:
    return months_later(day, number[0]) + number[1] * DAY


def _due(case: Plain, rule: str, day_by: Callable[[Numbers], dt.date]) -> dt.date:
    """Reading 19; `day_by`: the due day by some numbers, FAR if there is none."""
    days: dict[str, dt.date] = {}

    def by_numbers_of(day: dt.date) -> dt.date:
        numbers = _numbers(case, rule, day)
        return days.setdefault(str(numbers), day_by(numbers))

    today = by_numbers_of(case.a)
    if today > case.a or not case.about("threshold-set", "rule", rule):
        return today
    first = case.a
    while by_numbers_of(first - DAY) < first:
        first -= DAY
    return max(first, today)


def _due_after(case: Plain, rule: str, stage: str, day: dt.date) -> dt.date:
    return _due(case, rule, lambda numbers: _after(day, numbers[stage]))


def _closed(case: Plain) -> bool:
    runs = lane(case.of("case-opened"), case.of("case-closed"), running_before=True)
    return bool(runs) and runs[0].first <= case.a and not any(_open(run, case.a) for run in runs)


def _open(run: Run, day: dt.date) -> bool:
    """What was opened once more while it was open goes on; on the day it is closed nothing is due any more."""
    return run.first <= day < run.last or (run.end is None and run.covers(day))


def _answered(case: Plain) -> bool:
    assert case.spell is not None
    return case.spell.ended and case.spell.last == case.a


def _care(case: Plain, area: str, rule: str) -> list[Row]:
    start = _episode(case, area)
    if start is None:
        return []

    def reached(base: dt.date) -> dt.date:
        if base < start:  # by numbers so small that nothing could have paused yet
            return base
        paused = 0
        for day in each_day(start, case.a):
            is_paused = case.deducted(day) is not None or case.area(day) != area
            if day == base + paused * DAY and not is_paused:
                return day
            paused += is_paused
        return FAR

    def warning(numbers: Numbers) -> dt.date:
        from_limit = not numbers["warning"][0]
        return reached(_after(_after(start, numbers["limit"]) if from_limit else start, numbers["warning"]))

    interim = _due(case, rule, lambda numbers: reached(_after(start, numbers["interim"])))
    limit = _due(case, rule, lambda numbers: reached(_after(start, numbers["limit"])))
    rows = [(rule, "warning", _due(case, rule, warning)), (rule, "limit", limit)]
    if not any(interim <= day for day in _reviews(case)):
        rows.append((rule, "interim", interim))
    for more in range(0, 120, 6) if rule == "R-02" else ():
        months, days = _numbers(case, "R-02b", case.a)["six-plus-six"]
        if _after(start, (months + more, days)) > case.a:
            break
        rows.append(("R-02b", "six-plus-six", _due(case, "R-02b", partial(_further, start, more, reached))))
    return rows


def _further(start: dt.date, more: int, reached: Callable[[dt.date], dt.date], numbers: Numbers) -> dt.date:
    months, days = numbers["six-plus-six"]
    return reached(_after(start, (months + more, days)))


def _episode(case: Plain, area: str) -> dt.date | None:
    """The first day of the care episode that the case is in on `a`, or None."""
    assert case.spell is not None
    start = left = None
    inside = False
    for day in each_day(case.spell.first, case.a):
        was, inside = inside, case.area(day) == area
        if inside and not was and (start is None or (left is not None and day >= months_later(left, 3))):
            start = day
        if was and not inside:
            left = day
    return start if inside else None


def _reviews(case: Plain) -> list[dt.date]:
    return sorted(line["on"] for line in case.of("strategy-reviewed") if line["on"] <= case.a)


def _gross(case: Plain) -> list[Row]:
    assert case.spell is not None
    since = case.spell.first
    first = _due(case, "R-04", lambda numbers: _after(since, numbers["check"]) + DAY)
    rows = [("R-04", "check", _repeated(case, first))]
    if case.area(case.a) in PLACEMENT:

        def first_there(numbers: Numbers) -> dt.date:
            year = _after(since, numbers["check"])
            return next((day for day in each_day(max(year, since), case.a) if case.area(day) in PLACEMENT), FAR)

        rows.append(("R-05", "check", _repeated(case, _due(case, "R-05", first_there))))
    return rows


def _repeated(case: Plain, first: dt.date) -> dt.date:
    reviews = [day for day in _reviews(case) if day >= first]
    return months_later(reviews[-1], 6) if reviews else first


STEPS = ("requested", "returned", "withdrawn", "rejected", "approved")


def said_last(line: Line) -> tuple[dt.datetime, dt.date, int, str]:
    return (line["recorded_at"], line["on"], STEPS.index(line["fact"][10:]), line["id"])


def _approvals(case: Plain) -> list[Line]:
    """Those that count as given."""
    refused = [line for line in case.known if line["fact"] in ("extension-rejected", "extension-withdrawn")]
    return [
        line
        for line in case.of("extension-approved")
        if not any(
            one["data"]["request"] == line["data"]["request"] and said_last(one) > said_last(line) for one in refused
        )
    ]


def _latest(approvals: Sequence[Line]) -> Line | None:
    return max(approvals, key=lambda line: (line["on"], line["recorded_at"], line["id"]), default=None)


def _extended(case: Plain, day: dt.date) -> bool:
    for request in {line["data"]["request"] for line in _approvals(case)}:
        about = [line for line in _approvals(case) if line["data"]["request"] == request]
        latest = _latest(about)
        if latest and min(line["on"] for line in about) <= day <= _until(latest):
            return True
    return False


def _until(line: Line) -> dt.date:
    until = line["data"]["until"]
    return until if isinstance(until, dt.date) else dt.date.fromisoformat(until)


def _extension(case: Plain) -> list[Row]:
    assert case.spell is not None
    approval = _latest([line for line in _approvals(case) if line["on"] <= case.a])
    if approval is None or approval["on"] < case.spell.first:
        return []
    if any(case.area(day) != case.area(approval["on"]) for day in each_day(approval["on"], case.a)):
        return []
    until = _until(approval)
    rows = [("R-06", stage, _due_after(case, "R-06", stage, until)) for stage in SHIPPED["R-06"]]
    return [row for row in rows if row[2] >= approval["on"] or row[1] == "overdue"]


def _outside(case: Plain) -> list[Row]:
    assert case.spell is not None
    if case.area(case.a) in PLACEMENT:
        return []
    since = case.spell.first
    for day in each_day(case.spell.first, case.a):
        if case.area(day) in PLACEMENT:
            since = day + DAY
    return [("R-07", stage, _due_after(case, "R-07", stage, since)) for stage in SHIPPED["R-07"]]


def _waiting(case: Plain, rows: Sequence[Row]) -> list[Row]:
    """Those that no suspension silences."""
    return [moved for row in rows if (moved := _suspended(case, row)) is not None]


def _suspended(case: Plain, row: Row) -> Row | None:
    """Nothing while a suspension lasts; afterwards the later of its day and the first day after it."""
    rule, stage, day = row

    def holds(other: dt.date) -> bool:
        if _explained(case, rule, other):
            return True
        if rule not in ("R-14", "R-18", "R-43") and any(covers(other) for covers in case.reasons["alg1"]):
            return True
        return rule in ("R-02", "R-02b", "R-03", "R-04", "R-05") and _extended(case, other)

    if holds(case.a):
        return None
    later = [other for other in each_day(day, case.a) if holds(other)]
    if day <= case.a and later:
        return rule, stage, later[-1] + DAY
    return row


def _explained(case: Plain, rule: str, day: dt.date) -> bool:
    accepted = [line for line in case.of("explanation-accepted") if line["data"]["rule"] == rule]
    return any(line["on"] <= day <= _until(line) for line in accepted)


def _status(case: Plain) -> list[Row]:
    rows = [
        ("R-14", "status", _due_after(case, "R-14", "status", day))
        for status, day, _ in case.appointments().values()
        if status == "planned"
    ]
    return _waiting(case, rows)


def _own(case: Plain) -> list[Row]:
    """Reading 26."""
    rows = [
        ("R-43", "own", _due_after(case, "R-43", "own", day))
        for status, day, _ in case.own_follow_ups().values()
        if status == "open"
    ]
    return _waiting(case, rows)


def _alg1(case: Plain) -> list[Row]:
    rows: list[Row] = []
    for run in case.alg1:
        if case.spell and not _answered(case) and run.first <= case.a:
            together = [day for day in each_day(max(run.first, case.spell.first), case.a) if run.covers(day)]
            rows += [("R-18", "bar-open", _due_after(case, "R-18", "bar-open", day)) for day in together[:1]]
        end = _planned_end(run)
        if end and not any(day > end and status != "cancelled" for status, day, _ in case.appointments().values()):
            rows.append(("R-18", "first-appointment", _due_after(case, "R-18", "first-appointment", end)))
        rows += _choose(case, run.last + DAY) if run.end and run.last < case.a else []
    return _waiting(case, rows)


def _planned_end(run: Run) -> dt.date | None:
    assert run.start is not None
    planned = run.start["data"].get("planned_end")
    if run.end:
        return run.last if planned or day_of(run.end["recorded_at"]) < run.end["on"] else None
    return dt.date.fromisoformat(planned) if isinstance(planned, str) else planned


def _choose(case: Plain, day: dt.date) -> list[Row]:
    if any(run.covers(day) for run in case.alg1) or any(spell.first <= day <= spell.last for spell in case.spells):
        return []
    chosen = any(day <= line["on"] <= case.a for line in case.of("strategy-bar-set"))
    return [] if chosen else [("R-18", "choose-strategy", _due_after(case, "R-18", "choose-strategy", day - DAY))]
