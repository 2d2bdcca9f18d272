"""Work that must hold up nobody is done by a process of its own, one at a time, which a scheduler starts."""

from __future__ import annotations

import subprocess
import sys
import time

from services.interpreter import found_here
from services.settings import Settings
from workers.supervisor import environment


class Aside:
    """A process of this name (`workers.processes`); after one that failed none is started for `again` seconds."""

    def __init__(self, settings: Settings, name: str, again: float) -> None:
        self._settings, self._name, self._again = settings, name, again
        self._process: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0

    def is_busy(self) -> bool:
        """Whether it runs, or has to wait."""
        if self._process is not None:
            status = self._process.poll()
            if status is None:
                return True
            self._process = None
            self._not_before = time.monotonic() + self._again if status else 0.0
        return time.monotonic() < self._not_before

    def start(self) -> None:
        """Starts it."""
        words = [sys.executable, "-m", "workers.processes", self._name]
        self._process = subprocess.Popen(words, env=found_here() | environment(self._settings))

    def end(self) -> None:
        """Ends it with the scheduler: what it has stored is known when it begins again."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
