"""The judge of aims, jobs, measures and support: R-22, R-25, R-26, R-27, R-41, R-45, R-46, from plain facts.

How the Fachkonzept is read where it leaves room, beside `tests/oracle.py`:
43. R-22: each clear wish waits for an agreement of that day or later or for the placement area; an unclear one for a
    question or a clear wish of that day or later. Whoever has an open bar is asked 6 months after the last question or
    clear wish, else after S.
44. R-27, R-45, R-46: a statement with that rule on or after the day answers; steered is who is in the placement area on
    that day or later, whatever follows. R-46: without any responsibility nobody is in the placement area.
45. R-41: a wish for a helper job or one for that level, or such a job; advice in the 12 months before its day or since
    answers; what was said last of the training counts. `stabilise`: as long as job and benefit (reading 33) run; a
    contact or advice from the first due day on begins 3 months anew.
46. R-25: an entry of any day answers from its own. R-26: renewed on or after the last day; FbW is told by its type;
    steered, renewed, or an appointment still planned that was first recorded on or after the due day.
47. R-45: the days on which measure and Integration bar are both there, from the first; R-46 counts working days of
    Niedersachsen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from tests.judged_development import in_benefit, measure, working
from tests.judged_meeting import contacts
from tests.judged_numbers import Numbers, Row, due_after, due_by
from tests.plain import JOBS, PLACEMENT, Line, Plain, Run, day_of, lane, months_later

PERSONALITY = ("lebe", "prozukunft", "werk-statt-schule", "jugendwerkstatt", "bic-care", "pace", "aktivzentrum", "ida")
SIGNS = ("vermittlungsbudget", "mobilitaet", "einstiegsgeld")


def rows(case: Plain) -> Iterator[Row]:
    yield from _wishes(case)
    yield from _prognoses(case)
    yield from _training(case)
    yield from _jobs(case)
    yield from _measures(case)
    yield from _support(case)


def _past(case: Plain, *names: str) -> list[Line]:
    return [line for line in case.of(*names) if line["on"] <= case.a]


def _days(case: Plain, *names: str) -> list[dt.date]:
    return [line["on"] for line in _past(case, *names)]


def _steered(case: Plain, since: dt.date) -> bool:
    days = [since, *(day for day in _days(case, "responsibility-assigned") if day > since)]
    return any(case.area(day) in PLACEMENT for day in days)


def _stated(case: Plain, rule: str, since: dt.date) -> bool:
    said = [line for line in _past(case, "case-statement-given") if line["data"].get("rule") == rule]
    return any(line["on"] >= since for line in said)


def _wishes(case: Plain) -> Iterator[Row]:
    told = _past(case, "wish-to-work-expressed")
    clear = [line["on"] for line in told if line["data"]["clear"]]
    answered = [*_days(case, "wish-to-work-asked"), *clear]
    placed = case.spell is not None and case.spell.strategy == "integration"
    for line in told:
        day = line["on"]
        if not line["data"]["clear"]:
            if not any(one >= day for one in answered):
                yield "R-22", "ask", day
            continue
        agreed = any(one >= day for one in _days(case, "support-strategy-agreed"))
        if not placed and not agreed and not _steered(case, day):
            yield "R-22", "clear", due_after(case, "R-22", "clear", day)
    if case.spell is not None:
        yield "R-22", "ask", due_after(case, "R-22", "ask", max(answered, default=case.spell.first))


def _prognoses(case: Plain) -> Iterator[Row]:
    for line in _past(case, "prognosis-recorded"):
        day = line["on"]
        there = case.area(day) in ("fallmanagement", "spezial-fm")
        if line["data"]["probable"] and there and not _steered(case, day) and not _stated(case, "R-27", day):
            yield "R-27", "why-not-steered", due_after(case, "R-27", "why-not-steered", day)


def _training(case: Plain) -> Iterator[Row]:
    said = [line for line in _past(case, "client-attributes-recorded") if line["data"].get("qualification")]
    last = max(said, key=lambda line: (line["on"], line["recorded_at"], line["id"]), default=None)
    none = last is not None and last["data"]["qualification"] == "none"
    advice = _days(case, "qualification-advice-given")
    for line in _past(case, "wish-to-work-expressed", "employment-started"):
        day, data = line["on"], line["data"]
        helper = data.get("level") == "helfer" or data.get("helper_job_wanted") is True
        enough = any(one >= day or months_later(one, 12) > day for one in advice)
        if none and helper and not enough:
            yield "R-41", "advice", due_after(case, "R-41", "advice", day)
    for job in _of_jobs(case):
        assert job.start is not None
        if job.start["data"].get("level") != "helfer" or not job.covers(case.a) or not in_benefit(case, case.a):
            continue
        first = due_after(case, "R-41", "stabilise", job.first)
        since = [day for day in (*contacts(case), *advice) if first <= day <= case.a]
        yield "R-41", "stabilise", months_later(max(since), 3) if since else first


def _of_jobs(case: Plain) -> list[Run]:
    things = sorted({line["data"]["employment"] for line in case.of("employment-started")})
    return [job for thing in things for job in lane(*(case.about(name, "employment", thing) for name in JOBS))]


def _jobs(case: Plain) -> Iterator[Row]:
    for job in _of_jobs(case):
        assert job.start is not None
        data = job.start["data"]
        entered = case.about("employment-statistics-entered", "employment", data["employment"])
        if data["kind"] == "sv-pflichtig" and not any(line["on"] <= case.a for line in entered):
            yield "R-25", "origin", due_after(case, "R-25", "origin", job.first)


def _measures(case: Plain) -> Iterator[Row]:
    renewed = _days(case, "reprofiled")
    for line in _past(case, "measure-ended", "measure-broken-off", "need-closed"):
        if not any(day >= line["on"] for day in renewed):
            yield "R-26", "reprofile", due_after(case, "R-26", "reprofile", line["on"])
    for thing in sorted({line["data"]["measure"] for line in case.of("measure-started")}):
        for run in measure(case, thing):
            assert run.start is not None
            if run.covers(case.a):
                yield from _graduates(case, run, run.start["data"])
                yield from _misfits(case, run, run.start["data"])


def _graduates(case: Plain, run: Run, data: Line) -> Iterator[Row]:
    end = data.get("planned_end")
    if data.get("type") != "fbw" or not end or run.first < dt.date(2025, 1, 1):
        return
    due = due_after(case, "R-26", "graduate", end if isinstance(end, dt.date) else dt.date.fromisoformat(end))
    planned = [thing for thing, (status, _, _) in case.appointments().items() if status != "cancelled"]
    firsts = [day_of(min(line["recorded_at"] for line in _about(case, thing))) for thing in planned]
    answered = any(due <= day <= case.a for day in (*firsts, *_days(case, "reprofiled")))
    if due <= case.a and not answered and not _steered(case, due):
        yield "R-26", "graduate", due


def _about(case: Plain, thing: str) -> list[Line]:
    facts = [line for line in case.facts if line["fact"].startswith("appointment-")]
    return [line for line in facts if line["data"].get("appointment") == thing]


def _misfits(case: Plain, run: Run, data: Line) -> Iterator[Row]:
    if case.spell is None or case.spell.strategy != "integration" or data.get("type") not in PERSONALITY:
        return
    first = max(run.first, case.spell.first)
    if not _stated(case, "R-45", first):
        yield "R-45", "misfit", due_after(case, "R-45", "misfit", first)


def _support(case: Plain) -> Iterator[Row]:
    for line in _past(case, "support-granted"):
        day = line["on"]
        job = any(one >= day for one in _days(case, "employment-started"))
        if line["data"]["type"] in SIGNS and not job and not _steered(case, day) and not _stated(case, "R-46", day):
            yield "R-46", "coming-job", due_by(case, "R-46", partial(_third_day, day))


def _third_day(day: dt.date, numbers: Numbers) -> dt.date:
    return working(day, numbers["coming-job"])
