"""One fact by its name, from a form or the API: by the same rules as the wishes that write it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from domain import clients, words
from domain.actions import Action
from domain.decisions import about, alg1, appointments, explanation, handover, legacy, own, strategy
from domain.decisions.matter import BY_HANDOVER, Matter, refuse, since
from domain.decisions.possible import is_taken
from domain.decisions.refusal import Refused
from domain.decisions.wishes import (
    ApproveExtension,
    Assign,
    CorrectFact,
    NoteOtherPerson,
    NoteSamePerson,
    RecordFact,
    RejectExtension,
    RequestExtension,
    ReturnExtension,
    Wish,
    WithdrawFact,
    WithdrawRequest,
)
from domain.facts import FACTS, FIELD_WORDS, Fact, Stream, case, contact, declared, name_of, stream_of, support
from domain.facts import own as own_facts
from domain.facts import strategy as bars
from domain.facts.correction import SameThingNoted
from domain.facts.measures import MeasureBrokenOff
from domain.periods import OPEN
from domain.records import Entry
from domain.stretches import Stretch, at

W = TypeVar("W")
Check = Callable[[Any, dt.date, Matter], None]

FILLED_IN = ("by_lead",)  # who decides is who is at the desk
OWN_WISHES: Mapping[str, type[Any]] = {
    "extension-requested": RequestExtension,
    "extension-approved": ApproveExtension,
    "extension-returned": ReturnExtension,
    "extension-rejected": RejectExtension,
    "extension-withdrawn": WithdrawRequest,
    "same-person-noted": NoteSamePerson,
    "other-person-noted": NoteOtherPerson,
    "fact-corrected": CorrectFact,
    "fact-withdrawn": WithdrawFact,
}


def plain(wish: Wish) -> Wish:
    """A fact that has a wish of its own as that wish, so that no rule can be gone around; others as they are."""
    if not isinstance(wish, RecordFact) or wish.name not in OWN_WISHES:
        return wish
    data = {key: value for key, value in wish.data.items() if key not in (*FILLED_IN, "late_reason")}
    try:
        found: Wish = msgspec.convert(data, OWN_WISHES[wish.name])
    except msgspec.ValidationError:
        raise Refused([("data", "Diese Angaben passen nicht zu diesem Eintrag.")]) from None
    return found


def record(wish: RecordFact, matter: Matter) -> list[Entry]:
    """The fact, and for ALG I what the rule writes with it."""
    fact = _fact(wish)
    if isinstance(fact, support.MeasureStarted):
        fact = about.with_plan(fact, wish.on, matter)
    if not isinstance(fact, case.CaseOpened):
        matter.check_open()
    matter.check_day(wish.on, ahead=declared(wish.name).ahead, late_reason=fact.late_reason)
    check(fact, wish.on, matter)
    return [matter.entry(wish.on, fact), *alg1.written(fact, wish.on, matter.view.timeline, matter)]


def record_among(wish: RecordFact, matter: Matter) -> list[Entry]:
    """A fact as one of several; what another door lets in has no place among them."""
    if wish.name in FACTS and declared(wish.name).action is not Action.RECORD:
        refuse("fact", "Dieser Eintrag wird für sich erfasst.")
    return record(wish, matter)


def assignment(wish: Assign) -> RecordFact:
    """A lead's wish as the fact it records."""
    data = {field: value for field in _ASSIGNED if (value := getattr(wish, field))}
    return RecordFact(name="responsibility-assigned", on=wish.on, data=data)


_ASSIGNED = ("worker", "unit", "area", "reason")


def check(fact: Fact, on: dt.date, matter: Matter) -> None:
    """By its row; what only begins a thing may not begin it twice; what says nothing about another fact is free."""
    said = declared(name_of(fact))
    about.check_later(fact, on)
    if (check := CHECKS.get(type(fact))) is not None:
        check(fact, on, matter)
    elif said.begins and said.thing is not None:
        _begins_once(fact, said.thing, matter)


def _begins_once(fact: Fact, thing: str, matter: Matter) -> None:
    for known in matter.view.known:
        if type(known.fact) is type(fact) and getattr(known.fact, thing) == getattr(fact, thing):
            refuse(thing, f"Das ist schon eingetragen ({FIELD_WORDS[thing]}, {words.day(known.on)}).")


def _fact(wish: RecordFact) -> Fact:
    if wish.name not in FACTS or stream_of(wish.name) is not Stream.CASE:
        refuse("fact", "Diesen Eintrag gibt es nicht.")
    try:
        return msgspec.convert(wish.data, FACTS[wish.name])
    except msgspec.ValidationError:
        refuse("data", "Diese Angaben passen nicht zu diesem Eintrag.")


def _opened(fact: case.CaseOpened, on: dt.date, matter: Matter) -> None:
    if not is_taken("case-opened", matter.view.timeline):
        refuse("", "Der Fall ist schon offen.")


def _identified(fact: case.ClientIdentified, on: dt.date, matter: Matter) -> None:
    if fact.birth_date is not None and (sentence := clients.not_born(fact.birth_date, matter.today)):
        refuse("birth_date", sentence)


def _same_person(fact: case.SamePersonNoted, on: dt.date, matter: Matter) -> None:
    if fact.other_case == matter.view.case:
        refuse("other_case", "Das ist dieser Fall selbst.")
    _begins_once(fact, "other_case", matter)


def _same_thing(fact: SameThingNoted, on: dt.date, matter: Matter) -> None:
    refuse("fact", "Dass zwei Quellen dasselbe sagen, hält nur ein Import fest.")


def _closed(fact: case.CaseClosed, on: dt.date, matter: Matter) -> None:
    bar = matter.bar(matter.today)
    if bar is not None and bar.last == OPEN:
        name = words.STRATEGIES[strategy.strategy_of(bar)]
        refuse("", f"Der Balken {name} ist noch offen. Bitte zuerst die Handlungsstrategie beenden.")


def _assigned(fact: case.ResponsibilityAssigned, on: dt.date, matter: Matter) -> None:
    """Who has a case hands it over; who takes it over may record that, and a lead may assign it (Fachkonzept 2.1)."""
    if matter.actor.level == 0 and fact.worker != matter.actor.id:
        refuse("worker", BY_HANDOVER)
    care = at(matter.view.timeline.care, on)
    if care is not None and (care.worker, care.unit, care.area) == (fact.worker, fact.unit, fact.area):
        refuse("worker", f"Diese Zuständigkeit gilt schon seit dem {words.day(care.first)}.")


def _accepted(fact: case.HandoverAccepted, on: dt.date, matter: Matter) -> None:
    handover.check_accepted(matter, on, fact.strategy, fact.reason)


def _handed_over(fact: case.HandoverInitiated, on: dt.date, matter: Matter) -> None:
    handover.check_offer(matter, fact)


def _answered(fact: case.HandoverRejected | case.HandoverWithdrawn, on: dt.date, matter: Matter) -> None:
    handover.find(matter, on)


def _bar_set(fact: bars.StrategyBarSet, on: dt.date, matter: Matter) -> None:
    strategy.check_new_bar(matter, fact.strategy, on)


def _bar_ended(fact: bars.StrategyBarEnded, on: dt.date, matter: Matter) -> None:
    strategy.check_bar_end(matter, on)


def _other_bar_set(fact: bars.NonStrategyBarSet, on: dt.date, matter: Matter) -> None:
    strategy.check_new_other_bar(matter, fact.kind, on)


def _other_bar_ended(fact: bars.NonStrategyBarEnded, on: dt.date, matter: Matter) -> None:
    _ends(strategy.other_bar(matter, fact.kind, on), on, f"Balken {words.OTHER_BARS[fact.kind]}")


def _field_changed(fact: bars.StrategyFieldChanged, on: dt.date, matter: Matter) -> None:
    if strategy.field_value(matter) == fact.strategy:
        refuse("strategy", f"Das Feld „Handlungsstrategie“ steht schon auf {words.STRATEGIES[fact.strategy]}.")


def _reviewed(fact: bars.StrategyReviewed, on: dt.date, matter: Matter) -> None:
    if fact.outcome == "extend":
        refuse("outcome", "Eine Verlängerung entsteht durch die Zustimmung der Führungskraft.")
    if matter.bar(on) is None:
        refuse("", f"Am {words.day(on)} ist keine Handlungsstrategie offen, die überprüft werden könnte.")


def _pause_started(fact: bars.ClockPauseStarted, on: dt.date, matter: Matter) -> None:
    _starts(at(matter.view.timeline.pauses, on), "Die Verweildauer ist schon ausgesetzt")


def _pause_ended(fact: bars.ClockPauseEnded, on: dt.date, matter: Matter) -> None:
    _ends(at(matter.view.timeline.pauses, on), on, "Aussetzen der Verweildauer")


def _benefit_started(fact: support.BenefitStarted, on: dt.date, matter: Matter) -> None:
    _starts(at(matter.view.timeline.benefit, on), "Ein Leistungsbezug ist schon eingetragen")


def _benefit_ended(fact: support.BenefitEnded, on: dt.date, matter: Matter) -> None:
    timeline = matter.view.timeline
    if not timeline.benefit and not timeline.benefit_gaps:
        return  # a case without any such fact counts as in benefit from its opening (Fachkonzept 3.0)
    _ends(at(timeline.benefit, on), on, "Leistungsbezug")


def _alg1_started(fact: support.Alg1Started, on: dt.date, matter: Matter) -> None:
    _starts(at(matter.view.timeline.alg1, on), "ALG I ist schon eingetragen")
    later = next((one for one in matter.view.timeline.alg1 if one.first > on), None)
    if later is not None and later.last == OPEN:
        refuse("on", f"ALG I ist schon ab dem {words.day(later.first)} eingetragen. Bitte diesen Eintrag berichtigen.")


def _alg1_ended(fact: support.Alg1Ended, on: dt.date, matter: Matter) -> None:
    _ends(at(matter.view.timeline.alg1, on), on, "ALG-I-Bezug")


def _job_ended(fact: support.EmploymentEnded, on: dt.date, matter: Matter) -> None:
    _ends(at(_about(matter.view.timeline.employment, "employment", fact.employment), on), on, "Beschäftigung")


def _measure_started(fact: support.MeasureStarted, on: dt.date, matter: Matter) -> None:
    _begins_once(fact, "measure", matter)


def _measure_ended(fact: support.MeasureEnded | MeasureBrokenOff, on: dt.date, matter: Matter) -> None:
    _ends(at(_about(matter.view.timeline.measures, "measure", fact.measure), on), on, "Maßnahme")


def _planned(fact: contact.AppointmentPlanned, on: dt.date, matter: Matter) -> None:
    """A second one about the same appointment moves it (Fachkonzept 2.4)."""


def _invited(fact: contact.AppointmentInvited, on: dt.date, matter: Matter) -> None:
    appointments.find(matter, fact.appointment)


def _held(fact: contact.AppointmentHeld, on: dt.date, matter: Matter) -> None:
    appointments.check_status("held", on, appointments.find(matter, fact.appointment), matter)


def _missed(fact: contact.AppointmentMissed, on: dt.date, matter: Matter) -> None:
    there = appointments.find(matter, fact.appointment)
    appointments.check_status("missed", on, there, matter, cause=fact.good_cause)


def _cancelled(fact: contact.AppointmentCancelled, on: dt.date, matter: Matter) -> None:
    appointments.check_status("cancelled", on, appointments.find(matter, fact.appointment), matter)


def _rescheduled(fact: contact.AppointmentRescheduled, on: dt.date, matter: Matter) -> None:
    appointments.check_status("rescheduled", on, appointments.find(matter, fact.appointment), matter)


def _own_set(fact: own_facts.OwnFollowUpSet, on: dt.date, matter: Matter) -> None:
    """A second one about the same follow-up moves it (Fachkonzept 2.4)."""
    own.check_set(fact, matter)


def _own_done(fact: own_facts.OwnFollowUpDone, on: dt.date, matter: Matter) -> None:
    own.find(fact.follow_up, matter, on)


def _about(stretches: list[Stretch], field: str, thing: str) -> list[Stretch]:
    return [one for one in stretches if getattr(one.start.fact, field) == thing]


def _starts(there: Stretch | None, what: str) -> None:
    if there is not None:
        refuse("on", f"{what}, {since(there)}.")


def _ends(there: Stretch | None, on: dt.date, what: str) -> None:
    if there is None:
        refuse("on", f"Am {words.day(on)} ist nichts offen, was enden könnte ({what}).")
    if there.end is not None:
        refuse(
            "on", f"Das Ende ist schon eingetragen ({what}: {words.day(there.last)}). Bitte diesen Eintrag berichtigen."
        )


CHECKS: Mapping[type[Fact], Check] = {
    case.CaseOpened: _opened,
    case.ClientIdentified: _identified,
    case.SamePersonNoted: _same_person,
    SameThingNoted: _same_thing,
    case.CaseClosed: _closed,
    case.ResponsibilityAssigned: _assigned,
    case.HandoverInitiated: _handed_over,
    case.HandoverAccepted: _accepted,
    case.HandoverRejected: _answered,
    case.HandoverWithdrawn: _answered,
    case.ExplanationAccepted: explanation.check,
    case.LegacyClosed: legacy.check,
    bars.StrategyBarSet: _bar_set,
    bars.StrategyBarEnded: _bar_ended,
    bars.NonStrategyBarSet: _other_bar_set,
    bars.NonStrategyBarEnded: _other_bar_ended,
    bars.StrategyFieldChanged: _field_changed,
    bars.StrategyReviewed: _reviewed,
    bars.ClockPauseStarted: _pause_started,
    bars.ClockPauseEnded: _pause_ended,
    support.BenefitStarted: _benefit_started,
    support.BenefitEnded: _benefit_ended,
    support.Alg1Started: _alg1_started,
    support.Alg1Ended: _alg1_ended,
    support.EmploymentEnded: _job_ended,
    support.MeasureStarted: _measure_started,
    support.MeasureEnded: _measure_ended,
    contact.AppointmentPlanned: _planned,
    contact.AppointmentInvited: _invited,
    contact.AppointmentHeld: _held,
    contact.AppointmentMissed: _missed,
    contact.AppointmentCancelled: _cancelled,
    contact.AppointmentRescheduled: _rescheduled,
    own_facts.OwnFollowUpSet: _own_set,
    own_facts.OwnFollowUpDone: _own_done,
    MeasureBrokenOff: _measure_ended,
    **about.CHECKS,
}
"""What the facts say about what stands already."""


def unchecked() -> list[str]:
    """The facts that say something about another one without being checked against it."""
    said = {name: declared(name) for name in FACTS if stream_of(name) is Stream.CASE and name not in OWN_WISHES}
    bound = [name for name, one in said.items() if one.begins or one.ends or one.thing]
    return [name for name in bound if FACTS[name] not in CHECKS and not (said[name].begins and said[name].thing)]


if found := unchecked():
    raise LookupError(f"facts that are checked against nothing: {found}")
