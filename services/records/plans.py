"""How each field of a fact is kept: what may stand in clear, and what stands there for what may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, get_args

import msgspec

from domain.facts import FACTS, Fact, Mark, Stream, marks, stream_of
from domain.facts.base import in_rows, marked_anywhere
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.facts.strategy import EndReason

Fields = dict[str, Any]
Plan = tuple[tuple[str, Mark], ...]
END_REASONS = frozenset(get_args(EndReason))
WITHHELD = "-"  # stands in clear for a trait that the fact cannot do without


def mark_in_correction(field: str, value: Any, known: Mapping[str, Mark]) -> Mark:
    """How a changed field is kept, by the marks of the facts that may be meant (`plan_of_stream`)."""
    mark = known.get(field, Mark.TEXT)  # a field that no fact has may hold anything
    if field == "reason" and isinstance(value, str) and value in END_REASONS:
        return Mark.CODE
    return mark if mark in (Mark.CODE, Mark.TRAIT) or isinstance(value, str) else Mark.TEXT


def without_traits(fact: Fact, name: str) -> Fact:
    """What is left of a fact without the key: records of before traits were sealed still hold them in clear."""
    if isinstance(fact, FactCorrected):
        kept = [_without_marked(level) for level in levels(fact.data or {})]
        return msgspec.structs.replace(fact, data=nested(kept)) if fact.data else fact
    held = [field for field in _traits(name) if getattr(fact, field) is not None]
    return msgspec.structs.replace(fact, **(dict.fromkeys(held) | withheld(name))) if held else fact


def _without_marked(data: Fields) -> Fields:
    return {field: value for field, value in data.items() if value is None or field not in marked(Mark.TRAIT)}


def levels(data: Fields) -> list[Fields]:
    """The fields a correction changes, those of the correction it is about, and so on, each without the next.

    In a list, as earlier versions have stored more of them than one function can call itself.
    """
    found, inner = [], data
    while isinstance(inner.get("data"), dict):
        found.append({field: value for field, value in inner.items() if field != "data"})
        inner = inner["data"]
    return [*found, inner]


def nested(found: Sequence[Fields]) -> Fields:
    """The same fields, each level in the `data` of the one before."""
    whole = found[-1]
    for level in reversed(found[:-1]):
        whole = {**level, "data": whole}
    return whole


@cache
def withheld(name: str) -> dict[str, str]:
    """What stands in clear for the traits that the fact cannot do without."""
    required = {field.name for field in msgspec.structs.fields(FACTS[name]) if field.required}
    return {field: WITHHELD for field in _traits(name) if field in required}


@cache
def _traits(name: str) -> tuple[str, ...]:
    return tuple(field for field, mark in plan(name) if mark is Mark.TRAIT)


def row_traits(name: str, secret: Fields) -> Fields:
    """Of the sealed fields of a fact those that rows may hold in clear (Fachkonzept 8 no. 13)."""
    if isinstance(secret.get("data"), dict):  # of a correction, whose target is not at hand
        return {"data": nested([_of_rows(level) for level in levels(secret["data"])])}
    allowed = in_rows(name)
    return {field: value for field, value in secret.items() if field in allowed and field in _traits(name)}


def _of_rows(data: Fields) -> Fields:
    return {field: value for field, value in data.items() if field in _row_traits()}


@cache
def may_hold_row_traits(name: str) -> bool:
    """Whether such a fact may hold a trait that rows may hold in clear."""
    return issubclass(FACTS[name], FactCorrected) or not in_rows(name).isdisjoint(_traits(name))


@cache
def _row_traits() -> frozenset[str]:
    """Their names in any fact; a name that is kept back in another fact is not among them."""
    kept_back = {field for name in FACTS for field in _traits(name) if field not in in_rows(name)}
    return frozenset(field for name in FACTS for field in _traits(name) if field in in_rows(name)) - kept_back


@cache
def plan(name: str) -> Plan:
    """The fields of a stored name that may not stand in clear as they are, and how each is kept."""
    return tuple((field, mark) for field, mark in marks(name).items() if mark is not Mark.CODE)


@cache
def plan_of_stream(kind: Stream) -> dict[str, Mark]:
    """How any field of a fact in such a stream is kept; of several marks the one that protects most."""
    found: dict[str, Mark] = {}
    for name in FACTS:
        if stream_of(name) is kind or issubclass(FACTS[name], FactCorrected | FactWithdrawn):
            for field in msgspec.structs.fields(FACTS[name]):
                mark = marks(name).get(field.name, Mark.CODE)
                if found.get(field.encode_name, Mark.CODE) is Mark.CODE:
                    found[field.encode_name] = mark
    return found


@cache
def marked(mark: Mark) -> frozenset[str]:
    """The field names that carry a mark in any fact."""
    return marked_anywhere(mark)
