"""A copy of the office in one file, taken while the service runs, and brought back into an empty place.

The file is a SQLite database with the tables of the service, from whichever database it was taken, and the lines of the
checkpoints file. The master key is not in it. Sessions and signs of life stay behind.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Integer, Table, create_engine, delete, func, insert, select, text
from sqlalchemy.exc import DatabaseError

from services import admission, erasing, followups, mailing, moving, reminding
from services.health import SILENT, machine_time
from services.office import NotMigrated, Office
from services.records import checkpoints, database, erasures, marks
from services.records.checkpoints import Book, DamagedCheckpoints
from services.records.tables import heartbeats, metadata, records, streams
from services.records.tables import marks as marks_table
from services.records.vault import MARK, DamagedKey, Vault
from services.settings import Settings

LEFT_OUT = {"heartbeats", "leases", "sessions"}
_ROWS = 5_000
_FORMAT, _TAKEN = "backup", "backup taken"
_LINES = "CREATE TABLE checkpoint_lines (number INTEGER PRIMARY KEY, line BLOB NOT NULL)"

Progress = Callable[[int], None]


class NotPossible(Exception):
    """A backup that cannot be taken or brought back; the text is one German sentence."""


# --- out ---


def backup(office: Office, file: Path, progress: Progress | None = None) -> dict[str, Any]:
    """Writes everything as of one moment to a new file of mode 0600.

    Raises NotPossible if there is a file, DamagedCheckpoints, OSError.
    """
    if os.path.lexists(file):
        raise NotPossible(f"{file} gibt es schon; eine Sicherung überschreibt nichts.")
    fresh = file.with_name(f".{file.name[:100]}-{secrets.token_hex(8)}")
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        facts = _write(office, fresh, progress)
        _to_disk(fresh)
        os.link(fresh, file)  # appears whole or not at all, and replaces nothing
    except FileExistsError:
        raise NotPossible(f"{file} gibt es schon; eine Sicherung überschreibt nichts.") from None
    finally:
        fresh.unlink(missing_ok=True)
    return {"facts": facts, "file": str(file)}


def _write(office: Office, fresh: Path, progress: Progress | None) -> int:
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(fresh))
    try:
        # The lines come first: the heads they bear witness of are then in the copy, too.
        file = office.settings.checkpoints
        lines = checkpoints.read(file, office.vault).lines if file.exists() else []
        with office.read() as source, engine.begin() as target:
            metadata.create_all(target)
            _copy(source, target, progress)
            target.exec_driver_sql(_LINES)
            for number, line in enumerate(lines, start=1):
                target.exec_driver_sql("INSERT INTO checkpoint_lines VALUES (?, ?)", (number, line))
            for name, value in ((_FORMAT, database.HEAD), (_TAKEN, office.now().isoformat())):
                target.execute(insert(marks_table).values(name=name, value=value))
            return _facts(target)
    finally:
        engine.dispose()


def _to_disk(file: Path) -> None:
    with file.open("rb") as written:
        os.fsync(written.fileno())


def _copy(source: Connection, target: Connection, progress: Progress | None) -> None:
    done = 0
    for table in metadata.sorted_tables:
        if table.name in LEFT_OUT:
            continue
        rows = source.execute(select(table).execution_options(yield_per=_ROWS))
        for part in rows.mappings().partitions(_ROWS):
            target.execute(insert(table), [dict(row) for row in part])
            done += len(part)
            if progress is not None:
                progress(done)


def _facts(conn: Connection) -> int:
    return conn.scalar(select(func.count()).select_from(records)) or 0


# --- back ---


def restore(settings: Settings, file: Path, progress: Progress | None = None) -> dict[str, Any]:
    """Brings a backup back into an empty database; when it was taken, its facts and cases, and those erased since.

    Nothing that was told before is mailed again. Raises NotPossible, DamagedKey, DamagedCheckpoints, NotAdmitted,
    NotMigrated, OSError.
    """
    with _opened(file) as source:
        vault = _vault(settings, source)
        admission.check_kind(settings, marks.value(source, admission.KIND))
        with _place(settings, vault) as office, checkpoints.writer(settings.checkpoints, vault) as writer:
            writer.copy(_lines(source, writer.book, file, vault))
            with office.write() as conn:
                erased = _bring_back(office, conn, source, writer.book, file, progress)
                answer = {
                    "at": marks.value(source, _TAKEN),
                    "facts": _facts(conn),
                    "cases": _cases(conn),
                    "erased": erased,
                }
                mailing.keep_quiet(conn, office.now())
            with office.read() as conn:
                if writer.book.last is not None:
                    writer.write(conn, office.now(), "restored")
            _tell_anew(office)
            if erased:
                database.scrub(office.engine)
    return answer


@contextmanager
def _opened(file: Path) -> Iterator[Connection]:
    """The backup, readable; whatever is wrong with the file itself is one sentence."""
    with file.open("rb") as found:
        if found.read(16) != b"SQLite format 3\0":
            raise NotPossible(f"{file} ist keine Sicherung von Fallverlauf.")
    address = f"file:{quote(str(file.resolve()))}?mode=ro&immutable=1"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True))
    try:
        with engine.connect() as conn:
            _check(conn, file)
            yield conn
    except DatabaseError as error:
        if isinstance(error.orig, sqlite3.DatabaseError) and "malformed" in str(error.orig):
            raise NotPossible(f"Die Sicherung {file} ist beschädigt.") from None
        raise
    finally:
        engine.dispose()


def _check(conn: Connection, file: Path) -> None:
    if conn.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
        raise NotPossible(f"Die Sicherung {file} ist beschädigt.")
    try:
        found = marks.value(conn, _FORMAT)
    except DatabaseError:
        found = None
    if found is None:
        raise NotPossible(f"{file} ist keine Sicherung von Fallverlauf.")
    if found != database.HEAD:
        raise NotPossible(f"Die Sicherung {file} stammt aus einer anderen Fassung von Fallverlauf ({found}).")


def _vault(settings: Settings, source: Connection) -> Vault:
    key = settings.master_key_file
    if not key.exists():
        raise DamagedKey(f"Der Hauptschlüssel {key} fehlt; er wird getrennt von der Sicherung aufbewahrt.")
    vault = Vault(key)
    if vault.fingerprint != marks.value(source, MARK):
        raise DamagedKey(f"Der Hauptschlüssel {key} gehört nicht zu dieser Sicherung.")
    return vault


@contextmanager
def _place(settings: Settings, vault: Vault) -> Iterator[Office]:
    """The office to fill: its tables are there, and nothing is in them."""
    engine = database.connect(settings.database)
    with closing(Office(settings, engine, vault)) as office:
        if settings.embedded:
            with database.migration_lock(settings.database):
                database.migrate(engine)
        elif not database.is_current(engine):
            raise NotMigrated("Die Tabellen fehlen oder sind veraltet. Bitte zuerst „fallverlauf migrate“ ausführen.")
        _check_empty(office)
        yield office


def _check_empty(office: Office) -> None:
    with office.read() as conn:
        if conn.scalar(select(streams.c.key).limit(1)) is not None:
            raise NotPossible("Hier liegen schon Daten; eine Sicherung kommt nur in eine leere Datenbank zurück.")
        if conn.scalar(select(heartbeats.c.name).where(heartbeats.c.at > machine_time() - SILENT)) is not None:
            raise NotPossible("Fallverlauf läuft noch auf dieser Datenbank; bitte zuerst anhalten.")


def _lines(source: Connection, book: Book, file: Path, vault: Vault) -> list[bytes]:
    """The lines of the backup that the checkpoints file does not have: all, when it is new. Their order must agree."""
    rows = source.exec_driver_sql("SELECT line FROM checkpoint_lines ORDER BY number").scalars().all()
    kept = checkpoints.parse(b"".join(row + b"\n" for row in rows), file, vault).lines
    common = min(len(kept), len(book.lines))
    if kept[:common] != book.lines[:common]:
        raise DamagedCheckpoints("Die Prüfpunktdatei ist nicht die, die zu dieser Sicherung gehört.")
    return kept[common:]


def _bring_back(
    office: Office, conn: Connection, source: Connection, book: Book, file: Path, progress: Progress | None
) -> int:
    """Copies all rows, checks their chain and erases again what was erased since; the number of these cases."""
    conn.execute(delete(marks_table))
    _copy(source, conn, progress)
    conn.execute(delete(marks_table).where(marks_table.c.name.in_((_FORMAT, _TAKEN))))
    _count_on(conn)
    found = office.store.verify(conn)
    if not found["ok"]:
        raise NotPossible(f"Die Sicherung {file} wurde verändert: {found['first_break']['why']}")
    return _erase_again(office, conn, book)


def _erase_again(office: Office, conn: Connection, book: Book) -> int:
    known = erasures.noted(conn)
    later = {number: at for number, at in book.erased.items() if number not in known or known[number] < at}
    cases = erasures.hashed_numbers(conn, office.vault) if later else {}
    again = [(*cases[number], at) for number, at in later.items() if number in cases]
    for key, number, at in again:
        erasing.erase_in(office, conn, key, number, at)
    erasures.note(conn, later)
    return len(again)


def _count_on(conn: Connection) -> None:
    """Lets PostgreSQL number new rows after those that came with their numbers; SQLite does so by itself."""
    if conn.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        if _is_numbered(table):
            last = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), coalesce(max(id), 0) + 1, false)"
            conn.execute(text(f"{last} FROM {table.name}"))


def _is_numbered(table: Table) -> bool:
    return "id" in table.c and isinstance(table.c["id"].type, Integer)


def _cases(conn: Connection) -> int:
    from domain.facts import Stream

    return conn.scalar(select(func.count()).select_from(streams).where(streams.c.kind == Stream.CASE)) or 0


def _tell_anew(office: Office) -> None:
    """Shows in the app what came due since the backup; it may have been mailed then, so it is not mailed now."""
    day, now = office.today(), office.now()
    followups.issue_due(office, day, now)
    with office.write() as conn:
        moving.move(office, conn, day, now)
        reminding.remind(office, conn, day, now)
        mailing.keep_quiet(conn, now)
