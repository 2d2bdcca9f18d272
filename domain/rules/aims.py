"""Rules about what a client wants and could do: R-22, R-27, R-41 (Fachkonzept 3.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import cast

from domain import benefits, talks
from domain.facts.assessment import ClientAttributesRecorded, PrognosisRecorded
from domain.facts.case import CaseStatementGiven
from domain.facts.support import EmploymentStarted
from domain.facts.wish import QualificationAdviceGiven, SupportStrategyAgreed, WishToWorkAsked, WishToWorkExpressed
from domain.knowledge import Known
from domain.periods import DAY, OPEN, Period, add_months, cut, subtract
from domain.rules.rule import WORKER, Cause, Due, Kind, Rule, Stage, reason
from domain.rules.suspensions import ALG1
from domain.rules.themes import HANDOVER, NEED
from domain.rules.thresholds import Number, Thresholds
from domain.stretches import at, reaching
from domain.talks import Met
from domain.timeline import BARS, CARE, JOBS, PLACEMENT, Care, Kinds, Timeline

WISHES: Kinds = frozenset({WishToWorkAsked, WishToWorkExpressed})
ADVISED_FOR = 12  # months for which advice is enough
STABILISED = 3  # months after which a helper job is looked at again


def _wish(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-22: a clear wish and no plan; not asked for 6 months, or answered unclearly (QS 4/2020, 2.2, 2.4)."""
    told = [(one, cast(WishToWorkExpressed, one.fact).clear) for one in timeline.facts(WishToWorkExpressed)]
    clear = [one for one, said in told if said]
    answered = talks.in_order([Met(one.on, one) for one in (*timeline.facts(WishToWorkAsked), *clear)])
    agreed = [one.on for one in timeline.facts(SupportStrategyAgreed)]
    placing = [spell.period for spell in timeline.spells if spell.strategy == "integration"]
    for one in clear:
        days = _until(one.on, [*agreed, steered(timeline, one.on)])
        yield _of(thresholds, "clear", one, subtract(days, placing))
    for one in (one for one, said in told if not said):
        days = _until(one.on, [met.on for met in answered])
        yield Due("ask", Cause.of(one), one.on, days, reason(told=one.on))
    yield from _unasked(timeline, thresholds, answered)


def _unasked(timeline: Timeline, thresholds: Thresholds, answered: Sequence[Met]) -> Iterator[Due]:
    for spell in reaching(timeline.spells, timeline.as_of):
        for one in talks.since_last(spell.period, answered):
            if one.days.last >= timeline.as_of:
                cause = Cause(one.met.fact.ref, one.met.on) if one.met else Cause.of(spell.bars[0].start)
                due = thresholds.after("ask", cause.on)
                wished = 1 if one.met and isinstance(one.met.fact.fact, WishToWorkExpressed) else None
                said = reason(last=one.met.on if one.met else None, wished=wished, since=spell.first)
                yield Due("ask", cause, due, [one.days], said)


def _of(thresholds: Thresholds, stage: str, one: Known, days: Sequence[Period]) -> Due:
    return Due(stage, Cause.of(one), thresholds.after(stage, one.on), days, reason(told=one.on))


def steered(timeline: Timeline, since: dt.date) -> dt.date:
    """The first day from a day on in the placement area; `OPEN` if there is none."""
    there = (max(care.first, since) for care in timeline.care if care.area in PLACEMENT and care.last >= since)
    return min(there, default=OPEN)


def stated(timeline: Timeline, rule: str) -> list[dt.date]:
    """The days of statements about a rule."""
    said = (one for one in timeline.facts(CaseStatementGiven) if cast(CaseStatementGiven, one.fact).rule == rule)
    return [one.on for one in said]


def _until(first: dt.date, answers: Iterable[dt.date]) -> list[Period]:
    """The days from a first one on before the first answer on it or later."""
    answer = min((day for day in answers if day >= first), default=OPEN)
    return [Period(first, answer - DAY if answer < OPEN else OPEN)] if first < answer else []


def _not_steered(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-27: an integration is probable and the case is not handed over (QS 4/2020, 2.5)."""
    for one in timeline.facts(PrognosisRecorded):
        care: Care | None = at(timeline.care, one.on)
        if care and care.area not in PLACEMENT and cast(PrognosisRecorded, one.fact).probable:
            days = _until(one.on, [*stated(timeline, "R-27"), steered(timeline, one.on)])
            yield _of(thresholds, "why-not-steered", one, days)


def _qualification(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-41: no vocational training and a helper job wished or begun; a helper job beside benefit (QS 4/2020, 2.4)."""
    advice = [one.on for one in timeline.facts(QualificationAdviceGiven)]
    without = _untrained(timeline)
    for one in (*timeline.facts(WishToWorkExpressed), *timeline.facts(EmploymentStarted)):
        enough = any(add_months(day, ADVISED_FOR) > one.on and day < one.on for day in advice)
        if _helper(one) and not enough:
            days = [part for period in _until(one.on, advice) for two in without if (part := cut(period, two))]
            yield _of(thresholds, "advice", one, days)
    yield from _stabilise(timeline, thresholds, advice)


def _helper(one: Known) -> bool:
    fact = one.fact
    wanted = isinstance(fact, WishToWorkExpressed) and fact.helper_job_wanted is True
    return wanted or getattr(fact, "level", None) == "helfer"


def _untrained(timeline: Timeline) -> list[Period]:
    """The days on which the last that was said is that there is no vocational training."""
    said = [
        (one.on, cast(ClientAttributesRecorded, one.fact).qualification)
        for one in timeline.facts(ClientAttributesRecorded)
    ]
    told = [(on, value) for on, value in said if value is not None]
    found = []
    for (on, value), following in zip(told, [*told[1:], None], strict=False):
        last = following[0] - DAY if following else OPEN
        if value == "none" and on <= last:
            found.append(Period(on, last))
    return found


def _stabilise(timeline: Timeline, thresholds: Thresholds, advice: Sequence[dt.date]) -> Iterator[Due]:
    for job in timeline.employment:
        if _helper(job.start) and job.last >= timeline.as_of:
            first = thresholds.after("stabilise", job.first)
            met = [one for one in talks.contacts(timeline) if one.on >= first]
            counts = sorted({*(one.on for one in met), *(day for day in advice if day >= first)})
            refs = {one.on: one.fact.ref for one in met} | {
                one.on: one.ref for one in timeline.facts(QualificationAdviceGiven)
            }
            for since, following in zip([job.first, *counts], [*counts, None], strict=True):
                days = Period(since, following - DAY if following else OPEN)
                part = cut(job.period, days)
                due = first if since == job.first else add_months(since, STABILISED)
                cause = Cause.of(job.start) if since == job.first else Cause(refs[since], since)
                holds = subtract([part], benefits.without(timeline)) if part else []
                yield Due("stabilise", cause, due, holds, reason(job_from=job.first))


_aims = partial(Rule, theme=NEED, kind=Kind.FOLLOW_UP, state="list", suspended_by=(ALG1,))
RULES = (
    _aims(
        id="R-22",
        name="Wunsch zu arbeiten",
        source="QS 4/2020, 2.2 und 2.4",
        stages={
            "ask": Stage(to=WORKER, strength=0, threshold=Number(months=6)),
            "clear": Stage(to=WORKER, strength=1, threshold=Number()),
        },
        options=("ask-wish", "agree", "handover", "later"),
        reads=WISHES | BARS | CARE | {SupportStrategyAgreed},
        about=WISHES | BARS,
        due=_wish,
    ),
    _aims(
        id="R-27",
        name="Prognose gut, nicht zugesteuert",
        source="QS 4/2020, 2.5",
        theme=HANDOVER,
        stages={"why-not-steered": Stage(to=WORKER, strength=1, threshold=Number())},
        options=("handover", "statement", "later"),
        reads=CARE | {PrognosisRecorded, CaseStatementGiven},
        about=frozenset({PrognosisRecorded}),
        due=_not_steered,
    ),
    _aims(
        id="R-41",
        name="Qualifizierung aufzeigen",
        source="QS 4/2020, 2.4",
        kind=Kind.LIST,
        stages={
            "advice": Stage(to=WORKER, strength=0, threshold=Number(days=28)),
            "stabilise": Stage(to=WORKER, strength=0, threshold=Number(months=3)),
        },
        options=("advice", "contact", "later"),
        reads=benefits.READS
        | talks.CONTACTS
        | JOBS
        | {WishToWorkExpressed, ClientAttributesRecorded, QualificationAdviceGiven},
        about=frozenset({WishToWorkExpressed, EmploymentStarted}),
        due=_qualification,
    ),
)
