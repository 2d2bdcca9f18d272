"""Computes the rows of many cases on all cores: other processes turn stored facts into rows, this one reads and writes.

For import, `rebuild` and the demo. The others are started anew and never forked, so it does not matter what this
process is in the middle of; they get stored bytes without any key and never see the database.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing.process import BaseProcess
from threading import Thread
from types import TracebackType
from typing import Self
from uuid import UUID

from sqlalchemy import Connection, delete

from domain.facts import Stream
from services.records import recorder
from services.records import rows as case_rows
from services.records.codec import Codec
from services.records.recorder import Stored
from services.records.streams import of_kind
from services.records.tables import marks
from services.records.values import STALE

PART = 100  # cases handed over at once
WORTH = 5_000  # facts from which on it is worth starting other processes
AHEAD = 4  # parts a process may lie ahead of the writing

Part = dict[UUID, list[Stored]]
Rows = dict[str, list[case_rows.Columns]]


class Crew:
    """A context manager that refreshes cases; what it has begun is written at `finish`, in the caller's transaction."""

    def __init__(self, processes: int | None = None) -> None:
        self._processes = processes or len(os.sched_getaffinity(0))
        self._pool: ProcessPoolExecutor | None = None
        self._begun: deque[tuple[list[UUID], Future[Rows]]] = deque()
        self._facts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def refresh(self, conn: Connection, keys: Sequence[UUID]) -> int:
        """Writes the rows of these cases anew; returns the number of their facts."""
        count = self.begin(conn, keys)
        self.finish(conn)
        return count

    def begin(self, conn: Connection, keys: Sequence[UUID]) -> int:
        """Reads the facts of these cases and begins to compute; returns their number."""
        count = 0
        for at in range(0, len(keys), PART):
            part = recorder.stored(conn, keys[at : at + PART])
            facts = sum(map(len, part.values()))
            self._begun.append((list(part), self._computing(part, facts)))
            count += facts
            while len(self._begun) > AHEAD * self._processes:
                self._write(conn)
        return count

    def finish(self, conn: Connection) -> None:
        """Writes everything that was begun."""
        while self._begun:
            self._write(conn)

    def _write(self, conn: Connection) -> None:
        keys, computed = self._begun.popleft()
        case_rows.replace(conn, keys, computed.result())

    def _computing(self, part: Part, facts: int) -> Future[Rows]:
        self._facts += facts
        if self._pool is None and self._processes > 1 and self._facts >= WORTH:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._processes, context, _settle_in)
        if self._pool is not None:
            return self._pool.submit(rows, part)
        done: Future[Rows] = Future()
        done.set_result(rows(part))
        return done


def rebuild(conn: Connection, keys: Sequence[UUID]) -> int:
    """Throws all rows away and builds those of these cases anew; returns the number of facts."""
    case_rows.clear(conn)
    with Crew() as crew:
        return crew.refresh(conn, keys)


def catch_up(conn: Connection) -> None:
    """Builds all rows anew if a migration has changed what they say; of several at once, one does."""
    if conn.execute(delete(marks).where(marks.c.name == STALE)).rowcount:
        rebuild(conn, list(of_kind(conn, Stream.CASE)))


def rows(part: Part) -> Rows:
    """The rows of some cases, table by table, from their stored facts."""
    codec = Codec(str, {}, with_text=False)
    found: Rows = {table.name: [] for table in case_rows.TABLES}
    for key, facts in part.items():
        for table, columns in case_rows.rows(key, [codec.decode(key, *fact) for fact in facts]).items():
            found[table.name] += columns
    return found


def _settle_in() -> None:
    """Who started this process decides when to stop, and takes it along, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
