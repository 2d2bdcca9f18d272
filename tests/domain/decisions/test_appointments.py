"""Appointments and contact: planned, settled, and what does not fit (Fachkonzept 2.4, R-14)."""

from __future__ import annotations

from typing import Any

import pytest

from domain.decisions.wishes import PlanAppointment, RecordContact, RecordFact, SetAppointmentStatus
from domain.facts.contact import AppointmentHeld, AppointmentMissed, AppointmentPlanned
from tests.spec import TODAY, Given, day

PAST = ("16.11.", AppointmentPlanned(appointment="T-1", channel="personal"))
AHEAD = ("27.11.", AppointmentPlanned(appointment="T-1"))


def status(value: Any, **more: Any) -> SetAppointmentStatus:
    return SetAppointmentStatus(appointment="T-1", status=value, **more)


def test_planned_and_invited() -> None:
    plan = PlanAppointment(on=day("26.11."), channel="personal", invited=True)
    given = Given().when(plan).then(("appointment-planned", "26.11."), ("appointment-invited", "20.11."))
    assert given.fact(0).appointment == given.fact(1).appointment == plan.appointment
    Given().when(PlanAppointment(on=TODAY)).then(("appointment-planned", "20.11."))
    Given().refused(PlanAppointment(on=day("19.11.")), "heute oder später", field="on")


@pytest.mark.parametrize(
    ("wish", "name", "on"),
    [
        (status("held"), "appointment-held", "16.11."),
        (status("missed", good_cause="open"), "appointment-missed", "16.11."),
        (status("cancelled"), "appointment-cancelled", "20.11."),
        (status("rescheduled", on=day("27.11.")), "appointment-rescheduled", "27.11."),
    ],
    ids=["held", "missed", "cancelled", "rescheduled"],
)
def test_what_became_of_it(wish: SetAppointmentStatus, name: str, on: str) -> None:
    Given(PAST).when(wish).then((name, on))


def test_what_does_not_fit() -> None:
    Given().refused(status("held"), "gibt es in diesem Fall nicht", field="appointment")
    Given(AHEAD).refused(status("held"), "erst am Freitag, 27.11.2026", field="status")
    Given(AHEAD).refused(status("missed", good_cause="no"), "erst am", field="status")
    Given(PAST).refused(status("missed"), "wichtigen Grund", field="good_cause")
    Given(PAST).refused(status("rescheduled"), "neuen Tag", field="on")
    Given(AHEAD).refused(status("rescheduled", on=day("27.11.")), "schon auf diesem Tag", field="on")
    held = Given(PAST, ("16.11.", AppointmentHeld(appointment="T-1")))
    held.refused(status("held"), "steht schon auf „erschienen“")


def test_a_cause_heard_later_is_recorded_again() -> None:
    missed = Given(PAST, ("16.11.", AppointmentMissed(appointment="T-1", good_cause="open")))
    missed.refused(status("missed", good_cause="open"), "steht schon auf", field="status")
    missed.when(status("missed", good_cause="no")).then(("appointment-missed", "16.11."))


def test_an_old_appointment_needs_a_reason() -> None:
    old = Given(("05.11.", AppointmentPlanned(appointment="T-1")))
    old.refused(status("held"), "mehr als 14 Tage", field="late_reason")
    old.when(status("held", late_reason="Nachtrag aus dem Kalender"))


def test_forms_and_api_follow_the_same_rules() -> None:
    held = RecordFact(name="appointment-held", on=TODAY, data={"appointment": "T-1"})
    Given().refused(held, "gibt es in diesem Fall nicht")
    Given(AHEAD).refused(held, "erst am")
    Given(PAST).when(held).then(("appointment-held", "20.11."))
    for name, data in (("appointment-invited", {}), ("appointment-missed", {"good_cause": "no"})):
        unknown = RecordFact(name=name, on=TODAY, data={"appointment": "T-9", **data})
        Given(PAST).refused(unknown, "gibt es in diesem Fall nicht")


def test_a_call_today() -> None:
    given = Given().when(RecordContact(on=TODAY, channel="phone")).then(("contact-held", "20.11."))
    assert (given.fact().channel, given.fact().direction) == ("phone", "out")
    Given().refused(RecordContact(on=day("21.11."), channel="mail"), "in der Zukunft", field="on")
