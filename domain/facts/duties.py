"""Facts about duties of the client and what follows when they are not kept (Fachkonzept 2.5, 12).

A Leistungsminderung was a Sanktion until 31.12.2022. Nothing follows by itself: each step is somebody's decision.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from domain.actions import Action
from domain.facts.base import Declaration, Fact, Form, Group, Lane, Text, Thing, stored, worded

worded(
    fields={},
    codes={
        "hearing": "Anhörung",
        "considered": "geprüft",
    },
)


@stored(
    "sanction-considered",
    Declaration(
        german="Leistungsminderung (Sanktion) geprüft",
        by_law="{reduction} geprüft",
        day="Geprüft am",
        lane=Lane.DUTY,
        thing="appointment",
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.DUTY, also="Sanktion Meldeversäumnis Anhörung"),
    ),
)
class SanctionConsidered(Fact, frozen=True):
    """Sanktion geprüft, or the hearing about it, after a missed appointment (Q1 3.2.3, R-21)."""

    appointment: Thing
    step: Literal["hearing", "considered"] | None = None
    reason: Text | None = None


@stored(
    "sanction-imposed",
    Declaration(
        german="Leistungsminderung (Sanktion) ausgesprochen",
        by_law="{reduction} ausgesprochen",
        day="Ausgesprochen am",
        lane=Lane.DUTY,
        thing="appointment",
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD_INTAKE,
        form=Form(Group.DUTY, also="Sanktion Meldeversäumnis Anhörung"),
    ),
)
class SanctionImposed(Fact, frozen=True):
    """Sanktion ausgesprochen, by the Leistungsabteilung."""

    appointment: Thing
    reason: Text | None = None


@stored(
    "sanction-waived",
    Declaration(
        german="Leistungsminderung (Sanktion) nicht verfolgt",
        by_law="{reduction} nicht verfolgt",
        day="Entschieden am",
        lane=Lane.DUTY,
        thing="appointment",
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.DUTY, also="Sanktion Meldeversäumnis Anhörung"),
    ),
)
class SanctionWaived(Fact, frozen=True):
    """Sanktion nicht verfolgt."""

    appointment: Thing
    reason: Text


@stored(
    "obligation-issued",
    Declaration(
        german="Verpflichtung nach § 15a SGB II",
        day="Verpflichtet am",
        lane=Lane.DUTY,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.DUTY, also="Verwaltungsakt Kooperationsplan"),
    ),
)
class ObligationIssued(Fact, frozen=True):
    """Verpflichtung by Verwaltungsakt, until a last day (§ 15a SGB II, since 01.07.2026)."""

    until: dt.date | None = None


@stored(
    "first-talk-exception",
    Declaration(
        german="Erstgespräch nicht persönlich",
        day="Entschieden am",
        lane=Lane.DUTY,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.DUTY, also="Ausnahme Video Telefon"),
    ),
)
class FirstTalkException(Fact, frozen=True):
    """Why the first talk is not held in person (Fachkonzept 12)."""

    reason: Text


@stored(
    "unreachable-determined",
    Declaration(
        german="Nicht erreichbar nach § 7b SGB II",
        day="Festgestellt zum",
        lane=Lane.DUTY,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD_INTAKE,
        form=Form(Group.DUTY, also="Erreichbarkeit Meldeversäumnisse"),
    ),
)
class UnreachableDetermined(Fact, frozen=True):
    """Nicht erreichbar, determined by the Leistungsabteilung; ends with a personal talk (§ 7b SGB II)."""
