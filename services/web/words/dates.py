"""How days, moments and numbers are written for people: TT.MM.JJJJ, with weekday where somebody has to act."""

from __future__ import annotations

import datetime as dt

from markupsafe import Markup

from domain import moments
from domain.periods import BERLIN, OPEN
from notifications.render import IN_YEARS

DAYS_OF_A_MONTH = 365.25 / 12
WEEKDAYS = ("Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So.")


def plain(value: dt.date) -> str:
    """A day as TT.MM.JJJJ; an open end as "offen"."""
    return "offen" if value == OPEN else f"{value.day:02}.{value.month:02}.{value.year}"


def with_weekday(value: dt.date) -> str:
    """A day as "Do., 26.11.2026"."""
    return f"{WEEKDAYS[value.weekday()]}, {plain(value)}"


def day(value: dt.date | None) -> Markup:
    """A day as a time element; nothing as a dash."""
    if value is None:
        return Markup("–")
    if value == OPEN:
        return Markup("offen")
    return _time(value.isoformat(), plain(value))


def act_day(value: dt.date) -> Markup:
    """A day on which somebody has to act, with its weekday."""
    return _time(value.isoformat(), with_weekday(value))


def short_day(value: dt.date) -> Markup:
    """A day near today on which somebody has to act: "Do., 26.11."."""
    return _time(value.isoformat(), f"{WEEKDAYS[value.weekday()]}, {value.day:02}.{value.month:02}.")


def typed(value: str) -> str:
    """What a field for a day holds: a day of a program as TT.MM.JJJJ, what a person typed as it was typed."""
    try:
        return plain(moments.day(value))
    except ValueError:
        return value


def moment(value: dt.datetime) -> Markup:
    """A moment in local time as "20.11.2026, 08:15"."""
    local = value.astimezone(BERLIN)
    text = f"{plain(local.date())}, {local:%H:%M}"
    return _time(local.isoformat(timespec="seconds"), text)


def clock(value: dt.datetime) -> Markup:
    """The local time of a moment as "08:15"."""
    local = value.astimezone(BERLIN)
    return _time(local.isoformat(timespec="minutes"), f"{local:%H:%M}")


def _time(for_programs: str, for_people: str) -> Markup:
    """Digits, points and days of the week, in which there is nothing to escape: a long list has hundreds."""
    return Markup(f'<time datetime="{for_programs}">{for_people}</time>')


def recorded(value: dt.datetime) -> Markup:
    """The local day of a moment."""
    return day(value.astimezone(BERLIN).date())


def number(value: float) -> str:
    """A number with a decimal comma and a point between thousands."""
    if isinstance(value, int) or value == int(value):
        return f"{int(value):,}".replace(",", ".")
    return f"{value:,.1f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def money(cents: int) -> str:
    """An amount as it is written in Euro: points between thousands, a comma, two digits."""
    return f"{number(cents // 100)},{cents % 100:02}"


def days(value: int | None, ending: str = "") -> str:
    """A number of days with its unit, with the ending "n" behind "vor" and "in"; nothing as a dash."""
    if value is None:
        return "–"
    return "1 Tag" if value == 1 else f"{number(value)} Tage{ending}"


def stay(value: int | None) -> str:
    """How long something lasts, in days with their unit; from two years on in years and months, the days behind."""
    said = span(value)
    return said if said == days(value) else f"{said} ({days(value)})"


def span(value: int | None, ending: str = "") -> str:
    """The same in few words: from two years on without the days, with the ending "n" behind "vor" and "in".

    A month is the twelfth of 365.25 days, since deducted days lie in no calendar.
    """
    months = int((value + 1) / DAYS_OF_A_MONTH) if value is not None else 0
    if months < IN_YEARS:
        return days(value, ending)
    years, rest = divmod(months, 12)
    said = [f"{years} Jahre{ending}", *(["1 Monat"] if rest == 1 else [f"{rest} Monate{ending}"] * bool(rest))]
    return ", ".join(said)


def ago(value: int) -> str:
    """How many days ago something was."""
    return f"vor {span(value, 'n')}" if value else "heute"
