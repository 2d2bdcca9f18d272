"""How a database from before its chain was keyed is carried over: once, when it is opened, and never unseen.

The facts are held to their old hashes and to the checkpoints first; what does not hold is not carried over. Afterwards
every hash is keyed, and a checkpoint bears witness of all heads. Whoever takes the mark away to have forged facts
carried over is found out by that checkpoint, and by the hashes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, Engine, bindparam, delete, select, update

from services.failures import Said
from services.records import access_log, checkpoints, remembered, seals, values, verification, witnesses
from services.records.checkpoints import Book
from services.records.database import reading, writing
from services.records.recorder import START, chained
from services.records.tables import heads, records, sessions, streams, views
from services.records.values import CHAIN, KEYED
from services.records.vault import Vault

MARK_GONE = (
    "In der Datenbank fehlt der Vermerk, dass ihre Prüfsummen mit dem Hauptschlüssel gebildet sind, obwohl die "
    "Prüfpunktdatei es bezeugt: Jemand hat sie verändert. Bitte die letzte Sicherung einspielen."
)


class NotCarriedOver(Said):
    """The facts of an old database do not hold to their hashes; the text is one German sentence."""


def is_keyed(conn: Connection) -> bool:
    """Whether the hashes of this database are keyed; of an empty one too."""
    return values.value(conn, CHAIN) == KEYED


def ensure(engine: Engine, vault: Vault, file: Path, now: dt.datetime, say: Callable[[str], object]) -> None:
    """Carries the database over if that is still to be done. Raises NotCarriedOver, DamagedCheckpoints, OSError."""
    with reading(engine) as conn:
        if is_keyed(conn):
            return
        is_empty = all(conn.execute(select(one).limit(1)).first() is None for one in (streams, views))
    if is_empty:
        with writing(engine) as conn:
            values.put_once(conn, CHAIN, KEYED)
        return
    with checkpoints.writer(file, vault) as writer:  # of several processes one does it
        with writing(engine) as conn:
            if is_keyed(conn):
                return
            if writer.book.is_keyed:
                raise NotCarriedOver(MARK_GONE)
            carry_over(conn, vault, writer.book)
        with reading(engine) as conn:
            writer.write(conn, max(now, writer.book.last.at if writer.book.last else now), witnesses.seen(conn, vault))
        with writing(engine) as conn:
            remembered.put(conn, vault, writer.book)
    say("Die Prüfsummen aller Einträge sind jetzt mit dem Hauptschlüssel gebildet; ein Prüfpunkt hält das fest.")


def carry_over(conn: Connection, vault: Vault, book: Book) -> None:
    """The same in the caller's transaction."""
    broken = verification.first_broken_without_keys(conn, vault, book)
    if broken is not None:
        raise NotCarriedOver(verification.sentence(conn, vault, broken))
    _chain_anew(conn, vault)
    seals.seal_all(conn, vault)
    access_log.chain_anew(conn, vault)
    conn.execute(delete(sessions))
    values.put(conn, CHAIN, KEYED)


def _chain_anew(conn: Connection, vault: Vault) -> None:
    keys = list(conn.scalars(select(heads.c.key).where(heads.c.number > 0).order_by(heads.c.key)))
    for at in range(0, len(keys), _STREAMS):
        some = keys[at : at + _STREAMS]
        hashes: dict[UUID, bytes] = dict.fromkeys(some, START)
        rows = []
        for row in conn.execute(_facts.where(records.c.key.in_(some))):
            hashes[row.key] = chained(vault.link, hashes[row.key], *row)
            rows.append({"k": row.key, "n": row.number, "h": hashes[row.key]})
        conn.execute(_of_fact, rows)
        conn.execute(_of_head, [{"k": key, "h": hash} for key, hash in hashes.items()])


_STREAMS = 1_000
_facts = select(records.c.key, records.c.number, records.c.name, records.c.state).order_by(
    records.c.key, records.c.number
)
_of_fact = (
    update(records)
    .where(records.c.key == bindparam("k"), records.c.number == bindparam("n"))
    .values(hash=bindparam("h"))
)
_of_head = update(heads).where(heads.c.key == bindparam("k")).values(hash=bindparam("h"))
