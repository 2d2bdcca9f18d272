"""The judge of what ends a strategy: R-17, R-17b, R-19, R-39, from plain facts, day by day.

How the Fachkonzept is read where it leaves room, beside `tests/oracle.py`. A bar here is one bar, never several merged
ones, and is open through its last day, recorded or not (3.1 no. 1a).
27. R-17 belongs to the bar open on the first working day and is there while that bar is open and nobody said on or
    after that day that it goes on: a review `continue` or `extend`, or an approval that stands.
28. R-17b is there while the violation R-17b is (reading 20).
29. R-19: the bar is from before the gap and open on its first day. A gap that lasted less than its number of days is
    followed up from the first registration in it or on the day of benefit after it, any other registration by itself,
    if the bar open on its day is from before it. Answered by a review `continue` on or after the first day of the gap.
30. R-39: a strategy bar or `fallaktenabschluss` that begins on or after the first day of `abschlussarbeiten` answers;
    after a bar ended by a job: what begins after its last day, and `abschlussarbeiten` that reach beyond it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from tests import judged_violations
from tests.judged_numbers import Row, due_after
from tests.plain import DAY, FAR, JOBS, NON_STRATEGY, Line, Plain, Run, approvals, lane


def rows(case: Plain) -> Iterator[Row]:
    bars = lane(case.of("strategy-bar-set"), case.of("strategy-bar-ended"))
    now = [bar for bar in bars if bar.covers(case.a)]
    for bar in now:
        yield from _jobs(case, bar)
        yield from _gaps(case, bar)
    for since, _ in judged_violations.used_again(case, bars):
        yield "R-17b", "new-bar", due_after(case, "R-17b", "new-bar", since)
    yield from _closing(case, bars)


def _jobs(case: Plain, bar: Run) -> Iterator[Row]:
    for thing in {line["data"]["employment"] for line in case.of("employment-started")}:
        for job in lane(*(case.about(name, "employment", thing) for name in JOBS)):
            assert job.start is not None
            said = [
                one["on"] for one in case.of("strategy-reviewed") if one["data"]["outcome"] in ("continue", "extend")
            ]
            said += [one["on"] for one in approvals(case)]
            goes_on = any(job.first <= day <= case.a for day in said)
            if job.start["data"]["kind"] != "geringfuegig" and bar.covers(job.first) and not goes_on:
                yield "R-17", "end-strategy", due_after(case, "R-17", "end-strategy", job.first)


def _gaps(case: Plain, bar: Run) -> Iterator[Row]:
    def confirmed(since: dt.date) -> bool:
        reviews = [line["on"] for line in case.about("strategy-reviewed", "outcome", "continue")]
        return any(since <= day <= case.a for day in reviews)

    registered = [line["on"] for line in case.of("new-client-registered", "benefit-reapplied")]
    for gap in case.gaps:
        due = due_after(case, "R-19", "gap", gap.first)
        days = [day for day in registered if _ends(day, gap)]
        if gap.last + (DAY if gap.last < FAR else 0 * DAY) >= due:
            days.append(due)
        if days and bar.first < gap.first and bar.covers(gap.first) and not confirmed(gap.first):
            yield "R-19", "gap", min(days)
    for day in registered:
        alone = not any(_ends(day, gap) for gap in case.gaps)
        if alone and bar.first < day and bar.covers(day) and not confirmed(day):
            yield "R-19", "gap", day


def _ends(day: dt.date, gap: Run) -> bool:
    return gap.first <= day and (gap.last == FAR or day <= gap.last + DAY)


def _closing(case: Plain, bars: list[Run]) -> Iterator[Row]:
    work, done = (
        lane(*(case.about(name, "kind", kind) for name in NON_STRATEGY))
        for kind in ("abschlussarbeiten", "fallaktenabschluss")
    )
    begun = [run.first for run in (*bars, *done) if run.first <= case.a]
    for run in work:
        if run.covers(case.a) and not any(day >= run.first for day in begun):
            yield "R-39", "closing", due_after(case, "R-39", "closing", run.first)
    for bar in bars:
        by_job = bar.end is not None and _reason(bar.end) == "employment" and bar.end["on"] == bar.last
        later = any(day > bar.last for day in begun) or any(
            run.last > bar.last and max(run.first, bar.last) <= case.a for run in work
        )
        if by_job and bar.last <= case.a and not later:
            yield "R-39", "closing", bar.last + 14 * DAY


def _reason(end: Line) -> str | None:
    reason: str | None = end["data"].get("reason")
    return reason
