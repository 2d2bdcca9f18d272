"""A copy of the office in one file, taken while the service runs.

The file is a SQLite database with the tables of the service, from whichever database it was taken, and the lines of the
checkpoints file, signed as a whole. The master key is not in it. Sessions and signs of life stay behind, and so do the
rows of lists, which `restore` computes anew from the facts.
"""

from __future__ import annotations

import fcntl
import glob
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, create_engine, func, insert, select

from services import failures
from services.failures import Said
from services.office.office import Office
from services.operations import signature
from services.records import checkpoints, database, readable, rows, values
from services.records.tables import marks as marks_table
from services.records.tables import metadata, records

_LEFT_OUT = {"calendar_addresses", "heartbeats", "leases", "sessions", *(table.name for table in rows.TABLES)}
_BLANK = {"uploads": {"wrapped": None, "hidden": None}}  # what came of a file stays, what stood in it is not kept
COPIED = [table for table in metadata.sorted_tables if table.name not in _LEFT_OUT]
_ROWS = 5_000
_HEX = "[0-9a-f]"
FORMAT, TAKEN = "backup", "backup taken"
LINES = "SELECT line FROM checkpoint_lines ORDER BY number"
_LINES = "CREATE TABLE checkpoint_lines (number INTEGER PRIMARY KEY, line BLOB NOT NULL)"

Progress = Callable[[int], None]


class NotPossible(Said):
    """A backup that cannot be taken or brought back; the text is one German sentence."""


def backup(office: Office, file: Path, progress: Progress | None = None) -> dict[str, Any]:
    """Writes everything as of one moment to a new file of mode 0600.

    Raises NotPossible if there is a file, DamagedCheckpoints, OSError.
    """
    if os.path.lexists(file):
        raise NotPossible(f"{file} gibt es schon; eine Sicherung überschreibt nichts.")
    with _fresh(file) as fresh:
        count = _write(office, fresh, progress)
        signature.add(fresh, office.vault)
        _to_disk(fresh)
        try:
            with failures.naming(file):
                os.link(fresh, file)  # appears whole or not at all, and replaces nothing
        except FileExistsError:
            raise NotPossible(f"{file} gibt es schon; eine Sicherung überschreibt nichts.") from None
    if not database.is_read_only(office.settings.database):
        with office.write() as tx:
            values.put(tx.conn, values.BACKUP, tx.now.isoformat())
    return {"facts": count, "file": str(file)}


@contextmanager
def _fresh(file: Path) -> Iterator[Path]:
    """A new file beside this one, gone afterwards; what an interrupted backup left of its own is cleared away."""
    begun = f".{file.name[:100]}-"
    for left in file.parent.glob(glob.escape(begun) + _HEX * 16):
        _clear_away(left)
    fresh = file.with_name(begun + secrets.token_hex(8))
    with failures.naming(file):
        handle = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle) as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield fresh
        finally:
            fresh.unlink(missing_ok=True)
            _journal(fresh).unlink(missing_ok=True)


def _clear_away(left: Path) -> None:
    with left.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # another backup is writing it
            return
        left.unlink(missing_ok=True)
        _journal(left).unlink(missing_ok=True)


def _journal(file: Path) -> Path:
    return file.with_name(f"{file.name}-journal")


def _write(office: Office, fresh: Path, progress: Progress | None) -> int:
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(fresh))
    try:
        # The lines come first: the heads they bear witness of are then in the copy, too.
        file = office.settings.checkpoints
        lines = checkpoints.read(file, office.vault).lines if file.exists() else []
        with office.read() as source, engine.begin() as target:
            metadata.create_all(target)
            try:
                copy(source.conn, target, progress)
            except Exception as error:
                raise readable.named(source.conn, error) from error
            target.exec_driver_sql(_LINES)
            for number, line in enumerate(lines, start=1):
                target.exec_driver_sql("INSERT INTO checkpoint_lines VALUES (?, ?)", (number, line))
            for name, value in ((FORMAT, database.HEAD), (TAKEN, office.now().isoformat())):
                target.execute(insert(marks_table).values(name=name, value=value))
            return facts(target)
    finally:
        engine.dispose()


def _to_disk(file: Path) -> None:
    with file.open("rb") as written:
        os.fsync(written.fileno())


def copy(
    source: Connection, target: Connection, progress: Progress | None = None, tables: Sequence[Table] = COPIED
) -> None:
    """Copies the rows of these tables, of all that belong into a backup; says now and then how many so far."""
    done = 0
    for table in tables:
        found = source.execute(select(table).execution_options(yield_per=_ROWS))
        for part in found.mappings().partitions(_ROWS):
            target.execute(insert(table), [{**row, **_BLANK.get(table.name, {})} for row in part])
            done += len(part)
            if progress is not None:
                progress(done)


def facts(conn: Connection) -> int:
    """The number of facts."""
    return conn.scalar(select(func.count()).select_from(records)) or 0
