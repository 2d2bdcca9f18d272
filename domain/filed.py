"""Which decisions belong into the leading file, where Fallverlauf only steers (Fachkonzept 5.10)."""

from __future__ import annotations

from typing import Final

from domain.facts import Fact
from domain.facts.case import HandoverAccepted, HandoverInitiated, HandoverRejected, ResponsibilityAssigned
from domain.facts.documentation import DecisionFiled
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

FOR_THE_FILE: Final[frozenset[type[Fact]]] = frozenset(
    {
        *(ExtensionRequested, ExtensionApproved, ExtensionRejected),
        *(HandoverInitiated, HandoverAccepted, HandoverRejected, ResponsibilityAssigned),
        *(StrategyBarSet, StrategyBarEnded, StrategyFieldChanged, StrategyReviewed, NonStrategyBarSet),
        ClockPauseStarted,
    }
)
"""Of each of these there is a Vermerk."""


def unfiled(timeline: Timeline) -> list[Known]:
    """The decisions of a case that nobody has marked as taken over, the newest first."""
    there = {one.fact.target for one in timeline.facts(DecisionFiled) if isinstance(one.fact, DecisionFiled)}
    found = [one for kind in FOR_THE_FILE for one in timeline.facts(kind)]
    return sorted((one for one in found if one.id not in there), key=order, reverse=True)


NO_PERSON: Final = ("rule:", "import:")
"""What is recorded by these is no decision of somebody here."""


def to_take_over(timeline: Timeline) -> list[Known]:
    """Those of them that somebody here decided, the newest first; what came by import stands in the file already."""
    return [one for one in unfiled(timeline) if not one.by.startswith(NO_PERSON)]
