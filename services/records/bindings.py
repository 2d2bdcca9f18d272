"""Whether each stream still has the number its facts were stored under, held by the keyed hash of their content, and
the key that their texts are read with. That of a person also has to be the one that lies sealed with the person's key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select

from domain.facts import Stream, name_of, schema_version
from domain.records import Record
from services.records import recorder
from services.records.codec import Codec
from services.records.identity import contents, is_content_of
from services.records.seals import NAMES_CHANGED
from services.records.streams import kept
from services.records.tables import numbers, records, streams, text_keys
from services.records.vault import PERSON_ID, Cipher, Vault, chunks

OTHER_NUMBER = "Unter dieser Nummer wurden die Einträge nicht gespeichert."
NO_KEY = "Der Schlüssel der Texte fehlt oder ist nicht der dieses Falls, ohne dass der Fall gelöscht wurde."
NO_NUMBER = "Die Nummer fehlt, ohne dass der Fall gelöscht wurde."
_ORDER = (Stream.UNIT, Stream.PERSON, Stream.OFFICE, Stream.CASE)  # what names persons is looked at after those


def first_broken(conn: Connection, vault: Vault) -> tuple[UUID, int, str] | None:
    """The first stream that goes by another number than its facts were stored under, with a fact's number and why."""
    stored = dict(conn.execute(_persons).all())
    ids = vault.names(conn, stored, PERSON_ID)
    persons = {key.hex: id for key, id in ids.items()}
    if (other := _other_person(conn, vault, stored, ids)) is not None:
        return other
    rows = sorted(conn.execute(_numbered), key=lambda row: _ORDER.index(row.kind) if row.kind in _ORDER else -1)
    for part in chunks(rows):
        if (found := _broken(conn, vault, persons, part)) is not None:
            return found
    return None


def _other_person(
    conn: Connection, vault: Vault, stored: Mapping[UUID, str], ids: Mapping[UUID, str]
) -> tuple[UUID, int, str] | None:
    """The first person, with or without facts, whose reference is not that of the sealed id."""
    for key, reference in sorted(stored.items()):
        if key not in ids:
            return key, 1, NO_KEY if vault.cipher(conn, key) is None else NAMES_CHANGED
        if kept(vault, Stream.PERSON, ids[key]) != reference:
            return key, 1, OTHER_NUMBER
    return None


def _broken(
    conn: Connection, vault: Vault, persons: Mapping[str, str], rows: Sequence[Any]
) -> tuple[UUID, int, str] | None:
    doubtful = []
    for row in rows:
        if row.number is None:
            return row.key, 1, NO_NUMBER
        if row.kind != row.numbered_as or (row.erased_at and row.number != vault.printed_code(row.key)):
            return row.key, 1, OTHER_NUMBER
        if row.erased_at is None:
            doubtful.append(row)
    ciphers = _ciphers(conn, vault, [row.key for row in doubtful])
    for row in doubtful:
        if row.key not in ciphers:
            return row.key, 1, NO_KEY
    for only_first in (True, False):  # one fact is enough to know it by
        found = _read(conn, Codec(vault.ref, ciphers, persons=persons), [row.key for row in doubtful], only_first)
        known = contents(conn, [one.ref for some in found.values() for one in some])
        doubtful = [row for row in doubtful if not _fits(vault, persons, row, found[row.key], known)]
    return (doubtful[0].key, 1, OTHER_NUMBER) if doubtful else None


def _fits(
    vault: Vault, persons: Mapping[str, str], row: Row[Any], stored: Sequence[Record], known: Mapping[str, bytes]
) -> bool:
    """Facts older than their schema cannot be judged, as their content was another."""
    current = [one for one in stored if one.schema_version == schema_version(name_of(one.fact))]
    kind = Stream(row.kind)
    number = persons.get(row.key.hex, "") if kind is Stream.PERSON else row.number
    return not current or any(is_content_of(vault, kind, number, one, known.get(one.ref)) for one in current)


def _ciphers(conn: Connection, vault: Vault, keys: Sequence[UUID]) -> dict[UUID, Cipher]:
    wrapped = conn.execute(select(text_keys.c.key, text_keys.c.wrapped).where(text_keys.c.key.in_(keys)))
    return {key: cipher for key, sealed in wrapped if (cipher := vault.unwrap(key, sealed)) is not None}


def _read(conn: Connection, codec: Codec, keys: Sequence[UUID], only_first: bool) -> dict[UUID, list[Record]]:
    stored = recorder.stored(conn, keys, only_first)
    return {key: [codec.decode(key, *fact) for fact in facts] for key, facts in stored.items()}


_persons = select(numbers.c.key, numbers.c.number).where(numbers.c.kind == Stream.PERSON)
_numbered = (
    select(streams.c.key, streams.c.kind, streams.c.erased_at, numbers.c.kind.label("numbered_as"), numbers.c.number)
    .outerjoin_from(streams, numbers, numbers.c.key == streams.c.key)
    .where(select(records.c.key).where(records.c.key == streams.c.key).exists())
    .order_by(streams.c.key)
)
