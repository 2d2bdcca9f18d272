"""The dialogues about a request for extension: approve, ask back, reject, take back (Fachkonzept 5.2)."""

from __future__ import annotations

import datetime as dt

from domain import words
from domain.actions import Action
from domain.decisions import wishes
from domain.decisions.matter import MINIMUM
from domain.dialogues.parts import NO_HEALTH_DATA, fixed, make, quick_day
from domain.dialogues.row import Answer, Answers, Choice, Context, Dialogue, Step, Subject


def _as_requested(context: Context) -> tuple[Choice, ...]:
    return (quick_day("wie beantragt", context.subject_on),) if context.subject_on else ()


def _check_shorter(value: Answer, answers: Answers, context: Context) -> str | None:
    until = dt.date.fromisoformat(str(value))
    if until <= context.today:
        return "Die Verlängerung muss nach dem heutigen Tag enden."
    if context.subject_on is not None and until > context.subject_on:
        asked = words.day(context.subject_on)
        return f"Beantragt ist bis {asked}. Kürzer ist möglich; für länger braucht es einen neuen Antrag."
    return None


def _refuse(context: Context) -> str | None:
    return "Über diesen Antrag ist schon entschieden." if context.decided else None


def _about(context: Context) -> dict[str, object]:
    return {"request": context.subject, "version": context.version}


def _reason(question: str) -> Step:
    return Step(key="reason", question=question, kind="text", hint=NO_HEALTH_DATA, minimum=MINIMUM)


APPROVE = Dialogue(
    name="approve",
    title="Zustimmen",
    action=Action.DECIDE,
    subject=Subject.REQUEST,
    button="Zustimmen",
    in_case=False,
    in_message=None,
    typed=None,
    refuse=_refuse,
    wish=lambda answers, context: make(wishes.ApproveExtension, {**answers, **_about(context)}),
    steps=(
        Step(
            key="until",
            question="Zustimmen bis wann?",
            kind="date",
            choices=_as_requested,
            hint="Kürzer als beantragt ist möglich, länger nicht.",
            check=_check_shorter,
        ),
    ),
)

RETURN = Dialogue(
    name="return",
    title="Rückfrage",
    action=Action.DECIDE,
    subject=Subject.REQUEST,
    button="Rückfrage",
    in_case=False,
    in_message=None,
    typed=None,
    refuse=_refuse,
    wish=lambda answers, context: make(wishes.ReturnExtension, {**answers, **_about(context)}),
    steps=(_reason("Was ist noch zu klären?"),),
)

REJECT = Dialogue(
    name="reject",
    title="Ablehnen",
    action=Action.DECIDE,
    subject=Subject.REQUEST,
    button="Ablehnen",
    in_case=False,
    in_message=None,
    typed=None,
    refuse=_refuse,
    wish=lambda answers, context: make(wishes.RejectExtension, {**answers, **_about(context)}),
    steps=(
        Step(
            key="instruct",
            question="Was soll stattdessen geschehen?",
            kind="choices",
            choices=fixed(words.INSTRUCTIONS),
        ),
        _reason("Warum wird abgelehnt?"),
    ),
)

WITHDRAW = Dialogue(
    name="withdraw-request",
    title="Antrag zurückziehen",
    action=Action.REQUEST,
    subject=Subject.REQUEST,
    button="Antrag zurückziehen",
    in_case=False,
    in_message=None,
    typed=None,
    refuse=_refuse,
    wish=lambda answers, context: make(wishes.WithdrawRequest, {**answers, **_about(context)}),
    steps=(
        Step(
            key="reason",
            question="Warum wird der Antrag zurückgezogen?",
            kind="text",
            hint=f"Kann leer bleiben. {NO_HEALTH_DATA}",
            required=False,
        ),
    ),
)
