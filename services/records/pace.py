"""How much work fits into one transaction, so that who writes meanwhile waits not long; learned from what it took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Generic, TypeVar

C = TypeVar("C")
T = TypeVar("T")
HELD = 0.1  # seconds a transaction should take
FIRST, MOST = 10, 5_000


class Pace:
    """`amount`: how much to do at once next."""

    def __init__(self) -> None:
        self.amount = FIRST

    def learn(self, done: int, seconds: float) -> None:
        """Less at once when it took too long; more, at most twice as much, when there was time left."""
        if seconds > HELD or done * 2 >= self.amount:
            fitting = round(done * HELD / max(seconds, 0.001))
            self.amount = max(1, min(fitting, 2 * self.amount, MOST))


class Turns(Generic[C]):
    """Takes things in order, as many at once as fit into a transaction of `open`."""

    def __init__(self, open: Callable[[], AbstractContextManager[C]]) -> None:
        self._open = open
        self._pace = Pace()

    def work(
        self,
        things: Iterable[T],
        do: Callable[[C, list[T]], object],
        weight: Callable[[T], int] = lambda _: 1,
        done: Callable[[int], object] = int,
    ) -> None:
        """Calls `do` until all things are done; one with more weight than fits comes alone, none is asked for inside.

        `done` gets the weight of what was done, each time it is kept.
        """
        left = iter(things)
        following = next(left, None)
        while following is not None:
            some, amount = [following], weight(following)
            while (following := next(left, None)) is not None and amount + weight(following) <= self._pace.amount:
                some.append(following)
                amount += weight(following)
            with self._open() as opened:
                began = time.monotonic()
                do(opened, some)
            self._pace.learn(amount, time.monotonic() - began)
            done(amount)
