"""The Textbaustein "Überprüfung der Handlungsstrategie Integration" as steps (Fachkonzept 5.1; QS 2/2020, 3.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from domain import words
from domain.actions import Action
from domain.decisions import wishes
from domain.decisions.extension import LIMIT_MONTHS
from domain.decisions.matter import MINIMUM
from domain.dialogues.engine import day_of
from domain.dialogues.parts import CRITERION, NO_HEALTH_DATA, make, quick_day
from domain.dialogues.row import Answer, Answers, Choice, Context, Dialogue, InMessage, Step, Subject, Typed
from domain.office import checkboxes
from domain.periods import DAY, add_months
from domain.requests import Returned


def _extension_options(context: Context) -> tuple[Choice, ...]:
    offered = checkboxes.offered(context.settings, context.today)
    can = [(code, label) for code, label in offered.items() if code != "employment" or context.employed]
    return tuple(Choice(value=code, label=label) for code, label in can)  # a page offers only what can succeed


def _extension_days(context: Context) -> tuple[Choice, ...]:
    today = context.today
    days = {add_months(today, months): f"{months} Monate" for months in (3, LIMIT_MONTHS)}
    if context.next_level is not None and today + DAY < context.next_level <= max(days):
        days[context.next_level - DAY] = "Ende der 6+6 Monate"  # the last day the nearest lead decides about
    return tuple(quick_day(label, day) for day, label in sorted(days.items()))


def _check_until(value: Answer, answers: Answers, context: Context) -> str | None:
    if dt.date.fromisoformat(str(value)) <= context.today:
        return "Die Verlängerung muss nach dem heutigen Tag enden."
    return None


def _far(answers: Answers, context: Context) -> bool:
    return day_of(answers, "until") > add_months(context.today, LIMIT_MONTHS)


def _question(context: Context) -> str:
    asked = context.returned
    return f"Rückfrage vom {words.weekday_and_day(asked.on)}: {asked.question}" if asked else ""


def _asked_before(context: Context) -> Answers:
    """What was ticked stands; what was written is to be looked at again."""
    asked = context.returned
    if asked is None:
        return {}
    return {"options": asked.options, **({"other_text": asked.other_text} if asked.other_text else {})}


def _before(said: Callable[[Returned], str]) -> Callable[[Context], str]:
    return lambda context: said(context.returned) if context.returned else ""


def _until_before(context: Context) -> str:
    asked = context.returned
    return asked.until.isoformat() if asked and asked.until > context.today else ""


def _refuse(context: Context) -> str | None:
    if context.strategy != "integration":
        return "Eine Verlängerung gibt es nur bei offener Handlungsstrategie Integration."
    if context.pending is not None:
        day = words.day(context.pending)
        return f"Über den Antrag vom {day} ist noch nicht entschieden. Er lässt sich vorher zurückziehen."
    return None


EXTENSION = Dialogue(
    name="extension",
    title="Verlängerung beantragen",
    action=Action.REQUEST,
    subject=Subject.NEW,
    button="Verlängerung beantragen",
    in_case=True,
    in_message=InMessage("extend", at_hand=True, under="integration"),
    typed=Typed(("extend",), "until"),
    refuse=_refuse,
    above=_question,
    given=_asked_before,
    wish=lambda answers, context: make(wishes.RequestExtension, {**answers, "request": context.subject}),
    steps=(
        Step(
            key="options",
            question="Weshalb soll verlängert werden?",
            kind="multiple",
            choices=_extension_options,
        ),
        Step(
            key="other_text",
            question="Was ist mit „sonstiges“ gemeint?",
            kind="text",
            hint=f"Nur zu „sonstiges“. {NO_HEALTH_DATA}",
            minimum=3,
            joined=True,
            idle="Bitte auch „sonstiges“ ankreuzen, oder dieses Feld leeren.",
            condition=lambda answers, context: "other" in answers.get("options", ()),
        ),
        Step(
            key="facts_text",
            question="Kurze Erläuterung vom Sachverhalt?",
            kind="text",
            lead_in=CRITERION,
            hint=f"Mindestens {MINIMUM} Zeichen. {NO_HEALTH_DATA}",
            minimum=MINIMUM,
            default=_before(lambda asked: asked.facts_text),
        ),
        Step(
            key="justification",
            joined=True,
            question="Begründung der Entscheidung?",
            kind="text",
            hint=f"Mindestens {MINIMUM} Zeichen.",
            minimum=MINIMUM,
            default=_before(lambda asked: asked.justification),
        ),
        Step(
            key="until",
            joined=True,
            question="Handlungsstrategie verlängert bis?",
            kind="date",
            choices=_extension_days,
            hint="Höchstens sechs Monate, darüber hinaus nur mit Grund.",
            check=_check_until,
            default=_until_before,
        ),
        Step(
            key="long_reason",
            question="Warum länger als sechs Monate?",
            kind="text",
            hint=NO_HEALTH_DATA,
            minimum=MINIMUM,
            default=_before(lambda asked: asked.long_reason),
            condition=_far,
        ),
    ),
)
