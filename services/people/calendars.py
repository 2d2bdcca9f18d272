"""The calendar address of a person: who has it reads how many appointments and tasks there are, until it is revoked.

Its token follows from the master key and a random word of its row, so that the database holds nothing that opens it:
the hash finds the row, and a row that nobody with the master key has written opens nothing.
"""

from __future__ import annotations

import datetime as dt
from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from services.office.office import Transaction
from services.people import directory
from services.records.tables import calendar_addresses as table
from services.records.vault import Vault

SHOWN = dt.timedelta(minutes=10)  # a new one is shown to its person so long, and never again
NOTED = dt.timedelta(minutes=10)  # "fetched" is written at most this often


class Address(NamedTuple):
    """Since when a person has an address, when it was last asked; `token` is "" once it is no longer shown."""

    issued_at: dt.datetime
    fetched_at: dt.datetime | None
    token: str


class Asked(NamedTuple):
    """Whose address was asked (directory key), what names it in a log, and whether the asking is to be noted."""

    person: str
    mark: str
    due: bool


def renew(tx: Transaction, person: str) -> None:
    """Gives the person (directory key) a new address; the one before holds no longer."""
    revoke(tx.conn, person)
    word = token_urlsafe(16)
    row = {"person": person, "word": word, "token": _hash(_token(tx.office.vault, person, word))}
    tx.conn.execute(insert(table).values(**row, issued_at=tx.now))


def revoke(conn: Connection, person: str) -> None:
    """Ends the address of a person, if there is one."""
    conn.execute(delete(table).where(table.c.person == person))


def of_person(tx: Transaction, person: str) -> Address | None:
    """The address of a person, if there is one."""
    row = tx.conn.execute(select(table).where(table.c.person == person)).one_or_none()
    if row is None:
        return None
    is_new = tx.now - row.issued_at < SHOWN
    return Address(row.issued_at, row.fetched_at, _token(tx.office.vault, person, row.word) if is_new else "")


def asked(tx: Transaction, token: str) -> Asked | None:
    """Whose address this is; nobody's if it was revoked, never given out, or its person does not work here today."""
    row = tx.conn.execute(select(table).where(table.c.token == _hash(token))).one_or_none()
    if row is None or not compare_digest(_token(tx.office.vault, row.person, row.word).encode(), token.encode()):
        return None
    if not directory.organisation(tx).employed(row.person, tx.today):
        return None
    due = row.fetched_at is None or tx.now - row.fetched_at > NOTED
    return Asked(row.person, row.token[:8], due)


def note(conn: Connection, person: str, now: dt.datetime) -> None:
    """Notes that the address of a person was asked."""
    conn.execute(update(table).where(table.c.person == person).values(fetched_at=now))


def _token(vault: Vault, person: str, word: str) -> str:
    return urlsafe_b64encode(vault.seal("calendar address", person, word)).decode().rstrip("=")


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
