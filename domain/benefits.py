"""On which days a client is not in benefit (Fachkonzept 3.0, 13)."""

from __future__ import annotations

import datetime as dt

from domain.facts.support import BenefitStarted
from domain.periods import DAY, Period, merge
from domain.timeline import BENEFIT, CLOSING, Kinds, Timeline

READS: Kinds = BENEFIT | CLOSING


def without(timeline: Timeline) -> list[Period]:
    """Gaps, days on which the case is closed, and those before a first start; else benefit is taken to run."""
    return timeline.kept("without benefit", READS, lambda: _without(timeline))


def _without(timeline: Timeline) -> list[Period]:
    first = min((one.on for one in timeline.facts(*BENEFIT)), default=None)
    begins = first is not None and any(one.on == first for one in timeline.facts(BenefitStarted))
    before = [Period(dt.date.min, first - DAY)] if first is not None and begins else []
    return merge([*before, *timeline.benefit_gaps, *timeline.closed])
