"""Keeps processes running: starts them, restarts what dies with growing pauses, stops them all within seconds."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from services.interpreter import found_here

if TYPE_CHECKING:
    from services.settings import Settings

SUPERVISED = "FALLVERLAUF_SUPERVISED"  # set for children: their standard input ends when this process does
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds
STEADY = 60.0  # seconds after which a process counts as healthy again
PATIENCE = 5.0  # seconds a process has to end


class Child:
    """One process of the service; it ends by itself when this process ends, however that happens."""

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        output: Path,
        keep: Sequence[int] = (),
    ) -> None:
        self.name = name
        self._command = [sys.executable, "-m", "workers.processes", name, *arguments]
        self._environment = {**found_here(), **environment, SUPERVISED: "1"}
        self._output = output
        self._keep = keep
        self._process: subprocess.Popen[bytes] | None = None
        self._pause = FIRST_PAUSE
        self._started = 0.0

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Starts the process, in a session of its own: Ctrl-C reaches the supervisor alone."""
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                pass_fds=self._keep,
                start_new_session=True,
            )
        self._started = time.monotonic()

    def watch(self) -> bool:
        """Restarts a process that has died, after a pause that grows with each death; True if it did."""
        if self.pid is not None:
            return False
        lived = time.monotonic() - self._started
        if lived > STEADY:
            self._pause = FIRST_PAUSE
        if lived < self._pause:
            return False
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        self._close()
        self.start()
        return True

    def ask_to_end(self) -> None:
        """Tells the process to end, and does not wait."""
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def end(self, deadline: float) -> None:
        """Waits for the end until the deadline (monotonic seconds), then forces it."""
        if self._process is None:
            return
        try:
            self._process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._close()

    def _close(self) -> None:
        if self._process and self._process.stdin:
            self._process.stdin.close()


def environment(settings: Settings) -> dict[str, str]:
    """The settings as another process reads them, the moment that stands for now included."""
    now = settings.fixed_now
    return {
        "FALLVERLAUF_DATA": str(settings.data),
        "FALLVERLAUF_DATABASE": settings.database,
        "FALLVERLAUF_REDIS": settings.redis or "",
        "FALLVERLAUF_SMTP": settings.smtp or "",
        "FALLVERLAUF_MASTER_KEY_FILE": str(settings.master_key_file),
        "FALLVERLAUF_CHECKPOINTS": str(settings.checkpoints),
        "FALLVERLAUF_NOW": now.isoformat() if now else "",
    }


def end_all(children: Sequence[Child]) -> None:
    """Ends all processes together."""
    for child in children:
        child.ask_to_end()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        child.end(deadline)
