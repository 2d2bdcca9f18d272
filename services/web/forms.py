"""Reading posted forms: days as the browser or a person writes them, all fields as plain text."""

from __future__ import annotations

import datetime as dt

from starlette.datastructures import FormData

from domain.decisions.refusal import Refused

EARLIEST = dt.date(1900, 1, 1)


def flat(form: FormData) -> dict[str, str]:
    """Every field once, as text; of several with one name the last counts."""
    return {key: value for key, value in form.multi_items() if isinstance(value, str)}


def day_in(form: FormData, field: str) -> dt.date:
    """The day of a field, as JJJJ-MM-TT or TT.MM.JJJJ. Raises `Refused` with the field."""
    typed = str(form.get(field, "")).strip()
    try:
        day = dt.date.fromisoformat("-".join(reversed(typed.split("."))) if "." in typed else typed)
    except ValueError:
        day = None
    if day is None or day < EARLIEST:
        sentence = "Bitte einen Tag angeben, z. B. 10.03.2026." if not typed else "Diesen Tag gibt es nicht."
        raise Refused([(field, sentence)])
    return day


def text_in(form: FormData, field: str, longest: int = 500) -> str:
    """The text of a field, cut off where nobody types that much; "" if it is missing."""
    value = form.get(field, "")
    return value[:longest] if isinstance(value, str) else ""
