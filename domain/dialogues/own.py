"""The dialogues about own follow-ups: set one, done, another day (Fachkonzept 3.2 R-43)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from domain import words
from domain.actions import Action
from domain.calendar import next_working_day, working_day_from
from domain.decisions import own, wishes
from domain.decisions.matter import last_day
from domain.decisions.refusal import Refused
from domain.dialogues.parts import NO_HEALTH_DATA, make, quick_day
from domain.dialogues.row import Answer, Answers, Choice, Context, Dialogue, InMessage, Step, Subject, Typed
from domain.office import land
from domain.periods import DAY


def _days(context: Context) -> tuple[Choice, ...]:
    ahead = (("1 Woche", 7), ("2 Wochen", 14), ("4 Wochen", 28))
    lands = land.lands(context.settings)
    soon = next_working_day(context.today, lands)
    label = "Morgen" if soon == context.today + DAY else "Nächster Arbeitstag"
    later = (quick_day(label, working_day_from(context.today + days * DAY, lands)) for label, days in ahead)
    return (quick_day(label, soon), *later)


def _check_day(value: Answer, answers: Answers, context: Context) -> str | None:
    day = dt.date.fromisoformat(str(value))
    if day < context.today:
        return f"Der {words.day(day)} ist vorbei; eine Wiedervorlage liegt heute oder später."
    latest = last_day(context.today)
    return f"Der Tag darf höchstens der {words.day(latest)} sein." if day > latest else None


def _check_subject(value: Answer, answers: Answers, context: Context) -> str | None:
    try:
        own.check_subject(str(value))
    except Refused as error:
        return error.reasons[0][1]
    return None


def _refuse(context: Context) -> str | None:
    return None if context.own else "In diesem Fall ist keine eigene Wiedervorlage offen."


def _of_named(kind: type[wishes.FinishOwn | wishes.MoveOwn]) -> Callable[[Answers, Context], Any]:
    """A wish about those chosen, or the only one."""
    return lambda answers, context: make(
        kind, {**answers, "follow_ups": answers.get("follow_ups") or [value for value, _ in context.own]}
    )


DUE_ON = Step(key="due_on", question="Für welchen Tag?", kind="date", choices=_days, check=_check_day, joined=True)
WHICH = Step(
    key="follow_ups",
    question="Welche?",
    kind="multiple",
    choices=lambda context: tuple(Choice(value=value, label=label) for value, label in context.own),
    condition=lambda answers, context: len(context.own) > 1,
)

SET = Dialogue(
    name="own",
    title="Eigene Wiedervorlage",
    action=Action.RECORD,
    subject=Subject.NEW,
    button="Wiedervorlage",
    in_case=True,
    in_message=InMessage(words="Wiedervorlage…", not_at=frozenset({"own"})),
    typed=Typed(("own",), "due_on"),
    wish=lambda answers, context: make(wishes.SetOwn, {**answers, "follow_up": context.subject}),
    steps=(
        Step(
            key="subject",
            question="Woran möchten Sie erinnert werden?",
            kind="line",
            hint=f"Wenige Worte genügen. {NO_HEALTH_DATA}",
            check=_check_subject,
        ),
        DUE_ON,
    ),
    direct=True,
    answers=False,
)

DONE = Dialogue(
    name="own-done",
    title="Wiedervorlage erledigt",
    action=Action.RECORD,
    subject=Subject.OWN,
    button="Erledigt",
    in_case=False,
    in_message=InMessage("own-done"),
    typed=None,
    refuse=_refuse,
    wish=_of_named(wishes.FinishOwn),
    steps=(WHICH,),
    direct=True,
)

MOVE = Dialogue(
    name="own-move",
    title="Wiedervorlage auf einen anderen Tag",
    action=Action.RECORD,
    subject=Subject.OWN,
    button="Anderer Tag…",
    in_case=False,
    in_message=InMessage("own-move", at_hand=True),
    typed=None,
    refuse=_refuse,
    wish=_of_named(wishes.MoveOwn),
    steps=(WHICH, DUE_ON),
    direct=True,
)
