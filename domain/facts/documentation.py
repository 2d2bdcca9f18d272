"""Facts that document the course: process steps, changes of the situation, what stands in the leading file.

Fachkonzept 2.6; `on` is the day it happened.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from domain import words
from domain.actions import Action
from domain.facts.base import Declaration, Fact, FactId, Form, Group, Lane, Text, choice, stored, worded

worded(
    fields={
        "step": "Prozessschritt",
        "decision-filed.target": "Entscheidung",
        "facts": "Sachverhalt",
        "considerations": "Erwägungen",
        "agreement": "Vereinbarung",
        "next_step": "Nächster Schritt",
        "next_on": "Nächster Schritt am",
        "how": "Wie",
        "profile": "Profil",
    },
    codes={
        **words.PROCESS_STEPS,
        **words.SITUATIONS,
        "copied": "von Hand übernommen",
        "import": "durch Import gefunden",
    },
)

Situation = Annotated[str, choice(words.SITUATIONS)]


@stored(
    "process-step-documented",
    Declaration(
        german="Prozessschritt",
        day="Dokumentiert zum",
        lane=Lane.DOCUMENTATION,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.DOCUMENTATION, rank=9, also="Dokumentation Vermerk Sachverhalt Vereinbarung"),
    ),
)
class ProcessStepDocumented(Fact, frozen=True):
    """Prozessschrittdokumentation with its standard fields (Q2 3.1, 3.2, Q4 3, R-20)."""

    step: Literal["handover-out", "handover-in", "strategy-choice", "employment", "situation-change", "review", "close"]
    facts: Text | None = None
    considerations: Text | None = None
    agreement: Text | None = None
    next_step: Text | None = None
    next_on: dt.date | None = None


@stored(
    "situation-changed",
    Declaration(
        german="Änderung der Lebenssituation",
        day="Geändert am",
        lane=Lane.DOCUMENTATION,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.DOCUMENTATION, codes={"category": words.SITUATIONS}, also="Situation Wechsel"),
    ),
)
class SituationChanged(Fact, frozen=True):
    """Änderung der Kundensituation (Q2 3.1, Q4 2.5, R-20); what kind of change describes the person and is sealed."""

    category: Situation


@stored(
    "reprofiled",
    Declaration(
        german="Reprofiling nach Maßnahme",
        day="Profil vom",
        lane=Lane.DOCUMENTATION,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(
            Group.DOCUMENTATION,
            also="Profil erneuert Absolventenmanagement",
        ),
    ),
)
class Reprofiled(Fact, frozen=True):
    """Reprofiling after a measure (NRW 3.1a, R-26)."""

    profile: Text | None = None


@stored(
    "decision-filed",
    Declaration(
        german="In die Akte übernommen",
        day="Übernommen am",
        lane=Lane.DOCUMENTATION,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.DOCUMENTATION, says={"how": "copied"}, also="Nachtrag führende Akte Fachverfahren"),
    ),
)
class DecisionFiled(Fact, frozen=True):
    """A decision of this case, `target`, stands in the leading file (Fachkonzept 5.10, R-42)."""

    target: FactId
    how: Literal["copied", "import"]
