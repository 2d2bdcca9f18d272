"""The queue may hold anything; the worker does its own jobs and nothing else, and goes on."""

from __future__ import annotations

import json
import pickle
import signal
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis
from rq.worker import WorkerStatus

from tests.logged import logged
from workers import crew, jobs
from workers.logs import Lines

KEY = f"rq:queue:{crew.QUEUE}"
OUTBOX_ID = "0" * 32
OWN = [crew.DELIVER, None, [OUTBOX_ID], {}]


class Trap:
    """Writes a file as soon as somebody unpickles it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.file,)


def put(redis: Redis, data: bytes, more: Mapping[str, Any] | None = None) -> None:
    """A job as somebody who reaches the queue can write it."""
    id = uuid4().hex
    redis.hset(f"rq:job:{id}", mapping={"data": data, "status": "queued", "origin": crew.QUEUE, **(more or {})})
    redis.rpush(KEY, id)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids that were delivered."""
    found: list[str] = []
    monkeypatch.setattr(jobs, "_offices", [None])
    monkeypatch.setattr(jobs, "_deliver", lambda office, id: found.append(id.hex))
    return found


def foreign(folder: Path) -> list[tuple[bytes, dict[str, Any]]]:
    trap = pickle.dumps(Trap(folder / "trapped"))
    own = json.dumps(OWN).encode()
    touch = ["pathlib.Path.touch", None, [str(folder / "trapped")], {}]
    system = ["os.system", None, [f"touch {folder / 'trapped'}"], {}]
    return [
        (trap, {}),
        (zlib.compress(trap), {}),
        (pickle.dumps((crew.DELIVER, None, (OUTBOX_ID,), {})), {}),
        (json.dumps(touch).encode(), {}),
        (json.dumps(system).encode(), {}),
        (json.dumps([crew.DELIVER, None, ["; rm"], {}]).encode(), {}),
        (json.dumps([crew.DELIVER, None, [OUTBOX_ID, 1], {}]).encode(), {}),
        (json.dumps([crew.DELIVER, None, [OUTBOX_ID], {"office": 1}]).encode(), {}),
        (json.dumps(["deliver", "workers.jobs", [OUTBOX_ID], {}]).encode(), {}),
        (b"{}", {}),
        (b"7", {}),
        (b"", {}),
        (own, {"success_callback_name": "os.getcwd"}),
        (own, {"failure_callback_name": "os.getcwd"}),
        (own, {"stopped_callback_name": "os.getcwd"}),
        (own, {"timeout": "never"}),
        (own, {"status": "unheard"}),
        (own, {"dependency_ids": '["x"]'}),
    ]


def test_the_name_of_its_own_job_is_that_of_its_function() -> None:
    assert f"{jobs.deliver.__module__}.{jobs.deliver.__qualname__}" == crew.DELIVER


def test_whatever_is_not_its_own_is_refused_and_the_worker_goes_on(
    redis: Redis, done: list[str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    jobs_of_others = foreign(tmp_path)
    for data, more in jobs_of_others:
        put(redis, data, more)
    put(redis, json.dumps(OWN).encode(), {"meta": pickle.dumps(Trap(tmp_path / "trapped"))})
    crew.crew(redis).work(burst=True, logging_level="CRITICAL")
    assert done == [OUTBOX_ID]
    assert not (tmp_path / "trapped").exists()
    assert logged(caplog) == [{"event": "job refused", "queue": crew.QUEUE, "level": "warning"}] * len(jobs_of_others)
    assert redis.llen(KEY) == redis.llen(f"{KEY}:intermediate") == 0


def test_what_rq_says_of_a_job_it_could_not_settle_is_one_line_without_the_words_of_the_failure(
    redis: Redis, done: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    worker = crew.crew(redis)

    def fail(*_: object) -> None:
        raise RuntimeError("Lea Fuchs")

    monkeypatch.setattr(worker, "_finalize_success", fail)
    crew.queue(redis).enqueue(jobs.deliver, OUTBOX_ID)
    worker.work(burst=True, logging_level="ERROR")
    told = [record for record in caplog.records if "Lea Fuchs" in record.getMessage()]
    assert told  # rq says it all
    assert all("Lea" not in Lines("worker").format(record) for record in caplog.records)
    assert "exception raised while executing (workers.jobs.deliver)" in Lines("worker").format(told[0])


def test_nobody_in_the_queue_commands_the_worker(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    worker, heard = crew.crew(redis), list[object]()
    told = (b'{"command": "shutdown"}', b"\xff")
    monkeypatch.setattr(jobs, "_offices", [None])
    monkeypatch.setattr(
        jobs,
        "_deliver",
        lambda office, id: heard.extend(redis.publish(worker.pubsub_channel_name, one) for one in told),
    )
    redis.set("rq:suspended", 1)
    for _ in range(2):
        crew.queue(redis).enqueue(jobs.deliver, OUTBOX_ID)
    worker.work(burst=True, logging_level="CRITICAL")
    assert heard == [0] * 4  # so many listened, while each of the jobs ran
    assert (worker.stopped, redis.llen(KEY)) == (False, 0)


@pytest.fixture
def _signals() -> Iterator[None]:
    """rq takes the signals for itself once it was told to stop."""
    kept = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    yield
    for one, handler in kept.items():
        signal.signal(one, handler)


def test_once_told_to_end_it_begins_no_job(redis: Redis, done: list[str]) -> None:
    """Whatever has become of what rq raised then: a log line keeps it, for one."""
    worker = crew.crew(redis)
    crew.queue(redis).enqueue(jobs.deliver, OUTBOX_ID)
    worker.stopped = True
    worker.work(max_idle_time=1, logging_level="CRITICAL")
    assert (done, redis.llen(KEY)) == ([], 1)


@pytest.mark.usefixtures("_signals")
def test_told_to_end_without_a_queue_it_does_its_job_to_the_end(redis: Redis) -> None:
    worker = crew.crew(redis)
    worker.set_state(WorkerStatus.BUSY)
    worker.connection = Redis(port=1)
    worker.request_stop(signal.SIGTERM, None)
    assert (worker.stopped, worker._stop_requested) == (True, True)


def test_what_the_dispatcher_puts_there_is_json(redis: Redis, done: list[str]) -> None:
    job = crew.queue(redis).enqueue(jobs.deliver, OUTBOX_ID)
    assert json.loads(zlib.decompress(redis.hget(job.key, "data") or b"")) == OWN
    crew.crew(redis).work(burst=True, logging_level="CRITICAL")
    assert done == [OUTBOX_ID]
