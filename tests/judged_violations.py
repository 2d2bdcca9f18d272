"""The judge of violations (Fachkonzept 3.1 no. 10): what contradicts which rule on a day, from plain facts, day by day.

How the Fachkonzept is read where it leaves room, beside the readings of `tests/oracle.py`:
19. R-15 (a): a bar set by the person who offers the case, from the day of the offer to the day of the first answer on
    or after it; it shows from the day of the bar to the day of that answer.
20. R-17b: benefit runs again with the first start after the first day of the job, but not while the case is closed
    (Fachkonzept 13); the bar open on the later of that day and the day after the job, if it is from before the job,
    shows from then until it ends.
21. R-19: the bar is from before the gap; the facts of benefit at both edges of the gap belong to it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from tests.plain import DAY, FAR, JOBS, Line, Plain, Run, lane, plain, recorded

Found = tuple[str, tuple[str, ...]]
ANSWERS = ("handover-accepted", "handover-rejected", "handover-withdrawn")


def violations(lines: Sequence[Line], as_of: dt.date, known_at: dt.datetime, own_day: bool = False) -> list[Found]:
    """(rule, ids of the facts behind it, sorted) of every violation that shows on a day."""
    case = plain(lines, as_of, known_at, own_day)
    bars = lane(case.of("strategy-bar-set"), case.of("strategy-bar-ended"))
    found = [*_under_alg1(case, bars), *_before_answer(case), *_again(case, bars), *_across_gap(case, bars)]
    return sorted((rule, tuple(sorted(ids))) for rule, ids in found)


def _ids(run: Run) -> list[str]:
    return [line["id"] for line in (run.start, run.end) if line]


def _under_alg1(case: Plain, bars: list[Run]) -> Iterator[tuple[str, list[str]]]:
    for bar in bars:
        for alg1 in case.alg1:
            if bar.covers(case.a) and alg1.covers(case.a):
                yield "R-18", _ids(bar) + _ids(alg1)


def _before_answer(case: Plain) -> Iterator[tuple[str, list[str]]]:
    for offer in case.of("handover-initiated"):
        until = min((line["on"] for line in case.of(*ANSWERS) if line["on"] >= offer["on"]), default=FAR)
        for bar in case.of("strategy-bar-set"):
            if bar["by"] == offer["by"] and offer["on"] <= bar["on"] <= case.a <= until:
                yield "R-15", [offer["id"], bar["id"]]


def used_again(case: Plain, bars: list[Run]) -> Iterator[tuple[dt.date, list[str]]]:
    """Reading 20, with the first day of it."""
    for thing in {line["data"]["employment"] for line in case.of("employment-started")}:
        for job in lane(*(case.about(name, "employment", thing) for name in JOBS)):
            starts = [line for line in case.of("benefit-started") if line["on"] > job.first]
            if job.last == FAR or not starts:
                continue
            again = min(starts, key=lambda line: (line["on"], *recorded(line)))
            since = max(job.last + DAY, again["on"])
            while since <= case.a and any(covers(since) for covers in case.reasons["closed"]):
                since += DAY
            for bar in bars:
                if bar.covers(since) and bar.first < job.first and since <= case.a <= bar.last:
                    yield since, [*_ids(bar), *_ids(job), again["id"]]


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
