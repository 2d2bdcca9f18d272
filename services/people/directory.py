"""The organisation as recorded, ready to ask, and the names of those who work here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select, true

from domain.facts.base import Stream
from domain.handovers import CLOCK
from domain.knowledge import known
from domain.organisation import Organisation
from domain.periods import OPEN
from domain.permissions import About, Relation, relations
from services.records import current, tables
from services.records.database import kept
from services.records.vault import is_ref

if TYPE_CHECKING:
    from services.office.office import Office, Transaction

Version = tuple[int, int]
NOBODY = About(None, None, None)

_read: WeakKeyDictionary[Office, tuple[Version, Organisation]] = WeakKeyDictionary()


def organisation(tx: Transaction) -> Organisation:
    """The directory as known now; read anew only when a fact about a person or unit was added."""
    known = kept(tx.conn, "directory")
    if tx.office not in known:
        known[tx.office] = _of_version(tx, version(tx.conn))
    read: Organisation = known[tx.office]
    return read


def _of_version(tx: Transaction, version: Version) -> Organisation:
    found = _read.get(tx.office)
    if found is None or found[0] != version:
        found = _read[tx.office] = (version, _build(tx))
    return found[1]


def placed(tx: Transaction, case_key: UUID, day: dt.date) -> tuple[Organisation, About]:
    """The directory as known now, and who is responsible in it for a case on a day: in one statement."""
    known = _known_abouts(tx.conn, day)
    if case_key in known:
        return organisation(tx), known[case_key] or NOBODY
    rows = tx.conn.execute(_placed(day), {"cases": [case_key]}).all()
    found = _gathered([case_key], (row[2:] for row in rows if row[2] is not None))
    known |= found
    read = kept(tx.conn, "directory")[tx.office] = _of_version(tx, (rows[0][0], rows[0][1]))
    return read, found[case_key] or NOBODY


def label(tx: Transaction, person: str) -> str:
    """The name of a member of staff by directory key; without a name the id, without an entry the text itself."""
    return labels(tx, [person])[person]


def labels(tx: Transaction, persons: Iterable[str]) -> dict[str, str]:
    """The names of several members of staff at once; `rule:…` stays as it is, an import that is a reference is one."""
    persons = list(persons)
    wanted = keys(persons)
    names = tx.office.vault.names(tx.conn, list(wanted.values()), "name")
    numbers = tx.store.numbers(tx.conn, [key for key in wanted.values() if key not in names])
    found = {person: names.get(key) or numbers.get(key, person) for person, key in wanted.items()}
    return {person: found.get(person) or _system(person) for person in persons}


def keys(persons: Iterable[str]) -> dict[str, UUID]:
    """Of these texts those that are directory keys, as keys of streams."""
    return {person: UUID(hex=person) for person in set(persons) if _is_key(person)}


def _system(text: str) -> str:
    kind, _, name = text.partition(":")
    return "Import" if kind == "import" and is_ref(name) else text


def mail_address(tx: Transaction, person: str) -> str | None:
    """The address of a member of staff by directory key, or nothing."""
    return tx.office.vault.name(tx.conn, UUID(hex=person), "mail") if _is_key(person) else None


def mail_addresses(tx: Transaction, persons: Iterable[str]) -> dict[str, str]:
    """The same of many; who has none is left out."""
    found = tx.office.vault.names(tx.conn, keys(persons).values(), "mail")
    return {key.hex: address for key, address in found.items()}


def person_key(tx: Transaction, person_id: str) -> str | None:
    """The directory key of a person's id (fm-7), or nothing."""
    key = tx.store.key(tx.conn, Stream.PERSON, person_id)
    return key.hex if key else None


def about(conn: Connection, case_key: UUID, day: dt.date) -> About:
    """Who is responsible for a case on a day as known now, and who is to receive it."""
    return abouts(conn, [case_key], day).get(case_key, NOBODY)


def abouts(conn: Connection, cases: Collection[UUID], day: dt.date) -> dict[UUID, About]:
    """The same of several cases, as far as somebody is responsible or to receive them."""
    known = _known_abouts(conn, day)
    if missing := [key for key in cases if key not in known]:
        known |= _gathered(missing, conn.execute(_abouts(day), {"cases": missing}))
    return {key: about for key in cases if (about := known[key])}


def keep_abouts(conn: Connection, day: dt.date, cases: Collection[UUID], rows: Iterable[Sequence[Any]]) -> None:
    """Keeps who is responsible for these cases, where another statement has read the `CONCERNED` of them as well."""
    known = _known_abouts(conn, day)
    known |= _gathered(cases, rows)


def _known_abouts(conn: Connection, day: dt.date) -> dict[UUID, About | None]:
    return kept(conn, f"about {day}")


def _gathered(cases: Collection[UUID], rows: Iterable[Sequence[Any]]) -> dict[UUID, About | None]:
    found: dict[UUID, About | None] = dict.fromkeys(cases)
    for key, clock, worker, unit, area, team in rows:
        where = {"worker": worker, "unit": unit, "area": area, "team": team}
        now = {"receiver": worker} if clock == CLOCK else where
        found[key] = (found[key] or NOBODY)._replace(**now)
    return found


CONCERNED = [tables.segments.c[name] for name in ("case_key", "clock", "worker", "unit", "area", "team")]


def concerned(day: dt.date) -> ColumnElement[bool]:
    """The segments that say who is responsible for their case on a day as known now, and who is to receive it."""
    one = tables.segments.c
    offered = and_(one.clock == CLOCK, one.to_day == OPEN, one.known_to == tables.END_OF_TIME)
    return or_(current.held(tables.segments, "care", day), offered)


@lru_cache(maxsize=16)
def _abouts(day: dt.date) -> Select[Any]:
    """The statement of a day, built once: putting it together takes longer than running it."""
    return select(*CONCERNED).where(tables.segments.c.case_key.in_(bindparam("cases", expanding=True)), concerned(day))


@lru_cache(maxsize=16)
def _placed(day: dt.date) -> Select[Any]:
    held = _abouts(day).subquery()
    return select(*VERSION.c, *held.c).outerjoin_from(VERSION, held, true())


def relations_to(tx: Transaction, person: str, case_key: UUID, day: dt.date) -> frozenset[Relation]:
    """How the person stands to the case on the day."""
    return relations(organisation(tx), person, day, about(tx.conn, case_key, day))


def _is_key(person: str) -> bool:
    return len(person) == 32 and all(letter in "0123456789abcdef" for letter in person)


def version(conn: Connection) -> Version:
    """How many persons and units there are, and how many facts about them."""
    return kept(conn, "version of the directory").get(VERSION) or tuple(conn.execute(VERSION.select()).one())


def is_of(conn: Connection, version: Version) -> None:
    """Keeps the version of the directory, where another statement has read it as well."""
    kept(conn, "version of the directory")[VERSION] = version


VERSION = (
    select(func.count().label("streams"), func.coalesce(func.sum(tables.heads.c.number), 0).label("facts"))
    .select_from(tables.heads.join(tables.streams, tables.heads.c.key == tables.streams.c.key))
    .where(tables.streams.c.kind.in_((Stream.PERSON, Stream.UNIT)))
    .subquery()
)
"""How many persons and units there are, and how many facts about them: with each it is another directory."""


def _build(tx: Transaction) -> Organisation:
    persons, units = (list(tx.store.streams(tx.conn, stream)) for stream in (Stream.PERSON, Stream.UNIT))
    codes, found = tx.store.numbers(tx.conn, units), tx.store.records_of(tx.conn, [*persons, *units])
    facts = {key: known(found.get(key, ())) for key in (*persons, *units)}
    return Organisation({key.hex: facts[key] for key in persons}, {codes[key]: facts[key] for key in units})
