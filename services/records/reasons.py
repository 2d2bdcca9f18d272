"""Says in German why a value does not fit a field of a fact, from the field's type alone."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, singledispatch
from typing import Any, NamedTuple

import msgspec
import msgspec.inspect as mi
from rapidfuzz import fuzz, process

from domain import words
from domain.facts import FACTS, Mark
from domain.facts.base import DAY_SHAPE, TIME_SHAPE, choices
from domain.facts.grounds import LINK_SHAPE
from domain.periods import EARLIEST

FIRST_DAY = EARLIEST
_IN_TEXTS = "\n\r\t"
_SHOWN = 40


class Reason(NamedTuple):
    """Why something is refused: the field (`data.strategy`, "" for the whole line) and a German sentence."""

    field: str
    sentence: str


class Refused(ValueError):
    """A line or fact that is refused, with every reason."""

    def __init__(self, reasons: list[Reason]) -> None:
        super().__init__(" ".join(f"{field}: {sentence}" if field else sentence for field, sentence in reasons))
        self.reasons = reasons


@cache
def field_types(name: str) -> dict[str, mi.Field]:
    """The fields of a stored name as the fact format spells them."""
    info = mi.type_info(FACTS[name])
    assert isinstance(info, mi.StructType)
    return {field.encode_name: field for field in info.fields}


def why_not(field: mi.Type, value: Any, latest: dt.date) -> str | None:
    """Why `value`, as JSON gave it, does not fit; None if it does. `latest` is the last day a date may name."""
    if isinstance(field, mi.UnionType):
        if value is None:
            return None
        field = next(part for part in field.types if not isinstance(part, mi.NoneType))
    if isinstance(field, mi.Metadata):
        extra = field.extra or {}
        if isinstance(field.type, mi.StrType):
            return _text(field.type, value, extra.get("mark")) or _shaped(value, extra.get("shape"))
        field = field.type
    return _why(field, value, latest)


@cache
def shapes(name: str) -> dict[str, str]:
    """The fields of a stored name that hold a code of a certain shape, with the shape."""
    kinds = {field: kind.type for field, kind in field_types(name).items()}
    parts = {field: kind.types if isinstance(kind, mi.UnionType) else (kind,) for field, kind in kinds.items()}
    extras = {field: part.extra for field, some in parts.items() for part in some if isinstance(part, mi.Metadata)}
    return {field: extra["shape"] for field, extra in extras.items() if extra and "shape" in extra}


def _shaped(value: str, shape: str | None) -> str | None:
    """What stays in clear after an erasure is a code and no text."""
    if shape is None or fits(shape, value):
        return None
    if codes := choices(shape):
        return _none_of(value, codes)
    return f"{shown(value)} ist {_SHAPES.get(shape, 'kein Kürzel')}."


def _none_of(value: str, codes: list[str]) -> str:
    return f"{shown(value)} gibt es hier nicht; möglich sind {', '.join(codes)}."


_SHAPES = {
    DAY_SHAPE: "kein Kalendertag in der Form 1980-03-10",
    TIME_SHAPE: "keine Uhrzeit (HH:MM)",
    LINK_SHAPE: "keine Adresse mit http:// oder https://",
}


def fits(shape: str, value: str) -> bool:
    """Whether a text has this shape; what looks like a day has to be one."""
    if re.fullmatch(shape, value) is None:
        return False
    try:
        return shape != DAY_SHAPE or dt.date.fromisoformat(value) is not None
    except ValueError:
        return False


def is_optional(field: mi.Type) -> bool:
    """Whether the field may be null."""
    return isinstance(field, mi.UnionType) and field.includes_none


def nearest(word: str, known: Iterable[str]) -> str:
    """„; meinten Sie …?“ with the known word that looks most like this one, or nothing."""
    found = process.extractOne(word[:128], list(known), scorer=fuzz.ratio, score_cutoff=60)
    return f" Meinten Sie „{found[0]}“?" if found else ""


def shown(value: object) -> str:
    """A short value for a sentence: at most 40 characters, without control characters."""
    text = "".join(char if char.isprintable() else "�" for char in str(value)[: _SHOWN + 1])
    return f"„{text[:_SHOWN]}…“" if len(text) > _SHOWN else f"„{text}“"


def bad_character(text: str, *, prose: bool = False) -> str | None:
    """Why an id, code or name, or with `prose` a free text, holds a character that it may not hold, or None."""
    if text.isascii() and text.isprintable():
        return None
    for char in text:
        category = unicodedata.category(char)
        if category in ("Cc", "Cs") and not (prose and char in _IN_TEXTS):
            return f"Der Text enthält ein Steuerzeichen (U+{ord(char):04X})."
        if category == "Cf" and not prose:  # it looks like another one, or turns the order of what follows
            return f"Der Text enthält ein unsichtbares Zeichen (U+{ord(char):04X})."
    return None


def not_a(wanted: str, value: object) -> str:
    """Says what is wanted and what was found instead."""
    return f"Hier muss {wanted} stehen, gefunden wurde {_kind(value)}."


def _kind(value: object) -> str:
    match value:
        case None:
            return "nichts (null)"
        case bool():
            return "ein Wahrheitswert (true/false)"
        case int() | float():
            return "eine Zahl"
        case str():
            return "ein Text"
        case list():
            return "eine Liste"
        case _:
            return "ein Objekt"


def _text(field: mi.StrType, value: Any, mark: Mark | None) -> str | None:
    if not isinstance(value, str):
        return not_a("ein Text", value)
    if field.max_length is not None and (said := words.too_long(value, field.max_length)):
        return said
    if mark is Mark.TEXT:
        return bad_character(value, prose=True)
    return "Der Text ist leer." if not value.strip() else bad_character(value)


@singledispatch
def _why(field: mi.Type, value: Any, latest: dt.date) -> str | None:
    return None


@_why.register
def _(field: mi.StrType, value: Any, latest: dt.date) -> str | None:
    return _text(field, value, None)


@_why.register
def _(field: mi.LiteralType, value: Any, latest: dt.date) -> str | None:
    codes = [str(choice) for choice in field.values]
    if not isinstance(value, str):
        return not_a(f"einer dieser Werte ({', '.join(codes)})", value)
    return None if value in codes else _none_of(value, codes)


@_why.register
def _(field: mi.BoolType, value: Any, latest: dt.date) -> str | None:
    return None if isinstance(value, bool) else not_a("true oder false", value)


@_why.register
def _(field: mi.IntType, value: Any, latest: dt.date) -> str | None:
    if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, float) and value.is_integer())):
        return not_a("eine ganze Zahl", value)
    return _outside(field, value)


@_why.register
def _(field: mi.FloatType, value: Any, latest: dt.date) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return not_a("eine Zahl", value)
    return _outside(field, value)


def _outside(field: mi.IntType | mi.FloatType, value: float) -> str | None:
    if (field.ge is not None and value < field.ge) or (field.le is not None and value > field.le):
        return f"Die Zahl muss zwischen {field.ge} und {field.le} liegen."
    return None


@_why.register
def _(field: mi.DateType, value: Any, latest: dt.date) -> str | None:
    if not isinstance(value, str):
        return not_a("ein Tag wie 2020-03-10", value)
    try:
        day = msgspec.convert(value, dt.date)
    except msgspec.ValidationError:
        return f"{shown(value)} ist kein Kalendertag in der Form 2020-03-10."
    if FIRST_DAY <= day <= latest:
        return None
    return f"{shown(value)} liegt außerhalb von {FIRST_DAY:%d.%m.%Y} bis {latest:%d.%m.%Y}."


@_why.register
def _(field: mi.ListType, value: Any, latest: dt.date) -> str | None:
    if not isinstance(value, list):
        return not_a("eine Liste", value)
    least, most = field.min_length or 0, field.max_length
    if len(value) < least:
        return "Die Liste ist leer."
    if most is not None and len(value) > most:
        return f"Die Liste hat {len(value)} Werte, höchstens {most} sind möglich."
    return next((reason for item in value if (reason := why_not(field.item_type, item, latest))), None)


@_why.register
def _(field: mi.DictType, value: Any, latest: dt.date) -> str | None:
    return None if isinstance(value, dict) else not_a("ein Objekt", value)
