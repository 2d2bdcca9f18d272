"""Whether every stored fact still is what was stored: the chain of hashes of each stream, up to its head."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, LargeBinary, Row, cast, func, select

from domain.facts import Stream
from services.records.recorder import START, chained
from services.records.tables import heads, numbers, records, streams

CHANGED = "Der Eintrag wurde nach dem Speichern verändert."
GAP = "Vor diesem Eintrag fehlt einer."
LAST_GONE = "Der letzte Eintrag fehlt."
NO_HEAD = "Zu den Einträgen fehlt der Kopf, der ihre Zahl festhält."
HEAD_CHANGED = "Der Kopf passt nicht zum letzten Eintrag."
NO_STREAM = "Der Eintrag gehört zu keinem bekannten Fall."
OTHER_THAN_WITNESSED = (
    "Der Eintrag ist nicht der, den der Prüfpunkt bezeugt: er oder einer davor wurde verändert, eingefügt, entfernt "
    "oder umgestellt."
)
WITNESSED_GONE = "Der Prüfpunkt bezeugt hier einen Eintrag, der fehlt."
_EVERY = 10_000

Witnessed = Mapping[UUID, Mapping[int, bytes]]
Break = tuple[UUID, int, str]


def verify(
    conn: Connection,
    progress: Callable[[int], None] | None = None,
    witnessed: Witnessed | None = None,
    last: Callable[[], Break | None] = lambda: None,
) -> dict[str, Any]:
    """The answer of `verify` (Vertrag 3). `progress` is called with the number of facts looked at so far.

    `witnessed`: stream -> number -> hash, rising, as checkpoints bear witness of it. `last` looks at what is not in
    the chain, once nothing is broken in it.
    """
    facts, found = _walk(conn, progress, witnessed or {})
    found = found or _emptied(conn) or last()
    cases = conn.scalar(select(func.count()).select_from(streams).where(streams.c.kind == Stream.CASE))
    first = None if found is None else _named(conn, *found)
    return {"ok": found is None, "facts": facts, "cases": cases, "checkpoint": None, "first_break": first}


class _Chain:
    """Follows the records of one stream after the other; says why at the first that does not fit."""

    def __init__(self, witnessed: Witnessed) -> None:
        self.row: Row[Any] | None = None
        self.unseen = set(witnessed)
        self._hash = START
        self._witnessed = witnessed

    def look(self, row: Row[Any]) -> Break | None:
        if self.row is None or row.key != self.row.key:
            if (broken := self.close()) is not None:
                return broken
            self.row, self._hash = None, START
            self.unseen.discard(row.key)
        expected = 1 if self.row is None else self.row.number + 1
        self.row = row
        self._hash = chained(self._hash, row.key, row.number, row.name, row.state)
        if row.head is None:
            return row.key, row.number, NO_STREAM if row.kind is None else NO_HEAD
        if row.number != expected:
            return row.key, row.number, GAP
        if row.hash != self._hash:
            return row.key, row.number, CHANGED
        witness = self._witnessed.get(row.key, _NOTHING).get(row.number, self._hash)
        return None if witness == self._hash else (row.key, row.number, OTHER_THAN_WITNESSED)

    def close(self) -> Break | None:
        """Compares the last record of the stream with its head and with the last one witnessed."""
        row = self.row
        if row is None:
            return None
        if row.head > row.number:
            return row.key, row.number + 1, LAST_GONE
        if (row.head, row.head_hash) != (row.number, self._hash):
            return row.key, row.number, HEAD_CHANGED
        last = max(self._witnessed.get(row.key, _NOTHING), default=0)
        return (row.key, row.number + 1, WITNESSED_GONE) if last > row.number else None


def _walk(conn: Connection, progress: Callable[[int], None] | None, witnessed: Witnessed) -> tuple[int, Break | None]:
    chain, facts, found = _Chain(witnessed), 0, None
    for row in conn.execute(_all.execution_options(yield_per=_EVERY)):
        facts += 1
        found = found or chain.look(row)
        if progress is not None and facts % _EVERY == 0:
            progress(facts)
    found = found or chain.close()
    if found is None and chain.unseen:
        found = min(chain.unseen), 1, WITNESSED_GONE
    return facts, found


def _emptied(conn: Connection) -> Break | None:
    """Streams whose head counts records of which none is left, or that have lost their head with all records."""
    gone = (
        select(streams.c.key, heads.c.number)
        .outerjoin(heads, heads.c.key == streams.c.key)
        .where(~select(records.c.key).where(records.c.key == streams.c.key).exists())
        .where(streams.c.kind.in_(list(Stream)), heads.c.number.is_(None) | (heads.c.number > 0))
    )
    row = conn.execute(gone.order_by(streams.c.key).limit(1)).first()
    return None if row is None else (row.key, 1, NO_HEAD if row.number is None else LAST_GONE)


def _named(conn: Connection, key: UUID, number: int, why: str) -> dict[str, Any]:
    name = conn.scalar(select(numbers.c.number).where(numbers.c.key == key))
    return {"case": name or key.hex, "number": number, "why": why}


_NOTHING: Mapping[int, bytes] = {}
_all = (
    select(
        records.c.key,
        records.c.number,
        records.c.name,
        # Whoever wrote text over the bytes is to be found, not to end the search.
        cast(records.c.state, LargeBinary).label("state"),
        cast(records.c.hash, LargeBinary).label("hash"),
        streams.c.kind,
        heads.c.number.label("head"),
        heads.c.hash.label("head_hash"),
    )
    .outerjoin_from(records, streams, streams.c.key == records.c.key)
    .outerjoin(heads, heads.c.key == records.c.key)
    .order_by(records.c.key, records.c.number)
)
