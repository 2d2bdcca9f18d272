"""What somebody may want to know of an appointment before it is saved: an odd day or time, or another one then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from domain.calendar import Lands, is_working_day
from domain.facts.contact import AppointmentPlanned, AppointmentRescheduled
from domain.periods import Period
from domain.records import Entry
from domain.things import PLANNED
from domain.timeline import Timeline
from notifications import render
from services.office.office import Office, Transaction
from services.questions import agenda
from services.records import rulebook
from services.web.http.visitor import Visitor

USUAL = ("07:00", "19:00")  # an appointment hardly begins before the first or after the last


def of(office: Office, visitor: Visitor, case: UUID, after: Timeline, entries: Sequence[Entry]) -> list[str]:
    """A sentence each; `after`: the case with these entries. Nothing of it refuses anything."""
    set_here = [one for one in entries if isinstance(one.fact, AppointmentPlanned | AppointmentRescheduled)]
    return [said for one in set_here for said in _of(office, visitor, case, after, one)]


def of_several(tx: Transaction, visitor: Visitor, cases: Collection[UUID], day: dt.date, time: str | None) -> list[str]:
    """The same of one new appointment in each of these cases."""
    return _said(visitor, day, time, _others(tx, visitor, (), day, time), len(cases), rulebook.lands(tx.conn))


def _of(office: Office, visitor: Visitor, case: UUID, after: Timeline, entry: Entry) -> list[str]:
    named = getattr(entry.fact, "appointment", "")
    time = next((one.time for one in after.appointments if one.appointment == named), None)
    planned = [one for one in after.appointments if one.status == PLANNED and one.appointment != named]
    here = [""] * any(time and (one.on, one.time) == (entry.on, time) for one in planned)
    with office.read() as tx:
        return _said(
            visitor, entry.on, time, here + _others(tx, visitor, {case}, entry.on, time), 1, rulebook.lands(tx.conn)
        )


def _said(
    visitor: Visitor, day: dt.date, time: str | None, others: Sequence[str], count: int, lands: Lands
) -> list[str]:
    odd = time is not None and not USUAL[0] <= time <= USUAL[1]
    said = render.text(
        "hints/appointment.txt.j2",
        {
            "day": day,
            "past": day < visitor.today,
            "works": is_working_day(day, lands),
            "time": time,
            "odd": odd,
            "others": others,
            "count": count,
        },
    )
    return [line for line in said.splitlines() if line]


def _others(tx: Transaction, visitor: Visitor, but: Collection[UUID], day: dt.date, time: str | None) -> list[str]:
    """The numbers of the other cases with a planned appointment then."""
    if time is None:
        return []
    found = agenda.of_workers(tx, visitor.workers, Period(day, day), visitor.today).appointments
    return [one.number for one in found if (one.status, one.time) == (PLANNED, time) and one.case_key not in but]
