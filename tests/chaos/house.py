"""The service as it runs in production, process by process; each can be killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from services.office.office import Office, open_office
from services.records.tables import heartbeats
from services.settings import Settings
from tests.chaos.mailbox import Mailbox
from tests.chaos.servers import PATIENCE, Postgres, Valkey, wait_for
from tests.mailserver import free_port

ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-11-20T08:00:00+01:00"  # a Friday; six months in the Jobakademie since 20 May are full
T = TypeVar("T")


class Process:
    """One process of the service, started again whenever it is gone."""

    def __init__(self, arguments: list[str], environment: dict[str, str], log: Path) -> None:
        self._command = [sys.executable, "-m", "fallverlauf", *arguments]
        self._environment = environment
        self._log = log
        self.process: subprocess.Popen[bytes] | None = None

    def keep(self) -> int:
        """Its process id; it is started if it does not run."""
        if self.process is None or self.process.poll() is not None:
            with self._log.open("ab") as log:
                self.process = subprocess.Popen(
                    self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
                )
        return self.process.pid

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        """Asks it to end; its exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE)
        finally:
            self.kill()


class House:
    """All processes and servers of one service, and what was done to them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres, self.valkey, self.mailbox = Postgres(), Valkey(folder / "valkey"), Mailbox()
        self.port = free_port()
        self.environment = {
            **os.environ,
            "FALLVERLAUF_DATA": str(folder / "data"),
            "FALLVERLAUF_DATABASE": self.postgres.address,
            "FALLVERLAUF_REDIS": self.valkey.address,
            "FALLVERLAUF_SMTP": self.mailbox.url,
            "FALLVERLAUF_NOW": NOW,
        }
        names = ("web", "worker-1", "worker-2", "scheduler-1", "scheduler-2")
        self.processes = {name: self.part(name.partition("-")[0], self.port) for name in names}
        self.kills: Counter[str] = Counter()
        self.takeovers: list[float] = []
        self._offices: list[Office] = []

    def part(self, kind: str, port: int = 0) -> Process:
        """A process of this kind, not started yet."""
        where = ["--port", str(port)] if kind == "web" else []
        return Process(["serve", kind, *where], self.environment, self.folder / "output")

    def start_servers(self) -> None:
        """An empty PostgreSQL, and Valkey."""
        self.postgres.start()
        self.valkey.start(lasting=True)

    def keep(self) -> None:
        """Starts what does not run, as whatever supervises the processes does."""
        for process in self.processes.values():
            process.keep()

    def close(self) -> None:
        """Ends everything, however it stands."""
        for office in self._offices:
            office.close()
        for process in self.processes.values():
            if process.process is not None:
                process.kill()
        self.mailbox.close()
        self.valkey.kill()
        self.postgres.stop()

    @property
    def office(self) -> Office:
        """The same office, opened by the test."""
        if not self._offices:
            given = {"data": self.folder / "data", "smtp": self.mailbox.url, "fixed_now": NOW}
            self._offices.append(open_office(Settings(database=self.postgres.address, **given)))
        return self._offices[0]

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command line, waited for."""
        command = [sys.executable, "-m", "fallverlauf", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=PATIENCE
        )

    def healthz(self, port: int | None = None) -> tuple[int, dict[str, Any]]:
        """Status and answer of `/healthz`; (0, {}) when nobody answers."""
        try:
            answer = httpx.get(f"http://127.0.0.1:{port or self.port}/healthz", timeout=10)
            return answer.status_code, answer.json()
        except httpx.HTTPError:
            return 0, {}

    def pulse(self, name: str) -> int:
        """The process that last gave a sign of life under this name."""
        with self.office.read() as tx:
            return tx.conn.scalar(select(heartbeats.c.pid).where(heartbeats.c.name == name)) or 0

    # --- faults ---

    def kill(self, victim: str) -> None:
        """Kills one part once it is at work, and starts it again."""
        getattr(self, f"_kill_{victim}")()
        self.kills[victim] += 1
        self.keep()

    def _kill_web(self) -> None:
        wait_for(lambda: self._kept() and self.healthz()[0] == 200, "the pages")
        self.processes["web"].kill()

    def _kill_worker(self) -> None:
        one = self._beating("worker")
        self.processes[one].kill()

    def _kill_scheduler(self) -> None:
        """The one that works; the other one takes over."""
        one = self._beating("scheduler")
        gone = self.processes[one].process
        assert gone is not None
        self.processes[one].kill()
        begun = time.monotonic()
        wait_for(lambda: self._kept() and self.patiently(lambda: self.pulse("scheduler")) != gone.pid, "the other one")
        self.takeovers.append(time.monotonic() - begun)

    def _kill_valkey(self) -> None:
        self.valkey.kill()
        self.valkey.start(lasting=self.kills["valkey"] % 2 == 0)

    def _kill_writer(self) -> None:
        wait_for(lambda: self._kept() and self.postgres.kill_writer(), "a connection")

    def _kill_postgres(self) -> None:
        self.postgres.kill()
        self.postgres.start()

    def _beating(self, kind: str) -> str:
        def found() -> str:
            self.keep()
            pid = self.patiently(lambda: self.pulse(kind))
            return next((name for name, one in self.processes.items() if one.process and one.process.pid == pid), "")

        return str(wait_for(found, kind))

    def _kept(self) -> bool:
        self.keep()
        return True

    @staticmethod
    def patiently(what: Callable[[], T]) -> T:
        """What the database says, asked again while it recovers."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return what()
            except SQLAlchemyError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
