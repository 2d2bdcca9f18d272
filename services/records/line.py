"""The line in which the writers of one process wait for a SQLite database, which has none of its own.

Who finds such a database taken looks again now and then, and whoever happens to look first comes in. So one writer of a
process looks at a time, the others come after it in the order they came, and other processes are let in between.
"""

from __future__ import annotations

import sqlite3
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock

from sqlalchemy.exc import OperationalError

WHILE = 0.2  # seconds after which a process that writes without a break steps back
GAP = 0.02  # seconds it steps back for; another one that waits looks every few milliseconds


class Line:
    """Lets one thread in at a time, in the order they came."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._standing: deque[Event] = deque()  # the first one has the turn
        self._since = self._left = 0.0

    @contextmanager
    def turn(self, until: float) -> Iterator[None]:
        """One's turn, if it comes by a moment (monotonic seconds). Raises `busy`."""
        mine = Event()
        with self._guard:
            self._standing.append(mine)
            self._standing[0].set()
        try:
            if not mine.wait(max(until - time.monotonic(), 0.0)):
                raise busy()
            self._step_back()
            yield
        finally:
            with self._guard:
                if mine.is_set():
                    self._left = time.monotonic()
                self._standing.remove(mine)
                if self._standing:
                    self._standing[0].set()

    def _step_back(self) -> None:
        """Lets other processes come in, if those of this one have followed each other for a while."""
        now = time.monotonic()
        if now - self._left >= GAP:
            self._since = now
        elif now - self._since >= WHILE:
            time.sleep(GAP)
            self._since = time.monotonic()


def busy() -> OperationalError:
    """The failure of a database that was taken for too long, whoever has waited: the line or SQLite."""
    return OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))
