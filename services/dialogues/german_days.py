"""A day as Germans write it ("30.06.", "Ende Februar", "Montag in zwei Wochen") -> a date, or nothing; no guess."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping

from domain.decisions.matter import YEARS_AHEAD
from domain.periods import DAY, add_months
from domain.words import WEEKDAYS
from notifications import render
from services.dialogues.line import folded

WEEK = dt.timedelta(days=7)
FRIDAY = 4


def _numbered(*names: str, first: int) -> dict[str, int]:
    """Each spelling (separated by blanks) with the number of its place."""
    return {name: number for number, spellings in enumerate(names, first) for name in spellings.split()}


_MONTHS = {
    **_numbered(
        "januar jänner jan", "februar feber feb", "märz maerz mrz mär", "april apr", "mai", "juni jun", first=1
    ),
    **_numbered("juli jul", "august aug", "september sept sep", "oktober okt", "november nov", "dezember dez", first=7),
}
_WEEKDAYS = {
    **_numbered("montag mo", "dienstag di", "mittwoch mi", "donnerstag do", "freitag fr", first=0),
    **_numbered("samstag sonnabend sa", "sonntag so", first=5),
}
_NUMBERS = {
    **_numbered("ein eine einem einer einen", "zwei", "drei", "vier", "fünf fuenf", "sechs", "sieben", first=1),
    **_numbered("acht", "neun", "zehn", "elf", "zwölf zwoelf", first=8),
}
_RELATIVE: Mapping[str, int] = {
    "vorgestern": -2,
    "gestern": -1,
    "heute": 0,
    "sofort": 0,
    "morgen": 1,
    "übermorgen": 2,
    "uebermorgen": 2,
}

_MONTH = "(?P<month>" + "|".join(_MONTHS) + r")\.?"
_WEEKDAY = "(?P<weekday>" + "|".join(_WEEKDAYS) + r")\.?"
_COUNT = r"(?P<count>\d{1,3}|" + "|".join(_NUMBERS) + ")"
_UNITS = "tage?n?|wochen?|monate?n?|jahre?n?"
_YEAR = r"(?:\s+(?P<year>\d{4}))?"
_COMING = "nächste[mnrs]?|naechste[mnrs]?|kommende[mnrs]?|folgende[mnrs]?"
_GONE = "letzte[mnrs]?|vergangene[mnrs]?|vorige[mnrs]?"
_NEXT = rf"(?:(?P<next>{_COMING})\s+)?"
_LEAD = re.compile(r"^(?:bis|zum|zur|am|ab|dem|den|der|vom|seit|spätestens|spaetestens|einschließlich|inkl\.?|um)\s+")
_WHOLE_DAY = re.compile(rf"^{_WEEKDAY},?\s+(?:de[nmr]\s+)?(?=\d)")
_OF_YEAR = rf"(?P<of>.+?)\s+(?:im\s+|des\s+)?(?P<year>diese[snm]|{_COMING}|{_GONE})\s+jahr(?:es)?"
_SUM = rf"(?:(?P<of>.+?)\s*)?(?:\+|plus)\s*{_COUNT}\s+(?P<unit>{_UNITS})"
FIRST_YEAR = 1900
LATELY, FAR = 90 * DAY, 200 * DAY  # behind, and ahead

Reader = Callable[[re.Match[str], dt.date, bool], dt.date | None]


WEEKDAY_WORDS = frozenset(_WEEKDAYS)
DAY_WORDS = frozenset(
    map(folded, (*_MONTHS, *_WEEKDAYS, *_RELATIVE, *_NUMBERS, "monatsende", "jahresende", "anfang", "mitte", "ende"))
)


class Unfit(ValueError):
    """A phrase that says a day which cannot be meant; the text is a German sentence."""


def read_day(text: str, today: dt.date, *, near: bool = False, exact: bool = False) -> dt.date | None:
    """The day a phrase means, seen from `today`.

    A day without a year (or month) is the next one from today on; with `near` the nearest one, which may lie behind.
    A span ("KW 50", "Ende der Woche") is its last working day; with `exact` it is refused. Raises `Unfit` then, where
    the weekday named is another one, for a year before 1900 or more than ten years ahead, and for a day without a year
    that was lately: next year's is hardly meant.
    """
    phrase = " ".join(text.lower().replace("‐", "-").split()).strip(" ,;:!?()")
    while (shorter := _LEAD.sub("", phrase)) != phrase:
        phrase = shorter
    named = _WHOLE_DAY.match(phrase)
    bare = phrase[named.end() :] if named else phrase
    day = _read(bare, today, near)
    if day is None:
        return None
    lately = _read(bare, today, near=True) if not near and day > today + FAR else None
    if lately is not None and lately < today <= lately + LATELY:
        raise Unfit(_said("passed", day=lately, next=day, days=(today - lately).days))
    if not FIRST_YEAR <= day.year <= today.year + YEARS_AHEAD:
        raise Unfit(_said("far", day=day, first=FIRST_YEAR, last=today.year + YEARS_AHEAD))
    if exact and any(pattern.fullmatch(phrase) for pattern, reader in _RULES if reader in _SPANS):
        raise Unfit(_said("span", day=day, typed=text.strip()))
    if named and day.weekday() != (meant := _WEEKDAYS[named["weekday"]]):
        raise Unfit(_said("weekday", day=day, named=WEEKDAYS[meant], found=WEEKDAYS[day.weekday()]))
    return day


def _said(why: str, **data: object) -> str:
    return render.sentence("chat/day.txt.j2", {"why": why, **data})


def _read(phrase: str, today: dt.date, near: bool) -> dt.date | None:
    if phrase in _RELATIVE:
        return today + _RELATIVE[phrase] * DAY
    for pattern, reader in _RULES:
        match = pattern.fullmatch(phrase)
        if match is not None:
            return _safely(reader, match, today, near)
    return None


def _safely(reader: Reader, match: re.Match[str], today: dt.date, near: bool) -> dt.date | None:
    try:
        return reader(match, today, near)
    except (ValueError, OverflowError):  # 31.02., year 0, week 60
        return None


def _iso(match: re.Match[str], today: dt.date, near: bool) -> dt.date | None:
    return dt.date.fromisoformat(match[0])


def _numeric(match: re.Match[str], today: dt.date, near: bool) -> dt.date | None:
    month = int(match["number"]) if "number" in match.groupdict() else _MONTHS[match["month"]]
    day, year = int(match["day"]), match["year"]
    if year:
        return dt.date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    return _without_year(month, day, today, near)


def _without_year(month: int, day: int, today: dt.date, near: bool) -> dt.date:
    found = list(_valid((year, month, day) for year in range(today.year - 1, today.year + 9)))
    return _chosen(found, today, near)


def _day_of_month(match: re.Match[str], today: dt.date, near: bool) -> dt.date | None:
    months = (add_months(today.replace(day=1), step) for step in range(-1, 3))
    found = list(_valid((first.year, first.month, int(match["day"])) for first in months))
    return _chosen(found, today, near)


def _valid(parts: Iterator[tuple[int, int, int]]) -> Iterator[dt.date]:
    for year, month, day in parts:
        if day and day <= monthrange(year, month)[1]:
            yield dt.date(year, month, day)


def _chosen(found: list[dt.date], today: dt.date, near: bool) -> dt.date:
    if near:
        return min(found, key=lambda day: abs(day - today))
    return min(day for day in found if day >= today)


def _part_of_month(match: re.Match[str], today: dt.date, near: bool) -> dt.date | None:
    month = _MONTHS[match["month"]]
    years = [int(match["year"])] if match["year"] else range(today.year - 1, today.year + 3)
    found = [_part(match["part"], dt.date(year, month, 1)) for year in years]
    return found[0] if match["year"] else _chosen(found, today, near)


def _part_of_this_month(match: re.Match[str], today: dt.date, near: bool) -> dt.date | None:
    said = match.groupdict()
    return _part(said.get("part", "ende"), add_months(today.replace(day=1), 1 if said.get("next") else 0))


def _part(part: str, first: dt.date) -> dt.date:
    if part == "anfang":
        return first
    return first.replace(day=15) if part == "mitte" else add_months(first, 1) - DAY


def _end_of_year(match: re.Match[str], today: dt.date, near: bool) -> dt.date | None:
    said = match.groupdict()
    year = int(said["year"]) if said.get("year") else today.year + (1 if said.get("next") else 0)
    return dt.date(year, 12, 31)


def _end_of_quarter(match: re.Match[str], today: dt.date, near: bool) -> dt.date | None:
    said = match.groupdict()
    quarter = int(said["quarter"]) if said.get("quarter") else (today.month - 1) // 3 + 1
    first = dt.date(int(said["year"]) if said.get("year") else today.year, quarter * 3 - 2, 1)
    end = add_months(first, 3) - DAY
    return end if said.get("year") or end >= today else add_months(first, 15) - DAY


def _ahead(match: re.Match[str], today: dt.date, near: bool) -> dt.date | None:
    count = _NUMBERS.get(match["count"]) or int(match["count"])
    return _later(today, count, match["unit"])


def _later(today: dt.date, count: int, unit: str) -> dt.date:
    if unit.startswith("tag"):
        return today + count * DAY
    if unit.startswith("woche"):
        return today + count * WEEK
    return add_months(today, count * (12 if unit.startswith("jahr") else 1))


def _sum(match: re.Match[str], today: dt.date, near: bool) -> dt.date | None:
    first = _read(match["of"], today, near) if match["of"] else today
    return None if first is None else _later(first, _NUMBERS.get(match["count"]) or int(match["count"]), match["unit"])


def _of_year(match: re.Match[str], today: dt.date, near: bool) -> dt.date | None:
    said = match["year"]
    year = today.year + (0 if said.startswith("diese") else -1 if re.fullmatch(_GONE, said) else 1)
    return _read(f"{match['of']} {year}", today, near)


def _halves(match: re.Match[str], today: dt.date, near: bool) -> dt.date | None:
    if "monat" in match["what"]:
        return add_months(today, 1) + 15 * DAY
    parts = {"halb": 6, "½": 6, "viertel": 3, "dreiviertel": 9}
    return add_months(today, next((months for word, months in parts.items() if match["what"].startswith(word)), 18))


def _weekday(match: re.Match[str], today: dt.date, near: bool) -> dt.date | None:
    ahead = (_WEEKDAYS[match["weekday"]] - today.weekday()) % 7
    ahead = ahead if ahead or match["this"] else 7
    if match["last"]:
        return today + (ahead - 7) * DAY if ahead < 7 else today - WEEK
    weeks = _NUMBERS.get(match["count"]) or int(match["count"]) if match["count"] else 0
    return today + ahead * DAY + weeks * WEEK


def _week(match: re.Match[str], today: dt.date, near: bool) -> dt.date | None:
    week, year = int(match["week"]), match["year"]
    if year:
        return dt.date.fromisocalendar(int(year), week, FRIDAY + 1)
    found = dt.date.fromisocalendar(today.isocalendar().year, week, FRIDAY + 1)
    return found if near or found >= today else dt.date.fromisocalendar(today.isocalendar().year + 1, week, FRIDAY + 1)


def _part_of_week(match: re.Match[str], today: dt.date, near: bool) -> dt.date | None:
    monday = today - today.weekday() * DAY
    day = {"mitte": 2, "ende": FRIDAY}.get(match["part"] or "", 0)
    return monday + (day + (7 if match["next"] else 0)) * DAY


_SPANS = (_part_of_month, _part_of_this_month, _end_of_year, _end_of_quarter, _week, _part_of_week)
_RULES: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (r"\d{4}-\d{2}-\d{2}", _iso),
        (r"(?P<day>\d{1,2})\s*\.\s*(?P<number>\d{1,2})\.?(?:\s*(?=\d{4}$))?(?P<year>\d{4}|\d{2})?", _numeric),
        (r"(?P<day>\d{2})(?P<number>\d{2})(?P<year>\d{4}|\d{2})", _numeric),  # a phone's keys have no point
        (rf"(?P<day>\d{{1,2}})\.?\s*{_MONTH}{_YEAR}", _numeric),
        (r"(?P<day>\d{1,2})\.", _day_of_month),
        (rf"(?P<part>anfang|mitte|ende)\s+{_MONTH}{_YEAR}", _part_of_month),
        (rf"(?P<part>anfang|mitte|ende)\s+(?:des\s+|dieses\s+|diesen\s+)?{_NEXT}monats?", _part_of_this_month),
        (r"monatsende", _part_of_this_month),
        (rf"(?:jahresende|ende\s+(?:des\s+|dieses\s+|diesen\s+)?{_NEXT}jahres)", _end_of_year),
        (r"ende\s+(?P<year>\d{4})", _end_of_year),
        (r"(?:quartalsende|ende\s+(?:des|dieses)\s+quartals)", _end_of_quarter),
        (rf"(?:ende\s+)?(?:des\s+)?(?:q\s*(?P<quarter>[1-4])){_YEAR}", _end_of_quarter),
        (rf"(?:ende\s+)?(?:des\s+)?(?P<quarter>[1-4])\.\s*quartals?{_YEAR}", _end_of_quarter),
        (rf"(?:in\s+)?{_COUNT}\s+(?P<unit>{_UNITS})", _ahead),
        (
            r"(?:in\s+)?(?:(?:ein|eine|einem|einer)\s+)?"
            r"(?P<what>halbe[sn]?\s+jahr|halbjahr|½\s*jahr|dreivierteljahr|vierteljahr"
            r"|(?:anderthalb|eineinhalb)\s+(?:monaten?|jahren?))",
            _halves,
        ),
        (
            rf"(?:(?:{_COMING})\s+|(?P<this>diese[nr]?)\s+|(?P<last>{_GONE})\s+)?{_WEEKDAY}"
            rf"(?:\s+in\s+{_COUNT}\s+wochen?)?",
            _weekday,
        ),
        (rf"(?:kw|kalenderwoche|woche)\s*(?P<week>\d{{1,2}}){_YEAR}", _week),
        (rf"(?:(?P<part>anfang|mitte|ende)\s+)?(?:der\s+|dieser\s+)?{_NEXT}woche", _part_of_week),
        (_SUM, _sum),
        (_OF_YEAR, _of_year),
        (rf"(?:{_COMING})\s+monat", lambda match, today, near: add_months(today, 1)),
    )
)
