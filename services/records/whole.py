"""One stream whole, as it stands in a transaction: what it is, its key, its head, its facts as they lie there."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection, bindparam, select

from domain.facts import Stream
from services.records.recorder import Head, Stored
from services.records.tables import heads, numbers, records, streams, text_keys
from services.records.vault import Cipher, Vault


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
    """A stream in one statement. NoStream if there is none.

    Who is about to write locks the head before, in a statement of its own: what PostgreSQL reads in the one that waits
    is of the moment before it waited, and the key may be destroyed meanwhile.
    """
    rows = conn.execute(_whole, {"stream": key}).all()
    if not rows:
        raise NoStream(str(key))
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


_whole = (  # built once: putting a statement together takes longer than running it
    select(streams.c.kind, numbers.c.number, text_keys.c.wrapped, streams.c.erased_at.is_not(None))
    .add_columns(heads.c.number, heads.c.hash, records.c.number, records.c.name, records.c.state)
    .join_from(streams, numbers, numbers.c.key == streams.c.key)
    .join(heads, heads.c.key == streams.c.key)
    .outerjoin(text_keys, text_keys.c.key == streams.c.key)
    .outerjoin(records, records.c.key == streams.c.key)
    .where(streams.c.key == bindparam("stream"))
    .order_by(records.c.number)
)
