"""Computes the rows of many cases anew on all cores: `cores` turns stored facts into rows, this one reads and writes.

For import, `rebuild`, the demo, and rows whose meaning has changed.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from functools import partial
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine, Select, Table, bindparam, delete, func, select

from domain.facts import Stream
from domain.records import Record
from services.records import database, meaning, pace, rulebook
from services.records import rows as case_rows
from services.records.cores import PART, Cores, Part, joined, rows_to_keep
from services.records.pace import Turns
from services.records.ready import Ready, driver_of
from services.records.tables import heads, streams
from services.records.vault import Vault

SEEN = 5  # cases read and computed together where they are written later
SAID_EVERY = 10.0  # seconds


Added = Mapping[UUID, int]
NOTHING: Added = {}
_of_cases = select(streams.c.key).where(streams.c.kind == Stream.CASE)
_following = _of_cases.where(streams.c.key > bindparam("after")).order_by(streams.c.key)


class Seen(NamedTuple):
    """Some cases as they were read, since when those are erased that are, and their rows, which are being computed."""

    part: Part
    erased: Mapping[UUID, dt.datetime]
    computed: Future[Ready]

    @property
    def keys(self) -> list[UUID]:
        """The cases."""
        return list(self.part.facts)

    def holds(self, facts: Mapping[UUID, int], erased: Mapping[UUID, dt.datetime], numbers: Sequence[Record]) -> bool:
        """Whether the cases have as many facts as were read, are erased if they were, and rules are set the same."""
        return self.part.numbers == numbers and all(
            facts.get(key) == len(read) and erased.get(key) == self.erased.get(key)
            for key, read in self.part.facts.items()
        )


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
            self._begun.append((some, new, topics, self.compute_at_once(work, self._part(conn, some, topics))))
            while len(self._begun) > self.ahead:
                self._write(conn)
        return self.facts - before

    def finish(self, conn: Connection) -> None:
        """Writes everything that was begun."""
        while self._begun:
            self._write(conn)
        database.estimate(conn)

    def see(self, engine: Engine, keys: Sequence[UUID], topics: case_rows.Topics = None) -> Iterator[Seen]:
        """The rows of these cases, some at a time, computed while no transaction is open; `keep` writes them."""
        begun: deque[Seen] = deque()
        size = min(SEEN, pace.MOST)
        for at in range(0, len(keys), size):
            with database.reading(engine) as conn:
                begun.append(self._seen(conn, keys[at : at + size], topics))
            if len(begun) > self.ahead:
                wait([begun[0].computed])
                yield begun.popleft()
        wait([seen.computed for seen in begun])
        yield from begun

    def _seen(self, conn: Connection, keys: Sequence[UUID], topics: case_rows.Topics) -> Seen:
        part, erased = self._part(conn, keys, topics), case_rows.erased(conn, keys)
        return Seen(part, erased, self.compute(partial(rows_to_keep, driver_of(conn), erased), part))

    def keep(self, conn: Connection, some: Sequence[Seen]) -> None:
        """Writes rows that were computed; cases that are no longer as they were read are read and computed again."""
        meaning.admit(conn)
        keys, topics = [key for seen in some for key in seen.keys], some[0].part.topics
        locked = select(heads.c.key, heads.c.number).where(heads.c.key.in_(keys)).order_by(heads.c.key)
        facts = dict(conn.execute(locked.with_for_update()).all())
        erased, numbers = case_rows.erased(conn, keys), rulebook.numbers(conn)
        still = [seen for seen in some if seen.holds(facts, erased, numbers)]
        if still:
            done = [key for seen in still for key in seen.keys]
            case_rows.replace(conn, done, joined(seen.computed.result() for seen in still), topics)
            keys = sorted(set(keys).difference(done))
        self.refresh(conn, keys, topics)

    def _write(self, conn: Connection) -> None:
        keys, new, topics, computed = self._begun.popleft()
        case_rows.replace(conn, keys, computed.result(), topics, new)


def _size(seen: Seen) -> int:
    return len(seen.part.facts)


def anew(engine: Engine, vault: Vault) -> tuple[int, int]:
    """Builds the rows of all cases anew, some cases a transaction; returns the number of cases and of their facts.

    Lists answer meanwhile: of each case they find the rows before it or after it. Rows of no case are thrown away.
    """
    catch_up(engine, vault, wait=True)
    with database.computing_lock(engine, wait=True), database.spacious(engine), Crew(vault) as crew:
        with database.reading(engine) as conn:
            keys = conn.scalars(_of_cases).all()
            strange = {table: list(conn.scalars(_of_no_case(table))) for table in case_rows.TABLES}
        for table, those in strange.items():
            if those:
                with database.writing(engine) as conn:
                    conn.execute(delete(table).where(table.c.case_key.in_(those)))
        Turns(lambda: database.writing(engine)).work(crew.see(engine, keys), crew.keep, _size)
        return len(keys), crew.facts


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
    with database.spacious(engine), Crew(vault) as crew:
        while _pass(engine, crew, told, before):
            pass


class _Otherwise(Exception):
    """Other rows are to be computed by now."""


def _pass(engine: Engine, crew: Crew, told: Told, before: Callable[[Connection], object]) -> bool:
    """Computes the rows that are to be computed as of now; False if there are none any more."""
    with database.reading(engine) as conn:
        topics, reached = meaning.ahead(conn)
        keys = conn.scalars(_following, {"after": reached}).all() if topics else []

    def keep(conn: Connection, some: Sequence[Seen]) -> None:
        nonlocal reached
        before(conn)
        if meaning.next_part(conn) != (topics, reached):
            raise _Otherwise
        done = [key for seen in some for key in seen.keys]
        if done:
            crew.keep(conn, some)
            reached = done[-1]
        meaning.reached(conn, list(topics), reached if done else None)
        told.further(conn, done)

    with suppress(_Otherwise):
        Turns(lambda: database.writing(engine)).work(crew.see(engine, keys, _all_or(topics)), keep, _size)
        if not keys:
            with database.writing(engine) as conn:
                keep(conn, [])
            return False
    return True


def _all_or(topics: Collection[str]) -> case_rows.Topics:
    return None if meaning.is_whole(topics) else frozenset(topics)


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
