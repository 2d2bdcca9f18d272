"""Makes a repeated post one fact: the answer is kept under the key the caller chose, in the same transaction.

What is kept repeats the fact, so it is encrypted with the key of its case; the caller's key may name the case, so
that a keyed hash of it is stored.
"""

from __future__ import annotations

import datetime as dt
import json
from base64 import b64decode, b64encode
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, select

from services.office.office import Office, Transaction
from services.records.database import insert_once
from services.records.tables import idempotency

KEPT_FOR = dt.timedelta(days=7)


class Reused(Exception):
    """The key was used for something else."""


class Post(NamedTuple):
    """What was posted: by whom (directory key), about which case, under which key, and the digest of its content."""

    person: str
    case_key: UUID
    key: str
    content: bytes


def kept(tx: Transaction, post: Post) -> dict[str, Any] | None:
    """The answer given before, or nothing. Raises `Reused` if the content was another one."""
    same = (idempotency.c.person == post.person, idempotency.c.key == tx.office.vault.ref(post.key))
    row = tx.conn.execute(select(idempotency.c.content, idempotency.c.answer).where(*same)).one_or_none()
    if row is None:
        return None
    if row.content != tx.office.vault.content(post.content):
        raise Reused
    clear = tx.office.vault.decrypt(tx.conn, post.case_key, b64decode(row.answer["sealed"]), _context(tx.office, post))
    answer: dict[str, Any] | None = None if clear is None else json.loads(clear)
    return answer


def keep(tx: Transaction, post: Post, answer: dict[str, Any]) -> None:
    """Keeps an answer for a week; beside it its correlation id, by which erasing the case finds it. Raises `Reused`."""
    now = tx.now
    tx.conn.execute(delete(idempotency).where(idempotency.c.at < now - KEPT_FOR))
    sealed = tx.office.vault.encrypt(tx.conn, post.case_key, json.dumps(answer).encode(), _context(tx.office, post))
    held = {"correlation_id": answer["correlation_id"], "sealed": b64encode(sealed).decode()}
    row = {
        "person": post.person,
        "key": tx.office.vault.ref(post.key),
        "content": tx.office.vault.content(post.content),
    }
    once = insert_once(tx.conn.dialect, idempotency).returning(idempotency.c.person)
    if (
        tx.conn.execute(once, {**row, "answer": held, "at": now}).scalar() is None
    ):  # posted about two cases at the same moment
        raise Reused


def _context(office: Office, post: Post) -> bytes:
    return f"{post.person}/{office.vault.ref(post.key)}".encode()
