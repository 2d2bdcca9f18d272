"""Facts about appointments and contact (Fachkonzept 2.4). An appointment is one thing; later facts change it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta, field

from domain.actions import Action
from domain.facts.base import (
    Beside,
    Declaration,
    Fact,
    Form,
    Group,
    Lane,
    Text,
    Thing,
    Time,
    TraitCode,
    stored,
    worded,
)
from domain.facts.case import Area

Channel = Literal["personal", "phone", "video"]
ByWhom = Literal["client", "office"]

worded(
    fields={
        "appointment": "Termin",
        "channel": "Weg",
        "with": "Bei",
        "time": "Uhrzeit",
        "place": "Ort",
        "legal_notice": "Mit Rechtsfolgenbelehrung",
        "note_ref": "Hinweis auf den Vermerk",
        "good_cause": "Wichtiger Grund",
        "cause_category": "Art des Grundes",
        "by_whom": "Durch wen",
        "direction": "Richtung",
        "needed": "Beratungsgespräch nötig",
        "valid_until": "Gilt bis",
        "days": "Abstand in Tagen",
        "source": "Quelle",
        "count": "Anzahl",
    },
    codes={
        "personal": "persönlich",
        "phone": "telefonisch",
        "video": "Video",
        "first-talk": "Erstgespräch",
        "counselling": "Beratung",
        "intake": "Aufnahme",
        "assignment": "Zuweisung",
        "follow-up": "Folgegespräch",
        "yes": "ja",
        "no": "nein",
        "open": "offen",
        "client": "Kundin/Kunde",
        "office": "Jobcenter",
        "visit": "Vorsprache",
        "mail": "E-Mail",
        "letter": "Brief",
        "other": "sonstiges",
        "in": "von der Kundin/dem Kunden",
        "out": "vom Jobcenter",
        "reached": "erreicht",
        "not-reached": "nicht erreicht",
        "attendance": "Teilnahme",
        "application": "Bewerbung",
        "profile": "Profil",
    },
)


@stored(
    "appointment-planned",
    Declaration(
        german="Termin geplant",
        day="Tag des Termins",
        lane=Lane.APPOINTMENT,
        thing="appointment",
        begins=True,
        ends=None,
        ahead=True,
        action=Action.RECORD,
        form=Form(Group.CONTACT, rank=4, also="Einladung Vorsprache"),
    ),
)
class AppointmentPlanned(Fact, frozen=True):
    """Termin, Status geplant; `on` is the day of the appointment, `time` when it begins.

    A second one about the same appointment moves it: what it does not say about time and place is open then.
    """

    appointment: Thing
    channel: Channel | None = None
    kind: Literal["first-talk", "counselling", "intake", "assignment", "follow-up"] | None = None
    with_: Area | None = field(default=None, name="with")
    time: Time | None = None
    place: TraitCode | None = None


@stored(
    "appointment-invited",
    Declaration(
        german="Einladung verschickt",
        day="Einladung verschickt am",
        lane=Lane.APPOINTMENT,
        thing="appointment",
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.CONTACT, rank=5, also="Brief Schreiben"),
    ),
)
class AppointmentInvited(Fact, frozen=True):
    """Termineinladung; `on` is the day the invitation left."""

    appointment: Thing
    legal_notice: bool | None = None


@stored(
    "appointment-held",
    Declaration(
        german="Termin: erschienen",
        day="Tag des Termins",
        lane=Lane.APPOINTMENT,
        thing="appointment",
        begins=False,
        ends=AppointmentPlanned,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.CONTACT, rank=2, also="Gespräch Vorsprache"),
    ),
)
class AppointmentHeld(Fact, frozen=True):
    """Status erschienen; `on` is the day it was held."""

    appointment: Thing
    channel: Channel | None = None
    note_ref: Text | None = None


@stored(
    "appointment-missed",
    Declaration(
        german="Termin: nicht erschienen",
        day="Tag des Termins",
        lane=Lane.APPOINTMENT,
        thing="appointment",
        begins=False,
        ends=AppointmentPlanned,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.CONTACT, rank=3, also="Meldeversäumnis versäumt"),
    ),
)
class AppointmentMissed(Fact, frozen=True):
    """Status nicht erschienen; `good_cause` says whether there was a wichtiger Grund."""

    appointment: Thing
    good_cause: Literal["yes", "no", "open"]
    cause_category: Text | None = None


@stored(
    "appointment-cancelled",
    Declaration(
        german="Termin: abgesagt",
        day="Abgesagt am",
        lane=Lane.APPOINTMENT,
        thing="appointment",
        begins=False,
        ends=AppointmentPlanned,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.CONTACT),
    ),
)
class AppointmentCancelled(Fact, frozen=True):
    """Abgesagt; `on` is the day it was cancelled."""

    appointment: Thing
    by_whom: ByWhom | None = None


@stored(
    "appointment-rescheduled",
    Declaration(
        german="Termin: verlegt",
        day="Neuer Tag",
        lane=Lane.APPOINTMENT,
        thing="appointment",
        begins=False,
        ends=None,
        ahead=True,
        action=Action.RECORD,
        form=Form(Group.CONTACT),
    ),
)
class AppointmentRescheduled(Fact, frozen=True):
    """Verlegt; `on` is the new day."""

    appointment: Thing
    by_whom: ByWhom | None = None


@stored(
    "contact-held",
    Declaration(
        german="Sonstiger Kontakt",
        day="Tag des Kontakts",
        lane=Lane.CONTACT,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(
            Group.CONTACT,
            option="contact",
            link="Kontakt erfassen",
            button="Kontakt",
            rank=1,
            also="Telefonat Anruf E-Mail Brief Besuch",
        ),
    ),
)
class ContactHeld(Fact, frozen=True):
    """Sonstiger Kontakt, no appointment (Q4 2.4); one that did not reach the client is none for the clocks."""

    channel: Literal["visit", "mail", "letter", "phone", "other"]
    direction: Literal["in", "out"]
    outcome: Literal["reached", "not-reached"] | None = None


@stored(
    "appointment-necessity-decided",
    Declaration(
        german="Beratungsgespräch trotz Maßnahme",
        day="Entschieden am",
        lane=Lane.CONTACT,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.CONTACT, also="Termin nötig Maßnahme"),
    ),
)
class AppointmentNecessityDecided(Fact, frozen=True):
    """Whether a talk is needed although a measure runs, until a last day (Q1 2, R-13)."""

    needed: bool
    reason: Text | None = None
    valid_until: dt.date | None = None


@stored(
    "contact-interval-set",
    Declaration(
        german="Kontaktdichte im Einzelfall",
        day="Gilt ab",
        lane=Lane.CONTACT,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.CONTACT, option="urgency", link="Anderer Abstand", also="Abstand Termine Häufigkeit"),
    ),
)
class ContactIntervalSet(Fact, frozen=True):
    """How many days may lie between two contacts in this case, until a last day (NRW 3.1c, R-23b)."""

    days: Annotated[int, Meta(ge=1, le=730)]
    reason: Text
    until: dt.date | None = None


@stored(
    "external-evidence-noted",
    Declaration(
        german="Nachweis aus einem Portal",
        day="Nachweis vom",
        lane=Beside.SHOWN_ONLY,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.CONTACT, also="Jobportal Jobakademie+ Bewerbungen"),
    ),
)
class ExternalEvidenceNoted(Fact, frozen=True):
    """Nachweis aus Jobportal or Jobakademie+, from this day `until` a last one; shown only (Q2 4.2)."""

    source: TraitCode
    kind: Literal["attendance", "application", "profile"]
    count: Annotated[int, Meta(ge=0, le=100_000)] | None = None
    until: dt.date | None = None
