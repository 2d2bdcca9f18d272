"""What a list of stays asks for when it asks for a length: full calendar months or days."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from domain.periods import DAY, add_months
from services.questions.typed import thousands

MOST = {"m": 1_200, "d": 36_500}
_FORM = re.compile(r"([0-9]+)([md]?)", re.ASCII)


class Over(NamedTuple):
    """A length of stay: at least so many full calendar months (`m`), or more than so many days (`d`)."""

    length: int
    unit: str


def read(text: str, unit: str = "") -> Over:
    """12m or 365d; `unit`: what a number alone means. Raises ValueError with a German sentence."""
    found = _FORM.fullmatch(text.strip())
    unit = found[2] or unit if found else ""
    if found is None or not unit:
        raise ValueError(f"„{text[:40]}“ ist keine Dauer wie 12m (volle Monate) oder 365d (Tage).")
    if len(found[1]) > 5 or int(found[1]) > MOST[unit]:
        most = f"{thousands(MOST['m'])} volle Monate oder {thousands(MOST['d'])} Tage"
        raise ValueError(f"„{text[:40]}“ ist zu lang; möglich sind höchstens {most}.")
    return Over(int(found[1]), unit)


def written(asked: Over) -> str:
    """What `read` takes."""
    return f"{asked.length}{asked.unit}"


def reached(asked: Over, since: dt.date, days: int) -> bool:
    """Whether a stay that began on `since` and counts so many days is as long; deducted days do not count."""
    if asked.unit == "d":
        return days > asked.length
    return add_months(since, asked.length) <= since + days * DAY
