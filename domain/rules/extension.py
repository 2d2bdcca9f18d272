"""The rule about an extension that runs out: R-06 (domain.md 3.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from domain.knowledge import Known
from domain.periods import DAY, OPEN, Period
from domain.rules.listing import Due, by_alg1, granted_until, listed, reason
from domain.timeline import Care, Spell, Timeline, at

STAGES = {"warning-28": dt.timedelta(days=-28), "warning-7": dt.timedelta(days=-7), "overdue": DAY}


def running_out(timeline: Timeline) -> Iterator[Due]:
    """R-06: 28 and 7 days before the last day of the latest approval, and the day after it (QS 2/2020, 3.1)."""
    suspended = by_alg1(timeline)
    for approval, following in pairwise([*timeline.approvals, None]):
        assert approval is not None
        holds = _same_care(timeline, approval, following.on - DAY if following else OPEN)
        until = granted_until(approval)
        for stage, distance in STAGES.items():
            due = until + distance
            if holds and (stage == "overdue" or due >= approval.on):
                said = reason(until=until)
                yield from listed(stage, approval.ref, due, [holds], suspended, said)


def _same_care(timeline: Timeline, approval: Known, last: dt.date) -> Period | None:
    """From the consent until the area is left or the bar ends, at most until `last`."""
    spell: Spell | None = at(timeline.spells, approval.on)
    if spell is None:
        return None
    care: Care | None = at(timeline.care, approval.on)
    left = next((one for one in timeline.care if one.first > approval.on and (not care or one.area != care.area)), None)
    last = min(last, spell.unanswered.last, left.first - DAY if left else OPEN)
    return Period(approval.on, last) if approval.on <= last else None
