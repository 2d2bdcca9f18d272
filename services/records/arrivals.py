"""How many facts about cases there are and when the last one arrived: what a result was computed from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from services.records.tables import heads, streams


class Arrived(NamedTuple):
    """The number of facts, and the highest `stored_at` among them; None while there is none."""

    facts: int
    last: dt.datetime | None


def arrived(conn: Connection, within: Iterable[ColumnElement[bool]] = ()) -> Arrived:
    """Of all cases, or of those that meet conditions on `streams.c.key`.

    Within a stream a fact never arrives before the one before it, so its head tells.
    """
    joined = streams.join(heads, heads.c.key == streams.c.key)
    told = select(func.coalesce(func.sum(heads.c.number), 0), func.max(heads.c.stored_at))
    return Arrived(*conn.execute(told.select_from(joined).where(streams.c.kind == "case", *within)).one())
