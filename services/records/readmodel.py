"""The rows that are computed from a case's facts and kept beside them: segments, due rows, violations."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, delete, insert, select

from domain.clocks import Segment
from domain.history import Lasting, sweep
from domain.knowledge import Reading
from domain.records import Record
from domain.rules import DueRow
from services.records.tables import (
    END_OF_TIME,
    due_rows,
    due_rows_by_day,
    segments,
    segments_by_day,
    streams,
    undated,
    violations,
)
from services.records.vault import chunks

Columns = dict[str, Any]
TABLES = (segments, due_rows, violations, undated, segments_by_day, due_rows_by_day)
BY_DAY = {segments: segments_by_day, due_rows: due_rows_by_day}


def refresh(conn: Connection, key: UUID, records: Sequence[Record]) -> None:
    """Brings the rows of one case in line with its records (read without text); only rows that differ are touched."""
    for table, wanted in rows(key, records).items():
        _replace_differing(conn, table, key, wanted)


def refresh_many(conn: Connection, cases: Mapping[UUID, Sequence[Record]]) -> None:
    """The same for some cases at once: their rows are written anew. For very many cases: `crew`."""
    for keys in chunks(sorted(cases)):
        wanted: dict[str, list[Columns]] = {table.name: [] for table in TABLES}
        for key in keys:
            for table, found in rows(key, cases[key]).items():
                wanted[table.name] += found
        replace(conn, keys, wanted)


def replace(conn: Connection, keys: Sequence[UUID], wanted: Mapping[str, list[Columns]]) -> None:
    """Writes the rows of these cases anew; `wanted` holds them by the name of their table.

    Of a case that is erased nothing is due any more: its due rows were known until the erasure.
    """
    erased = _erased(conn, keys)
    for table in TABLES:
        found = wanted[table.name]
        if erased and table in (due_rows, due_rows_by_day):
            found = [row for columns in found if (row := _until(columns, erased.get(columns["case_key"])))]
        conn.execute(delete(table).where(table.c.case_key.in_(keys)))
        if found:
            conn.execute(insert(table), found)


def _erased(conn: Connection, keys: Sequence[UUID]) -> dict[UUID, dt.datetime]:
    found = select(streams.c.key, streams.c.erased_at).where(streams.c.key.in_(keys), streams.c.erased_at.is_not(None))
    return dict(conn.execute(found).all())


def _until(columns: Columns, moment: dt.datetime | None) -> Columns | None:
    """A row as it was known until a moment; None if nobody knew of it by then."""
    if moment is None:
        return columns
    return columns | {"known_to": min(columns["known_to"], moment)} if columns["known_from"] < moment else None


def clear(conn: Connection) -> None:
    """Throws every row away; `rebuild` fills the tables again."""
    for table in TABLES:
        conn.execute(delete(table))


def rows(key: UUID, records: Sequence[Record]) -> dict[Table, list[Columns]]:
    """All rows of a case over both axes; those of the other reading where a fact has no moment of recording.

    Facts stay for ever, so a case without such a fact has no rows in the tables left out.
    """
    found: dict[Table, list[Columns]] = {segments: [], due_rows: [], violations: []}
    for lasting in sweep(records):
        table, columns = _columns(lasting)
        found[table].append({"case_key": key, **columns, **_known(lasting)})
    if counts := Counter(record.recorded_at.astimezone(dt.UTC) for record in records if record.recorded_unknown):
        found[undated] = [{"case_key": key, "known_from": at, "facts": count} for at, count in counts.items()]
        found |= _by_day(key, records)
    return found


def _by_day(key: UUID, records: Sequence[Record]) -> dict[Table, list[Columns]]:
    found: dict[Table, list[Columns]] = {table: [] for table in BY_DAY.values()}
    for lasting in sweep(records, Reading.EFFECTIVE_DAY):
        table, columns = _columns(lasting)
        if table in BY_DAY:  # nobody asks for lists of violations of earlier knowledge
            found[BY_DAY[table]].append({"case_key": key, **columns, **_known(lasting)})
    return found


def _replace_differing(conn: Connection, table: Table, key: UUID, wanted: list[Columns]) -> None:
    stored = [dict(row) for row in conn.execute(select(table).where(table.c.case_key == key)).mappings()]
    fresh = {_content(columns): columns for columns in wanted}
    gone = [row["id"] for row in stored if fresh.pop(_content(row), None) is None]
    for ids in chunks(gone):
        conn.execute(delete(table).where(table.c.id.in_(ids)))
    if fresh:
        conn.execute(insert(table), list(fresh.values()))


def _content(columns: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes a row the same row, whichever order and identity the database gave it."""
    return tuple(
        json.dumps(value) if isinstance(value, list | dict) else value
        for name, value in sorted(columns.items())
        if name != "id"
    )


def _known(lasting: Lasting) -> Columns:
    return {"known_from": lasting.known_from.astimezone(dt.UTC), "known_to": lasting.known_to or END_OF_TIME}


def _columns(lasting: Lasting) -> tuple[Table, Columns]:
    row = lasting.row
    if isinstance(row, Segment):
        return segments, _segment(row)
    if isinstance(row, DueRow):
        return due_rows, _due(row)
    return violations, {"rule": row.rule, "from_day": row.first, "to_day": row.last, "facts": list(row.facts)}


def _segment(row: Segment) -> Columns:
    return {
        "clock": row.clock,
        "strategy": row.strategy,
        "spell": row.spell,
        "origin": row.origin,
        "shift": row.shift,
        "stopped_days": row.stopped,
        "from_day": row.first,
        "to_day": row.last,
        "unit": row.unit,
        "area": row.area,
        "worker": row.worker,
        "deductions": [[why, first.isoformat(), last and last.isoformat()] for why, first, last in row.deductions],
    }


def _due(row: DueRow) -> Columns:
    return {
        "rule": row.rule,
        "stage": row.stage,
        "cause": row.cause,
        "due": row.due,
        "listed_from": row.listed_from,
        "listed_to": row.listed_to,
        "recipients": ",".join(row.recipients),
        "reason": dict(row.reason),
    }
