"""What corrections and withdrawals are about: which of their targets are there, whose and which facts they are."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, select

from services.records.tables import fact_ids, records
from services.records.vault import Vault, chunks


class Target(NamedTuple):
    """A stored fact: its stream and its stored name."""

    key: UUID
    name: str


def find(conn: Connection, vault: Vault, ids: Collection[str]) -> dict[str, Target]:
    """The stored facts with these ids; those that are not there yet are left out."""
    refs = {vault.ref(id): id for id in ids}
    found: dict[str, Target] = {}
    statement = select(fact_ids.c.ref, records.c.key, records.c.name).join(
        records, (records.c.key == fact_ids.c.key) & (records.c.number == fact_ids.c.number)
    )
    for chunk in chunks(list(refs)):
        for ref, key, name in conn.execute(statement.where(fact_ids.c.ref.in_(chunk))):
            found[refs[ref]] = Target(key, name)
    return found


def waiting(conn: Connection, vault: Vault, ids: Collection[str]) -> int:
    """How many of these targets, one for each correction or withdrawal, are not there yet."""
    there = find(conn, vault, set(ids))
    return sum(id not in there for id in ids)
