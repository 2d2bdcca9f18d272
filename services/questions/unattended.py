"""Open cases for which nobody acts: no worker, one who has left, or one who is away without a deputy who is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, or_, select

from domain.followups import State
from domain.organisation import Organisation
from services.messages.inbox import Kind
from services.questions import sql
from services.questions.cases import NUMBER, care
from services.records import meaning
from services.records.current import Pair, Place, closed_cases, held, lying
from services.records.tables import followups, messages, numbers

if TYPE_CHECKING:
    from services.office.office import Transaction

_HERE = "here"
Cases = Mapping[str | None, int]  # how many, by who is responsible for them


class Held(NamedTuple):
    """An open case; `worker` (a directory key) is who is responsible for it as recorded, if anybody."""

    case_key: UUID
    number: str
    worker: str | None
    unit: str
    area: str


def unattended(tx: Transaction, organisation: Organisation, led: Collection[Place], day: dt.date) -> list[Held]:
    """Those of the led (unit, area) pairs for which nobody acts on the day, by worker and number."""
    return _read(tx, _statement(tuple(led), day), {_HERE: attended(organisation, day)})


def not_here(conn: Connection, organisation: Organisation, led: Collection[Place], day: dt.date) -> Cases:
    """The open cases of the led (unit, area) pairs that are with nobody, or with who is not here on the day."""
    here = [one for one in organisation.persons(day) if not organisation.absent(one, day)]
    return {row.worker: row.cases for row in conn.execute(_counted(tuple(led), day), {_HERE: here})}


def count(organisation: Organisation, cases: Cases, day: dt.date) -> int:
    """For how many of these nobody acts."""
    there = set(attended(organisation, day))
    return sum(number for worker, number in cases.items() if worker not in there)


def of_workers(tx: Transaction, led: Collection[Place], workers: Collection[str], day: dt.date) -> list[Held]:
    """The open cases of the led (unit, area) pairs that one of these is responsible for, by worker and number."""
    return _read(tx, _open(tuple(led), day).where(care.c.worker.in_(workers)), {})


def waiting(conn: Connection, cases: Collection[UUID]) -> tuple[dict[UUID, int], set[UUID]]:
    """How many open follow-ups each of these cases has, and in which a request waits for its decision."""
    told, one = followups.c, messages.c
    counted = select(told.case_key, func.count()).where(told.case_key.in_(cases), told.state == State.OPEN)
    asked = select(one.case_key).where(one.case_key.in_(cases), one.kind == Kind.REQUEST, one.done_at.is_(None))
    open_ones = {row[0]: row[1] for row in conn.execute(counted.group_by(told.case_key))}
    return open_ones, {key for key in conn.scalars(asked.distinct()) if key}


def open_in(conn: Connection, places: Collection[Place], day: dt.date, workers: Collection[str] | None = None) -> int:
    """How many open cases lie in these (unit, area) pairs on the day; `workers`: only those with one of them."""
    found = _open(tuple(places), day).order_by(None)
    found = found if workers is None else found.where(care.c.worker.in_(sorted(workers)))
    return conn.scalar(select(func.count()).select_from(found.subquery())) or 0


def workers(conn: Connection, led: Collection[Place], day: dt.date) -> list[str]:
    """Everybody who is responsible for an open case of the led (unit, area) pairs."""
    found = _open(tuple(led), day).with_only_columns(care.c.worker).order_by(None).distinct()
    return [one for one in conn.scalars(found) if one]


def attended(organisation: Organisation, day: dt.date) -> list[str]:
    """Everybody for whom somebody acts on the day: they themselves, or a deputy who is there."""
    return [
        one
        for one in organisation.persons(day)
        if not organisation.absent(one, day) or organisation.acting(one, day).on_behalf_of
    ]


def unled(organisation: Organisation, places: Collection[Pair], day: dt.date) -> list[Pair]:
    """Those of the (unit, area) pairs that no lead of any level reaches on the day, open cases or none."""
    there = set(attended(organisation, day))
    return [one for one in places if there.isdisjoint(p for level in organisation.levels(*one, day) for p in level)]


class Pooled(NamedTuple):
    """A unit and area in which no lead of any level acts: its open cases, and those of them without anybody at all."""

    unit: str
    area: str
    cases: int
    alone: int


def pool(conn: Connection, organisation: Organisation, places: Collection[Pair], day: dt.date) -> list[Pooled]:
    """Where requests, reminders and cases without anybody reach nobody; they go out once a lead is there."""
    lost = tuple(unled(organisation, places, day))
    if not lost:
        return []
    there = attended(organisation, day)
    found: dict[Pair, Pooled] = {}
    for row in conn.execute(_pooled(lost, day), {_HERE: there}):
        levels = organisation.levels(row.unit, row.area, day, row.team) if row.team else []
        if set(there).isdisjoint(one for level in levels for one in level):  # nor does who leads the team
            place = row.unit, row.area
            before = found.get(place, Pooled(*place, 0, 0))
            found[place] = Pooled(*place, before.cases + row.cases, before.alone + row.cases - row.held)
    return list(found.values())


@lru_cache(maxsize=16)
def _pooled(places: tuple[Place, ...], day: dt.date) -> Select[Any]:
    one = _open(places, day).order_by(None).add_columns(care.c.team).subquery().c
    held_on = func.count().filter(one.worker.in_(bindparam(_HERE, expanding=True)))
    counts, place = (func.count().label("cases"), held_on.label("held")), (one.unit, one.area, one.team)
    return select(*place, *counts).group_by(*place).order_by(one.unit, one.area)


def without_lead(conn: Connection, organisation: Organisation, places: Collection[Pair], day: dt.date) -> list[Pair]:
    """Of these (unit, area) pairs those with open cases that no lead of any level reaches on the day."""
    return [(one.unit, one.area) for one in pool(conn, organisation, places, day)]


def _read(tx: Transaction, found: Select[Any], values: dict[str, Any]) -> list[Held]:
    meaning.digests(tx.conn, ("care",))
    return [Held(*row) for row in tx.conn.execute(found, values)]


@lru_cache(maxsize=64)
def _statement(places: tuple[Place, ...], day: dt.date) -> Select[Any]:
    """Built once: putting it together takes longer than running it."""
    alone: ColumnElement[bool] = or_(care.c.worker.is_(None), care.c.worker.not_in(bindparam(_HERE, expanding=True)))
    return _open(places, day).where(alone)


@lru_cache(maxsize=64)
def _counted(places: tuple[Place, ...], day: dt.date) -> Select[Any]:
    found = _statement(places, day).order_by(None).subquery()
    return select(found.c.worker, func.count().label("cases")).group_by(found.c.worker)


@lru_cache(maxsize=64)
def _open(places: tuple[Place, ...], day: dt.date) -> Select[Any]:
    one = care.c
    unit, area = func.coalesce(one.unit, ""), func.coalesce(one.area, "")
    return (
        select(one.case_key, NUMBER, one.worker, unit.label("unit"), area.label("area"))
        .outerjoin_from(care, numbers, numbers.c.key == one.case_key)
        .where(
            held(care, "care", day), lying(one.unit, one.area, places, one.team), one.case_key.not_in(closed_cases(day))
        )
        .order_by(one.worker, sql.ByCode(NUMBER), one.case_key)
    )
