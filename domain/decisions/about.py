"""Facts about what another one began: it has to be there, not over, and consented to (Fachkonzept 2.5 to 2.7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import structs

from domain import consents, standing, words
from domain.decisions import appointments
from domain.decisions.matter import Matter, refuse
from domain.facts import FIELD_WORDS, Fact, declared, name_of, needs
from domain.facts import referrals as sent
from domain.facts.assessment import PrognosisRecorded
from domain.facts.documentation import DecisionFiled
from domain.facts.duties import SanctionConsidered, SanctionImposed, SanctionWaived
from domain.facts.measures import AgencyAnswered, AgencyReferralMade, MeasureFitAssessed, MeasurePlanned
from domain.facts.support import EmploymentStatisticsEntered, MeasureStarted
from domain.facts.wish import CooperationPlanEnded, SupportStrategyAgreed
from domain.filed import unfiled
from domain.periods import local_day
from domain.standing import Standing, said_of

ALSO_AFTER: Final[frozenset[type[Fact]]] = frozenset(
    {
        *(MeasureFitAssessed, AgencyAnswered, EmploymentStatisticsEntered),
        *(sent.ProviderResultReported, sent.ClientFeedbackRecorded),
    }
)
"""What may be said of a thing that is over."""

LATER: Final = ("until", "valid_until", "planned_end", "expected_on", "deadline", "next_on")
Sanction = SanctionConsidered | SanctionImposed | SanctionWaived


def check_later(fact: Fact, on: dt.date) -> None:
    """Days to which something lasts, or on which it goes on, lie not before the day of the fact."""
    for field in LATER:
        last = getattr(fact, field, None)
        if last is not None and last < on:
            refuse(field, f"Der {words.day(last)} liegt vor dem {words.day(on)} ({declared(name_of(fact)).day}).")


def check(fact: Fact, on: dt.date, matter: Matter) -> None:
    """About a thing that is there, from its first day to its last one; it ends once."""
    there = _there(fact, declared(name_of(fact)).thing or "", matter)
    begun, ended = there.first, there.ended
    if not declared(name_of(begun.fact)).ahead and on < begun.on:
        refuse("on", f"Das liegt vor dem {words.day(begun.on)} ({said_of(begun)}).")
    over = ended is not None and type(fact) not in ALSO_AFTER
    if ended is not None and over and (declared(name_of(fact)).ends or on > ended.on):
        refuse(_field(fact), f"Das ist schon zu Ende ({said_of(ended)}, {words.day(ended.on)}).")


def _there(fact: Fact, field: str, matter: Matter) -> Standing:
    there = standing.find(matter.view.timeline, field, getattr(fact, field))
    return there or refuse(field, f"Das gibt es in diesem Fall nicht ({FIELD_WORDS[field]}).")


def _field(fact: Fact) -> str:
    return declared(name_of(fact)).thing or ""


def check_once(fact: Fact, on: dt.date, matter: Matter) -> None:
    """The same, and only one of this kind: a second one would be a correction."""
    check(fact, on, matter)
    before = standing.latest(matter.view.timeline, type(fact), getattr(fact, _field(fact)))
    if before is not None:
        refuse(_field(fact), f"Das ist schon eingetragen ({words.day(before.on)}). Bitte diesen Eintrag berichtigen.")


def check_planned(fact: MeasurePlanned, on: dt.date, matter: Matter) -> None:
    """A plan is made once, and before the measure begins."""
    there = standing.find(matter.view.timeline, "measure", fact.measure)
    if there is not None:
        refuse(
            "measure", f"Diese Maßnahme ist schon eingetragen ({said_of(there.first)}, {words.day(there.first.on)})."
        )


def with_plan(fact: MeasureStarted, on: dt.date, matter: Matter) -> MeasureStarted:
    """The beginning of a planned measure; what it does not say is as it was planned (Fachkonzept 2.5)."""
    found = standing.latest(matter.view.timeline, MeasurePlanned, fact.measure)
    if found is None or not isinstance(plan := found.fact, MeasurePlanned):
        return fact
    ahead = plan.planned_end if plan.planned_end and plan.planned_end >= on else None
    said = {"type": plan.type, "planned_end": ahead, "legal_basis": plan.legal_basis}
    return structs.replace(fact, **{key: value for key, value in said.items() if getattr(fact, key) is None})


def check_sanction(fact: Sanction, on: dt.date, matter: Matter) -> None:
    """After a missed appointment, and not against what was decided about it before."""
    there = appointments.find(matter, fact.appointment)
    if there.status != "missed":
        refuse("appointment", f"Der Termin am {words.day(there.on)} steht nicht auf „nicht erschienen“.")
    if on < there.on:
        refuse("on", f"Der Termin war erst am {words.day(there.on)}.")
    for kind in (SanctionImposed, SanctionWaived):
        decided = standing.latest(matter.view.timeline, kind, fact.appointment)
        if decided is not None:
            refuse(
                "appointment", f"Zu diesem Termin ist schon entschieden ({said_of(decided)}, {words.day(decided.on)})."
            )


def check_referral(fact: sent.ReferralIssued, on: dt.date, matter: Matter) -> None:
    """For a need that stands; a form passes data on, so it needs a consent (Fachkonzept 2.7, R-32)."""
    if standing.find(matter.view.timeline, "referral", fact.referral):
        refuse("referral", "Diese Zuweisung ist schon eingetragen.")
    need = _there(fact, "need", matter)
    if need.ended is not None and on > need.ended.on:
        refuse("need", f"Dieser Bedarf ist seit dem {words.day(need.ended.on)} beendet.")
    if on < need.first.on:
        refuse("on", f"Der Bedarf ist erst am {words.day(need.first.on)} festgestellt.")
    if fact.mode == "form":
        _check_consent(fact, consents.SCOPES[0], on, matter)


def check_report(fact: Fact, on: dt.date, matter: Matter) -> None:
    """What a provider reports about a referral, as far as the client has consented to it."""
    check(fact, on, matter)
    issued = _there(fact, "referral", matter).first.fact
    assert isinstance(issued, sent.ReferralIssued)
    scope = consents.SCOPES[-1] if getattr(fact, "next_step", None) else consents.REPORTS[type(fact)]
    _check_consent(issued, scope, on, matter)
    begun = standing.latest(matter.view.timeline, sent.ProviderStartReported, issued.referral)
    if isinstance(fact, sent.ProviderStartReported) and begun is not None:
        refuse(
            "referral", f"Der Beginn ist schon eingetragen ({words.day(begun.on)}). Bitte diesen Eintrag berichtigen."
        )
    if isinstance(fact, sent.ProviderEndReported):
        _check_end(fact, on, begun.on if begun else None)


def _check_end(fact: sent.ProviderEndReported, on: dt.date, begun: dt.date | None) -> None:
    if fact.end_kind == "no-show" and begun is not None:
        refuse("end_kind", f"Ein Beginn ist eingetragen ({words.day(begun)}); „nicht angetreten“ passt nicht dazu.")
    if fact.end_kind != "no-show" and begun is None:
        refuse("end_kind", "Zu dieser Zuweisung ist kein Beginn eingetragen. Bitte zuerst den Beginn eintragen.")
    if begun is not None and on < begun:
        refuse("on", f"Der Beginn war erst am {words.day(begun)}.")


def _check_consent(referral: sent.ReferralIssued, scope: str, on: dt.date, matter: Matter) -> None:
    if not consents.covers(matter.view.timeline, referral, scope, on):
        refuse("on", f"Für den {words.day(on)} fehlt eine gültige Einwilligung{_ASKED[scope]}.")


_ASKED = {
    "dates-only": "",
    "status": ", die auch den Stand umfasst",
    "results": ", die auch Ergebnisse umfasst",
    "next-steps": ", die auch weitere Schritte umfasst",
}


def _statistics(fact: EmploymentStatisticsEntered, on: dt.date, matter: Matter) -> None:
    check_once(fact, on, matter)
    if fact.origin == "unknown" and not (fact.reason or "").strip():
        refuse("reason", "Bitte sagen, warum die Herkunft unbekannt ist.")


def _referred(fact: AgencyReferralMade, on: dt.date, matter: Matter) -> None:
    if fact.measure is not None:
        _there(fact, "measure", matter)


def _prognosis(fact: PrognosisRecorded, on: dt.date, matter: Matter) -> None:
    if fact.months_min is not None and fact.months_max is not None and fact.months_max < fact.months_min:
        refuse("months_max", f"Das ist weniger als die frühesten {fact.months_min} Monate.")


def _agreed(fact: SupportStrategyAgreed, on: dt.date, matter: Matter) -> None:
    if not any(goal.strip() for goal in fact.goals):
        refuse("goals", "Bitte mindestens ein Ziel nennen.")


def _agreement_ended(fact: CooperationPlanEnded, on: dt.date, matter: Matter) -> None:
    if standing.running(matter.view.timeline, SupportStrategyAgreed, CooperationPlanEnded, on) is None:
        refuse("on", f"Am {words.day(on)} ist keine Vereinbarung offen, die enden könnte.")


def _filed(fact: DecisionFiled, on: dt.date, matter: Matter) -> None:
    decided = next((one for one in unfiled(matter.view.timeline) if one.id == fact.target), None)
    if decided is None:
        refuse("target", "Diese Entscheidung gibt es in diesem Fall nicht, oder sie steht schon in der Akte.")
    first = min(decided.on, local_day(decided.recorded_at))  # what is decided ahead is taken over at once
    if on < first:
        refuse("on", f"Entschieden wurde erst am {words.day(first)}.")


CHECKS: Final[Mapping[type[Fact], Callable[[Any, dt.date, Matter], None]]] = {
    MeasurePlanned: check_planned,
    EmploymentStatisticsEntered: _statistics,
    AgencyReferralMade: _referred,
    PrognosisRecorded: _prognosis,
    SupportStrategyAgreed: _agreed,
    CooperationPlanEnded: _agreement_ended,
    DecisionFiled: _filed,
    **dict.fromkeys((SanctionConsidered, SanctionImposed, SanctionWaived), check_sanction),
    **dict.fromkeys((MeasureFitAssessed, AgencyAnswered), check),
    **dict.fromkeys((needs.NeedAgreedWithClient, needs.NeedRanked, needs.NeedDeclined, needs.NeedClosed), check),
    needs.ConsentWithdrawn: check,
    sent.ReferralIssued: check_referral,
    **dict.fromkeys((sent.ReferralWithdrawn, sent.WaitingListEntered, sent.ClientFeedbackRecorded), check),
    **dict.fromkeys(consents.REPORTS, check_report),
}
"""How each of these is checked; what no row names and begins a thing may not begin it twice."""
