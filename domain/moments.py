"""How days and moments are read: ISO calendar days, moments cut to microseconds, local ones that there were."""

from __future__ import annotations

import datetime as dt
import re

from domain.periods import BERLIN

FIRST = dt.datetime(1900, 1, 1, tzinfo=BERLIN)  # nothing was recorded before, by the clock of the office
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}:\d{2}(:\d{2})?)?", re.ASCII)
_TOO_FINE = re.compile(r"([.,]\d{6})\d+", re.ASCII)


def day(text: str) -> dt.date:
    """2020-03-10; neither 20200310 nor a week date. Raises ValueError."""
    if not _DAY.fullmatch(text):
        raise ValueError("no calendar day")
    return dt.date.fromisoformat(text)


def moment(text: str) -> dt.datetime:
    """2020-03-10T10:00:00+01:00; without an offset in Europe/Berlin. Raises ValueError, also for 30.03.2025, 02:30."""
    if not _MOMENT.fullmatch(text):
        raise ValueError("no moment")
    read = dt.datetime.fromisoformat(cut(text).replace(",", "."))
    if read.tzinfo:
        return read
    local = read.replace(tzinfo=BERLIN)
    if local.astimezone(dt.UTC).astimezone(BERLIN).replace(tzinfo=None) != read:
        raise ValueError("no local moment: the clocks were put forward")
    return local


def cut(text: str) -> str:
    """A moment without what is finer than a microsecond: rounded it might lie on the next day."""
    return _TOO_FINE.sub(r"\1", text)
