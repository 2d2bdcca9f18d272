"""Facts in and out: appends records to streams under their lock, each once, and reads them back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from msgspec import structs
from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from domain.facts import FACTS, Fact, Stream, name_of, schema_version
from domain.records import Entry, Record
from services.records import arrivals, clients, recorder, verification, whole
from services.records import codec as codecs
from services.records import streams as streams_of
from services.records.checkpoints import Book
from services.records.codec import Codec
from services.records.identity import Item, Outcome, identify, sealed_id, sort_out
from services.records.recorder import Conflict, Head, Recorded, Stored
from services.records.tables import fact_ids, heads, numbers, records, streams, text_keys
from services.records.vault import PERSON_ID, Cipher, Vault, chunks
from services.records.whole import NoStream, Place, Whole

__all__ = ["Conflict", "ContentDiffers", "Head", "KnownFact", "NoStream", "Outcome", "Store"]

Progress = Callable[[int], None]


class KnownFact(Exception):
    """The entry at `position` is stored already."""

    def __init__(self, position: int, id: str) -> None:
        super().__init__(f"entry {position} is known")
        self.position, self.id = position, id


class ContentDiffers(Exception):
    """The id of the entry at `position` is taken by a fact with other content."""

    def __init__(self, position: int, id: str) -> None:
        super().__init__(f"the id of entry {position} is taken")
        self.position, self.id = position, id


class Store:
    """The facts of one database. Every method works in the transaction of the connection it is given."""

    def __init__(self, vault: Vault, now: Callable[[], dt.datetime]) -> None:
        self._vault = vault
        self._now = now

    # --- streams ---

    def key(self, conn: Connection, stream: Stream, number: str) -> UUID | None:
        """The key of a case number, person id or unit code; None if nobody has opened it (or it is erased)."""
        return self.keys(conn, stream, [number]).get(number)

    def keys(self, conn: Connection, stream: Stream, wanted: Iterable[str]) -> dict[str, UUID]:
        """The keys of many numbers at once; unknown ones are left out."""
        return streams_of.find(conn, self._vault, stream, wanted)

    def number(self, conn: Connection, key: UUID) -> str:
        """The clear number of a stream; LookupError if it is erased or never was."""
        return self.numbers(conn, [key])[key]

    def numbers(self, conn: Connection, keys: Iterable[UUID]) -> dict[UUID, str]:
        """The clear numbers of many streams at once; erased ones are left out."""
        return streams_of.clear(conn, self._vault, keys)

    def open_stream(self, conn: Connection, stream: Stream, number: str) -> UUID:
        """The key of a number, opening its stream if there is none."""
        return self.open_streams(conn, stream, [number])[number]

    def open_streams(self, conn: Connection, stream: Stream, wanted: Sequence[str]) -> dict[str, UUID]:
        """The same for many numbers at once."""
        return streams_of.open_all(conn, self._vault, stream, wanted, self._now())

    def streams(self, conn: Connection, kind: Stream) -> Iterator[UUID]:
        """The keys of all streams of a kind."""
        return streams_of.of_kind(conn, kind)

    def lock(self, conn: Connection, key: UUID) -> Head:
        """Holds a stream until the transaction ends, so that nobody else appends to it. NoStream if there is none."""
        row = conn.execute(_lock, {"stream": key}).first()
        if row is None:
            raise NoStream(str(key))
        return Head(*row)

    # --- reading ---

    def records(self, conn: Connection, key: UUID, with_text: bool = False) -> list[Record]:
        """All records of a stream in the order of their numbers.

        `with_text=False`: ids, things and targets are references, persons directory keys, texts "", and of the traits
        there are those that rows may hold (Fachkonzept 8 no. 13).
        `with_text=True`: all in clear, as it was given; after erasing the same as without.
        """
        try:
            found = self.whole(conn, key)
        except NoStream:
            return []
        return self.read(found, self.persons(conn, found) if with_text else None)

    def whole(self, conn: Connection, key: UUID) -> Whole:
        """A stream with all that stands in its tables; `read` makes records of it. NoStream if there is none."""
        return whole.read(conn, self._vault, key)

    def persons(self, conn: Connection, stream: Whole, others: Iterable[str] = ()) -> dict[str, str]:
        """The ids of the persons that a stream names, and of others, by directory key."""
        keys = codecs.keys_named(state for _, _, state in stream.facts)
        found = self._vault.names(conn, keys | {UUID(hex=other) for other in others}, PERSON_ID)
        return {key.hex: id for key, id in found.items()}

    def read(self, stream: Whole, persons: Mapping[str, str] | None) -> list[Record]:
        """The records of a stream, with the ids of the persons it names in clear; None: without text."""
        ciphers = {} if stream.cipher is None else {stream.key: stream.cipher}
        codec = Codec(self._vault.ref, ciphers, persons=persons, with_text=persons is not None)
        return [codec.decode(stream.key, *fact) for fact in stream.facts]

    def bare(self, stream: Whole, after: int, kinds: Collection[type[Fact]] | None) -> list[Record]:
        """The same without text: those after a number, and before it those of these kinds; None: all."""
        some = [fact for fact in stream.facts if kinds is None or fact[0] > after or FACTS[fact[1]] in kinds]
        return self.read(structs.replace(stream, facts=some), None)

    def of_kinds(self, conn: Connection, cases: Collection[UUID], kinds: Collection[type[Fact]]) -> list[Record]:
        """What these cases say in facts of these kinds, texts in clear and persons as keys, in one statement."""
        found: list[Record] = []
        for stream in whole.read_all(conn, self._vault, cases).values():
            some = [fact for fact in stream.facts if FACTS[fact[1]] in kinds]
            found += self.read(structs.replace(stream, facts=some), {})
        return found

    def look_up(self, conn: Connection, cases: Collection[UUID], others: Iterable[UUID] = ()) -> None:
        """Reads the facts of these cases, and what they, whoever they name and these others are called.

        Two statements, however many those are, in a transaction that only reads: what it asks for of them one by one
        is then read.
        """
        read = whole.read_all(conn, self._vault, cases).values()
        persons = codecs.keys_named(state for stream in read for _, _, state in stream.facts)
        streams_of.look_up(conn, {*cases, *persons, *others})

    def records_of(self, conn: Connection, keys: Sequence[UUID]) -> dict[UUID, list[Record]]:
        """The records of several streams in one query, read without text."""
        ciphers = {key: Cipher(clear) for key, clear in self._vault.keys(conn, keys).items()}
        codec = Codec(self._vault.ref, ciphers, with_text=False)
        found = recorder.stored(conn, keys)
        return {key: [codec.decode(key, *fact) for fact in facts] for key, facts in found.items()}

    def in_clear(self, conn: Connection, keys: Collection[UUID]) -> dict[UUID, list[Record]]:
        """The records of several streams in clear, in two queries; what is no stream is left out."""
        found = whole.read_all(conn, self._vault, keys)
        named = codecs.keys_named(state for stream in found.values() for _, _, state in stream.facts)
        persons = {key.hex: id for key, id in self._vault.names(conn, named, PERSON_ID).items()}
        return {key: self.read(stream, persons) for key, stream in found.items()}

    def referred(self, conn: Connection, refs: Iterable[str]) -> dict[str, Record]:
        """The records of these facts of any streams, in clear but for persons; erased ones as they are left."""
        found: dict[str, Record] = {}
        for chunk in chunks(sorted(refs)):
            for key, number, name, state, wrapped in conn.execute(_of_refs.where(fact_ids.c.ref.in_(chunk))):
                cipher = None if wrapped is None else self._vault.unwrap(key, wrapped)
                codec = Codec(self._vault.ref, {} if cipher is None else {key: cipher})
                record = codec.decode(key, number, name, state)
                found[record.ref] = record
        return found

    # --- writing ---

    def append(
        self,
        conn: Connection,
        key: UUID,
        entries: Sequence[Entry],
        now: dt.datetime,
        correlation_id: str | None = None,
    ) -> list[Record]:
        """Stores all entries as facts of one decision, or none. Returns their records in clear.

        Raises KnownFact or ContentDiffers for the first entry whose id is taken, NoStream, Conflict.
        """
        places = self._places(conn, [key])
        items = self._all_new(conn, places, {key: entries}, now)
        return self._store(conn, places, items, now, correlation_id)[0]

    def grow(
        self,
        conn: Connection,
        stream: Whole,
        entries: Sequence[Entry],
        now: dt.datetime,
        correlation_id: str,
        persons: Mapping[str, str],
    ) -> tuple[list[Record], Whole]:
        """The same for a stream that was read whole under its lock, and the whole stream with them.

        `persons`: the ids known of it, by directory key.
        """
        places, known = {stream.key: stream.place}, {id: key for key, id in persons.items()}
        items = self._all_new(conn, places, {stream.key: entries}, now)
        added, stored, moved = self._store(conn, places, items, now, correlation_id, known)
        return added, structs.replace(stream, head=moved[stream.key], facts=[*stream.facts, *stored])

    def append_many(
        self,
        conn: Connection,
        batches: Mapping[UUID, Sequence[Entry]],
        now: dt.datetime,
        correlation_id: str | None = None,
    ) -> dict[UUID, list[Outcome]]:
        """Stores what is new of many streams at once; for import and demo. One outcome an entry, in the same order."""
        places = self._places(conn, batches)
        items, outcomes = self._identified(conn, places, batches, now)
        new = [item for item, outcome in zip(items, outcomes, strict=True) if outcome is Outcome.ADDED]
        self._store(conn, places, new, now, correlation_id)
        result: dict[UUID, list[Outcome]] = {key: [] for key in batches}
        for item, outcome in zip(items, outcomes, strict=True):
            result[item.key].append(outcome)
        return result

    def verify(self, conn: Connection, progress: Progress | None = None, book: Book | None = None) -> dict[str, Any]:
        """Whether every stored fact is as it was stored, and as checkpoints bear witness (Vertrag 3, `verify`)."""
        return verification.verify(conn, self._vault, progress, book)

    def _all_new(
        self,
        conn: Connection,
        places: Mapping[UUID, Place],
        batches: Mapping[UUID, Sequence[Entry]],
        now: dt.datetime,
    ) -> list[Item]:
        items, outcomes = self._identified(conn, places, batches, now)
        for item, outcome in zip(items, outcomes, strict=True):
            if outcome is not Outcome.ADDED:
                raise (KnownFact if outcome is Outcome.KNOWN else ContentDiffers)(item.position, item.id)
        return items

    def _identified(
        self,
        conn: Connection,
        places: Mapping[UUID, Place],
        batches: Mapping[UUID, Sequence[Entry]],
        now: dt.datetime,
    ) -> tuple[list[Item], list[Outcome]]:
        items: list[Item] = []
        for key, entries in batches.items():
            items += identify(self._vault, places[key].kind, places[key].number, key, entries, now)
        return items, sort_out(conn, items)

    def _places(self, conn: Connection, keys: Iterable[UUID]) -> dict[UUID, Place]:
        """Locks the heads, always in the order of their keys, so that two transactions cannot wait for each other."""
        found: dict[UUID, Place] = {}
        for chunk in chunks(sorted(keys)):
            for key, kind, number, at, hash, wrapped in conn.execute(_places.where(streams.c.key.in_(chunk))):
                if (cipher := self._vault.unwrap(key, wrapped)) is not None:
                    found[key] = Place(Stream(kind), number, Head(at, hash), cipher)
        if missing := set(keys) - found.keys():
            raise NoStream(", ".join(map(str, missing)))
        persons = [key for key, place in found.items() if place.kind is Stream.PERSON]
        for key, id in self.numbers(conn, persons).items():
            found[key].number = id
        return found

    def _store(
        self,
        conn: Connection,
        places: Mapping[UUID, Place],
        items: Sequence[Item],
        now: dt.datetime,
        correlation_id: str | None,
        known: Mapping[str, str] | None = None,
    ) -> tuple[list[Record], list[Stored], Mapping[UUID, Head]]:
        """The records in clear, as they are stored, and the heads after them; `known`: directory keys by id."""
        correlation_id = correlation_id or uuid4().hex
        last = {key: place.head.number for key, place in places.items()}
        events = []
        for item in items:
            last[item.key] += 1
            events.append(Recorded(item.key, last[item.key], as_record(item, last[item.key], now, correlation_id)))
        moved = {key: place.head for key, place in places.items()}
        codec = self._writing(conn, places, items, known or {})
        stored = recorder.put(conn, codec, self._vault.link, events, moved)
        self._keep(conn, places, moved, items, events)
        return [event.record for event in events], stored, moved

    def _writing(
        self, conn: Connection, places: Mapping[UUID, Place], items: Sequence[Item], known: Mapping[str, str]
    ) -> Codec:
        named = {person for item in items for person in codecs.persons_named(item.entry.fact, item.entry.by)}
        return Codec(
            self._vault.ref,
            {key: place.cipher for key, place in places.items()},
            kinds={key: place.kind for key, place in places.items()},
            people=self.people(conn, named - known.keys()) | dict(known),
        )

    def people(self, conn: Connection, named: Collection[str]) -> dict[str, str]:
        """The directory keys of persons, named by id or by key; a person nobody has heard of gets one."""
        if not named:
            return {}
        known = self.keys(conn, Stream.PERSON, named)
        others = sorted(set(named) - known.keys())
        keys = {other: UUID(other) for other in others if codecs.is_key(other)}
        there = streams_of.there(conn, Stream.PERSON, keys.values())
        new = [other for other in others if keys.get(other) not in there]
        opened = self.open_streams(conn, Stream.PERSON, new) if new else {}
        return {person: key.hex for person, key in (known | opened).items()}

    def _keep(
        self,
        conn: Connection,
        places: Mapping[UUID, Place],
        moved: dict[UUID, Head],
        items: Sequence[Item],
        events: Sequence[Recorded],
    ) -> None:
        """Writes what belongs to new records: their ids, the heads, the names they bring."""
        if not events:
            return
        ids = [
            sealed_id(self._vault, item.ref, item.key, event.originator_version, item.content)
            for item, event in zip(items, events, strict=True)
        ]
        try:
            conn.execute(_keep_ids, ids)
        except IntegrityError as error:  # another transaction has stored one of these ids meanwhile
            raise Conflict("an id was taken meanwhile") from error
        changed = [(key, head) for key, head in moved.items() if head is not places[key].head]
        at = events[-1].record.stored_at
        conn.execute(_move_heads, [{"k": key, "n": head.number, "h": head.hash, "at": at} for key, head in changed])
        arrivals.note(conn, (places[item.key].kind for item in items), at)
        for item in items:
            if places[item.key].kind is Stream.PERSON and (named := codecs.names_in(item.entry.fact)):
                self._vault.put_names(conn, item.key, named)
        clients.follow(conn, self._vault, [item for item in items if places[item.key].kind is Stream.CASE])


def as_record(item: Item, number: int, now: dt.datetime, correlation_id: str) -> Record:
    """The record in clear of what is to be stored under a number of its stream."""
    entry = item.entry
    return Record(
        ref=item.ref,
        id=item.id,
        number=number,
        on=entry.on,
        recorded_at=item.recorded_at,
        stored_at=now,
        by=entry.by,
        correlation_id=correlation_id,
        fact=entry.fact,
        schema_version=schema_version(name_of(entry.fact)),
        recorded_unknown=entry.recorded_unknown,
        text_left_out=entry.text_left_out,
    )


_places = (
    select(streams.c.key, streams.c.kind, numbers.c.number, heads.c.number, heads.c.hash, text_keys.c.wrapped)
    .join_from(streams, numbers, numbers.c.key == streams.c.key)
    .join(heads, heads.c.key == streams.c.key)
    .join(text_keys, text_keys.c.key == streams.c.key)
    .order_by(streams.c.key)
    .with_for_update(of=heads)
)
_lock = select(heads.c.number, heads.c.hash).where(heads.c.key == bindparam("stream")).with_for_update()
_keep_ids = insert(fact_ids)
_of_refs = (
    select(records.c.key, records.c.number, records.c.name, records.c.state, text_keys.c.wrapped)
    .join_from(fact_ids, records, (records.c.key == fact_ids.c.key) & (records.c.number == fact_ids.c.number))
    .outerjoin(text_keys, text_keys.c.key == records.c.key)
)
_move_heads = (
    update(heads)
    .where(heads.c.key == bindparam("k"))
    .values(number=bindparam("n"), hash=bindparam("h"), stored_at=bindparam("at"))
)
