"""The cases of workers or of places as a list to work with: filtered, ordered, cut into pages.

Which cases are on the page one statement says; what of them is shown is read for these alone (`cases.of_keys`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
)

from domain.history import ENTRIES, SPANS
from domain.periods import latest_start
from domain.rules import RULES
from services.questions import cases, sql
from services.questions.cases import NUMBER, CaseRow, care, net
from services.questions.matching import Known
from services.records import meaning
from services.records.current import Place, closed, closed_cases, held, held_by, next_appointment, placed
from services.records.standing import Said, deliveries, told_of_cases
from services.records.tables import due_rows, numbers

if TYPE_CHECKING:
    from services.office.office import Transaction

OWN, UNIT = 100, 50  # rows on a page of the cases of one worker, and of those of places
OPEN, CLOSED, ALL = "open", "closed", "all"
NONE, ANY = "none", "any"
ORDERS = ("number", "name", "strategy", "since", "net", "area", "appointment", "limit", "contact", "due", "newest")
Names = Mapping[UUID, Known]
Order = ColumnElement[Any]


class Wanted(NamedTuple):
    """Which cases a list shows, in which order.

    `strategy`: a code, NONE: without an open bar; `due`: ANY, or the key of a theme; `silent`: months since the last
    contact, at least; `months`: full months in the open bar, at least; `state`: OPEN, CLOSED or ALL; `falling`: the
    greatest first. "": all.
    """

    strategy: str = ""
    area: str = ""
    due: str = ""
    alone: bool = False  # without an appointment ahead
    silent: int = 0
    months: int = 0
    state: str = OPEN
    order: str = "number"
    falling: bool = False

    @property
    def needs_bar(self) -> bool:
        """Whether the open bar decides which cases come, or when."""
        return bool(self.strategy or self.months or self.order in ("strategy", "since", "net"))


class Page(NamedTuple):
    """The rows of one page, and how many there are on all; `size`: at most so many on each."""

    total: int
    rows: list[CaseRow]
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-self.total // self.size)


class _Cut(NamedTuple):
    total: int
    keys: list[UUID]


def of_workers(
    tx: Transaction,
    workers: Collection[str],
    day: dt.date,
    wanted: Wanted,
    page: int = 0,
    *,
    size: int | None = None,
    names: Names | None = None,
    among: Collection[UUID] | None = None,
) -> dict[str, Page]:
    """Of each of these people (directory keys) the cases they are responsible for on the day, a page of each.

    `size`: how many on a page, if not as many as on screen. `names`: for the order by name; without, it is that by
    number. `among`: no others. Who has no case on the page is left out. Raises Waiting.
    """
    asked, size = {"workers": list(workers)} | _among(among), OWN if size is None else size
    found = _cut(tx, _of_workers(_said(tx, day), day, wanted, among is not None), asked, wanted, names, page, size)
    rows = _rows(tx, found.values(), day)
    return {worker: Page(cut.total, [rows[key] for key in cut.keys], size) for worker, cut in found.items() if cut.keys}


def of_places(
    tx: Transaction,
    places: Collection[Place],
    day: dt.date,
    wanted: Wanted,
    page: int = 0,
    *,
    size: int | None = None,
    names: Names | None = None,
    among: Collection[UUID] | None = None,
) -> Page:
    """The same of the cases these (unit, area) pairs have on the day."""
    size = UNIT if size is None else size
    statement = _of_places(_said(tx, day), day, wanted, tuple(places), among is not None)
    found = _cut(tx, statement, _among(among), wanted, names, page, size).get("", _Cut(0, []))
    rows = _rows(tx, [found], day)
    return Page(found.total, [rows[key] for key in found.keys], size)


def long_stays(tx: Transaction, worker: str, day: dt.date) -> dict[int, int]:
    """How many open cases of a person have been in the strategy Integration for each of `cases.LONG` full months."""
    meaning.digests(tx.conn, ("care", "net", SPANS))
    row = tx.conn.execute(_long_stays(day), {"worker": worker}).one()
    return dict(zip(cases.LONG, row, strict=True))


def _among(keys: Collection[UUID] | None) -> dict[str, Any]:
    return {} if keys is None else {"among": list(keys)}


def _said(tx: Transaction, day: dt.date) -> Said:
    meaning.digests(tx.conn, ("care", "net", SPANS, ENTRIES, *RULES))
    return deliveries(tx.conn, day)


def _rows(tx: Transaction, found: Collection[_Cut], day: dt.date) -> dict[UUID, CaseRow]:
    keys = [key for cut in found for key in cut.keys]
    return {row.key: row for row in cases.of_keys(tx, keys, day)} if keys else {}


def _cut(
    tx: Transaction,
    found: Select[Any],
    asked: dict[str, Any],
    wanted: Wanted,
    names: Names | None,
    page: int,
    size: int,
) -> dict[str, _Cut]:
    """Of each list how many cases it has, and those of the page in their order.

    By name they are put in order here: the database has no names.
    """
    by_name = wanted.order == "name" and names is not None
    first, last = page * size, (page + 1) * size
    rows = tx.conn.execute(found, asked | ({"first": 0, "last": 10**6} if by_name else {"first": first, "last": last}))
    lists: dict[str, _Cut] = {}
    for of, total, key in rows:
        lists.setdefault(of, _Cut(total, [])).keys.append(key)
    if not by_name:
        return lists
    return {
        of: _Cut(total, _by_name(keys, names or {}, falling=wanted.falling)[first:last])
        for of, (total, keys) in lists.items()
    }


def _by_name(keys: list[UUID], names: Names, *, falling: bool) -> list[UUID]:
    """Those without a name at the end, in whichever order."""
    named = [(one.last, one.first, at, key) for at, key in enumerate(keys) if (one := names.get(key)) and one.last]
    found = [key for *_, key in sorted(named, key=itemgetter(0, 1, 2), reverse=falling)]
    placed = set(found)
    return found + [key for key in keys if key not in placed]


@lru_cache(maxsize=64)
def _of_workers(said: Said, day: dt.date, wanted: Wanted, among: bool) -> Select[Any]:
    """Built once: putting it together takes longer than running it."""
    workers: BindParameter[Any] = bindparam("workers", expanding=True)
    of_each: dict[str, Any] = {"partition_by": care.c.worker}
    place = func.row_number().over(**of_each, order_by=_order(said, day, wanted)).label("place")
    chosen = (
        select(care.c.worker.label("list"), func.count().over(**of_each).label("total"), care.c.case_key, place)
        .select_from(_joined(day, wanted))
        .where(
            held_by(care, "care", day),
            care.c.worker.in_(workers),
            *_filters(said, day, wanted, among, closed(care.c.case_key, day)),
        )
    ).subquery()
    on_page = (chosen.c.place > bindparam("first"), chosen.c.place <= bindparam("last"))
    return select(chosen.c.list, chosen.c.total, chosen.c.case_key).where(*on_page).order_by(chosen.c.place)


@lru_cache(maxsize=64)
def _of_places(said: Said, day: dt.date, wanted: Wanted, places: tuple[Place, ...], among: bool) -> Select[Any]:
    is_closed = care.c.case_key.in_(closed_cases(day))
    there = (held(care, "care", day), placed(care, places), *_filters(said, day, wanted, among, is_closed))
    total = select(func.count()).select_from(_joined(day, wanted)).where(*there).correlate(None).scalar_subquery()
    first, last = (bindparam(name, type_=Integer) for name in ("first", "last"))
    return (
        select(literal("").label("list"), total.label("total"), care.c.case_key)
        .select_from(_joined(day, wanted))
        .where(*there)
        .order_by(*_order(said, day, wanted))
        .limit(last - first)
        .offset(first)
    )


@lru_cache(maxsize=16)
def _long_stays(day: dt.date) -> Select[Any]:
    counts: list[Any] = [func.count().filter(net.c.spell <= latest_start(day, months)) for months in cases.LONG]
    there = (held_by(care, "care", day), care.c.worker == bindparam("worker"), not_(closed(care.c.case_key, day)))
    in_bar = and_(net.c.case_key == care.c.case_key, held(net, "net", day), net.c.strategy == "integration")
    return select(*counts).select_from(care.join(net, in_bar)).where(*there)


def _joined(day: dt.date, wanted: Wanted) -> Any:
    joined = care.outerjoin(numbers, numbers.c.key == care.c.case_key)
    return cases.with_bar(joined, day) if wanted.needs_bar else joined


def _order(said: Said, day: dt.date, wanted: Wanted) -> list[Order]:
    key = care.c.case_key
    values: dict[str, Any] = {
        "strategy": lambda: net.c.strategy,
        "since": lambda: net.c.spell,
        "net": lambda: func.coalesce(net.c.stopped_days, sql.DaysBetween(net.c.origin, sql.day(day)) - net.c.shift),
        "area": lambda: care.c.area,
        "appointment": lambda: next_appointment(key, day),
        "limit": lambda: cases.next_limit(said, key, day),
        "contact": lambda: cases.last_contact(key, day),
        "due": lambda: cases.open_followups(said, key, day),
        "newest": lambda: care.c.from_day,
    }
    by_number = sql.ByCode(NUMBER)
    if wanted.order not in values:
        return [by_number.desc() if wanted.falling and wanted.order == "number" else by_number, key]
    value = values[wanted.order]()
    return [(value.desc() if wanted.falling else value.asc()).nulls_last(), by_number, key]


def _filters(
    said: Said, day: dt.date, wanted: Wanted, among: bool, is_closed: ColumnElement[bool]
) -> list[ColumnElement[bool]]:
    key = care.c.case_key
    found: list[ColumnElement[bool]] = []
    if among:
        found.append(key.in_(bindparam("among", expanding=True)))
    if wanted.strategy:
        found.append(net.c.strategy.is_(None) if wanted.strategy == NONE else net.c.strategy == wanted.strategy)
    if wanted.area:
        found.append(care.c.area == wanted.area)
    if wanted.months:
        found.append(net.c.spell <= latest_start(day, wanted.months))
    if wanted.state != ALL:
        found.append(is_closed if wanted.state == CLOSED else not_(is_closed))
    if wanted.due:
        found.append(_due(said, day, wanted.due))
    if wanted.alone:
        found.append(next_appointment(key, day).is_(None))
    if wanted.silent:
        last = cases.last_contact(key, day)
        found.append(or_(last.is_(None), last <= latest_start(day, wanted.silent)))
    return found


def _due(said: Said, day: dt.date, theme: str) -> ColumnElement[bool]:
    rules = [rule.id for rule in RULES.values() if theme in (ANY, rule.theme.key)]
    return exists().where(due_rows.c.case_key == care.c.case_key, due_rows.c.rule.in_(rules), told_of_cases(said, day))
