"""Facts about measures, jobs, benefit and ALG I (domain.md 2.5). Periods are inclusive at both ends."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta

from domain.facts.base import Fact, Text, Thing, TraitCode, stored

EmploymentKind = Literal["sv-pflichtig", "geringfuegig", "selbstaendig", "ausbildung"]


@stored("measure-started")
class MeasureStarted(Fact, frozen=True):
    """Maßnahme begonnen; `on` is its first day."""

    measure: Thing
    type: TraitCode | None = None
    planned_end: dt.date | None = None
    legal_basis: TraitCode | None = None
    provider: TraitCode | None = None
    full_time: bool | None = None
    goal: Text | None = None


@stored("measure-ended")
class MeasureEnded(Fact, frozen=True):
    """Maßnahme beendet; `on` is its last day."""

    measure: Thing


@stored("employment-started")
class EmploymentStarted(Fact, frozen=True):
    """Beschäftigungsaufnahme; `on` is the first working day (Q2 2.2.1, Q4)."""

    employment: Thing
    kind: EmploymentKind
    level: Literal["helfer", "qualifiziert"] | None = None
    benefit_ends: bool | None = None
    extent: Literal["minor", "part-time-under-900", "part-time-over-900", "full-time", "limits-reached"] | None = None
    hours_per_week: Annotated[float, Meta(ge=0, le=168)] | None = None


@stored("employment-ended")
class EmploymentEnded(Fact, frozen=True):
    """Beschäftigung aufgelöst; `on` is the last day."""

    employment: Thing
    reason: Text | None = None


@stored("benefit-started")
class BenefitStarted(Fact, frozen=True):
    """Leistungsbezug from this day."""

    benefit: TraitCode | None = None
    reason: Text | None = None


@stored("benefit-ended")
class BenefitEnded(Fact, frozen=True):
    """The last day of benefit."""

    benefit: TraitCode | None = None
    reason: Text | None = None


@stored("benefit-reapplied")
class BenefitReapplied(Fact, frozen=True):
    """Neuantragstellung; `on` is the application date (Q2 2.3.1)."""


@stored("alg1-started")
class Alg1Started(Fact, frozen=True):
    """ALG-I-Bezug from this day (Q2 2.3.1, 3.2)."""

    top_up: bool | None = None
    planned_end: dt.date | None = None


@stored("alg1-ended")
class Alg1Ended(Fact, frozen=True):
    """The last day of ALG I; may be recorded ahead."""

    top_up: bool | None = None
