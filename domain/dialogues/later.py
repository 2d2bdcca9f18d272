"""The dialogues about follow-ups themselves: put off, or said to be wrong (Fachkonzept 3.1 no. 9, 2.8)."""

from __future__ import annotations

import datetime as dt

from domain import words
from domain.actions import Action
from domain.decisions import wishes
from domain.decisions.matter import MINIMUM
from domain.dialogues.parts import NO_HEALTH_DATA, make, quick_day
from domain.dialogues.row import Answer, Answers, Choice, Context, Dialogue, InMessage, Step, Subject, Typed
from domain.followups import SNOOZE_DAYS
from domain.office import deferrals
from domain.periods import DAY


def _later_days(context: Context) -> tuple[Choice, ...]:
    return tuple(
        quick_day(label, context.today + days * DAY)
        for label, days in (("1 Woche", 7), ("2 Wochen", 14), ("4 Wochen", 28))
    )


def _check_later(value: Answer, answers: Answers, context: Context) -> str | None:
    day = dt.date.fromisoformat(str(value))
    if not context.today < day <= context.today + SNOOZE_DAYS * DAY:
        last = words.day(context.today + SNOOZE_DAYS * DAY)
        return f"Zurückstellen geht von morgen bis höchstens {SNOOZE_DAYS} Tage, also bis {last}."
    return None


def _reasons(context: Context) -> tuple[Choice, ...]:
    offered = deferrals.offered(context.settings, context.today)
    return tuple(Choice(value=code, label=label) for code, label in offered.items())


LATER = Dialogue(
    name="later",
    title="Später",
    action=Action.SNOOZE,
    subject=Subject.FOLLOW_UPS,
    button="Später…",
    in_case=False,
    in_message=InMessage("later"),
    typed=Typed(("later",), "until"),
    refuse=lambda context: None if context.subject else "In diesem Fall ist heute nichts offen.",
    wish=lambda answers, context: make(wishes.Snooze, {**answers, "followups": context.subject.split(",")}),
    steps=(
        Step(
            key="until",
            question="Bis wann zurückstellen?",
            kind="date",
            choices=_later_days,
            check=_check_later,
            default=lambda context: (context.today + 7 * DAY).isoformat(),
        ),
        Step(key="reason", question="Warum?", kind="choices", choices=_reasons, joined=True),
    ),
    direct=True,
)


DISPUTE = Dialogue(
    name="dispute",
    title="Das stimmt nicht",
    action=Action.SNOOZE,
    subject=Subject.FOLLOW_UPS,
    button="Das stimmt nicht",
    in_case=False,
    in_message=InMessage(),
    typed=Typed(("dispute",)),
    refuse=lambda context: None if context.subject else "In diesem Fall ist heute nichts offen.",
    wish=lambda answers, context: make(wishes.Dispute, {**answers, "followups": context.subject.split(",")}),
    steps=(
        Step(
            key="reason",
            question="Was stimmt nicht?",
            kind="text",
            hint=f"Führungskraft und QS lesen das; die Aufgabe bleibt, bis ein Eintrag sie erledigt. {NO_HEALTH_DATA}",
            minimum=MINIMUM,
        ),
    ),
    direct=True,
    answers=False,
)
