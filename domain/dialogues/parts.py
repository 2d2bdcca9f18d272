"""What several dialogues are made of: fixed choices, quick days, the question why something comes late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from msgspec import convert

from domain.decisions.matter import LATE_DAYS, MINIMUM
from domain.decisions.wishes import RecordFact, RecordFacts, Said
from domain.dialogues.engine import day_of
from domain.dialogues.row import Answer, Answers, Choice, Context, Step
from domain.periods import DAY

CRITERION = (
    "Bewegt die aktuelle Förderung die Kundin/den Kunden erkennbar in Richtung Arbeitsaufnahme? "
    "Woran ist das zu erkennen?"
)
NO_HEALTH_DATA = "Bitte keine Angaben zur Gesundheit machen."

W = TypeVar("W")


def make(kind: type[W], fields: Mapping[str, Any]) -> W:
    """A wish from checked answers by name; what was not answered is left out."""
    return convert({name: value for name, value in fields.items() if value not in ("", None)}, kind)


def facts(*said: Said | None) -> RecordFacts:
    """The wish for what the answers make, in this order."""
    return RecordFacts(facts=[one for one in said if one is not None])


def fact(name: str, on: dt.date, answers: Answers, **data: Any) -> RecordFact:
    """A fact by its stored name; `data` is what it says, without what is empty, with the reason if it comes late."""
    late = {"late_reason": answers["late_reason"]} if "late_reason" in answers else {}
    given = {key: value for key, value in data.items() if value not in ("", None)}
    return RecordFact(name=name, on=on, data=given | late)


def fixed(labels: Mapping[str, str]) -> Callable[[Context], tuple[Choice, ...]]:
    """The same choices in every case."""
    choices = tuple(Choice(value=value, label=label) for value, label in labels.items())
    return lambda context: choices


def today(context: Context) -> str:
    """The default of a day that is mostly today."""
    return context.today.isoformat()


def quick_day(label: str, value: dt.date) -> Choice:
    """A button for a day, with the day on it, e.g. "3 Monate: 20.02."."""
    return Choice(value=value.isoformat(), label=f"{label}: {value:%d.%m.%Y}")


def past_days(context: Context) -> tuple[Choice, ...]:
    """Quick days for what has mostly just happened."""
    return quick_day("heute", context.today), quick_day("gestern", context.today - DAY)


def check_not_future(value: Answer, answers: Answers, context: Context) -> str | None:
    """Refuses a day that is still to come."""
    if dt.date.fromisoformat(str(value)) > context.today:
        return "Dieser Tag liegt in der Zukunft."
    return None


def happened(question: str) -> Step:
    """The day on which something happened, mostly today."""
    return Step(key="on", question=question, kind="date", choices=past_days, check=check_not_future, default=today)


def idle_text(key: str, question: str, of: str, condition: Callable[[Answers, Context], bool]) -> Step:
    """A text that one choice on the same screen asks for; `of`: what that choice says."""
    return Step(
        key=key,
        question=question,
        kind="text",
        hint=f"Nur zu „{of}“, mindestens {MINIMUM} Zeichen. {NO_HEALTH_DATA}",
        minimum=MINIMUM,
        joined=True,
        idle=f"Bitte auch „{of}“ wählen oder dieses Feld leeren.",
        condition=condition,
    )


def late_step() -> Step:
    """Asked when the day of the step `on` lies more than 14 days back (Fachkonzept 2.0)."""
    return Step(
        key="late_reason",
        question="Warum wird das erst jetzt erfasst?",
        kind="text",
        hint=f"Der Tag liegt mehr als {LATE_DAYS} Tage zurück. {NO_HEALTH_DATA}",
        minimum=MINIMUM,
        condition=lambda answers, context: day_of(answers, "on") < context.today - LATE_DAYS * DAY,
    )
