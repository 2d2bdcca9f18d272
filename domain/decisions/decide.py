"""What is allowed and what follows: one wish, the case as known, who and when -> the facts to store, or a refusal."""

from __future__ import annotations

import datetime as dt
from typing import assert_never

from domain.decisions import (
    appointments,
    correction,
    explanation,
    extension,
    handover,
    intake,
    legacy,
    own,
    reconciling,
    recording,
    strategy,
    wishes,
)
from domain.decisions.matter import Matter
from domain.decisions.recording import plain
from domain.decisions.view import Actor, CaseView
from domain.facts.case import OtherPersonNoted, SamePersonNoted
from domain.records import Entry

__all__ = ["decide", "plain"]


def decide(
    wish: wishes.Wish, view: CaseView, actor: Actor, today: dt.date, *, ask_late_reason: bool = True
) -> list[Entry]:
    """The facts of one decision, in the order they are stored. Pure: same question, same answer.

    Raises `Refused` with every reason as (field, German sentence), and `Overtaken` if somebody decided first.
    """
    return _decide(plain(wish), Matter(view, actor, today, ask_late_reason))


Requests = (
    wishes.RequestExtension
    | wishes.WithdrawRequest
    | wishes.ApproveExtension
    | wishes.ReturnExtension
    | wishes.RejectExtension
)
Contacts = wishes.SetAppointmentStatus | wishes.PlanAppointment | wishes.RecordContact
Own = wishes.SetOwn | wishes.MoveOwn | wishes.FinishOwn
Handovers = wishes.HandOver | wishes.AcceptHandover | wishes.RejectHandover | wishes.WithdrawHandover
Bars = wishes.SetStrategy | wishes.EndStrategy | wishes.ChangeStrategy | wishes.SetOtherBar | wishes.ConfirmStrategy
Intake = wishes.OpenCase | wishes.RecordPeriod | wishes.NoteSamePerson | wishes.NoteOtherPerson
OfALead = wishes.AcceptExplanation | wishes.CloseLegacy | wishes.Assign
Facts = (
    wishes.RecordFact | wishes.RecordFacts | wishes.CorrectFact | wishes.WithdrawFact | wishes.Reconcile | wishes.Undo
)


def _decide(wish: wishes.Wish, matter: Matter) -> list[Entry]:
    if isinstance(wish, Requests):
        return _about_requests(wish, matter)
    if isinstance(wish, Contacts):
        return _about_contacts(wish, matter)
    if isinstance(wish, Own):
        return _about_own(wish, matter)
    if isinstance(wish, Handovers):
        return _about_handovers(wish, matter)
    if isinstance(wish, Bars):
        return _about_bars(wish, matter)
    if isinstance(wish, Facts):
        return _about_facts(wish, matter)
    if isinstance(wish, Intake):
        return _about_intake(wish, matter)
    if isinstance(wish, OfALead):
        return _of_a_lead(wish, matter)
    if isinstance(wish, wishes.Snooze | wishes.Remind | wishes.Dispute):
        return []  # puts off what is asked; nothing about the case is true that was not before
    assert_never(wish)


def _of_a_lead(wish: OfALead, matter: Matter) -> list[Entry]:
    if isinstance(wish, wishes.AcceptExplanation):
        return explanation.accept(wish, matter)
    if isinstance(wish, wishes.CloseLegacy):
        return legacy.close(wish, matter)
    return recording.record(recording.assignment(wish), matter)


def _about_requests(wish: Requests, matter: Matter) -> list[Entry]:
    match wish:
        case wishes.RequestExtension():
            return extension.request(wish, matter)
        case wishes.WithdrawRequest():
            return extension.take_back(wish, matter)
        case wishes.ApproveExtension():
            return extension.approve(wish, matter)
        case wishes.ReturnExtension():
            return extension.ask_back(wish, matter)
        case wishes.RejectExtension():
            return extension.reject(wish, matter)
    assert_never(wish)


def _about_contacts(wish: Contacts, matter: Matter) -> list[Entry]:
    match wish:
        case wishes.SetAppointmentStatus():
            return appointments.set_status(wish, matter)
        case wishes.PlanAppointment():
            return appointments.plan(wish, matter)
        case wishes.RecordContact():
            return appointments.contact(wish, matter)
    assert_never(wish)


def _about_own(wish: Own, matter: Matter) -> list[Entry]:
    match wish:
        case wishes.SetOwn():
            return own.set_one(wish, matter)
        case wishes.MoveOwn():
            return own.move(wish, matter)
        case wishes.FinishOwn():
            return own.finish(wish, matter)
    assert_never(wish)


def _about_handovers(wish: Handovers, matter: Matter) -> list[Entry]:
    match wish:
        case wishes.HandOver():
            return handover.offer(wish, matter)
        case wishes.AcceptHandover():
            return handover.accept(wish, matter)
        case wishes.RejectHandover():
            return handover.reject(wish, matter)
        case wishes.WithdrawHandover():
            return handover.withdraw(wish, matter)
    assert_never(wish)


def _about_bars(wish: Bars, matter: Matter) -> list[Entry]:
    match wish:
        case wishes.SetStrategy():
            return strategy.set_strategy(wish, matter)
        case wishes.EndStrategy():
            return strategy.end_strategy(wish, matter)
        case wishes.ChangeStrategy():
            return strategy.change_strategy(wish, matter)
        case wishes.SetOtherBar():
            return strategy.set_other_bar(wish, matter)
        case wishes.ConfirmStrategy():
            return strategy.confirm_strategy(wish, matter)
    assert_never(wish)


def _about_intake(wish: Intake, matter: Matter) -> list[Entry]:
    match wish:
        case wishes.OpenCase():
            return intake.open_case(wish, matter)
        case wishes.RecordPeriod():
            return intake.period(wish, matter)
        case wishes.NoteSamePerson():
            return intake.noted(SamePersonNoted(other_case=wish.other_case), matter)
        case wishes.NoteOtherPerson():
            return intake.noted(OtherPersonNoted(other_case=wish.other_case), matter)
    assert_never(wish)


def _about_facts(wish: Facts, matter: Matter) -> list[Entry]:
    match wish:
        case wishes.RecordFact():
            return recording.record(wish, matter)
        case wishes.RecordFacts():
            return _all_said(wish, matter)
        case wishes.CorrectFact():
            return correction.correct(wish, matter)
        case wishes.WithdrawFact():
            return reconciling.withdraw(wish, matter)
        case wishes.Reconcile():
            return reconciling.reconcile(wish, matter)
        case wishes.Undo():
            return correction.undo(wish, matter)
    assert_never(wish)


def _all_said(wish: wishes.RecordFacts, matter: Matter) -> list[Entry]:
    entries: list[Entry] = []
    for one in wish.facts:
        single = recording.record_among(one, matter) if isinstance(one, wishes.RecordFact) else _decide(one, matter)
        entries += single
        matter = matter.grown(single)
    return entries
