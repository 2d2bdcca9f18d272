"""What several dialogues are made of: fixed choices, quick days, the question why something comes late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from msgspec import convert

from domain.decisions.matter import LATE_DAYS, MINIMUM
from domain.dialogues.engine import day_of
from domain.dialogues.row import Choice, Context, Step
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


def late_step() -> Step:
    """Asked when the day of the step `on` lies more than 14 days back (Fachkonzept 2.0)."""
    return Step(
        key="late_reason",
        question="Warum wird das erst jetzt erfasst?",
        kind="text",
        hint=f"Der Tag liegt mehr als {LATE_DAYS} Tage zurück. {NO_HEALTH_DATA}",
        minimum=MINIMUM,
        condition=lambda answers, context: (
            bool(answers.get("on")) and day_of(answers, "on") < context.today - LATE_DAYS * DAY
        ),
    )
