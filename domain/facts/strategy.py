"""Facts about the strategy: bars, the field, reviews, pauses of the clock (Fachkonzept 2.2)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta

from domain import words
from domain.actions import Action
from domain.facts.base import Declaration, Fact, Form, Group, Lane, Text, stored, worded
from domain.facts.case import Strategy

EndReason = Literal["new-strategy", "employment", "benefit-end", "alg1", "closed", "error"]
NonStrategy = Literal["abschlussarbeiten", "fallaktenabschluss", "keine-hs-alg1"]
Outcome = Literal["continue", "extend", "change", "handover", "end"]

worded(
    fields={
        "migrated": "Aus der Umstellung übernommen",
        "planned_end": "Geplantes Ende",
        "rationale": "Begründung",
        "prognosis_months": "Prognose in Monaten",
        "old": "Bisher",
        "outcome": "Ergebnis",
    },
    codes={
        **words.OTHER_BARS,
        "new-strategy": "neue Strategie",
        "employment": "Beschäftigung",
        "benefit-end": "Ende des Leistungsbezugs",
        "alg1": "ALG I",
        "closed": "Fall geschlossen",
        "error": "Irrtum",
        "continue": "weiterhin richtig",
        "extend": "verlängert",
        "change": "umstellen",
        "handover": "übergeben",
        "end": "beenden",
    },
)


@stored(
    "strategy-bar-set",
    Declaration(
        german="Handlungsstrategie (Balken)",
        day="Beginn",
        lane=Lane.BAR,
        thing=None,
        begins=True,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.STRATEGY, apart=("migrated",)),
    ),
)
class StrategyBarSet(Fact, frozen=True):
    """Maßnahmebalken Handlungsstrategie angelegt; `on` is its first day. Ends an open bar on the day before."""

    strategy: Strategy
    migrated: bool | None = None
    planned_end: dt.date | None = None
    rationale: Text | None = None
    prognosis_months: Annotated[int, Meta(ge=0, le=120)] | None = None


@stored(
    "strategy-bar-ended",
    Declaration(
        german="Balken beendet",
        day="Letzter Tag",
        lane=Lane.BAR,
        thing=None,
        begins=False,
        ends=StrategyBarSet,
        ahead=True,
        action=Action.RECORD,
        form=Form(Group.STRATEGY),
    ),
)
class StrategyBarEnded(Fact, frozen=True):
    """Balken beendet; `on` is its last day."""

    reason: EndReason | None = None


@stored(
    "strategy-field-changed",
    Declaration(
        german="Feld „Handlungsstrategie“",
        day="Umgestellt am",
        lane=Lane.FIELD,
        thing=None,
        begins=True,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.STRATEGY, apart=("old",)),
    ),
)
class StrategyFieldChanged(Fact, frozen=True):
    """Feld „Handlungsstrategie“ umgestellt (Q2 2.3.1, 3.2)."""

    strategy: Strategy
    old: Strategy | None = None


@stored(
    "non-strategy-bar-set",
    Declaration(
        german="Anderer Balken",
        day="Beginn",
        lane=Lane.OTHER_BAR,
        thing=None,
        begins=True,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.STRATEGY),
    ),
)
class NonStrategyBarSet(Fact, frozen=True):
    """Balken Abschlussarbeiten, Fallaktenabschluss or keine Handlungsstrategie ALG I, from this day."""

    kind: NonStrategy


@stored(
    "non-strategy-bar-ended",
    Declaration(
        german="Anderer Balken beendet",
        day="Letzter Tag",
        lane=Lane.OTHER_BAR,
        thing=None,
        begins=False,
        ends=NonStrategyBarSet,
        ahead=True,
        action=Action.RECORD,
        form=Form(Group.STRATEGY),
    ),
)
class NonStrategyBarEnded(Fact, frozen=True):
    """The last day of such a bar."""

    kind: NonStrategy


@stored(
    "strategy-reviewed",
    Declaration(
        german="Überprüfung der Handlungsstrategie",
        day="Überprüft am",
        lane=Lane.REVIEW,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.STRATEGY),
    ),
)
class StrategyReviewed(Fact, frozen=True):
    """Überprüfung der Handlungsstrategie; `on` is the day of decision (Q2 3.1)."""

    outcome: Outcome
    text: Text | None = None


@stored(
    "clock-pause-started",
    Declaration(
        german="Verweildauer ausgesetzt",
        day="Beginn",
        lane=Lane.PAUSE,
        thing=None,
        begins=True,
        ends=None,
        ahead=False,
        action=Action.DECIDE,
        form=Form(Group.STRATEGY),
    ),
)
class ClockPauseStarted(Fact, frozen=True):
    """Aussetzen der Verweildauer by a lead, from this day."""

    reason: Text


@stored(
    "clock-pause-ended",
    Declaration(
        german="Aussetzen beendet",
        day="Letzter Tag",
        lane=Lane.PAUSE,
        thing=None,
        begins=False,
        ends=ClockPauseStarted,
        ahead=True,
        action=Action.DECIDE,
        form=Form(Group.STRATEGY),
    ),
)
class ClockPauseEnded(Fact, frozen=True):
    """The last day of such a pause. (The contract names `reason` for the start only.)"""
