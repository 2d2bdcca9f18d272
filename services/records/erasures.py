"""Which numbers are erased and which streams they left behind; the two are kept apart, each without the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from domain.facts import Stream
from domain.facts.case import CaseOpened
from domain.periods import local_day
from domain.records import Entry
from services.failures import Said
from services.records import values
from services.records.database import kept
from services.records.identity import sealed_id
from services.records.tables import erasures, fact_ids, numbers, other_numbers, streams
from services.records.vault import Vault, chunks

MARK = "erasures"  # the seal over the whole list
ALTERED = "Die Liste der gelöschten Fallnummern wurde verändert."


class Altered(Said):
    """The list of what is erased is not as it was written; the text is one German sentence."""


def erase(conn: Connection, vault: Vault, key: UUID, number: str, at: dt.datetime) -> str:
    """Destroys what ties a stream to a person: its key, its names, its number. Returns what is printed instead."""
    code = vault.printed_code(key)
    vault.destroy(conn, key)
    _forget_content(conn, vault, key)
    conn.execute(update(numbers).where(numbers.c.key == key).values(number=code))
    conn.execute(update(streams).where(streams.c.key == key).values(erased_at=at))
    note(conn, vault, dict.fromkeys((vault.erased_number(number), *_of_other_systems(conn, key)), at))
    return code


def _of_other_systems(conn: Connection, key: UUID) -> list[str]:
    """The hashes of the numbers by which other systems call a case; they are tied to it no longer."""
    named = other_numbers.c.key == key
    found = list(conn.scalars(select(other_numbers.c.number).where(named)))
    conn.execute(delete(other_numbers).where(named))
    return found


def _forget_content(conn: Connection, vault: Vault, key: UUID) -> None:
    """Leaves the ids of the facts, and no content that a guess could be tried on."""
    one = fact_ids.c
    ids = conn.execute(select(one.ref, one.number).where(one.key == key)).all()
    conn.execute(delete(fact_ids).where(one.key == key))
    if ids:
        conn.execute(insert(fact_ids), [sealed_id(vault, ref, key, number, bytes(32)) for ref, number in ids])


def note(conn: Connection, vault: Vault, erased: Mapping[str, dt.datetime]) -> None:
    """Keeps that these numbers (their keyed hashes) are erased, and since when; a list changed by others stays that."""
    sealed = is_sealed(conn, vault)
    for number, at in erased.items():
        conn.execute(delete(erasures).where(erasures.c.number == number))
        conn.execute(insert(erasures).values(number=number, at=at))
    if sealed:
        values.put(conn, MARK, _seal(vault, noted(conn)))


def seal_once(conn: Connection, vault: Vault, known: Mapping[str, dt.datetime] | None = None) -> None:
    """Seals a list from before it was; it is taken as it is, or only where it says what is known."""
    if values.value(conn, MARK) is None and (found := noted(conn)) and known in (None, found):
        values.put(conn, MARK, _seal(vault, found))


def is_unsealed(conn: Connection) -> bool:
    """Whether there are erasures from before they were sealed; the reading is quick."""
    return values.value(conn, MARK) is None and conn.scalar(select(erasures.c.number).limit(1)) is not None


def is_sealed(conn: Connection, vault: Vault) -> bool:
    """Whether the whole list is as Fallverlauf has left it; one that nobody has written yet is."""
    held, found = values.value(conn, MARK), noted(conn)
    return not found if held is None else held == _seal(vault, found)


def _seal(vault: Vault, found: Mapping[str, dt.datetime]) -> str:
    return vault.seal(MARK, [(number, at.astimezone(dt.UTC)) for number, at in sorted(found.items())]).hex()


def is_erased(conn: Connection, key: UUID) -> bool:
    """Whether the person behind a stream is erased."""
    known: dict[UUID, bool] = kept(conn, "erased")
    if key not in known:
        known[key] = conn.scalar(select(streams.c.erased_at).where(streams.c.key == key)) is not None
    return known[key]


def find(conn: Connection, vault: Vault, wanted: Iterable[str]) -> dict[str, dt.datetime]:
    """The case numbers among these that were erased, and when (the last time); whether or not opened anew since.

    Raises Altered where the list is not as it was written: it would let the person of an erased number come back.
    """
    if not is_sealed(conn, vault):
        raise Altered(f"{ALTERED} So lange wird keine Fallnummer angenommen.")
    hashed = {vault.erased_number(number): number for number in wanted}
    found: dict[str, dt.datetime] = {}
    for chunk in chunks(list(hashed)):
        rows = conn.execute(select(erasures.c.number, erasures.c.at).where(erasures.c.number.in_(chunk)))
        found |= {hashed[number]: at for number, at in rows}
    return found


def noted(conn: Connection) -> dict[str, dt.datetime]:
    """Every erasure: the keyed hash of the number, and the moment."""
    return dict(conn.execute(select(erasures.c.number, erasures.c.at)).all())


def hashed_numbers(conn: Connection, vault: Vault) -> dict[str, tuple[UUID, str]]:
    """Every case by the hash its number would leave: its key and number."""
    rows = conn.execute(select(numbers.c.key, numbers.c.number).where(numbers.c.kind == Stream.CASE))
    return {vault.erased_number(number): (key, number) for key, number in rows}


def is_later(entry: Entry, at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a fact was written down after an erasure; of one whose moment nobody knows its day decides."""
    return (entry.recorded_at or now) >= at and (entry.recorded_at is not None or entry.on >= local_day(at))


def opens_anew(entry: Entry, at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a fact opens a case, and that later than the erasure of its number."""
    return isinstance(entry.fact, CaseOpened) and entry.on >= local_day(at) and is_later(entry, at, now)
