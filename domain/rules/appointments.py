"""The rule about appointments whose status was never recorded: R-14 (domain.md 3.2)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.facts.contact import AppointmentPlanned, AppointmentRescheduled
from domain.periods import DAY, OPEN, Period
from domain.rules.listing import Due, listed, reason
from domain.timeline import APPOINTMENTS, CLOSING, Kinds, Timeline

READS: Kinds = APPOINTMENTS | CLOSING
ABOUT: Kinds = frozenset({AppointmentPlanned, AppointmentRescheduled})


def left_planned(timeline: Timeline) -> Iterator[Due]:
    """R-14: planned and the day is over (strict); nothing suspends it (QS 1/2020, 3.1)."""
    for one in timeline.appointments:
        if one.status != "planned":
            continue
        first = next((fact for fact in one.facts if isinstance(fact.fact, AppointmentPlanned)), one.facts[0])
        due = one.on + DAY
        said = reason(day=one.on, appointment=one.appointment)
        yield from listed("status", first.ref, due, [Period(due, OPEN)], (), said)
