"""Facts about the case itself: opened, closed, who is responsible, handed over (Fachkonzept 2.1)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta

from domain import words
from domain.actions import Action
from domain.facts.base import (
    LISTED,
    TRAIT,
    Beside,
    Code,
    Declaration,
    Fact,
    Form,
    Group,
    Lane,
    Name,
    NamedDay,
    OwnCode,
    PersonId,
    RuleCode,
    Text,
    Thing,
    TraitCode,
    stored,
    worded,
)

Area = Literal["fallmanagement", "spezial-fm", "jobakademie", "av-ags"]
Strategy = Literal["integration", "entwicklung", "grundbetreuung-aktivierbar", "grundbetreuung-passiv"]
Year = Annotated[int, Meta(ge=1900, le=2100)]

worded(
    fields={
        "late_reason": "Warum erst jetzt erfasst?",
        "unit": "Fachdienst",
        "new_client": "Neukunde",
        "last_name": "Nachname",
        "first_name": "Vorname",
        "birth_date": "Geburtsdatum",
        "client_number": "Kundennummer",
        "other_case": "Anderer Fall",
        "gender": "Geschlecht",
        "birth_year": "Geburtsjahr",
        "birth_month": "Geburtsmonat",
        "reason": "Grund",
        "kind": "Art",
        "worker": "Fachkraft",
        "area": "Bereich",
        "team": "Team",
        "briefing_done": "Einarbeitung ist erfolgt",
        "to_worker": "Neue Fachkraft",
        "to_unit": "Neuer Fachdienst",
        "to_area": "Neuer Bereich",
        "intended_strategy": "Vorgesehene Strategie",
        "strategy": "Strategie",
        "category": "Art",
        "text": "Text",
        "survey": "Erhebung",
        "rule": "Regel",
        "stage": "Stufe",
        "due": "Fällig am",
    },
    codes={
        **words.STRATEGIES,
        **words.AREAS,
        "m": "männlich",
        "w": "weiblich",
        "d": "divers",
        "new": "neu",
        "returning": "wiedergekehrt",
        **words.STATEMENTS,
    },
)


@stored(
    "case-opened",
    Declaration(
        german="Fallaufnahme",
        day="Beginn",
        lane=Lane.CASE,
        thing=None,
        begins=True,
        ends=None,
        ahead=False,
        action=Action.RECORD_INTAKE,
        form=Form(Group.CASE),
    ),
)
class CaseOpened(Fact, frozen=True):
    """Fallaufnahme; `on` is the first day of benefit or intake (Q2 4.1)."""

    unit: Code | None = None
    new_client: bool | None = None
    gender: Annotated[Literal["m", "w", "d"], LISTED] | None = None
    birth_year: Annotated[Year, LISTED] | None = None
    birth_month: Annotated[int, Meta(ge=1, le=12), TRAIT] | None = None


@stored(
    "client-identified",
    Declaration(
        german="Person des Falls",
        day="Bekannt ab",
        lane=Beside.SHOWN_ONLY,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD_INTAKE,
        form=Form(Group.CASE),
    ),
)
class ClientIdentified(Fact, frozen=True):
    """Person des Falls; of each field the newest counts. All of it is kept in the vault (Q2 4.1)."""

    last_name: Name
    first_name: Name | None = None
    birth_date: NamedDay | None = None
    client_number: Name | None = None


@stored(
    "same-person-noted",
    Declaration(
        german="Dieselbe Person",
        day="Festgestellt am",
        lane=Beside.SHOWN_ONLY,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD_INTAKE,
        form=None,
    ),
)
class SamePersonNoted(Fact, frozen=True):
    """Another case is about the same person; both keep their history, nothing is merged (Fachkonzept 2.0)."""

    other_case: Thing


@stored(
    "other-person-noted",
    Declaration(
        german="Andere Person",
        day="Festgestellt am",
        lane=Beside.SHOWN_ONLY,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD_INTAKE,
        form=None,
    ),
)
class OtherPersonNoted(Fact, frozen=True):
    """Another case of this name and birth date is about somebody else, so that nobody is asked again ([D])."""

    other_case: Thing


@stored(
    "case-closed",
    Declaration(
        german="Fallaktenabschluss",
        day="Letzter Tag",
        lane=Lane.CASE,
        thing=None,
        begins=False,
        ends=CaseOpened,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.CASE),
    ),
)
class CaseClosed(Fact, frozen=True):
    """Fallaktenabschluss vollzogen; `on` is the last day (Q2 2.3.1)."""

    reason: Text | None = None


@stored(
    "new-client-registered",
    Declaration(
        german="Neukunde erfasst",
        day="Tag des Antrags",
        lane=Lane.CASE,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD_INTAKE,
        form=Form(Group.CASE),
    ),
)
class NewClientRegistered(Fact, frozen=True):
    """Neukunde erfasst; `on` is the application date (Q2 2.3.1)."""

    kind: Literal["new", "returning"] | None = None


@stored(
    "responsibility-assigned",
    Declaration(
        german="Zuständigkeit",
        day="Gültig ab",
        lane=Lane.CARE,
        thing=None,
        begins=True,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.CASE),
    ),
)
class ResponsibilityAssigned(Fact, frozen=True):
    """Zuständigkeit; takes over on this day at 00:00 (Q2 2.1, 2.3.1)."""

    worker: PersonId
    unit: Code
    area: Area
    team: OwnCode | None = None
    reason: Text | None = None
    briefing_done: bool | None = None


@stored(
    "handover-initiated",
    Declaration(
        german="Übergabe eingeleitet",
        day="Eingeleitet am",
        lane=Lane.HANDOVER,
        thing=None,
        begins=True,
        ends=None,
        ahead=False,
        action=Action.HAND_OVER,
        form=Form(Group.CASE),
    ),
)
class HandoverInitiated(Fact, frozen=True):
    """Prozessschritt of the handing-over worker, with the intended strategy and without a bar (Q2 3.2)."""

    to_worker: PersonId
    to_unit: Code
    to_area: Area
    intended_strategy: Strategy
    reason: Text | None = None


@stored(
    "handover-accepted",
    Declaration(
        german="Übergabe angenommen",
        day="Angenommen am",
        lane=Lane.HANDOVER,
        thing=None,
        begins=False,
        ends=HandoverInitiated,
        ahead=False,
        action=Action.RECEIVE,
        form=Form(Group.CASE),
    ),
)
class HandoverAccepted(Fact, frozen=True):
    """Prozessschritt of the receiving worker (Q2 3.2)."""

    strategy: Strategy
    reason: Text | None = None


@stored(
    "handover-rejected",
    Declaration(
        german="Übergabe abgelehnt",
        day="Abgelehnt am",
        lane=Lane.HANDOVER,
        thing=None,
        begins=False,
        ends=HandoverInitiated,
        ahead=False,
        action=Action.RECEIVE,
        form=Form(Group.CASE),
    ),
)
class HandoverRejected(Fact, frozen=True):
    """Rückgabe durch aufnehmenden FM (Fachkonzept 2.1)."""

    reason: Text


@stored(
    "handover-withdrawn",
    Declaration(
        german="Übergabe zurückgenommen",
        day="Zurückgenommen am",
        lane=Lane.HANDOVER,
        thing=None,
        begins=False,
        ends=HandoverInitiated,
        ahead=False,
        action=Action.HAND_OVER,
        form=Form(Group.CASE),
    ),
)
class HandoverWithdrawn(Fact, frozen=True):
    """Rücknahme durch abgebenden FM (Fachkonzept 2.1)."""

    reason: Text


@stored(
    "case-statement-given",
    Declaration(
        german="Stellungnahme",
        day="Tag der Stellungnahme",
        lane=Lane.STATEMENT,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(
            Group.CASE,
            option="statement",
            link="Stellungnahme",
            rank=9,
            apart=("survey", "rule"),
            codes={"category": words.STATEMENTS},
            also="Begründung Grund",
        ),
    ),
)
class CaseStatementGiven(Fact, frozen=True):
    """Stellungnahme, in a survey or as the answer to a follow-up (Q4 2.5)."""

    category: TraitCode
    text: Text | None = None
    survey: OwnCode | None = None
    rule: RuleCode | None = None


@stored(
    "explanation-accepted",
    Declaration(
        german="Erläuterung anerkannt",
        day="Anerkannt am",
        lane=Lane.STATEMENT,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.DECIDE,
        form=None,
    ),
)
class ExplanationAccepted(Fact, frozen=True):
    """Erläuterung anerkannt: a rule asks nothing from this day to `until`, both inclusive (Fachkonzept 3.1 no. 12)."""

    rule: RuleCode
    until: dt.date
    reason: Text


@stored(
    "legacy-closed",
    Declaration(
        german="Altfall geschlossen",
        day="Geschlossen am",
        lane=Lane.STATEMENT,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.DECIDE,
        form=None,
    ),
)
class LegacyClosed(Fact, frozen=True):
    """Altfall geschlossen: this follow-up of the rule, due on `due`, is listed no more from this day on.

    One with another due day is another one (Fachkonzept 3.1 no. 11, 13).
    """

    rule: RuleCode
    stage: OwnCode
    due: dt.date
    reason: Text
