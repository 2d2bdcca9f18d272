"""Days and moments as addresses carry them: JJJJ-MM-TT, TT.MM.JJJJ, or a moment with an offset."""

from __future__ import annotations

import datetime as dt

from domain.decisions.refusal import Refused
from domain.periods import BERLIN, end_of_day

FIRST_YEAR, LAST_YEAR = 1900, 2200


def day_of(field: str, typed: str | None) -> dt.date | None:
    """The day; None for nothing. Raises `Refused` with the field."""
    if not typed or not typed.strip():
        return None
    text = typed.strip()
    try:
        day = dt.date.fromisoformat("-".join(reversed(text.split("."))) if "." in text else text)
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused([(field, "Diesen Tag gibt es nicht; erwartet wird JJJJ-MM-TT oder TT.MM.JJJJ.")])
    return day


def moment_of(field: str, typed: str | None) -> dt.datetime | None:
    """The moment; a day means its end, without an offset Europe/Berlin is meant. Raises `Refused` with the field."""
    if not typed or not typed.strip():
        return None
    if len(typed.strip()) <= 10:
        day = day_of(field, typed)
        return end_of_day(day) if day else None
    try:
        moment = dt.datetime.fromisoformat(typed.strip().replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Refused([(field, "Diesen Zeitpunkt gibt es nicht; erwartet wird z. B. 2020-03-10T10:00:00+01:00.")])
    return moment if moment.tzinfo else moment.replace(tzinfo=BERLIN)
