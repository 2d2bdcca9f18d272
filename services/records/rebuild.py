"""Computes the rows of many cases on all cores: other processes turn stored facts into rows, this one reads and writes.

For import, `rebuild`, the demo, and rows whose meaning has changed. The others are started anew and never forked, so it
does not matter what this process is in the middle of; they get stored bytes and the keys of those cases, for what rows
may hold, and never see the database.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from functools import partial
from multiprocessing.process import BaseProcess
from threading import Thread
from types import TracebackType
from typing import NamedTuple, Self, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine, Select, Table, delete, func, select

from domain.facts import Stream
from domain.records import Record
from services.records import database, meaning, recorder, rulebook
from services.records import rows as case_rows
from services.records.codec import Codec
from services.records.columns import Columns
from services.records.pace import Pace
from services.records.ready import Ready, driver_of, ready
from services.records.recorder import Stored
from services.records.tables import heads, streams
from services.records.vault import Cipher, Vault

PART = 100  # cases handed over at once
WORTH = 5_000  # facts from which on it is worth starting other processes
AHEAD = 4  # parts a process may lie ahead of the writing
SAID_EVERY = 10.0  # seconds


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
Added = Mapping[UUID, int]
NOTHING: Added = {}
_of_cases = select(streams.c.key).where(streams.c.kind == Stream.CASE)


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
        if self._pool is not None:
            return self._pool.submit(work, part)
        done: Future[T] = Future()
        done.set_result(work(part))
        return done

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


class Crew(Cores):
    """Refreshes cases; what it has begun is written at `finish`, in the caller's transaction."""

    def __init__(self, vault: Vault, processes: int | None = None) -> None:
        super().__init__(vault, processes)
        self._begun: deque[tuple[Sequence[UUID], set[UUID], case_rows.Topics, Future[Ready]]] = deque()

    def refresh(
        self, conn: Connection, keys: Sequence[UUID], topics: case_rows.Topics = None, added: Added = NOTHING
    ) -> int:
        """Writes the rows of these cases anew, or those of some topics; returns the number of their facts."""
        count = self.begin(conn, keys, topics, added)
        self.finish(conn)
        return count

    def begin(
        self, conn: Connection, keys: Sequence[UUID], topics: case_rows.Topics = None, added: Added = NOTHING
    ) -> int:
        """Reads the facts of these cases and begins to compute; returns their number. None of them grows meanwhile.

        `added`: how many facts of each were stored in this transaction; a case that has no others has no rows yet.
        """
        meaning.admit(conn)
        before = self.facts
        size = max(1, min(PART, -(-len(keys) // self._processes)))
        for at in range(0, len(keys), size):
            some = keys[at : at + size]
            held = select(heads.c.key, heads.c.number).where(heads.c.key.in_(some)).order_by(heads.c.key)
            new = {key for key, number in conn.execute(held.with_for_update()) if number == added.get(key)}
            older = [key for key in some if key not in new]
            erased = case_rows.erased(conn, older) if older else {}
            work = partial(rows_to_keep, driver_of(conn), erased)
            self._begun.append((some, new, topics, self.compute(work, self._part(conn, some, topics))))
            while len(self._begun) > self.ahead:
                self._write(conn)
        return self.facts - before

    def finish(self, conn: Connection) -> None:
        """Writes everything that was begun."""
        while self._begun:
            self._write(conn)
        database.estimate(conn)

    def _write(self, conn: Connection) -> None:
        keys, new, topics, computed = self._begun.popleft()
        case_rows.replace(conn, keys, computed.result(), topics, new)


def anew(engine: Engine, vault: Vault) -> tuple[int, int]:
    """Builds the rows of all cases anew, some cases a transaction; returns the number of cases and of their facts.

    Lists answer meanwhile: of each case they find the rows before it or after it. Rows of no case are thrown away.
    """
    catch_up(engine, vault, wait=True)
    with database.computing_lock(engine, wait=True), Crew(vault) as crew:
        with database.reading(engine) as conn:
            left = deque(conn.scalars(_of_cases))
            strange = {table: list(conn.scalars(_of_no_case(table))) for table in case_rows.TABLES}
        for table, keys in strange.items():
            if keys:
                with database.writing(engine) as conn:
                    conn.execute(delete(table).where(table.c.case_key.in_(keys)))
        count, pace = len(left), Pace()
        while left:
            some = [left.popleft() for _ in range(min(pace.amount, len(left)))]
            crew.start_now_or_never()
            with database.writing(engine) as conn:
                began = time.monotonic()
                crew.refresh(conn, some)
            pace.learn(len(some), time.monotonic() - began)
        return count, crew.facts


def _of_no_case(table: Table) -> Select[tuple[UUID]]:
    return select(table.c.case_key).where(table.c.case_key.not_in(_of_cases)).distinct()


def rebuild(conn: Connection, vault: Vault, keys: Sequence[UUID]) -> int:
    """The same in one transaction, of these cases, which are all; nobody else works. Returns the number of facts."""
    meaning.expect(conn)
    case_rows.clear(conn)
    with Crew(vault) as crew:
        count = crew.refresh(conn, keys)
    meaning.reached(conn, meaning.topics(), None)
    return count


def catch_up(engine: Engine, vault: Vault, say: Callable[[str], object] = str, *, wait: bool = False) -> None:
    """Computes the rows of every topic anew whose meaning is not that of this program, some cases a transaction.

    Who was interrupted goes on where it was. `say` gets a sentence now and then. While another process computes, it
    returns at once, or with `wait` when there is nothing more to do. Raises Replaced if another program takes over.
    """
    with database.reading(engine) as conn:
        if meaning.in_force(conn) and not meaning.unfinished(conn):
            return
    with database.computing_lock(engine, wait=wait) as mine:
        if not mine:
            return
        meaning.topics()  # reads every module, which nobody is to wait for
        with database.writing(engine) as conn:
            case_rows.drop(conn, meaning.expect(conn))
        _compute(engine, vault, say)


def go_on(
    engine: Engine, vault: Vault, say: Callable[[str], object] = str, before: Callable[[Connection], object] = id
) -> None:
    """Goes on with rows that are to follow this program and that nobody computes any more; else does nothing.

    `before` is done first in each transaction; what it raises ends the work where it is.
    """
    with database.reading(engine) as conn:
        if not meaning.in_force(conn) or not meaning.unfinished(conn):
            return
    with database.computing_lock(engine, wait=False) as mine:
        if mine:
            _compute(engine, vault, say, before)


def _compute(
    engine: Engine, vault: Vault, say: Callable[[str], object], before: Callable[[Connection], object] = id
) -> None:
    with database.reading(engine) as conn:
        told = Told(say, _cases(conn))
    pace = Pace()
    with Crew(vault) as crew:
        while _part_computed(engine, crew, pace, told, before):
            pass


def _part_computed(engine: Engine, crew: Crew, pace: Pace, told: Told, before: Callable[[Connection], object]) -> bool:
    """Computes the next cases; False if there are none any more."""
    crew.start_now_or_never()
    with database.writing(engine) as conn:
        before(conn)
        began = time.monotonic()
        topics, after = meaning.next_part(conn)
        following = select(streams.c.key).where(streams.c.kind == Stream.CASE, streams.c.key > after)
        keys = conn.scalars(following.order_by(streams.c.key).limit(pace.amount)).all() if topics else []
        crew.refresh(conn, keys, _all_or(topics))
        meaning.reached(conn, topics, keys[-1] if keys else None)
        told.further(conn, keys)
    pace.learn(len(keys), time.monotonic() - began)
    return bool(keys)


def _all_or(topics: Collection[str]) -> case_rows.Topics:
    return None if meaning.is_whole(topics) else topics


def _cases(conn: Connection, upto: UUID | None = None) -> int:
    counted = select(func.count()).select_from(streams).where(streams.c.kind == Stream.CASE)
    return conn.scalar(counted if upto is None else counted.where(streams.c.key <= upto)) or 0


class Told:
    """Says that lists are computed anew, how far it is now and then, and that they are there."""

    def __init__(self, say: Callable[[str], object], cases: int) -> None:
        self._say = say
        self._cases = cases
        self._at = 0.0

    def further(self, conn: Connection, keys: Sequence[UUID]) -> None:
        """After the rows of these cases; of none, when all are there."""
        if not self._cases:
            return
        if not self._at:
            self._say("Die Listen werden neu berechnet, weil sich ihre Regeln geändert haben.")
        if not keys:
            self._say("Die Listen sind neu berechnet.")
        elif self._at and time.monotonic() - self._at > SAID_EVERY:
            self._say(f"{_cases(conn, keys[-1])} von {self._cases} Fällen sind neu berechnet.")
        else:
            self._at = self._at or time.monotonic()
            return
        self._at = time.monotonic()


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


def _settle_in() -> None:
    """Who started this process decides when to stop, and takes it along, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
