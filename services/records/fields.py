"""Checks the `data` of a fact field by field, the changed fields of a correction included."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Collection
from functools import cache
from typing import Any

import msgspec.inspect as mi

from domain.facts import FACTS, Mark, marks
from domain.facts.base import marked_anywhere
from domain.facts.correction import TOO_DEEP
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
    changed: dict[str, Any], target: str | None, left_out: Collection[str], latest: dt.date, within: str = _INNER
) -> list[Reason]:
    """Why changed fields do not fit the stored name `target`; None: it is not there yet, so any fact may be meant.

    A correction of a correction changes `data` within `data`; that is as deep as it goes.
    """
    found = []
    for key, value in changed.items():
        at, types = f"data.{within}{key}", _types(key, target)
        if not types:
            found.append(Reason(at, _no_such_field(key, target)))
        elif key == "data" and within != _INNER:
            found.append(Reason(at, TOO_DEEP))
        elif key == "data" and isinstance(value, dict):
            found += correction_reasons(value, None, left_out, latest, _INNER * 2)
        elif sentence := _misfit(value, types, latest, left_out=within + key in left_out):
            found.append(Reason(at, sentence))
    return found


def can_be_left_out(name: str, key: str) -> bool:
    """Whether `text_left_out` of this fact may name `key`: a text or name; `data.<field>` is one of a correction."""
    if name == CORRECTION and key.startswith(_INNER):
        field = key.removeprefix(_INNER).removeprefix(_INNER)
        return any(field in marked_anywhere(mark) for mark in HIDDEN)
    return marks(name).get(key) in HIDDEN


def find(data: dict[str, Any], key: str) -> Any:
    """The value of a field of `data`; of the changed fields of a correction with `data.<field>`. None if not there."""
    field, _, inner = key.partition(".")
    value = data.get(field)
    return find(value, inner) if inner and isinstance(value, dict) else None if inner else value


def without(data: dict[str, Any], left_out: Collection[str]) -> dict[str, Any]:
    """The same data with "" for each text that was left out; where no object is for it to stand in, as they are."""
    filled = dict(data)
    for key in left_out:
        field, _, inner = key.partition(".")
        value = filled.get(field)
        if not inner:
            filled[field] = [] if field in lists_of_texts() else ""
        elif value is None or isinstance(value, dict):
            filled[field] = without(value or {}, [inner])
    return filled


@cache
def lists_of_texts() -> frozenset[str]:
    """The fields that hold several texts, in any fact."""
    found = (field for name in FACTS for field in field_types(name).values() if _is_list(field.type))
    return frozenset(field.encode_name for field in found) & marked_anywhere(Mark.TEXT)


def _is_list(kind: mi.Type) -> bool:
    return isinstance(kind.type if isinstance(kind, mi.Metadata) else kind, mi.ListType)


def tidied_line(document: dict[str, Any]) -> dict[str, Any]:
    """A line of the fact format with its ids, codes and names in composed form, without blanks at their ends."""
    found: dict[str, Any] = {key: tidy(document[key]) for key in ("id", "by") if key in document}
    name, data = document.get("fact"), document.get("data")
    if isinstance(name, str) and name in FACTS and isinstance(data, dict):
        found["data"] = tidied(name, data)
    return {**document, **found}


def tidied(name: str, data: dict[str, Any]) -> dict[str, Any]:
    """The same for the data of a fact, the changed fields of a correction included; texts are left as they are."""
    found = {key: tidy(data[key]) for key in data.keys() & code_fields(name)}
    if name == CORRECTION and isinstance(changed := data.get("data"), dict):
        found["data"] = tidied_changes(changed)
    return {**data, **found}


def tidied_changes(changed: dict[str, Any]) -> dict[str, Any]:
    """The same for fields of a correction, whose target is not at hand: those that are a text in no fact."""
    found = {key: tidy(changed[key]) for key in changed.keys() & _codes_anywhere()}
    if isinstance(inner := changed.get("data"), dict):
        found["data"] = tidied_changes(inner)
    return {**changed, **found}


def tidy(value: Any) -> Any:
    """A text in composed form without blanks at its ends, or a list of them; anything else as it is."""
    if isinstance(value, list):
        return [tidy(item) if isinstance(item, str) else item for item in value]
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else value


@cache
def date_fields(name: str) -> tuple[str, ...]:
    """The attributes of a fact that hold a day."""
    return tuple(field.name for field in field_types(name).values() if _is_date(field.type))


@cache
def code_fields(name: str) -> frozenset[str]:
    """The fields of a fact that hold an id, code or name, so that blanks are no value."""
    return frozenset(field for field, mark in marks(name).items() if mark is not Mark.TEXT)


@cache
def _codes_anywhere() -> frozenset[str]:
    return frozenset(field for name in FACTS for field in code_fields(name)) - marked_anywhere(Mark.TEXT)


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


def _misfit(value: Any, types: Collection[mi.Type], latest: dt.date, *, left_out: bool) -> str | None:
    """Why a changed field fits none of these types; None if it does, or is a text that was left out."""
    sentences = [_why_not_changed(kind, value, latest) for kind in types]
    if not all(sentences) or (left_out and value in (None, "")):  # "" stands for it once the line is a fact
        return None
    return sentences[0] if len(set(sentences)) == 1 else "Der Wert passt zu keinem Eintrag mit diesem Feld."


def _why_not_changed(kind: mi.Type, value: Any, latest: dt.date) -> str | None:
    if value is None and not is_optional(kind):
        return "Das Feld ist nötig und kann nicht entfernt werden."
    return why_not(kind, value, latest)
