"""What of a file belongs to cases that nobody has heard of yet: made ready while what comes before it is stored."""

from __future__ import annotations

import datetime as dt
from collections import Counter, deque
from collections.abc import Collection, Iterator, Sequence, Set
from typing import NamedTuple

from sqlalchemy import Connection

from domain.facts import Stream
from domain.knowledge import Modifier
from domain.records import Entry
from services.exchange.lines import Line
from services.exchange.source import Raw
from services.office.office import Office, mark_test_data
from services.records import codec, erasures, fresh, rulebook
from services.records.fresh import Fresh, Ground
from services.records.ready import driver_of
from services.records.rebuild import Crew

BATCHES = 2  # that are made ready while one is stored
AT_ONCE = 100  # lines of new cases made ready together, if one has no more


class Read(NamedTuple):
    """A line, and what it says."""

    raw: Raw
    line: Line

    @property
    def entry(self) -> Entry:
        """The fact with its envelope."""
        return self.line.entry


class Part(NamedTuple):
    """Some lines; `fresh`: what is made ready of them, if all belong to new cases."""

    lines: list[Read]
    fresh: Fresh | None = None

    def wait(self) -> Part:
        """The same when all that is being computed of it is there."""
        if self.fresh is not None:
            self.fresh.computed.result()
        return self


class Ahead:
    """Makes new cases ready, in no transaction that lasts."""

    def __init__(self, office: Office, crew: Crew, now: dt.datetime) -> None:
        self._office, self._crew, self._now = office, crew, now
        self._before: deque[Set[str]] = deque(maxlen=BATCHES)  # cases of batches that may not be stored yet

    def begin(self, parts: Sequence[list[Read]]) -> list[Part]:
        """The lines as they come, each list of one stream; some lists of new cases together."""
        self._crew.expect(sum(map(len, parts)))
        alone = _on_their_own(parts, frozenset().union(*self._before))
        self._before.append({lines[0].line.number for lines in parts if lines[0].line.stream is Stream.CASE})
        if not alone:
            return [Part(lines) for lines in parts]
        with self._office.write() as tx:  # who is named by new cases gets a key, if nobody has named them yet
            new = self._unheard_of(tx.conn, alone.keys())
            mark_test_data(tx)
            named = {person for number in new for one in alone[number] for person in _persons(one)}
            people = tx.store.people(tx.conn, named)
            ground = Ground(driver_of(tx.conn), rulebook.numbers(tx.conn), people, self._now)
        return [self._begun(some, ground) if is_new else Part(some[0]) for is_new, some in _together(parts, new)]

    def _unheard_of(self, conn: Connection, numbers: Set[str]) -> Set[str]:
        there = self._office.store.keys(conn, Stream.CASE, numbers)
        return numbers - there.keys() - erasures.find(conn, self._office.vault, numbers).keys()

    def _begun(self, some: Sequence[list[Read]], ground: Ground) -> Part:
        given = {lines[0].line.number: [one.entry for one in lines] for lines in some}
        made = fresh.begin(self._crew, self._office.vault, given, ground)
        return Part([one for lines in some for one in lines], made)


def _persons(one: Read) -> set[str]:
    return codec.persons_named(one.entry.fact, one.entry.by)


def _on_their_own(parts: Sequence[list[Read]], before: Set[str]) -> dict[str, list[Read]]:
    """Of each case its lines, if nothing else has to do with them, so that it does not matter when they are stored."""
    times = Counter((lines[0].line.stream, lines[0].line.number) for lines in parts)
    ids = Counter(one.entry.id for lines in parts for one in lines if one.entry.id)
    return {
        number: lines
        for lines in parts
        if (stream := lines[0].line.stream) is Stream.CASE
        and times[stream, number := lines[0].line.number] == 1
        and number not in before
        and not any(isinstance(one.entry.fact, Modifier) or ids[one.entry.id or ""] > 1 for one in lines)
    }


def _together(parts: Sequence[list[Read]], new: Collection[str]) -> Iterator[tuple[bool, list[list[Read]]]]:
    """Lists of lines in their order: such as follow each other and belong to new cases together, others alone."""
    some: list[list[Read]] = []
    for lines in parts:
        is_new = lines[0].line.stream is Stream.CASE and lines[0].line.number in new
        if some and not (is_new and sum(map(len, some)) + len(lines) <= AT_ONCE):
            yield True, some
            some = []
        if is_new:
            some.append(lines)
        else:
            yield False, [lines]
    if some:
        yield True, some
