"""What a number of a case, an id of a person or a code of a unit looks like."""

from __future__ import annotations

import re

from domain.facts import Stream
from services.records.reasons import shown
from services.records.words import number_typed

_IN_NUMBERS = "0-9A-Za-zÄÖÜäöüß_./-"
_NO_PART = r"\.{0,2}(?:/|\Z)"  # between slashes: nothing, "." or "..", which an address would not survive
NUMBER = rf"^(?!{_NO_PART}|.*/{_NO_PART})[{_IN_NUMBERS}]{{1,64}}\Z"
_FORM = {
    Stream.CASE: "Eine Fallnummer",
    Stream.PERSON: "Eine Personenkennung",
    Stream.UNIT: "Eine Einheit",
}


def wrong(stream: Stream, value: str) -> str | None:
    """Why a text is no number of a case (no id of a person, no code of a unit), as a German sentence; None if it is."""
    if re.match(NUMBER, value):
        return None
    if re.fullmatch(f"[{_IN_NUMBERS}]{{1,64}}", value):
        return f"{_FORM[stream]} hat zwischen Schrägstrichen mehr als „.“ oder „..“; {shown(value)} passt nicht."
    return (
        f"{_FORM[stream]} hat 1 bis 64 Buchstaben, Ziffern und - _ . /; {shown(value)} passt nicht.{_look_alike(value)}"
    )


def _look_alike(value: str) -> str:
    """What a number that looks right holds, and how it may be meant."""
    odd = dict.fromkeys(f"U+{ord(char):04X}" for char in value if not char.isascii() and not re.match(NUMBER, char))
    meant = number_typed(value)
    return (
        f" Darin steht {', '.join(odd)}; gemeint ist vielleicht „{meant}“." if odd and re.match(NUMBER, meant) else ""
    )
