"""Where the answers of a dialogue are kept until it is finished, each encrypted with the key of the case."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from domain.dialogues import Answer
from services.records.database import writes
from services.records.streams import new_key
from services.records.tables import draft_answers, drafts

if TYPE_CHECKING:
    from services.office.office import Transaction

OPEN, DONE, CANCELLED = "open", "done", "cancelled"


def create(conn: Connection, dialogue: str, case_key: UUID, owner: str, now: dt.datetime) -> UUID:
    """An empty draft at version 0."""
    draft = new_key()  # of two that were opened at one moment the later one is the newer one
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


class Draft(NamedTuple):
    """A draft: its row, and its answers as they lie there, step -> ciphertext."""

    row: Row[Any]
    sealed: dict[str, bytes]


def open_ones(conn: Connection, owner: str, case_key: UUID | None = None) -> list[Draft]:
    """The open drafts of a person, the last changed first."""
    wanted = [drafts.c.owner == owner, drafts.c.state == OPEN]
    if case_key is not None:
        wanted.append(drafts.c.case_key == case_key)
    return _read(conn, *wanted)


def of_case(conn: Connection, case_key: UUID) -> list[Draft]:
    """Every draft about a case, whoever began it and whatever became of it, the last changed first."""
    return _read(conn, drafts.c.case_key == case_key)


def _read(conn: Connection, *wanted: ColumnElement[bool]) -> list[Draft]:
    chosen = select(drafts, draft_answers.c.step, draft_answers.c.ciphertext).outerjoin(draft_answers).where(*wanted)
    found: dict[UUID, Draft] = {}
    for row in conn.execute(chosen.order_by(drafts.c.changed_at.desc(), drafts.c.id.desc())):
        draft = found.setdefault(row.id, Draft(row, {}))
        if row.step is not None:
            draft.sealed[row.step] = row.ciphertext
    return list(found.values())


def answers(tx: Transaction, draft: UUID) -> dict[str, Answer]:
    """Every answer by step; without the case's key none can be read."""
    return opened(tx, *_read(tx.conn, drafts.c.id == draft))


def opened(tx: Transaction, draft: Draft) -> dict[str, Answer]:
    """The same of a draft that was read."""
    found: dict[str, Answer] = {}
    for step, sealed in draft.sealed.items():
        clear = tx.office.vault.decrypt(tx.conn, draft.row.case_key, sealed, _context(draft.row.id, step))
        if clear is not None:
            found[step] = msgspec.json.decode(clear, type=str | list[str])
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
