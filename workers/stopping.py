"""Being told to end: by a signal, which may come at any moment, also while somebody waits for it."""

from __future__ import annotations

import signal
from contextlib import suppress
from queue import Empty, SimpleQueue

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop:
    """Whether this process is told to end.

    An Event is locked while somebody looks at it: a signal of that moment would wait for the lock for ever, and the
    process with it. What is put into this queue needs no lock of Python.
    """

    def __init__(self) -> None:
        self._told = False
        self._bell: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        """Says so; from any thread, and from a handler of signals."""
        self._told = True
        self._bell.put(None)

    def is_set(self) -> bool:
        """Whether it was said."""
        return self._told

    def wait(self, seconds: float) -> bool:
        """The same, at the latest after so long; one thread waits at a time."""
        if not self._told:
            with suppress(Empty):
                self._bell.get(timeout=seconds)
        return self._told


def at_signal() -> Stop:
    """Is set once this process is told to end."""
    stop = Stop()
    for one in ENDING:
        signal.signal(one, lambda *_: stop.set())
    return stop
