"""The dialogues about appointments that are wanted or were missed (Fachkonzept 3.2 R-09, R-13, R-21)."""

from __future__ import annotations

import datetime as dt

from msgspec.structs import replace

from domain import words
from domain.actions import Action
from domain.calendar import working_day_from
from domain.decisions import wishes
from domain.decisions.matter import LATE_DAYS
from domain.dialogues import appointment
from domain.dialogues.engine import day_of, text_of
from domain.dialogues.parts import NO_HEALTH_DATA, fact, facts, fixed, idle_text, late_step, make
from domain.dialogues.row import Answer, Answers, Choice, Context, Dialogue, InMessage, Miss, Step, Subject
from domain.office import land
from domain.periods import DAY

_PLAN = {step.key: step for step in appointment.PLAN.steps}
DECISIONS = {"hearing": "Anhörung", "considered": "Geprüft, noch offen", "waived": "Nicht verfolgt", "later": "Später"}


def _next(answers: Answers, context: Context) -> wishes.RecordFacts:
    said = {key: value for key, value in answers.items() if key != "remind"}
    planned = {**said, "appointment": context.subject, "invited": answers["invited"] == "yes"}
    on = day_of(answers, "on")
    after = working_day_from(on + DAY, land.lands(context.settings))
    remembered = wishes.SetOwn(
        due_on=after, subject=f"Termin vom {words.day(on)}: wahrgenommen?", follow_up=f"{context.subject}-1"
    )
    return facts(make(wishes.PlanAppointment, planned), remembered if answers["remind"] == "yes" else None)


NEXT = Dialogue(
    name="next",
    title="Nächster Termin",
    action=Action.RECORD,
    subject=Subject.NEW,
    button="Nächster Termin",
    in_case=False,
    in_message=InMessage("next"),
    typed=None,
    wish=_next,
    steps=(
        *(_PLAN[key] for key in ("time", "place", "channel", "invited")),
        Step(
            key="remind",
            question="Am Arbeitstag danach erinnern, ob er wahrgenommen wurde?",
            kind="choices",
            choices=fixed({"yes": "Ja", "no": "Nein"}),
            default=lambda context: "yes",
            joined=True,
        ),
        _PLAN["on"],
    ),
)


def _not_needed(answers: Answers, context: Context) -> bool:
    return answers.get("needed") == "no"


def _needed(answers: Answers, context: Context) -> bool:
    return answers.get("needed") == "yes"


def _until_default(context: Context) -> str:
    return context.talk_until.isoformat() if context.talk_until else ""


def _check_until(value: Answer, answers: Answers, context: Context) -> str | None:
    until, latest = dt.date.fromisoformat(str(value)), context.talk_until
    if until <= context.today:
        return "Der Tag muss nach dem heutigen liegen."
    if latest is not None and until > latest:
        return f"Ohne Gespräch geht es höchstens bis {words.day(latest)} (Ende der Maßnahme, sonst acht Wochen)."
    return None


def _necessity(answers: Answers, context: Context) -> wishes.RecordFacts:
    needed, said = answers["needed"] == "yes", {key: text_of(answers, key) for key in ("valid_until", "reason")}
    decided = fact("appointment-necessity-decided", context.today, {}, needed=needed, **said)
    planned = {"appointment": context.subject, "on": answers.get("on"), "time": answers.get("time")}
    return facts(decided, make(wishes.PlanAppointment, planned) if needed else None)


NECESSITY = Dialogue(
    name="necessity",
    title="Gespräch trotz Maßnahme",
    action=Action.RECORD,
    subject=Subject.NEW,
    button="Gespräch nötig?",
    in_case=False,
    in_message=InMessage("necessity"),
    typed=None,
    refuse=lambda context: None if context.talk_until else "Zurzeit läuft keine Maßnahme.",
    wish=_necessity,
    steps=(
        Step(
            key="needed",
            question="Ist trotz der Maßnahme ein Beratungsgespräch nötig?",
            kind="choices",
            choices=fixed({"yes": "Ja, Termin planen", "no": "Nein, vorerst nicht"}),
        ),
        Step(
            key="valid_until",
            question="Bis wann gilt das?",
            kind="date",
            default=_until_default,
            check=_check_until,
            condition=_not_needed,
        ),
        Step(
            key="reason",
            question="Warum nicht?",
            kind="text",
            hint=f"Kann leer bleiben. {NO_HEALTH_DATA}",
            required=False,
            joined=True,
            condition=_not_needed,
        ),
        replace(_PLAN["time"], condition=_needed),
        replace(_PLAN["on"], condition=_needed),
    ),
)


def _misses(context: Context) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=one.appointment, label=f"Termin am {words.weekday_and_day(one.on)}") for one in context.misses
    )


def _chosen(answers: Answers, context: Context) -> Miss | None:
    named = text_of(answers, "appointment")
    if not named and len(context.misses) == 1:
        return context.misses[0]
    return next((one for one in context.misses if one.appointment == named), None)


def _asks_cause(answers: Answers, context: Context) -> bool:
    miss = _chosen(answers, context)
    return miss is not None and not miss.without_cause


def _asks_late(answers: Answers, context: Context) -> bool:
    miss = _chosen(answers, context)
    return miss is not None and not miss.without_cause and miss.on < context.today - LATE_DAYS * DAY


def _asks_decision(answers: Answers, context: Context) -> bool:
    miss = _chosen(answers, context)
    return miss is not None and (miss.without_cause or answers.get("cause") == "no")


def _missed(answers: Answers, context: Context) -> wishes.RecordFacts:
    miss = _chosen(answers, context) or context.misses[0]
    said = {"status": "missed", "good_cause": answers.get("cause"), "late_reason": answers.get("late_reason")}
    told = make(wishes.SetAppointmentStatus, {**said, "appointment": miss.appointment})
    decision, on, about = text_of(answers, "decision"), context.today, miss.appointment
    decided: wishes.RecordFact | None = None
    match decision:
        case "hearing" | "considered":
            decided = fact("sanction-considered", on, {}, appointment=about, step=decision)
        case "waived":
            decided = fact("sanction-waived", on, {}, appointment=about, reason=text_of(answers, "why"))
    return facts(told if "cause" in answers else None, decided)


MISSED = Dialogue(
    name="missed",
    title="Versäumter Termin",
    action=Action.RECORD,
    subject=Subject.CASE,
    button="Grund und Entscheidung",
    in_case=False,
    in_message=InMessage("missed"),
    typed=None,
    refuse=lambda context: None if context.misses else "Zu keinem versäumten Termin ist noch etwas offen.",
    wish=_missed,
    steps=(
        Step(
            key="appointment",
            question="Welcher Termin?",
            kind="choices",
            choices=_misses,
            condition=lambda answers, context: len(context.misses) > 1,
        ),
        replace(late_step(), question="Warum wird der Grund erst jetzt erfasst?", condition=_asks_late),
        Step(
            key="cause",
            question="Gab es einen wichtigen Grund?",
            kind="choices",
            choices=fixed({"yes": "Ja", "no": "Nein"}),
            joined=True,
            condition=_asks_cause,
        ),
        Step(
            key="decision",
            question="Was folgt daraus?",
            kind="choices",
            choices=fixed(DECISIONS),
            condition=_asks_decision,
        ),
        idle_text(
            key="why",
            question="Warum wird es nicht verfolgt?",
            of=DECISIONS["waived"],
            condition=lambda answers, context: answers.get("decision") == "waived",
        ),
    ),
)
