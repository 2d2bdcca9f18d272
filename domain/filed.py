"""Which decisions belong into the leading file, where Fallverlauf only steers (Fachkonzept 5.10)."""

from __future__ import annotations

import datetime as dt
from typing import Final, cast

from domain.facts import Fact
from domain.facts.case import HandoverAccepted, HandoverInitiated, HandoverRejected, ResponsibilityAssigned
from domain.facts.contact import AppointmentNecessityDecided
from domain.facts.documentation import DecisionFiled
from domain.facts.duties import SanctionWaived
from domain.facts.extension import ExtensionApproved, ExtensionRejected, ExtensionRequested
from domain.facts.strategy import (
    ClockPauseStarted,
    NonStrategyBarSet,
    StrategyBarEnded,
    StrategyBarSet,
    StrategyFieldChanged,
    StrategyReviewed,
)
from domain.knowledge import Known, order
from domain.timeline import Timeline

DECISIONS: Final[frozenset[type[Fact]]] = frozenset(
    {
        *(ExtensionRequested, ExtensionApproved, ExtensionRejected),
        *(HandoverInitiated, HandoverAccepted, HandoverRejected),
        *(StrategyBarSet, StrategyBarEnded, StrategyReviewed),
        *(AppointmentNecessityDecided, SanctionWaived),
    }
)
"""The decisions that belong into the leading file; R-42 asks whether they are there."""

FOR_THE_FILE: Final[frozenset[type[Fact]]] = DECISIONS | {
    ResponsibilityAssigned,
    StrategyFieldChanged,
    NonStrategyBarSet,
    ClockPauseStarted,
}
"""Of each of these there is a Vermerk."""


def unfiled(timeline: Timeline) -> list[Known]:
    """The decisions of a case that nobody has marked as taken over, the newest first."""
    there = filed_on(timeline)
    found = (one for one in timeline.facts(*FOR_THE_FILE) if there.keys().isdisjoint((one.id, one.ref)))
    return sorted(found, key=order, reverse=True)


def filed_on(timeline: Timeline) -> dict[str, dt.date]:
    """The first day on which each decision, by its id (without the key of the case by its reference), is taken over."""
    said = [(one.on, cast(DecisionFiled, one.fact).target) for one in timeline.facts(DecisionFiled)]
    return {target: on for on, target in sorted(said, reverse=True)}


NO_PERSON: Final = ("rule:", "import:")
"""What is recorded by these is no decision of somebody here."""


def to_take_over(timeline: Timeline) -> list[Known]:
    """Those of them that somebody here decided, the newest first; what came by import stands in the file already."""
    return [one for one in unfiled(timeline) if not one.by.startswith(NO_PERSON)]
