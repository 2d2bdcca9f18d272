"""Facts about what the client wants and has, and what both agreed on: wish to work, resources, the plan.

Fachkonzept 2.6 and 12; `on` is the day it happened. Nothing here ever blocks a decision.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta

from domain import words
from domain.actions import Action
from domain.facts.base import (
    TEXTS,
    Declaration,
    Fact,
    Form,
    Group,
    Lane,
    Text,
    TraitCode,
    choice,
    stored,
    worded,
)

worded(
    fields={
        "clear": "Klarer Wunsch",
        "field": "Berufsfeld",
        "hours": "Stunden je Woche",
        "helper_job_wanted": "Auch Helfertätigkeit gewünscht",
        "goals": "Ziele",
        "form": "Form",
        "resource": "Ressource",
        "status": "Stand",
    },
    codes={
        **words.PLANS,
        **words.HELD,
        **words.RESOURCES,
    },
)

Held = Annotated[str, choice(words.HELD)]
Category = Annotated[str, choice(words.RESOURCES)]


@stored(
    "wish-to-work-asked",
    Declaration(
        german="Wunsch zu arbeiten erfragt",
        day="Gefragt am",
        lane=Lane.WISH,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.AIM, also="Arbeitswunsch Frage"),
    ),
)
class WishToWorkAsked(Fact, frozen=True):
    """Wunsch zu arbeiten erfragt (Q4 2.2, R-22)."""


@stored(
    "wish-to-work-expressed",
    Declaration(
        german="Wunsch zu arbeiten geäußert",
        day="Geäußert am",
        lane=Lane.WISH,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.AIM, also="Arbeitswunsch möchte arbeiten"),
    ),
)
class WishToWorkExpressed(Fact, frozen=True):
    """Wunsch zu arbeiten geäußert (Q4 2.2, 2.4, R-22)."""

    clear: bool
    level: Literal["helfer", "qualifiziert"] | None = None
    field: Text | None = None
    hours: Annotated[float, Meta(ge=0, le=168)] | None = None
    helper_job_wanted: bool | None = None


@stored(
    "support-strategy-agreed",
    Declaration(
        german="Förderstrategie vereinbart",
        day="Vereinbart am",
        lane=Lane.WISH,
        thing=None,
        begins=True,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(
            Group.AIM,
            also="Kooperationsplan Hilfeplan Eingliederungsvereinbarung EGV Ziele",
        ),
    ),
)
class SupportStrategyAgreed(Fact, frozen=True):
    """Gemeinsame Förderstrategie, its goals in order, until a last day (Q4 2.2, NRW 3.1a, R-22)."""

    goals: Annotated[list[Text], Meta(max_length=20), TEXTS]
    form: Literal["foerderstrategie", "hilfeplan", "egv", "kooperationsplan"] | None = None
    until: dt.date | None = None


@stored(
    "cooperation-plan-failed",
    Declaration(
        german="Kooperationsplan nicht zustande gekommen",
        by_law="{plan} nicht zustande gekommen",
        day="Gescheitert am",
        lane=Lane.WISH,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.AIM, also="Schlichtung"),
    ),
)
class CooperationPlanFailed(Fact, frozen=True):
    """No Kooperationsplan came about (§ 15 SGB II, Fachkonzept 12)."""


@stored(
    "cooperation-plan-ended",
    Declaration(
        german="Förderstrategie beendet",
        day="Letzter Tag",
        lane=Lane.WISH,
        thing=None,
        begins=False,
        ends=SupportStrategyAgreed,
        ahead=True,
        action=Action.RECORD,
        form=Form(Group.AIM, also="Kooperationsplan Ende"),
    ),
)
class CooperationPlanEnded(Fact, frozen=True):
    """The last day of what was agreed (Fachkonzept 12)."""


@stored(
    "resource-recorded",
    Declaration(
        german="Ressource",
        day="Festgestellt am",
        lane=Lane.RESOURCE,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(
            Group.AIM,
            codes={"status": words.HELD, "category": words.RESOURCES},
            also="Ressourcenkarte Stärke Hindernis",
        ),
    ),
)
class ResourceRecorded(Fact, frozen=True):
    """Ressourcenkarte (Q4 2.2, NRW); shown only, it never feeds a rule that blocks."""

    resource: TraitCode
    status: Held
    category: Category


@stored(
    "qualification-advice-given",
    Declaration(
        german="Vorzüge einer Qualifizierung aufgezeigt",
        day="Beraten am",
        lane=Lane.WISH,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.AIM, option="advice", link="Beratung erfassen", also="Weiterbildung Beratung"),
    ),
)
class QualificationAdviceGiven(Fact, frozen=True):
    """Vorzüge einer Qualifizierung aufgezeigt (Q4 2.4, R-24)."""
