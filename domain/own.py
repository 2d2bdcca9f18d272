"""What facts about one own follow-up say together: open for a day, or done (Fachkonzept 2.4, R-43)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import NamedTuple, cast

from domain.facts.base import Fact
from domain.facts.own import OwnFollowUpDone, OwnFollowUpSet
from domain.knowledge import Known, order
from domain.things import by_thing
from domain.timeline import Timeline

READS: frozenset[type[Fact]] = frozenset({OwnFollowUpSet, OwnFollowUpDone})
OPEN, DONE = "open", "done"


class OwnFollowUp(NamedTuple):
    """One own follow-up. `said`: the set that counts; `begun`: the first one since it was last done."""

    follow_up: str
    status: str
    said: Known
    begun: Known

    @property
    def due_on(self) -> dt.date:
        """The day it is wanted on."""
        return cast(OwnFollowUpSet, self.said.fact).due_on

    @property
    def subject(self) -> str:
        """What it is about; "" without the key of the case."""
        return cast(OwnFollowUpSet, self.said.fact).subject


def own(ordered: Sequence[Known]) -> OwnFollowUp | None:
    """What facts about one follow-up say, in the order of their days; nothing while none of them sets it."""
    sets = [one for one in ordered if isinstance(one.fact, OwnFollowUpSet)]
    if not sets:
        return None
    since = [*takewhile(lambda one: isinstance(one.fact, OwnFollowUpSet), reversed(ordered))]
    begun, status = (since[-1], OPEN) if since else (sets[-1], DONE)
    return OwnFollowUp(cast(OwnFollowUpSet, begun.fact).follow_up, status, sets[-1], begun)


def of(timeline: Timeline) -> list[OwnFollowUp]:
    """Those of a case on the day of the timeline, open and done, by the day they are wanted on."""
    named = by_thing(sorted(timeline.facts(*READS), key=order), "follow_up")
    found: Iterable[OwnFollowUp | None] = map(own, named.values())
    return sorted((one for one in found if one), key=lambda one: (one.due_on, one.follow_up))


def standing(timeline: Timeline) -> list[OwnFollowUp]:
    """Those that are open."""
    return [one for one in of(timeline) if one.status == OPEN]
