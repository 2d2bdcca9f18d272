"""The dialogues of a lead about what is overdue: accept an explanation, take the case over, assign it anew."""

from __future__ import annotations

import datetime as dt

from msgspec import structs

from domain.actions import Action
from domain.decisions import explanation, wishes
from domain.decisions.matter import MINIMUM
from domain.dialogues.engine import text_of
from domain.dialogues.handover import BETWEEN, receiver
from domain.dialogues.parts import NO_HEALTH_DATA, make, quick_day, today
from domain.dialogues.row import Answer, Answers, Choice, Context, Dialogue, Step, Subject
from domain.periods import add_months


def _until_days(context: Context) -> tuple[Choice, ...]:
    months = {1: "1 Monat", 3: "3 Monate", explanation.LIMIT_MONTHS: "6 Monate"}
    return tuple(quick_day(label, add_months(context.today, count)) for count, label in months.items())


def _check_until(value: Answer, answers: Answers, context: Context) -> str | None:
    until = dt.date.fromisoformat(str(value))
    if until <= context.today:
        return explanation.NOT_AHEAD
    last = add_months(context.today, explanation.LIMIT_MONTHS)
    return explanation.too_late(context.today) if until > last else None


def _check_not_future(value: Answer, answers: Answers, context: Context) -> str | None:
    return "Dieser Tag liegt in der Zukunft." if dt.date.fromisoformat(str(value)) > context.today else None


def _to(answers: Answers, context: Context) -> wishes.Assign:
    unit, area, worker = text_of(answers, "to").split(BETWEEN, 2)
    given = {key: value for key, value in answers.items() if key != "to"}
    return make(wishes.Assign, {**given, "worker": worker, "unit": unit, "area": area})


def _to_me(answers: Answers, context: Context) -> wishes.Assign:
    unit, area = context.place or ("", "")
    place = {"worker": context.actor, "unit": unit, "area": area, "on": context.today}
    return make(wishes.Assign, {**answers, **place})


def _refuse_take_over(context: Context) -> str | None:
    if context.place is None:
        return "Der Fall gehört zu keiner Einheit; er lässt sich nur neu zuweisen."
    return "Sie sind für diesen Fall schon zuständig." if context.responsible else None


_WHY = Step(
    key="reason",
    question="Was sollte dazu festgehalten werden?",
    kind="text",
    hint=f"Kann leer bleiben. {NO_HEALTH_DATA}",
    required=False,
)

ACCEPT = Dialogue(
    name="accept-explanation",
    title="Erläuterung anerkennen",
    action=Action.DECIDE,
    subject=Subject.CASE,
    button="Erläuterung anerkennen…",
    in_case=False,
    in_message=None,
    typed=None,
    refuse=lambda context: None if context.due else "In diesem Fall ist heute nichts offen.",
    wish=lambda answers, context: make(wishes.AcceptExplanation, answers),
    steps=(
        Step(
            key="rules",
            question="Wofür gilt die Erläuterung?",
            kind="multiple",
            choices=lambda context: tuple(Choice(value=rule, label=name) for rule, name in context.due),
        ),
        Step(
            key="reason",
            question="Welche Erläuterung wird anerkannt?",
            kind="text",
            hint=f"Mindestens {MINIMUM} Zeichen. {NO_HEALTH_DATA}",
            minimum=MINIMUM,
            joined=True,
        ),
        Step(
            key="until",
            question="Bis wann gilt sie?",
            kind="date",
            choices=_until_days,
            hint="Höchstens sechs Monate; so lange wird nicht erinnert.",
            check=_check_until,
            joined=True,
        ),
    ),
)

TAKE_OVER = Dialogue(
    name="take-over",
    title="Fall selbst übernehmen",
    action=Action.DECIDE,
    subject=Subject.CASE,
    button="Selbst übernehmen…",
    in_case=False,
    in_message=None,
    typed=None,
    refuse=_refuse_take_over,
    wish=_to_me,
    steps=(_WHY,),
)

ASSIGN = Dialogue(
    name="assign",
    title="Fall neu zuweisen",
    action=Action.DECIDE,
    subject=Subject.CASE,
    button="Neu zuweisen…",
    in_case=False,
    in_message=None,
    typed=None,
    wish=_to,
    people=True,
    steps=(
        receiver("Wer soll den Fall haben?"),
        Step(
            key="on",
            question="Ab welchem Tag?",
            kind="date",
            choices=lambda context: (quick_day("heute", context.today),),
            check=_check_not_future,
            default=today,
            joined=True,
        ),
        structs.replace(_WHY, joined=True),
    ),
)
