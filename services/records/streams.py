"""Which stream belongs to which case number, person or unit: the only place that ties a number to a key.

The number of a case or unit stands there in clear, that of a person as a keyed reference; the id itself is sealed with
the person's key (Vertrag 2, `by`: any text may be one).
"""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, select

from domain.facts import Stream
from services.records import database
from services.records.database import insert_once
from services.records.recorder import START
from services.records.tables import heads, numbers, streams, text_keys
from services.records.tables import vault as names_table
from services.records.vault import NOTHING, PERSON_ID, Sealed, Vault, chunks, gathered


def find(conn: Connection, vault: Vault, kind: Stream, wanted: Iterable[str]) -> dict[str, UUID]:
    """The keys of these numbers; numbers nobody has opened are left out."""
    known: dict[tuple[str, str], UUID | None] = database.kept(conn, "keys")
    asked = {kept(vault, kind, number): number for number in wanted if _is_text(number)}
    for chunk in chunks([number for number in asked if (kind, number) not in known]):
        known |= {(kind, number): None for number in chunk}
        known |= {(kind, number): key for number, key in conn.execute(_keys, {"kind": kind, "wanted": chunk})}
    return {asked[number]: key for number in asked if (key := known[kind, number])}


def kept(vault: Vault, kind: Stream, number: str) -> str:
    """What stands in the table for a number."""
    return vault.person(number) if kind == Stream.PERSON else number


def _is_text(number: str) -> bool:
    """PostgreSQL refuses to be asked for a NUL, both databases for a lone surrogate, which a log-in may bring."""
    return "\0" not in number and number.encode(errors="ignore").decode() == number


def clear(conn: Connection, vault: Vault, keys: Iterable[UUID]) -> dict[UUID, str]:
    """The numbers of these keys; erased ones are left out."""
    known: dict[UUID, tuple[str, str] | None] = database.kept(conn, "numbers")
    asked = set(keys)
    for chunk in chunks([key for key in asked if key not in known]):
        known |= dict.fromkeys(chunk)
        known |= {key: (kind, number) for key, kind, number in conn.execute(_numbers, {"wanted": chunk})}
    found = {key: place for key in asked if (place := known[key])}
    persons = [key for key, (kind, _) in found.items() if kind == Stream.PERSON]
    others = {key: number for key, (kind, number) in found.items() if kind != Stream.PERSON}
    return others | vault.names(conn, persons, PERSON_ID)


def look_up(conn: Connection, keys: Iterable[UUID]) -> None:
    """Reads of all these streams in one statement what they are called, their keys, and whether they are erased.

    Who asks for any of it later in a transaction that only reads finds it read.
    """
    numbered: dict[UUID, tuple[str, str] | None] = database.kept(conn, "numbers")
    keyed: dict[tuple[str, str], UUID | None] = database.kept(conn, "keys")
    named: dict[UUID, Sealed] = database.kept(conn, "names")
    erased: dict[UUID, bool] = database.kept(conn, "erased")
    for chunk in chunks([key for key in set(keys) if key not in numbered or key not in named]):
        rows = conn.execute(_all_of, {"wanted": chunk}).all()
        numbered |= dict.fromkeys(chunk)
        for key, kind, number, erased_at, *_ in rows:
            numbered[key], keyed[kind, number], erased[key] = (kind, number), key, erased_at is not None
        lies = gathered((row[0], *row[4:]) for row in rows)
        named |= {key: lies.get(key, NOTHING) for key in chunk}


def there(conn: Connection, kind: Stream, keys: Iterable[UUID]) -> set[UUID]:
    """Those of these keys that belong to a stream of this kind."""
    found: set[UUID] = set()
    for chunk in chunks(list(keys)):
        found.update(conn.scalars(select(numbers.c.key).where(numbers.c.kind == kind, numbers.c.key.in_(chunk))))
    return found


# Built once: putting a statement together takes longer than running it.
_keys = select(numbers.c.number, numbers.c.key).where(
    numbers.c.kind == bindparam("kind"), numbers.c.number.in_(bindparam("wanted", expanding=True))
)
_numbers = select(numbers.c.key, numbers.c.kind, numbers.c.number).where(
    numbers.c.key.in_(bindparam("wanted", expanding=True))
)


_all_of = (
    select(numbers.c.key, numbers.c.kind, numbers.c.number, streams.c.erased_at)
    .add_columns(text_keys.c.wrapped, names_table.c.field, names_table.c.ciphertext)
    .select_from(numbers.join(streams, streams.c.key == numbers.c.key))
    .outerjoin(text_keys, text_keys.c.key == numbers.c.key)
    .outerjoin(names_table, names_table.c.key == text_keys.c.key)
    .where(numbers.c.key.in_(bindparam("wanted", expanding=True)))
)


def new_key() -> UUID:
    """A key for a new stream, greater than those of the milliseconds before: as UUID version 7 of RFC 9562.

    So what is kept of new cases lies together at the end of each index; anywhere in all of them, a large import would
    read and write most of the file again and again. It tells no more than the moment the stream was opened.
    """
    moment, chance = time.time_ns() // 1_000_000, secrets.randbits(74)
    return UUID(int=moment << 80 | 7 << 76 | (chance >> 62) << 64 | 2 << 62 | chance & (1 << 62) - 1)


def of_kind(conn: Connection, kind: Stream) -> Iterator[UUID]:
    """The keys of all streams of a kind, in the order of their keys."""
    yield from conn.scalars(select(streams.c.key).where(streams.c.kind == kind).order_by(streams.c.key))


def open_all(conn: Connection, vault: Vault, kind: Stream, wanted: Sequence[str], now: dt.datetime) -> dict[str, UUID]:
    """The keys of these numbers; those that have none get a stream with a key of its own and an empty head."""
    known = find(conn, vault, kind, wanted)
    new = {number: new_key() for number in wanted if number not in known}
    if new:
        _open(conn, vault, kind, new, now)
        known |= find(conn, vault, kind, new)  # another transaction may have been faster with one of them
    return known


def _open(conn: Connection, vault: Vault, kind: Stream, new: dict[str, UUID], now: dt.datetime) -> None:
    opened = [{"key": key, "kind": kind.value, "opened_at": now} for key in new.values()]
    conn.execute(insert(streams), opened)
    named = [{"key": key, "kind": kind.value, "number": kept(vault, kind, number)} for number, key in new.items()]
    conn.execute(insert_once(conn.dialect, numbers), named)
    won = there(conn, kind, new.values())
    lost = [key for key in new.values() if key not in won]
    if lost:
        conn.execute(delete(streams).where(streams.c.key.in_(lost)))
    sealed = {key: {PERSON_ID: number} if kind == Stream.PERSON else {} for number, key in new.items() if key in won}
    vault.new_keys(conn, sealed)
    if won:
        conn.execute(insert(heads), [{"key": key, "number": 0, "hash": START} for key in won])
