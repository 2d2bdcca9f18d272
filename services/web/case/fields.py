"""The fields of one fact between a form and the fact format: what was typed, what stands there, how it is said."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from starlette.datastructures import FormData

from domain import moments
from domain.facts import FACTS, Fact, Mark, declared, marks, name_of
from domain.facts.base import Lane, cents, named_days
from notifications import render
from services.web.words import dates, labels

HIDDEN = "(nicht für Sie sichtbar)"


def typed_as(key: str) -> str:
    """The name that a field of a fact has in a form, where `step` says which button was pressed."""
    return "prozessschritt" if key == "step" else key


def joined(name: str, form: FormData) -> FormData:
    """The form with what was ticked in a field of several as one value, a line each."""
    several = {field.encode_name for field in msgspec.structs.fields(FACTS[name]) if is_several(field.type)}
    there = {key: "\n".join(str(one) for one in form.getlist(key) if one) for key in several if key in form}
    return FormData([*((key, one) for key, one in form.multi_items() if key not in there), *there.items()])


def read(name: str, form: FormData) -> dict[str, Any]:
    """What was typed, as the fact format has it; empty fields are left out."""
    data: dict[str, Any] = {}
    for field in msgspec.structs.fields(FACTS[name]):
        typed = form.get(typed_as(field.encode_name))
        if isinstance(typed, str) and typed.strip():
            in_cents = field.encode_name in cents(name)
            data[field.encode_name] = _cents(typed) if in_cents else _value(field.type, typed.strip())
    return data


def differences(fact: Fact, name: str, form: FormData) -> dict[str, Any]:
    """For a correction: the fields that are different now; one that was emptied is None."""
    before = msgspec.to_builtins(fact)
    after = read(name, form)
    shown = {field.encode_name for field in msgspec.structs.fields(FACTS[name]) if typed_as(field.encode_name) in form}
    changed = {key: value for key, value in after.items() if before.get(key) != value}
    return changed | {key: None for key in before if key in shown and key not in after}


def values(fact: Fact) -> dict[str, str]:
    """The fields of a fact as a form shows them."""
    in_cents = cents(name_of(fact))
    said = msgspec.to_builtins(fact).items()
    return {typed_as(key): dates.money(value) if key in in_cents else _typed(value) for key, value in said}


def spoken(name: str, fact: Fact, people: Mapping[str, str], with_text: bool) -> list[tuple[str, str]]:
    """The fields of a fact as (label, value) in words, without ids of things and, where `with_text` is off, texts."""
    return [
        (labels.field(key, name), _said(name, key, value, people) if with_text or not hidden(name, key) else HIDDEN)
        for key, value in msgspec.to_builtins(fact).items()
        if value not in (None, "", []) and marks(name).get(key) not in (Mark.THING, Mark.TARGET)
    ]


def hidden(name: str, key: str) -> bool:
    """Whether a field is for those alone who may see texts: a text, or what is said of a need (Fachkonzept 8 no. 3)."""
    return marks(name).get(key) == Mark.TEXT or (declared(name).lane is Lane.NEED and key != "late_reason")


def _said(name: str, key: str, value: Any, people: Mapping[str, str]) -> str:
    match marks(name).get(key):
        case Mark.PERSON:
            return people.get(value, value)
        case Mark.TEXT:
            return " · ".join(value) if isinstance(value, list) else str(value)
        case Mark.NAME:
            return dates.plain(moments.day(value)) if key in named_days(name) else str(value)
    if key in cents(name):
        return f"{dates.money(value)} Euro"
    return render.rule_name(value) if key == "rule" else _word(value)


def _value(hint: Any, typed: str) -> Any:
    """A typed text as JSON has it; what is no number stays text, so that the check names the field."""
    kind = bare(hint)
    if is_several(hint):
        return [line.strip() for line in typed.splitlines() if line.strip()]
    if kind is bool:
        return {"true": True, "false": False}.get(typed, typed)
    if kind in (int, float):
        try:
            return kind(typed.replace(",", "."))
        except ValueError:
            return typed
    return typed


def _cents(typed: str) -> int | str:
    """An amount in Euro as cents; what is none stays text, so that the check names the field."""
    found = _EURO.fullmatch(typed.strip())
    return int(found[1].replace(".", "")) * 100 + int((found[2] or "").ljust(2, "0")) if found else typed


_EURO = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})*|[0-9]{1,9})(?:,([0-9]{1,2}))?(?: ?(?:€|Euro|EUR))?")


def is_several(hint: Any) -> bool:
    """Whether a field holds a list."""
    return get_origin(bare(hint)) is list


def bare(hint: Any) -> Any:
    """The type without Annotated and without None."""
    if get_origin(hint) is Annotated:
        return bare(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return bare(next(one for one in get_args(hint) if one is not type(None)))
    return hint


def _typed(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _word(value: Any, deep: int = 0) -> str:
    if isinstance(value, dict):  # the changed fields of a correction, and once more those of the one it corrects
        words = (
            f"{labels.field(key)} {'entfällt' if one is None else _word(one, deep + 1)}" for key, one in value.items()
        )
        return ", ".join(words) if deep < 2 else "…"
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, list):
        return ", ".join(labels.code(one) for one in value)
    if isinstance(value, int | float):
        return dates.number(value)
    try:
        return dates.plain(moments.day(str(value)))
    except ValueError:
        return labels.code(value)
