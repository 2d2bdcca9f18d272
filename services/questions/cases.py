"""Lists of cases as known now: one's own, those of a unit, those found by a name; each row with its clocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from domain.facts import Stream
from domain.history import SPANS
from domain.organisation import Organisation
from domain.rules import RULES
from services.records import meaning
from services.records.current import Place, held, held_by, next_appointment, placed
from services.records.standing import deliveries, told_of_cases
from services.records.tables import END_OF_TIME, due_rows, numbers, segments, streams

if TYPE_CHECKING:
    from services.office.office import Transaction

PAGE = 50
care = segments.alias("care")
net = segments.alias("net")
_PLACES = select(care.c.unit, care.c.area).where(care.c.clock == "care", care.c.known_to == END_OF_TIME).distinct()


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


def of_workers(tx: Transaction, workers: Collection[str], day: dt.date) -> list[CaseRow]:
    """The cases these people (directory keys) are responsible for on the day."""
    return _rows(tx, care.c.worker.in_(workers), day)


def of_units(tx: Transaction, places: Collection[Place], day: dt.date, page: int = 0) -> tuple[int, list[CaseRow]]:
    """How many cases these (unit, area) pairs have on the day, and a page of 50, those that came last first."""
    wanted = and_(held(care, "care", day), placed(care, places))
    count = tx.conn.scalar(select(func.count()).select_from(care).where(wanted)) or 0
    chosen = select(care.c.case_key).join(numbers, numbers.c.key == care.c.case_key).where(wanted)
    # Chosen first: what else is shown is then computed for these alone.
    newest = chosen.order_by(care.c.origin.desc(), numbers.c.number)
    keys = tx.conn.scalars(newest.limit(PAGE).offset(page * PAGE)).all()
    rows = {row.key: row for row in of_keys(tx, keys, day)}
    return count, [rows[key] for key in keys]


def of_keys(tx: Transaction, keys: Collection[UUID], day: dt.date) -> list[CaseRow]:
    """These cases, as far as somebody is responsible for them on the day."""
    return _rows(tx, care.c.case_key.in_(keys), day)


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


def places(conn: Connection) -> list[Place]:
    """Every pair that has or had cases, as known now; without a day, so that an index alone tells."""
    return [(row.unit, row.area) for row in conn.execute(_PLACES) if row.unit]


def _rows(tx: Transaction, wanted: ColumnElement[bool], day: dt.date) -> list[CaseRow]:
    meaning.digests(tx.conn, ("care", "net", SPANS, *RULES))
    found = tx.conn.execute(_query(tx.conn, wanted, day)).all()
    keys = [row.case_key for row in found]
    given = tx.store.numbers(tx.conn, keys)
    names = client_names(tx, keys)
    rows = [
        CaseRow(
            row.case_key, given.get(row.case_key, ""), names.get(row.case_key, ""), row.unit, row.area, row.worker,
            row.strategy, row.spell, (day - row.spell).days if row.spell else None, _net(row, day),
            row.next_appointment, row.open_followups,
        )
        for row in found
    ]  # fmt: skip
    return sorted(rows, key=lambda one: one.number)


def _query(conn: Connection, wanted: ColumnElement[bool], day: dt.date) -> Select[Any]:
    count = select(func.count(func.distinct(due_rows.c.rule))).where(
        due_rows.c.case_key == care.c.case_key, told_of_cases(deliveries(conn, day), day)
    )
    joined = care.outerjoin(net, and_(net.c.case_key == care.c.case_key, held(net, "net", day)))
    return (
        select(
            care.c.case_key, care.c.unit, care.c.area, care.c.worker,
            net.c.strategy, net.c.spell, net.c.origin, net.c.shift, net.c.stopped_days,
            next_appointment(care.c.case_key, day).label("next_appointment"),
            count.scalar_subquery().label("open_followups"),
        )
        .select_from(joined)
        .where(held_by(care, "care", day), wanted)
        .order_by(care.c.case_key)
    )  # fmt: skip


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
