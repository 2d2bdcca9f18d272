"""Which stream belongs to which case number, person or unit: the only place that ties a clear number to a key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID, uuid4

from sqlalchemy import Connection, bindparam, delete, insert, select

from domain.facts import Stream
from services.records.database import insert_once
from services.records.recorder import START
from services.records.tables import heads, numbers, streams
from services.records.vault import Vault, chunks


def find(conn: Connection, kind: Stream, wanted: Iterable[str]) -> dict[str, UUID]:
    """The keys of these numbers; numbers nobody has opened are left out."""
    found: dict[str, UUID] = {}
    askable = [number for number in wanted if _is_text(number)]
    for chunk in chunks(askable):
        found |= dict(conn.execute(_keys, {"kind": kind, "wanted": chunk}).all())
    return found


def _is_text(number: str) -> bool:
    """PostgreSQL refuses to be asked for a NUL, both databases for a lone surrogate, which a log-in may bring."""
    return "\0" not in number and number.encode(errors="ignore").decode() == number


def clear(conn: Connection, keys: Iterable[UUID], kind: Stream | None = None) -> dict[UUID, str]:
    """The numbers of these keys; erased ones are left out."""
    found: dict[UUID, str] = {}
    for chunk in chunks(list(keys)):
        statement = _numbers if kind is None else _numbers.where(numbers.c.kind == kind)
        found |= dict(conn.execute(statement, {"wanted": chunk}).all())
    return found


# Built once: putting a statement together takes longer than running it.
_keys = select(numbers.c.number, numbers.c.key).where(
    numbers.c.kind == bindparam("kind"), numbers.c.number.in_(bindparam("wanted", expanding=True))
)
_numbers = select(numbers.c.key, numbers.c.number).where(numbers.c.key.in_(bindparam("wanted", expanding=True)))


def of_kind(conn: Connection, kind: Stream) -> Iterator[UUID]:
    """The keys of all streams of a kind, in the order of their keys."""
    yield from conn.scalars(select(streams.c.key).where(streams.c.kind == kind).order_by(streams.c.key))


def open_all(conn: Connection, vault: Vault, kind: Stream, wanted: Sequence[str], now: dt.datetime) -> dict[str, UUID]:
    """The keys of these numbers; those that have none get a stream with a key of its own and an empty head."""
    known = find(conn, kind, wanted)
    new = {number: uuid4() for number in wanted if number not in known}
    if new:
        _open(conn, vault, kind, new, now)
        known |= find(conn, kind, new)  # another transaction may have been faster with one of them
    return known


def _open(conn: Connection, vault: Vault, kind: Stream, new: dict[str, UUID], now: dt.datetime) -> None:
    opened = [{"key": key, "kind": kind.value, "opened_at": now} for key in new.values()]
    conn.execute(insert(streams), opened)
    named = [{"key": key, "kind": kind.value, "number": number} for number, key in new.items()]
    conn.execute(insert_once(conn.dialect, numbers), named)
    won = clear(conn, new.values())
    lost = [key for key in new.values() if key not in won]
    if lost:
        conn.execute(delete(streams).where(streams.c.key.in_(lost)))
    vault.new_keys(conn, won)
    if won:
        conn.execute(insert(heads), [{"key": key, "number": 0, "hash": START} for key in won])
