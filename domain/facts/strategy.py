"""Facts about the strategy: bars, the field, reviews, pauses of the clock (domain.md 2.2)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta

from domain.facts.base import Fact, Text, stored
from domain.facts.case import Strategy

EndReason = Literal["new-strategy", "employment", "benefit-end", "alg1", "closed", "error"]
NonStrategy = Literal["abschlussarbeiten", "fallaktenabschluss", "keine-hs-alg1"]
Outcome = Literal["continue", "extend", "change", "handover", "end"]


@stored("strategy-bar-set")
class StrategyBarSet(Fact, frozen=True):
    """Maßnahmebalken Handlungsstrategie angelegt; `on` is its first day. Ends an open bar on the day before."""

    strategy: Strategy
    migrated: bool | None = None
    planned_end: dt.date | None = None
    rationale: Text | None = None
    prognosis_months: Annotated[int, Meta(ge=0, le=120)] | None = None


@stored("strategy-bar-ended")
class StrategyBarEnded(Fact, frozen=True):
    """Balken beendet; `on` is its last day."""

    reason: EndReason | None = None


@stored("strategy-field-changed")
class StrategyFieldChanged(Fact, frozen=True):
    """Feld „Handlungsstrategie“ umgestellt (Q2 2.3.1, 3.2)."""

    strategy: Strategy
    old: Strategy | None = None


@stored("non-strategy-bar-set")
class NonStrategyBarSet(Fact, frozen=True):
    """Balken Abschlussarbeiten, Fallaktenabschluss or keine Handlungsstrategie ALG I, from this day."""

    kind: NonStrategy


@stored("non-strategy-bar-ended")
class NonStrategyBarEnded(Fact, frozen=True):
    """The last day of such a bar."""

    kind: NonStrategy


@stored("strategy-reviewed")
class StrategyReviewed(Fact, frozen=True):
    """Überprüfung der Handlungsstrategie; `on` is the day of decision (Q2 3.1)."""

    outcome: Outcome
    text: Text | None = None


@stored("clock-pause-started")
class ClockPauseStarted(Fact, frozen=True):
    """Aussetzen der Verweildauer by a lead, from this day."""

    reason: Text


@stored("clock-pause-ended")
class ClockPauseEnded(Fact, frozen=True):
    """The last day of such a pause. (The contract names `reason` for the start only.)"""
