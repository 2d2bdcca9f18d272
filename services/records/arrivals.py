"""How many facts there are and when the last one arrived: what a result was computed from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from domain.facts import Stream
from services.records.database import kept
from services.records.tables import heads, streams


class Arrived(NamedTuple):
    """The number of facts, and the highest `stored_at` among them; None while there is none."""

    facts: int
    last: dt.datetime | None


OF_ANSWERS = (Stream.CASE, Stream.UNIT, Stream.OFFICE)
"""What lists are computed from: cases, the units they are asked by, and what the office has set for its rules."""


def arrived(conn: Connection, within: Iterable[ColumnElement[bool]] | None = None) -> Arrived:
    """Of all that lists are computed from, or of the cases that meet conditions on `streams.c.key`.

    Within a stream a fact never arrives before the one before it, so its head tells.
    """
    known: dict[str, Arrived] = kept(conn, "arrived")
    if within is None and known:
        return known["all"]
    some = [streams.c.kind.in_(OF_ANSWERS)] if within is None else [streams.c.kind == Stream.CASE, *within]
    joined = streams.join(heads, heads.c.key == streams.c.key)
    told = select(func.coalesce(func.sum(heads.c.number), 0), func.max(heads.c.stored_at))
    found = Arrived(*conn.execute(told.select_from(joined).where(*some)).one())
    if within is None:
        known["all"] = found
    return found
