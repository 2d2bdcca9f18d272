"""Handovers that wait for an answer: those offered to somebody, those somebody has offered, those of the led units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, get_args
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, or_, select

from domain.facts.case import Strategy
from domain.handovers import CLOCK
from services.records import meaning
from services.records.current import Place, cared_for, placed
from services.records.tables import known_still, numbers, segments

if TYPE_CHECKING:
    from services.office.office import Transaction

care = segments.alias("giving")
offered = segments.alias("offered")


class Offer(NamedTuple):
    """A case offered since a day; `worker` (who has it now) and `to` are directory keys, `strategy` is intended.

    `unit` and `area` are where it is to go, `from_unit` and `from_area` where it is.
    """

    case_key: UUID
    number: str
    since: dt.date
    strategy: str
    worker: str | None
    to: str
    unit: str
    area: str
    from_unit: str | None
    from_area: str | None


def of_workers(tx: Transaction, workers: Collection[str], day: dt.date) -> list[Offer]:
    """What these people are offered, or have offered, the longest waiting first."""
    return _offers(tx, _by_workers(day), workers=list(workers))


def of_leads(tx: Transaction, led: Collection[Place], day: dt.date) -> list[Offer]:
    """What is offered from or to the (unit, area) pairs somebody leads."""
    return _offers(tx, _by_places(tuple(led), day))


def _offers(tx: Transaction, found: Select[Any], **values: Any) -> list[Offer]:
    meaning.digests(tx.conn, (CLOCK, "care"))
    return [Offer(key, number or "", *offer) for key, *offer, number in tx.conn.execute(found, values)]


@lru_cache(maxsize=16)
def _by_workers(day: dt.date) -> Select[Any]:
    """Built once: putting it together takes longer than running it."""
    workers: BindParameter[Any] = bindparam("workers", expanding=True)
    return _statement(day).where(or_(offered.c.worker.in_(workers), care.c.worker.in_(workers)))


@lru_cache(maxsize=64)
def _by_places(places: tuple[Place, ...], day: dt.date) -> Select[Any]:
    return _statement(day).where(or_(placed(care, places), placed(offered, places)))


@lru_cache(maxsize=16)
def _statement(day: dt.date) -> Select[Any]:
    one = offered.c
    return (
        select(offered.c.case_key, offered.c.origin, offered.c.strategy, care.c.worker)
        .add_columns(offered.c.worker.label("to"), offered.c.unit, offered.c.area)
        .add_columns(care.c.unit.label("from_unit"), care.c.area.label("from_area"), numbers.c.number)
        .select_from(offered.outerjoin(care, cared_for(care, offered.c.case_key, day)))
        .outerjoin(numbers, numbers.c.key == offered.c.case_key)
        .where(known_still(offered), one.clock == CLOCK, one.from_day <= day, one.to_day >= day)
        .where(one.strategy.in_(get_args(Strategy)))  # each named, so that the index by the last day is found
        .order_by(offered.c.origin, offered.c.case_key)
    )
