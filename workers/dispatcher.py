"""Wakes the workers: hands the ids of due outbox rows to the queue. The rows are the truth, the queue only a bell."""

from __future__ import annotations

import datetime as dt

from redis import Redis

from services.messages import outbox
from services.office.health import machine_time
from services.office.office import Office
from workers.crew import DELIVER
from workers.crew import queue as opened

JOB_SECONDS = 120
KEPT_SECONDS = 60  # a finished job is forgotten soon; nothing is learned from it


def connect(url: str) -> Redis:
    """A connection that gives up quickly: the database does not wait for the queue."""
    return Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5)


def dispatch(office: Office, redis: Redis, now: dt.datetime) -> int:
    """Enqueues the ids of what is due and not lately enqueued; how many. Raises RedisError; then the rows stay.

    No transaction is open while the queue is spoken to: what it has not taken is enqueued again a minute later.
    """
    redis.ping()
    queue = opened(redis)
    kept = {"job_timeout": JOB_SECONDS, "result_ttl": KEPT_SECONDS, "failure_ttl": KEPT_SECONDS}
    with office.write() as tx:
        due = outbox.lease(tx.conn, now, machine_time())
    for one in due:
        queue.enqueue(DELIVER, one.hex, **kept)
    return len(due)
