"""Checks the `data` of a fact field by field, the changed fields of a correction included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import cache
from typing import Any

import msgspec.inspect as mi

from domain.facts import FACTS, Mark, marks
from domain.facts.base import marked_anywhere
from services.records.reasons import Reason, field_types, is_optional, nearest, why_not

CORRECTION = "fact-corrected"
HIDDEN = (Mark.TEXT, Mark.NAME)
_INNER = "data."  # a text of the fields a correction changes is named `data.text` in `text_left_out`


def data_reasons(name: str, data: dict[str, Any], left_out: Collection[str], latest: dt.date) -> list[Reason]:
    """Every reason why `data` does not fit the fact; texts named in `left_out` may be null or missing."""
    fields = field_types(name)
    found = [
        Reason(f"data.{key}", f"Dieses Feld gibt es bei {name} nicht.{nearest(key, fields)}")
        for key in data
        if key not in fields
    ]
    for key, field in fields.items():
        if data.get(key) is None and key in left_out:
            continue
        if key not in data:
            if field.required:
                found.append(Reason(f"data.{key}", "Das Feld fehlt."))
        elif sentence := why_not(field.type, data[key], latest):
            found.append(Reason(f"data.{key}", sentence))
    if name == CORRECTION and isinstance(data.get("data"), dict):
        found += correction_reasons(data["data"], None, left_out, latest)
    return found


def correction_reasons(
    changed: dict[str, Any], target: str | None, left_out: Collection[str], latest: dt.date
) -> list[Reason]:
    """Why changed fields do not fit the stored name `target`; None: it is not there yet, so any fact may be meant."""
    found = []
    for key, value in changed.items():
        types = _types(key, target)
        if not types:
            found.append(Reason(f"data.data.{key}", _no_such_field(key, target)))
            continue
        sentences = [_why_not_changed(kind, value, latest) for kind in types]
        if all(sentences) and not (value is None and _INNER + key in left_out):
            wrong = sentences[0] if len(set(sentences)) == 1 else "Der Wert passt zu keinem Eintrag mit diesem Feld."
            found.append(Reason(f"data.data.{key}", wrong or ""))
    return found


def can_be_left_out(name: str, key: str) -> bool:
    """Whether `text_left_out` of this fact may name `key`: a text or name; `data.<field>` is one of a correction."""
    if name == CORRECTION and key.startswith(_INNER):
        field = key.rpartition(_INNER)[2]
        return any(field in marked_anywhere(mark) for mark in HIDDEN)
    return marks(name).get(key) in HIDDEN


def find(data: dict[str, Any], key: str) -> Any:
    """The value of a field of `data`; of the changed fields of a correction with `data.<field>`. None if not there."""
    field, _, inner = key.partition(".")
    value = data.get(field)
    return find(value, inner) if inner and isinstance(value, dict) else None if inner else value


def without(data: dict[str, Any], left_out: Collection[str]) -> dict[str, Any]:
    """The same data with "" for each text that was left out."""
    filled = dict(data)
    for key in left_out:
        field, _, inner = key.partition(".")
        filled[field] = without(filled.get(field) or {}, [inner]) if inner else ""
    return filled


@cache
def date_fields(name: str) -> tuple[str, ...]:
    """The attributes of a fact that hold a day."""
    return tuple(field.name for field in field_types(name).values() if _is_date(field.type))


@cache
def code_fields(name: str) -> tuple[str, ...]:
    """The attributes of a fact that hold an id, code or name, so that blanks are no value."""
    coded = {field for field, mark in marks(name).items() if mark is not Mark.TEXT}
    return tuple(field.name for field in field_types(name).values() if field.encode_name in coded)


def _is_date(kind: mi.Type) -> bool:
    parts = kind.types if isinstance(kind, mi.UnionType) else (kind,)
    return any(isinstance(part, mi.DateType) for part in parts)


@cache
def _types(key: str, target: str | None) -> tuple[mi.Type, ...]:
    names = [target] if target else FACTS
    return tuple(field_types(name)[key].type for name in names if key in field_types(name))


def _no_such_field(key: str, target: str | None) -> str:
    if target:
        return f"Dieses Feld gibt es bei {target} nicht.{nearest(key, field_types(target))}"
    return "Dieses Feld gibt es bei keinem Eintrag." + nearest(
        key, {key for name in FACTS for key in field_types(name)}
    )


def _why_not_changed(kind: mi.Type, value: Any, latest: dt.date) -> str | None:
    if value is None and not is_optional(kind):
        return "Das Feld ist nötig und kann nicht entfernt werden."
    return why_not(kind, value, latest)
