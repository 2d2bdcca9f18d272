"""The dialogues of a handover: offer, accept, reject, take back (Fachkonzept 5.3)."""

from __future__ import annotations

from domain import words
from domain.actions import Action
from domain.decisions import wishes
from domain.decisions.matter import MINIMUM
from domain.dialogues.engine import text_of
from domain.dialogues.parts import NO_HEALTH_DATA, fixed, make
from domain.dialogues.row import Answers, Choice, Context, Dialogue, InMessage, Step, Subject, Typed

BETWEEN = "|"  # in the value of a choice: unit, area and person


def receiver(question: str) -> Step:
    """Who may have the case, found by typing; the answer is unit, area and person."""
    return Step(
        key="to",
        question=question,
        kind="choices",
        choices=_people,
        typed=True,
        hint="Name, Einheit oder Bereich, auch der Anfang davon.",
    )


def _people(context: Context) -> tuple[Choice, ...]:
    return tuple(Choice(value=value, label=label) for value, label in context.people)


def _offer(answers: Answers, context: Context) -> wishes.HandOver:
    unit, area, worker = text_of(answers, "to").split(BETWEEN, 2)
    to = {"to_worker": worker, "to_unit": unit, "to_area": area}
    return make(wishes.HandOver, {key: value for key, value in answers.items() if key != "to"} | to)


def _differs(answers: Answers, context: Context) -> bool:
    return "strategy" in answers and answers["strategy"] != context.offered


def _waits(context: Context) -> str | None:
    return None if context.offered else "In diesem Fall wartet keine Übergabe."


def _reason(question: str) -> Step:
    return Step(key="reason", question=question, kind="text", hint=NO_HEALTH_DATA, minimum=MINIMUM)


OFFER = Dialogue(
    name="handover",
    title="Übergeben",
    action=Action.HAND_OVER,
    subject=Subject.CASE,
    button="Übergeben",
    in_case=True,
    in_message=InMessage("handover", at_hand=True),
    typed=Typed(("hand-over",)),
    refuse=lambda context: "Eine Übergabe wartet schon auf Annahme." if context.offered else None,
    wish=_offer,
    people=True,
    steps=(
        receiver("Wer soll den Fall übernehmen?"),
        Step(
            key="reason",
            question="Was sollte die neue Fachkraft wissen?",
            kind="text",
            hint=f"Kann leer bleiben. {NO_HEALTH_DATA}",
            required=False,
        ),
        Step(
            key="intended_strategy",
            question="Welche Handlungsstrategie ist vorgesehen?",
            kind="choices",
            choices=fixed(words.STRATEGIES),
            hint="Balken und Zuständigkeit bleiben, wie sie sind, bis die Übergabe angenommen ist.",
            joined=True,
        ),
    ),
)

ACCEPT = Dialogue(
    name="accept-handover",
    title="Übergabe annehmen",
    action=Action.RECEIVE,
    subject=Subject.HANDOVER,
    button="Übergabe annehmen",
    in_case=True,
    in_message=None,
    typed=None,
    refuse=_waits,
    wish=lambda answers, context: make(
        wishes.AcceptHandover, {**answers, "briefing_done": answers["briefing_done"] == "yes"}
    ),
    steps=(
        Step(
            key="strategy",
            question="Mit welcher Handlungsstrategie?",
            kind="choices",
            choices=fixed(words.STRATEGIES),
            default=lambda context: context.offered or "",
        ),
        Step(
            key="briefing_done",
            question="Hat die bisherige Fachkraft Sie in den Fall eingewiesen?",
            kind="choices",
            choices=fixed({"yes": "Ja", "no": "Nein"}),
            joined=True,
        ),
        Step(
            key="reason",
            question="Warum eine andere Handlungsstrategie als vorgesehen?",
            kind="text",
            hint=NO_HEALTH_DATA,
            minimum=MINIMUM,
            condition=_differs,
        ),
    ),
)

REJECT = Dialogue(
    name="reject-handover",
    title="Übergabe ablehnen",
    action=Action.RECEIVE,
    subject=Subject.HANDOVER,
    button="Übergabe ablehnen",
    in_case=True,
    in_message=None,
    typed=None,
    refuse=_waits,
    wish=lambda answers, context: make(wishes.RejectHandover, answers),
    steps=(_reason("Warum wird die Übergabe abgelehnt?"),),
)

WITHDRAW = Dialogue(
    name="withdraw-handover",
    title="Übergabe zurücknehmen",
    action=Action.HAND_OVER,
    subject=Subject.HANDOVER,
    button="Übergabe zurücknehmen",
    in_case=True,
    in_message=None,
    typed=None,
    refuse=_waits,
    wish=lambda answers, context: make(wishes.WithdrawHandover, answers),
    steps=(_reason("Warum wird die Übergabe zurückgenommen?"),),
)
