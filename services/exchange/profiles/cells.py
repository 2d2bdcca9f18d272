"""One cell as the text, day, number or yes of a field."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import msgspec.inspect as mi

from domain import moments
from domain.facts.base import DAY_SHAPE
from domain.periods import BERLIN, end_of_day
from services.exchange.profiles.profile import Kind, Layout
from services.exchange.profiles.readers.table import BLANKS, Cell
from services.records.reasons import shown

_YES = frozenset(("ja", "j", "x", "1", "wahr", "true"))
_NO = frozenset(("nein", "n", "", "0", "falsch", "false"))
_TIME = re.compile(r"(.*\S)[ T](?:\d{1,2}:\d{2}(?::\d{2})?)(?: Uhr)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[.\u00a0\u202f ]\d{3})+,\d+|[+-]?\d{1,3}(?:[.\u00a0\u202f ]\d{3}){2,}", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
_EPOCHS = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}
_SERIALS = range(366, 110_000)  # days of Excel that can be days of a case: from 1901 to 2201


class Misread(ValueError):
    """Why a cell does not fit, a German sentence."""


class Reading:
    """How the cells of one file are read: its formats, what counts as nothing, and from when Excel counts days."""

    def __init__(self, layout: Layout, now: dt.datetime, *, since_1904: bool = False) -> None:
        self._layout, self._now = layout, now
        self._epoch = _EPOCHS[since_1904]
        self._empty = frozenset(("", *(one.strip(BLANKS) for one in layout.empty)))
        self._days: dict[str, dt.date | None] = {}

    def text(self, cell: Cell) -> str:
        """What stands in a cell, without blanks at its ends; "" for what the profile counts as nothing."""
        match cell:
            case str():
                found = cell.strip(BLANKS)
            case None:
                return ""
            case bool():
                found = "wahr" if cell else "falsch"
            case dt.datetime() if cell.time() != dt.time():
                found = cell.strftime(self._layout.moments[0])
            case dt.date():
                found = cell.strftime(self._layout.days[0])
            case float():
                found = repr(cell).replace(".", ",")
            case _:
                found = str(cell)
        return "" if found in self._empty else found

    def day(self, cell: Cell) -> str:
        """A day as ISO text; a time behind it is left out. Raises Misread."""
        if isinstance(cell, dt.datetime):
            return cell.date().isoformat()
        if isinstance(cell, dt.date):
            return cell.isoformat()
        if isinstance(cell, int | float) and not isinstance(cell, bool) and int(cell) in _SERIALS:
            return (self._epoch + dt.timedelta(days=int(cell))).isoformat()
        text = self.text(cell)
        found = self._day(text) or ((timed := _TIME.fullmatch(text)) and self._day(timed[1]))
        if not found:
            hint = ""
            if text.isdecimal() and len(text) < 7 and int(text) in _SERIALS:
                hint = f" (als Zahl von Excel wäre es der {self._epoch + dt.timedelta(days=int(text)):%d.%m.%Y})"
            raise Misread(f"{shown(text)} ist kein Tag in der Form {self._form()}{hint}.")
        return found.isoformat()

    def moment(self, cell: Cell) -> str:
        """A moment of Europe/Berlin as ISO text with offset; a day alone means its end, today's this moment."""
        if isinstance(cell, dt.datetime) and cell.time() != dt.time():
            return _local(cell)
        if isinstance(cell, str) and (found := _parsed(self.text(cell), self._layout.moments)):
            return _local(found)
        return min(end_of_day(dt.date.fromisoformat(self.day(cell))), self._now).astimezone(BERLIN).isoformat()

    def yes(self, cell: Cell) -> bool:
        """Raises Misread."""
        text = self.text(cell).lower()
        if text in _YES or text in _NO:
            return text in _YES
        raise Misread(f"{shown(text)} ist weder ja noch nein.")

    def number(self, cell: Cell) -> int | float:
        """Raises Misread; a point before three digits may be either, and is refused."""
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return cell
        text = self.text(cell)
        if _AMBIGUOUS.fullmatch(text):
            raise Misread(f"{shown(text)} ist nicht eindeutig: bitte ohne Punkt oder mit Komma schreiben.")
        if _GROUPED.fullmatch(text):
            text = re.sub(r"[.\u00a0\u202f ]", "", text)
        elif not _NUMBER.fullmatch(text):
            raise Misread(f"{shown(text)} ist keine Zahl.")
        found = float(text.replace(",", "."))
        return int(found) if found.is_integer() and abs(found) < 1e15 else found

    def as_kind(self, kind: Kind, cell: Cell) -> Any:
        """The cell as a value of this kind. Raises Misread."""
        match kind:
            case "text":
                return self.text(cell)
            case "day":
                return self.day(cell)
            case "bool":
                return self.yes(cell)
            case "int" | "number":
                return self.number(cell)

    def _day(self, text: str) -> dt.date | None:
        if text not in self._days:
            if len(self._days) > 50_000:
                self._days.clear()
            found = _parsed(text, self._layout.days)
            self._days[text] = found.date() if found else None
        return self._days[text]

    def _form(self) -> str:
        forms = (re.sub("%.", lambda found: _PARTS.get(found[0], found[0]), one) for one in self._layout.days)
        return " oder ".join(forms)


def _parsed(text: str, forms: Sequence[str]) -> dt.datetime | None:
    for form in forms:
        try:
            return dt.datetime.strptime(text, form)  # noqa: DTZ007 - the zone is that of the office
        except ValueError:
            continue
    return None


def _local(found: dt.datetime) -> str:
    """A moment of Europe/Berlin with its offset."""
    try:
        return moments.moment(found.replace(microsecond=0).isoformat()).isoformat()
    except ValueError:
        raise Misread(f"{found:%d.%m.%Y %H:%M} gab es nicht: da wurde die Uhr vorgestellt.") from None


_PARTS = {"%d": "TT", "%m": "MM", "%Y": "JJJJ", "%y": "JJ", "%B": "Monat", "%b": "Monat"}


def kind_of(field: mi.Type) -> Kind:
    """How a field of the catalogue is read; the items of a list."""
    match field:
        case mi.UnionType(types=types):
            return kind_of(next(one for one in types if not isinstance(one, mi.NoneType)))
        case mi.Metadata(extra={"shape": shape}) if shape == DAY_SHAPE:
            return "day"
        case mi.Metadata(type=inner):
            return kind_of(inner)
        case mi.ListType(item_type=inner):
            return kind_of(inner)
        case mi.DateType():
            return "day"
        case mi.BoolType():
            return "bool"
        case mi.IntType():
            return "int"
        case mi.FloatType():
            return "number"
        case _:
            return "text"


def is_list(field: mi.Type) -> bool:
    """Whether the field holds a list."""
    if isinstance(field, mi.UnionType):
        return any(is_list(one) for one in field.types)
    return isinstance(field.type if isinstance(field, mi.Metadata) else field, mi.ListType)
