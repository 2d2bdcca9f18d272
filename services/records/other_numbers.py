"""By which numbers another system calls the cases here: keyed hashes, which say nothing of either."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy import Connection, insert, select

from services.records import erasures
from services.records.tables import numbers, other_numbers
from services.records.vault import Vault, chunks


def hashed(vault: Vault, system: str, number: str) -> str:
    """What is kept of a number of another system."""
    return vault.erased_number(_of_system(system, number))


def _of_system(system: str, number: str) -> str:
    return f"{system}/{number}"


def keep(conn: Connection, given: Mapping[str, UUID]) -> None:
    """Keeps what is new of these: the hash of a number, and the case it is here."""
    there = of(conn, given)
    if new := [{"number": number, "key": key} for number, key in given.items() if number not in there]:
        conn.execute(insert(other_numbers), new)


def of(conn: Connection, given: Mapping[str, object]) -> dict[str, UUID]:
    """The cases of those among these hashes that are kept."""
    found: dict[str, UUID] = {}
    for some in chunks(list(given)):
        kept = select(other_numbers.c.number, other_numbers.c.key).where(other_numbers.c.number.in_(some))
        found |= dict(conn.execute(kept).all())
    return found


def known_as(conn: Connection, vault: Vault, system: str) -> Callable[[str], str]:
    """How a case is called here that the system calls by a number: that number, unless another was said.

    One whose case was erased since gets a name of its own, which is known to be erased.
    """
    here = dict(
        conn.execute(
            select(other_numbers.c.number, numbers.c.number).join_from(
                other_numbers, numbers, numbers.c.key == other_numbers.c.key
            )
        ).all()
    )
    erased = erasures.noted(conn)
    if not (here or erased):
        return str

    def known(number: str) -> str:
        found = hashed(vault, system, number)
        return here.get(found) or (_of_system(system, number) if found in erased else number)

    return known
