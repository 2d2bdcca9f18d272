"""Appointments and other contact: planned, invited, what became of them (Fachkonzept 2.4, R-14)."""

from __future__ import annotations

import datetime as dt

from domain import words
from domain.decisions.matter import Matter, refuse
from domain.decisions.wishes import PlanAppointment, RecordContact, SetAppointmentStatus
from domain.facts.base import Fact
from domain.facts.contact import (
    AppointmentCancelled,
    AppointmentHeld,
    AppointmentInvited,
    AppointmentMissed,
    AppointmentPlanned,
    AppointmentRescheduled,
    ContactHeld,
)
from domain.records import Entry
from domain.things import Appointment


def plan(wish: PlanAppointment, matter: Matter) -> list[Entry]:
    """A planned appointment, and its invitation if it leaves today."""
    matter.check_open()
    matter.check_day(wish.on, ahead=True)
    if wish.on < matter.today:
        refuse("on", "Ein Termin wird für heute oder später geplant.")
    planned = AppointmentPlanned(
        appointment=wish.appointment, channel=wish.channel, time=wish.time, place=(wish.place or "").strip() or None
    )
    entries = [matter.entry(wish.on, planned)]
    if wish.invited:
        invited = AppointmentInvited(appointment=wish.appointment, legal_notice=wish.legal_notice)
        entries.append(matter.entry(matter.today, invited))
    return entries


def contact(wish: RecordContact, matter: Matter) -> list[Entry]:
    """Another contact, e.g. a telephone call."""
    matter.check_open()
    matter.check_day(wish.on, late_reason=wish.late_reason)
    fact = ContactHeld(
        channel=wish.channel, direction=wish.direction, outcome=wish.outcome, late_reason=wish.late_reason
    )
    return [matter.entry(wish.on, fact)]


def set_status(wish: SetAppointmentStatus, matter: Matter) -> list[Entry]:
    """What became of an appointment of this case; the last status recorded counts."""
    matter.check_open()
    there = find(matter, wish.appointment)
    on = _status_day(wish, there, matter)
    check_status(wish.status, on, there, matter, wish.time, wish.good_cause)
    matter.check_day(on, ahead=wish.status == "rescheduled", late_reason=wish.late_reason)
    return [matter.entry(on, _status_fact(wish, there))]


def _status_day(wish: SetAppointmentStatus, there: Appointment, matter: Matter) -> dt.date:
    if wish.on is not None:
        return wish.on
    if wish.status == "rescheduled":
        refuse("on", "Bitte den neuen Tag angeben.")
    return matter.today if wish.status == "cancelled" else there.on


def _status_fact(wish: SetAppointmentStatus, there: Appointment) -> Fact:
    match wish.status:
        case "held":
            return AppointmentHeld(appointment=wish.appointment, channel=wish.channel, late_reason=wish.late_reason)
        case "missed":
            if wish.good_cause is None:
                refuse("good_cause", "Bitte angeben, ob es einen wichtigen Grund gab.")
            return AppointmentMissed(
                appointment=wish.appointment, good_cause=wish.good_cause, late_reason=wish.late_reason
            )
        case "cancelled":
            return AppointmentCancelled(
                appointment=wish.appointment, by_whom=wish.by_whom, late_reason=wish.late_reason
            )
        case "rescheduled" if wish.time:  # planned anew, since nothing else says a time
            return AppointmentPlanned(
                appointment=wish.appointment, time=wish.time, place=there.place, late_reason=wish.late_reason
            )
        case "rescheduled":
            return AppointmentRescheduled(
                appointment=wish.appointment, by_whom=wish.by_whom, late_reason=wish.late_reason
            )


def check_status(
    status: str, on: dt.date, there: Appointment, matter: Matter, time: str | None = None, cause: str | None = None
) -> None:
    """Refuses what does not fit the appointment as it stands."""
    if status == "missed" == there.status and cause == there.good_cause:
        refuse("status", f"Der Termin steht schon auf „{words.STATUSES[status]}“.")
    if status in ("held", "missed") and there.on > matter.today:
        refuse("status", f"Der Termin ist erst am {words.weekday_and_day(there.on)}.")
    if status in ("held", "cancelled") and there.status == status:
        refuse("status", f"Der Termin steht schon auf „{words.STATUSES[status]}“.")
    if status == "rescheduled" and there.status == "planned" and on == there.on and time in (None, there.time):
        refuse("on", "Der Termin steht schon auf diesem Tag.")


def find(matter: Matter, appointment: str) -> Appointment:
    """The appointment of this case with this id. Refuses if there is none."""
    there = next((one for one in matter.view.timeline.appointments if one.appointment == appointment), None)
    if there is None:
        refuse("appointment", "Diesen Termin gibt es in diesem Fall nicht.")
    return there
