"""The rule about appointments whose status was never recorded: R-14 (Fachkonzept 3.2)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.facts.contact import AppointmentPlanned, AppointmentRescheduled
from domain.periods import OPEN, Period
from domain.rules.rule import WORKER, Cause, Due, Kind, Rule, Stage, reason
from domain.rules.themes import APPOINTMENT
from domain.rules.thresholds import Number, Thresholds
from domain.things import APPOINTMENTS, PLANNED
from domain.timeline import Timeline


def _left_planned(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-14: planned and the day is over (strict); nothing suspends it (QS 1/2020, 3.1)."""
    for one in timeline.appointments:
        if one.status != PLANNED:
            continue
        first = next((fact for fact in one.facts if isinstance(fact.fact, AppointmentPlanned)), one.facts[0])
        due = thresholds.after("status", one.on)
        said = reason(day=one.on, time=one.time, appointment=one.appointment)
        yield Due("status", Cause.of(first), due, [Period(due, OPEN)], said)


RULES = (
    Rule(
        id="R-14",
        name="Termin noch auf „geplant“",
        source="QS 1/2020, 3.1",
        theme=APPOINTMENT,
        kind=Kind.FOLLOW_UP,
        state="on",
        stages={"status": Stage(to=WORKER, strength=1, threshold=Number(days=1))},
        options=("appointment",),
        suspended_by=(),
        reads=APPOINTMENTS,
        about=frozenset({AppointmentPlanned, AppointmentRescheduled}),
        due=_left_planned,
        thing="appointment",
    ),
)
