"""The rows that are computed from a case's facts and kept beside them, of each kind in a table of its own."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, insert, literal, select, true, update

from domain.clocks import Segment
from domain.entries import EntryRow
from domain.handovers import CLOCK
from domain.history import ENTRIES, SPANS, VIOLATIONS, Growth, sweep
from domain.knowledge import Reading, heard_at
from domain.periods import DAY
from domain.records import Record
from domain.rules import RULES, DueRow
from domain.sheets import Row
from domain.spans import Span
from domain.violations import Violation
from services.records import meaning, rulebook
from services.records.columns import READ_BACK, Columns, columns
from services.records.tables import (
    END_OF_TIME,
    due_rows,
    due_rows_by_day,
    entries,
    entries_by_day,
    segments,
    segments_by_day,
    spans,
    spans_by_day,
    streams,
    undated,
    violations,
)
from services.records.vault import chunks

Topics = Collection[str] | None  # None: all
KINDS: dict[Reading, dict[type[Row], Table]] = {
    Reading.ARRIVAL: {
        Segment: segments,
        DueRow: due_rows,
        Violation: violations,
        Span: spans,
        EntryRow: entries,
    },
    Reading.EFFECTIVE_DAY: {  # nobody asks for violations of earlier knowledge
        Segment: segments_by_day,
        DueRow: due_rows_by_day,
        Span: spans_by_day,
        EntryRow: entries_by_day,
    },
}
"""Where the rows of a kind are kept, in each reading; by their own day those of cases with undated facts alone."""
BY_DAY = {KINDS[Reading.ARRIVAL][kind]: table for kind, table in KINDS[Reading.EFFECTIVE_DAY].items()}
TABLES = (*KINDS[Reading.ARRIVAL].values(), undated, *BY_DAY.values())
NAMED = {  # where a row says which topic it is of; all rows of the other tables are of the topic named
    **{table: table.c.clock for table in (segments, segments_by_day)},
    **{table: table.c.rule for table in (due_rows, due_rows_by_day)},
    violations: VIOLATIONS,
    **dict.fromkeys((spans, spans_by_day), SPANS),
    **dict.fromkeys((entries, entries_by_day), ENTRIES),
}


TOPICS_OF: dict[type[Row], frozenset[str]] = {
    Segment: frozenset({"care", "net", CLOCK}),
    DueRow: frozenset(RULES),
    Violation: frozenset({VIOLATIONS}),
}
"""The topics with rows of a kind; spans and entries are one topic each."""


def refresh(conn: Connection, key: UUID, records: Sequence[Record], after: int = 0) -> None:
    """Brings the rows of one case in line with its records (read without text); only rows that differ are touched.

    `after`: the number of the record up to which the rows are in line already; 0: nobody knows.
    """
    before, added = records[:after], records[after:]
    in_line, numbers = meaning.admit(conn) and after > 0, rulebook.numbers(conn)
    for reading in readings(records):
        if in_line and reading in readings(before) and _is_the_newest(before, added, reading):
            _carry_on(conn, key, Growth(before, added, reading, numbers), KINDS[reading])
        else:
            for table, wanted in _swept(key, records, reading, numbers).items():
                _replace_differing(conn, table, key, wanted)
    if not in_line or any(record.recorded_unknown for record in added):
        _replace_differing(conn, undated, key, _undated(key, records))


def readings(records: Sequence[Record]) -> tuple[Reading, ...]:
    """In which readings a case has rows: by their own day only where a fact has no moment of recording."""
    return tuple(Reading) if any(record.recorded_unknown for record in records) else (Reading.ARRIVAL,)


def _is_the_newest(before: Sequence[Record], added: Sequence[Record], reading: Reading) -> bool:
    """Whether what was added is also known latest: the usual case at the desk."""
    last = max(heard_at(record, reading) for record in before)
    return all(heard_at(record, reading) > last for record in added)


def _carry_on(conn: Connection, key: UUID, growth: Growth, tables: Mapping[type[Row], Table]) -> None:
    """Ends the rows that hold no more and adds the new ones; what was known before stays as it is."""
    still = {row: (table, one) for kind, table in tables.items() for row, one in _still(conn, kind, table, key, growth)}
    fresh: dict[Table, list[Columns]] = {table: [] for table in tables.values()}
    for lasting in growth.rows({row: one.known_from for row, (_, one) in still.items()}):
        kept = still.get(lasting.row)
        if kept is None or kept[1].known_from != lasting.known_from:
            if (table := tables.get(type(lasting.row))) is not None:
                fresh[table].append({"case_key": key, **columns(lasting)})
        elif lasting.known_to is not None:
            table, one = kept
            conn.execute(update(table).where(table.c.id == one.id).values(known_to=lasting.known_to))
    for table, wanted in fresh.items():
        if wanted:
            conn.execute(insert(table), wanted)


def _still(conn: Connection, kind: type[Row], table: Table, key: UUID, growth: Growth) -> Iterator[tuple[Row, Any]]:
    """The rows known now that may change, as the domain has them, each with what is stored."""
    touched = _touched(kind, table, growth)
    if touched is None:
        return
    for one in conn.execute(select(table).where(table.c.case_key == key, table.c.known_to == END_OF_TIME, touched)):
        if growth.wants(row := READ_BACK[kind](one)):
            yield row, one


def _touched(kind: type[Row], table: Table, growth: Growth) -> ColumnElement[bool] | None:
    """The rows of a table among which those are that change; None if none can, which the database is not asked then."""
    if kind is EntryRow:
        return table.c.ref.in_(sorted(growth.refs)) if growth.refs else None
    last = table.c.listed_to if kind is DueRow else table.c.to_day
    names = frozenset[str](growth.lanes) if kind is Span else growth.names & TOPICS_OF[kind]
    of = table.c.lane.in_(sorted(names)) if kind is Span else _of(table, names)
    return and_(last >= growth.since - DAY, of) if names else None


def refresh_many(conn: Connection, cases: Mapping[UUID, Sequence[Record]]) -> None:
    """The same for some cases at once: their rows are written anew. For very many cases: `crew`."""
    meaning.admit(conn)
    numbers = rulebook.numbers(conn)
    for keys in chunks(sorted(cases)):
        wanted: dict[str, list[Columns]] = {table.name: [] for table in TABLES}
        for key in keys:
            for table, found in rows(key, cases[key], numbers).items():
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
    return named.in_(sorted(topics)) if isinstance(named, ColumnElement) else literal(named in topics)


def _erased(conn: Connection, keys: Sequence[UUID]) -> dict[UUID, dt.datetime]:
    found = select(streams.c.key, streams.c.erased_at).where(streams.c.key.in_(keys), streams.c.erased_at.is_not(None))
    return dict(conn.execute(found).all())


def _until(kept: Columns, moment: dt.datetime | None) -> Columns | None:
    """A row that asks somebody to act, as it was known until a moment; None if nobody knew of it by then."""
    if moment is None or ("due" not in kept and kept.get("clock") != CLOCK):
        return kept
    return kept | {"known_to": min(kept["known_to"], moment)} if kept["known_from"] < moment else None


def clear(conn: Connection) -> None:
    """Throws every row away; `rebuild` fills the tables again."""
    for table in TABLES:
        conn.execute(delete(table))


def rows(
    key: UUID, records: Sequence[Record], numbers: Sequence[Record] = (), topics: Topics = None
) -> dict[Table, list[Columns]]:
    """All rows of a case over both axes, in each reading it has rows in.

    `numbers`: what the office has set for the rules (`rulebook.numbers`). `topics`: of these alone. Facts stay for
    ever, so a case without a fact that nobody knows the moment of has no rows in the tables left out.
    """
    found = {} if topics is not None else {undated: _undated(key, records)}
    for reading in readings(records):
        found |= _swept(key, records, reading, numbers, topics)
    return found


def _swept(
    key: UUID, records: Sequence[Record], reading: Reading, numbers: Sequence[Record], topics: Topics = None
) -> dict[Table, list[Columns]]:
    tables = KINDS[reading]
    found: dict[Table, list[Columns]] = {table: [] for table in tables.values()}
    for lasting in sweep(records, reading, numbers, topics):
        if (table := tables.get(type(lasting.row))) is not None:
            found[table].append({"case_key": key, **columns(lasting)})
    return found


def _undated(key: UUID, records: Sequence[Record]) -> list[Columns]:
    """How many facts without a moment of recording a case has, by the moment they count from."""
    counts = Counter(record.recorded_at.astimezone(dt.UTC) for record in records if record.recorded_unknown)
    return [{"case_key": key, "known_from": at, "facts": count} for at, count in counts.items()]


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
