"""One stream whole, as it stands in a transaction: what it is, its key, its head, its facts as they lie there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection, bindparam, select

from domain.facts import Stream
from services.records.database import kept
from services.records.recorder import Head, Stored
from services.records.tables import heads, numbers, records, streams, text_keys
from services.records.vault import Cipher, Vault, chunks


class NoStream(LookupError):
    """There is no stream with this key, or its text key is destroyed: nothing can be appended."""


class Place(Struct):
    """A stream that is about to grow."""

    kind: Stream
    number: str
    head: Head
    cipher: Cipher


class Whole(Struct, frozen=True, kw_only=True):
    """A stream with all its facts. `number` as it stands in the table; `cipher`: None once the key is destroyed."""

    key: UUID
    kind: Stream
    number: str
    head: Head
    cipher: Cipher | None
    erased: bool
    facts: Sequence[Stored]

    @property
    def place(self) -> Place:
        """Where the stream goes on. NoStream if it is erased."""
        if self.cipher is None:
            raise NoStream(str(self.key))
        return Place(self.kind, self.number, self.head, self.cipher)


def read(conn: Connection, vault: Vault, key: UUID) -> Whole:
    """A stream in one statement, or as it was read before in a transaction that only reads. NoStream if there is none.

    Who is about to write locks the head before, in a statement of its own: what PostgreSQL reads in the one that waits
    is of the moment before it waited, and the key may be destroyed meanwhile.
    """
    known: dict[UUID, Whole] = kept(conn, "streams")
    if key not in known:
        rows = conn.execute(_one, {"stream": key}).all()
        if not rows:
            raise NoStream(str(key))
        known[key] = _of_rows(vault, key, rows)
    return known[key]


def read_all(conn: Connection, vault: Vault, keys: Iterable[UUID]) -> dict[UUID, Whole]:
    """The same of several; what is no stream is left out."""
    known: dict[UUID, Whole] = kept(conn, "streams")
    wanted = set(keys)
    for some in chunks([key for key in wanted if key not in known]):
        for key, rows in groupby(conn.execute(_several, {"wanted": some}), itemgetter(-1)):
            known[key] = _of_rows(vault, key, list(rows))
    return {key: known[key] for key in wanted if key in known}


def _of_rows(vault: Vault, key: UUID, rows: Sequence[Sequence[Any]]) -> Whole:
    kind, number, wrapped, erased, *head = rows[0][:6]
    return Whole(
        key=key,
        kind=Stream(kind),
        number=number,
        head=Head(*head),
        cipher=None if wrapped is None else vault.unwrap(key, wrapped),
        erased=erased,
        facts=[(row[6], row[7], row[8]) for row in rows if row[6] is not None],
    )


# Built once: putting a statement together takes longer than running it.
_whole = (
    select(streams.c.kind, numbers.c.number, text_keys.c.wrapped, streams.c.erased_at.is_not(None))
    .add_columns(heads.c.number, heads.c.hash, records.c.number, records.c.name, records.c.state)
    .join_from(streams, numbers, numbers.c.key == streams.c.key)
    .join(heads, heads.c.key == streams.c.key)
    .outerjoin(text_keys, text_keys.c.key == streams.c.key)
    .outerjoin(records, records.c.key == streams.c.key)
)
_one = _whole.where(streams.c.key == bindparam("stream")).order_by(records.c.number)
_several = (
    _whole.add_columns(streams.c.key)
    .where(streams.c.key.in_(bindparam("wanted", expanding=True)))
    .order_by(streams.c.key, records.c.number)
)
