"""Facts about the case itself: opened, closed, who is responsible, handed over (domain.md 2.1)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from domain.facts.base import TRAIT, Code, Fact, PersonId, Text, TraitCode, stored

Area = Literal["fallmanagement", "spezial-fm", "jobakademie", "av-ags"]
Strategy = Literal["integration", "entwicklung", "grundbetreuung-aktivierbar", "grundbetreuung-passiv"]
Year = Annotated[int, Meta(ge=1900, le=2100)]


@stored("case-opened")
class CaseOpened(Fact, frozen=True):
    """Fallaufnahme; `on` is the first day of benefit or intake (Q2 4.1)."""

    unit: Code | None = None
    new_client: bool | None = None
    gender: Annotated[Literal["m", "w", "d"], TRAIT] | None = None
    birth_year: Annotated[Year, TRAIT] | None = None
    birth_month: Annotated[int, Meta(ge=1, le=12), TRAIT] | None = None


@stored("case-closed")
class CaseClosed(Fact, frozen=True):
    """Fallaktenabschluss vollzogen; `on` is the last day (Q2 2.3.1)."""

    reason: Text | None = None


@stored("new-client-registered")
class NewClientRegistered(Fact, frozen=True):
    """Neukunde erfasst; `on` is the application date (Q2 2.3.1)."""

    kind: Literal["new", "returning"] | None = None


@stored("responsibility-assigned")
class ResponsibilityAssigned(Fact, frozen=True):
    """Zuständigkeit; takes over on this day at 00:00 (Q2 2.1, 2.3.1)."""

    worker: PersonId
    unit: Code
    area: Area
    team: Code | None = None
    reason: Text | None = None
    briefing_done: bool | None = None


@stored("handover-initiated")
class HandoverInitiated(Fact, frozen=True):
    """Prozessschritt of the handing-over worker, with the intended strategy and without a bar (Q2 3.2)."""

    to_worker: PersonId
    to_unit: Code
    to_area: Area
    intended_strategy: Strategy
    reason: Text | None = None


@stored("handover-accepted")
class HandoverAccepted(Fact, frozen=True):
    """Prozessschritt of the receiving worker (Q2 3.2)."""

    strategy: Strategy
    reason: Text | None = None


@stored("handover-rejected")
class HandoverRejected(Fact, frozen=True):
    """Rückgabe durch aufnehmenden FM (domain.md 2.1)."""

    reason: Text


@stored("handover-withdrawn")
class HandoverWithdrawn(Fact, frozen=True):
    """Rücknahme durch abgebenden FM (domain.md 2.1)."""

    reason: Text


@stored("case-statement-given")
class CaseStatementGiven(Fact, frozen=True):
    """Stellungnahme, in a survey or as the answer to a follow-up (Q4 2.5)."""

    category: TraitCode
    text: Text | None = None
    survey: Code | None = None
    rule: Code | None = None
