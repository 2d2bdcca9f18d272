"""Lines of a file that would leave a unit without a lead, or the office without EDV, are refused before any is stored.

They are judged together, whatever their order: who leaves in one line and is followed in another leaves no gap.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import structs

from domain.attendance import lacks
from domain.decisions.directory import IN_ITSELF, OWN, carries_on, in_circle, left_in
from domain.directory import fold_person
from domain.facts import Stream, name_of
from domain.facts.directory import DeputyAppointed, RoleAssigned, UnitClosed, UnitOpened
from domain.knowledge import Known, known
from domain.organisation import Organisation
from domain.periods import DAY
from services.exchange.ahead import Read
from services.exchange.lines import Frame, read
from services.exchange.sensible import as_record, id_of
from services.exchange.staff import Staff
from services.people import directory
from services.questions import cases, unattended
from services.records.current import Pair
from services.records.reasons import Reason, Refused
from services.records.rulebook import DIRECTORY

if TYPE_CHECKING:
    from services.exchange.snapshot import Gone, Plan
    from services.exchange.source import Raw, Source
    from services.office.office import Transaction

_NAMES = [f'"{name}"'.encode() for name in (
    "unit-opened", "unit-closed", "person-added", "person-left", "role-assigned", "role-ended",
    "absence-recorded", "deputy-appointed",
)]  # fmt: skip
_MODIFIERS = (b'"fact-corrected"', b'"fact-withdrawn"')
_ESCAPED = re.compile(rb"\\u00[2-7]")  # a letter of a name may be written so, too; not those of other languages
_TAKES = ("unit-closed", "person-left", "role-ended", "fact-corrected", "fact-withdrawn")
_OF_DIRECTORY = (Stream.PERSON, Stream.UNIT)


class Attendance:
    """The lines of a file about units and people, looked at before any is stored and again if others come between.

    `plan`: what a snapshot withdraws.
    """

    def __init__(self, tx: Transaction, source: Source, frame: Frame, plan: Plan | None = None) -> None:
        self._lines, self._now = list(_lines(source, frame)), frame.now
        self._gone = {one.id for one in plan.gone} if plan else set[str]()
        begins = directory.organisation(tx).is_empty  # whoever begins an office is there by their own word
        self._own = {one.raw.number: _why(OWN) for one in self._lines if _own(one, tx.today) and not begins}
        self.refused = self._judged(tx)
        self._version = directory.version(tx.conn)

    refused: dict[int, Refused]
    """The numbers of the lines that are not stored, each with the reason."""

    def fitting(self, tx: Transaction, lines: list[Read], refuse: Callable[[Raw, Refused], object]) -> list[Read]:
        """Those of these lines, about to be stored in the transaction, that leave no gap in the directory as it is now.

        They are judged anew if somebody else has changed it; nobody decides about proposals until the transaction ends.
        """
        if not _of_directory(lines):
            return lines
        if (key := tx.store.key(tx.conn, Stream.OFFICE, DIRECTORY)) is not None:
            tx.store.lock(tx.conn, key)
        if self._version != directory.version(tx.conn):
            self.refused = self._judged(tx)
        for one in lines:
            if one.raw.number in self.refused:
                refuse(one.raw, self.refused[one.raw.number])
        return [one for one in lines if one.raw.number not in self.refused]

    def stored(self, tx: Transaction, lines: list[Read]) -> None:
        """What the directory is with these lines it is by this file, and by nobody else."""
        if _of_directory(lines):
            self._version = directory.version(tx.conn)

    def _judged(self, tx: Transaction) -> dict[int, Refused]:
        wrong, lines = dict(self._own), self._lines
        if lines:
            judge = _Judge(tx, lines, self._now, self._gone)
            while found := judge.wrong([one for one in lines if one.raw.number not in wrong]):
                wrong |= {number: _why(said) for number, said in found.items()}
        return wrong


def kept_back(tx: Transaction, gone: Sequence[Gone]) -> tuple[set[Gone], list[str]]:
    """Those of what a snapshot lacks that are not withdrawn, as somebody or something would be left without a unit, or
    nobody would do their work, and the sentences why.
    """
    before, today = directory.organisation(tx), tx.today
    there = [one for one in gone if one.stream in _OF_DIRECTORY]
    codes = tx.store.numbers(tx.conn, {one.key for one in there if one.stream is Stream.UNIT})
    stored = tx.store.in_clear(tx.conn, {one.key for one in there})
    kept: set[Gone] = set()
    said: dict[str, None] = {}
    while left := [one for one in there if one not in kept]:
        ids = {one.id for one in left}
        facts = {key: known([one for one in some if one.id not in ids]) for key, some in stored.items()}
        persons = {key.hex: some for key, some in facts.items() if key not in codes}
        after = before.instead(persons, {codes[key]: some for key, some in facts.items() if key in codes})
        found = lacks(before, after, today)
        closed = {key: why for key, code in codes.items() if (why := _closing(tx, before, after, code))}
        new = {one for one in left if one.key in closed or any(one.key.hex in lack.without for lack in found)}
        if not new:
            break
        kept |= new
        said |= dict.fromkeys([*closed.values(), *(lack.sentence for lack in found)])
    return kept, list(said)


def still_gone(tx: Transaction, gone: list[Gone]) -> list[Gone]:
    """What may go, judged in the transaction that withdraws it: nobody else changes the directory meanwhile."""
    if not any(one.stream in _OF_DIRECTORY for one in gone):
        return gone
    if (key := tx.store.key(tx.conn, Stream.OFFICE, DIRECTORY)) is not None:
        tx.store.lock(tx.conn, key)
    kept, _ = kept_back(tx, gone)
    return [one for one in gone if one not in kept]


def _closing(tx: Transaction, before: Organisation, after: Organisation, code: str) -> str:
    """Why a unit may not be gone from today on; "" if it may, or is not."""
    today = tx.today
    if not before.unit(code, today) or after.unit(code, today) or after.current(code, today) != code:
        return ""
    inside = [one for one in cases.places(tx.conn) if one[0] == code]
    open_cases = unattended.open_in(tx.conn, inside, today)
    return next(left_in(after, code, today - DAY, open_cases), "")


def _lines(source: Source, frame: Frame) -> Iterator[Read]:
    """The lines about units and people; what is no line is refused elsewhere."""
    for raw in source.lines():
        said = raw.content or b""
        if (
            _ESCAPED.search(said)
            or any(name in said for name in _NAMES)
            or (b'"case"' not in said and any(name in said for name in _MODIFIERS))
        ):
            try:
                line = read(said, frame)
            except Refused:
                continue
            if line.stream in _OF_DIRECTORY:
                yield Read(raw, line)


def _of_directory(lines: Iterable[Read]) -> bool:
    return any(one.line.stream in _OF_DIRECTORY for one in lines)


def _why(sentence: str) -> Refused:
    return Refused([Reason("", sentence)])


def _own(line: Read, today: dt.date) -> bool:
    """Whether somebody gives a role to themselves; what was so on a day that has passed is history."""
    return isinstance(line.entry.fact, RoleAssigned) and line.entry.by == line.line.number and line.entry.on >= today


class _Judge:
    """The directory as it is, and as it would be with some lines of a file."""

    def __init__(self, tx: Transaction, lines: Sequence[Read], now: dt.datetime, gone: Collection[str]) -> None:
        self._tx, self._now, self._gone = tx, now, gone
        self._before = directory.organisation(tx)
        self._keys: dict[tuple[Stream, str], UUID] = {}
        for stream in _OF_DIRECTORY:
            numbers = {one for line in lines if line.line.stream is stream for one in _named_in(line)}
            found = tx.store.keys(tx.conn, stream, numbers)
            self._keys |= {(stream, number): key for number, key in found.items()}
        stored = tx.store.in_clear(tx.conn, self._keys.values())
        self._stored = {
            whose: [structs.replace(one, ref=one.id) for one in stored[key]] for whose, key in self._keys.items()
        }

    @cached_property
    def _places(self) -> Sequence[Pair]:
        """Where cases lie."""
        return cases.places(self._tx.conn)

    def wrong(self, lines: Sequence[Read]) -> dict[int, str]:
        """Those of the lines that must not count if the others do."""
        after, today = self._with(lines), self._tx.today
        found = {one.raw.number: said for one in lines for said in self._about_unit(after, one)}
        found |= self._about_people(after, [one for one in lines if one.line.stream is Stream.PERSON])
        takers = [one for one in lines if name_of(one.entry.fact) in _TAKES]
        for lack in lacks(self._before, after, today) if takers else ():
            of_people = [one for one in takers if self._person(one) in lack.without]
            found |= {one.raw.number: lack.sentence for one in of_people or takers}
        return found

    def _with(self, lines: Sequence[Read]) -> Organisation:
        facts: dict[Stream, dict[str, list[Known]]] = {Stream.PERSON: {}, Stream.UNIT: {}}
        for whose, some in groupby(sorted(lines, key=_whose), key=_whose):
            new = {id_of(one): as_record(id_of(one), one.entry, self._now) for one in some}
            kept = [one for one in self._stored.get(whose, []) if one.id not in new]
            facts[whose[0]][self._named(*whose)] = known([*kept, *new.values()])
        return self._before.instead(facts[Stream.PERSON], facts[Stream.UNIT])

    def _named(self, stream: Stream, number: str) -> str:
        """What the directory calls a person or unit."""
        return self._keys[stream, number].hex if (stream, number) in self._keys and stream is Stream.PERSON else number

    def _person(self, line: Read) -> str:
        return self._named(*_whose(line)) if line.line.stream is Stream.PERSON else ""

    def _about_people(self, after: Organisation, lines: Sequence[Read]) -> dict[int, str]:
        new = {id_of(one) for one in lines} | set(self._gone)
        there = {
            id: fold_person(known([one for one in some if one.id not in new])).absences
            for (stream, id), some in self._stored.items()
            if stream is Stream.PERSON
        }
        return dict(Staff(after, lambda id: self._named(Stream.PERSON, id), there, self._tx.today).wrong(lines))

    def _about_unit(self, after: Organisation, line: Read) -> Iterator[str]:
        """Why a unit may not be opened or closed so; what the file says of a day long past changes nothing."""
        fact, code, last = line.entry.fact, line.line.number, max(line.entry.on, self._tx.today)
        if isinstance(fact, UnitOpened) and fact.parent and in_circle(after, code, last):
            yield IN_ITSELF.format(code)
        if isinstance(fact, UnitOpened) and line.entry.on >= self._tx.today:
            yield from (said for _, said in carries_on(after, code, fact, line.entry.on))
        gone = isinstance(fact, UnitClosed) and self._before.unit(code, last + DAY) and not after.unit(code, last + DAY)
        if gone and after.current(code, last + DAY) == code:
            inside = [one for one in self._places if one[0] == code]
            yield from left_in(after, code, last, unattended.open_in(self._tx.conn, inside, self._tx.today))


def _named_in(line: Read) -> Iterator[str]:
    yield line.line.number
    if isinstance(line.entry.fact, DeputyAppointed):
        yield line.entry.fact.deputy


def _whose(line: Read) -> tuple[Stream, str]:
    return line.line.stream, line.line.number
