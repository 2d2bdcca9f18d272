"""How many facts there are and when the last one arrived: what a result was computed from."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, and_, func, select

from services.records.tables import heads, records, streams

if TYPE_CHECKING:
    from services.office import Office


class Arrived(NamedTuple):
    """The number of facts about cases, and the highest `stored_at` among them; None while there is none."""

    facts: int
    last: dt.datetime | None


class _Last(Struct):
    stored_at: dt.datetime


_seen: WeakKeyDictionary[Office, Arrived] = WeakKeyDictionary()
_decoder = msgspec.json.Decoder(_Last)
_of_cases = streams.c.kind == "case"


def facts(conn: Connection) -> int:
    """The number of facts about cases."""
    joined = heads.join(streams, streams.c.key == heads.c.key)
    return conn.scalar(select(func.sum(heads.c.number)).select_from(joined).where(_of_cases)) or 0


def arrived(office: Office, conn: Connection) -> Arrived:
    """Within a stream a fact never arrives before the one before it, so the last of each is looked at; again only
    when there are more.
    """
    count, kept = facts(conn), _seen.get(office)
    if kept is None or kept.facts != count:
        kept = _seen[office] = Arrived(count, _last(conn))
    return kept


def _last(conn: Connection) -> dt.datetime | None:
    end = and_(records.c.key == heads.c.key, records.c.number == heads.c.number)
    joined = heads.join(records, end).join(streams, streams.c.key == heads.c.key)
    states = conn.scalars(select(records.c.state).select_from(joined).where(_of_cases))
    return max((_decoder.decode(state).stored_at for state in states), default=None)
