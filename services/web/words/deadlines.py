"""How long something has waited or may still wait, in the few words of a line."""

from __future__ import annotations

import datetime as dt

from markupsafe import Markup

from domain.calendar import Lands
from services.questions.in_time import is_late
from services.web.words import dates


def urgency(last: dt.date, due: dt.date, day: dt.date, lands: Lands) -> tuple[Markup | str, bool]:
    """How something stands that was in time until its last day, in words, and whether it is late."""
    late = is_late(last, day, lands)
    return overdue((day - last).days) if late else left(last, due, day), late


def overdue(days: int) -> str:
    """Days behind the last one in time."""
    return f"{dates.span(days)} überfällig"


def left(last: dt.date, due: dt.date, day: dt.date) -> Markup:
    """What is not overdue on a day: it was `due` from a day on, and is in time until `last`, which lies no earlier."""
    days = (last - day).days
    if days > 0:
        return Markup("Frist morgen") if days == 1 else Markup("Frist in {}").format(dates.span(days, "n"))
    return Markup("Frist heute") if last > due else coming(due) if due != day else Markup("heute fällig")


def coming(due: dt.date) -> Markup:
    """A day on which something becomes due, or became due where none is a working day since."""
    return Markup("fällig {}").format(dates.short_day(due))


def waits(since: dt.date) -> Markup:
    """The day since which something waits for an answer."""
    return Markup("wartet seit {}").format(dates.short_day(since))


def put_off(until: dt.date) -> Markup:
    """The day until which something is put off."""
    return Markup("bis {}").format(dates.short_day(until))
