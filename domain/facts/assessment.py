"""Facts that say how a client and a strategy are judged: attributes, assessments, the prognosis (Fachkonzept 2.1, 2.2).

None of them is a score, and none ever blocks anything.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from domain.actions import Action
from domain.facts.base import LISTED, TRAIT, Declaration, Fact, Form, Group, Lane, OwnCode, Text, stored, worded

Answer = Literal["yes", "no", "unclear"]
Months = Annotated[int, Meta(ge=0, le=120)]
Deviation = Literal[
    "refusal",
    "personal-reasons",
    "area-change",
    "rooms",
    "alg1",
    "not-ended-after-job",
    "benefit-gap",
    "handover",
    "no-briefing",
    "other",
]

worded(
    fields={
        "age_group": "Altersgruppe",
        "qualification": "Berufliche Vorbildung",
        "transition": "Übergang Schule und Beruf",
        "rater": "Beurteilt durch",
        "conforming": "Entspricht dem Integrationskonzept",
        "reasons": "Gründe",
        "survey": "Erhebung",
        "probable": "Integration in 3 bis 6 Monaten wahrscheinlich",
        "able_and_motivated": "Kann und will arbeiten",
        "can_be_motivated": "Kann dafür gewonnen werden",
        "months_min": "Frühestens in Monaten",
        "months_max": "Spätestens in Monaten",
        "resources": "Ressourcen",
    },
    codes={
        "u25": "unter 25",
        "25-plus": "25 und älter",
        "none": "keine",
        "qualified": "mit Abschluss",
        "unknown": "unbekannt",
        "pupil": "Schülerin/Schüler",
        "between": "zwischen Schule und Anschluss",
        "reviewer": "Prüferin/Prüfer",
        "clerk": "Sachbearbeitung",
        "undecidable": "nicht zu entscheiden",
        "unclear": "unklar",
        "refusal": "Verweigerung",
        "personal-reasons": "persönliche Gründe",
        "area-change": "Wechsel des Bereichs",
        "rooms": "keine Räume",
        "alg1": "ALG I",
        "not-ended-after-job": "nach Arbeitsaufnahme nicht beendet",
        "benefit-gap": "Lücke im Leistungsbezug",
        "no-briefing": "ohne Einarbeitung",
    },
)


@stored(
    "client-attributes-recorded",
    Declaration(
        german="Kundenmerkmale",
        day="Bekannt seit",
        lane=Lane.CASE,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.CASE, also="Alter U25 Vorbildung Ausbildung Schule"),
    ),
)
class ClientAttributesRecorded(Fact, frozen=True):
    """Kundenmerkmale, known from this day (Q1 3.3.1, Q4 2.4); what a later one does not say stays as it was."""

    age_group: Annotated[Literal["u25", "25-plus"], LISTED] | None = None
    qualification: Annotated[Literal["none", "qualified", "unknown"], LISTED] | None = None
    transition: Annotated[Literal["pupil", "between", "none"], TRAIT] | None = None


@stored(
    "strategy-assessment-recorded",
    Declaration(
        german="Beurteilung nach dem Integrationskonzept",
        day="Zum Stichtag",
        lane=Lane.REVIEW,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.STRATEGY, apart=("survey",), also="Prüfung QS konform"),
    ),
)
class StrategyAssessmentRecorded(Fact, frozen=True):
    """Beurteilung i.S.d. Integrationskonzeptes as of a Stichtag, by reviewer or clerk (Q1, Q2)."""

    rater: Literal["reviewer", "clerk"]
    conforming: Literal["yes", "no", "undecidable"]
    reasons: Annotated[list[Deviation], Meta(max_length=20)] | None = None
    survey: OwnCode | None = None


@stored(
    "prognosis-recorded",
    Declaration(
        german="Prognose Integration in 3 bis 6 Monaten",
        day="Prognose vom",
        lane=Lane.DOCUMENTATION,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.STRATEGY, also="Einschätzung Aussicht"),
    ),
)
class PrognosisRecorded(Fact, frozen=True):
    """Whether an integration within 3 to 6 months is probable, with the questions behind it (Q4 3)."""

    probable: bool
    able_and_motivated: Annotated[Answer, TRAIT] | None = None
    can_be_motivated: Annotated[Answer, TRAIT] | None = None
    months_min: Months | None = None
    months_max: Months | None = None
    resources: Text | None = None
