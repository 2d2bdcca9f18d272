"""The dialogues about appointments: what became of one, plan and invite (Fachkonzept 3.2 R-14, 3.3)."""

from __future__ import annotations

import datetime as dt

from domain import words
from domain.actions import Action
from domain.calendar import working_day_from
from domain.decisions import wishes
from domain.decisions.matter import LATE_DAYS, MINIMUM
from domain.dialogues.parts import NO_HEALTH_DATA, fixed, make, quick_day
from domain.dialogues.row import Answer, Answers, Choice, Context, Dialogue, InMessage, Step, Subject, Typed
from domain.facts.base import CODE_LENGTH
from domain.office import land
from domain.periods import DAY

WANTED = frozenset(
    {
        *("first-appointment", "missing", "six-weeks", "invite", "six-months", "necessity"),
        *("cause", "decision", "second", "third", "no-contact", "interval", "graduate"),
    }
)
PLACE = "Zum Beispiel Raum 2.14; ohne Namen von Kundinnen und Kunden."


def _late(answers: Answers, context: Context) -> bool:
    if answers.get("status") not in ("held", "missed") or context.subject_on is None:
        return False
    return context.subject_on < context.today - LATE_DAYS * DAY


def _moved(answers: Answers, context: Context) -> bool:
    return answers.get("status") == "rescheduled"


def _check_ahead(value: Answer, answers: Answers, context: Context) -> str | None:
    if dt.date.fromisoformat(str(value)) < context.today:
        return "Der Tag darf nicht in der Vergangenheit liegen."
    return None


def _check_place(value: Answer, answers: Answers, context: Context) -> str | None:
    return words.too_long(str(value), CODE_LENGTH)


def _week_days(context: Context) -> tuple[Choice, ...]:
    """Working days alone: what falls on another is put on the next."""
    ahead = (("1 Woche", 7), ("2 Wochen", 14))
    lands = land.lands(context.settings)
    return tuple(quick_day(label, working_day_from(context.today + days * DAY, lands)) for label, days in ahead)


STATUS = Dialogue(
    name="appointment-status",
    title="Termin klären",
    action=Action.RECORD,
    subject=Subject.APPOINTMENT,
    button="Termin klären",
    in_case=False,
    in_message=None,
    typed=Typed(("held", "missed", "cancelled")),
    wish=lambda answers, context: make(wishes.SetAppointmentStatus, {**answers, "appointment": context.subject}),
    steps=(
        Step(key="status", question="Was wurde aus dem Termin?", kind="choices", choices=fixed(words.STATUSES)),
        Step(
            key="good_cause",
            question="Gab es einen wichtigen Grund?",
            kind="choices",
            choices=fixed(words.GOOD_CAUSES),
            condition=lambda answers, context: answers.get("status") == "missed",
        ),
        Step(
            key="time",
            question="Um wie viel Uhr?",
            kind="time",
            required=False,
            hint="Ohne Angabe ist die Uhrzeit wieder offen.",
            condition=_moved,
        ),
        Step(
            key="on",
            question="Auf welchen Tag ist er verlegt?",
            kind="date",
            choices=_week_days,
            check=_check_ahead,
            joined=True,
            condition=_moved,
        ),
        Step(
            key="late_reason",
            question="Warum wird das erst jetzt erfasst?",
            kind="text",
            hint=f"Der Termin liegt mehr als {LATE_DAYS} Tage zurück. {NO_HEALTH_DATA}",
            minimum=MINIMUM,
            condition=_late,
        ),
    ),
)

PLAN = Dialogue(
    name="plan",
    title="Termin planen",
    action=Action.RECORD,
    subject=Subject.NEW,
    button="Termin + Einladung",
    in_case=True,
    in_message=InMessage("plan", words="Termin planen", at=WANTED),
    typed=Typed(("plan", "invite"), "on"),
    wish=lambda answers, context: make(
        wishes.PlanAppointment,
        {**answers, "appointment": context.subject, "invited": answers["invited"] == "yes"},
    ),
    steps=(
        Step(
            key="time",
            question="Um wie viel Uhr?",
            kind="time",
            required=False,
            hint="Zum Beispiel 10:30. Sie kann offen bleiben.",
        ),
        Step(key="place", question="Wo?", kind="line", required=False, hint=PLACE, check=_check_place, joined=True),
        Step(
            key="channel",
            question="Wie findet er statt?",
            kind="choices",
            choices=fixed(words.CHANNELS),
            joined=True,
            default=lambda context: "personal",
        ),
        Step(
            key="invited",
            question="Und die Einladung?",
            kind="choices",
            choices=fixed({"letter": "Schreiben", "yes": "Ist heute hinaus", "no": "Keine"}),
            joined=True,
            default=lambda context: "letter",
        ),
        Step(key="on", question="An welchem Tag?", kind="date", choices=_week_days, check=_check_ahead, joined=True),
    ),
)
