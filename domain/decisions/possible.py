"""Which facts a case takes up as it stands, and about which of its things, the likeliest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain import consents, filed, handovers, own, standing
from domain.facts import FACTS, Fact, case, contact, duties, measures, needs, support, wish
from domain.facts import referrals as sent
from domain.facts import strategy as bars
from domain.facts.documentation import DecisionFiled
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
    found = ABOUT.get(FACTS[name]) or PLANS.get(FACTS[name])
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


def _standing(*kinds: type[Fact], also_over: bool = False) -> dict[type[Fact], Callable[[Timeline], list[str]]]:
    """For facts about what another one began: what is not over, the newest first; then what is, if that goes, too."""

    def of(field: str) -> Callable[[Timeline], list[str]]:
        def found(timeline: Timeline) -> list[str]:
            there = standing.of(timeline, field)[::-1]
            open_first = sorted(there, key=lambda one: one.ended is not None)
            return [one.thing for one in open_first if also_over or one.ended is None]

        return found

    return {kind: of(standing.field_of(kind)) for kind in kinds}


Goes = Callable[[Timeline, str], bool]


def _narrowed(
    kind: type[Fact], *goes: Goes, also_over: bool = False
) -> dict[type[Fact], Callable[[Timeline], list[str]]]:
    """The same, of the things of which all of these hold."""
    there = _standing(kind, also_over=also_over)[kind]
    return {kind: lambda timeline: [one for one in there(timeline) if all(go(timeline, one) for go in goes)]}


def _unsaid(kind: type[Fact]) -> Goes:
    return lambda timeline, thing: standing.latest(timeline, kind, thing) is None


def _consented(scope: str) -> Goes:
    """Whether the client has ever consented to so much about a referral."""

    def goes(timeline: Timeline, referral: str) -> bool:
        found = standing.find(timeline, "referral", referral)
        issued = found.first.fact if found else None
        return isinstance(issued, sent.ReferralIssued) and consents.covers(timeline, issued, scope)

    return goes


def _undecided(timeline: Timeline) -> list[str]:
    """Missed appointments about which nothing is decided, the newest first."""
    decided = {
        getattr(one.fact, "appointment", "") for one in timeline.facts(duties.SanctionImposed, duties.SanctionWaived)
    }
    missed = [one.appointment for one in timeline.appointments if one.status == "missed"]
    return [one for one in missed[::-1] if one not in decided]


def _planned(timeline: Timeline) -> list[str]:
    return [str(getattr(one.fact, "measure", "")) for one in standing.planned(timeline, "measure")]


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
    measures.MeasureBrokenOff: _of_lane("measures", "measure"),
    **dict.fromkeys((duties.SanctionConsidered, duties.SanctionImposed, duties.SanctionWaived), _undecided),
    **_standing(*(needs.NeedAgreedWithClient, needs.NeedRanked, needs.NeedDeclined, needs.NeedClosed)),
    **_standing(*(needs.ConsentWithdrawn, sent.ReferralWithdrawn, sent.WaitingListEntered)),
    **_standing(*(measures.MeasureFitAssessed, measures.AgencyAnswered, sent.ClientFeedbackRecorded), also_over=True),
    **_narrowed(support.EmploymentStatisticsEntered, _unsaid(support.EmploymentStatisticsEntered), also_over=True),
    **_narrowed(sent.ProviderStartReported, _unsaid(sent.ProviderStartReported), _consented("dates-only")),
    **_narrowed(sent.ProviderResultReported, _consented("results"), also_over=True),
    **_narrowed(sent.ProviderIntakeReported, _consented("dates-only")),
    **_narrowed(sent.ProviderEndReported, _consented("dates-only")),
    **_narrowed(sent.ProviderAttendanceReported, _consented("status")),
}
"""What a fact about a thing that is there already can be about."""

PLANS: Mapping[type[Fact], Callable[[Timeline], list[str]]] = {support.MeasureStarted: _planned}
"""What a fact that begins a thing can carry out; it may as well begin another one."""

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
    sent.ReferralIssued: lambda timeline: any(one.ended is None for one in standing.of(timeline, "need")),
    wish.CooperationPlanEnded: lambda timeline: bool(
        _open(timeline.stretches(wish.SupportStrategyAgreed, wish.CooperationPlanEnded))
    ),
    DecisionFiled: lambda timeline: bool(filed.unfiled(timeline)),
}
"""What has to stand, or must not, so that a fact can be recorded today or for a day of late."""
