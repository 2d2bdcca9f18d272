"""Reading forms: days as a person writes them, all fields as plain text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData

from domain.decisions.refusal import Refused
from services.dialogues.german_days import Unfit, read_day

WHOLE = 64 * 1024  # more than a free text may have: whatever is too long is refused, and none of it is lost
Input = dict[str, Any]
Typed = Mapping[str, str]
Wrong = Mapping[str, str]
NOT_YET = "Was an einem späteren Tag bekannt sein wird, weiß heute noch niemand."


def flat(form: FormData) -> dict[str, str]:
    """Every field once, as text; of several with one name the last counts."""
    return {key: value for key, value in form.multi_items() if isinstance(value, str)}


def day_of(field: str, typed: str, today: dt.date, *, near: bool = True) -> dt.date:
    """The day a person wrote ("10.03.2026", "20.2.", "Ende Februar") or a program (JJJJ-MM-TT).

    `near`: a day without its year is the nearest one, else the next. Raises `Refused` with the field.
    """
    try:
        day = read_day(typed, today, near=near) if typed.strip() else None
    except Unfit as error:
        raise Refused([(field, str(error))]) from None
    if day is None:
        said = f"„{typed.strip()[:40]}“ ist kein Tag. Bitte als TT.MM.JJJJ angeben" if typed.strip() else ""
        raise Refused([(field, f"{said or 'Bitte einen Tag angeben'}, z. B. 10.03.2026.")])
    return day


def day_in(form: FormData, field: str, today: dt.date, *, near: bool = True) -> dt.date:
    """The same of a posted field."""
    return day_of(field, text_in(form, field), today, near=near)


def text_in(form: FormData, field: str, longest: int = 500) -> str:
    """The text of a field, cut off where nobody types that much; "" if it is missing."""
    value = form.get(field, "")
    return value[:longest] if isinstance(value, str) else ""


def version_in(form: FormData, field: str = "version") -> int:
    """The last number of a case when it was shown, as a page sends it back; -1, which fits none, else."""
    typed = text_in(form, field)
    return int(typed) if typed.isdecimal() and len(typed) < 10 else -1


def field(
    name: str,
    label: str,
    typed: Typed,
    wrong: Wrong,
    kind: str = "text",
    required: bool = True,
    hint: str = "",
    choices: list[tuple[str, str]] | None = None,
) -> Input:
    """A field of a form as the template `fields.html` takes it, with what is typed in it and wrong with it."""
    return {
        **{"name": name, "label": label, "kind": kind, "required": required, "choices": choices or [], "hint": hint},
        **{"value": typed.get(name, ""), "wrong": wrong.get(name, "")},
    }
