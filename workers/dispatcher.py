"""Wakes the workers: hands the ids of due outbox rows to the queue. The rows are the truth, the queue only a bell."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from sqlalchemy import select, update

from services.health import machine_time
from services.office import Office
from services.records.tables import outbox
from workers import jobs

QUEUE = "fallverlauf"
BATCH = 200
JOB_SECONDS = 120
KEPT_SECONDS = 60  # a finished job is forgotten soon; nothing is learned from it


def connect(url: str) -> Redis:
    """A connection that gives up quickly: the database does not wait for the queue."""
    return Redis.from_url(url, socket_connect_timeout=2)


def dispatch(office: Office, redis: Redis, now: dt.datetime) -> int:
    """Enqueues the ids of what is due and not lately enqueued; how many. Raises RedisError; then the rows stay."""
    redis.ping()
    due = _due(office, now)
    queue = Queue(QUEUE, connection=redis)
    for one in due:
        queue.enqueue(
            jobs.deliver,
            one.hex,
            job_timeout=JOB_SECONDS,
            result_ttl=KEPT_SECONDS,
            failure_ttl=KEPT_SECONDS,
        )
    if due:
        with office.write() as conn:
            waiting = (outbox.c.id.in_(due), outbox.c.state == "waiting")
            conn.execute(update(outbox).where(*waiting).values(enqueued_at=machine_time()))
    return len(due)


def _due(office: Office, now: dt.datetime) -> list[UUID]:
    """Waiting rows that are due: new ones, and those whose last enqueuing led to nothing; stuck ones, too."""
    at = machine_time()
    one = outbox.c
    waiting = (one.state == "waiting") & (one.due_at <= now)
    stuck = (one.state == "sending") & (one.enqueued_at < at - jobs.STUCK)
    with office.read() as conn:
        rows = conn.execute(
            select(one.id, one.enqueued_at, one.tries).where(waiting | stuck).order_by(one.due_at)
        ).all()
    ready = [row.id for row in rows if row.enqueued_at is None or row.enqueued_at < at - jobs.wait_after(row.tries)]
    return ready[:BATCH]


__all__ = ["QUEUE", "RedisError", "connect", "dispatch"]
