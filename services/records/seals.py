"""Whether the rows beside the chain still are those that were sealed: ids, names, sessions, links, purposes."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from services.records import spelling
from services.records.identity import sealed_id
from services.records.tables import blind_index, fact_ids, heads, invites, purposes, sessions, streams, text_keys
from services.records.tables import vault as names
from services.records.vault import Vault, chunks

ID_CHANGED = "Die Kennung eines Eintrags wurde verändert."
ID_GONE = "Die Kennung eines Eintrags fehlt."
NAMES_CHANGED = "Die Namen im Tresor wurden entfernt, ausgetauscht oder verändert."
INDEX_CHANGED = "Das Suchverzeichnis der Namen passt nicht zu den Namen im Tresor."
PUT_BACK = "Der Fall ist gelöscht, aber sein Schlüssel, ein Name oder ein Suchwort steht wieder in der Datenbank."
SESSION_FORGED = "Eine Anmeldung wurde nicht von Fallverlauf eröffnet."
INVITE_FORGED = "Ein Einmal-Link wurde nicht von Fallverlauf ausgegeben."
PURPOSE_FORGED = "Wozu jemand einen Fall einsieht, wurde nicht bei Fallverlauf angegeben."
_EVERY = 10_000

Broken = tuple[UUID | None, int | None, str]


def first_broken(conn: Connection, vault: Vault) -> Broken | None:
    """The first row that is missing or nobody with the master key has written: its stream, its number and why."""
    found = _ids(conn, vault) or _put_back(conn) or _names(conn, vault)
    return found or _sessions(conn, vault) or _invites(conn, vault) or _purposes(conn, vault)


def _ids(conn: Connection, vault: Vault) -> Broken | None:
    found: Counter[UUID] = Counter()
    one = fact_ids.c
    for row in conn.execute(select(one.key, one.number, one.ref, one.content, one.seal)).yield_per(_EVERY):
        if row.seal != sealed_id(vault, row.ref, row.key, row.number, row.content)["seal"]:
            return row.key, row.number, ID_CHANGED
        found[row.key] += 1
    for key, number in conn.execute(select(heads.c.key, heads.c.number).order_by(heads.c.key)):
        if found[key] != number:
            return key, None, ID_GONE
    return None


def _put_back(conn: Connection) -> Broken | None:
    for table in (text_keys, names, blind_index):
        of_erased = (
            select(table.c.key).join(streams, streams.c.key == table.c.key).where(streams.c.erased_at.is_not(None))
        )
        if (key := conn.scalar(of_erased.order_by(table.c.key).limit(1))) is not None:
            return key, None, PUT_BACK
    return None


def _names(conn: Connection, vault: Vault) -> Broken | None:
    for some in chunks(sorted(conn.scalars(select(text_keys.c.key)))):
        sealed, kept, index = vault.sealed_names(conn, some), text_keys.c, spelling.index(conn, some)
        for key, wrapped, seal in conn.execute(select(kept.key, kept.wrapped, kept.names).where(kept.key.in_(some))):
            texts = vault.opened(key, wrapped, sealed[key])
            if texts is None or seal != vault.seal_of_names(key, sealed[key]):
                return key, None, NAMES_CHANGED
            if index[key] != vault.index_words(texts):
                return key, None, INDEX_CHANGED
    return None


def _sessions(conn: Connection, vault: Vault) -> Broken | None:
    one = sessions.c
    for row in conn.execute(select(one.token, one.person, one.csrf, one.started_at, one.seal)):
        if row.seal != of_session(vault, *row[:4]):
            return None, None, SESSION_FORGED
    return None


def _invites(conn: Connection, vault: Vault) -> Broken | None:
    one = invites.c
    for row in conn.execute(select(one.token, one.person, one.issued_at, one.seal)):
        if row.seal != of_invite(vault, *row[:3]):
            return None, None, INVITE_FORGED
    return None


def _purposes(conn: Connection, vault: Vault) -> Broken | None:
    one = purposes.c
    for row in conn.execute(select(one.session, one.case_key, one.purpose, one.seal)):
        if row.seal != of_purpose(vault, *row[:3]):
            return None, None, PURPOSE_FORGED
    return None


def of_session(vault: Vault, *parts: object) -> bytes:
    """The seal of a session: hash of its token, person, CSRF token and beginning (UTC)."""
    return vault.seal("session", *parts)


def of_invite(vault: Vault, *parts: object) -> bytes:
    """The seal of a one-time link: hash of its token, person and when it was issued (UTC)."""
    return vault.seal("invite", *parts)


def of_purpose(vault: Vault, session: str, case_key: UUID, purpose: str) -> bytes:
    """The seal of what a session (hash of its token) reads a case for."""
    return vault.seal("purpose", session, case_key, purpose)


def seal_all(conn: Connection, vault: Vault) -> None:
    """Seals the ids and names of a database from before there were seals; they are taken as they are."""
    one = fact_ids.c
    ids = conn.execute(select(one.ref, one.key, one.number, one.content)).all()
    for some in chunks(ids):
        rows = [sealed_id(vault, *row) for row in some]
        seal = update(fact_ids).where(one.ref == bindparam("of")).values(seal=bindparam("s"))
        conn.execute(seal, [{"of": row["ref"], "s": row["seal"]} for row in rows])
    vault.seal_names(conn, list(conn.scalars(select(text_keys.c.key))))
