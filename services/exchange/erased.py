"""Lines about erased cases: refused, until a later opening makes the number a new case (Vertrag 3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from domain import words
from domain.facts import Stream
from domain.periods import local_day
from services.exchange.ahead import Read
from services.exchange.source import Raw
from services.office.office import Office
from services.records import erasures
from services.records.reasons import Reason, Refused

_ERASED = "Der Fall wurde am {} gelöscht; angenommen wird erst wieder, was mit einer späteren Fallaufnahme beginnt."


def left_out(
    conn: Connection, office: Office, lines: Sequence[Read], now: dt.datetime, refuse: Callable[[Raw, Refused], None]
) -> list[Read]:
    """The lines of cases, without those of erased ones, which are refused."""
    found = erasures.find(conn, office.vault, {one.line.number for one in lines})
    if not found:
        return list(lines)
    opened = set(office.store.keys(conn, Stream.CASE, found))
    opened |= {
        one.line.number
        for one in lines
        if (at := found.get(one.line.number)) is not None and erasures.opens_anew(one.entry, at, now)
    }
    kept = []
    for one in lines:
        at = found.get(one.line.number)
        if at is None or (one.line.number in opened and erasures.is_later(one.entry, at, now)):
            kept.append(one)
        else:
            refuse(one.raw, Refused([Reason("case", _ERASED.format(words.day(local_day(at))))]))
    return kept
