"""What somebody writes who has only the rows: one statement over the same file, and over the same rows in DuckDB."""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Found = list[tuple[Any, ...]]

LONG = """
SELECT n.number, s.spell, s.from_day, s.unit, s.area, s.worker, s.origin, s.shift, s.stopped_days, s.deductions
FROM segments s JOIN numbers n ON n.key = s.case_key
WHERE s.clock = 'net' AND s.strategy = 'integration' AND s.from_day <= $day AND s.to_day >= $day
  AND s.known_from <= $at AND s.known_to > $at AND s.spell < $since
ORDER BY n.number
"""
"""Who was in Integration on a day for longer than since another: everything a list says about it."""
ROWS = {
    "numbers": "SELECT key, number FROM numbers",
    "segments": "SELECT case_key, clock, strategy, spell, origin, shift, stopped_days, from_day, to_day, known_from, "
    "known_to, unit, area, worker, deductions FROM segments WHERE clock = 'net'",
}


def in_file(conn: Connection, day: dt.date, at: dt.datetime, since: dt.date) -> Found:
    """(case, since) of the SQLite file, with no word of ours between."""
    with closing(conn.connection.cursor()) as cursor:
        rows = cursor.execute(LONG, _given(day, at, since)).fetchall()
    return [(row[0], row[1]) for row in rows]


def in_memory(memory: DuckDBPyConnection, day: dt.date, at: dt.datetime, since: dt.date) -> Found:
    """The same of DuckDB."""
    return [(row[0], row[1]) for row in memory.execute(LONG, _given(day, at, since)).fetchall()]


def _given(day: dt.date, at: dt.datetime, since: dt.date) -> dict[str, Any]:
    """As the file keeps days and moments."""
    return {"day": day.isoformat(), "at": round(at.timestamp() * 1_000_000), "since": since.isoformat()}


def has_duckdb() -> bool:
    """Whether DuckDB is installed: the service does without, `make bench` brings it."""
    return importlib.util.find_spec("duckdb") is not None


@contextmanager
def loaded(conn: Connection) -> Iterator[DuckDBPyConnection]:
    """The rows the statement reads, in the memory of DuckDB."""
    import duckdb

    with TemporaryDirectory(prefix="fallverlauf-bench-") as folder, duckdb.connect() as memory:
        for table, rows in ROWS.items():
            file = Path(folder) / f"{table}.csv"
            with closing(conn.connection.cursor()) as cursor, file.open("w", newline="", encoding="utf-8") as lines:
                cursor.execute(rows)
                writer = csv.writer(lines)
                writer.writerow([column[0] for column in cursor.description])
                writer.writerows(cursor.fetchall())
            memory.execute(f"CREATE TABLE {table} AS SELECT * FROM read_csv(?, all_varchar = true)", [str(file)])
        for column, kind in (("shift", "INTEGER"), ("known_from", "BIGINT"), ("known_to", "BIGINT")):
            memory.execute(f"ALTER TABLE segments ALTER {column} TYPE {kind}")
        yield memory
