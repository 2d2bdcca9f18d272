"""How days, moments and codes are written on the command line; what does not fit is said in German."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection
from typing import get_args

import typer

from domain.facts.case import Area, Strategy
from domain.knowledge import Reading
from domain.periods import BERLIN, end_of_day
from services.questions import over

FIRST_YEAR, LAST_YEAR = 1900, 2200
STRATEGIES: tuple[str, ...] = get_args(Strategy)
AREAS: tuple[str, ...] = get_args(Area)
CLOCKS = ("gross", "net")
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def day(text: str) -> dt.date:
    """2020-03-10 or 10.03.2020."""
    found = _day(text)
    if found is None:
        raise typer.BadParameter(f"„{text[:40]}“ ist kein Tag wie 2020-03-10 oder 10.03.2020.")
    return found


def moment(text: str) -> dt.datetime:
    """A day (its end is meant) or 2020-03-10T10:00:00+01:00; without an offset the time in Europe/Berlin."""
    if (found := _day(text)) is not None:
        return end_of_day(found)
    try:
        read = dt.datetime.fromisoformat(text.strip()) if not text.strip().isdigit() else None
    except ValueError:
        read = None
    if read is None or not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise typer.BadParameter(f"„{text[:40]}“ ist kein Zeitpunkt wie 2020-03-10 oder 2020-03-10T10:00:00+01:00.")
    return read if read.tzinfo else read.replace(tzinfo=BERLIN)


def length(text: str) -> over.Over:
    """12m or 365d."""
    try:
        return over.read(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def reading(text: str) -> Reading:
    """arrival or effective-day."""
    return Reading(one_of(list(Reading))(text))


def rule_name(text: str) -> str:
    """R-03."""
    from domain.rules import RULES

    return one_of(RULES)(text)


def one_of(choices: Collection[str]) -> Callable[[str], str]:
    """A parser that takes one of these codes."""

    def parse(text: str) -> str:
        if text not in choices:
            raise typer.BadParameter(f"„{text[:40]}“ gibt es nicht; möglich sind {', '.join(choices)}.")
        return text

    return parse


def _day(text: str) -> dt.date | None:
    text = text.strip()
    try:
        if found := _GERMAN.fullmatch(text):
            read = dt.date(int(found[3]), int(found[2]), int(found[1]))
        elif _ISO.fullmatch(text):
            read = dt.date.fromisoformat(text)
        else:
            return None
    except ValueError:
        return None
    return read if FIRST_YEAR <= read.year <= LAST_YEAR else None
