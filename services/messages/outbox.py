"""What is still to be done outside the database: each task once, and never lost, whatever happens to the queue.

Two clocks: `now` is the office's (what is due, when it was done), `at` the machine's, which runs on while
FALLVERLAUF_NOW stands still (what the queue may have lost, how long a try rests).
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from msgspec import Struct
from sqlalchemy import Connection, select, update

from services.records.database import insert_once
from services.records.tables import outbox

AGAIN_AFTER = dt.timedelta(minutes=1)
STUCK = dt.timedelta(minutes=5)  # whoever took a task this long ago is dead
LONGEST_REST = dt.timedelta(hours=1)


class State(StrEnum):
    """What has become of a task."""

    WAITING = "waiting"
    SENDING = "sending"  # somebody is at it
    SENT = "sent"
    DROPPED = "dropped"  # there was nothing left to say
    KEPT = "kept"  # there is no way out; what it says stays in the app
    FAILED = "failed"


class Task(Struct, frozen=True):
    """A row of the outbox that is worked on. `data` holds ids, codes and days only; `tries` counts this one."""

    id: UUID
    kind: str
    data: dict[str, Any]
    tries: int


def add(conn: Connection, kind: str, unique_key: str, data: dict[str, Any], due_at: dt.datetime) -> UUID | None:
    """Writes a task down in the running transaction; None if one with this unique key is there already."""
    row = {"id": uuid4(), "unique_key": unique_key, "kind": kind, "data": data, "due_at": due_at}
    statement = insert_once(conn.dialect, outbox).returning(outbox.c.id)
    return conn.execute(statement, {**row, "state": State.WAITING, "tries": 0}).scalar()


def lease(conn: Connection, now: dt.datetime, at: dt.datetime, limit: int = 100) -> list[UUID]:
    """Takes the tasks that are due, so that this caller alone hands them to the queue.

    A task that is still waiting a minute later is handed out again: the queue may have lost it; so is one that was
    taken and not finished. Two callers at once get different tasks (PostgreSQL skips locked rows, SQLite has one
    writer at a time).
    """
    one = outbox.c
    rested = one.enqueued_at.is_(None) | (one.enqueued_at <= at - AGAIN_AFTER)
    due = (one.state == State.WAITING) & (one.due_at <= now) & rested
    stuck = (one.state == State.SENDING) & (one.enqueued_at <= at - STUCK)
    found = select(one.id).where(due | stuck).order_by(one.due_at, one.id).limit(limit)
    taken = update(outbox).where(one.id.in_(found.with_for_update(skip_locked=True).scalar_subquery()), due)
    mine = list(conn.scalars(found.where(stuck)))
    return mine + list(conn.scalars(taken.values(enqueued_at=at).returning(one.id)))


def take(conn: Connection, task: UUID, at: dt.datetime) -> Task | None:
    """Marks a task as being worked on; None if it is done, or somebody else is at it."""
    one = outbox.c
    free = (one.state == State.WAITING) | ((one.state == State.SENDING) & (one.enqueued_at <= at - STUCK))
    taken = update(outbox).where(one.id == task, free)
    taken = taken.values(state=State.SENDING, tries=one.tries + 1, enqueued_at=at)
    row = conn.execute(taken.returning(one.id, one.kind, one.data, one.tries)).first()
    return None if row is None else Task(*row)


def finish(conn: Connection, task: Task, state: State, now: dt.datetime, error: str | None = None) -> bool:
    """Notes what became of a task; False if nobody is at it any more. `error` names no person and no text."""
    return _leave(conn, task, state=state, finished_at=now, error=error)


def rest(conn: Connection, task: Task, at: dt.datetime, error: str) -> bool:
    """Notes that a try has failed and may succeed later: after a minute, doubled with each try, at most an hour."""
    doubled: int = 2 ** min(task.tries - 1, 10)
    pause = min(AGAIN_AFTER * doubled, LONGEST_REST)
    return _leave(conn, task, state=State.WAITING, enqueued_at=at + pause - AGAIN_AFTER, error=error)


def _leave(conn: Connection, task: Task, **values: Any) -> bool:
    statement = update(outbox).where(outbox.c.id == task.id, outbox.c.state == State.SENDING).values(**values)
    return conn.execute(statement).rowcount == 1
