"""Who was how long in an open bar of a strategy, at any day and moment of knowledge: one statement over segments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, case, func, select, true

from domain.knowledge import Reading
from domain.periods import DAY, latest_start
from services.questions import sql
from services.questions.casefile import Answer, deduction, moment, unsure
from services.questions.over import Over
from services.records import meaning
from services.records import undated as undated_facts
from services.records.current import Place, placed
from services.records.tables import END_OF_TIME, numbers, segments, undated

if TYPE_CHECKING:
    from services.office.office import Office, Transaction


TOPICS = ("net",)  # whose rows these lists are made of


class Wanted(NamedTuple):
    """What a list of stays asks for, by the `gross` or the `net` clock; no units or areas: all.

    `under`: for less than so many full months by the calendar. `cases`: a statement of case keys, no others;
    `places`: (unit, area) pairs of the day, no others.
    """

    strategy: str
    over: Over | None = None
    clock: str = "gross"
    units: Collection[str] = ()
    areas: Collection[str] = ()
    as_of: dt.date | None = None
    known_at: dt.datetime | None = None
    cases: Select[tuple[UUID]] | None = None
    under: int | None = None
    reading: Reading = Reading.ARRIVAL
    places: Collection[Place] | None = None


class UnitCount(NamedTuple):
    """Of one unit: how many cases the question finds, of how many in that strategy."""

    unit: str | None
    found: int
    base: int


class Counted(NamedTuple):
    """How many cases a question finds, and its base: all in that strategy and those units, however long and where."""

    found: int
    base: int
    oldest: dt.date | None
    units: list[UnitCount]


def stays(tx: Transaction, wanted: Wanted, *, limit: int | None = None, after: str | None = None) -> Answer:
    """The answer of `stays`, sorted by case. `count` counts all rows, also with `limit` (rows) and `after` (a case)."""
    as_of, known_at = wanted.as_of or tx.today, wanted.known_at or tx.latest
    found = rows(tx, wanted, limit=limit, after=after)
    chosen = matching(tx.office, wanted).subquery()
    count = tx.conn.scalar(select(func.count()).select_from(chosen)) if limit or after else len(found)
    head: Answer = {"as_of": as_of.isoformat(), "known_at": moment(wanted.known_at or tx.now)}
    head |= unsure(undated_facts.after(tx.conn, known_at, scope(wanted, undated.c.case_key)), wanted.reading)
    return head | {"count": count, "rows": found}


def scope(wanted: Wanted, case_key: ColumnElement[UUID]) -> list[ColumnElement[bool]]:
    """Conditions on a case: it is one the question is about, in its units at any time, as known ever."""
    found: list[ColumnElement[bool]] = []
    if wanted.cases is not None:
        found.append(case_key.in_(wanted.cases))
    if wanted.units:
        one = segments.c
        there = (one.case_key == case_key, one.clock == "care", one.unit.in_(wanted.units))
        found.append(select(one.id).where(*there).exists())
    return found


def rows(
    tx: Transaction,
    wanted: Wanted,
    *,
    limit: int | None = None,
    after: str | None = None,
    offset: int = 0,
) -> list[Answer]:
    """The rows alone, or so many of them after a case or after so many others. Raises Waiting."""
    meaning.digests(tx.conn, TOPICS)
    as_of = wanted.as_of or tx.today
    found = tx.conn.execute(_page(matching(tx.office, wanted), limit, after).offset(offset)).all()
    workers = _clear(tx, [row.worker for row in found])
    return [_answer(row, as_of, workers) for row in found]


def counted(tx: Transaction, wanted: Wanted) -> Counted:
    """How many, of how many, per unit as it was named in the case; one statement. Raises Waiting."""
    meaning.digests(tx.conn, TOPICS)
    everyone = matching(tx.office, wanted._replace(over=None, areas=(), under=None)).subquery()
    one = everyone.c
    hit = and_(true(), *_narrowed(wanted, everyone, wanted.as_of or tx.today))
    per_unit: Select[Any] = select(
        one.unit, func.sum(case((hit, 1), else_=0)), func.count(), func.min(one.spell)
    ).group_by(one.unit)
    found = tx.conn.execute(per_unit).all()
    units = [UnitCount(unit, some, base) for unit, some, base, _ in found]
    oldest = min((row[3] for row in found), default=None)
    return Counted(sum(one.found for one in units), sum(one.base for one in units), oldest, units)


def matching(office: Office, wanted: Wanted) -> Select[Any]:
    """The segments the question finds, each with the number of its case; one row a case."""
    as_of, known_at = wanted.as_of or office.today(), wanted.known_at or office.latest()
    source = undated_facts.rows_in(segments, wanted.reading)
    one = source.c
    statement = (
        select(source, numbers.c.number)
        .join(numbers, numbers.c.key == one.case_key)
        .where(one.clock == "net", one.strategy == wanted.strategy)
        .where(one.from_day <= as_of, one.to_day >= as_of, one.known_from <= known_at)
    )
    # As known now nothing has been overtaken yet; said so, an index that is made for it can answer. A moment that only
    # stands for now may lie before what overtook it.
    known_now = wanted.known_at is None and office.settings.fixed_now is None
    statement = statement.where(one.known_to == END_OF_TIME if known_now else one.known_to > known_at)
    if wanted.units:
        statement = statement.where(one.unit.in_(wanted.units))
    if wanted.cases is not None:
        statement = statement.where(one.case_key.in_(wanted.cases))
    if wanted.places is not None:
        statement = statement.where(placed(source, wanted.places))
    return statement.where(*_narrowed(wanted, source, as_of))


def _narrowed(wanted: Wanted, source: FromClause, as_of: dt.date) -> list[ColumnElement[bool]]:
    """What a question asks beyond the strategy and the units: how long, in which areas."""
    one = source.c
    found: list[ColumnElement[bool]] = [one.area.in_(wanted.areas)] if wanted.areas else []
    if wanted.under is not None:
        found.append(one.spell > latest_start(as_of, wanted.under))
    return found if wanted.over is None else [*found, _long(wanted.over, wanted.clock, source, as_of)]


def _long(over: Over, clock: str, source: FromClause, as_of: dt.date) -> ColumnElement[bool]:
    """In for so long. With the net clock the months run on the day without the deducted days: start + net days."""
    one = source.c
    if clock == "gross":
        if over.unit == "m":
            return one.spell <= latest_start(as_of, over.length)
        return one.spell < as_of - over.length * DAY
    running = sql.DaysBetween(one.origin, sql.day(as_of)) - one.shift
    net = case((one.stopped_days.is_not(None), one.stopped_days), else_=running)
    if over.unit == "d":
        return net > over.length
    # Net never exceeds gross: whoever is not in for so long by the calendar need not be looked at.
    by_calendar = one.spell <= latest_start(as_of, over.length)
    return and_(by_calendar, sql.months_full(one.spell, over.length, sql.DaysAfter(one.spell, net)))


def _page(chosen: Select[Any], limit: int | None, after: str | None) -> Select[Any]:
    number = sql.ByCode(numbers.c.number)
    if after is not None:
        chosen = chosen.where(number > after)
    return chosen.order_by(number).limit(limit)


def _answer(row: Row[Any], as_of: dt.date, workers: dict[str, str]) -> Answer:
    gross = (as_of - row.spell).days
    net = row.stopped_days if row.stopped_days is not None else (as_of - row.origin).days - row.shift
    return {
        "case": row.number,
        "unit": row.unit,
        "area": row.area,
        "worker": workers.get(row.worker, row.worker),
        "since": row.spell.isoformat(),
        "gross": gross,
        "net": net,
        "deductions": _deductions(row.deductions or [], as_of),
    }


def _deductions(stored: Sequence[Sequence[str | None]], as_of: dt.date) -> list[Answer]:
    """As they stand on the day; the one that goes on has no last day and reaches to the day before."""
    return [
        deduction(str(reason), dt.date.fromisoformat(str(first)), dt.date.fromisoformat(last) if last else as_of - DAY)
        for reason, first, last in stored
    ]


def _clear(tx: Transaction, workers: Sequence[str | None]) -> dict[str, str]:
    keys = {worker: UUID(hex=worker) for worker in set(workers) if worker and len(worker) == 32}
    clear = tx.store.numbers(tx.conn, keys.values())
    return {worker: clear[key] for worker, key in keys.items() if key in clear}
