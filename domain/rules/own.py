"""The rule about what somebody has set to be reminded of: R-43 (Fachkonzept 3.2)."""

from __future__ import annotations

from collections.abc import Iterator

from domain import own
from domain.facts.own import OwnFollowUpSet
from domain.knowledge import Known
from domain.periods import OPEN, Period
from domain.rules.rule import WORKER, Cause, Due, Kind, Rule, Stage, reason, set_by
from domain.rules.themes import OWN
from domain.rules.thresholds import Number, Thresholds
from domain.stretches import at
from domain.timeline import CARE, Care, Timeline


def _own(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-43: on the day it was last set for, until it is done (QS 1/2020, 2)."""
    for one in own.standing(timeline):
        due = thresholds.after("own", one.due_on)
        said = reason(follow_up=one.follow_up, day=one.due_on, set_on=one.said.on, entry=one.said.ref)
        yield Due("own", Cause.of(one.begun), due, [Period(due, OPEN)], said, _to(timeline, one.said))


def _to(timeline: Timeline, said: Known) -> tuple[str, ...]:
    """Who has set it without being responsible on that day gets it if that is a lead (Fachkonzept 3.2, clearings)."""
    care: Care | None = at(timeline.care, said.on)
    of_person = ":" not in said.by  # neither of a rule nor of an import
    return (set_by(said.by),) if of_person and (care is None or care.worker != said.by) else ()


RULES = (
    Rule(
        id="R-43",
        name="Eigene Wiedervorlage",
        source="QS 1/2020, 2",
        theme=OWN,
        kind=Kind.FOLLOW_UP,
        state="on",
        stages={"own": Stage(to=WORKER, strength=1, threshold=Number(), asks_case=True)},
        options=("own-done", "own-move"),
        suspended_by=(),
        reads=own.READS | CARE,
        about=frozenset({OwnFollowUpSet}),
        due=_own,
        thing="follow_up",
    ),
)
