"""What is still to be done outside the database: each task once, and never lost, whatever happens to the queue."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from msgspec import Struct
from sqlalchemy import Connection, or_, select, update

from services.records.database import insert_once
from services.records.tables import outbox

PENDING, DONE, FAILED = "pending", "done", "failed"


class Task(Struct, frozen=True):
    """A row of the outbox that is to be worked on. `data` holds ids, codes and days only."""

    id: UUID
    kind: str
    data: dict[str, Any]
    tries: int


def add(conn: Connection, kind: str, unique_key: str, data: dict[str, Any], due_at: dt.datetime) -> UUID | None:
    """Writes a task down in the running transaction; None if one with this unique key is there already."""
    row = {"id": uuid4(), "unique_key": unique_key, "kind": kind, "data": data, "due_at": due_at}
    statement = insert_once(conn.dialect, outbox).returning(outbox.c.id)
    return conn.execute(statement, {**row, "state": PENDING, "tries": 0}).scalar()


def lease(conn: Connection, now: dt.datetime, *, again_after: dt.timedelta, limit: int = 100) -> list[UUID]:
    """Takes the tasks that are due, so that this caller alone hands them to the queue.

    A task that is still pending `again_after` later is handed out again: the queue may have lost it. Two callers at
    once get different tasks (PostgreSQL skips locked rows, SQLite has one writer at a time).
    """
    due = (
        select(outbox.c.id)
        .where(outbox.c.state == PENDING, outbox.c.due_at <= now)
        .where(or_(outbox.c.enqueued_at.is_(None), outbox.c.enqueued_at <= now - again_after))
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = update(outbox).where(outbox.c.id.in_(due.scalar_subquery())).values(enqueued_at=now)
    return list(conn.scalars(taken.returning(outbox.c.id)))


def take(conn: Connection, task: UUID) -> Task | None:
    """Locks a task until the transaction ends; None if it is done, or somebody else is at it."""
    columns = (outbox.c.id, outbox.c.kind, outbox.c.data, outbox.c.tries)
    pending = select(*columns).where(outbox.c.id == task, outbox.c.state == PENDING)
    row = conn.execute(pending.with_for_update(skip_locked=True)).first()
    return None if row is None else Task(*row)


def complete(conn: Connection, task: UUID, now: dt.datetime) -> bool:
    """Notes that a task is done; False if it was not pending any more."""
    return _finish(conn, task, state=DONE, finished_at=now, error=None)


def fail(conn: Connection, task: UUID, now: dt.datetime, error: str, retry_at: dt.datetime | None = None) -> bool:
    """Notes that a try has failed: due again at `retry_at`, or failed for good. `error` names no person and no text."""
    values: dict[str, Any] = {"tries": outbox.c.tries + 1, "error": error[:200]}
    if retry_at is None:
        return _finish(conn, task, **values, state=FAILED, finished_at=now)
    return _finish(conn, task, **values, due_at=retry_at, enqueued_at=None)


def _finish(conn: Connection, task: UUID, **values: Any) -> bool:
    statement = update(outbox).where(outbox.c.id == task, outbox.c.state == PENDING).values(**values)
    return conn.execute(statement).rowcount == 1
