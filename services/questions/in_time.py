"""Until when an answer to what is due is in time, and when it is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from domain.calendar import Lands, next_working_day
from domain.periods import DAY
from domain.rules import RULES


def last_day(rule: str, stage: str, due: dt.date, reason: Mapping[str, Any]) -> dt.date:
    """The last day on which an answer is in time: the due day, or the limit it tells of, before it or just after.

    What a suspension has kept silent for long is overdue from the day it is due again.
    """
    named = reason.get(RULES[rule].stages[stage].in_time)
    return max(due - DAY, dt.date.fromisoformat(named)) if named else due


def is_late(last: dt.date, day: dt.date, lands: Lands) -> bool:
    """Whether something that was in time until its last day should have been done on an earlier working day."""
    return next_working_day(last - DAY, lands) < day
