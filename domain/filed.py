"""Which decisions belong into the leading file, where Fallverlauf only steers (Fachkonzept 5.10)."""

from __future__ import annotations

from typing import Final

from domain.facts import Fact
from domain.facts.case import HandoverAccepted, HandoverInitiated, HandoverRejected, ResponsibilityAssigned
from domain.facts.extension import ExtensionApproved, ExtensionRejected, ExtensionRequested
from domain.facts.strategy import (
    ClockPauseStarted,
    NonStrategyBarSet,
    StrategyBarEnded,
    StrategyBarSet,
    StrategyFieldChanged,
    StrategyReviewed,
)

FOR_THE_FILE: Final[frozenset[type[Fact]]] = frozenset(
    {
        *(ExtensionRequested, ExtensionApproved, ExtensionRejected),
        *(HandoverInitiated, HandoverAccepted, HandoverRejected, ResponsibilityAssigned),
        *(StrategyBarSet, StrategyBarEnded, StrategyFieldChanged, StrategyReviewed, NonStrategyBarSet),
        ClockPauseStarted,
    }
)
"""Of each of these there is a Vermerk."""
