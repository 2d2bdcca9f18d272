"""The dialogue about a telephone call: one choice, today unless another day is said (Fachkonzept 2.4)."""

from __future__ import annotations

from typing import NamedTuple

from domain.actions import Action
from domain.decisions import wishes
from domain.decisions.wishes import Wish
from domain.dialogues.engine import day_of, text_of
from domain.dialogues.parts import fixed, late_step, make, today
from domain.dialogues.row import Answer, Answers, Context, Dialogue, Step, Subject, Typed
from domain.periods import DAY


class _Call(NamedTuple):
    """Who called whom, and whether they spoke."""

    label: str
    direction: str
    outcome: str


CALLS = {
    "reached": _Call("Angerufen, erreicht", "out", "reached"),
    "not-reached": _Call("Angerufen, nicht erreicht", "out", "not-reached"),
    "called": _Call("Anruf von der Kundin/dem Kunden", "in", "reached"),
}


def _wish(answers: Answers, context: Context) -> Wish:
    call = CALLS[text_of(answers, "call")]
    said = {key: value for key, value in answers.items() if key != "call"}
    return make(
        wishes.RecordContact, {**said, "channel": "phone", "direction": call.direction, "outcome": call.outcome}
    )


def _check_past(value: Answer, answers: Answers, context: Context) -> str | None:
    ahead = day_of({"on": value}, "on") >= context.today + DAY
    return "Ein Telefonat lässt sich nur eintragen, wenn es schon war." if ahead else None


CALL = Dialogue(
    name="call",
    title="Telefonat",
    action=Action.RECORD,
    subject=Subject.CASE,
    button="Telefonat heute",
    in_case=True,
    in_message=None,
    typed=Typed(("call",), "on"),
    wish=_wish,
    steps=(
        Step(key="on", question="Wann?", kind="date", check=_check_past, default=today),
        Step(
            key="call",
            question="Wie war es?",
            kind="choices",
            choices=fixed({key: one.label for key, one in CALLS.items()}),
            joined=True,
        ),
        late_step(),
    ),
    direct=True,
    behind=True,
)
