"""The long way to a difference: both lists read whole, and each row looked for again at every arrival in its case."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from typing import Any

from domain.knowledge import heard_at
from domain.rules import RULES
from services.office.office import Transaction
from services.questions import answers
from services.questions.difference import Cause, OnlyIn, _telling, as_now
from services.questions.question import Asked
from services.questions.turns import identity
from services.records import rulebook


def only_in(tx: Transaction, then: Asked) -> list[tuple[bool, Any]]:
    """What is in one of the two lists only, in order: whether in the earlier one, and the row."""
    lists = {True: answers.page(tx, then).rows, False: answers.page(tx, as_now(then)).rows}
    there = {side: {identity(row, then) for row in rows} for side, rows in lists.items()}
    found = [(side, row) for side, rows in lists.items() for row in rows if identity(row, then) not in there[not side]]
    return sorted(found, key=lambda one: (answers.place(then.question, one[1]), one[0]))


def causes(tx: Transaction, one: OnlyIn, then: Asked) -> list[Cause]:
    """The facts with whose arrival a row came or went."""
    records = tx.store.records_of(tx.conn, [one.key])[one.key]
    records = [*records, *(rulebook.settings(tx.conn) if not then.topics.isdisjoint(RULES) else [])]
    heard = [(heard_at(record, then.reading), record) for record in records]
    moments = sorted({at for at, _ in heard if at > (then.known_at or tx.latest)})
    turn = bisect_left(moments, True, key=lambda at: _is_listed(tx, one, then, at) is not one.then)
    arrived = [record for at, record in heard if moments[turn : turn + 1] == [at]]
    asked = then if one.then else as_now(then)
    [behind] = then.question.behind(tx, asked, [one.row])
    return _telling(arrived, records, set(behind))


def _is_listed(tx: Transaction, one: OnlyIn, then: Asked, known_at: dt.datetime) -> bool:
    rows = answers.page(tx, then.with_values(known_at=known_at)._replace(cases=[one.key])).rows
    return identity(one.row, then) in {identity(row, then) for row in rows}
