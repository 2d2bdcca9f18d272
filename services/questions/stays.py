"""Who was how long in an open bar of a strategy, at any day and moment of knowledge: one statement over segments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, case, select, true

from domain.decisions.refusal import Refused
from domain.facts.base import Lane
from domain.history import SPANS
from domain.knowledge import Reading
from domain.periods import DAY, latest_start
from services.questions import answers, sql
from services.questions.casefile import Answer, deduction, moment
from services.questions.over import Over
from services.questions.parameters import CLOCK, OVER, STRATEGY, UNIT, Parameter, always
from services.questions.question import Asked, Column, Frame, Question, Shown
from services.records.current import Place
from services.records.tables import segments, spans
from services.records.vault import chunks

if TYPE_CHECKING:
    from services.office.office import Transaction


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


def stays(
    tx: Transaction,
    wanted: Wanted,
    *,
    limit: int | None = None,
    after: str | None = None,
    names: answers.Names | None = None,
) -> Answer:
    """The answer of `stays`, sorted by case. `count` counts all rows, also with `limit` (rows) and `after` (a case).

    `names`: of which rows the worker is named (None: all). Raises `Refused` for a unit that nobody knows.
    """
    _refuse_unknown(tx, wanted.units)
    asked = question(tx, wanted)
    found = answers.page(tx, asked, limit=limit, after=after)
    partly = limit is not None or after is not None
    head: Answer = {"as_of": asked.as_of.isoformat(), "known_at": moment(wanted.known_at or tx.now)}
    head |= answers.unknown(tx, asked)
    head["count"] = answers.counted(tx, asked).found if partly else len(found.rows)
    if found.next is not None:
        head["next"] = found.next
    return head | {"rows": answers.said(tx, asked, found.rows, names)}


def _refuse_unknown(tx: Transaction, units: Collection[str]) -> None:
    wrong = []
    for unit in units:
        try:
            UNIT.read(unit, tx)
        except ValueError as error:
            wrong.append(("unit", str(error)))
    if wrong:
        raise Refused(wrong)


def question(tx: Transaction, wanted: Wanted) -> Asked:
    """The question of the library that asks for these stays."""
    asked: dict[str, Any] = {"strategy": wanted.strategy, "months": wanted.over, "clock": wanted.clock}
    asked |= {"as_of": wanted.as_of or tx.today, "known_at": wanted.known_at, "reading": wanted.reading}
    asked |= {"unit": tuple(wanted.units), "area": tuple(wanted.areas), "under": wanted.under}
    values = answers.defaulted(STAYS, tx.today, **asked)
    return Asked(STAYS, values, wanted.units, wanted.cases, wanted.places, of_all_areas=True)


def _statement(tx: Transaction, asked: Asked) -> Frame:
    """Every open bar of the strategy, one a case; found: those that are long enough."""
    source, values = asked.rows(segments), asked.values
    one = source.c
    columns = (one.case_key, one.unit, one.area, one.worker, one.spell.label("since"))
    everyone = (
        select(*columns, one.origin, one.shift, one.stopped_days, one.deductions)
        .where(one.clock == "net", one.strategy == values["strategy"])
        .where(one.from_day <= asked.as_of, one.to_day >= asked.as_of)
    )
    found: list[ColumnElement[bool]] = [true()]
    if values["months"] is not None:
        found.append(_long(values["months"], values["clock"], source, asked.as_of))
    if values.get("under") is not None:
        found.append(one.spell > latest_start(asked.as_of, values["under"]))
    return Frame(source, everyone, and_(*found))


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


def _bars(tx: Transaction, asked: Asked, rows: Sequence[Row[Any]]) -> list[Sequence[str]]:
    """The facts of the bar."""
    found: dict[UUID, Sequence[str]] = {}
    for part in asked.parts:  # what is read otherwise comes last
        source, day = part.rows(spans), asked.as_of
        one = source.c
        there = (one.lane == Lane.STRATEGY, one.from_day <= day, one.to_day >= day, asked.known(tx, source))
        for keys in chunks([row.case_key for row in rows]):
            found |= dict(tx.conn.execute(select(one.case_key, one.facts).where(one.case_key.in_(keys), *there)).all())
    return [found.get(row.case_key, ()) for row in rows]


def _net(row: Row[Any], asked: Asked) -> int:
    running: int = (asked.as_of - row.origin).days - row.shift
    return running if row.stopped_days is None else int(row.stopped_days)


def _deductions(row: Row[Any], asked: Asked) -> list[Answer]:
    """As they stand on the day; the one that goes on has no last day and reaches to the day before."""
    day, eve = dt.date.fromisoformat, asked.as_of - DAY
    return [deduction(why, day(first), day(last) if last else eve) for why, first, last in row.deductions or ()]


STAYS = Question(
    id="stays",
    number=1,
    title="Wer war wie lange in einer Handlungsstrategie?",
    sentence="Wer war am {as_of} seit {months} gezählt {clock} in {strategy}, in {area}, in {unit}, "
    "nach Datenstand {known_at}?",
    result="{share} der Fälle, die am {as_of} in {strategy} waren: {months} ({clock}), in {area}, in {unit}.",
    base="alle mit offenem Balken {strategy} am {as_of} in den gefragten Einheiten und Bereichen, gleich wie lange",
    of="offenen Balken",
    rows=("Fall", "Fälle"),
    file="verweildauer_{as_of}_{strategy}",
    nothing="Niemand. Von {n} offenen Balken {strategy} begann der älteste am {oldest}, {age} vor dem Stichtag. "
    "Eine kürzere Schwelle oder mehr Bereiche finden mehr.",
    none="Am {as_of} war nach Datenstand {known_at} niemand in {strategy}, in {area}, in {unit}. Der Datenstand "
    "„heute“ enthält auch, was später nacherfasst wurde.",
    parameters=(
        Parameter("strategy", STRATEGY, "Handlungsstrategie", always("integration")),
        Parameter("months", OVER, "Schwelle", always(Over(12, "m")), option="over"),
        Parameter("clock", CLOCK, "Uhr", always("gross")),
    ),
    statement=_statement,
    columns=(
        Column("since", "Balken seit", Shown.DAY),
        Column("gross", "laut Balken", Shown.DAYS, lambda row, asked: (asked.as_of - row.since).days),
        Column("net", "bereinigt", Shown.DAYS, _net),
        Column("deductions", "Abzüge", Shown.DEDUCTIONS, _deductions),
    ),
    topics=frozenset({"net", SPANS}),
    behind=_bars,
    as_printed=True,
    command="stays",
)
