"""What somebody may want to know of an appointment before it is saved: no working day, or another at the same time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from domain.calendar import is_working_day
from domain.facts.contact import AppointmentPlanned, AppointmentRescheduled
from domain.periods import Period
from domain.records import Entry
from domain.things import PLANNED
from domain.timeline import Timeline
from notifications import render
from services.office.office import Office
from services.questions import agenda
from services.web.http.visitor import Visitor


def of(office: Office, visitor: Visitor, case: UUID, after: Timeline, entries: Sequence[Entry]) -> list[str]:
    """A sentence each; `after`: the case with these entries. Nothing of it refuses anything."""
    set_here = [one for one in entries if isinstance(one.fact, AppointmentPlanned | AppointmentRescheduled)]
    return [said for one in set_here for said in _of(office, visitor, case, after, one)]


def _of(office: Office, visitor: Visitor, case: UUID, after: Timeline, entry: Entry) -> list[str]:
    named = getattr(entry.fact, "appointment", "")
    time = next((one.time for one in after.appointments if one.appointment == named), None)
    others = _at(office, visitor, case, after, named, entry.on, time) if time else []
    said = render.text(
        "hints/appointment.txt.j2",
        {"day": entry.on, "works": is_working_day(entry.on), "time": time, "others": others},
    )
    return [line for line in said.splitlines() if line]


def _at(
    office: Office, visitor: Visitor, case: UUID, after: Timeline, named: str, day: dt.date, time: str
) -> list[str]:
    """The numbers of the cases with another planned appointment then, "" for this case."""
    planned = [one for one in after.appointments if one.status == PLANNED and one.appointment != named]
    here = [""] * any((one.on, one.time) == (day, time) for one in planned)
    with office.read() as tx:
        found = agenda.of_workers(tx, visitor.workers, Period(day, day), visitor.today).appointments
    return here + [one.number for one in found if (one.status, one.time) == (PLANNED, time) and one.case_key != case]
