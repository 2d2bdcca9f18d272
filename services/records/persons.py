"""How a database from before the ids of staff were sealed is carried over: once, when it is opened.

Whoever takes the mark away gains nothing: a person whose id is sealed is left alone, and where somebody has taken the
sealed id away, the names no longer fit their seal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, insert, select, update

from domain.facts import Stream
from services.records import keyed, traces, values, verification
from services.records.database import writing
from services.records.seals import NAMES_CHANGED
from services.records.streams import kept
from services.records.tables import numbers, text_keys
from services.records.tables import vault as names_table
from services.records.values import PERSONS, SEALED
from services.records.vault import PERSON_ID, Vault, chunks


def ensure(engine: Engine, vault: Vault, say: Callable[[str], object]) -> None:
    """Carries the database over if that is still to be done. Raises NotCarriedOver."""
    with writing(engine) as conn:
        carried = carry_over(conn, vault)
    if carried:
        traces.clear(engine)
        say("Die Kennungen der Beschäftigten liegen jetzt verschlüsselt in der Datenbank.")


def carry_over(conn: Connection, vault: Vault) -> bool:
    """The same in the caller's transaction; whether there was an id in clear."""
    if not values.put_once(conn, PERSONS, SEALED):
        return False
    rows: Sequence[Any] = conn.execute(_in_clear).all()
    for some in chunks(rows):
        _seal(conn, vault, some)
    if rows:
        traces.leave(conn)
    return bool(rows)


def _seal(conn: Connection, vault: Vault, rows: Sequence[Any]) -> None:
    _check(conn, vault, rows)
    sealed = []
    for row in rows:
        ciphertext = vault.encrypt(conn, row.key, row.number.encode(), PERSON_ID.encode())
        sealed.append({"key": row.key, "field": PERSON_ID, "ciphertext": ciphertext})
    conn.execute(insert(names_table), sealed)
    conn.execute(_refer, [{"k": row.key, "n": kept(vault, Stream.PERSON, row.number)} for row in rows])
    vault.seal_names(conn, [row.key for row in rows])


def _check(conn: Connection, vault: Vault, rows: Sequence[Any]) -> None:
    """Holds the names to their seal, which is made anew with the id; a database without a keyed chain has none yet."""
    names, is_keyed = vault.sealed_names(conn, [row.key for row in rows]), keyed.is_keyed(conn)
    for row in rows:
        whole = row.wrapped is not None and vault.opened(row.key, row.wrapped, names[row.key]) is not None
        if not whole or (is_keyed and row.names != vault.seal_of_names(row.key, names[row.key])):
            raise keyed.NotCarriedOver(verification.sentence(conn, vault, (row.key, None, NAMES_CHANGED)))


_in_clear = (
    select(numbers.c.key, numbers.c.number, text_keys.c.wrapped, text_keys.c.names)
    .outerjoin(text_keys, text_keys.c.key == numbers.c.key)
    .outerjoin(names_table, (names_table.c.key == numbers.c.key) & (names_table.c.field == PERSON_ID))
    .where(numbers.c.kind == Stream.PERSON, names_table.c.key.is_(None))
)
_refer = update(numbers).where(numbers.c.key == bindparam("k")).values(number=bindparam("n"))
