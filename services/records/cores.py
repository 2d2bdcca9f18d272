"""Turns stored facts of many cases into rows on all cores, in other processes.

These are started anew and never forked, so it does not matter what this process is in the middle of; they get stored
bytes and the keys of those cases, for what rows may hold, and never see the database.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from multiprocessing.process import BaseProcess
from threading import Thread
from types import TracebackType
from typing import NamedTuple, Self, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from domain.records import Record
from services.records import garbage, recorder, rulebook
from services.records import rows as case_rows
from services.records.codec import Codec
from services.records.columns import Columns
from services.records.ready import Ready, ready
from services.records.recorder import Stored
from services.records.vault import Cipher, Vault

PART = 100  # cases handed over at once
WORTH = 5_000  # facts from which on it is worth starting other processes
AHEAD = 4  # parts a process may lie ahead of the writing
STEPS_BACK = 5  # behind who stores the rows, on whom all wait, and behind who answers
FEW = 100  # facts whose rows are there sooner than a process that has work waiting would begin with them


class Part(NamedTuple):
    """Some cases: their stored facts, their keys, a destroyed one missing, and the numbers the office has set.

    `topics`: of which rows are wanted; None: of all.
    """

    facts: dict[UUID, list[Stored]]
    keys: dict[UUID, bytes]
    numbers: Sequence[Record]
    topics: case_rows.Topics = None


T = TypeVar("T")
Rows = dict[str, list[Columns]]


class Cores:
    """A context manager that turns stored facts into rows in other processes, once there are many of them."""

    def __init__(self, vault: Vault, processes: int | None = None) -> None:
        self._vault = vault
        self._processes = processes or len(os.sched_getaffinity(0))
        self._pool: ProcessPoolExecutor | None = None
        self._starts_by_itself = True
        self.facts = 0  # read so far

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    @property
    def ahead(self) -> int:
        """How many parts may be under way at once."""
        return AHEAD * self._processes

    def rows(self, conn: Connection, keys: Sequence[UUID]) -> Future[Rows]:
        """The rows of some cases."""
        return self.compute(rows, self._part(conn, keys))

    def expect(self, facts: int) -> None:
        """Starts the other processes if there are many facts with these, which are about to come, and waits for none.

        For who calls this where no transaction is open.
        """
        self.facts += facts
        self._start()

    def _part(self, conn: Connection, keys: Sequence[UUID], topics: case_rows.Topics = None) -> Part:
        part = Part(recorder.stored(conn, keys), self._vault.keys(conn, keys), rulebook.numbers(conn), topics)
        self.facts += sum(map(len, part.facts.values()))
        return part

    def compute(self, work: Callable[[Part], T], part: Part) -> Future[T]:
        """Does work on some cases, which need not be stored yet: in another process once there are some, else here."""
        if self._starts_by_itself:
            self._start()
        return _done(work(part)) if self._pool is None else self._pool.submit(work, part)

    def compute_at_once(self, work: Callable[[Part], T], part: Part) -> Future[T]:
        """The same for who waits in a transaction: a few facts do not queue behind what others had computed ahead."""
        return _done(work(part)) if sum(map(len, part.facts.values())) <= FEW else self.compute(work, part)

    def start_now_or_never(self) -> None:
        """Starts the other processes if there are many facts, and waits for them; else never in the middle of work.

        For who calls this where no transaction is open, and lets nobody wait in one until they have started.
        """
        self._starts_by_itself = False
        if self._start() and self._pool is not None:
            wait([self._pool.submit(os.getpid) for _ in range(self._processes)])

    def _start(self) -> bool:
        if self._pool is not None or self._processes == 1 or self.facts < WORTH:
            return False
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(self._processes, context, _settle_in)
        return True


def rows(part: Part) -> Rows:
    """The rows of some cases, table by table, from their stored facts."""
    codec = Codec(str, {key: Cipher(clear) for key, clear in part.keys.items()}, with_text=False)
    found: Rows = {table.name: [] for table in case_rows.TABLES}
    for key, facts in part.facts.items():
        records = [codec.decode(key, *fact) for fact in facts]
        for table, columns in case_rows.rows(key, records, part.numbers, part.topics).items():
            found[table.name] += columns
    return found


def rows_to_keep(driver: str, erased: Mapping[UUID, dt.datetime], part: Part) -> Ready:
    """The same as they are kept, and as this driver takes them; `erased`: which of the cases are, and since when."""
    return ready(driver, case_rows.kept(erased, rows(part)))


def joined(some: Iterable[Ready]) -> Ready:
    """The rows of several in one."""
    given = list(some)
    return {table.name: [row for one in given for row in one[table.name]] for table in case_rows.TABLES}


def _done(found: T) -> Future[T]:
    done: Future[T] = Future()
    done.set_result(found)
    return done


def _settle_in() -> None:
    """Who started this process decides when to stop, and takes it along, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    garbage.settle()
    os.nice(STEPS_BACK)
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
