"""Work on many cases, some of them in one transaction: nobody at a desk waits longer than these take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection

if TYPE_CHECKING:
    from services.office.office import Office, Transaction

BATCH = 100  # cases in one transaction

T = TypeVar("T")
Before = Callable[[Connection], object]


def nothing(_: Connection) -> None:
    """What is done first in each transaction by who holds no lease."""


def in_batches(
    office: Office, found: Sequence[T], work: Callable[[Transaction, Sequence[T]], int | None], before: Before = nothing
) -> int:
    """Works on all that was found, each batch in a transaction that begins with `before`; the sum of what `work` says.

    Between finding and working others may have written: `work` looks again.
    """
    done = 0
    for start in range(0, len(found), BATCH):
        with office.write() as tx:
            before(tx.conn)
            done += work(tx, found[start : start + BATCH]) or 0
    return done
