"""Days and moments as addresses carry them: JJJJ-MM-TT, TT.MM.JJJJ, or a moment with an offset."""

from __future__ import annotations

import datetime as dt

from domain.decisions.refusal import Refused
from domain.periods import end_of_day
from services.questions import typed as reading


def day_of(field: str, typed: str | None) -> dt.date | None:
    """The day; None for nothing. Raises `Refused` with the field."""
    if not typed or not typed.strip():
        return None
    try:
        return reading.day(typed)
    except ValueError:
        sentence = "Diesen Tag gibt es nicht; erwartet wird JJJJ-MM-TT oder TT.MM.JJJJ."
        raise Refused([(field, sentence)]) from None


def moment_of(field: str, typed: str | None) -> dt.datetime | None:
    """The moment; a day means its end, without an offset Europe/Berlin is meant. Raises `Refused` with the field."""
    if not typed or not typed.strip():
        return None
    if len(typed.strip()) <= 10:
        return end_of_day(day) if (day := day_of(field, typed)) else None
    try:
        return reading.moment(typed.strip().replace(" ", "+"))
    except ValueError:
        sentence = "Diesen Zeitpunkt gibt es nicht; erwartet wird z. B. 2020-03-10T10:00:00+01:00."
        raise Refused([(field, sentence)]) from None
