"""Whether every stored fact still is what was stored: the chain of hashes of each stream, up to its head."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, LargeBinary, Row, cast, func, select

from domain.facts import Stream
from services.records import access_log, bindings, readable, schema, seals, witnesses
from services.records import streams as streams_of
from services.records.checkpoints import Book, Heads, Witnessed
from services.records.recorder import START, Link, chained, without_key
from services.records.tables import heads, records, streams
from services.records.vault import Vault, chunks

CHANGED = "Der Eintrag wurde nach dem Speichern verändert, oder Fallverlauf hat ihn nicht gespeichert."
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

Break = tuple[UUID, int, str]
Broken = tuple[UUID | None, int | None, str]
Progress = Callable[[int], None]


def verify(
    conn: Connection, vault: Vault, progress: Progress | None = None, book: Book | None = None
) -> dict[str, Any]:
    """The answer of `verify` (Vertrag 3). `progress` is called with the number of facts looked at so far.

    `book`: what checkpoints bear witness of. What is not in the chain is looked at once nothing is broken in it.
    """
    book = book or Book()
    found, facts = _first(conn, vault, progress, book)
    cases = conn.scalar(select(func.count()).select_from(streams).where(streams.c.kind == Stream.CASE))
    first = None if found is None else named(conn, vault, *found)
    return {"ok": found is None, "facts": facts, "cases": cases, "checkpoint": None, "first_break": first}


def _first(conn: Connection, vault: Vault, progress: Progress | None, book: Book) -> tuple[Broken | None, int]:
    """The first break, and how many facts there are."""
    facts: list[int] = []

    def walk() -> Break | None:
        count, found = _walk(conn, vault.link, progress, book)
        facts.append(count)
        return found

    found = readable.first_broken(
        conn,
        (
            ("records", lambda: _alone(schema.first_strange(conn))),
            ("records", walk),
            ("streams", lambda: _emptied(conn)),
            ("numbers", lambda: bindings.first_broken(conn, vault)),
            ("vault", lambda: seals.first_broken(conn, vault)),
            ("views", lambda: _alone(access_log.first_broken(conn, vault, book.log))),
            ("messages", lambda: _alone(witnesses.first_gone(conn, vault, book))),
        ),
    )
    return found, facts[0] if facts else conn.scalar(select(func.count()).select_from(records)) or 0


def first_broken_without_keys(conn: Connection, vault: Vault, book: Book) -> Broken | None:
    """The same for the facts of a database from before the chain was keyed."""
    _, broken = _walk(conn, without_key, None, book)
    return broken or _emptied(conn) or bindings.first_broken(conn, vault)


def first_not_grown(conn: Connection, vault: Vault, before: Heads, now: Heads) -> Break | None:
    """The first fact that does not follow from the heads of before, of those streams alone that differ since."""
    for key in sorted(before.keys() - now.keys()):
        return key, 1, WITNESSED_GONE
    grown = sorted(key for key, head in now.items() if before.get(key) != head)
    for some in chunks(grown):
        hashes = {key: before[key].hash if key in before else START for key in some}
        for key, number, name, state, hash in conn.execute(_of_streams.where(records.c.key.in_(some))):
            if number > (before[key].number if key in before else 0):
                hashes[key] = chained(vault.link, hashes[key], key, number, name, state)
                if hash != hashes[key]:
                    return key, number, CHANGED
        for key in some:
            if hashes[key] != now[key].hash:
                return key, now[key].number, HEAD_CHANGED
    return None


def sentence(conn: Connection, vault: Vault, broken: Broken) -> str:
    """A break in one German sentence."""
    return said(named(conn, vault, *broken))


def said(first_break: dict[str, Any]) -> str:
    """The same from the answer of `verify`."""
    parts = [f"Fall {first_break['case']}"] if first_break["case"] else []
    parts += [f"Eintrag {first_break['number']}"] if first_break["number"] else []
    where = f"{', '.join(parts)}: " if parts else ""
    return f"Der Bestand wurde verändert: {where}{first_break['why']}"


def _alone(why: str | None) -> Broken | None:
    """A break in what belongs to no stream."""
    return None if why is None else (None, None, why)


class _Thread:
    """The hashes of one kind along a stream, and what checkpoints say of them."""

    def __init__(self, link: Link, witnessed: Witnessed) -> None:
        self.hash = START
        self._link, self._witnessed = link, witnessed

    def agrees(self, row: Row[Any]) -> bool:
        """Goes on to this record; whether nobody bears witness of another hash."""
        self.hash = chained(self._link, self.hash, row.key, row.number, row.name, row.state)
        return self._witnessed.get(row.key, {}).get(row.number, self.hash) == self.hash

    def last(self, key: UUID) -> int:
        """The last number anybody bears witness of."""
        return max(self._witnessed.get(key, {}), default=0)


class _Chain:
    """Follows the records of one stream after the other; says why at the first that does not fit."""

    def __init__(self, link: Link, book: Book) -> None:
        self.row: Row[Any] | None = None
        self.unseen = book.witnessed.keys() | book.before_keys.keys()
        self._threads = [_Thread(link, {} if link is without_key else book.witnessed)]
        if book.before_keys:  # old checkpoints stay a proof: their hashes follow from the facts as well
            self._threads.append(_Thread(without_key, book.before_keys))

    def look(self, row: Row[Any]) -> Break | None:
        if self.row is None or row.key != self.row.key:
            if (broken := self.close()) is not None:
                return broken
            self.row = None
            self.unseen.discard(row.key)
            for one in self._threads:
                one.hash = START
        expected = 1 if self.row is None else self.row.number + 1
        self.row = row
        agreed = [one.agrees(row) for one in self._threads]
        if row.head is None:
            return row.key, row.number, NO_STREAM if row.kind is None else NO_HEAD
        if row.number != expected:
            return row.key, row.number, GAP
        if row.hash != self._threads[0].hash:
            return row.key, row.number, CHANGED
        return None if all(agreed) else (row.key, row.number, OTHER_THAN_WITNESSED)

    def close(self) -> Break | None:
        """Compares the last record of the stream with its head and with the last one witnessed."""
        row = self.row
        if row is None:
            return None
        if row.head > row.number:
            return row.key, row.number + 1, LAST_GONE
        if (row.head, row.head_hash) != (row.number, self._threads[0].hash):
            return row.key, row.number, HEAD_CHANGED
        last = max(one.last(row.key) for one in self._threads)
        return (row.key, row.number + 1, WITNESSED_GONE) if last > row.number else None


def _walk(conn: Connection, link: Link, progress: Progress | None, book: Book) -> tuple[int, Break | None]:
    chain, facts, found = _Chain(link, book), 0, None
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


def named(conn: Connection, vault: Vault, key: UUID | None, number: int | None, why: str) -> dict[str, Any]:
    """A break as the answer of `verify` names it."""
    name = None if key is None else key.hex
    with suppress(Exception):  # what cannot be read may be the number itself
        name = name and streams_of.clear(conn, vault, [UUID(name)]).get(UUID(name), name)
    return {"case": name, "number": number, "why": why}


_of_streams = select(records.c.key, records.c.number, records.c.name, records.c.state, records.c.hash).order_by(
    records.c.key, records.c.number
)
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
