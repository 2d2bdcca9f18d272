"""When two entries are the same fact: by their id, or by their content, compared as keyed hashes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from domain.facts import Stream, name_of
from domain.records import Entry, Record
from services.records.tables import fact_ids
from services.records.vault import Vault, chunks


class Outcome(StrEnum):
    """What became of an entry that was to be stored."""

    ADDED = "added"
    KNOWN = "known"  # the same id with the same content is there already
    DIFFERS = "differs"  # the same id with other content is there already


class Item(Struct, frozen=True):
    """An entry with its identity. `position` counts from 0 in the entries of its stream."""

    key: UUID
    position: int
    entry: Entry
    recorded_at: dt.datetime
    id: str
    ref: str
    content: bytes


def identify(
    vault: Vault, kind: Stream, number: str, key: UUID, entries: Sequence[Entry], now: dt.datetime
) -> list[Item]:
    """Gives each entry its id: its own, or one made from its content, or a random one."""
    items = []
    for position, entry in enumerate(entries):
        content = vault.content(_canonical(kind, number, entry, now))
        id = entry.id or ("i-" + content[:16].hex() if entry.identified_by_content else "f-" + uuid4().hex)
        items.append(Item(key, position, entry, entry.recorded_at or now, id, vault.ref(id), content))
    return items


def sort_out(conn: Connection, items: Iterable[Item]) -> list[Outcome]:
    """Compares with what is stored and with the items before; one outcome an item."""
    items = list(items)
    content = contents(conn, [item.ref for item in items if item.entry.id or item.entry.identified_by_content])
    outcomes = []
    for item in items:
        there = content.setdefault(item.ref, item.content)
        new = there is item.content
        outcomes.append(Outcome.ADDED if new else Outcome.KNOWN if there == item.content else Outcome.DIFFERS)
    return outcomes


def contents(conn: Connection, refs: Sequence[str]) -> dict[str, bytes]:
    """The stored content of these references, as keyed hashes; unknown ones are left out."""
    found: dict[str, bytes] = {}
    for chunk in chunks(refs):
        rows = conn.execute(select(fact_ids.c.ref, fact_ids.c.content).where(fact_ids.c.ref.in_(chunk)))
        found |= dict(rows.all())
    return found


def sealed_id(vault: Vault, ref: str, key: UUID, number: int, content: bytes) -> dict[str, Any]:
    """The row that keeps the id of a fact, with the seal that ties its content to its place."""
    seal = vault.seal("id of a fact", ref, key, number, content)
    return {"ref": ref, "key": key, "number": number, "content": content, "seal": seal}


def is_content_of(vault: Vault, kind: Stream, number: str, record: Record, content: bytes | None) -> bool:
    """Whether a record in clear, stored under this number, has this content."""
    given = {name: getattr(record, name) for name in ("on", "fact", "by", "recorded_at", "text_left_out")}
    # A fact that came with an id and without a moment was stored with the moment it arrived.
    both = (Entry(**given, recorded_unknown=unknown) for unknown in (record.recorded_unknown, True))
    return any(vault.content(_canonical(kind, number, one, record.stored_at)) == content for one in both)


def _canonical(kind: Stream, number: str, entry: Entry, now: dt.datetime) -> bytes:
    # A moment nobody knew is no content: a later export names it, and the same fact must still be known again.
    unknown = entry.recorded_unknown or (entry.recorded_at is None and bool(entry.id or entry.identified_by_content))
    recorded = None if unknown else (entry.recorded_at or now).astimezone(dt.UTC)
    # Nor is the name of the file that brought it: the same line in a copy of the file is the same fact.
    by = "import" if entry.by.startswith("import:") else entry.by
    parts = [kind, number, name_of(entry.fact), entry.on, recorded, by, entry.fact, entry.text_left_out]
    return _encoder.encode(parts)


_encoder = msgspec.json.Encoder(order="deterministic")
