"""Facts about needs after § 16a SGB II (KEL): from the indicator to the end, and what the client consents to.

Fachkonzept 2.7; `on` is the day it happened. No counselling contents. What kind of need it is stands sealed, and rows
hold no field of these facts (Fachkonzept 8 no. 3, 13).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta, field

from domain import words
from domain.actions import Action
from domain.facts.base import (
    TRAIT,
    Code,
    Declaration,
    Fact,
    Form,
    Group,
    Lane,
    Text,
    Thing,
    TraitCode,
    choice,
    stored,
    worded,
)

Rank = Annotated[int, Meta(ge=1, le=99)]

worded(
    fields={
        "indicator": "Indikator",
        "strength": "Art des Hinweises",
        "origin": "Herkunft",
        "need": "Bedarf",
        "rank": "Rang",
        "need-identified.type": "Art des Bedarfs",
        "employment_relevance": "Bedeutung für die Arbeitsaufnahme",
        "occasion": "Anlass",
        "in": "Vereinbart in",
        "consent": "Einwilligung",
        "scope": "Umfang der Einwilligung",
        "informed": "Über die Folgen aufgeklärt",
        "proof_ref": "Fundstelle in der Akte",
        "six_eyes_talk": "Sechs-Augen-Gespräch",
        "goal_reached": "Ziel erreicht",
        "participants": "Beteiligte",
    },
    codes={
        **words.INDICATORS,
        "hard": "harter Hinweis",
        "soft": "weicher Hinweis",
        **words.NEEDS,
        **words.OCCASIONS,
        "direct": "unmittelbar",
        "indirect": "mittelbar",
        "differentiated": "differenziert",
        **words.PLANS,
        "dates-only": "nur Daten",
        "status": "auch Stand",
        "results": "auch Ergebnisse",
        "next-steps": "auch weitere Schritte",
        "written": "schriftlich",
        "electronic": "elektronisch",
        "oral-recorded": "mündlich mit Vermerk",
        "conference": "Fallkonferenz",
        "case-talk": "Fallbesprechung",
        "tandem-interim": "Tandem-Zwischengespräch",
        "tandem-final": "Tandem-Abschlussgespräch",
        **words.PARTICIPANTS,
        **words.REACHED,
    },
)

NeedType = Annotated[str, choice(words.NEEDS)]
Reached = Annotated[str, choice(words.REACHED)]


@stored(
    "need-indicator-observed",
    Declaration(
        german="Hinweis auf einen Bedarf",
        day="Bemerkt am",
        lane=Lane.NEED,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.NEED, codes={"indicator": words.INDICATORS}, also="Indikator Schulden Gutachten"),
    ),
)
class NeedIndicatorObserved(Fact, frozen=True):
    """A sign that there may be a need (NRW 3.1e, R-30)."""

    indicator: TraitCode
    strength: Literal["hard", "soft"]
    origin: TraitCode | None = None


@stored(
    "need-identified",
    Declaration(
        german="Bedarf festgestellt",
        day="Festgestellt am",
        lane=Lane.NEED,
        thing="need",
        begins=True,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(
            Group.NEED,
            codes={"type": words.NEEDS, "occasion": words.OCCASIONS},
            also="Schulden Sucht Kinderbetreuung Pflege psychosozial",
        ),
    ),
)
class NeedIdentified(Fact, frozen=True):
    """Bedarf festgestellt (NRW 2.1, 2.2, R-31)."""

    need: Thing
    type: NeedType
    rank: Rank | None = None
    employment_relevance: Annotated[Literal["direct", "indirect", "differentiated"], TRAIT] | None = None
    occasion: TraitCode | None = None


@stored(
    "need-dismissed",
    Declaration(
        german="Kein Bedarf trotz Hinweis",
        day="Entschieden am",
        lane=Lane.NEED,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.NEED, codes={"indicator": words.INDICATORS}, also="Indikator"),
    ),
)
class NeedDismissed(Fact, frozen=True):
    """No need, although there was a sign (R-30)."""

    indicator: TraitCode | None = None
    reason: Text | None = None


@stored(
    "need-agreed-with-client",
    Declaration(
        german="Bedarf vereinbart",
        day="Vereinbart am",
        lane=Lane.NEED,
        thing="need",
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.NEED, also="KEL Hilfeplan Kooperationsplan"),
    ),
)
class NeedAgreedWithClient(Fact, frozen=True):
    """Mit Kund/in vereinbart; only now does it count as KEL (NRW 2.1, R-31)."""

    need: Thing
    in_: Literal["egv", "hilfeplan", "kooperationsplan"] = field(name="in")


@stored(
    "need-ranked",
    Declaration(
        german="Rang des Bedarfs",
        day="Festgelegt am",
        lane=Lane.NEED,
        thing="need",
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.NEED, also="Reihenfolge"),
    ),
)
class NeedRanked(Fact, frozen=True):
    """Where the need stands among several, 1 first (NRW 3.2e, R-31)."""

    need: Thing
    rank: Rank


@stored(
    "need-declined",
    Declaration(
        german="Bedarf: Bereitschaft fehlt",
        day="Abgelehnt am",
        lane=Lane.NEED,
        thing="need",
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.NEED, also="abgelehnt"),
    ),
)
class NeedDeclined(Fact, frozen=True):
    """The client is not ready to deal with it now (NRW 2.2)."""

    need: Thing


@stored(
    "need-closed",
    Declaration(
        german="Bedarf beendet",
        day="Letzter Tag",
        lane=Lane.NEED,
        thing="need",
        begins=False,
        ends=NeedIdentified,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.NEED, codes={"goal_reached": words.REACHED}, also="Hilfeplan Ende Ziel"),
    ),
)
class NeedClosed(Fact, frozen=True):
    """Bedarf or Hilfeplan ended (NRW 3.3d, 3.3e, R-26)."""

    need: Thing
    goal_reached: Reached


@stored(
    "consent-given",
    Declaration(
        german="Einwilligung erteilt",
        day="Erteilt am",
        lane=Lane.NEED,
        thing="consent",
        begins=True,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.NEED, also="Schweigepflichtentbindung Datenschutzerklärung"),
    ),
)
class ConsentGiven(Fact, frozen=True):
    """Datenschutzerklärung or Schweigepflichtentbindung, `valid_until` inclusive (NRW 2.2, 3.3e, 3.4, R-32).

    Neither need nor provider: the general one.
    """

    consent: Thing
    scope: Literal["dates-only", "status", "results", "next-steps"]
    valid_until: dt.date
    form: Literal["written", "electronic", "oral-recorded"]
    informed: bool
    need: Thing | None = None
    provider: TraitCode | None = None
    proof_ref: TraitCode | None = None
    six_eyes_talk: bool | None = None


@stored(
    "consent-withdrawn",
    Declaration(
        german="Einwilligung widerrufen",
        day="Widerrufen am",
        lane=Lane.NEED,
        thing="consent",
        begins=False,
        ends=ConsentGiven,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.NEED, also="Widerruf Schweigepflicht"),
    ),
)
class ConsentWithdrawn(Fact, frozen=True):
    """Widerruf; from this day on nothing may be passed on."""

    consent: Thing


@stored(
    "case-conference-held",
    Declaration(
        german="Fallkonferenz",
        day="Tag des Gesprächs",
        lane=Lane.NEED,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.NEED, codes={"participants": words.PARTICIPANTS}, also="Fallbesprechung Tandem Gespräch"),
    ),
)
class CaseConferenceHeld(Fact, frozen=True):
    """Fallkonferenz, Fallbesprechung or Tandem-Gespräch; `participants`: roles (NRW 3.3d, 3.4e)."""

    kind: Literal["conference", "case-talk", "tandem-interim", "tandem-final"]
    participants: Annotated[list[Code], Meta(max_length=20)]
