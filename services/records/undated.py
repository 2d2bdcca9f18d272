"""Facts without a moment of recording: how many an answer with earlier knowledge lacks, and where they are dated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, Table, func, select

from services.records.rows import BY_DAY
from services.records.tables import undated


def imports(
    conn: Connection, known_at: dt.datetime, within: Iterable[ColumnElement[bool]] = ()
) -> dict[dt.datetime, int]:
    """Each import of such facts that counts only later than `known_at`: its moment and their number, the first first.

    `within`: conditions on `undated.c.case_key`; without one, of all cases.
    """
    at = undated.c.known_from
    later = select(at, func.sum(undated.c.facts)).where(at > known_at, *within).group_by(at).order_by(at)
    return {moment: int(facts) for moment, facts in conn.execute(later)}


def after(conn: Connection, known_at: dt.datetime, within: Iterable[ColumnElement[bool]] = ()) -> int:
    """The number of such facts."""
    return sum(imports(conn, known_at, within).values())


def by_day(table: Table) -> Table:
    """The rows of the cases with such facts once more, these read as recorded on their own day."""
    return BY_DAY[table]
