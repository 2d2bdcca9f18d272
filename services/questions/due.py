"""Which follow-ups are open on a day, as known at a moment: one statement over the due rows (contract.md 3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Row, Select, func, select, tuple_

from domain.facts import Stream
from domain.knowledge import Reading
from domain.rules import RULES
from notifications import render
from services.questions import sql
from services.questions.casefile import Answer, UnknownCase, moment, unsure
from services.records import meaning, rulebook, standing
from services.records import undated as undated_facts
from services.records.tables import due_rows, numbers, undated

if TYPE_CHECKING:
    from services.office.office import Transaction


class Wanted(NamedTuple):
    """What a list of follow-ups asks for; nothing named: all of today as known now.

    `cases`: a statement of case keys, no others.
    """

    on: dt.date | None = None
    known_at: dt.datetime | None = None
    case: str | None = None
    rule: str | None = None
    reading: Reading = Reading.ARRIVAL
    cases: Select[tuple[UUID]] | None = None


def due(tx: Transaction, wanted: Wanted, *, limit: int | None = None, after: str | None = None) -> Answer:
    """The answer of `due`, sorted by case and due day.

    `limit` counts rows; `after` is a case, or what `next` of the page before says. `next` is there if more rows are.
    Raises UnknownCase, Waiting.
    """
    meaning.digests(tx.conn, RULES if wanted.rule is None else {wanted.rule} & RULES.keys())
    on, known_at = wanted.on or tx.today, wanted.known_at or tx.latest
    key = tx.store.key(tx.conn, Stream.CASE, wanted.case) if wanted.case is not None else None
    if wanted.case is not None and key is None:
        raise UnknownCase(wanted.case)
    source = undated_facts.rows_in(due_rows, wanted.reading)
    matching = _matching(wanted, source, on, known_at)
    matching = matching.where(standing.shown(tx.conn, source, on, known_at, wanted.reading))
    found = tx.conn.execute(_page(matching, source, limit, after)).all()
    count = tx.conn.scalar(select(func.count()).select_from(matching.subquery())) if limit or after else len(found)
    answer: Answer = {"on": on.isoformat(), "known_at": moment(wanted.known_at or tx.now), "count": count}
    within = [] if key is None else [undated.c.case_key == key]
    within += [] if wanted.cases is None else [undated.c.case_key.in_(wanted.cases)]
    answer |= unsure(undated_facts.after(tx.conn, known_at, within), wanted.reading)
    own = rulebook.texts(tx.conn, on, known_at)
    if limit and len(found) > limit:
        answer["next"] = _cursor(found[limit - 1])
    return answer | {"rows": [_answer(row, on, own) for row in found[:limit]]}


def _matching(wanted: Wanted, source: FromClause, on: dt.date, known_at: dt.datetime) -> Select[Any]:
    one = source.c
    statement = (
        select(source, numbers.c.number)
        .join(numbers, numbers.c.key == one.case_key)
        .where(one.listed_from <= on, one.listed_to >= on, one.due <= on)
        .where(one.known_from <= known_at, one.known_to > known_at)
    )
    if wanted.case is not None:
        statement = statement.where(numbers.c.number == wanted.case)
    if wanted.cases is not None:
        statement = statement.where(one.case_key.in_(wanted.cases))
    return statement if wanted.rule is None else statement.where(one.rule == wanted.rule)


def _page(matching: Select[Any], source: FromClause, limit: int | None, after: str | None) -> Select[Any]:
    one = source.c
    order = (sql.ByCode(numbers.c.number), one.due, one.rule, one.stage, one.cause)
    if after is not None:
        matching = matching.where(_later(order, after))
    matching = matching.order_by(*order)
    return matching if limit is None else matching.limit(limit + 1)  # one more tells whether there is another page


def _later(order: tuple[Any, ...], after: str) -> ColumnElement[bool]:
    number, *rest = after.split("|")
    try:
        due, rule, stage, cause = rest
        return tuple_(*order) > tuple_(number, sql.day(dt.date.fromisoformat(due)), rule, stage, cause)
    except ValueError:
        later: ColumnElement[bool] = order[0] > number
        return later


def _cursor(row: Row[Any]) -> str:
    return "|".join((row.number, row.due.isoformat(), row.rule, row.stage, row.cause))


def _answer(row: Row[Any], on: dt.date, own: Mapping[str, str]) -> Answer:
    return {
        "case": row.number,
        "rule": row.rule,
        "stage": row.stage,
        "due": row.due.isoformat(),
        "to": row.recipients.split(","),
        "reason": render.reason(row.rule, row.stage, row.reason, on, own),
    }
