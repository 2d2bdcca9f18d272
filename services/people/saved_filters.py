"""The filters somebody has saved for their lists: a name of their own, and what the list is asked for in codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, delete, insert, select

from domain.decisions.refusal import Refused
from services.records.tables import saved_filters
from services.records.words import alphabetical

if TYPE_CHECKING:
    from services.office.office import Transaction

MOST, LONGEST = 20, 40  # filters of one person, signs of a name
CONTEXT = b"filter"


class Saved(NamedTuple):
    """A filter: `asked` are the fields of the address, as it was saved."""

    id: int
    name: str
    asked: dict[str, str]


def of(tx: Transaction, person: str) -> list[Saved]:
    """What a person (directory key) has saved, by name; what nobody of theirs has sealed is left out."""
    found = []
    for id, sealed in tx.conn.execute(_of_person, {"person": person}):
        clear = tx.office.vault.decrypt(tx.conn, UUID(hex=person), sealed, CONTEXT)
        if clear is not None:
            found.append(Saved(id, *msgspec.json.decode(clear, type=tuple[str, dict[str, str]])))
    return sorted(found, key=lambda one: (alphabetical(one.name), one.id))


def save(tx: Transaction, person: str, name: str, asked: dict[str, str]) -> None:
    """Saves a filter, in the place of one of the same name. Raises Refused with the field `name`."""
    name = " ".join(name.split())
    if not name or not name.isprintable():
        raise Refused([("name", "Bitte dem Filter einen Namen geben, z. B. „E ohne Termin“.")])
    if len(name) > LONGEST:
        raise Refused([("name", f"Der Name des Filters darf höchstens {LONGEST} Zeichen haben.")])
    tx.store.lock(tx.conn, UUID(hex=person))  # the names are sealed, so no index keeps two of one name apart
    there = of(tx, person)
    same = [one.id for one in there if one.name.casefold() == name.casefold()]
    if len(there) - len(same) >= MOST:
        raise Refused([("name", f"Mehr als {MOST} Filter lassen sich nicht speichern. Bitte zuerst einen löschen.")])
    tx.conn.execute(delete(saved_filters).where(saved_filters.c.id.in_(same)))
    sealed = tx.office.vault.encrypt(tx.conn, UUID(hex=person), msgspec.json.encode((name, asked)), CONTEXT)
    tx.conn.execute(insert(saved_filters).values(person=person, sealed=sealed, at=tx.now))


def drop(tx: Transaction, person: str, id: int) -> None:
    """Deletes a filter of the person; nothing, if there is none."""
    tx.conn.execute(delete(saved_filters).where(saved_filters.c.id == id, saved_filters.c.person == person))


_of_person = select(saved_filters.c.id, saved_filters.c.sealed).where(saved_filters.c.person == bindparam("person"))
