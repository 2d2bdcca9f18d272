"""Why a list as known then and the same list as known now differ: which rows, through which facts (Fachkonzept 2.0)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import CTE, Row, func, literal, select, union_all

from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.knowledge import Reading, heard_at
from domain.periods import end_of_day
from domain.records import Record
from domain.rules import RULES
from services.questions import answers, sql
from services.questions.casefile import Answer
from services.questions.question import Asked
from services.questions.turns import identities, identity, turns
from services.records import rulebook
from services.records.tables import numbers
from services.records.vault import chunks

if TYPE_CHECKING:
    from services.office.office import Transaction


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
    sides: dict[bool, list[Answer]] = {}
    for side, whole in ((True, then), (False, now)):
        rows = [one.row for one in turned.rows if one.then is side]
        said = answers.with_facts(tx, then, rows, answers.said(tx, whole, rows, names))
        behind = (some for one, some in zip(turned.rows, facts, strict=True) if one.then is side)
        ids = ([records[cause.record.ref].id for cause in some] for some in behind)
        sides[side] = [row | {"causes": some} for row, some in zip(said, ids, strict=True)]
    both = {"then": {"k": found["k"], "n": found["n"]}, "now": {"k": count.found, "n": count.base}}
    return found | both | {"gone": sides[True], "come": sides[False]}


def as_now(asked: Asked) -> Asked:
    """The same as known now, where both readings are the same."""
    return asked.with_values(known_at=None, reading=Reading.ARRIVAL)


def difference(tx: Transaction, then: Asked, now: Asked, *, limit: int | None = None, offset: int = 0) -> Difference:
    """What is in one list only, sorted as the lists are; `limit` and `offset` choose rows. A few statements in all."""
    turned, key = _turned(tx, then, now), then.question.key
    counts = [select(func.count()).where(turned.c.then == literal(side)).scalar_subquery() for side in (True, False)]
    place = (numbers.c.number, *(turned.c[name] for name in key), turned.c.then)
    order = (sql.ByCode(one) if one.type.python_type is str else one for one in place)
    page = select(turned, *counts).outerjoin(numbers, numbers.c.key == turned.c.case_key).order_by(*order)
    found = tx.conn.execute(page.limit(limit).offset(offset)).all()
    only_then, only_now = found[0][-2:] if found else tx.conn.execute(select(*counts)).one() if offset else (0, 0)
    chosen = [(one.then, identity(one, then)) for one in found]
    rows = {
        (side, identity(row, then)): row
        for side, asked in ((True, then), (False, now))
        for row in _rows(tx, asked, {one[0] for of, one in chosen if of is side})
    }
    return Difference(only_then, only_now, [OnlyIn(rows[one], one[0]) for one in chosen])


def causes(tx: Transaction, rows: Sequence[OnlyIn], then: Asked) -> list[list[Cause]]:
    """For each row the facts with whose arrival it came on the later list or went from the earlier one.

    Of several facts that arrived together those behind the row, or about one of them, tell; where there is none, all.
    What the office has set for its rules is among them, where the question is about rules.
    Read without text.
    """
    keys = sorted({one.key for one in rows})
    found = tx.store.records_of(tx.conn, keys)
    sides = {True: then, False: as_now(then)}
    behind = {
        (one.then, identity(one.row, then)): set(refs)
        for side, asked in sides.items()
        for one, refs in _behind(tx, asked, [one for one in rows if one.then is side])
    }
    settings = rulebook.settings(tx.conn) if not then.topics.isdisjoint(RULES) else []
    known_then, lists, told = then.known_at or tx.latest, turns(tx, then, keys, settings), []
    for one in rows:
        heard = [(heard_at(record, then.reading), record) for record in (*found[one.key], *settings)]
        moments = sorted({at for at, _ in heard if at > known_then})
        which = identity(one.row, then)
        turn = bisect_left(moments, True, key=lambda at: lists.has(which, at) is not one.then)
        arrived = [record for at, record in heard if moments[turn : turn + 1] == [at]]
        told.append(_telling(arrived, (*found[one.key], *settings), behind[one.then, which]))
    return told


def _behind(tx: Transaction, asked: Asked, rows: Sequence[OnlyIn]) -> Iterable[tuple[OnlyIn, Sequence[str]]]:
    return zip(rows, asked.question.behind(tx, asked, [one.row for one in rows]), strict=True)


def _turned(tx: Transaction, then: Asked, now: Asked) -> CTE:
    """What is in one list only, by what tells it apart; `then`: in which."""
    lists = {side: union_all(*identities(tx, asked)).cte() for side, asked in ((True, then), (False, now))}
    only = (
        select(select(lists[side]).except_(select(lists[not side])).subquery(), literal(side).label("then"))
        for side in lists
    )
    return union_all(*only).cte("turned")


def _rows(tx: Transaction, asked: Asked, keys: Collection[UUID]) -> list[Row[Any]]:
    """The rows of these cases that are on the list."""
    parts = (one for some in chunks(sorted(keys)) for one in answers.listed(tx, asked._replace(cases=some)))
    return [row for chosen in parts for row in tx.conn.execute(chosen)]


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
