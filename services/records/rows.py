"""The rows that are computed from a case's facts and kept beside them, of each kind in a table of its own."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Table,
    bindparam,
    delete,
    insert,
    literal,
    select,
    true,
    update,
)

from domain.clocks import Segment
from domain.entries import EntryRow
from domain.handovers import CLOCK
from domain.history import ENTRIES, SPANS, VIOLATIONS, Growth, name_of_topic, needed, sweep, sweep_both
from domain.knowledge import Reading, heard_at
from domain.periods import DAY
from domain.records import Record
from domain.rules import RULES, DueRow
from domain.sheets import Lasting, Row
from domain.spans import Span
from domain.timeline import Kinds
from domain.violations import Violation
from services.records import meaning, rulebook
from services.records.columns import READ_BACK, Columns, columns
from services.records.ready import Ready, driver_of, put, ready
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
Bare = Callable[[Kinds | None], Sequence[Record]]  # of a case: what was added, and of before some kinds; None: all
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


Due = tuple[Sequence[Any], Sequence[Any]]  # the due rows of a case known now, before and after a change


class Refreshed(NamedTuple):
    """What has become of the rows of a case: the topics touched, and what is due, where that has changed."""

    topics: set[str]
    due: Due | None


def refresh(
    conn: Connection,
    key: UUID,
    records: Sequence[Record],
    after: int = 0,
    ground: meaning.Ground | None = None,
    bare: Bare | None = None,
) -> Refreshed:
    """Brings the rows of one case in line with its records; only rows that differ are touched.

    `after`: the number of the record up to which the rows are in line already; 0: nobody knows. `ground`: what was
    held before in the transaction. `bare`: reads them without text; else they are read so. Raises Replaced.
    """
    before, added = records[:after], records[after:]
    ground = ground or meaning.held(conn)
    ground.admit()
    in_line, numbers = ground.in_line and after > 0, rulebook.numbers_among(ground.settings)
    touched, due, read = set[str](), None, bare or partial(_among, records, after)
    for reading in readings(records):
        if in_line and reading in readings(before) and _is_the_newest(before, added, reading):
            some = read(needed(added))
            growth = Growth(some[: (known := len(some) - len(added))], some[known:], reading, numbers)
            growing = _Growing(conn, key, growth, KINDS[reading])
            growing.carry_on()
            touched, due = touched | growing.touched, due or growing.due
        else:
            was = due_now(conn, key)
            touched |= _replace_all(conn, key, _in_tables(key, sweep(read(None), reading, numbers), reading))
            due = due or (was, due_now(conn, key))
    if not in_line or any(record.recorded_unknown for record in added):
        touched |= _replace_all(conn, key, {undated: _undated(key, records)})
    return Refreshed(touched, due)


def _among(records: Sequence[Record], after: int, kinds: Kinds | None) -> Sequence[Record]:
    """Those after the first few, and of these those of some kinds; None: all."""
    if kinds is None:
        return records
    return [one for one in records[:after] if type(one.fact) in kinds] + [*records[after:]]


def readings(records: Sequence[Record]) -> tuple[Reading, ...]:
    """In which readings a case has rows: by their own day only where a fact has no moment of recording."""
    return tuple(Reading) if any(record.recorded_unknown for record in records) else (Reading.ARRIVAL,)


def _is_the_newest(before: Sequence[Record], added: Sequence[Record], reading: Reading) -> bool:
    """Whether what was added is also known latest: the usual case at the desk."""
    last = max(heard_at(record, reading) for record in before)
    return all(heard_at(record, reading) > last for record in added)


class _Growing:
    """The rows of a case in one reading, while it grows: those that hold no more end, new ones come."""

    def __init__(self, conn: Connection, key: UUID, growth: Growth, tables: Mapping[type[Row], Table]) -> None:
        self._conn, self._key, self._growth, self._tables = conn, key, growth, tables
        self._ended: dict[Table, list[Columns]] = {}
        self._fresh: dict[Table, list[Columns]] = {}
        self.touched: set[str] = set()  # the topics
        self.due: Due | None = None

    def carry_on(self) -> None:
        """What was known before stays as it is."""
        read = {kind: self._still(kind, table) for kind, table in self._tables.items()}
        still: dict[Row, tuple[Table, Any]] = {}
        for kind, found in read.items():
            rows = ((READ_BACK[kind](one), one) for one in found)
            still |= {row: (self._tables[kind], one) for row, one in rows if self._growth.wants(row)}
        for lasting in self._growth.rows({row: one.known_from for row, (_, one) in still.items()}):
            self._note(lasting, still.get(lasting.row))
        for table, some in self._ended.items():
            self._conn.execute(_END[table], some)
        added = {table: self._conn.execute(_ADD[table], some) for table, some in self._fresh.items()}
        if due_rows in {*self._ended, *added}:
            gone = {one["of"] for one in self._ended.get(due_rows, ())}
            whole = (*read[DueRow], *(added[due_rows].all() if due_rows in added else ()))
            self.due = read[DueRow], [row for row in whole if row.id not in gone and row.known_to == END_OF_TIME]

    def _still(self, kind: type[Row], table: Table) -> Sequence[Any]:
        """The rows known now among which those are that change; if none can, the database is not asked."""
        growth = self._growth
        names = growth.lanes if kind is Span else growth.names & TOPICS_OF.get(kind, frozenset())
        wanted = sorted(growth.refs if kind is EntryRow else names)
        if not wanted:
            return ()
        if table is due_rows:  # all of them, for whoever asks what has changed
            return due_now(self._conn, self._key)
        given = {"case": self._key, "since": growth.since - DAY, "names": wanted}
        return self._conn.execute(_STILL[table], given).all()

    def _note(self, lasting: Lasting, kept: tuple[Table, Any] | None) -> None:
        """Whether a row is new, or ends."""
        if kept is None or kept[1].known_from != lasting.known_from:
            table = self._tables.get(type(lasting.row))
            if table is None:
                return
            self._fresh.setdefault(table, []).append({"case_key": self._key, **columns(lasting)})
        elif lasting.known_to is not None:
            table, one = kept
            self._ended.setdefault(table, []).append({"of": one.id, "to": lasting.known_to})
        else:
            return
        self.touched.add(name_of_topic(lasting.row))


def _known_now(table: Table, *conditions: ColumnElement[bool]) -> Select[Any]:
    return select(table).where(table.c.case_key == bindparam("case"), table.c.known_to == END_OF_TIME, *conditions)


def _that_may_change(kind: type[Row], table: Table) -> Select[Any]:
    one = table.c
    if kind is EntryRow:
        return _known_now(table, one.ref.in_(_NAMES))
    last = one.listed_to if kind is DueRow else one.to_day
    named = one.lane if kind is Span else NAMED[table]
    of = named.in_(_NAMES) if isinstance(named, ColumnElement) else true()
    return _known_now(table, last >= bindparam("since"), of)


_NAMES: BindParameter[Any] = bindparam("names", expanding=True)
# Built once: putting a statement together takes longer than running it.
_STILL = {table: _that_may_change(kind, table) for tables in KINDS.values() for kind, table in tables.items()}
_ADD = {table: insert(table) for table in TABLES} | {due_rows: insert(due_rows).returning(due_rows)}
_END = {
    table: update(table).where(table.c.id == bindparam("of")).values(known_to=bindparam("to"))
    for table in TABLES
    if table is not undated
}
_due_now = _known_now(due_rows)


def due_now(conn: Connection, key: UUID) -> Sequence[Any]:
    """The due rows of a case as known now, of days before as well; in no order."""
    return conn.execute(_due_now, {"case": key}).all()


def refresh_many(conn: Connection, cases: Mapping[UUID, Sequence[Record]]) -> None:
    """The same for some cases at once: their rows are written anew. For very many cases: `crew`."""
    meaning.admit(conn)
    numbers = rulebook.numbers(conn)
    for keys in chunks(sorted(cases)):
        wanted: dict[str, list[Columns]] = {table.name: [] for table in TABLES}
        for key in keys:
            for table, found in rows(key, cases[key], numbers).items():
                wanted[table.name] += found
        replace(conn, keys, ready(driver_of(conn), kept(erased(conn, keys), wanted)))


def replace(
    conn: Connection,
    keys: Sequence[UUID],
    wanted: Ready,
    topics: Topics = None,
    new: Collection[UUID] = (),
) -> None:
    """Writes the rows of these cases anew, or those of some topics.

    Of the cases that are `new` no rows can be there.
    """
    meaning.admit(conn)
    older = [key for key in keys if key not in new]
    for table in TABLES:
        if older:
            conn.execute(delete(table).where(table.c.case_key.in_(older), _of(table, topics)))
        put(conn, table, wanted[table.name])


def kept(erased: Mapping[UUID, dt.datetime], wanted: Mapping[str, list[Columns]]) -> dict[str, list[Columns]]:
    """The computed rows of cases as they are kept, by the name of their table.

    Of a case that is erased nothing is due or offered any more: rows that say so were known until the erasure.
    """
    return {
        name: [row for columns in found if (row := _until(columns, erased.get(columns["case_key"])))]
        for name, found in wanted.items()
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


def erased(conn: Connection, keys: Sequence[UUID]) -> dict[UUID, dt.datetime]:
    """Those of these cases that are erased, and since when."""
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
    if len(asked := readings(records)) > 1:
        swept = sweep_both(records, numbers, topics)
    else:
        swept = {reading: sweep(records, reading, numbers, topics) for reading in asked}
    for reading, lasting in swept.items():
        found |= _in_tables(key, lasting, reading)
    return found


def _in_tables(key: UUID, swept: Iterable[Lasting], reading: Reading) -> dict[Table, list[Columns]]:
    tables = KINDS[reading]
    found: dict[Table, list[Columns]] = {table: [] for table in tables.values()}
    for lasting in swept:
        if (table := tables.get(type(lasting.row))) is not None:
            found[table].append({"case_key": key, **columns(lasting)})
    return found


def _undated(key: UUID, records: Sequence[Record]) -> list[Columns]:
    """How many facts without a moment of recording a case has, by the moment they count from."""
    counts = Counter(record.recorded_at.astimezone(dt.UTC) for record in records if record.recorded_unknown)
    return [{"case_key": key, "known_from": at, "facts": count} for at, count in counts.items()]


def _replace_all(conn: Connection, key: UUID, wanted: Mapping[Table, list[Columns]]) -> set[str]:
    """The topics in which there was anything to replace."""
    return set[str]().union(*(_replace_differing(conn, table, key, found) for table, found in wanted.items()))


def _replace_differing(conn: Connection, table: Table, key: UUID, wanted: list[Columns]) -> set[str]:
    stored = [dict(row) for row in conn.execute(select(table).where(table.c.case_key == key)).mappings()]
    fresh = {content(columns): columns for columns in wanted}
    gone = [row for row in stored if fresh.pop(content(row), None) is None]
    for some in chunks(gone):
        conn.execute(delete(table).where(table.c.id.in_([row["id"] for row in some])))
    if fresh:
        conn.execute(_ADD[table], list(fresh.values()))
    return {_topic_of(table, columns) for columns in (*gone, *fresh.values())}


def _topic_of(table: Table, columns: Columns) -> str:
    named = NAMED.get(table, table.name)
    return str(columns[named.name]) if isinstance(named, ColumnElement) else named


def content(columns: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes a row the same row, whichever order and identity the database gave it."""
    return tuple(
        json.dumps(value) if isinstance(value, list | dict) else value
        for name, value in sorted(columns.items())
        if name != "id"
    )
