"""Facts without a moment of recording: how many an answer with earlier knowledge lacks, and its rows read otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, FromClause, Table, func, select, union_all

from domain.knowledge import Reading
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


def rows_in(table: Table, reading: Reading) -> FromClause:
    """The rows of segments or due rows in a reading; by their own day only cases with such facts have rows apart."""
    if reading is Reading.ARRIVAL:
        return table
    others = select(table).where(table.c.case_key.not_in(select(undated.c.case_key)))
    return union_all(others, select(BY_DAY[table])).subquery()
