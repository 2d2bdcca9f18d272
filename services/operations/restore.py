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
from services.failures import Said
from services.followups import lifecycle, reassignment, reminders
from services.messages import mail
from services.office import office as opened
from services.office.health import SILENT, machine_time
from services.office.office import NotMigrated, Office, Transaction
from services.operations import erasure, signature
from services.operations.backup import FORMAT, LINES, TAKEN, NotPossible, Progress, copy, facts
from services.records import (
    checkpoints,
    database,
    erasures,
    keyed,
    persons,
    rebuild,
    remembered,
    schema,
    spelling,
    traces,
    values,
    witnesses,
)
from services.records.checkpoints import Book, DamagedCheckpoints
from services.records.tables import heartbeats, meanings, metadata, streams
from services.records.tables import marks as marks_table
from services.records.vault import MARK, DamagedKey, Vault
from services.settings import Settings

UNSIGNED = "0008"  # the last version of the tables whose backups were not signed
DAMAGED = "Die Sicherung {} ist beschädigt."


def restore(
    settings: Settings, file: Path, progress: Progress | None = None, *, unsigned: bool = False
) -> dict[str, Any]:
    """Brings a backup back into an empty database; when it was taken, its facts and cases, and those erased since.

    The whole file is held to its signature before anything is touched; with `unsigned` also one from before backups
    were signed is taken, whose facts are held to their old hashes. One of an older version of the tables is upgraded
    on the way. Nothing that was told before is mailed again. Raises NotPossible, DamagedKey, DamagedCheckpoints,
    NotAdmitted, NotMigrated, OSError.
    """
    vault = _vault(settings, file)
    if _check_signature(file, vault, unsigned=unsigned):
        return _restore(settings, file, vault, progress)
    try:
        return _restore(settings, file, vault, progress, newest=UNSIGNED)
    except (Said, OSError):
        raise
    except Exception:  # whatever somebody has put into a file that nothing vouches for
        raise NotPossible(DAMAGED.format(file)) from None


def _restore(
    settings: Settings, file: Path, vault: Vault, progress: Progress | None, newest: str = database.HEAD
) -> dict[str, Any]:
    with _opened(file, newest) as source:
        _check_key(settings, source, vault)
        opened.check_kind(settings, source, vault)
        with _place(settings, vault) as office, checkpoints.writer(settings.checkpoints, vault) as writer:
            kept = _kept(source, writer.book, file, vault)
            with office.write() as tx:  # one transaction: who was interrupted begins again
                _bring_back(tx, source, kept, file, progress)
                writer.copy(kept.lines[len(writer.book.lines) :])
                erased = _erase_again(tx, writer.book)
                _tell_anew(tx)
                answer = {"at": values.value(source, TAKEN), "facts": facts(tx.conn), "cases": _cases(tx.conn)}
                if writer.book.last is not None:
                    writer.write(tx.conn, office.now(), witnesses.seen(tx.conn, vault), "restored")
                if writer.book.lines:
                    remembered.put(tx.conn, vault, writer.book)
            traces.clear(office.engine)
    return answer | {"erased": erased}


@contextmanager
def _opened(file: Path, newest: str) -> Iterator[Connection]:
    """The backup, readable; whatever is wrong with the file itself is one sentence."""
    address = f"file:{quote(str(file.resolve()))}?mode=ro&immutable=1"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True))
    try:
        with engine.connect() as conn:
            found = _check(conn, file, newest)
            if found == database.HEAD:
                yield conn
                return
        with _upgraded(address, found) as conn:
            yield conn
    except DatabaseError as error:
        if isinstance(error.orig, sqlite3.DatabaseError) and "malformed" in str(error.orig):
            raise NotPossible(DAMAGED.format(file)) from None
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


def _check(conn: Connection, file: Path, newest: str) -> str:
    """The version of its tables, one this version can read."""
    if conn.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
        raise NotPossible(DAMAGED.format(file))
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
    if found > newest:
        raise NotPossible(f"Die Sicherung {file} wurde verändert: Zu ihrem Stand gehört eine Unterschrift, die fehlt.")
    return found


def _vault(settings: Settings, file: Path) -> Vault:
    with file.open("rb") as content:
        if content.read(16) != b"SQLite format 3\0":
            raise NotPossible(f"{file} ist keine Sicherung von Fallverlauf.")
    key = settings.master_key_file
    if not key.exists():
        raise DamagedKey(f"Der Hauptschlüssel {key} fehlt; er wird getrennt von der Sicherung aufbewahrt.")
    return Vault(key)


def _check_signature(file: Path, vault: Vault, *, unsigned: bool) -> bool:
    """Holds the file to its signature; False for one without, where that is wished for."""
    signer = signature.signer(file)
    if signer is None and unsigned:
        return False
    if signer is None:
        raise NotPossible(
            f"{file} ist keine Sicherung von Fallverlauf oder beschädigt: Die Unterschrift fehlt. Eine aus der Zeit, "
            "als Sicherungen noch nicht unterschrieben wurden, nimmt „restore --unsigned“."
        )
    if not signature.holds(file):
        raise NotPossible(f"Die Sicherung {file} ist beschädigt oder wurde verändert: Die Unterschrift stimmt nicht.")
    if signer != vault.public_key:
        raise DamagedKey(f"Der Hauptschlüssel gehört nicht zu dieser Sicherung ({file}).")
    return True


def _check_key(settings: Settings, source: Connection, vault: Vault) -> None:
    if vault.fingerprint != values.value(source, MARK):
        raise DamagedKey(f"Der Hauptschlüssel {settings.master_key_file} gehört nicht zu dieser Sicherung.")


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
        schema.check(tx.conn)
        if tx.conn.scalar(select(streams.c.key).limit(1)) is not None:
            raise NotPossible("Hier liegen schon Daten; eine Sicherung kommt nur in eine leere Datenbank zurück.")
        if tx.conn.scalar(select(heartbeats.c.name).where(heartbeats.c.at > machine_time() - SILENT)) is not None:
            raise NotPossible("Fallverlauf läuft noch auf dieser Datenbank; bitte zuerst anhalten.")


def _kept(source: Connection, book: Book, file: Path, vault: Vault) -> Book:
    """The lines in the backup. Those it has in common with the checkpoints file, or all when it is new, must agree."""
    rows = source.exec_driver_sql(LINES).scalars().all()
    kept = checkpoints.parse(b"".join(row + b"\n" for row in rows), file, vault)
    common = min(len(kept.lines), len(book.lines))
    if kept.lines[:common] != book.lines[:common]:
        raise DamagedCheckpoints("Die Prüfpunktdatei ist nicht die, die zu dieser Sicherung gehört.")
    return kept


def _bring_back(tx: Transaction, source: Connection, kept: Book, file: Path, progress: Progress | None) -> None:
    """Copies all rows, holds the facts to their chain and to the lines in the backup, and computes the lists anew."""
    for table in (marks_table, meanings):
        tx.conn.execute(delete(table))
    copy(source, tx.conn, progress)
    tx.conn.execute(delete(marks_table).where(marks_table.c.name.in_((FORMAT, TAKEN))))
    erasures.seal_once(tx.conn, tx.office.vault)
    _count_on(tx.conn)
    if (why := _why_changed(tx, kept)) is not None:
        raise NotPossible(f"Die Sicherung {file} wurde verändert: {why}")
    rebuild.rebuild(tx.conn, tx.office.vault, list(tx.store.streams(tx.conn, Stream.CASE)))


def _why_changed(tx: Transaction, kept: Book) -> str | None:
    try:
        persons.carry_over(tx.conn, tx.office.vault)
        if not keyed.is_keyed(tx.conn):
            keyed.carry_over(tx.conn, tx.office.vault, kept)
        spelling.carry_over(tx.conn, tx.office.vault)
    except keyed.NotCarriedOver as changed:
        return str(changed)
    # An erasure meanwhile may have been written down without being in the copy, or the other way round.
    heads = Book(witnessed=kept.witnessed, before_keys=kept.before_keys, last=kept.last)
    found = tx.store.verify(tx.conn, None, heads)["first_break"]
    return None if found is None else str(found["why"])


def _erase_again(tx: Transaction, book: Book) -> int:
    known = erasures.noted(tx.conn)
    later = {number: at for number, at in book.erased.items() if number not in known or known[number] < at}
    cases = erasures.hashed_numbers(tx.conn, tx.office.vault) if later else {}
    again = [(*cases[number], at) for number, at in later.items() if number in cases]
    for key, number, at in again:
        erasure.erase_in(tx, key, number, at)
    erasures.note(tx.conn, tx.office.vault, later)
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
