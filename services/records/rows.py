"""The rows that are computed from a case's facts and kept beside them: segments, due rows, violations."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, Table, delete, insert, literal, select, true, update

from domain.clocks import Segment
from domain.handovers import CLOCK
from domain.history import VIOLATIONS, Lasting, Row, carried_on, sweep, touched
from domain.knowledge import Reading
from domain.records import Record
from domain.rules import DueRow
from domain.violations import Violation
from services.records import meaning
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
Topics = Collection[str] | None  # None: all
TABLES = (segments, due_rows, violations, undated, segments_by_day, due_rows_by_day)
BY_DAY = {segments: segments_by_day, due_rows: due_rows_by_day}
NAMED: dict[
    Table, Column[Any] | str
] = {  # where a row says which topic it is of; all rows of the other tables are of the topic named
    **{table: table.c.clock for table in (segments, segments_by_day)},
    **{table: table.c.rule for table in (due_rows, due_rows_by_day)},
    violations: VIOLATIONS,
}


def refresh(conn: Connection, key: UUID, records: Sequence[Record], after: int = 0) -> None:
    """Brings the rows of one case in line with its records (read without text); only rows that differ are touched.

    `after`: the number of the record up to which the rows are in line already; 0: nobody knows.
    """
    before, added = records[:after], records[after:]
    if meaning.admit(conn) and after and _is_the_newest(before, added):
        _carry_on(conn, key, before, added)
        return
    for table, wanted in rows(key, records).items():
        _replace_differing(conn, table, key, wanted)


def _is_the_newest(before: Sequence[Record], added: Sequence[Record]) -> bool:
    """Whether what was added was also recorded last, and when is known of all: the usual case at the desk."""
    last = max(record.recorded_at for record in before)
    return all(record.recorded_at > last for record in added) and not any(
        record.recorded_unknown for record in (*before, *added)
    )


def _carry_on(conn: Connection, key: UUID, before: Sequence[Record], added: Sequence[Record]) -> None:
    """Ends the rows that hold no more and adds the new ones; what was known before stays as it is."""
    names = touched(record.fact for record in added)
    still = {row: (table, one) for table in READ_BACK for row, one in _still(conn, table, key, names)}
    fresh: dict[Table, list[Columns]] = {table: [] for table in READ_BACK}
    for lasting in carried_on({row: one.known_from for row, (_, one) in still.items()}, before, added) if names else ():
        kept = still.get(lasting.row)
        if kept is None or kept[1].known_from != lasting.known_from:
            table, columns = _columns(lasting)
            fresh[table].append({"case_key": key, **columns, **_known(lasting)})
        elif lasting.known_to is not None:
            table, one = kept
            conn.execute(update(table).where(table.c.id == one.id).values(known_to=lasting.known_to))
    for table, wanted in fresh.items():
        if wanted:
            conn.execute(insert(table), wanted)


def _still(conn: Connection, table: Table, key: UUID, names: Collection[str]) -> Iterator[tuple[Row, Any]]:
    """The rows of these names that are known now, as the domain has them, each with what is stored."""
    of_case = (table.c.case_key == key, table.c.known_to == END_OF_TIME, _of(table, names))
    for one in conn.execute(select(table).where(*of_case)):
        yield READ_BACK[table](one), one


def refresh_many(conn: Connection, cases: Mapping[UUID, Sequence[Record]]) -> None:
    """The same for some cases at once: their rows are written anew. For very many cases: `crew`."""
    for keys in chunks(sorted(cases)):
        wanted: dict[str, list[Columns]] = {table.name: [] for table in TABLES}
        for key in keys:
            for table, found in rows(key, cases[key]).items():
                wanted[table.name] += found
        replace(conn, keys, wanted)


def replace(conn: Connection, keys: Sequence[UUID], wanted: Mapping[str, list[Columns]], topics: Topics = None) -> None:
    """Writes the rows of these cases anew, or those of some topics; `wanted` holds them by the name of their table."""
    meaning.admit(conn)
    for table, found in kept(conn, keys, wanted).items():
        conn.execute(delete(table).where(table.c.case_key.in_(keys), _of(table, topics)))
        if found:
            conn.execute(insert(table), found)


def kept(conn: Connection, keys: Sequence[UUID], wanted: Mapping[str, list[Columns]]) -> dict[Table, list[Columns]]:
    """The computed rows of these cases as they are kept.

    Of a case that is erased nothing is due or offered any more: rows that say so were known until the erasure.
    """
    erased = _erased(conn, keys)
    return {
        table: [row for columns in wanted[table.name] if (row := _until(columns, erased.get(columns["case_key"])))]
        for table in TABLES
    }


def drop(conn: Connection, topics: Collection[str]) -> None:
    """Throws the rows of topics away that are gone."""
    for table in TABLES if topics else ():
        conn.execute(delete(table).where(_of(table, topics)))


def _of(table: Table, topics: Topics) -> ColumnElement[bool]:
    """The rows of a table that are of these topics; None: of all."""
    if topics is None:
        return true()
    named = NAMED.get(table)
    return named.in_(sorted(topics)) if isinstance(named, Column) else literal(named in topics)


def _topic(table: Table, columns: Columns) -> str | None:
    named = NAMED.get(table)
    return named if named is None or isinstance(named, str) else str(columns[named.name])


def _erased(conn: Connection, keys: Sequence[UUID]) -> dict[UUID, dt.datetime]:
    found = select(streams.c.key, streams.c.erased_at).where(streams.c.key.in_(keys), streams.c.erased_at.is_not(None))
    return dict(conn.execute(found).all())


def _until(columns: Columns, moment: dt.datetime | None) -> Columns | None:
    """A row that asks somebody to act, as it was known until a moment; None if nobody knew of it by then."""
    if moment is None or ("due" not in columns and columns.get("clock") != CLOCK):
        return columns
    return columns | {"known_to": min(columns["known_to"], moment)} if columns["known_from"] < moment else None


def clear(conn: Connection) -> None:
    """Throws every row away; `rebuild` fills the tables again."""
    for table in TABLES:
        conn.execute(delete(table))


def rows(key: UUID, records: Sequence[Record], topics: Topics = None) -> dict[Table, list[Columns]]:
    """All rows of a case over both axes; those of the other reading where a fact has no moment of recording.

    `topics`: of these alone. Facts stay for ever, so a case without such a fact has no rows in the tables left out.
    """
    found: dict[Table, list[Columns]] = {segments: [], due_rows: [], violations: []}
    for lasting in sweep(records, names=topics):
        table, columns = _columns(lasting)
        if topics is None or _topic(table, columns) in topics:
            found[table].append({"case_key": key, **columns, **_known(lasting)})
    if counts := Counter(record.recorded_at.astimezone(dt.UTC) for record in records if record.recorded_unknown):
        if topics is None:
            found[undated] = [{"case_key": key, "known_from": at, "facts": count} for at, count in counts.items()]
        found |= _by_day(key, records, topics)
    return found


def _by_day(key: UUID, records: Sequence[Record], topics: Topics) -> dict[Table, list[Columns]]:
    found: dict[Table, list[Columns]] = {table: [] for table in BY_DAY.values()}
    for lasting in sweep(records, Reading.EFFECTIVE_DAY, names=topics):
        table, columns = _columns(lasting)
        if table in BY_DAY and (topics is None or _topic(table, columns) in topics):  # nobody asks for the others
            found[BY_DAY[table]].append({"case_key": key, **columns, **_known(lasting)})
    return found


def _replace_differing(conn: Connection, table: Table, key: UUID, wanted: list[Columns]) -> None:
    stored = [dict(row) for row in conn.execute(select(table).where(table.c.case_key == key)).mappings()]
    fresh = {content(columns): columns for columns in wanted}
    gone = [row["id"] for row in stored if fresh.pop(content(row), None) is None]
    for ids in chunks(gone):
        conn.execute(delete(table).where(table.c.id.in_(ids)))
    if fresh:
        conn.execute(insert(table), list(fresh.values()))


def content(columns: Mapping[str, Any]) -> tuple[Any, ...]:
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
        "caused_on": row.caused_on,
        "due": row.due,
        "listed_from": row.listed_from,
        "listed_to": row.listed_to,
        "recipients": ",".join(row.recipients),
        "reason": dict(row.reason),
    }


def _segment_of(one: Any) -> Segment:
    day = dt.date.fromisoformat
    taken = tuple((why, day(first), day(last) if last else None) for why, first, last in one.deductions)
    clock = (one.clock, one.strategy, one.spell, one.origin, one.shift, one.stopped_days)
    return Segment(*clock, one.from_day, one.to_day, one.unit, one.area, one.worker, taken)


def _due_of(one: Any) -> DueRow:
    stage = (one.rule, one.stage, one.cause, one.caused_on, one.due, one.listed_from, one.listed_to)
    return DueRow(*stage, tuple(one.recipients.split(",")), tuple(one.reason.items()))


def _violation_of(one: Any) -> Violation:
    return Violation(one.rule, one.from_day, one.to_day, tuple(one.facts))


READ_BACK: dict[Table, Callable[[Any], Row]] = {segments: _segment_of, due_rows: _due_of, violations: _violation_of}
