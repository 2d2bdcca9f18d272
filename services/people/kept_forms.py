"""What somebody typed and has not saved yet: kept sealed for a day, for that person alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import Connection, delete, insert, select

from services.office.office import Transaction
from services.records.tables import kept_forms
from services.records.vault import Cipher, Vault

KEPT_FOR = dt.timedelta(days=1)
LARGEST = 64 * 1024  # bytes, with the names of the fields
INNER = b"\0"  # begins what is sealed once more, with the key that follows; a form begins with a bracket
MOST = 30  # of one person; beyond, the oldest goes

Fields = Sequence[tuple[str, str]]


class KeptForm(NamedTuple):
    """A form: the path it was sent to, its fields in their order, and whose keys seal it (its cases, else the person).

    Each key seals what the next one has sealed, so that it opens with all of them and with none of them erased.
    """

    path: str
    fields: Fields
    keys: Sequence[UUID]


def keep(tx: Transaction, person: str, form: KeptForm, id: UUID | None = None) -> UUID | None:
    """Keeps a form for a directory key, in the place of the one with this id if that is theirs; gives its id.

    None if it is too large, or if one of its cases has been erased.
    """
    clear = msgspec.json.encode((form.path, form.fields))
    ciphers = {key: Cipher(clear_key) for key, clear_key in tx.office.vault.keys(tx.conn, form.keys).items()}
    if len(ciphers) < len(form.keys) or len(clear) > LARGEST:
        return None
    theirs = kept_forms.c.person == person
    replaced = id is not None and tx.conn.execute(delete(kept_forms).where(theirs, kept_forms.c.id == id)).rowcount
    kept = id if id is not None and replaced else uuid4()
    sealed, inner = clear, None
    for key in reversed(form.keys):
        within = INNER + inner.bytes if inner else b""
        sealed, inner = ciphers[key].seal(within + sealed, _context(key, person, kept)), key
    row = {"id": kept, "person": person, "key": form.keys[0], "sealed": sealed, "at": tx.now}
    tx.conn.execute(insert(kept_forms).values(row))
    newest = select(kept_forms.c.id).where(theirs).order_by(kept_forms.c.at.desc(), kept_forms.c.id).limit(MOST)
    tx.conn.execute(delete(kept_forms).where(theirs, kept_forms.c.id.not_in(newest)))
    clear_away(tx.conn, tx.now)
    return kept


def find(tx: Transaction, person: str, id: UUID) -> KeptForm | None:
    """What was kept for this person under this id, or nothing: never for anybody else, and for no longer than a day."""
    mine = (kept_forms.c.id == id, kept_forms.c.person == person, kept_forms.c.at > tx.now - KEPT_FOR)
    row = tx.conn.execute(select(kept_forms).where(*mine)).one_or_none()
    keys, clear = _opened(tx.conn, tx.office.vault, row) if row else ([], None)
    if clear is None:
        return None
    path, fields = msgspec.json.decode(clear, type=tuple[str, list[tuple[str, str]]])
    return KeptForm(path, fields, keys)


def about(conn: Connection, vault: Vault, key: UUID) -> list[UUID]:
    """The ids of what is kept about a case, alone or with others, also once its key is destroyed.

    Only the first case stands in clear, so all that is kept is opened as far as it opens: of a day, a few each.
    """
    rows = conn.execute(select(kept_forms)).all()
    return [row.id for row in rows if row.key == key or key in _opened(conn, vault, row)[0]]


def _opened(conn: Connection, vault: Vault, row: Any) -> tuple[list[UUID], bytes | None]:
    """The keys a row is sealed with, as far as they open it, and the form; None if one of them is destroyed."""
    keys, clear, key = list[UUID](), row.sealed, row.key
    while clear is not None and key is not None:
        keys.append(key)
        cipher = vault.cipher(conn, key)
        clear, key = _inner(cipher.open(clear, _context(key, row.person, row.id)) if cipher else None)
    return keys, clear


def _inner(clear: bytes | None) -> tuple[bytes | None, UUID | None]:
    """What a key has opened, and the key that seals it still; none: it is the form."""
    if clear is None or not clear.startswith(INNER):
        return clear, None
    at = len(INNER)
    return clear[at + 16 :], UUID(bytes=clear[at : at + 16])


def drop(tx: Transaction, person: str, id: UUID) -> None:
    """Forgets what was kept: it is saved, or not wanted."""
    tx.conn.execute(delete(kept_forms).where(kept_forms.c.id == id, kept_forms.c.person == person))


def forget(conn: Connection, vault: Vault, key: UUID) -> None:
    """Deletes all that is kept about a case, alone or with others."""
    conn.execute(delete(kept_forms).where(kept_forms.c.id.in_(about(conn, vault, key))))


def clear_away(conn: Connection, now: dt.datetime) -> None:
    """Deletes what is older than a day."""
    conn.execute(delete(kept_forms).where(kept_forms.c.at <= now - KEPT_FOR))


def _context(key: UUID, person: str, id: UUID) -> bytes:
    return key.bytes + f"/kept-form/{person}/{id}".encode()
