"""Why a list as known then and the same list as known now differ: which rows, through which facts (Fachkonzept 2.0)."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row

from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.knowledge import Reading, heard_at
from domain.periods import end_of_day
from domain.records import Record
from domain.rules import RULES
from services.questions import answers
from services.questions.casefile import Answer
from services.questions.question import Asked
from services.records import rulebook

if TYPE_CHECKING:
    from services.office.office import Transaction

Identity = tuple[Any, ...]  # the key of a case, and the key of the question


class OnlyIn(NamedTuple):
    """A row that is in one of the two lists only; `then`: in the earlier one."""

    row: Row[Any]
    then: bool

    @property
    def key(self) -> UUID:
        """The key of its case."""
        key: UUID = self.row.case_key
        return key

    @property
    def number(self) -> str:
        """The number of its case."""
        number: str = self.row.number
        return number


class Difference(NamedTuple):
    """How many rows are only in the list as known then, how many only in the later one, and some of these rows."""

    only_then: int
    only_now: int
    rows: list[OnlyIn]


class Cause(NamedTuple):
    """A fact with whose arrival a row came or went, why it tells, and what it corrects or withdraws, if anything."""

    why: str  # late, corrected, withdrawn, import
    record: Record
    about: Record | None


def answer(tx: Transaction, asked: Asked, *, names: answers.Names | None = None) -> Answer:
    """The answer of `ask --difference`: the list as asked, and what it and the list as known now differ in.

    Without a Datenstand the list as known at the end of the Stichtag is compared.
    """
    then = asked.with_values(known_at=asked.known_at or end_of_day(asked.as_of))
    then, now = then if then.values["known_at"] < tx.now else asked, as_now(asked)
    found = answers.ask(tx, then, names=names)
    count, turned = answers.counted(tx, now), difference(tx, then, now)
    facts = causes(tx, turned.rows, then)
    records = tx.store.referred(tx.conn, {cause.record.ref for some in facts for cause in some})
    sides: dict[bool, list[Answer]] = {True: [], False: []}
    for one, some in zip(turned.rows, facts, strict=True):
        said = answers.with_facts(tx, then, [one.row], answers.said(tx, then if one.then else now, [one.row], names))
        sides[one.then].append(said[0] | {"causes": [records[cause.record.ref].id for cause in some]})
    both = {"then": {"k": found["k"], "n": found["n"]}, "now": {"k": count.found, "n": count.base}}
    return found | both | {"gone": sides[True], "come": sides[False]}


def as_now(asked: Asked) -> Asked:
    """The same as known now, where both readings are the same."""
    return asked.with_values(known_at=None, reading=Reading.ARRIVAL)


def difference(tx: Transaction, then: Asked, now: Asked, *, limit: int | None = None, offset: int = 0) -> Difference:
    """What is in one list only, sorted as the lists are; `limit` and `offset` choose rows. A few statements in all."""
    sides = {True: _places(tx, then), False: _places(tx, now)}
    only = {side: places.keys() - sides[not side].keys() for side, places in sides.items()}
    found = sorted((sides[side][one], side, one) for side, some in only.items() for one in some)
    chosen = found[offset:] if limit is None else found[offset : offset + limit]
    keys = sorted({one[0] for _, _, one in chosen})
    rows = {
        (side, _identity(row, then)): row
        for side, asked in ((True, then), (False, now))
        for row in _rows(tx, asked, keys)
    }
    turned = [OnlyIn(rows[side, one], side) for _, side, one in chosen]
    return Difference(len(only[True]), len(only[False]), turned)


def causes(tx: Transaction, rows: Sequence[OnlyIn], then: Asked) -> list[list[Cause]]:
    """For each row the facts with whose arrival it came on the later list or went from the earlier one.

    Of several facts that arrived together those behind the row, or about one of them, tell; where there is none, all.
    What the office has set for its rules is among them, where the question is about rules.
    Read without text.
    """
    found = tx.store.records_of(tx.conn, sorted({one.key for one in rows}))

    @cache
    def listed(key: UUID, known_at: dt.datetime) -> frozenset[Identity]:
        return frozenset(_identity(row, then) for row in _rows(tx, then.with_values(known_at=known_at), [key]))

    sides = {True: then, False: as_now(then)}
    behind = {
        (one.then, _identity(one.row, then)): set(refs)
        for side, asked in sides.items()
        for one, refs in _behind(tx, asked, [one for one in rows if one.then is side])
    }
    settings = rulebook.settings(tx.conn) if not then.topics.isdisjoint(RULES) else []
    turned = []
    for one in rows:
        known_then = then.known_at or tx.latest
        heard = [(heard_at(record, then.reading), record) for record in (*found[one.key], *settings)]
        moments = sorted({at for at, _ in heard if at > known_then})
        identity = _identity(one.row, then)
        turn = bisect_left(moments, True, key=lambda at: (identity in listed(one.key, at)) is not one.then)
        arrived = [record for at, record in heard if moments[turn : turn + 1] == [at]]
        turned.append(_telling(arrived, (*found[one.key], *settings), behind[one.then, identity]))
    return turned


def _behind(tx: Transaction, asked: Asked, rows: Sequence[OnlyIn]) -> Iterable[tuple[OnlyIn, Sequence[str]]]:
    return zip(rows, asked.question.behind(tx, asked, [one.row for one in rows]), strict=True)


def _places(tx: Transaction, asked: Asked) -> dict[Identity, tuple[Any, ...]]:
    """Each row of a list by what tells it apart, with its place in the order."""
    found: dict[Identity, tuple[Any, ...]] = {}
    for chosen in answers.listed(tx, asked):
        one = chosen.selected_columns
        told: tuple[ColumnElement[Any], ...] = (one.number, one.case_key, *(one[name] for name in asked.question.key))
        rows = tx.conn.execute(chosen.with_only_columns(*told))
        found |= {(key, *rest): (number, *rest) for number, key, *rest in rows}
    return found


def _rows(tx: Transaction, asked: Asked, keys: Sequence[UUID]) -> list[Row[Any]]:
    """The rows of these cases that are on the list."""
    some = [one.where(one.selected_columns.case_key.in_(keys)) for one in answers.listed(tx, asked)]
    return [row for chosen in some for row in tx.conn.execute(chosen)]


def _identity(row: Row[Any], asked: Asked) -> Identity:
    return tuple(row._mapping[name] for name in ("case_key", *asked.question.key))


def _telling(arrived: Sequence[Record], records: Sequence[Record], behind: set[str]) -> list[Cause]:
    by_ref = {one.ref: one for one in records}
    found = [Cause(_why(one), one, _root(one, by_ref)) for one in arrived]
    own = [one for one in found if one.record.ref in behind or (one.about is not None and one.about.ref in behind)]
    return sorted(own or found, key=lambda one: (one.record.recorded_at, one.record.number))


def _why(record: Record) -> str:
    if record.recorded_unknown:
        return "import"
    return {FactCorrected: "corrected", FactWithdrawn: "withdrawn"}.get(type(record.fact), "late")


def _root(record: Record, by_ref: dict[str, Record]) -> Record | None:
    """What a correction or withdrawal is about in the end; it may be about another correction."""
    about, seen = record, {record.ref}
    while isinstance(about.fact, FactCorrected | FactWithdrawn):
        following = by_ref.get(about.fact.target)
        if following is None or following.ref in seen:
            return None
        seen.add(following.ref)
        about = following
    return about if about is not record else None
