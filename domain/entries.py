"""What each fact of a case says in clear, version after version: the ground of questions about entries."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any, NamedTuple

from msgspec import structs

from domain.facts.base import FACTS, Fact, Mark, in_rows, listed_only, marks, name_of
from domain.facts.support import MEASURE_TYPES
from domain.knowledge import Known

Code = str | int | float | bool | tuple[str, ...]
Codes = tuple[tuple[str, Code], ...]  # field and value, days in ISO form


class EntryRow(NamedTuple):
    """One version of a fact; corrections and withdrawals are entries, too.

    `on`: its day; `thing`: what it is about, if anything; `ref`: the reference of the fact, the same in all versions;
    `recorded_at`: when it was first recorded; `corrected`: whether this version differs from the one recorded.
    """

    name: str
    on: dt.date
    thing: str | None
    codes: Codes
    ref: str
    recorded_at: dt.datetime
    by: str
    corrected: bool


def entry(known: Known) -> EntryRow:
    """The row of a version of a fact."""
    fact = known.fact
    thing = _thing(name_of(fact))
    about = getattr(fact, thing) if thing else None
    moment = known.recorded_at.astimezone(dt.UTC)
    return EntryRow(name_of(fact), known.on, about, codes(fact), known.ref, moment, known.by, known.corrected)


def codes(fact: Fact) -> Codes:
    """The fields of a fact that may stand in rows (Fachkonzept 8 no. 13), as far as it has them, but its thing."""
    found = ((key, getattr(fact, field), listed) for field, key, listed in _fields(name_of(fact)))
    return tuple((key, _code(value)) for key, value, listed in found if _told(value, listed))


def _told(value: Any, listed: bool) -> bool:
    return value is not None and (not listed or value in MEASURE_TYPES)


def _code(value: Any) -> Code:
    if isinstance(value, dt.date):
        return value.isoformat()
    code: Code = tuple(value) if isinstance(value, list) else value
    return code


@cache
def _fields(name: str) -> tuple[tuple[str, str, bool], ...]:
    kept, listed = in_rows(name), listed_only(name)
    return tuple(
        (field.name, field.encode_name, field.name in listed)
        for field in structs.fields(FACTS[name])
        if field.name in kept and field.name != _thing(name)
    )


@cache
def _thing(name: str) -> str | None:
    return next((field for field, mark in marks(name).items() if mark is Mark.THING), None)
