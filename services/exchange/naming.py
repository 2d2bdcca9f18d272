"""How an export names persons and imports (by id; what is no id by its keyed reference) and other cases (Vertrag 2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, select

from domain.facts import Fact, Mark, Stream, name_of
from domain.facts.correction import FactCorrected
from domain.records import Entry, Record
from services.records import erasures, plans
from services.records.codec import SYSTEMS
from services.records.store import Store
from services.records.tables import heads
from services.records.vault import Vault

Name = Callable[[str], str]
OTHER = "other_case"  # the number of another case
_ID = re.compile(r"[\w.-]{1,64}")


class Names(NamedTuple):
    """What stands for a text in `by` or a field of persons, and for the number of another case."""

    person: Name
    case: Name


def naming(conn: Connection, store: Store, vault: Vault, *, with_text: bool = False) -> Names:
    """How persons and other cases are named. Text of the form of an id may be one, and goes out as it is.

    An erased number is nowhere written again, `with_text` or not: its keyed reference stands for it.
    """

    @cache
    def named(text: str) -> str:
        kind, _, system = text.partition(":")
        if f"{kind}:" in SYSTEMS:
            return text if _ID.fullmatch(system) else f"{kind}:{vault.ref(system)}"
        return text if _ID.fullmatch(text) or _is_in_directory(conn, store, text) else vault.person(text)

    @cache
    def numbered(number: str) -> str:
        return vault.ref(number) if erasures.find(conn, vault, [number]) else number

    return Names(str if with_text else named, numbered)


def _is_in_directory(conn: Connection, store: Store, person: str) -> bool:
    """Whether there are facts of the person: not just a text that named somebody."""
    key = store.key(conn, Stream.PERSON, person)
    return key is not None and bool(conn.scalar(select(heads.c.number).where(heads.c.key == key)))


def named(fact: Fact, names: Names) -> dict[str, Any]:
    """The fields of a fact that name persons or another case, as they go out; of a correction what it changes."""
    if isinstance(fact, FactCorrected):
        changed = [_changed(level, names) for level in plans.levels(fact.data)] if fact.data else []
        return {"data": plans.nested(changed)} if changed else {}
    fields = {field for field, mark in plans.plan(name_of(fact)) if mark is Mark.PERSON or field == OTHER}
    said = {field: getattr(fact, field) for field in fields}
    return _changed({field: text for field, text in said.items() if text is not None}, names)


def _changed(level: dict[str, Any], names: Names) -> dict[str, Any]:
    return level | {field: name(level[field]) for field, name in _naming(names) if isinstance(level.get(field), str)}


def _naming(names: Names) -> list[tuple[str, Name]]:
    """How each field that names somebody or another case goes out."""
    return [(OTHER, names.case), *((field, names.person) for field in plans.marked(Mark.PERSON))]


def recognised(entry: Entry, record: Record, names: Names) -> Entry:
    """The entry with those persons and cases in clear that it names as an export of the record did."""
    by = record.by if entry.by == names.person(record.by) else entry.by
    fact = entry.fact
    if isinstance(fact, FactCorrected) and isinstance(record.fact, FactCorrected):
        fact = msgspec.structs.replace(fact, data=_in_clear(fact.data, record.fact.data, names))
    elif type(fact) is type(record.fact):
        out = named(record.fact, names).items()
        clear = {field: getattr(record.fact, field) for field, text in out if getattr(fact, field) == text}
        fact = msgspec.structs.replace(fact, **clear) if clear else fact
    return msgspec.structs.replace(entry, by=by, fact=fact)


def _in_clear(data: dict[str, Any] | None, stored: dict[str, Any] | None, names: Names) -> dict[str, Any] | None:
    if not data or not stored:
        return data
    found, there = plans.levels(data), plans.levels(stored)
    return plans.nested([_level(one, there[at] if at < len(there) else {}, names) for at, one in enumerate(found)])


def _level(level: dict[str, Any], stored: dict[str, Any], names: Names) -> dict[str, Any]:
    out = _changed(stored, names)
    fields = (field for field, _ in _naming(names) if isinstance(stored.get(field), str))
    return level | {field: stored[field] for field in fields if level.get(field) == out[field]}
