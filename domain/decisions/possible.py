"""Which facts a case takes up as it stands, and about which of its things, the likeliest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain import handovers, own
from domain.facts import FACTS, Fact, case, contact, support
from domain.facts import strategy as bars
from domain.facts.own import OwnFollowUpDone
from domain.periods import OPEN
from domain.stretches import Stretch, at
from domain.things import PLANNED, Appointment
from domain.timeline import Timeline


def is_taken(name: str, timeline: Timeline) -> bool:
    """Whether such a fact can be recorded at all: closed, a case takes nothing but its opening.

    Open, it takes no second opening, no end of what is not open, and nothing about a thing it does not have.
    """
    kind = FACTS[name]
    if kind is case.CaseOpened:
        return timeline.is_closed or not timeline.facts(case.CaseOpened)
    if timeline.is_closed:
        return False
    if kind in ABOUT:
        return bool(ABOUT[kind](timeline))
    return STANDS[kind](timeline) if kind in STANDS else True


def about(name: str, timeline: Timeline) -> list[str]:
    """The ids of the things such a fact can be about, open ones first, the likeliest at the top."""
    found = ABOUT.get(FACTS[name])
    return found(timeline) if found else []


def own_day(name: str, timeline: Timeline, thing: str) -> Any:
    """The day that an appointment brings to what became of it; nothing for all other facts."""
    if FACTS[name] not in (contact.AppointmentHeld, contact.AppointmentMissed):
        return None
    return next((one.on for one in timeline.appointments if one.appointment == thing), None)


def _open(stretches: Sequence[Stretch]) -> list[Stretch]:
    return [one for one in stretches if one.last == OPEN and one.end is None]


def _of_lane(lane: str, field: str) -> Callable[[Timeline], list[str]]:
    """The open things of a lane, the newest first."""
    return lambda timeline: [str(getattr(one.start.fact, field)) for one in _open(getattr(timeline, lane))][::-1]


def _outcome(status: str) -> Callable[[Timeline], list[str]]:
    """Appointments whose day has come: those without outcome first, then the others, each time the newest."""

    def found(timeline: Timeline) -> list[str]:
        over = [one for one in timeline.appointments if one.on <= timeline.as_of and one.status != status]
        return _names(over[::-1])

    return found


def _ahead_first(*statuses: str) -> Callable[[Timeline], list[str]]:
    """Appointments without one of these outcomes: the next one that is planned, then the newest."""

    def found(timeline: Timeline) -> list[str]:
        there = [one for one in timeline.appointments if one.status not in statuses]
        ahead = [one for one in there if one.status == PLANNED and one.on >= timeline.as_of]
        return _names([*ahead, *(one for one in there[::-1] if one not in ahead)])

    return found


def _names(found: Sequence[Appointment]) -> list[str]:
    return [one.appointment for one in sorted(found, key=lambda one: one.status != PLANNED)]


def _offered(timeline: Timeline) -> bool:
    return handovers.offered(timeline) is not None


def _bar(timeline: Timeline) -> Stretch | None:
    found: Stretch | None = at(timeline.bars, timeline.as_of)
    return found


ABOUT: Mapping[type[Fact], Callable[[Timeline], list[str]]] = {
    contact.AppointmentInvited: _ahead_first("held", "missed", "cancelled"),
    contact.AppointmentHeld: _outcome("held"),
    contact.AppointmentMissed: _outcome("missed"),
    contact.AppointmentCancelled: _ahead_first("held", "cancelled"),
    contact.AppointmentRescheduled: _ahead_first("held"),
    OwnFollowUpDone: lambda timeline: [one.follow_up for one in own.standing(timeline)],
    support.EmploymentEnded: _of_lane("employment", "employment"),
    support.MeasureEnded: _of_lane("measures", "measure"),
}
"""What a fact about a thing that is there already can be about."""

STANDS: Mapping[type[Fact], Callable[[Timeline], bool]] = {
    case.CaseClosed: lambda timeline: not _open(timeline.bars),
    case.HandoverInitiated: lambda timeline: not _offered(timeline),
    case.HandoverAccepted: _offered,
    case.HandoverRejected: _offered,
    case.HandoverWithdrawn: _offered,
    bars.StrategyBarEnded: lambda timeline: bool(_open(timeline.bars)),
    bars.NonStrategyBarEnded: lambda timeline: bool(_open(timeline.non_strategy)),
    bars.StrategyReviewed: lambda timeline: _bar(timeline) is not None,
    bars.ClockPauseStarted: lambda timeline: not _open(timeline.pauses),
    bars.ClockPauseEnded: lambda timeline: bool(_open(timeline.pauses)),
    support.BenefitStarted: lambda timeline: not _open(timeline.benefit),
    support.BenefitEnded: lambda timeline: bool(_open(timeline.benefit)) or not timeline.benefit_gaps,
    support.Alg1Started: lambda timeline: not _open(timeline.alg1),
    support.Alg1Ended: lambda timeline: bool(_open(timeline.alg1)),
}
"""What has to stand, or must not, so that a fact can be recorded today or for a day of late."""
