"""Facts about appointments and contact (domain.md 2.4). An appointment is one thing; later facts change its status."""

from __future__ import annotations

from typing import Literal

from msgspec import field

from domain.facts.base import Fact, Text, Thing, stored
from domain.facts.case import Area

Channel = Literal["personal", "phone", "video"]
ByWhom = Literal["client", "office"]


@stored("appointment-planned")
class AppointmentPlanned(Fact, frozen=True):
    """Termin, Status geplant; `on` is the day of the appointment."""

    appointment: Thing
    channel: Channel | None = None
    kind: Literal["first-talk", "counselling", "intake", "assignment", "follow-up"] | None = None
    with_: Area | None = field(default=None, name="with")


@stored("appointment-invited")
class AppointmentInvited(Fact, frozen=True):
    """Termineinladung; `on` is the day the invitation left."""

    appointment: Thing
    legal_notice: bool | None = None


@stored("appointment-held")
class AppointmentHeld(Fact, frozen=True):
    """Status erschienen; `on` is the day it was held."""

    appointment: Thing
    channel: Channel | None = None
    note_ref: Text | None = None


@stored("appointment-missed")
class AppointmentMissed(Fact, frozen=True):
    """Status nicht erschienen; `good_cause` says whether there was a wichtiger Grund."""

    appointment: Thing
    good_cause: Literal["yes", "no", "open"]
    cause_category: Text | None = None


@stored("appointment-cancelled")
class AppointmentCancelled(Fact, frozen=True):
    """Abgesagt; `on` is the day it was cancelled."""

    appointment: Thing
    by_whom: ByWhom | None = None


@stored("appointment-rescheduled")
class AppointmentRescheduled(Fact, frozen=True):
    """Verlegt; `on` is the new day."""

    appointment: Thing
    by_whom: ByWhom | None = None


@stored("contact-held")
class ContactHeld(Fact, frozen=True):
    """Sonstiger Kontakt, no appointment (Q4 2.4)."""

    channel: Literal["visit", "mail", "letter", "phone", "other"]
    direction: Literal["in", "out"]
