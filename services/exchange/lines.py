"""Reads one line of the fact format (Vertrag 2): a fact with its envelope, or every reason why it is none."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta, Struct

from domain import moments, periods
from domain.facts import FACTS, Fact, Stream
from domain.facts.correction import FactCorrected
from domain.records import Entry
from services.exchange import envelope
from services.records import fields
from services.records.numbering import NUMBER
from services.records.reasons import FIRST_DAY, Reason, Refused, fits, shapes

LONGEST = 64 * 1024
DEEPEST = 8  # a correction of a correction holds its own data, theirs, and a list in it; what is deeper is no fact
YEARS_AHEAD = 10

_DECODER = msgspec.json.Decoder()
_ENCODER = msgspec.json.Encoder()
_KEY = re.compile(rb'"[ \t\r\n]*:')
# What may be a control or an invisible character: lines with it are looked at field by field.
_ODD_CHARACTERS = re.compile(
    rb"\\u(?!00(?:[2-6b-f]|7[0-9a-e]|a[0-9a-ce-f]))|\\[bfnrt]|\x7f|\xc2[\x80-\x9f\xad]"
    rb"|\xe2(?:\x80[\x8b-\x8f\xaa-\xae]|\x81[\xa0-\xaf])|[\xd8\xdb\xdc\xe0\xe1\xef\xf0\xf3]",
    re.IGNORECASE,
)
_Number = Annotated[str, Meta(pattern=NUMBER)]
_Short = Annotated[str, Meta(min_length=1, max_length=envelope.ID_LENGTH)]


class Line(NamedTuple):
    """A fact and whose it is; `number` is the clear case number, person id, unit code, or what is set of the office."""

    stream: Stream
    number: str
    entry: Entry


class Frame:
    """What lines are read against: the moment of reading (with offset) and who recorded a line that names nobody."""

    def __init__(self, now: dt.datetime, by: str) -> None:
        self.now = now
        self.by = by

    @cached_property
    def latest(self) -> dt.date:
        """The last day a fact may name: ten years ahead, inclusive."""
        return periods.add_months(periods.local_day(self.now), YEARS_AHEAD * 12)


class _Envelope(Struct, forbid_unknown_fields=True):
    fact: str
    on: dt.date
    id: _Short | None = None
    case: _Number | None = None
    person: _Number | None = None
    unit: _Number | None = None
    office: Literal["rules", "directory"] | None = None
    recorded_at: Annotated[dt.datetime, Meta(tz=True)] | None = None
    by: _Short | None = None
    data: dict[str, Any] | None = None
    text_left_out: list[str] | None = None


_WRITTEN = msgspec.json.Decoder(_Envelope)
_STREAMS = [(stream, stream.value) for stream in Stream]


def read(raw: bytes, frame: Frame) -> Line:
    """The fact of one line (without its end). Raises Refused with all reasons, field by field."""
    return _line(_document(raw), raw, frame)


def written(document: dict[str, Any], frame: Frame) -> bytes:
    """A fact that was put together here as a line, if it is in order. Raises Refused as `read` does."""
    raw = _ENCODER.encode(document)
    if len(raw) > LONGEST:
        raise Refused([Reason("", f"Der Eintrag ist länger als {LONGEST // 1024} KiB.")])
    tidied = _tidied(_DECODER.decode(raw))
    _line(tidied, raw, frame)
    return _ENCODER.encode(tidied)


def again(raw: bytes, frame: Frame) -> Line:
    """The fact of a line that `written` gave, by the same frame: it is in order."""
    head = _WRITTEN.decode(raw)
    fact = _fact(head, frame)
    assert fact is not None
    return _as_line(head, fact, _named(head)[0], frame)


def _line(document: dict[str, Any], raw: bytes, frame: Frame) -> Line:
    if _ODD_CHARACTERS.search(raw) and (reasons := envelope.reasons(document, frame.now, frame.latest)):
        raise Refused(reasons)
    if line := _quick(document, frame):
        return line
    reasons = envelope.reasons(document, frame.now, frame.latest)
    raise Refused(reasons or [Reason("", "Die Zeile hat nicht die Form eines Eintrags.")])


def too_long(size: int) -> Refused:
    """The refusal of a line of `size` bytes, its end not counted."""
    return Refused([Reason("", f"Die Zeile hat {size} Byte, höchstens {LONGEST} sind möglich.")])


def _document(raw: bytes) -> dict[str, Any]:
    if len(raw) > LONGEST:
        raise too_long(len(raw))
    try:
        document = _DECODER.decode(raw)
        # The decoder lets the last of doubled keys win. As many colons after quotes as keys: none is doubled.
        doubled = _doubled_keys(raw) if len(_KEY.findall(raw)) != _keys(document) else []
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused([Reason("", _not_json(error))]) from None
    if not isinstance(document, dict):
        raise Refused([Reason("", "Die Zeile ist kein JSON-Objekt.")])
    if doubled:
        raise Refused([Reason(name[:64], "Der Schlüssel steht doppelt in der Zeile.") for name in doubled])
    return _tidied(document)


def _tidied(document: dict[str, Any]) -> dict[str, Any]:
    if isinstance(moment := document.get("recorded_at"), str):
        document["recorded_at"] = moments.cut(moment)
    return fields.tidied_line(document)


def _not_json(error: Exception) -> str:
    match error:
        case UnicodeDecodeError():
            return "Die Zeile ist kein gültiges UTF-8."
        case RecursionError():
            return "Die Zeile ist zu tief geschachtelt."
        case msgspec.ValidationError():
            return "Die Zeile enthält eine zu große Zahl."
        case _:
            return "Die Zeile ist kein gültiges JSON."


def _keys(document: Any) -> int:
    """How many keys stand in it, at any depth. Raises RecursionError if it is too deep for a fact."""
    count, level = 0, [document] if isinstance(document, dict | list) else []
    for _ in range(DEEPEST):
        if not level:
            return count
        count += sum(len(value) for value in level if isinstance(value, dict))
        inner = (item for value in level for item in (value.values() if isinstance(value, dict) else value))
        level = [item for item in inner if isinstance(item, dict | list)]
    raise RecursionError


def _doubled_keys(raw: bytes) -> list[str]:
    doubled: dict[str, None] = {}

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        doubled.update(dict.fromkeys(name for name, times in Counter(name for name, _ in found).items() if times > 1))
        return dict(found)

    json.loads(raw, object_pairs_hook=pairs)
    return list(doubled)


def _quick(document: dict[str, Any], frame: Frame) -> Line | None:
    """The fact of a line that is in order; None if anything is wrong with it."""
    try:
        head = msgspec.convert(document, _Envelope)
        fact = _fact(head, frame)
    except (msgspec.ValidationError, KeyError):
        return None
    named = _named(head)
    if fact is None or len(named) != 1 or not _in_order(head, fact, frame):
        return None
    return _as_line(head, fact, named[0], frame) if envelope.belongs(head.fact, named[0][0]) else None


def _named(head: _Envelope) -> list[tuple[Stream, str]]:
    """Whose it is; a line in order names one."""
    return [(stream, number) for stream, key in _STREAMS if (number := getattr(head, key)) is not None]


def _as_line(head: _Envelope, fact: Fact, whose: tuple[Stream, str], frame: Frame) -> Line:
    entry = Entry(
        on=head.on,
        fact=fact,
        by=head.by or frame.by,
        id=head.id,
        recorded_at=head.recorded_at,
        recorded_unknown=head.recorded_at is None,
        identified_by_content=head.id is None,
        text_left_out=tuple(head.text_left_out or ()),
    )
    return Line(*whose, entry)


def _fact(head: _Envelope, frame: Frame) -> Fact | None:
    kind, data = FACTS[head.fact], head.data or {}
    if not head.text_left_out:
        return msgspec.convert(data, kind)
    if any(envelope.left_out_reasons(head.fact, data, head.text_left_out)):
        return None
    return msgspec.convert(fields.without(data, head.text_left_out), kind)


def _in_order(head: _Envelope, fact: Fact, frame: Frame) -> bool:
    return (
        (head.recorded_at is None or moments.FIRST <= head.recorded_at <= frame.now)
        and not envelope.nameless(head.by)
        and FIRST_DAY <= head.on <= frame.latest
        and _days_in_range(head.fact, fact, frame.latest)
        and not _blank_codes(head, fact)
        and not _misshapen(head, fact)
        and not (isinstance(fact, FactCorrected) and _wrong_correction(head, fact, frame))
    )


def _days_in_range(name: str, fact: Fact, latest: dt.date) -> bool:
    days = (getattr(fact, field) for field in fields.date_fields(name))
    return all(day is None or FIRST_DAY <= day <= latest for day in days)


def _blank_codes(head: _Envelope, fact: Fact) -> bool:
    left_out = head.text_left_out or ()
    values = (getattr(fact, field) for field in fields.code_fields(head.fact) if field not in left_out)
    return any(value == "" or (isinstance(value, list) and "" in value) for value in values)


def _misshapen(head: _Envelope, fact: Fact) -> bool:
    """Whether a text stands where a code does, which would stay in clear after an erasure."""
    left_out = head.text_left_out or ()
    codes = ((shape, getattr(fact, field)) for field, shape in shapes(head.fact).items() if field not in left_out)
    return any(value is not None and not fits(shape, value) for shape, value in codes)


def _wrong_correction(head: _Envelope, fact: FactCorrected, frame: Frame) -> bool:
    changed = (head.data or {}).get("data") or {}
    return bool(fields.correction_reasons(changed, None, head.text_left_out or (), frame.latest))
