"""How many facts there are and when the last one arrived: what a result was computed from, and whether more came.

Each append writes a row of its own, so that no writer waits for another one; now and then they are folded into one.
Their sum is that of all heads, at any moment a transaction sees.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from domain.facts import Stream
from services.records.database import kept
from services.records.tables import arrivals, heads, streams

FOLDED = 100  # rows from which on they are folded


class Arrived(NamedTuple):
    """The number of facts, and the highest `stored_at` among them; None while there is none."""

    facts: int
    last: dt.datetime | None


OF_ANSWERS = (Stream.CASE, Stream.UNIT, Stream.OFFICE)
"""What lists are computed from: cases, the units they are asked by, and what the office has set for its rules."""


def note(conn: Connection, kinds: Iterable[Stream], at: dt.datetime) -> None:
    """Counts new facts, of which these are the kinds of stream, in the transaction that stores them."""
    counted = Counter(kinds).items()
    conn.execute(_note, [{"kind": kind, "facts": facts, "stored_at": at} for kind, facts in counted])


_note = insert(arrivals).inline()  # nobody asks which number the row gets


def fold(conn: Connection) -> None:
    """Puts many rows into one of each kind; who does that at the same time finds other rows, or none."""
    if (conn.scalar(select(func.count()).select_from(arrivals)) or 0) < FOLDED:
        return
    one, found = arrivals.c, dict[str, Arrived]()
    for kind, facts, last in conn.execute(delete(arrivals).returning(one.kind, one.facts, one.stored_at)):
        so_far = found.get(kind, Arrived(0, None))
        found[kind] = Arrived(so_far.facts + facts, max(filter(None, (so_far.last, last)), default=None))
    if found:
        folded = [{"kind": kind, "facts": one.facts, "stored_at": one.last} for kind, one in found.items()]
        conn.execute(insert(arrivals), folded)


def count(conn: Connection) -> int:
    """How many facts there are, of streams of any kind."""
    return conn.scalar(select(func.coalesce(func.sum(arrivals.c.facts), 0))) or 0


def arrived(conn: Connection, within: Iterable[ColumnElement[bool]] | None = None) -> Arrived:
    """Of all that lists are computed from, or of the cases that meet conditions on `streams.c.key`.

    Within a stream a fact never arrives before the one before it, so its head tells.
    """
    if within is None:
        return _of_all(conn)
    of_heads = select(func.coalesce(func.sum(heads.c.number), 0), func.max(heads.c.stored_at))
    some = of_heads.select_from(streams.join(heads, heads.c.key == streams.c.key))
    return Arrived(*conn.execute(some.where(streams.c.kind == Stream.CASE, *within)).one())


def _of_all(conn: Connection) -> Arrived:
    known: dict[str, Arrived] = kept(conn, "arrived")
    if "all" not in known:
        one = arrivals.c
        told = select(func.coalesce(func.sum(one.facts), 0), func.max(one.stored_at)).where(one.kind.in_(OF_ANSWERS))
        known["all"] = Arrived(*conn.execute(told).one())
    return known["all"]
