"""Rules about jobs, measures and support: R-25, R-26, R-45, R-46 (Fachkonzept 3.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import partial
from typing import cast

from domain.facts.case import CaseStatementGiven
from domain.facts.documentation import Reprofiled
from domain.facts.measures import SupportGranted
from domain.facts.needs import NeedClosed
from domain.facts.office import OfficeSet
from domain.facts.support import (
    EmploymentEnded,
    EmploymentStarted,
    EmploymentStatisticsEntered,
    MeasureStarted,
)
from domain.knowledge import Known
from domain.office import land
from domain.office import measures as types
from domain.periods import DAY, OPEN, Period, cut, local_day
from domain.rules.aims import stated, steered
from domain.rules.rule import WORKER, Cause, Due, Kind, Rule, Stage, reason
from domain.rules.suspensions import ALG1
from domain.rules.themes import DOCUMENTATION, HANDOVER, NEED, QUALITY
from domain.rules.thresholds import Number, Thresholds, working_days
from domain.stretches import at, reaching
from domain.things import APPOINTMENTS, CANCELLED
from domain.timeline import BARS, CARE, MEASURE_ENDS, PLACEMENT, Care, Kinds, Timeline

MEASURES: Kinds = frozenset({MeasureStarted, *MEASURE_ENDS})
GRADUATES = dt.date(2025, 1, 1)  # from which day on FbW is decided and paid by the Agentur (Fachkonzept 12)


def _statistics(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-25: a job with social insurance whose origin nobody entered (QS 4/2020, 2.1)."""
    said = [(one.on, _employment(one)) for one in timeline.facts(EmploymentStatisticsEntered)]
    for job in timeline.employment:
        fact = cast(EmploymentStarted, job.start.fact)
        if fact.kind == "sv-pflichtig":
            days = _before(job.first, (day for day, about in said if about == fact.employment))
            said_of = reason(job_from=job.first, employment=fact.employment)
            yield Due("origin", Cause.of(job.start), thresholds.after("origin", job.first), days, said_of)


def _employment(one: Known) -> str:
    return cast(EmploymentStatisticsEntered, one.fact).employment


def _reprofile(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-26: what a measure or need that ended has changed; what follows an FbW that ends (NRW 3.1a, 3.3d)."""
    profiled = [one.on for one in timeline.facts(Reprofiled)]
    for one in timeline.in_order(NeedClosed, *MEASURE_ENDS):
        days = _before(one.on, (day for day in profiled if day >= one.on))
        yield Due("reprofile", Cause.of(one), thresholds.after("reprofile", one.on), days, reason(ended=one.on))
    for measure in timeline.measures:
        fact = cast(MeasureStarted, measure.start.fact)
        if fact.type == "fbw" and fact.planned_end and measure.first >= GRADUATES and measure.last >= timeline.as_of:
            due = thresholds.after("graduate", fact.planned_end)
            planned = (one for one in timeline.appointments if one.status != CANCELLED)
            answers = [local_day(one.facts[0].recorded_at) for one in planned]
            answers = [day for day in (*answers, *profiled, steered(timeline, due)) if day >= due]
            days = [part for one in _before(due, answers) if (part := cut(one, measure.period))]
            yield Due("graduate", Cause.of(measure.start), due, days, reason(planned_end=fact.planned_end))


def _misfit(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-45: a measure whose aim does not go with the open strategy (QS 2/2020, 2.2.2; QS 4/2020, 2.3.1)."""
    said, settings = stated(timeline, "R-45"), timeline.facts(OfficeSet)
    spells = reaching(timeline.spells, timeline.as_of)
    for measure in timeline.measures:
        kind = cast(MeasureStarted, measure.start.fact).type
        for spell in spells if kind else ():
            both = cut(measure.period, spell.period)
            unfit = types.misfits(settings, str(kind), spell.strategy) if both else []
            for days in (part for one in unfit if both and (part := cut(one, both))):
                bar, start = Cause.of(spell.bars[0].start), Cause.of(measure.start)
                cause = start if days.first == start.on else bar._replace(ref=f"{bar.ref}+{start.ref}")
                answers = (day for day in said if day >= days.first)
                holds = [part for one in _before(days.first, answers) if (part := cut(one, days))]
                due = thresholds.after("misfit", days.first)
                said_of = reason(since=days.first, type=kind, strategy=spell.strategy)
                yield Due("misfit", cause, due, holds, said_of)


def _coming_job(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-46: support that goes before a job, outside the placement area (QS 4/2020, 2.3.4)."""
    jobs = [one.on for one in timeline.facts(EmploymentStarted)]
    settings = timeline.facts(OfficeSet)
    for one in timeline.facts(SupportGranted):
        kind = cast(SupportGranted, one.fact).type
        care: Care | None = at(timeline.care, one.on)
        if types.announces_job(settings, kind, one.on) and (care is None or care.area not in PLACEMENT):
            due = thresholds.due(partial(working_days, one.on, "coming-job", land.lands(settings)))
            assert due is not None
            answers = [*jobs, *stated(timeline, "R-46"), steered(timeline, one.on)]
            days = _before(one.on, (day for day in answers if day >= one.on))
            yield Due("coming-job", Cause.of(one), due, days, reason(granted=one.on, type=kind))


def _before(first: dt.date, answers: Iterable[dt.date]) -> list[Period]:
    """The days from a first one on before the first answer, whatever its day."""
    answer = min(answers, default=OPEN)
    return [Period(first, answer - DAY if answer < OPEN else OPEN)] if first < answer else []


_measure = partial(Rule, theme=NEED, kind=Kind.FOLLOW_UP, state="list", suspended_by=(ALG1,), each=True)
RULES = (
    _measure(
        id="R-25",
        name="Statistikeintrag fehlt",
        source="QS 4/2020, 2.1",
        theme=DOCUMENTATION,
        stages={"origin": Stage(to=WORKER, strength=0, threshold=Number(days=14))},
        options=("origin", "later"),
        suspended_by=(),
        reads=frozenset({EmploymentStarted, EmploymentEnded, EmploymentStatisticsEntered}),
        about=frozenset({EmploymentStarted}),
        due=_statistics,
    ),
    _measure(
        id="R-26",
        name="Reprofiling nach Maßnahme",
        source="NRW 3.1a und 3.3d",
        stages={
            "reprofile": Stage(to=WORKER, strength=0, threshold=Number(days=14)),
            "graduate": Stage(to=WORKER, strength=1, threshold=Number(months=-3), in_time="planned_end"),
        },
        options=("graduate", "reprofile", "handover", "plan", "later"),
        reads=MEASURES | CARE | APPOINTMENTS | {NeedClosed, Reprofiled},
        about=MEASURES | {NeedClosed},
        due=_reprofile,
    ),
    _measure(
        id="R-45",
        name="Maßnahme passt nicht zur Strategie",
        source="QS 2/2020, 2.2.2; QS 4/2020, 2.3.1",
        theme=QUALITY,
        kind=Kind.LIST,
        stages={"misfit": Stage(to=WORKER, strength=0, threshold=Number())},
        options=("statement", "change", "end-measure", "later"),
        reads=MEASURES | BARS | {CaseStatementGiven, OfficeSet},
        about=frozenset({MeasureStarted}),
        due=_misfit,
        settings=frozenset({types.TYPES.name, types.ALLOWED.name}),
    ),
    _measure(
        id="R-46",
        name="Förderung kündigt Arbeit an",
        source="QS 4/2020, 2.3.4",
        theme=HANDOVER,
        stages={"coming-job": Stage(to=WORKER, strength=1, threshold=Number(days=3))},
        options=("handover", "job", "statement", "later"),
        reads=CARE | {SupportGranted, EmploymentStarted, CaseStatementGiven, OfficeSet},
        about=frozenset({SupportGranted}),
        due=_coming_job,
        settings=frozenset({types.TYPES.name, land.ROW.name}),
    ),
)
