"""Facts about measures, jobs, benefit and ALG I (Fachkonzept 2.5). Periods are inclusive at both ends."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta

from domain import words
from domain.actions import Action
from domain.facts.base import Declaration, Fact, Form, Group, Lane, ListedCode, Text, Thing, TraitCode, stored, worded

MEASURE_TYPES = frozenset(words.MEASURES)
"""The codes of measures and support that the office lists (Fachkonzept 2.5); any other code stays sealed."""

EmploymentKind = Literal["sv-pflichtig", "geringfuegig", "selbstaendig", "ausbildung"]
Level = Literal["helfer", "qualifiziert"]
Extent = Literal["minor", "part-time-under-900", "part-time-over-900", "full-time", "limits-reached"]

worded(
    fields={
        "employment": "Beschäftigung",
        "level": "Niveau",
        "benefit_ends": "Der Leistungsbezug endet damit",
        "extent": "Umfang",
        "origin": "Herkunft",
        "hours_per_week": "Stunden je Woche",
        "measure": "Maßnahme",
        "type": "Art der Maßnahme",
        "planned_end": "Geplantes Ende",
        "legal_basis": "Rechtsgrundlage",
        "provider": "Träger",
        "full_time": "In Vollzeit",
        "goal": "Ziel",
        "benefit": "Leistungsart",
        "top_up": "Mit Aufstockung",
    },
    codes={
        "sv-pflichtig": "sozialversicherungspflichtig",
        "geringfuegig": "geringfügig (Minijob)",
        "selbstaendig": "selbständig",
        "ausbildung": "Ausbildung",
        "helfer": "Helfertätigkeit",
        "qualifiziert": "qualifiziert",
        "self-found": "selbst gesucht",
        "placed": "durch das Jobcenter vermittelt",
        "unknown": "unbekannt",
        "minor": "geringfügig",
        "part-time-under-900": "Teilzeit unter 900 Euro",
        "part-time-over-900": "Teilzeit über 900 Euro",
        "full-time": "Vollzeit",
        "limits-reached": "Grenzen erreicht",
        **words.MEASURES,
        **words.LEGAL_BASES,
    },
)


@stored(
    "employment-started",
    Declaration(
        german="Beschäftigung aufgenommen",
        day="Beginn",
        lane=Lane.JOB,
        thing="employment",
        begins=True,
        ends=None,
        ahead=True,
        action=Action.RECORD,
        form=Form(Group.WORK, rank=6, also="Arbeit Job Minijob Ausbildung Stelle"),
    ),
)
class EmploymentStarted(Fact, frozen=True):
    """Beschäftigungsaufnahme; `on` is the first working day (Q2 2.2.1, Q4)."""

    employment: Thing
    kind: EmploymentKind
    level: Level | None = None
    benefit_ends: bool | None = None
    extent: Extent | None = None
    hours_per_week: Annotated[float, Meta(ge=0, le=168)] | None = None


@stored(
    "employment-ended",
    Declaration(
        german="Beschäftigung beendet",
        day="Letzter Tag",
        lane=Lane.JOB,
        thing="employment",
        begins=False,
        ends=EmploymentStarted,
        ahead=True,
        action=Action.RECORD,
        form=Form(Group.WORK),
    ),
)
class EmploymentEnded(Fact, frozen=True):
    """Beschäftigung aufgelöst; `on` is the last day."""

    employment: Thing
    reason: Text | None = None


@stored(
    "employment-statistics-entered",
    Declaration(
        german="Statistikeintrag",
        day="Eingetragen am",
        lane=Lane.DOCUMENTATION,
        thing="employment",
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.WORK, option="origin", link="Statistikeintrag", also="Statistik Integration Herkunft"),
    ),
)
class EmploymentStatisticsEntered(Fact, frozen=True):
    """How a job was found; `reason` where that is not known (Q4 2.1, R-25)."""

    employment: Thing
    origin: Literal["self-found", "placed", "unknown"]
    reason: Text | None = None


@stored(
    "measure-started",
    Declaration(
        german="Maßnahme begonnen",
        day="Beginn",
        lane=Lane.MEASURE,
        thing="measure",
        begins=True,
        ends=None,
        ahead=True,
        action=Action.RECORD,
        form=Form(
            Group.WORK, rank=7, codes={"type": words.MEASURES, "legal_basis": words.LEGAL_BASES}, also="Kurs Coaching"
        ),
    ),
)
class MeasureStarted(Fact, frozen=True):
    """Maßnahme begonnen; `on` is its first day."""

    measure: Thing
    type: ListedCode | None = None
    planned_end: dt.date | None = None
    legal_basis: TraitCode | None = None
    provider: TraitCode | None = None
    full_time: bool | None = None
    goal: Text | None = None


@stored(
    "measure-ended",
    Declaration(
        german="Maßnahme beendet",
        day="Letzter Tag",
        lane=Lane.MEASURE,
        thing="measure",
        begins=False,
        ends=MeasureStarted,
        ahead=True,
        action=Action.RECORD,
        form=Form(Group.WORK, option="end-measure", link="Ende der Maßnahme"),
    ),
)
class MeasureEnded(Fact, frozen=True):
    """Maßnahme beendet; `on` is its last day."""

    measure: Thing


@stored(
    "benefit-started",
    Declaration(
        german="Leistungsbezug ab",
        by_law="Leistungsbezug ({benefit}) ab",
        day="Beginn",
        lane=Lane.BENEFIT,
        thing=None,
        begins=True,
        ends=None,
        ahead=False,
        action=Action.RECORD_INTAKE,
        form=Form(Group.BENEFIT, apart=("benefit",), also="Leistung Bezug"),
    ),
)
class BenefitStarted(Fact, frozen=True):
    """Leistungsbezug from this day."""

    benefit: TraitCode | None = None
    reason: Text | None = None


@stored(
    "benefit-ended",
    Declaration(
        german="Leistungsbezug bis",
        day="Letzter Tag",
        lane=Lane.BENEFIT,
        thing=None,
        begins=False,
        ends=BenefitStarted,
        ahead=True,
        action=Action.RECORD_INTAKE,
        form=Form(Group.BENEFIT, apart=("benefit",), also="Leistung Bezug Ende"),
    ),
)
class BenefitEnded(Fact, frozen=True):
    """The last day of benefit."""

    benefit: TraitCode | None = None
    reason: Text | None = None


@stored(
    "benefit-reapplied",
    Declaration(
        german="Neuantragstellung",
        day="Tag des Antrags",
        lane=Lane.BENEFIT,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD_INTAKE,
        form=Form(Group.BENEFIT),
    ),
)
class BenefitReapplied(Fact, frozen=True):
    """Neuantragstellung; `on` is the application date (Q2 2.3.1)."""


@stored(
    "alg1-started",
    Declaration(
        german="ALG I ab",
        day="Beginn",
        lane=Lane.ALG1,
        thing=None,
        begins=True,
        ends=None,
        ahead=True,
        action=Action.RECORD_INTAKE,
        form=Form(Group.BENEFIT, button="ALG I", option="alg1", link="ALG I erfassen", rank=8, also="Arbeitslosengeld"),
    ),
)
class Alg1Started(Fact, frozen=True):
    """ALG-I-Bezug from this day (Q2 2.3.1, 3.2)."""

    top_up: bool | None = None
    planned_end: dt.date | None = None


@stored(
    "alg1-ended",
    Declaration(
        german="ALG I bis",
        day="Letzter Tag",
        lane=Lane.ALG1,
        thing=None,
        begins=False,
        ends=Alg1Started,
        ahead=True,
        action=Action.RECORD_INTAKE,
        form=Form(Group.BENEFIT, option="end-alg1", link="Ende von ALG I erfassen", also="Arbeitslosengeld Ende"),
    ),
)
class Alg1Ended(Fact, frozen=True):
    """The last day of ALG I; may be recorded ahead."""

    top_up: bool | None = None


@stored(
    "independence-reached",
    Declaration(
        german="Unabhängig vom Leistungsbezug",
        day="Seit",
        lane=Lane.DOCUMENTATION,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD_INTAKE,
        form=Form(Group.BENEFIT, also="Ende Leistung Bedarf gedeckt"),
    ),
)
class IndependenceReached(Fact, frozen=True):
    """Unabhängig vom Leistungsbezug from this day (Q2 3.1)."""
