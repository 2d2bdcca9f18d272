"""Brings a backup back into an empty place: everything or, whenever it is interrupted, nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Integer, StaticPool, Table, create_engine, delete, func, select, text
from sqlalchemy.exc import DatabaseError

from domain.facts import Stream
from services.followups import lifecycle, reassignment, reminders
from services.messages import mail
from services.office import office as opened
from services.office.health import SILENT, machine_time
from services.office.office import NotMigrated, Office, Transaction
from services.operations import erasure
from services.operations.backup import FORMAT, LINES, TAKEN, NotPossible, Progress, copy, facts
from services.records import checkpoints, database, erasures, rebuild, values
from services.records.checkpoints import Book, DamagedCheckpoints
from services.records.tables import heartbeats, meanings, metadata, streams
from services.records.tables import marks as marks_table
from services.records.vault import MARK, DamagedKey, Vault
from services.settings import Settings


def restore(settings: Settings, file: Path, progress: Progress | None = None) -> dict[str, Any]:
    """Brings a backup back into an empty database; when it was taken, its facts and cases, and those erased since.

    One of an older version of the tables is upgraded on the way. Nothing that was told before is mailed again. Raises
    NotPossible, DamagedKey, DamagedCheckpoints, NotAdmitted, NotMigrated, OSError.
    """
    with _opened(file) as source:
        vault = _vault(settings, source)
        opened.check_kind(settings, values.value(source, opened.KIND))
        with _place(settings, vault) as office, checkpoints.writer(settings.checkpoints, vault) as writer:
            writer.copy(_lines(source, writer.book, file, vault))
            with office.write() as tx:  # one transaction: who was interrupted begins again
                erased = _bring_back(tx, source, writer.book, file, progress)
                _tell_anew(tx)
                answer = {"at": values.value(source, TAKEN), "facts": facts(tx.conn), "cases": _cases(tx.conn)}
                if writer.book.last is not None:
                    writer.write(tx.conn, office.now(), "restored")
            erasure.clear_traces(office)
    return answer | {"erased": erased}


@contextmanager
def _opened(file: Path) -> Iterator[Connection]:
    """The backup, readable; whatever is wrong with the file itself is one sentence."""
    with file.open("rb") as content:
        if content.read(16) != b"SQLite format 3\0":
            raise NotPossible(f"{file} ist keine Sicherung von Fallverlauf.")
    address = f"file:{quote(str(file.resolve()))}?mode=ro&immutable=1"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True))
    try:
        with engine.connect() as conn:
            found = _check(conn, file)
            if found == database.HEAD:
                yield conn
                return
        with _upgraded(address, found) as conn:
            yield conn
    except DatabaseError as error:
        if isinstance(error.orig, sqlite3.DatabaseError) and "malformed" in str(error.orig):
            raise NotPossible(f"Die Sicherung {file} ist beschädigt.") from None
        raise
    finally:
        engine.dispose()


@contextmanager
def _upgraded(address: str, found: str) -> Iterator[Connection]:
    """A copy of an older backup with the tables of today, in a nameless file that no interruption leaves behind."""
    nameless = sqlite3.connect("")
    with closing(nameless), closing(sqlite3.connect(address, uri=True)) as old:
        old.backup(nameless)
        engine = create_engine("sqlite://", creator=lambda: nameless, poolclass=StaticPool)
        database.upgrade_from(engine, found)
        with engine.connect() as conn:
            yield conn


def _check(conn: Connection, file: Path) -> str:
    """The version of its tables, one this version can read."""
    if conn.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
        raise NotPossible(f"Die Sicherung {file} ist beschädigt.")
    try:
        found = values.value(conn, FORMAT)
    except DatabaseError:
        found = None
    if found is None:
        raise NotPossible(f"{file} ist keine Sicherung von Fallverlauf.")
    if not found.isdecimal() or found > database.HEAD:
        raise NotPossible(
            f"Die Sicherung {file} stammt aus einer neueren Fassung von Fallverlauf: Ihre Tabellen haben den Stand "
            f"{found}, diese Fassung kennt sie bis {database.HEAD}. Bitte zuerst Fallverlauf aktualisieren."
        )
    return found


def _vault(settings: Settings, source: Connection) -> Vault:
    key = settings.master_key_file
    if not key.exists():
        raise DamagedKey(f"Der Hauptschlüssel {key} fehlt; er wird getrennt von der Sicherung aufbewahrt.")
    vault = Vault(key)
    if vault.fingerprint != values.value(source, MARK):
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
    with office.read() as tx:
        if tx.conn.scalar(select(streams.c.key).limit(1)) is not None:
            raise NotPossible("Hier liegen schon Daten; eine Sicherung kommt nur in eine leere Datenbank zurück.")
        if tx.conn.scalar(select(heartbeats.c.name).where(heartbeats.c.at > machine_time() - SILENT)) is not None:
            raise NotPossible("Fallverlauf läuft noch auf dieser Datenbank; bitte zuerst anhalten.")


def _lines(source: Connection, book: Book, file: Path, vault: Vault) -> list[bytes]:
    """The lines of the backup that the checkpoints file does not have: all, when it is new. Their order must agree."""
    rows = source.exec_driver_sql(LINES).scalars().all()
    kept = checkpoints.parse(b"".join(row + b"\n" for row in rows), file, vault).lines
    common = min(len(kept), len(book.lines))
    if kept[:common] != book.lines[:common]:
        raise DamagedCheckpoints("Die Prüfpunktdatei ist nicht die, die zu dieser Sicherung gehört.")
    return kept[common:]


def _bring_back(tx: Transaction, source: Connection, book: Book, file: Path, progress: Progress | None) -> int:
    """Copies all rows, checks their chain and erases again what was erased since; the number of these cases."""
    for table in (marks_table, meanings):
        tx.conn.execute(delete(table))
    copy(source, tx.conn, progress)
    tx.conn.execute(delete(marks_table).where(marks_table.c.name.in_((FORMAT, TAKEN))))
    _count_on(tx.conn)
    found = tx.store.verify(tx.conn)
    if not found["ok"]:
        raise NotPossible(f"Die Sicherung {file} wurde verändert: {found['first_break']['why']}")
    rebuild.catch_up_in(tx.conn, tx.office.vault)  # one of an older version, or of other rules
    return _erase_again(tx, book)


def _erase_again(tx: Transaction, book: Book) -> int:
    known = erasures.noted(tx.conn)
    later = {number: at for number, at in book.erased.items() if number not in known or known[number] < at}
    cases = erasures.hashed_numbers(tx.conn, tx.office.vault) if later else {}
    again = [(*cases[number], at) for number, at in later.items() if number in cases]
    for key, number, at in again:
        erasure.erase_in(tx, key, number, at)
    erasures.note(tx.conn, later)
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
    return conn.scalar(select(func.count()).select_from(streams).where(streams.c.kind == Stream.CASE)) or 0


def _tell_anew(tx: Transaction) -> None:
    """Shows in the app what came due since the backup; it may have been mailed then, so it is not mailed now."""
    day, now = tx.today, tx.now
    lifecycle.issue_due_in(tx, day, now)
    reassignment.move(tx, day, now)
    reminders.remind(tx, day, now)
    mail.keep_quiet(tx.conn, now)
