"""Rules about what is written down of a case: R-20, R-42 (Fachkonzept 3.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final, cast

from domain.documented import STANDARD, WITHIN
from domain.facts import Fact, name_of
from domain.facts.case import HandoverAccepted, HandoverInitiated
from domain.facts.documentation import DecisionFiled, ProcessStepDocumented, SituationChanged
from domain.facts.office import OfficeSet
from domain.facts.strategy import StrategyBarEnded, StrategyBarSet
from domain.facts.support import EmploymentStarted
from domain.filed import DECISIONS, NO_PERSON, filed_on
from domain.knowledge import Known
from domain.office import land
from domain.periods import DAY, OPEN, Period, local_day
from domain.rules.rule import WORKER, Cause, Due, Kind, Rule, Stage, reason
from domain.rules.themes import DOCUMENTATION
from domain.rules.thresholds import Number, Thresholds, working_days
from domain.timeline import Kinds, Timeline

STEPS: Final[Mapping[type[Fact], tuple[str, ...]]] = MappingProxyType(  # the first is the one asked for
    {
        StrategyBarSet: ("strategy-choice",),
        StrategyBarEnded: ("close", "strategy-choice", "review"),
        EmploymentStarted: ("employment",),
        SituationChanged: ("situation-change",),
        HandoverInitiated: ("handover-out",),
        HandoverAccepted: ("handover-in",),
    }
)
EVENTS: Final[Kinds] = frozenset(STEPS)
"""What needs a process step."""


def _step_missing(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-20: an event without a whole process step from 14 days before it on (QS 1/2020, 3.3.2; QS 2/2020, 2.3.2)."""
    written = [(one.on, cast(ProcessStepDocumented, one.fact)) for one in timeline.facts(ProcessStepDocumented)]
    for kind, steps in STEPS.items():
        matching = [(on, _is_whole(step)) for on, step in written if step.step in steps]
        for event in timeline.facts(kind):
            since = [(on, whole) for on, whole in matching if on >= event.on - WITHIN * DAY]
            answer = min((on for on, whole in since if whole), default=OPEN)
            if answer > max(event.on, timeline.as_of):
                yield _due(thresholds, event, steps[0], answer, partly=bool(since))


def _due(thresholds: Thresholds, event: Known, step: str, answer: dt.date, *, partly: bool) -> Due:
    days = Period(event.on, answer - DAY if answer < OPEN else OPEN)
    said = reason(event=event.on, step=step, partly=1 if partly else None)
    return Due("step-missing", Cause.of(event), thresholds.after("step-missing", event.on), [days], said)


def _is_whole(step: ProcessStepDocumented) -> bool:
    """Whether all standard fields were filled in; what they say is sealed, that there is something is not."""
    return all(getattr(step, field) is not None for field in STANDARD)


def _not_in_file(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-42: a decision somebody recorded is not marked as taken over for 3 working days (Fachkonzept 5.10)."""
    there, lands = filed_on(timeline), land.lands(timeline.facts(OfficeSet))
    for one in timeline.facts(*DECISIONS):
        answer = min(there.get(one.id, OPEN), there.get(one.ref, OPEN))
        if one.by.startswith(NO_PERSON) or answer <= timeline.as_of:
            continue
        due = thresholds.due(partial(working_days, local_day(one.recorded_at), "not-in-file", lands))
        assert due is not None
        days = Period(dt.date.min, answer - DAY if answer < OPEN else OPEN)
        yield Due("not-in-file", Cause.of(one), due, [days], reason(decided=one.on, decision=name_of(one.fact)))


_documentation = partial(Rule, theme=DOCUMENTATION, state="list", suspended_by=(), each=True)
RULES = (
    _documentation(
        id="R-20",
        name="Dokumentation fehlt",
        source="QS 1/2020, 3.3.2; QS 2/2020, 2.3.2 und 3.1; QS 4/2020, 2.5 und 3",
        kind=Kind.FOLLOW_UP,
        stages={"step-missing": Stage(to=WORKER, strength=0, threshold=Number(days=14))},
        options=("process-step", "later"),
        reads=EVENTS | {ProcessStepDocumented},
        about=EVENTS,
        due=_step_missing,
    ),
    _documentation(
        id="R-42",
        name="Nachtrag offen",
        source="QS 2/2020, 3.1",
        kind=Kind.LIST,
        stages={"not-in-file": Stage(to=WORKER, strength=0, threshold=Number(days=3))},
        options=("filed", "later"),
        reads=DECISIONS | {DecisionFiled, OfficeSet},
        about=DECISIONS,
        due=_not_in_file,
        settings=frozenset({land.ROW.name}),
    ),
)
