"""Abgleich: what two sources tell differently of one thing, as long as nobody has said what holds (Fachkonzept 2.0)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from domain import sameness
from domain.records import Record
from domain.sameness import Pair
from services.records.current import Place, cared_for, placed
from services.records.tables import END_OF_TIME, entries, numbers, segments

if TYPE_CHECKING:
    from services.office.office import Transaction

NOTE = "same-thing-noted"


class Scope(NamedTuple):
    """Whose questions: of the cases of these persons (directory keys), and of those in these places."""

    workers: Collection[str]
    places: Collection[Place]


class Asked(NamedTuple):
    """A question: the case, who is responsible for it (a directory key), and the reference of the note that asks."""

    case_key: UUID
    number: str
    worker: str | None
    unit: str
    area: str | None
    note: str


class Question(NamedTuple):
    """The same with what it is about, and the records of both sides as they were stored."""

    asked: Asked
    pair: Pair
    thing: Record
    other: Record


def count(tx: Transaction, scope: Scope, day: dt.date) -> int:
    """How many there are, as known now."""
    return tx.conn.execute(_chosen(scope, day).add_columns(func.count())).scalar() or 0


def listed(tx: Transaction, scope: Scope, day: dt.date, first: int, most: int) -> list[Asked]:
    """Some of them, by case number, from the one at `first` (from 0) on."""
    return _asked(tx, _chosen(scope, day).offset(first).limit(most))


def named(tx: Transaction, scope: Scope, day: dt.date, notes: Collection[str]) -> list[Asked]:
    """Those of these notes that are asked still."""
    return _asked(tx, _chosen(scope, day).where(entries.c.ref.in_(notes))) if notes else []


def read(tx: Transaction, asked: Sequence[Asked]) -> list[Question]:
    """What they are about, in clear; two statements, however many cases they are of."""
    keys = list(dict.fromkeys(one.case_key for one in asked))
    tx.store.look_up(tx.conn, keys)
    found: dict[str, Question] = {}
    for key in keys:
        records = tx.store.records(tx.conn, key, with_text=True)
        by_id = {record.id: record for record in records}
        pairs = {pair.note.ref: pair for pair in sameness.pairs(records)}
        for one in asked:
            if one.case_key == key and (pair := pairs.get(one.note)) is not None:
                found[one.note] = Question(one, pair, by_id[pair.thing.id], by_id[pair.other.id])
    return [found[one.note] for one in asked if one.note in found]


def _chosen(scope: Scope, day: dt.date) -> Select[Any]:
    """The notes that ask, each joined with who is responsible for the case on the day."""
    one, care = entries.c, segments.c
    open_still = (
        one.name == NOTE,
        one.known_to == END_OF_TIME,
        one.codes["differs"].as_string().is_not(None),
        one.codes["counts"].as_string().is_(None),
    )
    whose: ColumnElement[bool] = or_(care.worker.in_(sorted(scope.workers)), placed(segments, scope.places))
    return (
        select().select_from(entries.join(segments, cared_for(segments, one.case_key, day))).where(*open_still, whose)
    )


def _asked(tx: Transaction, chosen: Select[Any]) -> list[Asked]:
    one, care = entries.c, segments.c
    found = (
        chosen.add_columns(one.case_key, numbers.c.number, care.worker, care.unit, care.area, one.ref)
        .join(numbers, numbers.c.key == one.case_key)
        .order_by(numbers.c.number, one.day, one.id)
    )
    return [Asked(*row) for row in tx.conn.execute(found)]
