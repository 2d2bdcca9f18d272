"""What a list of stays asks for when it asks for a length: full calendar months or days."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from domain.periods import DAY, add_months

MOST = {"m": 1_200, "d": 36_500}
_FORM = re.compile(r"([0-9]{1,5})([md])", re.ASCII)


class Over(NamedTuple):
    """A length of stay: at least so many full calendar months (`m`), or more than so many days (`d`)."""

    length: int
    unit: str


def read(text: str) -> Over:
    """12m or 365d. Raises ValueError with a German sentence."""
    found = _FORM.fullmatch(text.strip())
    if found is None or int(found[1]) > MOST[found[2]]:
        raise ValueError(f"„{text[:40]}“ ist keine Dauer wie 12m (volle Monate) oder 365d (Tage).")
    return Over(int(found[1]), found[2])


def written(asked: Over) -> str:
    """What `read` takes."""
    return f"{asked.length}{asked.unit}"


def reached(asked: Over, since: dt.date, days: int) -> bool:
    """Whether a stay that began on `since` and counts so many days is as long; deducted days do not count."""
    if asked.unit == "d":
        return days > asked.length
    return add_months(since, asked.length) <= since + days * DAY
