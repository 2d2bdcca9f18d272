"""The one place that knows the event store: our recorder on SQLAlchemy Core, and the mapper to stored bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import UUID

from eventsourcing.persistence import AggregateRecorder, EventStore, IntegrityError, JSONTranscoder, Mapper, StoredEvent
from msgspec import Struct
from sqlalchemy import Connection, Engine, Integer, bindparam, exc, insert, select

from domain.facts import name_of
from domain.records import Record
from services.records.codec import Codec
from services.records.database import reading, writing
from services.records.tables import records

START = bytes(32)  # the predecessor's hash of a stream's first record
Stored = tuple[int, str, bytes]  # number, stored name, stored bytes
Link = Callable[[bytes], bytes]  # the hash that chains: keyed (`Vault.link`), or that of old databases


class Head(Struct, frozen=True):
    """The last number and hash of a stream; 0 and `START` while it is empty."""

    number: int
    hash: bytes


class Recorded(Struct, frozen=True):
    """A record as the event store sees it."""

    originator_id: UUID
    originator_version: int
    record: Record


class Conflict(Exception):
    """Somebody else has written to the same stream or id; nothing was kept: read and decide again."""


class FactMapper(Mapper[UUID]):
    """Records <-> stored events. The topic is the fact's stored name, the state what the codec writes."""

    def __init__(self, codec: Codec) -> None:
        super().__init__(JSONTranscoder())
        self._codec = codec

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """The stored form of a `Recorded`."""
        key, record = domain_event.originator_id, domain_event.record
        return StoredEvent(key, domain_event.originator_version, name_of(record.fact), self._codec.encode(key, record))

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """The `Recorded` behind a stored event."""
        key, number = stored_event.originator_id, stored_event.originator_version
        assert isinstance(key, UUID)
        return Recorded(key, number, self._codec.decode(key, number, stored_event.topic, stored_event.state))


class FactRecorder(AggregateRecorder):
    """Inserts into the running transaction of a connection; with an engine, into one of its own."""

    def __init__(self, bind: Connection | Engine, link: Link | None = None) -> None:
        self._bind = bind
        self._link = link

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        heads: dict[UUID, Head] | None = None,
        stored: list[Stored] | None = None,
        **_: Any,
    ) -> None:
        """Stores all or none. `heads` is moved on to the last record of each stream, chained by the link this was
        made with; without it no hash is kept. `stored` gets the facts as they lie there then.

        Raises the library's IntegrityError when a (stream, number) is taken.
        """
        if not stored_events:
            return
        rows = [_row(event, heads, self._link) for event in stored_events]
        try:
            with self._connection(writes=True) as conn:
                conn.execute(_insert, rows)
        except exc.IntegrityError as error:
            raise IntegrityError(str(error.orig)) from error
        if stored is not None:
            stored += [(row["number"], row["name"], row["state"]) for row in rows]

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> list[StoredEvent]:
        """The events of one stream after `gt` up to and including `lte`, in the order of their numbers."""
        span = {"key": originator_id, "gt": -1 if gt is None else gt, "lte": _END if lte is None else lte}
        statement, span["most"] = _backwards if desc else _forwards, _END if limit is None else limit
        with self._connection(writes=False) as conn:
            return [StoredEvent(originator_id, *row) for row in conn.execute(statement, span)]

    def _connection(self, *, writes: bool) -> AbstractContextManager[Connection]:
        if isinstance(self._bind, Connection):
            return nullcontext(self._bind)
        return writing(self._bind) if writes else reading(self._bind)


def put(
    conn: Connection, codec: Codec, link: Link, events: Sequence[Recorded], heads: dict[UUID, Head]
) -> list[Stored]:
    """Stores events in the running transaction, moves `heads` on to them and returns them as they lie there then.

    Raises Conflict.
    """
    stored: list[Stored] = []
    try:
        EventStore(FactMapper(codec), FactRecorder(conn, link)).put(events, heads=heads, stored=stored)
    except IntegrityError as error:
        raise Conflict(str(error)) from error
    return stored


def chain(codec: Codec, link: Link, events: Sequence[Recorded], heads: dict[UUID, Head]) -> list[dict[str, Any]]:
    """The rows of events as `put` would store them; `heads` is moved on to them."""
    mapper = FactMapper(codec)
    return [_row(mapper.to_stored_event(event), heads, link) for event in events]


def stored(conn: Connection, keys: Sequence[UUID], only_first: bool = False) -> dict[UUID, list[Stored]]:
    """The stored facts of some streams as they lie there, in the order of their numbers; or the first of each."""
    found: dict[UUID, list[Stored]] = {key: [] for key in keys}
    columns = (records.c.key, records.c.number, records.c.name, records.c.state)
    wanted = select(*columns).where(records.c.key.in_(keys)).order_by(*columns[:2])
    for key, *fact in conn.execute(wanted.where(records.c.number == 1) if only_first else wanted):
        found[key].append((fact[0], fact[1], fact[2]))
    return found


def chained(link: Link, before: bytes, key: UUID, number: int, name: str, state: bytes) -> bytes:
    """The hash of a record over its predecessor's hash, its place, its name and its stored bytes."""
    place = key.bytes + number.to_bytes(8, "big") + len(name).to_bytes(2, "big") + name.encode()
    return link(before + place + state)


def without_key(stored: bytes) -> bytes:
    """The link of databases before the chain was keyed; what they bore witness of is held to it still."""
    return hashlib.sha256(stored).digest()


def _row(event: StoredEvent, heads: dict[UUID, Head] | None, link: Link | None) -> dict[str, Any]:
    key, number = event.originator_id, event.originator_version
    row: dict[str, Any] = {"key": key, "number": number, "name": event.topic, "state": event.state, "hash": None}
    if heads is not None:
        assert isinstance(key, UUID)
        assert link is not None
        if number != heads[key].number + 1:  # the library would store it, and nobody could read the stream later
            raise IntegrityError(f"number {number} does not follow {heads[key].number}")
        row["hash"] = chained(link, heads[key].hash, key, number, event.topic, event.state)
        heads[key] = Head(number, row["hash"])
    return row


# Built once: putting a statement together takes longer than running it.
_END = 2**31 - 1
_insert = insert(records)
_span = (
    select(records.c.number, records.c.name, records.c.state)
    .where(records.c.key == bindparam("key"))
    .where(records.c.number > bindparam("gt"), records.c.number <= bindparam("lte"))
    .limit(bindparam("most", type_=Integer))
)
_forwards = _span.order_by(records.c.number)
_backwards = _span.order_by(records.c.number.desc())
