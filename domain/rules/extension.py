"""The rule about an extension that runs out: R-06 (Fachkonzept 3.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import cast

from domain.facts.extension import ExtensionApproved
from domain.knowledge import Known, order
from domain.periods import DAY, OPEN, Period
from domain.rules import bars
from domain.rules.rule import BOTH, WORKER, Cause, Due, Kind, Rule, Stage, reason
from domain.rules.suspensions import ALG1
from domain.rules.themes import REVIEW
from domain.rules.thresholds import Number, Thresholds
from domain.stretches import at
from domain.timeline import Care, Spell, Timeline


def _running_out(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-06: 28 and 7 days before the last day of the latest approval, and the day after it (QS 2/2020, 3.1)."""
    approvals = sorted((one for grant in timeline.grants for one in grant.approvals), key=order)
    for approval, following in pairwise([*approvals, None]):
        if approval is None or (following is not None and following.on <= timeline.as_of):
            continue
        holds = _same_care(timeline, approval, following.on - DAY if following else OPEN)
        until = cast(ExtensionApproved, approval.fact).until
        for stage in thresholds.now:
            due = thresholds.after(stage, until)
            if holds and (stage == "overdue" or due >= approval.on):
                yield Due(stage, Cause.of(approval), due, [holds], reason(until=until))


def _same_care(timeline: Timeline, approval: Known, last: dt.date) -> Period | None:
    """From the consent until the area is left or the bar ends, at most until `last`."""
    spell: Spell | None = at(timeline.spells, approval.on)
    if spell is None:
        return None
    care: Care | None = at(timeline.care, approval.on)
    left = next((one for one in timeline.care if one.first > approval.on and (not care or one.area != care.area)), None)
    last = min(last, spell.last, left.first - DAY if left else OPEN)
    return Period(approval.on, last) if approval.on <= last else None


RULES = (
    Rule(
        id="R-06",
        name="Verlängerung läuft aus",
        source="QS 2/2020, 3.1",
        theme=REVIEW,
        kind=Kind.FOLLOW_UP,
        state="on",
        stages={
            "warning-28": Stage(to=WORKER, strength=1, threshold=Number(days=-28), in_time="until", before="warning-7"),
            "warning-7": Stage(to=WORKER, strength=2, threshold=Number(days=-7), in_time="until", before="overdue"),
            "overdue": Stage(to=BOTH, strength=3, threshold=Number(days=1), in_time="until"),
        },
        options=bars.ANSWERS,
        suspended_by=(ALG1,),
        reads=bars.READS,
        about=bars.ABOUT,
        due=_running_out,
    ),
)
