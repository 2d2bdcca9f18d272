"""Who a case is about, as its facts say it, kept in the vault whenever one of them comes, changes or goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from sqlalchemy import Connection, delete, select

from domain.clients import IDENTIFIED, identified
from domain.facts import name_of
from domain.knowledge import Modifier, known
from domain.records import Record
from services.records.codec import Codec
from services.records.identity import Item
from services.records.tables import blind_index, records, text_keys
from services.records.tables import vault as names
from services.records.vault import Vault, chunks

_READ = (IDENTIFIED, "fact-corrected", "fact-withdrawn")


def follow(conn: Connection, vault: Vault, items: Sequence[Item]) -> None:
    """Keeps the names of the cases these new facts are about, and no others: what was withdrawn is found no more."""
    for some in chunks(sorted(_renamed(conn, items))):
        named = {key: identified(known(told)) for key, told in _told(conn, vault, some)}
        for table in (blind_index, names):
            conn.execute(delete(table).where(table.c.key.in_(some)))
        vault.put_first_names(conn, named)


def _renamed(conn: Connection, items: Iterable[Item]) -> set[UUID]:
    """The cases that a fact names, or that one corrects or withdraws something of which was named before."""
    found = {item.key for item in items if name_of(item.entry.fact) == IDENTIFIED}
    changed = {item.key for item in items if isinstance(item.entry.fact, Modifier)} - found
    for some in chunks(sorted(changed)):
        found |= set(conn.scalars(select(records.c.key).where(records.c.key.in_(some), records.c.name == IDENTIFIED)))
    return found


def _told(conn: Connection, vault: Vault, keys: Sequence[UUID]) -> Iterator[tuple[UUID, list[Record]]]:
    """Of each of these cases what says, in clear, who it is about."""
    one = records.c
    wanted = (
        select(one.key, text_keys.c.wrapped, one.number, one.name, one.state)
        .join_from(records, text_keys, text_keys.c.key == one.key)
        .where(one.key.in_(keys), one.name.in_(_READ))
        .order_by(one.key, one.number)
    )
    for (key, wrapped), facts in groupby(conn.execute(wanted), itemgetter(0, 1)):
        cipher = vault.unwrap(key, wrapped)
        codec = Codec(vault.ref, {} if cipher is None else {key: cipher})
        yield key, [codec.decode(key, number, name, state) for _, _, number, name, state in facts]
