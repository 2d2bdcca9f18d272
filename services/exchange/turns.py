"""Long work in short transactions: how much fits into one is measured, so that who writes meanwhile waits not long."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

from services.office.office import Transaction

HELD = 0.15  # seconds a transaction should take
PAUSE = 0.05  # seconds in which another process gets SQLite's lock, for which it asks now and then, not in a queue
FIRST, MOST = 10, 5_000

T = TypeVar("T")
Open = Callable[[], AbstractContextManager[Transaction]]


class Turns:
    """Takes things in order, as many at once as fit into a transaction of `open`."""

    def __init__(self, open: Open, pause: float) -> None:
        self._open = open
        self._pause = pause
        self._amount = FIRST

    def work(
        self,
        things: Sequence[T],
        do: Callable[[Transaction, list[T]], None],
        weight: Callable[[T], int] = lambda _: 1,
        done: Callable[[int], object] = int,
    ) -> None:
        """Calls `do` until all things are done; one with more weight than fits comes alone.

        `done` gets the weight of what was done, each time it is kept.
        """
        left = deque(things)
        while left:
            some = [left.popleft()]
            amount = weight(some[0])
            while left and amount + weight(left[0]) <= self._amount:
                amount += weight(left[0])
                some.append(left.popleft())
            with self._open() as tx:
                began = time.monotonic()
                do(tx, some)
            self._learn(amount, time.monotonic() - began)
            done(amount)
            time.sleep(self._pause)

    def _learn(self, amount: int, seconds: float) -> None:
        """Less at once when it took too long; more, at most twice as much, when there was time left."""
        if seconds > HELD or amount * 2 >= self._amount:
            fitting = round(amount * HELD / max(seconds, 0.001))
            self._amount = max(1, min(fitting, 2 * self._amount, MOST))
