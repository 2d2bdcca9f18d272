"""The dialogues about bars: end, change, choose a strategy, set another bar, still right (Fachkonzept 3.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from domain import words
from domain.actions import Action
from domain.decisions import wishes
from domain.dialogues.parts import (
    CRITERION,
    NO_HEALTH_DATA,
    check_not_future,
    fixed,
    late_step,
    make,
    past_days,
    quick_day,
    today,
)
from domain.dialogues.row import Answer, Answers, Choice, Context, Dialogue, InMessage, Step, Subject, Typed


def _from_today(context: Context) -> tuple[Choice, ...]:
    return (quick_day("heute", context.today),)


def _check_in_bar(value: Answer, answers: Answers, context: Context) -> str | None:
    if context.since is not None and dt.date.fromisoformat(str(value)) < context.since:
        return f"Der Balken beginnt erst am {words.day(context.since)}."
    return None


def _needs_bar(context: Context) -> str | None:
    return None if context.strategy else "Es ist keine Handlungsstrategie offen."


END = Dialogue(
    name="end",
    title="Handlungsstrategie beenden",
    action=Action.RECORD,
    subject=Subject.CASE,
    button="Beenden",
    in_case=True,
    in_message=InMessage("end", at_hand=True),
    typed=Typed(("end",), "on"),
    refuse=_needs_bar,
    wish=lambda answers, context: make(wishes.EndStrategy, {**answers, "closing_bar": answers["closing_bar"] == "yes"}),
    behind=True,
    steps=(
        Step(
            key="on",
            question="Was ist der letzte Tag des Balkens?",
            kind="date",
            choices=past_days,
            check=_check_in_bar,
            default=today,
        ),
        Step(
            key="closing_bar",
            question="Soll am Tag danach der Balken „Abschlussarbeiten“ beginnen?",
            kind="choices",
            choices=fixed({"yes": "Ja", "no": "Nein"}),
            joined=True,
            default=lambda context: "no",
        ),
        Step(
            key="reason",
            question="Warum endet die Handlungsstrategie?",
            kind="choices",
            choices=fixed(words.END_REASONS),
            joined=True,
        ),
        late_step(),
    ),
)


def _other_strategies(context: Context) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=code, label=label) for code, label in words.STRATEGIES.items() if code != context.strategy
    )


def _check_change_day(value: Answer, answers: Answers, context: Context) -> str | None:
    if context.since is not None and dt.date.fromisoformat(str(value)) <= context.since:
        return f"Der neue Balken muss nach dem {words.day(context.since)} beginnen."
    return check_not_future(value, answers, context)


_STRATEGY = Step(
    key="strategy",
    question="Welche Handlungsstrategie gilt künftig?",
    kind="choices",
    choices=_other_strategies,
    joined=True,
)


def _first_day(check: Callable[[Answer, Answers, Context], str | None]) -> Step:
    return Step(key="on", question="Ab welchem Tag?", kind="date", choices=_from_today, check=check, default=today)


CHANGE = Dialogue(
    name="change",
    title="Handlungsstrategie umstellen",
    action=Action.RECORD,
    subject=Subject.CASE,
    button="Umstellen",
    in_case=True,
    in_message=InMessage("change", at_hand=True),
    typed=Typed(("change",), "on"),
    refuse=_needs_bar,
    wish=lambda answers, context: make(wishes.ChangeStrategy, answers),
    behind=True,
    steps=(
        _first_day(_check_change_day),
        _STRATEGY,
        late_step(),
    ),
)

SET = Dialogue(
    name="set",
    title="Handlungsstrategie wählen",
    action=Action.RECORD,
    subject=Subject.CASE,
    button="Strategie wählen",
    in_case=True,
    in_message=InMessage("set-strategy", at=frozenset({"choose-strategy", "no-bar", "closing"}), when_due=True),
    typed=None,
    refuse=lambda context: "Es ist schon eine Handlungsstrategie offen." if context.strategy else None,
    wish=lambda answers, context: make(wishes.SetStrategy, answers),
    behind=True,
    steps=(
        _first_day(check_not_future),
        _STRATEGY,
        late_step(),
    ),
)

OTHER_BAR = Dialogue(
    name="other-bar",
    title="Anderen Balken anlegen",
    action=Action.RECORD,
    subject=Subject.CASE,
    button="Anderen Balken anlegen",
    in_case=False,
    in_message=InMessage("other-bar"),
    typed=None,
    wish=lambda answers, context: make(wishes.SetOtherBar, answers),
    behind=True,
    steps=(
        _first_day(check_not_future),
        Step(key="kind", question="Welcher Balken?", kind="choices", choices=fixed(words.OTHER_BARS), joined=True),
        late_step(),
    ),
)


def _first_of_alg1(context: Context) -> tuple[Choice, ...]:
    return (quick_day("erster ALG-I-Tag", context.alg1_since),) if context.alg1_since else ()


ALG1_BAR = Dialogue(
    name="alg1-bar",
    title="Balken ALG I setzen",
    action=Action.RECORD,
    subject=Subject.CASE,
    button="Balken ALG I setzen",
    in_case=False,
    in_message=InMessage("alg1-bar", at=frozenset({"bar-open"}), when_due=True, until="alg1_to"),
    typed=None,
    refuse=lambda context: None if context.alg1_since else "Es läuft kein ALG I ohne diesen Balken.",
    wish=lambda answers, context: make(wishes.SetOtherBar, {**answers, "kind": "keine-hs-alg1"}),
    behind=True,
    steps=(
        Step(
            key="on",
            question="Ab welchem Tag gilt „keine Handlungsstrategie ALG I“?",
            kind="date",
            choices=_first_of_alg1,
            hint="Ein offener Balken endet am Tag davor.",
            check=check_not_future,
        ),
        late_step(),
    ),
)


def _refuse_confirm(context: Context) -> str | None:
    if context.limit:
        return "Die Regelzeit ist abgelaufen; „weiterhin richtig“ genügt hier nicht mehr."
    return _needs_bar(context)


CONFIRM = Dialogue(
    name="confirm",
    title="Handlungsstrategie weiterhin richtig",
    action=Action.RECORD,
    subject=Subject.CASE,
    button="Weiterhin richtig",
    in_case=False,
    in_message=InMessage("confirm", not_at=frozenset({"limit"}), when_due=True),
    typed=Typed(("confirm",)),
    refuse=_refuse_confirm,
    wish=lambda answers, context: make(wishes.ConfirmStrategy, answers),
    steps=(
        Step(
            key="text",
            question="Woran ist das zu erkennen?",
            kind="text",
            lead_in=CRITERION,
            hint=f"Kann leer bleiben. {NO_HEALTH_DATA}",
            required=False,
        ),
    ),
)
