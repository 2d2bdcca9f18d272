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
10. A bar is open through its last day, for the follow-ups as for the clocks (3.1 no. 1a), ended or cut by the next;
    the day of `case-closed` ends the follow-ups. Ends still ahead resolve nothing.
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

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tests import (
    judged_aims,
    judged_development,
    judged_documentation,
    judged_endings,
    judged_meeting,
    judged_steering,
)
from tests.judged_numbers import SHIPPED, Numbers, Row, after, due_after, due_by, numbers_on
from tests.plain import (
    DAY,
    FAR,
    PLACEMENT,
    Line,
    Plain,
    Run,
    approvals,
    day_of,
    each_day,
    lane,
    months_later,
    plain,
    planned_by,
    seen,
)

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
        (day, line["data"].get("channel") or planned_by(case, line))
        for status, day, line in case.appointments().values()
        if status == "held" and day <= case.a
    ]
    reached = [line for line in case.of("contact-held") if line["data"].get("outcome") != "not-reached"]  # 2.4
    contacts = [line["on"] for line in reached if line["on"] <= case.a]
    in_person = [day for day, channel in held if channel in (None, "personal", "phone")]
    days["since_appointment"] = (case.a - max(in_person)).days if in_person else None
    days["since_contact"] = (case.a - max([*contacts, *(day for day, _ in held)])).days if contacts or held else None
    return days


# --- what is due ---


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
    if case.spell:
        rows += _extension(case)
    if case.spell and case.spell.strategy == "integration":
        rows += _care(case, "jobakademie", "R-02") + _care(case, "av-ags", "R-03") + _gross(case) + _outside(case)
    for judge in JUDGES:
        rows += judge.rows(case)
    rows = _waiting(case, rows)
    return sorted(row for row in [*rows, *_status(case), *_alg1(case), *_own(case)] if _is_open(case, row))


def _is_open(case: Plain, row: Row) -> bool:
    return row[2] <= case.a and not _done_with(case, row)


def _done_with(case: Plain, row: Row) -> bool:
    """An Altfall that was closed by then."""
    said = [line["data"] for line in case.of("legacy-closed") if line["on"] <= case.a]
    return any((one["rule"], one["stage"], str(one["due"])) == (*row[:2], str(row[2])) for one in said)


def _closed(case: Plain) -> bool:
    runs = lane(case.of("case-opened"), case.of("case-closed"), running_before=True)
    return bool(runs) and runs[0].first <= case.a and not any(_open(run, case.a) for run in runs)


def _open(run: Run, day: dt.date) -> bool:
    """What was opened once more while it was open goes on; on the day it is closed nothing is due any more."""
    return run.first <= day < run.last or (run.end is None and run.covers(day))


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
        return reached(after(after(start, numbers["limit"]) if from_limit else start, numbers["warning"]))

    interim = due_by(case, rule, lambda numbers: reached(after(start, numbers["interim"])))
    limit = due_by(case, rule, lambda numbers: reached(after(start, numbers["limit"])))
    rows = [(rule, "warning", due_by(case, rule, warning)), (rule, "limit", limit)]
    if not any(interim <= day for day in _reviews(case)):
        rows.append((rule, "interim", interim))
    for more in range(0, 120, 6) if rule == "R-02" else ():
        months, days = numbers_on(case, "R-02b", case.a)["six-plus-six"]
        if after(start, (months + more, days)) > case.a:
            break
        rows.append(("R-02b", "six-plus-six", due_by(case, "R-02b", partial(_further, start, more, reached))))
    return rows


def _further(start: dt.date, more: int, reached: Callable[[dt.date], dt.date], numbers: Numbers) -> dt.date:
    months, days = numbers["six-plus-six"]
    return reached(after(start, (months + more, days)))


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
    first = due_by(case, "R-04", lambda numbers: after(since, numbers["check"]) + DAY)
    rows = [("R-04", "check", _repeated(case, first))]
    if case.area(case.a) in PLACEMENT:

        def first_there(numbers: Numbers) -> dt.date:
            year = after(since, numbers["check"])
            return next((day for day in each_day(max(year, since), case.a) if case.area(day) in PLACEMENT), FAR)

        rows.append(("R-05", "check", _repeated(case, due_by(case, "R-05", first_there))))
    return rows


def _repeated(case: Plain, first: dt.date) -> dt.date:
    reviews = [day for day in _reviews(case) if day >= first]
    return months_later(reviews[-1], 6) if reviews else first


def _latest(approvals: Sequence[Line]) -> Line | None:
    return max(approvals, key=lambda line: (line["on"], line["recorded_at"], line["id"]), default=None)


def _extended(case: Plain, day: dt.date) -> bool:
    for request in {line["data"]["request"] for line in approvals(case)}:
        about = [line for line in approvals(case) if line["data"]["request"] == request]
        latest = _latest(about)
        if latest and min(line["on"] for line in about) <= day <= _until(latest):
            return True
    return False


def _until(line: Line) -> dt.date:
    until = line["data"]["until"]
    return until if isinstance(until, dt.date) else dt.date.fromisoformat(until)


def _extension(case: Plain) -> list[Row]:
    assert case.spell is not None
    approval = _latest([line for line in approvals(case) if line["on"] <= case.a])
    if approval is None or approval["on"] < case.spell.first:
        return []
    if any(case.area(day) != case.area(approval["on"]) for day in each_day(approval["on"], case.a)):
        return []
    until = _until(approval)
    rows = [("R-06", stage, due_after(case, "R-06", stage, until)) for stage in SHIPPED["R-06"]]
    return [row for row in rows if row[2] >= approval["on"] or row[1] == "overdue"]


def _outside(case: Plain) -> list[Row]:
    assert case.spell is not None
    if case.area(case.a) in PLACEMENT:
        return []
    since = case.spell.first
    for day in each_day(case.spell.first, case.a):
        if case.area(day) in PLACEMENT:
            since = day + DAY
    return [("R-07", stage, due_after(case, "R-07", stage, since)) for stage in SHIPPED["R-07"]]


JUDGES = (judged_aims, judged_development, judged_documentation, judged_endings, judged_meeting, judged_steering)
NOT_NEEDED = ("R-10", "R-11", "R-13", "R-23b")
BY_ALG1 = {f"R-{number:02}" for number in (*range(2, 14), 22, 23, 24, 26, 27, 29, 40, 41, 45, 46)} | {
    "R-02b",
    "R-08b",
    "R-17b",
    "R-23b",
}  # 3.1 no. 4 and the rows


def _waiting(case: Plain, rows: Sequence[Row]) -> list[Row]:
    """Those that no suspension silences."""
    return [moved for row in rows if (moved := _suspended(case, row)) is not None]


def _suspended(case: Plain, row: Row) -> Row | None:
    """Nothing while a suspension lasts; afterwards the later of its day and the first day after it."""
    rule, stage, day = row

    def holds(other: dt.date) -> bool:
        if _explained(case, rule, other):
            return True
        if rule in BY_ALG1 and any(covers(other) for covers in case.reasons["alg1"]):
            return True
        if rule in NOT_NEEDED and judged_development.decided(case, other) is False:
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
        ("R-14", "status", due_after(case, "R-14", "status", day))
        for status, day, _ in case.appointments().values()
        if status == "planned"
    ]
    return _waiting(case, rows)


def _own(case: Plain) -> list[Row]:
    """Reading 26."""
    rows = [
        ("R-43", "own", due_after(case, "R-43", "own", day))
        for status, day, _ in case.own_follow_ups().values()
        if status == "open"
    ]
    return _waiting(case, rows)


def _alg1(case: Plain) -> list[Row]:
    rows: list[Row] = []
    for run in case.alg1:
        if case.spell and run.first <= case.a:
            together = [day for day in each_day(max(run.first, case.spell.first), case.a) if run.covers(day)]
            rows += [("R-18", "bar-open", due_after(case, "R-18", "bar-open", day)) for day in together[:1]]
        end = _planned_end(run)
        if end and not any(day > end and status != "cancelled" for status, day, _ in case.appointments().values()):
            rows.append(("R-18", "first-appointment", due_after(case, "R-18", "first-appointment", end)))
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
    return [] if chosen else [("R-18", "choose-strategy", due_after(case, "R-18", "choose-strategy", day - DAY))]
