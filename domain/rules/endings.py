"""Rules about what ends a strategy: a job, a lost job, a gap in benefit, the closing work (Fachkonzept 3.2).

R-17, R-17b, R-19, R-39. A bar is open through its last day; its end answers from the day after it (3.1 no. 1a).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import cast

from domain import used_again
from domain.clocks import ENDING_JOBS
from domain.facts.case import NewClientRegistered
from domain.facts.strategy import NonStrategyBarSet, StrategyBarEnded, StrategyBarSet, StrategyReviewed
from domain.facts.support import BenefitReapplied, EmploymentStarted
from domain.knowledge import Known
from domain.periods import DAY, OPEN, Period, cut
from domain.rules.rule import WORKER, Cause, Due, Kind, Rule, Stage, reason
from domain.rules.suspensions import ALG1
from domain.rules.themes import ENDING
from domain.rules.thresholds import Number, Thresholds
from domain.stretches import Stretch, at, reaching
from domain.things import GRANTS
from domain.timeline import BARS, BENEFIT, JOBS, OTHER_BARS, Kinds, Timeline

REGISTERED: Kinds = frozenset({NewClientRegistered, BenefitReapplied})
WITHOUT_BAR = 14  # days after which a strategy that a job ended needs the bar "Abschlussarbeiten"


def _job(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-17: a job that should end the strategy, from its first working day on (QS 2/2020, 2.3.1, 3.1)."""
    for job, bar, holds in not_ended(timeline, timeline.as_of):
        ends = cast(EmploymentStarted, job.start.fact).benefit_ends
        due = thresholds.after("end-strategy", job.first)
        over = job.last if job.last < OPEN else None
        said = reason(job_from=job.first, job_to=over, benefit_ends=1 if ends else None, strategy=_of(bar))
        yield Due("end-strategy", Cause.of(job.start), due, holds, said)


def not_ended(timeline: Timeline, reached: dt.date) -> Iterator[tuple[Stretch, Stretch, list[Period]]]:
    """Each job that should end a strategy, the bar open on its first day, and the days on which that bar goes on
    without a word about it. Of bars that last until the day `reached` or longer.
    """
    bars = reaching(timeline.bars, reached)
    for job in timeline.employment if bars else ():
        bar = at(bars, job.first) if cast(EmploymentStarted, job.start.fact).kind in ENDING_JOBS else None
        if bar:
            yield job, bar, _until(Period(job.first, bar.last), _continued(timeline, job.first))


def _continued(timeline: Timeline, since: dt.date) -> Iterator[dt.date]:
    """The days on which it was said that the strategy goes on: by a review, or by an approval that stands."""
    for one in timeline.facts(StrategyReviewed):
        if one.on >= since and cast(StrategyReviewed, one.fact).outcome in ("continue", "extend"):
            yield one.on
    yield from (one.on for grant in timeline.grants for one in grant.approvals if one.on >= since)


def _new_bar(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-17b: after a job, benefit runs again under the bar from before it (QS 2/2020, 2.3.1)."""
    for one in used_again.bars(timeline, timeline.as_of):
        end = one.job.end
        cause = end if end and one.since == one.job.last + DAY else one.again
        due = thresholds.after("new-bar", one.since)
        said = reason(job_to=one.job.last, again=one.again.on, since=one.bar.first, strategy=_of(one.bar))
        yield Due("new-bar", Cause.of(cause), due, [Period(one.since, one.bar.last)], said)


def _gap(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-19: a bar across a gap of 7 days in benefit, or a registration anew under an older bar (QS 2/2020, 2.3.1)."""
    bars = reaching(timeline.bars, timeline.as_of)
    if not bars:
        return
    registered, ends = timeline.in_order(*REGISTERED), timeline.in_order(*BENEFIT)
    for gap in reaching(timeline.benefit_gaps, bars[0].first):
        bar = at(bars, gap.first)
        if bar is None or bar.first >= gap.first:
            continue
        due = _gap_due(thresholds, gap, [one.on for one in registered if _belongs(one, gap)])
        cause = next(one for one in reversed(ends) if one.on == gap.first - DAY)
        if due is not None:
            said = reason(gap_from=gap.first, gap_to=gap.last if gap.last < OPEN else None, strategy=_of(bar))
            yield Due("gap", Cause.of(cause), due, _confirmed(timeline, gap.first, bar), said)
    for one in registered:
        bar = at(bars, one.on)
        if bar and bar.first < one.on and not any(_belongs(one, gap) for gap in timeline.benefit_gaps):
            anew = 1 if isinstance(one.fact, BenefitReapplied) else None
            said = reason(registered=one.on, anew=anew, strategy=_of(bar))
            yield Due("gap", Cause.of(one), one.on, _confirmed(timeline, one.on, bar), said)


def interruption(timeline: Timeline) -> Period | None:
    """The last days without benefit, or else the last day of a registration anew, under the bar open today."""
    bar = at(timeline.bars, timeline.as_of)
    if bar is None:
        return None
    gaps = [gap for gap in timeline.benefit_gaps if bar.first < gap.first <= timeline.as_of]
    if gaps:
        return gaps[-1]
    anew = [one.on for one in timeline.in_order(*REGISTERED) if bar.first < one.on <= timeline.as_of]
    return Period(anew[-1], anew[-1] - DAY) if anew else None


def _gap_due(thresholds: Thresholds, gap: Period, registered: Sequence[dt.date]) -> dt.date | None:
    """A gap that ends before its time is followed up only if somebody registered in it."""
    due = thresholds.after("gap", gap.first)
    days = [due] if gap.last >= due - DAY else []
    return min([*days, *registered], default=None)


def _belongs(registered: Known, gap: Period) -> bool:
    """Whether it ends this gap: in it, or on the first day of benefit after it."""
    return gap.first <= registered.on <= (gap.last + DAY if gap.last < OPEN else OPEN)


def _confirmed(timeline: Timeline, since: dt.date, bar: Stretch) -> list[Period]:
    said = (one for one in timeline.facts(StrategyReviewed) if one.on >= since)
    continued = (one.on for one in said if cast(StrategyReviewed, one.fact).outcome == "continue")
    return _until(Period(since, bar.last), continued)


def _closing(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-39: closing work for full 8 weeks, or for 14 days no such bar after a job ended the strategy (QS 2/2020)."""
    begun = [one.first for one in timeline.bars]
    others = [(one, cast(NonStrategyBarSet, one.start.fact).kind) for one in timeline.non_strategy]
    begun += [one.first for one, kind in others if kind == "fallaktenabschluss"]
    work = [one for one, kind in others if kind == "abschlussarbeiten"]
    for one in work:
        due = thresholds.after("closing", one.first)
        days = _until(one.period, (day for day in begun if day >= one.first))
        yield Due("closing", Cause.of(one.start), due, days, reason(since=one.first))
    for bar in timeline.bars:
        ended = bar.end
        if ended and cast(StrategyBarEnded, ended.fact).reason == "employment" and ended.on == bar.last:
            after = [day for day in begun if day > bar.last]
            after += [max(one.first, bar.last) for one in work if one.last > bar.last]
            days = _until(Period(bar.last, OPEN), after)
            due = bar.last + WITHOUT_BAR * dt.timedelta(days=1)
            yield Due("closing", Cause.of(ended), due, days, reason(ended=bar.last, strategy=_of(bar)))


def _until(days: Period, answered: Iterable[dt.date]) -> list[Period]:
    """The days before the first answer."""
    first = min(answered, default=OPEN)
    part = cut(days, Period(dt.date.min, first - DAY if first < OPEN else OPEN)) if first > dt.date.min else None
    return [part] if part else []


def _of(bar: Stretch) -> str:
    return cast(StrategyBarSet, bar.start.fact).strategy


_ending = partial(Rule, theme=ENDING, kind=Kind.FOLLOW_UP, state="on", suspended_by=())
RULES = (
    _ending(
        id="R-17",
        name="Arbeitsaufnahme: Strategie beenden",
        source="QS 2/2020, 2.3.1 und 3.1",
        stages={"end-strategy": Stage(to=WORKER, later=("lead",), strength=2, threshold=Number())},
        options=("end", "extend", "confirm", "later"),
        reads=JOBS | BARS | GRANTS | {StrategyReviewed},
        about=frozenset({EmploymentStarted}),
        due=_job,
    ),
    _ending(
        id="R-17b",
        name="Arbeit verloren: neuer Balken",
        source="QS 2/2020, 2.3.1",
        stages={"new-bar": Stage(to=WORKER, strength=2, threshold=Number())},
        options=("new-bar", "end", "later"),
        suspended_by=(ALG1,),
        reads=used_again.READS,
        about=frozenset({StrategyBarSet}),
        due=_new_bar,
    ),
    _ending(
        id="R-19",
        name="Unterbrechung des Leistungsbezugs",
        source="QS 2/2020, 2.3.1",
        stages={"gap": Stage(to=WORKER, strength=2, threshold=Number(days=7))},
        options=("gap", "later"),
        reads=BARS | BENEFIT | REGISTERED | {StrategyReviewed},
        about=frozenset({StrategyBarSet}),
        due=_gap,
    ),
    _ending(
        id="R-39",
        name="Abschlussarbeiten offen",
        source="QS 2/2020, 2.3.1",
        kind=Kind.LIST,
        state="list",
        stages={"closing": Stage(to=WORKER, strength=0, threshold=Number(days=56))},
        options=("other-bar", "set-strategy", "later"),
        reads=BARS | OTHER_BARS,
        about=frozenset({NonStrategyBarSet, StrategyBarEnded}),
        due=_closing,
    ),
)
