"""How an export without text names persons and imports: by id; what is no id by its keyed reference (Vertrag 2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from domain.facts import Fact, Mark, Stream, name_of
from domain.facts.correction import FactCorrected
from domain.records import Entry, Record
from services.records import plans
from services.records.codec import SYSTEMS
from services.records.store import Store
from services.records.tables import heads
from services.records.vault import Vault

Name = Callable[[str], str]
_ID = re.compile(r"[\w.-]{1,64}")


def naming(conn: Connection, store: Store, vault: Vault) -> Name:
    """What stands for a text in `by` or a field of persons. Text of that form may be an id, and goes out as it is."""

    @cache
    def named(text: str) -> str:
        kind, _, system = text.partition(":")
        if f"{kind}:" in SYSTEMS:
            return text if _ID.fullmatch(system) else f"{kind}:{vault.ref(system)}"
        return text if _ID.fullmatch(text) or _is_in_directory(conn, store, text) else vault.person(text)

    return named


def _is_in_directory(conn: Connection, store: Store, person: str) -> bool:
    """Whether there are facts of the person: not just a text that named somebody."""
    key = store.key(conn, Stream.PERSON, person)
    return key is not None and bool(conn.scalar(select(heads.c.number).where(heads.c.key == key)))


def persons(fact: Fact, named: Name) -> dict[str, Any]:
    """The fields of a fact that name persons, as they go out; of a correction what it changes."""
    if isinstance(fact, FactCorrected):
        changed = [_changed(level, named) for level in plans.levels(fact.data)] if fact.data else []
        return {"data": plans.nested(changed)} if changed else {}
    fields = {field: getattr(fact, field) for field, mark in plans.plan(name_of(fact)) if mark is Mark.PERSON}
    return {field: named(text) for field, text in fields.items() if text is not None}


def _changed(level: dict[str, Any], named: Name) -> dict[str, Any]:
    fields = level.keys() & plans.marked(Mark.PERSON)
    return level | {field: named(level[field]) for field in fields if isinstance(level[field], str)}


def recognised(entry: Entry, record: Record, named: Name) -> Entry:
    """The entry with those persons in clear whom it names as an export of the record did."""
    by = record.by if entry.by == named(record.by) else entry.by
    fact = entry.fact
    if isinstance(fact, FactCorrected) and isinstance(record.fact, FactCorrected):
        fact = msgspec.structs.replace(fact, data=_in_clear(fact.data, record.fact.data, named))
    elif type(fact) is type(record.fact):
        gone = {field: getattr(record.fact, field) for field in persons(record.fact, named)}
        clear = {field: text for field, text in gone.items() if getattr(fact, field) == named(text)}
        fact = msgspec.structs.replace(fact, **clear) if clear else fact
    return msgspec.structs.replace(entry, by=by, fact=fact)


def _in_clear(data: dict[str, Any] | None, stored: dict[str, Any] | None, named: Name) -> dict[str, Any] | None:
    if not data or not stored:
        return data
    found, there = plans.levels(data), plans.levels(stored)
    return plans.nested([_level(one, there[at] if at < len(there) else {}, named) for at, one in enumerate(found)])


def _level(level: dict[str, Any], stored: dict[str, Any], named: Name) -> dict[str, Any]:
    texts = {field: text for field in plans.marked(Mark.PERSON) if isinstance(text := stored.get(field), str)}
    return level | {field: text for field, text in texts.items() if level.get(field) == named(text)}
