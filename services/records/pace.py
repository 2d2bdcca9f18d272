"""How much work fits into one transaction, so that who writes meanwhile waits not long; learned from what it took."""

from __future__ import annotations

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
