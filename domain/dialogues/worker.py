"""The dialogues of those who work a case: extend, end, change, confirm, later, appointments (domain.md 5.1, 3.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from msgspec import convert

from domain import words
from domain.decisions import wishes
from domain.dialogues.engine import Answer, Answers, Choice, Context, Dialogue, Step, day_of
from domain.periods import DAY, add_months

LATE_DAYS = 14  # recorded more than so many days after its day: a reason is asked for (domain.md 2.0)
SNOOZE_DAYS = 28  # at most (domain.md 3.1 no. 9)
EXTENSION_MONTHS = 6  # further only with a reason (domain.md 5.1)
MINIMUM = 10  # characters of an explanation (domain.md 5.1)

CRITERION = (
    "Bewegt die aktuelle Förderung die Kundin/den Kunden erkennbar in Richtung Arbeitsaufnahme? "
    "Woran ist das zu erkennen?"
)
NO_HEALTH_DATA = "Bitte keine Angaben zur Gesundheit machen."

W = TypeVar("W")


def make(kind: type[W], fields: Mapping[str, Any]) -> W:
    """A wish from checked answers by name; what was not answered is left out."""
    return convert({name: value for name, value in fields.items() if value not in ("", None)}, kind)


def fixed(labels: Mapping[str, str]) -> Callable[[Context], tuple[Choice, ...]]:
    """The same choices in every case."""
    choices = tuple(Choice(value=value, label=label) for value, label in labels.items())
    return lambda context: choices


def quick_day(label: str, value: dt.date) -> Choice:
    """A button for a day, with the day on it, e.g. "3 Monate: 20.02."."""
    return Choice(value=value.isoformat(), label=f"{label}: {value:%d.%m.%Y}")


def _late_step(key: str = "on") -> Step:
    return Step(
        key="late_reason",
        question="Warum wird das erst jetzt erfasst?",
        kind="text",
        hint=f"Der Tag liegt mehr als {LATE_DAYS} Tage zurück. {NO_HEALTH_DATA}",
        minimum=MINIMUM,
        condition=lambda answers, context: (
            bool(answers.get(key)) and day_of(answers, key) < context.today - LATE_DAYS * DAY
        ),
    )


def _extension_options(context: Context) -> tuple[Choice, ...]:
    hint = "" if context.employed else "nur bei einer erfassten laufenden Beschäftigung"
    labels = words.EXTENSION_OPTIONS
    return (
        Choice(value="employment", label=labels["employment"], hint=hint),
        Choice(value="other", label=labels["other"]),
    )


def _check_options(value: Answer, answers: Answers, context: Context) -> str | None:
    if "employment" in value and not context.employed:
        return "Es ist keine laufende Beschäftigung erfasst. Bitte zuerst die Beschäftigung eintragen."
    return None


def _extension_days(context: Context) -> tuple[Choice, ...]:
    today = context.today
    return tuple(quick_day(f"{months} Monate", add_months(today, months)) for months in (3, EXTENSION_MONTHS))


def _check_until(value: Answer, answers: Answers, context: Context) -> str | None:
    if dt.date.fromisoformat(str(value)) <= context.today:
        return "Die Verlängerung muss nach dem heutigen Tag enden."
    return None


def _far(answers: Answers, context: Context) -> bool:
    return bool(answers.get("until")) and day_of(answers, "until") > add_months(context.today, EXTENSION_MONTHS)


def _integration_only(context: Context) -> str | None:
    if context.strategy == "integration":
        return None
    return "Eine Verlängerung gibt es nur bei offener Handlungsstrategie Integration."


EXTENSION = Dialogue(
    name="extension",
    title="Verlängerung beantragen",
    refuse=_integration_only,
    wish=lambda answers, context: make(wishes.RequestExtension, {**answers, "request": context.subject}),
    steps=(
        Step(
            key="options",
            question="Weshalb soll verlängert werden?",
            kind="multiple",
            choices=_extension_options,
            check=_check_options,
        ),
        Step(
            key="other_text",
            question="Was ist mit „sonstiges“ gemeint?",
            kind="text",
            hint=NO_HEALTH_DATA,
            minimum=3,
            condition=lambda answers, context: "other" in answers.get("options", ()),
        ),
        Step(
            key="facts_text",
            question="Kurze Erläuterung vom Sachverhalt?",
            kind="text",
            lead_in=CRITERION,
            hint=f"Mindestens {MINIMUM} Zeichen. {NO_HEALTH_DATA}",
            minimum=MINIMUM,
        ),
        Step(
            key="justification",
            question="Begründung der Entscheidung?",
            kind="text",
            hint=f"Mindestens {MINIMUM} Zeichen. {NO_HEALTH_DATA}",
            minimum=MINIMUM,
        ),
        Step(
            key="until",
            question="Handlungsstrategie verlängert bis?",
            kind="date",
            choices=_extension_days,
            hint="Höchstens sechs Monate, darüber hinaus nur mit Grund.",
            check=_check_until,
        ),
        Step(
            key="long_reason",
            question="Warum länger als sechs Monate?",
            kind="text",
            hint=NO_HEALTH_DATA,
            minimum=MINIMUM,
            condition=_far,
        ),
    ),
)


def _past_days(context: Context) -> tuple[Choice, ...]:
    return quick_day("heute", context.today), quick_day("gestern", context.today - DAY)


def _from_today(context: Context) -> tuple[Choice, ...]:
    return (quick_day("heute", context.today),)


def _check_in_bar(value: Answer, answers: Answers, context: Context) -> str | None:
    if context.since is not None and dt.date.fromisoformat(str(value)) < context.since:
        return f"Der Balken beginnt erst am {words.day(context.since)}."
    return None


def _check_not_future(value: Answer, answers: Answers, context: Context) -> str | None:
    if dt.date.fromisoformat(str(value)) > context.today:
        return "Dieser Tag liegt in der Zukunft."
    return None


def _needs_bar(context: Context) -> str | None:
    return None if context.strategy else "Es ist keine Handlungsstrategie offen."


END = Dialogue(
    name="end",
    title="Handlungsstrategie beenden",
    refuse=_needs_bar,
    wish=lambda answers, context: make(wishes.EndStrategy, {**answers, "closing_bar": answers["closing_bar"] == "yes"}),
    steps=(
        Step(
            key="on",
            question="Was ist der letzte Tag des Balkens?",
            kind="date",
            choices=_past_days,
            check=_check_in_bar,
        ),
        _late_step(),
        Step(
            key="reason",
            question="Warum endet die Handlungsstrategie?",
            kind="choices",
            choices=fixed(words.END_REASONS),
        ),
        Step(
            key="closing_bar",
            question="Soll am Tag danach der Balken „Abschlussarbeiten“ beginnen?",
            kind="choices",
            choices=fixed({"yes": "Ja", "no": "Nein"}),
        ),
    ),
)


def _other_strategies(context: Context) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=code, label=label) for code, label in words.STRATEGIES.items() if code != context.strategy
    )


def _check_change_day(value: Answer, answers: Answers, context: Context) -> str | None:
    if context.since is not None and dt.date.fromisoformat(str(value)) <= context.since:
        return f"Der neue Balken muss nach dem {words.day(context.since)} beginnen."
    return _check_not_future(value, answers, context)


_STRATEGY = Step(
    key="strategy", question="Welche Handlungsstrategie gilt künftig?", kind="choices", choices=_other_strategies
)

CHANGE = Dialogue(
    name="change",
    title="Handlungsstrategie umstellen",
    refuse=_needs_bar,
    wish=lambda answers, context: make(wishes.ChangeStrategy, answers),
    steps=(
        _STRATEGY,
        Step(key="on", question="Ab welchem Tag?", kind="date", choices=_from_today, check=_check_change_day),
        _late_step(),
    ),
)

SET = Dialogue(
    name="set",
    title="Handlungsstrategie wählen",
    refuse=lambda context: "Es ist schon eine Handlungsstrategie offen." if context.strategy else None,
    wish=lambda answers, context: make(wishes.SetStrategy, answers),
    steps=(
        _STRATEGY,
        Step(key="on", question="Ab welchem Tag?", kind="date", choices=_from_today, check=_check_not_future),
        _late_step(),
    ),
)

OTHER_BAR = Dialogue(
    name="other-bar",
    title="Anderen Balken anlegen",
    wish=lambda answers, context: make(wishes.SetOtherBar, answers),
    steps=(
        Step(key="kind", question="Welcher Balken?", kind="choices", choices=fixed(words.OTHER_BARS)),
        Step(key="on", question="Ab welchem Tag?", kind="date", choices=_from_today, check=_check_not_future),
        _late_step(),
    ),
)


def _refuse_confirm(context: Context) -> str | None:
    if context.limit:
        return "Die Regelzeit ist abgelaufen; „weiterhin richtig“ genügt hier nicht mehr."
    return _needs_bar(context)


CONFIRM = Dialogue(
    name="confirm",
    title="Handlungsstrategie weiterhin richtig",
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


LATER = Dialogue(
    name="later",
    title="Später",
    wish=lambda answers, context: make(wishes.Snooze, {**answers, "followups": context.subject.split(",")}),
    steps=(
        Step(key="until", question="Bis wann zurückstellen?", kind="date", choices=_later_days, check=_check_later),
        Step(key="reason", question="Warum?", kind="choices", choices=fixed(words.SNOOZE_REASONS)),
    ),
)
