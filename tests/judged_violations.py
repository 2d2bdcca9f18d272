"""The judge of violations (Fachkonzept 3.1 no. 10): what contradicts which rule on a day, from plain facts, day by day.

How the Fachkonzept is read where it leaves room, beside the readings of `tests/oracle.py`:
19. What a rule or an import recorded is recorded by nobody. R-15 (a): a bar set by the person who offers the case, from
    the day of the offer to the day of the first answer on or after it; it shows from the day of the bar to the day of
    that answer.
20. R-17b: a job that ends a strategy (a Minijob does not). Benefit runs again with the first start after the first day
    of the job that still goes on after its last one, but not while the case is closed (Fachkonzept 13); the bar open on
    the later of that day and the day after the job, if it is from before the job, shows from then until it ends.
21. R-19: the bar is from before the gap; the facts of benefit at both edges of the gap belong to it.
50. R-06: every approval, whatever was decided later, by or under the name of whoever recorded its request, or was
    responsible on the day of the request; it shows from its day to its last one, in a case that ever had a bar.
51. R-16: from the day on which field and bar have been apart for more than 3 days, whatever number the office counts
    with; the bars that count as one and the field of the day belong to it.
52. R-17: the bar open on the first working day, unless it ends with that day, while job and bar run and since that
    day nobody has said that it goes on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from tests.judged_steering import apart_since
from tests.plain import DAY, FAR, JOBS, Line, Plain, Run, approvals, lane, plain, recorded

Found = tuple[str, tuple[str, ...]]
ANSWERS = ("handover-accepted", "handover-rejected", "handover-withdrawn")


def violations(lines: Sequence[Line], as_of: dt.date, known_at: dt.datetime, own_day: bool = False) -> list[Found]:
    """(rule, ids of the facts behind it, sorted) of every violation that shows on a day."""
    case = plain(lines, as_of, known_at, own_day)
    bars = lane(case.of("strategy-bar-set"), case.of("strategy-bar-ended"))
    found = [*_own(case), *_apart(case, bars), *_jobs(case, bars)]
    found += [*_under_alg1(case, bars), *_before_answer(case), *_again(case, bars), *_across_gap(case, bars)]
    return sorted((rule, tuple(sorted(ids))) for rule, ids in found)


def _ids(run: Run) -> list[str]:
    return [line["id"] for line in (run.start, run.end) if line]


def _own(case: Plain) -> Iterator[tuple[str, list[str]]]:
    for approval in case.of("extension-approved") if case.of("strategy-bar-set") else ():
        data = approval["data"]
        until = max(approval["on"], dt.date.fromisoformat(str(data["until"])))
        own = []
        for request in case.about("extension-requested", "request", data["request"]):
            responsible = case.responsible(request["on"])
            asking = {responsible["data"]["worker"]} if responsible else set()
            asking |= {request["by"]} if _person(request["by"]) else set()
            own += [request["id"]] if asking & {approval["by"], data["by_lead"]} else []
        if own and approval["on"] <= case.a <= until:
            yield "R-06", [*own, approval["id"]]


def _person(by: str) -> bool:
    return by.partition(":")[0] not in ("rule", "import")


def _apart(case: Plain, bars: list[Run]) -> Iterator[tuple[str, list[str]]]:
    since = apart_since(case)
    if case.spell is None or since is None or case.a < since + 4 * DAY:
        return
    fields = [line for line in case.of("strategy-field-changed") if line["on"] <= case.a]
    field = max(fields, key=lambda line: (line["on"], *recorded(line)))
    own = [one for bar in bars if case.spell.first <= bar.first <= case.spell.last for one in _ids(bar)]
    yield "R-16", [*own, field["id"]]


def _jobs(case: Plain, bars: list[Run]) -> Iterator[tuple[str, list[str]]]:
    said = [line["on"] for line in case.of("strategy-reviewed") if line["data"]["outcome"] in ("continue", "extend")]
    said += [line["on"] for line in approvals(case)]
    for thing in {line["data"]["employment"] for line in case.of("employment-started")}:
        for job in lane(*(case.about(name, "employment", thing) for name in JOBS)):
            assert job.start is not None
            goes_on = any(job.first <= day <= case.a for day in said)
            if job.start["data"]["kind"] == "geringfuegig" or goes_on or not job.covers(case.a):
                continue
            for bar in bars:
                if bar.covers(job.first) and bar.covers(case.a) and bar.last > job.first:
                    yield "R-17", _ids(bar) + _ids(job)


def _under_alg1(case: Plain, bars: list[Run]) -> Iterator[tuple[str, list[str]]]:
    for bar in bars:
        for alg1 in case.alg1:
            if bar.covers(case.a) and alg1.covers(case.a):
                yield "R-18", _ids(bar) + _ids(alg1)


def _before_answer(case: Plain) -> Iterator[tuple[str, list[str]]]:
    for offer in case.of("handover-initiated"):
        until = min((line["on"] for line in case.of(*ANSWERS) if line["on"] >= offer["on"]), default=FAR)
        for bar in case.of("strategy-bar-set"):
            if bar["by"] == offer["by"] and _person(bar["by"]) and offer["on"] <= bar["on"] <= case.a <= until:
                yield "R-15", [offer["id"], bar["id"]]


def used_again(case: Plain, bars: list[Run]) -> Iterator[tuple[dt.date, list[str]]]:
    """Reading 20, with the first day of it."""
    for thing in {line["data"]["employment"] for line in case.of("employment-started")}:
        for job in lane(*(case.about(name, "employment", thing) for name in JOBS)):
            assert job.start is not None
            if job.last == FAR or job.start["data"]["kind"] == "geringfuegig":
                continue
            since, again = _runs_again(case, job)
            for bar in bars:
                if bar.covers(since) and bar.first < job.first and since <= case.a <= bar.last:
                    yield since, [*_ids(bar), *_ids(job), again]


def _runs_again(case: Plain, job: Run) -> tuple[dt.date, str]:
    """The first day of benefit after the job, and what started that benefit after the job had begun."""
    starts = [line for line in case.of("benefit-started") if line["on"] > job.first]
    for again in sorted(starts, key=lambda line: (line["on"], *recorded(line))):
        since = max(job.last + DAY, again["on"])
        while since <= case.a and any(covers(since) for covers in case.reasons["closed"]):
            since += DAY
        if not any(again["on"] < gap.first <= since for gap in case.gaps):
            return since, again["id"]
    return FAR, ""


def _again(case: Plain, bars: list[Run]) -> Iterator[tuple[str, list[str]]]:
    yield from (("R-17b", ids) for _, ids in used_again(case, bars))


def _across_gap(case: Plain, bars: list[Run]) -> Iterator[tuple[str, list[str]]]:
    for gap in case.gaps:
        edges = [
            line["id"]
            for line in case.of("benefit-started", "benefit-ended")
            if line["on"] == gap.first - DAY or (gap.last < FAR and line["on"] == gap.last + DAY)
        ]
        for bar in bars:
            if bar.first < gap.first and bar.covers(case.a) and gap.covers(case.a):
                yield "R-19", _ids(bar) + edges
