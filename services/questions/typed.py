"""How days, moments, codes and numbers are typed where somebody asks; what does not fit is said in German."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection

from domain import moments
from domain.periods import BERLIN, end_of_day

FIRST, LAST = moments.FIRST, dt.datetime(2200, 12, 31, 23, 59, 59, tzinfo=BERLIN)
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)


def day(text: str) -> dt.date:
    """2020-03-10 or 10.03.2020. Raises ValueError with a German sentence."""
    found = _day(text)
    if found is None:
        raise ValueError(f"„{text[:40]}“ ist kein Tag wie 2020-03-10 oder 10.03.2020.")
    return found


def moment(text: str) -> dt.datetime:
    """A day (its end is meant) or 2020-03-10T10:00:00+01:00; without an offset the time in Europe/Berlin."""
    if (found := _day(text)) is not None:
        return end_of_day(found)
    try:
        read = moments.moment(text.strip())
    except ValueError:
        read = None
    if read is None or not FIRST <= read <= LAST:
        raise ValueError(f"„{text[:40]}“ ist kein Zeitpunkt wie 2020-03-10 oder 2020-03-10T10:00:00+01:00.")
    return read


def one_of(text: str, choices: Collection[str]) -> str:
    """One of these codes. Raises ValueError with a German sentence."""
    if text not in choices:
        raise ValueError(f"„{text[:40]}“ gibt es nicht; möglich sind {', '.join(choices)}.")
    return text


def thousands(value: int) -> str:
    """A whole number with a point between thousands."""
    return f"{value:,}".replace(",", ".")


def number(text: str, most: int) -> int:
    """A whole number from 0 on. Raises ValueError with a German sentence."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or int(text) > most:
        raise ValueError(f"„{text[:40]}“ ist keine ganze Zahl von 0 bis {thousands(most)}.")
    return int(text)


def _day(text: str) -> dt.date | None:
    text = text.strip()
    try:
        if found := _GERMAN.fullmatch(text):
            read = dt.date(int(found[3]), int(found[2]), int(found[1]))
        else:
            read = moments.day(text)
    except ValueError:
        return None
    return read if FIRST.year <= read.year <= LAST.year else None
