"""Lists of cases as known now: one's own, those of a unit, those found by a name; each row with its clocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    Subquery,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from domain.facts import Stream
from domain.history import SPANS
from domain.organisation import Organisation
from domain.rules import RULES
from services.questions import sql
from services.records import meaning
from services.records.current import Place, held, held_by, next_appointment, placed
from services.records.standing import Said, deliveries, told_of_cases
from services.records.tables import END_OF_TIME, due_rows, numbers, segments, streams

if TYPE_CHECKING:
    from services.office.office import Transaction

OWN, UNIT = 100, 50  # rows on a page of the cases of one worker, and of those of units
care = segments.alias("care")
net = segments.alias("net")
_NUMBER = func.coalesce(numbers.c.number, "").label("number")
_SIZE, _FIRST = (bindparam(name, type_=Integer) for name in ("size", "first"))
_PLACES = select(care.c.unit, care.c.area).where(care.c.clock == "care", care.c.known_to == END_OF_TIME).distinct()


class Page(NamedTuple):
    """The rows of one page, and how many there are on all; `size`: at most so many on each."""

    total: int
    rows: list[CaseRow]
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-self.total // self.size)


class CaseRow(NamedTuple):
    """A case in a list. Days are whole days, None without an open bar; `worker` is a directory key."""

    key: UUID
    number: str
    name: str
    unit: str | None
    area: str | None
    worker: str | None
    strategy: str | None
    since: dt.date | None
    gross: int | None
    net: int | None
    next_appointment: dt.date | None
    open_followups: int


def of_workers(tx: Transaction, workers: Collection[str], day: dt.date, page: int = 0) -> dict[str, Page]:
    """Of each of these people (directory keys) the cases they are responsible for on the day, a page by number.

    Who has no case on the page is left out.
    """
    first = page * OWN
    found: dict[str, Page] = {}
    statement = _of_workers(deliveries(tx.conn, day), day)
    for total, row in _shown(tx, statement, day, workers=list(workers), first=first, last=first + OWN):
        found.setdefault(row.worker or "", Page(total, [], OWN)).rows.append(row)
    return found


def of_units(tx: Transaction, places: Collection[Place], day: dt.date, page: int = 0) -> Page:
    """The cases these (unit, area) pairs have on the day, a page of those that came last first."""
    statement = _of_units(deliveries(tx.conn, day), tuple(places), day)
    found = _shown(tx, statement, day, size=UNIT, first=page * UNIT)
    return Page(found[0][0] if found else 0, [row for _, row in found], UNIT)


def of_keys(tx: Transaction, keys: Collection[UUID], day: dt.date) -> list[CaseRow]:
    """These cases, as far as somebody is responsible for them on the day."""
    return [row for _, row in _shown(tx, _of_keys(deliveries(tx.conn, day), day), day, keys=list(keys))]


def is_among(conn: Connection, number: str, seen: Select[tuple[UUID]] | None) -> bool:
    """Whether a case of this number is one of those in the statement (None: any)."""
    one = numbers.c
    among = [] if seen is None else [one.key.in_(seen)]
    chosen = select(one.key).where(one.kind == Stream.CASE, one.number == number, *among)
    return conn.execute(chosen).first() is not None


def led_by(conn: Connection, organisation: Organisation, person: str, day: dt.date) -> list[Place]:
    """The (unit, area) pairs with cases ever that this person leads on the day, or stands in for who does."""
    return [pair for pair in places(conn) if organisation.leads(person, *pair, day)]


def of_leads(conn: Connection, organisation: Organisation, person: str, day: dt.date) -> Select[tuple[UUID]]:
    """A statement of the cases that belong, on the day, to the units this person leads."""
    here = placed(care, led_by(conn, organisation, person, day))
    return select(care.c.case_key).where(held(care, "care", day), here)


def worked_in(conn: Connection, organisation: Organisation, person: str, day: dt.date) -> list[Place]:
    """The (unit, area) pairs that have or had cases in the units this person works in on the day."""
    units = {organisation.current(held.unit, day) for held in organisation.roles(person, day) if held.unit}
    return [pair for pair in places(conn) if organisation.current(pair[0], day) in units]


def found_by_name(tx: Transaction, words: str) -> list[UUID]:
    """The cases whose client's name has all these words; people of staff are left out."""
    keys = tx.office.vault.find(tx.conn, words)
    kinds = select(streams.c.key).where(streams.c.key.in_(keys), streams.c.kind == "case")
    return list(tx.conn.execute(kinds).scalars())


def client_names(tx: Transaction, keys: Iterable[UUID]) -> dict[UUID, str]:
    """ "Meier, Jana" for each case whose name is known."""
    found = tx.office.vault.fields(tx.conn, keys, ("last_name", "first_name"))
    return {key: ", ".join(filter(None, (one.get("last_name"), one.get("first_name")))) for key, one in found.items()}


def called(name: str, number: str) -> str:
    """ "Meier, Jana · C-2017", or the number alone where no name is known or may be seen."""
    return f"{name} · {number}" if name else number


def places(conn: Connection) -> list[Place]:
    """Every pair that has or had cases, as known now; without a day, so that an index alone tells."""
    return [(row.unit, row.area) for row in conn.execute(_PLACES) if row.unit]


def _shown(tx: Transaction, statement: Select[Any], day: dt.date, **values: Any) -> list[tuple[int, CaseRow]]:
    """The rows of a statement with their names, each with how many there are."""
    meaning.digests(tx.conn, ("care", "net", SPANS, *RULES))
    found = tx.conn.execute(statement, values).all()
    names = client_names(tx, [row.case_key for row in found])
    return [(row.total, _row(row, names.get(row.case_key, ""), day)) for row in found]


def _row(row: Row[Any], name: str, day: dt.date) -> CaseRow:
    gross = (day - row.spell).days if row.spell else None
    return CaseRow(
        row.case_key, row.number, name, row.unit, row.area, row.worker,
        row.strategy, row.spell, gross, _net(row, day), row.next_appointment, row.open_followups,
    )  # fmt: skip


@lru_cache(maxsize=16)
def _of_workers(said: Said, day: dt.date) -> Select[Any]:
    """Of each of the `workers` the rows after the `first` to the `last`."""
    of_each: dict[str, Any] = {"partition_by": care.c.worker}
    workers: BindParameter[Any] = bindparam("workers", expanding=True)
    place = func.row_number().over(**of_each, order_by=(sql.ByCode(_NUMBER), care.c.case_key)).label("place")
    there = (held_by(care, "care", day), care.c.worker.in_(workers))
    chosen = _chosen(func.count().over(**of_each), place).where(*there).subquery()
    on_page = (chosen.c.place > bindparam("first"), chosen.c.place <= bindparam("last"))
    return _with_clocks(chosen, said, day).where(*on_page).order_by(chosen.c.place)


@lru_cache(maxsize=64)
def _of_units(said: Said, places: tuple[Place, ...], day: dt.date) -> Select[Any]:
    """A page of `size` rows after the `first` of what these places have."""
    there = (held(care, "care", day), placed(care, places))
    total = select(func.count()).select_from(care).where(*there).correlate(None).scalar_subquery()
    newest = (care.c.from_day.desc(), sql.ByCode(_NUMBER), care.c.case_key)  # the day it begins stands in the index
    page = _chosen(total, care.c.from_day).where(*there).order_by(*newest).limit(_SIZE).offset(_FIRST).subquery()
    return _with_clocks(page, said, day).order_by(page.c.from_day.desc(), sql.ByCode(page.c.number), page.c.case_key)


@lru_cache(maxsize=16)
def _of_keys(said: Said, day: dt.date) -> Select[Any]:
    """The cases of these `keys`, by number."""
    keys: BindParameter[Any] = bindparam("keys", expanding=True)
    there = (held_by(care, "care", day), care.c.case_key.in_(keys))
    chosen = _chosen(func.count().over()).where(*there).subquery()
    return _with_clocks(chosen, said, day).order_by(sql.ByCode(chosen.c.number), chosen.c.case_key)


def _chosen(total: ColumnElement[int], *further: ColumnElement[Any]) -> Select[Any]:
    """Who is responsible for which case: what else is shown is computed for those on the page alone."""
    responsible = (care.c.case_key, care.c.unit, care.c.area, care.c.worker)
    joined = care.outerjoin(numbers, numbers.c.key == care.c.case_key)
    return select(*responsible, _NUMBER, total.label("total"), *further).select_from(joined)


def _with_clocks(chosen: Subquery, said: Said, day: dt.date) -> Select[Any]:
    """Built once for the states of the rules and a day: putting it together takes longer than running it."""
    key = chosen.c.case_key
    count = select(func.count(func.distinct(due_rows.c.rule))).where(
        due_rows.c.case_key == key, told_of_cases(said, day)
    )
    return select(
        chosen, net.c.strategy, net.c.spell, net.c.origin, net.c.shift, net.c.stopped_days,
        next_appointment(key, day).label("next_appointment"), count.scalar_subquery().label("open_followups"),
    ).outerjoin_from(chosen, net, and_(net.c.case_key == key, held(net, "net", day)))  # fmt: skip


def _net(row: Row[Any], day: dt.date) -> int | None:
    if row.spell is None:
        return None
    running: int = (day - row.origin).days - row.shift
    return running if row.stopped_days is None else int(row.stopped_days)


def visible(
    conn: Connection, organisation: Organisation, person: str, day: dt.date, *, leads: bool
) -> Select[tuple[UUID]]:
    """A statement of the cases of a person, of those stood in for, and, where `leads`, of the units led."""
    workers = {person, *organisation.deputised_for(person, day)}
    places = led_by(conn, organisation, person, day) if leads else []
    here = or_(care.c.worker.in_(workers), placed(care, places))
    return select(care.c.case_key).where(held(care, "care", day), here)
