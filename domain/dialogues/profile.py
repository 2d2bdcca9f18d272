"""The dialogues after a measure: profile renewed, Absolventenmanagement (Fachkonzept 3.2 R-26)."""

from __future__ import annotations

from msgspec.structs import replace

from domain.actions import Action
from domain.decisions import wishes
from domain.dialogues import appointment, own
from domain.dialogues.engine import day_of, text_of
from domain.dialogues.parts import NO_HEALTH_DATA, fact, facts, fixed, happened, late_step
from domain.dialogues.row import Answers, Context, Dialogue, InMessage, Step, Subject, Typed

_PLAN = {step.key: step for step in appointment.PLAN.steps}
_OWN = {step.key: step for step in own.SET.steps}


def _goes_on(answers: Answers, context: Context) -> bool:
    return answers.get("next") == "own"


def _reprofile(answers: Answers, context: Context) -> wishes.RecordFacts:
    reprofiled = fact("reprofiled", day_of(answers, "on"), answers, profile=text_of(answers, "profile"))
    return facts(reprofiled, _next_step(answers, context) if _goes_on(answers, context) else None)


def _next_step(answers: Answers, context: Context) -> wishes.RecordFact:
    said = {key: text_of(answers, key) for key in ("due_on", "subject")}
    return fact("own-follow-up-set", context.today, {}, follow_up=context.subject, **said)


def _graduate(answers: Answers, context: Context) -> wishes.RecordFacts:
    profile = text_of(answers, "profile")
    said = {key: text_of(answers, key) for key in ("time", "place", "channel")}
    return facts(
        fact("appointment-planned", day_of(answers, "on"), {}, appointment=context.subject, **said),
        fact("reprofiled", context.today, {}, profile=profile) if profile else None,
    )


REPROFILE = Dialogue(
    name="reprofile",
    title="Profil erneuern",
    action=Action.RECORD,
    subject=Subject.NEW,
    button="Profil erneuert",
    in_case=False,
    in_message=InMessage("reprofile", not_at=frozenset({"graduate"})),
    typed=Typed(("reprofile",), "on"),
    wish=_reprofile,
    behind=True,
    steps=(
        happened("Wann wurde das Profil erneuert?"),
        Step(
            key="next",
            question="Wie geht es weiter?",
            kind="choices",
            choices=fixed({"own": "Nächster Schritt mit Wiedervorlage", "no": "Ohne Wiedervorlage"}),
            default=lambda context: "no",
            joined=True,
        ),
        Step(
            key="profile",
            question="Was hat sich im Profil geändert?",
            kind="text",
            hint=f"Kann leer bleiben. {NO_HEALTH_DATA}",
            required=False,
            joined=True,
        ),
        late_step(),
        replace(_OWN["subject"], question="Was ist der nächste Schritt?", condition=_goes_on),
        replace(own.DUE_ON, condition=_goes_on),
    ),
)

GRADUATE = Dialogue(
    name="graduate",
    title="Absolventenmanagement beginnen",
    action=Action.RECORD,
    subject=Subject.NEW,
    button="Absolventenmanagement",
    in_case=False,
    in_message=InMessage("graduate", at=frozenset({"graduate"})),
    typed=None,
    wish=_graduate,
    steps=(
        *(_PLAN[key] for key in ("time", "place", "channel", "on")),
        Step(
            key="profile",
            question="Was soll nach der Weiterbildung kommen?",
            kind="text",
            lead_in="Das Profil wird damit erneuert.",
            hint=f"Kann leer bleiben. {NO_HEALTH_DATA}",
            required=False,
        ),
    ),
)
