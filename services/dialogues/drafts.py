"""Where the answers of a dialogue are kept until it is finished, each encrypted with the key of the case."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import Connection, Row, delete, insert, select, update

from domain.dialogues import Answer
from services.records.database import writes
from services.records.tables import draft_answers, drafts

if TYPE_CHECKING:
    from services.office.office import Transaction

OPEN, DONE, CANCELLED = "open", "done", "cancelled"


def create(conn: Connection, dialogue: str, case_key: UUID, owner: str, now: dt.datetime) -> UUID:
    """An empty draft at version 0."""
    draft = uuid4()
    row = {"id": draft, "dialogue": dialogue, "case_key": case_key, "owner": owner, "state": OPEN, "version": 0}
    conn.execute(insert(drafts).values(**row, started_at=now, changed_at=now))
    return draft


def row(conn: Connection, draft: UUID) -> Row[Any]:
    """The draft's row, held until the transaction ends if it writes. LookupError if there is none."""
    wanted = select(drafts).where(drafts.c.id == draft)
    found = conn.execute(wanted.with_for_update() if writes(conn) else wanted).first()
    if found is None:
        raise LookupError(str(draft))
    return found


def open_ones(conn: Connection, owner: str, case_key: UUID | None = None) -> list[UUID]:
    """The open drafts of a person, the last changed first."""
    wanted = [drafts.c.owner == owner, drafts.c.state == OPEN]
    if case_key is not None:
        wanted.append(drafts.c.case_key == case_key)
    return list(conn.scalars(select(drafts.c.id).where(*wanted).order_by(drafts.c.changed_at.desc(), drafts.c.id)))


def answers(tx: Transaction, draft: UUID, case_key: UUID) -> dict[str, Answer]:
    """Every answer by step; without the case's key none can be read."""
    rows = tx.conn.execute(select(draft_answers).where(draft_answers.c.draft == draft)).all()
    found: dict[str, Answer] = {}
    for one in rows:
        clear = tx.office.vault.decrypt(tx.conn, case_key, one.ciphertext, _context(draft, one.step))
        if clear is not None:
            found[one.step] = msgspec.json.decode(clear, type=str | list[str])
    return found


def keep(tx: Transaction, draft: UUID, case_key: UUID, step: str, value: Answer, now: dt.datetime) -> None:
    """Keeps one answer, replacing the one before."""
    sealed = tx.office.vault.encrypt(tx.conn, case_key, msgspec.json.encode(value), _context(draft, step))
    drop(tx.conn, draft, step)
    tx.conn.execute(insert(draft_answers).values(draft=draft, step=step, ciphertext=sealed, answered_at=now))


def drop(conn: Connection, draft: UUID, step: str | None = None) -> None:
    """Deletes one answer, or all."""
    wanted = [draft_answers.c.draft == draft]
    if step is not None:
        wanted.append(draft_answers.c.step == step)
    conn.execute(delete(draft_answers).where(*wanted))


def grow(conn: Connection, draft: UUID, now: dt.datetime) -> None:
    """A new version: buttons drawn before no longer fit."""
    conn.execute(update(drafts).where(drafts.c.id == draft).values(version=drafts.c.version + 1, changed_at=now))


def close(conn: Connection, draft: UUID, state: str, now: dt.datetime) -> None:
    """Ends the draft and deletes its answers: what counts is in the facts."""
    drop(conn, draft)
    conn.execute(
        update(drafts).where(drafts.c.id == draft).values(state=state, version=drafts.c.version + 1, changed_at=now)
    )


def _context(draft: UUID, step: str) -> bytes:
    return draft.bytes + step.encode()
