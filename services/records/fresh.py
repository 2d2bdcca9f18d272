"""New cases, made ready whole before the transaction that stores them: their facts, and the rows computed from these.

Who makes them ready holds no lock, so nobody waits for it. Whether things still are as they were shows when they are
stored; if not, nothing of them is, and they are to be stored as any others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError

from domain.clients import identified
from domain.facts import Stream
from domain.knowledge import known
from domain.records import Entry, Record
from services.records import arrivals, erasures, meaning, recorder, rulebook
from services.records import rows as case_rows
from services.records.codec import Codec
from services.records.cores import Cores, Part, joined, rows_to_keep
from services.records.identity import Item, identify, sealed_id
from services.records.ready import Ready, put
from services.records.recorder import START, Head, Recorded
from services.records.store import as_record
from services.records.streams import new_key
from services.records.tables import blind_index as words
from services.records.tables import fact_ids, heads, numbers, records, streams, text_keys
from services.records.tables import vault as names
from services.records.vault import Cipher, Vault, fresh_key

Given = Mapping[str, Sequence[Entry]]  # the facts of each new case, by its number
_INSERTS = {
    table.name: insert(table) for table in (streams, numbers, text_keys, names, words, heads, records, fact_ids)
}


class Ground(NamedTuple):
    """What new cases are made ready by: the driver, what the office has set, who is named (`Store.people`), when."""

    driver: str
    settings: Sequence[Record]
    people: Mapping[str, str]
    now: dt.datetime


class Fresh(NamedTuple):
    """Some new cases: their numbers, what stands in the tables of facts, and the rows that are being computed."""

    numbers: Sequence[str]
    ground: Ground
    facts: Mapping[str, list[dict[str, Any]]]
    computed: Future[Ready]

    @property
    def size(self) -> int:
        """How many facts they have."""
        return len(self.facts[records.name])


def begin(cores: Cores, vault: Vault, given: Given, ground: Ground) -> Fresh | None:
    """Makes the facts of new cases ready and begins to compute; None if a fact is among them twice."""
    keys = {new_key(): number for number in given}
    items = [
        item
        for key, number in keys.items()
        for item in identify(vault, Stream.CASE, number, key, given[number], ground.now)
    ]
    if len({item.ref for item in items}) < len(items):
        return None
    clear = {key: fresh_key() for key in keys}
    facts, moved, told = _chained(vault, clear, items, ground)
    part = Part({key: [] for key in keys}, clear, ground.settings)
    for row in facts:
        part.facts[row["key"]].append((row["number"], row["name"], row["state"]))
    stored = (
        _opened(keys, moved, ground.now)
        | _named(vault, clear, told)
        | {
            records.name: facts,
            fact_ids.name: [
                sealed_id(vault, item.ref, item.key, row["number"], item.content)
                for item, row in zip(items, facts, strict=True)
            ],
        }
    )
    return Fresh(list(given), ground, stored, cores.compute(partial(rows_to_keep, ground.driver, {}), part))


def _chained(
    vault: Vault, clear: Mapping[UUID, bytes], items: Sequence[Item], ground: Ground
) -> tuple[list[dict[str, Any]], dict[UUID, Head], list[Recorded]]:
    """The facts as they are to lie there, the head of each case after them, and the records in clear."""
    codec = Codec(
        vault.ref,
        {key: Cipher(one) for key, one in clear.items()},
        kinds=dict.fromkeys(clear, Stream.CASE),
        people=ground.people,
    )
    correlation_id, moved = uuid4().hex, dict.fromkeys(clear, Head(0, START))
    last, events = dict.fromkeys(clear, 0), []
    for item in items:
        last[item.key] = number = last[item.key] + 1
        events.append(Recorded(item.key, number, as_record(item, number, ground.now, correlation_id)))
    return recorder.chain(codec, vault.link, events, moved), moved, events


def _named(vault: Vault, clear: Mapping[UUID, bytes], told: Sequence[Recorded]) -> dict[str, list[dict[str, Any]]]:
    """What is to lie there of the keys of the cases, and of who they are about."""
    told_of: dict[UUID, list[Record]] = {key: [] for key in clear}
    for event in told:
        told_of[event.originator_id].append(event.record)
    found: dict[str, list[dict[str, Any]]] = {text_keys.name: [], names.name: [], words.name: []}
    for key, about in told_of.items():
        of_one, words_of_one = vault.rows_of_names(Cipher(clear[key]), key, identified(known(about)))
        sealed = {row["field"]: row["ciphertext"] for row in of_one}
        found[text_keys.name].append(vault.kept_key(key, clear[key], sealed))
        found[names.name] += of_one
        found[words.name] += words_of_one
    return found


def _opened(keys: Mapping[UUID, str], moved: Mapping[UUID, Head], now: dt.datetime) -> dict[str, list[dict[str, Any]]]:
    return {
        streams.name: [{"key": key, "kind": Stream.CASE.value, "opened_at": now} for key in keys],
        numbers.name: [{"key": key, "kind": Stream.CASE.value, "number": number} for key, number in keys.items()],
        heads.name: [
            {"key": key, "number": head.number, "hash": head.hash, "stored_at": now} for key, head in moved.items()
        ],
    }


def keep(conn: Connection, vault: Vault, some: Sequence[Fresh]) -> bool:
    """Stores them, or nothing if a number or an id is taken, a number was erased, or rules are set otherwise by now.

    Raises Replaced.
    """
    held = meaning.held(conn)
    held.admit()
    settings = rulebook.numbers_among(held.settings)
    if any(one.ground.settings != settings for one in some):
        return False
    if erasures.find(conn, vault, [number for one in some for number in one.numbers]):
        return False
    try:
        with conn.begin_nested():
            _put(conn, some)
    except IntegrityError:
        return False
    return True


def _put(conn: Connection, some: Sequence[Fresh]) -> None:
    for name, statement in _INSERTS.items():
        if stored := [row for one in some for row in one.facts[name]]:
            conn.execute(statement, stored)
    rows = joined(one.computed.result() for one in some)
    for table in case_rows.TABLES:
        put(conn, table, rows[table.name])
    arrivals.note(conn, [Stream.CASE] * sum(one.size for one in some), some[0].ground.now)
