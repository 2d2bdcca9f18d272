"""Facts about an extension: requested, approved, returned, rejected, withdrawn (Fachkonzept 2.3, Q2 3.1)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta

from domain.actions import Action
from domain.facts.base import Code, Declaration, Fact, Lane, PersonId, Text, Thing, stored, worded

worded(
    fields={
        "request": "Antrag",
        "options": "Anlass",
        "facts_text": "Sachverhalt",
        "justification": "Begründung",
        "until": "Bis",
        "other_text": "Sonstiges",
        "by_lead": "Führungskraft",
        "instruct": "Weisung",
        "trial": "Probebetrieb",
    },
    codes={
        "employment": "Beschäftigung",
        "other": "sonstiges",
        "end": "beenden",
        "change": "umstellen",
        "handover": "übergeben",
    },
)


@stored(
    "extension-requested",
    Declaration(
        german="Verlängerung beantragt",
        day="Beantragt am",
        lane=Lane.EXTENSION,
        thing="request",
        begins=True,
        ends=None,
        ahead=False,
        action=Action.REQUEST,
        form=None,
    ),
)
class ExtensionRequested(Fact, frozen=True):
    """Textbaustein „Überprüfung der Handlungsstrategie Integration“, filled by the worker; `until` is inclusive."""

    request: Thing
    options: Annotated[list[Code], Meta(min_length=1, max_length=20)]
    facts_text: Text
    justification: Text
    until: dt.date
    other_text: Text | None = None


@stored(
    "extension-approved",
    Declaration(
        german="Verlängerung: zugestimmt",
        day="Zugestimmt am",
        lane=Lane.EXTENSION,
        thing="request",
        begins=False,
        ends=ExtensionRequested,
        ahead=False,
        action=Action.DECIDE,
        form=None,
    ),
)
class ExtensionApproved(Fact, frozen=True):
    """Zugestimmt durch die Führungskraft; `until` is inclusive and may be shorter than asked.

    `trial`: the lead had logged in without a provider, by a one-time link.
    """

    request: Thing
    until: dt.date
    by_lead: PersonId
    reason: Text | None = None
    trial: bool | None = None


@stored(
    "extension-rejected",
    Declaration(
        german="Verlängerung: abgelehnt",
        day="Abgelehnt am",
        lane=Lane.EXTENSION,
        thing="request",
        begins=False,
        ends=ExtensionRequested,
        ahead=False,
        action=Action.DECIDE,
        form=None,
    ),
)
class ExtensionRejected(Fact, frozen=True):
    """Abgelehnt, with what to do instead."""

    request: Thing
    reason: Text
    instruct: Literal["end", "change", "handover"] | None = None


@stored(
    "extension-returned",
    Declaration(
        german="Verlängerung: Rückfrage",
        day="Gefragt am",
        lane=Lane.EXTENSION,
        thing="request",
        begins=False,
        ends=ExtensionRequested,
        ahead=False,
        action=Action.DECIDE,
        form=None,
    ),
)
class ExtensionReturned(Fact, frozen=True):
    """Rückfrage; `reason` is the question."""

    request: Thing
    reason: Text


@stored(
    "extension-withdrawn",
    Declaration(
        german="Verlängerung: zurückgezogen",
        day="Zurückgezogen am",
        lane=Lane.EXTENSION,
        thing="request",
        begins=False,
        ends=ExtensionRequested,
        ahead=False,
        action=Action.REQUEST,
        form=None,
    ),
)
class ExtensionWithdrawn(Fact, frozen=True):
    """Zurückgezogen by the worker."""

    request: Thing
    reason: Text | None = None
