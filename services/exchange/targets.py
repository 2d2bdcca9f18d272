"""What corrections and withdrawals are about: which of their targets are there, whose and which facts they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from services.records.fields import tidy
from services.records.tables import fact_ids, records
from services.records.vault import Vault, chunks


class Target(NamedTuple):
    """A stored fact: its stream and its stored name."""

    key: UUID
    name: str


class Named(NamedTuple):
    """The id of a correction or withdrawal and of what it is about, as they stand in its line."""

    id: str | None
    target: str | None


class _Data(Struct):
    target: Any = None


class _Line(Struct):
    id: Any = None
    data: _Data | None = None


_decoder = msgspec.json.Decoder(_Line)


def named(raw: bytes) -> Named:
    """The two ids of a line; None where there is none, or the line is none at all."""
    try:
        line = _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Named(None, None)
    ids = (tidy(one) for one in (line.id, line.data and line.data.target))
    return Named(*(one if isinstance(one, str) else None for one in ids))


def before_what_is_about_them(lines: Sequence[Named]) -> list[int]:
    """The lines, by index, as they stand, but each after the one it is about."""
    index = {line.id: at for at, line in reversed(list(enumerate(lines))) if line.id is not None}
    order: dict[int, None] = {}
    for at in range(len(lines)):
        chain: dict[int, None] = {}
        following: int | None = at
        while following is not None and following not in order and following not in chain:
            chain[following] = None
            target = lines[following].target
            following = None if target is None else index.get(target)
        order |= dict.fromkeys(reversed(chain))
    return list(order)


def find(conn: Connection, vault: Vault, ids: Collection[str]) -> dict[str, Target]:
    """The stored facts with these ids; those that are not there yet are left out."""
    refs = {vault.ref(id): id for id in ids}
    found: dict[str, Target] = {}
    statement = select(fact_ids.c.ref, records.c.key, records.c.name).join(
        records, (records.c.key == fact_ids.c.key) & (records.c.number == fact_ids.c.number)
    )
    for chunk in chunks(list(refs)):
        for ref, key, name in conn.execute(statement.where(fact_ids.c.ref.in_(chunk))):
            found[refs[ref]] = Target(key, name)
    return found


def waiting(conn: Connection, vault: Vault, ids: Collection[str]) -> int:
    """How many of these targets, one for each correction or withdrawal, are not there yet."""
    there = find(conn, vault, set(ids))
    return sum(id not in there for id in ids)
