"""Facts about facts: corrected, withdrawn (domain.md 2.0). They act from their own moment of recording."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.facts.base import Fact, FactId, Text, stored


@stored("fact-corrected")
class FactCorrected(Fact, frozen=True):
    """Berichtigung: `data` holds the fields that are different, `null` removes an optional one; `on` a new day."""

    target: FactId
    reason: Text
    on: dt.date | None = None
    data: dict[str, Any] | None = None


@stored("fact-withdrawn")
class FactWithdrawn(Fact, frozen=True):
    """Rücknahme: the target counts as never recorded."""

    target: FactId
    reason: Text
