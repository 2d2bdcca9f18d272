"""The dialogues about what does not go together: field and bar apart, two bars at once (Fachkonzept 3.2 R-16)."""

from __future__ import annotations

import datetime as dt

from domain import words
from domain.actions import Action
from domain.decisions import wishes
from domain.dialogues.engine import day_of, text_of
from domain.dialogues.parts import fact, facts, happened, late_step, make
from domain.dialogues.row import Answer, Answers, Choice, Context, Dialogue, InMessage, Step, Subject, Typed

WITHDRAW, MOVE = "withdraw", "move"  # what ends that two bars run at once
TWO_BARS = "Zwei Balken liefen zugleich."


def _apart(context: Context) -> str | None:
    if not context.strategy or not context.field:
        return "Feld und Balken lassen sich nur vergleichen, wenn beide etwas sagen."
    return "Feld und Balken sagen dasselbe." if context.strategy == context.field else None


def _both(context: Context) -> tuple[Choice, ...]:
    said = (("bar", "Balken", context.strategy, context.since), ("field", "Feld", context.field, context.field_since))
    return tuple(
        Choice(value=value, label=f"{words.STRATEGIES[strategy]} ({name} seit {words.day(since)})")
        for value, name, strategy, since in said
        if strategy and since
    )


def _check_right(value: Answer, answers: Answers, context: Context) -> str | None:
    on = day_of(answers, "on")
    since = context.since if value == "field" else context.field_since
    if since is None or on > since or (on == since and value == "bar"):
        return None
    name = "Der Balken" if value == "field" else "Das Feld"
    return f"{name} sagt das erst seit dem {words.day(since)}. Bitte einen späteren Tag wählen."


def _right(answers: Answers, context: Context) -> wishes.Wish:
    if answers["right"] == "field":
        said = {key: value for key, value in answers.items() if key != "right"}
        return make(wishes.ChangeStrategy, {**said, "strategy": context.field})
    return facts(fact("strategy-field-changed", day_of(answers, "on"), answers, strategy=context.strategy))


def _one_bar(answers: Answers, context: Context) -> wishes.Wish:
    what, target, *on = text_of(answers, "right").split(":")
    if what == MOVE:
        return wishes.CorrectFact(target=target, on=dt.date.fromisoformat(on[0]), reason=TWO_BARS)
    return wishes.WithdrawFact(target=target, reason=TWO_BARS)


RIGHT = Dialogue(
    name="field-or-bar",
    title="Feld oder Balken richtigstellen",
    action=Action.RECORD,
    subject=Subject.CASE,
    button="Richtige Strategie wählen",
    in_case=False,
    in_message=InMessage("field", told="apart"),
    typed=Typed(("field",), "on"),
    refuse=_apart,
    wish=_right,
    behind=True,
    steps=(
        happened("Ab welchem Tag soll beides dasselbe sagen?"),
        Step(
            key="right",
            question="Welche Handlungsstrategie gilt?",
            kind="choices",
            choices=_both,
            check=_check_right,
            joined=True,
        ),
        late_step(),
    ),
)

OVERLAP = Dialogue(
    name="two-bars",
    title="Zwei Balken richtigstellen",
    action=Action.CORRECT,
    subject=Subject.CASE,
    button="Richtigen Balken wählen",
    in_case=False,
    in_message=InMessage("two-bars", told="both"),
    typed=None,
    refuse=lambda context: None if context.overlap else "Es laufen keine zwei Balken zugleich.",
    wish=_one_bar,
    steps=(
        Step(
            key="right",
            question="Was gilt?",
            kind="choices",
            choices=lambda context: tuple(Choice(value=value, label=label) for value, label in context.overlap),
        ),
    ),
)
