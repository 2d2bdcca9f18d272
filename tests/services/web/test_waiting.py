"""Whatever others wait for: `/healthz` answers, pages that only read answer, and who has waited too long is told so."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import httpx
import pytest
from sqlalchemy import make_url, text

from services.office.office import Office
from services.records import database
from services.web.app import create_app
from services.web.http import errors, limits
from tests.served import serving
from tests.services.web.conftest import VisitAs
from tests.services.web.test_api import CONTACT, facts, send

LONG = 60.0  # seconds nothing here takes
THREADS = 40
HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def another_process_writes(office: Office) -> Iterator[None]:
    """Another process holds the lock of SQLite."""
    command = [sys.executable, "-c", HOLD, str(make_url(office.settings.database).database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield
        process.stdin.close()


def healthz(address: str) -> httpx.Response:
    return httpx.get(f"{address}/healthz", timeout=LONG)


def test_while_another_process_writes_those_who_read_get_answers(visit: VisitAs, town: Office, address: str) -> None:
    worker, before = visit("fm-1"), facts(town)
    worker.token()
    with ThreadPoolExecutor(2 * THREADS) as pool:
        with another_process_writes(town):
            answers = [pool.submit(send, worker, CONTACT) for _ in range(2 * THREADS)]
            found = healthz(address)
            assert (found.status_code, found.json()["database"]) == (200, "running")
            assert worker.get("/fall/C-2001").status_code == 200
            assert not [one for one in answers if one.done()]
        assert {one.result(LONG).status_code for one in answers} == {201}
    assert facts(town) == before + 2 * THREADS


def test_healthz_answers_while_every_thread_waits(town: Office) -> None:
    app, let_go, waiting = create_app(town), Event(), list[int]()

    @app.get("/wait")
    def wait() -> None:
        waiting.append(1)
        let_go.wait(LONG)

    with serving(app) as address, ThreadPoolExecutor(THREADS + 5) as pool:
        try:
            asked = [pool.submit(httpx.get, f"{address}/wait", timeout=LONG) for _ in range(THREADS + 5)]
            while len(waiting) < THREADS:
                pass
            assert healthz(address).status_code == 200
            assert len(waiting) == THREADS
            assert not [one for one in asked if one.done()]
        finally:
            let_go.set()


@pytest.mark.parametrize("kind_of_database", ["postgresql"], indirect=True)
def test_healthz_says_that_the_database_is_slow_and_since_when(town: Office, address: str) -> None:
    with town.engine.begin() as conn:
        conn.execute(text("LOCK TABLE heartbeats IN ACCESS EXCLUSIVE MODE"))
        first, second = healthz(address), healthz(address)
    assert [first.status_code, second.status_code] == [503, 503]
    assert first.json() == second.json()
    assert (first.json()["ok"], first.json()["database"]) == (False, "slow")
    while (found := healthz(address)).status_code == 503:
        pass
    assert found.json()["database"] == "running"


def test_who_has_waited_too_long_to_write_is_told_so(
    visit: VisitAs, town: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, before = visit("fm-1"), facts(town)
    worker.token()
    with another_process_writes(town):
        monkeypatch.setattr(database, "LOCK_SECONDS", 0.2)
        answer = send(worker, CONTACT)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert answer.json() == {"detail": [{"field": "", "reason": errors.BUSY}]}
    assert facts(town) == before
    assert send(worker, CONTACT).status_code == 201


def test_who_waits_too_long_outside_is_told_the_same(town: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "AT_ONCE", 1)
    app, let_go, inside = create_app(town), Event(), Event()

    @app.post("/wait")
    def wait() -> None:
        inside.set()
        let_go.wait(LONG)

    with serving(app) as address, ThreadPoolExecutor(1) as pool:
        first: Future[httpx.Response] = pool.submit(httpx.post, f"{address}/wait", timeout=LONG)
        assert inside.wait(LONG)
        monkeypatch.setattr(database, "LOCK_SECONDS", 0.2)
        second = httpx.post(f"{address}/wait", timeout=LONG)
        let_go.set()
        assert first.result(LONG).status_code == 200
    assert second.status_code == 503
    assert errors.BUSY in second.text
