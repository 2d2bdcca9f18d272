"""Long work in short transactions: how much fits into one is measured, so that who writes meanwhile waits not long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import TypeVar

from services.office.office import Transaction
from services.records.pace import Pace

T = TypeVar("T")
Open = Callable[[], AbstractContextManager[Transaction]]


class Turns:
    """Takes things in order, as many at once as fit into a transaction of `open`."""

    def __init__(self, open: Open) -> None:
        self._open = open
        self._pace = Pace()

    def work(
        self,
        things: Iterable[T],
        do: Callable[[Transaction, list[T]], None],
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
            with self._open() as tx:
                began = time.monotonic()
                do(tx, some)
            self._pace.learn(amount, time.monotonic() - began)
            done(amount)
