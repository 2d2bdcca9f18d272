"""Processes that start before their servers: they wait, say why without a secret, begin by themselves, end at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from sqlalchemy.exc import OperationalError

from services import failures
from services.office import office as opened
from services.office import startup
from services.office.office import open_office
from services.settings import Settings
from tests.chaos.house import ROOT, House
from tests.chaos.servers import PATIENCE, wait_for
from workers.valkey import Embedded, prepared

SECRET = "sehrgeheim"
NO_DATABASE = "Die Datenbank ist nicht erreichbar. Fallverlauf wartet darauf."
NO_TABLES = "Bitte zuerst „fallverlauf migrate“ ausführen. Fallverlauf wartet darauf."
NO_QUEUE = "Valkey ist nicht erreichbar oder nimmt die Anmeldung nicht an. Fallverlauf wartet darauf."


@pytest.fixture
def house(tmp_path: Path, postgresql_server: object) -> Iterator[House]:
    """None of its servers runs yet; the password of its database is one that nobody may read."""
    house = House(tmp_path)
    address = house.postgres.address.replace("postgres@", f"postgres:{SECRET}@")
    house.environment["FALLVERLAUF_DATABASE"] = address
    house.processes = {kind: house.part(kind, house.port) for kind in ("web", "worker", "scheduler")}
    yield house
    house.close()


def said(house: House) -> str:
    """What all processes have said so far."""
    path = house.folder / "output"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_they_wait_for_the_database_its_tables_and_the_queue_and_then_begin(house: House) -> None:
    started = [process.keep() for process in house.processes.values()]
    wait_for(lambda: said(house).count(NO_DATABASE) == 3, "three to miss the database")
    house.postgres.start()
    wait_for(lambda: said(house).count(NO_TABLES) == 3, "three to miss the tables")
    os.kill(started[0], signal.SIGSTOP)  # the pages look again once the tables are there and marked, not in between
    assert house.command("migrate").returncode == 0
    with house.office.write() as tx:
        opened.mark_test_data(tx)
    os.kill(started[0], signal.SIGCONT)
    wait_for(lambda: house.healthz()[0] == 200, "the pages")
    wait_for(lambda: NO_QUEUE in said(house), "the worker to miss the queue")
    wait_for(lambda: house.healthz()[1]["queue"]["state"] == "down", "the scheduler to miss the queue")
    house.valkey.start(lasting=False)
    for part in ("worker", "scheduler", "queue"):
        wait_for(lambda part=part: house.healthz()[1][part]["state"] == "running", part)
    wait_for(lambda: "Valkey ist bereit, nach" in said(house), "the worker to find the queue")
    assert said(house).count("Die Datenbank ist bereit, nach") == 3
    assert [process.keep() for process in house.processes.values()] == started, "none of them ended"
    assert SECRET not in said(house) + (house.folder / "data" / "fallverlauf.log").read_text(encoding="utf-8")


@contextmanager
def running(words: list[str], **how: Any) -> Iterator[subprocess.Popen[Any]]:
    """A process that ends with the test, also where it does not end when told."""
    with subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, **how) as process:
        try:
            yield process
        finally:
            process.kill()


def test_migrate_waits_for_the_database_too(house: House) -> None:
    command = [sys.executable, "-m", "fallverlauf", "migrate"]
    with running(command, env=house.environment, text=True) as migrating:
        assert migrating.stderr is not None
        assert migrating.stderr.readline().strip() == NO_DATABASE
        house.postgres.start()
        said = migrating.communicate(timeout=PATIENCE)[1].splitlines()
    assert (migrating.returncode, said[-1]) == (0, "Die Tabellen sind auf dem neuesten Stand.")


@pytest.mark.parametrize(
    ("command", "by", "status"),
    [
        ("migrate", signal.SIGTERM, 143),
        ("migrate", signal.SIGINT, 130),
        ("serve web --port 0", signal.SIGTERM, 143),
        ("serve scheduler", signal.SIGTERM, 143),
    ],
)
def test_waiting_ends_at_once_when_told(tmp_path: Path, command: str, by: signal.Signals, status: int) -> None:
    nowhere = {"DATABASE": f"postgresql://a:{SECRET}@127.0.0.1:1/a", "REDIS": "redis://127.0.0.1:1/0", "DATA": tmp_path}
    environment = os.environ | {f"FALLVERLAUF_{name}": str(value) for name, value in nowhere.items()}
    words = [sys.executable, "-m", "fallverlauf", *command.split()]
    with running(words, env=environment, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline().strip() == NO_DATABASE
        begun = time.monotonic()
        process.send_signal(by)
        assert process.wait(PATIENCE) == status
    assert time.monotonic() - begun < 5  # nothing is waited for any more; the machine may be busy


def idle(redis: Redis) -> bool:
    """Whether a worker is registered, hears signals and waits for work."""
    return [redis.hget(key, "state") for key in redis.scan_iter("rq:worker:*")] == [b"idle"]


def test_a_worker_that_has_lost_its_queue_ends_when_told(tmp_path: Path) -> None:
    valkey = Embedded(prepared(tmp_path / "valkey"))
    valkey.start()
    environment = os.environ | {"FALLVERLAUF_DATA": str(tmp_path), "FALLVERLAUF_REDIS": valkey.url}
    with Redis.from_url(valkey.url) as redis, open_office(Settings(data=tmp_path)):
        words = [sys.executable, "-m", "fallverlauf", "serve", "worker"]
        with running(words, env=environment) as worker:
            wait_for(lambda: idle(redis), "the worker to wait for work")
            valkey.stop()
            begun = time.monotonic()
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(PATIENCE) == 0
    assert time.monotonic() - begun < 6  # it had been looking for the queue for a moment


def failing(words: str) -> OperationalError:
    """What the driver raises."""
    return OperationalError("", None, Exception(words))


def test_patience_ends_and_the_same_sentence_is_said_once() -> None:
    told: list[str] = []

    def attempt() -> None:
        raise failing('connection failed: connection to server at "db", port 5432 failed: Connection refused')

    with pytest.raises(OperationalError):
        startup.patiently(attempt, told.append, 2)
    assert told == [NO_DATABASE]


def test_a_rejected_log_in_is_not_waited_for() -> None:
    error = failing("connection failed: FATAL:  password authentication failed for user")
    assert failures.rejected(error)
    told: list[str] = []

    def attempt() -> None:
        raise error

    with pytest.raises(OperationalError):
        startup.patiently(attempt, told.append)
    assert told == []


def test_a_slow_attempt_is_said_and_its_outcome_still_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(startup, "SLOW", 0.1)
    told: list[str] = []

    def attempt() -> str:
        time.sleep(0.5)
        return "there"

    assert startup.patiently(attempt, told.append) == "there"
    assert told == [f"{startup.SILENT} Fallverlauf wartet darauf.", "Die Datenbank ist bereit, nach 0 s."]
