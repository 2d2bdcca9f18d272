"""What somebody writes who has only the rows: one statement over the same file, and over the same rows in DuckDB."""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from services.commands.side_by_side.row import Answers

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_OF_DAY = """s.from_day <= $day AND s.to_day >= $day AND s.known_from <= $at AND s.known_to > $at"""
_STAYS = f"""FROM segments s {{}} WHERE s.clock = 'net' AND s.strategy = 'integration' AND {_OF_DAY}"""
LONG = f"""
SELECT n.number, s.spell, s.unit, s.area, s.worker, s.from_day, s.origin, s.shift, s.stopped_days, s.deductions
{_STAYS.format("JOIN numbers n ON n.key = s.case_key")} AND s.spell < $since
ORDER BY n.number
"""
"""Who was in Integration on a day for longer than since another: everything a list says about it."""
FIRST = f"{LONG} LIMIT 50"
"""The first page of it."""
COUNT = f"""
SELECT coalesce(s.unit, ''), sum(CASE WHEN s.spell < $since THEN 1 ELSE 0 END), count(*)
{_STAYS.format("")} GROUP BY 1 ORDER BY 1
"""
"""How many of each unit, of how many."""
DUE = f"""
SELECT n.number, d.due, d.rule, d.stage, d.cause, d.recipients, d.reason, s.unit, s.area, s.worker
FROM due_rows d JOIN numbers n ON n.key = d.case_key
LEFT JOIN segments s ON s.case_key = d.case_key AND s.clock = 'care' AND {_OF_DAY}
WHERE d.known_from <= $at AND d.known_to > $at AND d.listed_from <= $day AND d.listed_to >= $day AND d.due <= $day
ORDER BY n.number, d.due, d.rule, d.stage, d.cause
"""
"""The follow-ups that are open on a day, with who is responsible: everything a list says about them."""
DUE_FIRST = f"{DUE} LIMIT 50"
"""The first page of them."""
_ROWS = {
    "numbers": "SELECT key, number FROM numbers",
    "segments": "SELECT case_key, clock, strategy, spell, origin, shift, stopped_days, from_day, to_day, known_from, "
    "known_to, unit, area, worker, deductions FROM segments WHERE clock IN ('net', 'care')",
    "due_rows": "SELECT case_key, rule, stage, cause, due, listed_from, listed_to, known_from, known_to, recipients, "
    "reason FROM due_rows",
}
_KINDS = {
    **dict.fromkeys(("spell", "origin", "from_day", "to_day", "due", "listed_from", "listed_to"), "DATE"),
    **dict.fromkeys(("shift", "stopped_days"), "INTEGER"),
    **dict.fromkeys(("known_from", "known_to"), "BIGINT"),
}
"""What columns hold that are no words."""


def in_file(conn: Connection, statement: str, given: Mapping[str, Any]) -> Answers:
    """What the SQLite file says, with no word of ours between."""
    kept = {name: _as_kept(value) for name, value in given.items() if f"${name}" in statement}
    with closing(conn.connection.cursor()) as cursor:
        return list(cursor.execute(statement, kept))


def in_memory(memory: DuckDBPyConnection, statement: str, given: Mapping[str, Any]) -> Answers:
    """The same of DuckDB, which has days as days."""
    wanted = {name: value for name, value in given.items() if f"${name}" in statement}
    wanted["at"] = _as_kept(wanted["at"])
    return memory.execute(statement, wanted).fetchall()


def told(rows: Iterable[tuple[Any, ...]], columns: int) -> Answers:
    """The first columns of what was found, days in words."""
    return [tuple(one.isoformat() if isinstance(one, dt.date) else one for one in row[:columns]) for row in rows]


def _as_kept(value: Any) -> Any:
    """As the file keeps days and moments."""
    return round(value.timestamp() * 1_000_000) if isinstance(value, dt.datetime) else value.isoformat()


def has_duckdb() -> bool:
    """Whether DuckDB is installed: the service does without, `make bench` brings it."""
    return importlib.util.find_spec("duckdb") is not None


@contextmanager
def loaded(conn: Connection) -> Iterator[DuckDBPyConnection]:
    """The rows the statements read, in the memory of DuckDB."""
    import duckdb

    with TemporaryDirectory(prefix="fallverlauf-bench-") as folder, duckdb.connect() as memory:
        for table, rows in _ROWS.items():
            file = Path(folder) / f"{table}.csv"
            columns = _written(conn, rows, file)
            taken(memory, table, file, {column: _KINDS.get(column, "VARCHAR") for column in columns})
            file.unlink()
        yield memory


def taken(memory: DuckDBPyConnection, table: str, file: Path, kinds: Mapping[str, str]) -> None:
    """A file of rows as a table; how it is written is said, for DuckDB guesses it from the first 20,480 lines."""
    read = """read_csv(?, columns = ?, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"')"""
    memory.execute(f"CREATE TABLE {table} AS SELECT * FROM {read}", [str(file), kinds])


def _written(conn: Connection, rows: str, file: Path) -> list[str]:
    """Writes rows to a file and names their columns."""
    with closing(conn.connection.cursor()) as cursor, file.open("w", newline="", encoding="utf-8") as lines:
        found = cursor.execute(rows)
        columns = [column[0] for column in cursor.description]
        writer = csv.writer(lines)
        writer.writerow(columns)
        writer.writerows(found)
    return columns
