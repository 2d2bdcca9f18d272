"""The judge of whose a case is and which strategy is chosen: R-01, R-08, R-08b, R-15, R-16, R-29, R-40.

How the Fachkonzept is read where it leaves room, beside `tests/oracle.py`. Bars are open through their last day.
35. R-01: d0 is the first of the days in a row on which the client is in benefit (reading 33) and neither bar is open;
    nothing before the first fact of opening, of a start of benefit or of a bar. R-08: any prognosis will do.
36. R-08b, R-16: the day is the first in a row on which the condition holds, also across a change of strategy or area.
    R-16: two bars of one day, until the bar of that day that stands is over; an end for a new strategy with a day after
    the first of the later bar and before that of the next one, until the next bar, unless the earlier bar has an end
    before the later one. R-16's field lasts to the next one.
37. R-15: an offer waits for the next step. Accepted, it is complete once a bar of the accepted strategy is open on or
    after that day and, if the bar open on the day of the offer had another strategy, the field says it at the end of a
    day on or after that day, whenever it was set to it; a new offer takes its place.
38. R-29: the assignment before was another worker's; the bar is from before the day; a review, a bar set or another
    assignment on or after that day answers, and so does the end of the bar.
39. R-40: the number of the stage counts for Entwicklung, twice the number for Grundbetreuung; the same for repetitions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import pairwise

from tests.judged_development import in_benefit
from tests.judged_numbers import Numbers, Row, after, due_after, due_by
from tests.plain import DAY, FAR, NON_STRATEGY, PLACEMENT, Line, Plain, Run, lane, months_later, recorded

KINDS = ("abschlussarbeiten", "fallaktenabschluss", "keine-hs-alg1")


def rows(case: Plain) -> Iterator[Row]:
    bars = lane(case.of("strategy-bar-set"), case.of("strategy-bar-ended"))
    yield from _no_bar(case)
    yield from _offers(case, bars)
    yield from _overlaps(case, bars)
    yield from _inherited(case, bars)
    if case.spell is not None:
        yield from _of_bar(case)


def apart_since(case: Plain) -> dt.date | None:
    """The first day in a row on which field and bar are apart; None if they are not."""
    return _first(case, lambda day: _apart(case, day)) if _apart(case, case.a) else None


def _of_bar(case: Plain) -> Iterator[Row]:
    assert case.spell is not None
    since, strategy = case.spell.first, case.spell.strategy
    said = [line["on"] for line in case.of("prognosis-recorded") if since - 14 * DAY <= line["on"] <= case.a]
    if strategy == "integration" and not said:
        yield "R-08", "prognosis", due_after(case, "R-08", "prognosis", since)
    if _other_strategy_there(case, case.a):
        first = _first(case, lambda day: _other_strategy_there(case, day))
        yield "R-08b", "mismatch", due_after(case, "R-08b", "mismatch", first)
    differs = apart_since(case)
    if differs is not None:
        yield "R-16", "divergence", due_after(case, "R-16", "divergence", differs) + DAY
    if strategy != "integration":
        times = 1 if strategy == "entwicklung" else 2

        def long(numbers: Numbers) -> dt.date:
            months, days = numbers["check"]
            return after(since, (months * times, days * times))

        first = due_by(case, "R-40", long)
        reviews = [line["on"] for line in case.of("strategy-reviewed") if first <= line["on"] <= case.a]
        yield "R-40", "check", months_later(max(reviews), 6 * times) if reviews else first


def _first(case: Plain, holds: Callable[[dt.date], bool]) -> dt.date:
    """The first of the days in a row, up to `a`, on which something holds."""
    day = case.a
    while holds(day - DAY):
        day -= DAY
    return day


def _strategy(case: Plain, day: dt.date) -> str | None:
    return next((spell.strategy for spell in case.spells if spell.first <= day <= spell.last), None)


def _other_strategy_there(case: Plain, day: dt.date) -> bool:
    return _strategy(case, day) not in (None, "integration") and case.area(day) in PLACEMENT


def _apart(case: Plain, day: dt.date) -> bool:
    changes = [line for line in case.of("strategy-field-changed") if line["on"] <= day]
    field = max(changes, key=lambda line: (line["on"], *recorded(line)), default=None)
    strategy = _strategy(case, day)
    return strategy is not None and field is not None and field["data"]["strategy"] != strategy


def _no_bar(case: Plain) -> Iterator[Row]:
    others = [run for kind in KINDS for run in lane(*(case.about(name, "kind", kind) for name in NON_STRATEGY))]
    known = [line["on"] for line in case.of("case-opened", "benefit-started", "strategy-bar-set", NON_STRATEGY[0])]

    def without(day: dt.date) -> bool:
        if day < min(known, default=FAR) or _strategy(case, day) or any(run.covers(day) for run in others):
            return False
        return in_benefit(case, day)

    if without(case.a):
        yield "R-01", "no-bar", due_after(case, "R-01", "no-bar", _first(case, without)) + DAY


def _overlaps(case: Plain, bars: list[Run]) -> Iterator[Row]:
    starts = sorted(case.of("strategy-bar-set"), key=lambda line: (line["on"], *recorded(line)))
    for earlier, later in pairwise(starts):
        day = later["on"]
        next_one = min((line["on"] for line in starts if line["on"] > day), default=FAR)
        if earlier["on"] == day:
            until = next(bar.last for bar in bars if bar.first == day)
        elif any(earlier["on"] <= line["on"] < day for line in case.of("strategy-bar-ended")):
            continue  # the earlier one has an end of its own
        elif any(
            day < line["on"] < next_one and line["data"].get("reason") == "new-strategy"
            for line in case.of("strategy-bar-ended")
        ):
            until = next_one - DAY
        else:
            continue
        if day <= case.a <= until:
            yield "R-16", "divergence", day


def _offers(case: Plain, bars: list[Run]) -> Iterator[Row]:
    steps = sorted(
        (
            line
            for line in case.of(*(f"handover-{step}" for step in ("initiated", "accepted", "rejected", "withdrawn")))
        ),
        key=lambda line: (line["on"], *recorded(line)),
    )
    for at, offer in enumerate(steps):
        if offer["fact"] != "handover-initiated":
            continue
        later = [line for line in steps[at + 1 :] if line["on"] <= case.a]
        over = any(line["fact"] == "handover-initiated" for line in later)
        answered = bool(later) and (later[0]["fact"] != "handover-accepted" or _whole(case, bars, offer, later[0]))
        if not over and not answered:
            yield "R-15", "accept", due_after(case, "R-15", "accept", offer["on"])


def _whole(case: Plain, bars: list[Run], offer: Line, answer: Line) -> bool:
    strategy = answer["data"]["strategy"]
    mine = [bar for bar in bars if bar.start and bar.start["data"]["strategy"] == strategy]
    there = any(bar.last >= answer["on"] and bar.first <= case.a for bar in mine)
    days = {answer["on"], *(line["on"] for line in case.of("strategy-field-changed"))}
    says = any(answer["on"] <= day <= case.a and _field(case, day) == strategy for day in days)
    return there and (says or _strategy(case, offer["on"]) == strategy)


def _field(case: Plain, day: dt.date) -> str | None:
    said = [line for line in case.of("strategy-field-changed") if line["on"] <= day]
    last = max(said, key=lambda line: (line["on"], *recorded(line)), default=None)
    value: str | None = last["data"]["strategy"] if last else None
    return value


def _inherited(case: Plain, bars: list[Run]) -> Iterator[Row]:
    until = [line for line in case.of("responsibility-assigned") if line["on"] <= case.a]
    days = sorted({line["on"] for line in until})
    if len(days) < 2:
        return
    now, before = case.responsible(days[-1]), case.responsible(days[-2])
    assert now is not None
    assert before is not None
    day = now["on"]
    near = any(abs((line["on"] - day).days) <= 3 for line in case.of("handover-accepted"))
    answers = [line["on"] for line in case.of("strategy-reviewed", "strategy-bar-set")]
    answered = any(day <= one <= case.a for one in answers)
    old = any(bar.first < day <= bar.last and bar.covers(case.a) for bar in bars)
    if now["data"]["worker"] != before["data"]["worker"] and old and not near and not answered:
        yield "R-29", "inherited", due_after(case, "R-29", "inherited", day)
