"""Facts about measures beside their running (domain.facts.support): planned, broken off, fitting; support; the Agentur.

Fachkonzept 2.5 and 12. What begins or ends a measure has the id of that measure.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from domain import words
from domain.actions import Action
from domain.facts.base import (
    Cents,
    Declaration,
    Fact,
    Form,
    Group,
    Lane,
    ListedCode,
    Text,
    Thing,
    TraitCode,
    stored,
    worded,
)
from domain.facts.support import MeasureStarted

_CODES = {"type": words.MEASURES, "legal_basis": words.LEGAL_BASES}

worded(
    fields={
        "measure-planned.stage": "Stand der Planung",
        "support-granted.type": "Art der Förderung",
        "stage": "Stufe",
        "fit": "Passgenau",
        "support": "Förderung",
        "amount_cents": "Betrag in Euro",
        "binding": "Länger als 2 Wochen in Vollzeit gebunden",
        "until": "Bis",
        "granted": "Bewilligt",
    },
    codes={
        "searched": "wird gesucht",
        "commissioned": "beauftragt",
        "offered": "angeboten",
    },
)


@stored(
    "measure-planned",
    Declaration(
        german="Maßnahme geplant",
        day="Geplanter Beginn",
        lane=Lane.MEASURE,
        thing="measure",
        begins=True,
        ends=None,
        ahead=True,
        action=Action.RECORD,
        form=Form(Group.WORK, codes=_CODES, also="Kurs Coaching Angebot Planung"),
    ),
)
class MeasurePlanned(Fact, frozen=True):
    """Maßnahme geplant; `on` is the planned first day. A `measure-started` about the same `measure` begins it."""

    measure: Thing
    type: ListedCode | None = None
    planned_end: dt.date | None = None
    stage: Literal["searched", "commissioned", "offered"] | None = None
    legal_basis: TraitCode | None = None


@stored(
    "measure-broken-off",
    Declaration(
        german="Maßnahme abgebrochen",
        day="Letzter Tag",
        lane=Lane.MEASURE,
        thing="measure",
        begins=False,
        ends=MeasureStarted,
        ahead=True,
        action=Action.RECORD,
        form=Form(Group.WORK, also="Abbruch Kurs Ende"),
    ),
)
class MeasureBrokenOff(Fact, frozen=True):
    """Maßnahme abgebrochen; `on` is its last day."""

    measure: Thing
    reason: Text | None = None


@stored(
    "measure-fit-assessed",
    Declaration(
        german="Passgenauigkeit der Maßnahme",
        day="Beurteilt am",
        lane=Lane.SUPPORT,
        thing="measure",
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.WORK, also="passgenau passt Kurs"),
    ),
)
class MeasureFitAssessed(Fact, frozen=True):
    """Whether a measure fits what was to be reached by it (Q1 3.2.2)."""

    measure: Thing
    fit: bool
    goal: Text | None = None


@stored(
    "support-granted",
    Declaration(
        german="Förderung bewilligt",
        day="Bewilligt ab",
        lane=Lane.SUPPORT,
        thing="support",
        begins=True,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.WORK, codes=_CODES, also="Vermittlungsbudget Fahrtkosten Einstiegsgeld Zuschuss Geld"),
    ),
)
class SupportGranted(Fact, frozen=True):
    """Förderung, one fact per Nennung; `on` is its day or first day, `until` its last (Q2 2.2.2, Q4 2.3)."""

    support: Thing
    type: ListedCode
    legal_basis: TraitCode | None = None
    amount_cents: Cents | None = None
    binding: bool | None = None
    until: dt.date | None = None


@stored(
    "agency-referral-made",
    Declaration(
        german="An die Agentur für Arbeit verwiesen",
        day="Verwiesen am",
        lane=Lane.AGENCY,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.WORK, also="FbW Reha Weiterbildung Agentur"),
    ),
)
class AgencyReferralMade(Fact, frozen=True):
    """FbW or Reha, which the Agentur decides and pays since 01.01.2025, was asked for there (Fachkonzept 12)."""

    measure: Thing | None = None


@stored(
    "agency-answered",
    Declaration(
        german="Antwort der Agentur für Arbeit",
        day="Antwort vom",
        lane=Lane.AGENCY,
        thing="measure",
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.WORK, also="FbW Reha Bewilligung Ablehnung Agentur"),
    ),
)
class AgencyAnswered(Fact, frozen=True):
    """What the Agentur decided about a measure that is planned or runs (Fachkonzept 12)."""

    measure: Thing
    granted: bool
