"""How days, moments and codes are written on the command line; what does not fit is said in German."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from typing import TypeVar, get_args

import typer

from domain.facts.case import Area, Strategy
from domain.knowledge import Reading
from services.questions import over, typed

T = TypeVar("T")
STRATEGIES: tuple[str, ...] = get_args(Strategy)
AREAS: tuple[str, ...] = get_args(Area)
CLOCKS = ("gross", "net")


def day(text: str) -> dt.date:
    """2020-03-10 or 10.03.2020."""
    return _said(lambda: typed.day(text))


def moment(text: str) -> dt.datetime:
    """A day (its end is meant) or 2020-03-10T10:00:00+01:00; without an offset the time in Europe/Berlin."""
    return _said(lambda: typed.moment(text))


def length(text: str) -> over.Over:
    """12m or 365d."""
    return _said(lambda: over.read(text))


def reading(text: str) -> Reading:
    """arrival or effective-day."""
    return Reading(one_of(list(Reading))(text))


def rule_name(text: str) -> str:
    """R-03."""
    from domain.rules import RULES

    return one_of(RULES)(text)


def delivered(text: str) -> str:
    """A rule that tells somebody singly."""
    from services.questions.introduction import DELIVERED

    return one_of(DELIVERED)(text)


def one_of(choices: Collection[str]) -> Callable[[str], str]:
    """A parser that takes one of these codes."""

    return lambda text: _said(lambda: typed.one_of(text, choices))


def _said(read: Callable[[], T]) -> T:
    try:
        return read()
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
