"""When a client was last seen, invited or reached, and whether a talk is needed beside a measure (Fachkonzept 2.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, cast

from domain.facts.contact import AppointmentHeld, AppointmentInvited, AppointmentNecessityDecided, ContactHeld
from domain.facts.support import MeasureStarted
from domain.knowledge import Known
from domain.periods import DAY, OPEN, Period
from domain.things import APPOINTMENTS
from domain.timeline import Kinds, Timeline

DECIDED: Kinds = frozenset({AppointmentNecessityDecided})
WITHOUT_END = 56  # days beside a measure without a planned end
CONTACTS: Kinds = APPOINTMENTS | {ContactHeld}


class Met(NamedTuple):
    """A day that counts as one on which something happened, and the fact that says so."""

    on: dt.date
    fact: Known


class Since(NamedTuple):
    """The days of a period on which the same was last; `met`: nothing where there was none before."""

    met: Met | None
    days: Period


def held(timeline: Timeline, *, video: bool = False) -> list[Met]:
    """The appointments the client came to, by day; a talk by video is contact only (Fachkonzept 3.0)."""
    came = ((one, cast(AppointmentHeld, one.last.fact)) for one in timeline.appointments if one.status == "held")
    return [Met(one.on, one.last) for one, fact in came if video or (fact.channel or one.planned_channel) != "video"]


def contacts(timeline: Timeline) -> list[Met]:
    """Every contact, appointments of any channel included; one that reached nobody is none (Fachkonzept 3.2)."""
    talked = (one for one in timeline.facts(ContactHeld) if cast(ContactHeld, one.fact).outcome != "not-reached")
    return in_order([*held(timeline, video=True), *(Met(one.on, one) for one in talked)])


def invitations(timeline: Timeline) -> list[Met]:
    """The days on which an invitation left."""
    return [Met(one.on, one) for one in timeline.facts(AppointmentInvited)]


def in_order(found: list[Met]) -> list[Met]:
    """By day; of one day by their facts."""
    return sorted(found, key=lambda one: (one.on, one.fact.ref))


def since_last(days: Period, met: Sequence[Met]) -> Iterator[Since]:
    """The days as far as the same was last. `met`: by day."""
    before = [one for one in met if one.on <= days.first]
    chain = [before[-1] if before else None, *(one for one in met if days.first < one.on <= days.last)]
    firsts = [days.first, *(one.on for one in chain[1:] if one)]
    for one, first, following in zip(chain, firsts, [*firsts[1:], None], strict=True):
        last = following - DAY if following else days.last
        if first <= last:
            yield Since(one, Period(first, last))


def decided(timeline: Timeline, *, needed: bool) -> list[tuple[Period, Known]]:
    """On which days a talk counts as needed, or not, beside a measure: at most to the next decision."""
    said = timeline.facts(AppointmentNecessityDecided)
    found = []
    for one, following in pairwise([*said, None]):
        if one is None:
            continue
        fact = cast(AppointmentNecessityDecided, one.fact)
        last = min(fact.valid_until or OPEN, following.on - DAY if following else OPEN)
        if fact.needed is needed and one.on <= last:
            found.append((Period(one.on, last), one))
    return found


def not_needed_until(timeline: Timeline) -> dt.date | None:
    """How long no talk may be needed beside the measure that runs today: to its planned end, without one eight weeks
    (Fachkonzept 3.2 R-13); None: none runs.
    """
    today = timeline.as_of
    running = [one.start.fact for one in timeline.measures if one.period.covers(today)]
    ends = [fact.planned_end for fact in running if isinstance(fact, MeasureStarted) and fact.planned_end]
    latest = max(ends, default=today)
    return (latest if latest > today else today + WITHOUT_END * DAY) if running else None
