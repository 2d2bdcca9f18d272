"""How the database is reached: engines for SQLite and PostgreSQL, transactions that read or write, and migrations."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    Connection,
    Dialect,
    Engine,
    QueuePool,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import DBAPICursor

from services.failures import Said
from services.records.line import Line, busy
from services.records.tables.base import as_json

HEAD = "0027"  # the newest migration; a test compares it with the scripts
LOCK_SECONDS = 20  # whoever waits longer for somebody who writes, or for a connection, is told so
KEPT, KEPT_OF_SQLITE = 10, 3  # connections; one to SQLite keeps 2 MB of the file, and another takes a millisecond
SPACIOUS = 65_536  # KB of a file that long work keeps at hand
SELDOM = 8_000  # pages of the log until it is brought into the file
LOOK = 20  # milliseconds in which SQLite looks four times whether it is free, before it is asked anew
AGAIN = 0.1  # seconds until a log that somebody reads is tried again
SILENT = {"connect_timeout": 10, "keepalives_idle": 15, "keepalives_interval": 5, "tcp_user_timeout": 30_000}
_MIGRATIONS = Path(__file__).parent / "migrations"
_UNTIL, _LINE, _KEPT = "fallverlauf_until", "fallverlauf_line", "fallverlauf_kept"
_PERSONAL = (
    *("numbers", "text_keys", "vault", "blind_index", "draft_answers", "idempotency", "messages", "outbox"),
    *("other_numbers", "kept_forms", "uploads"),
    *("spans", "spans_by_day", "entries", "entries_by_day"),
)
# Any numbers, as long as they stay the same.
_MIGRATING, _COMPUTING, _IMPORTING, _MEANING, _OPENING = 7_210_400, 7_210_401, 7_210_402, 7_210_403, 7_210_404
_keep_meaning, _change_meaning = (
    select(lock(_MEANING)) for lock in (func.pg_advisory_xact_lock_shared, func.pg_advisory_xact_lock)
)


def connect(url: str, connections: int = 50) -> Engine:
    """An engine for `sqlite:///<file>` or `postgresql://user:pw@host:port/db`; dispose of it when done.

    `connections`: at most so many at once. A request uses one at a time, and there are forty threads.
    """
    address = make_url(url)
    is_sqlite = address.get_backend_name() == "sqlite"
    kept = min(connections, KEPT_OF_SQLITE if is_sqlite else KEPT)
    pool = {"pool_size": kept, "max_overflow": connections - kept, "pool_timeout": LOCK_SECONDS, "pool_use_lifo": True}
    if is_sqlite:
        return _sqlite(url, pool)
    options = f"-c lock_timeout={LOCK_SECONDS}s -c timezone=UTC"
    return create_engine(
        address.set(drivername="postgresql+psycopg"),
        connect_args={"options": options, **SILENT},
        json_serializer=as_json,
        pool_pre_ping=True,
        **pool,
    )


def is_read_only(url: str) -> bool:
    """Whether this is the file of a SQLite database that we may read and not write, as a copy put away is."""
    address = make_url(url)
    file = Path(address.database or "")
    if address.get_backend_name() != "sqlite" or not file.is_file():
        return False
    return not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK))


def _read_only(file: Path) -> Engine:
    log, shared = (file.with_name(file.name + end) for end in ("-wal", "-shm"))
    if not shared.exists() and log.exists() and log.stat().st_size:
        raise Said(
            f"Neben {file} liegen Einträge, die noch nicht in der Datei stehen ({log.name}); an einem Ort, der nicht "
            "beschrieben werden darf, sind sie nicht lesbar."
        )
    asked = "mode=ro" if shared.exists() else "mode=ro&immutable=1"  # else SQLite would want to create it
    address = f"file:{quote(str(file.resolve()))}?{asked}"
    return create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(address, uri=True, timeout=LOCK_SECONDS, check_same_thread=False),
        poolclass=QueuePool,
    )


def _sqlite(url: str, pool: dict[str, int]) -> Engine:
    if is_read_only(url):
        return _read_only(Path(make_url(url).database or ""))
    options = {_LINE: Line()}
    engine = create_engine(
        url, connect_args={"timeout": LOCK_SECONDS}, execution_options=options, json_serializer=as_json, **pool
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # the driver begins no transaction of its own; _begin does
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(conn: Connection) -> None:
    # A deferred transaction cannot be turned into a writing one once another has written; so a writer says so at once.
    if not writes(conn):
        conn.exec_driver_sql("BEGIN")
        return
    cursor = conn.connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={LOOK}")  # left to itself SQLite soon looks ten times a second
    try:
        while not _is_begun(conn, cursor):
            if time.monotonic() > conn.get_execution_options()[_UNTIL]:
                raise busy()
    finally:
        cursor.execute(f"PRAGMA busy_timeout={LOCK_SECONDS * 1000}")


def _is_begun(conn: Connection, cursor: DBAPICursor) -> bool:
    """Whether the transaction could begin; False while somebody else writes."""
    try:
        cursor.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            return False
        conn.exec_driver_sql("BEGIN IMMEDIATE")  # fails again, in the words of SQLAlchemy
    return True


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that only reads and never waits for a writer; all it reads is of one moment."""
    with engine.connect() as conn:
        conn.execution_options(**{_KEPT: {}})
        if engine.dialect.name == "postgresql":
            conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield conn


@contextmanager
def writing(engine: Engine, *, keep: bool = True, patience: float | None = None) -> Iterator[Connection]:
    """One transaction that writes, committed at exit; with `keep=False` rolled back (a preview).

    On SQLite it begins when those of this process who came before are done, and nobody elsewhere writes. Raises
    OperationalError if that takes more than `patience` seconds, LOCK_SECONDS by default, and on PostgreSQL if a lock
    takes longer than these; then nothing is stored.
    """
    until = time.monotonic() + (LOCK_SECONDS if patience is None else patience)
    line = engine.get_execution_options().get(_LINE)
    with line.turn(until) if line else nullcontext(), engine.connect() as conn:
        conn.execution_options(**{_UNTIL: until})
        with conn.begin() as transaction:
            yield conn
            if not keep:
                transaction.rollback()


@contextmanager
def spacious(engine: Engine) -> Iterator[None]:
    """Long work of this process: SQLite keeps 64 MB of its file at hand, and gives them back at the end.

    With 2 MB, as it does by itself, it throws out pages of the indexes that it soon needs again: the larger the file,
    the longer the same row takes. Nor is the log brought into the file every few commits with the same pages.
    """
    if engine.dialect.name != "sqlite":
        yield
        return

    def widen(connection: sqlite3.Connection, *_: Any) -> None:
        connection.execute(f"PRAGMA cache_size=-{SPACIOUS}")
        connection.execute(f"PRAGMA wal_autocheckpoint={SELDOM}")

    event.listen(engine, "checkout", widen)
    try:
        yield
    finally:
        event.remove(engine, "checkout", widen)
        engine.dispose()


def writes(conn: Connection) -> bool:
    """Whether the transaction may write; in one that only reads PostgreSQL refuses to lock a row."""
    return _UNTIL in conn.get_execution_options()


def kept(conn: Connection, what: str) -> dict[Any, Any]:
    """What a transaction that only reads has read of one kind, to put there and find again; it ends with it.

    All such a transaction reads is of one moment, so nothing of it is ever old. One that writes keeps nothing: it finds
    an empty dictionary each time.
    """
    found: dict[Any, Any] = conn.get_execution_options().get(_KEPT, {}).setdefault(what, {})
    return found


def estimate(conn: Connection) -> None:
    """Lets SQLite look how many rows its tables hold where that has changed much; PostgreSQL does so by itself.

    Without, it takes a rule's or lane's many rows for as few as those of one case, and goes through them once a case.
    """
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("PRAGMA analysis_limit=1000")
        conn.exec_driver_sql("PRAGMA optimize=0x10002")


def version(conn: Connection) -> str | None:
    """The migration the database is at; None when it has no tables yet."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    found = conn.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def is_current(engine: Engine) -> bool:
    """Whether the tables are those of this version."""
    with reading(engine) as conn:
        return version(conn) == HEAD


def migrate(engine: Engine) -> bool:
    """Creates or upgrades the tables; True when there was something to do. On SQLite callers hold `migration_lock`."""
    if is_current(engine):
        return False
    with writing(engine) as conn:
        _upgrade(conn)
    return True


def upgrade_from(engine: Engine, version: str) -> None:
    """Upgrades tables of an older version, which is named here because they do not say it themselves."""
    with writing(engine) as conn:
        conn.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        conn.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})
        _upgrade(conn)


def _upgrade(conn: Connection) -> None:
    from alembic import command  # loads slowly and is needed once
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))
    config.attributes["connection"] = conn
    command.upgrade(config, "head")


@contextmanager
def migration_lock(url: str) -> Iterator[None]:
    """Lets one process at a time create or upgrade a SQLite database; its folder is created for its owner alone."""
    folder = Path(make_url(url).database or ".").parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "migrate.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def computing_lock(engine: Engine, *, wait: bool) -> AbstractContextManager[bool]:
    """Lets one process at a time compute rows anew; without `wait` it says False while another one does.

    It ends with the process that holds it.
    """
    return _one_at_a_time(engine, _COMPUTING, "rows.lock", wait)


def import_lock(engine: Engine, *, wait: bool) -> AbstractContextManager[bool]:
    """The same for imports, which would only get in each other's way."""
    return _one_at_a_time(engine, _IMPORTING, "import.lock", wait)


@contextmanager
def _one_at_a_time(engine: Engine, number: int, file_name: str, wait: bool) -> Iterator[bool]:
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            if wait:
                conn.exec_driver_sql("SET lock_timeout = 0")
            lock = func.pg_advisory_lock if wait else func.pg_try_advisory_lock
            held = conn.scalar(select(lock(number))) is not False
            yield held
            conn.invalidate()  # a session keeps such a lock, and goes back into the pool
        return
    with (Path(engine.url.database or ".").parent / file_name).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def hold_meaning(conn: Connection, *, change: bool = False) -> None:
    """Nobody changes what rows are computed by until the transaction ends; with `change` nobody else writes any.

    A lock that many hold at once and no row: PostgreSQL would write into it for each of them. On SQLite whoever writes
    is alone.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(_change_meaning if change else _keep_meaning)


def hold_openings(conn: Connection) -> None:
    """Nobody else opens a case at the desk until the transaction ends: its number and its person are looked for first.

    On SQLite whoever writes is alone.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_advisory_xact_lock(_OPENING)))


def scrub(engine: Engine) -> bool:
    """Clears the database files of what was deleted; False if a reader kept SQLite from it for LOCK_SECONDS.

    On PostgreSQL the server's own log and base backups are not reached: they end with their retention.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            for table in _PERSONAL:
                conn.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {table}")  # what the planner keeps repeats values, too
        return True
    return empty_log(engine)  # deleted content is overwritten with zeros (secure_delete); what is left stands there


def empty_log(engine: Engine) -> bool:
    """Moves all of SQLite's write-ahead log into the database and empties its file; False if a reader kept it from it.

    After one long transaction the log is as large as the database. Other databases look after theirs.
    """
    if engine.dialect.name != "sqlite":
        return True
    until = time.monotonic() + LOCK_SECONDS
    with closing(engine.raw_connection()) as raw:
        cursor = raw.cursor()
        cursor.execute(f"PRAGMA busy_timeout={LOOK}")  # as long as it waits for a reader, nobody can write
        try:
            while cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() > until:
                    return False
                time.sleep(AGAIN)
        finally:
            cursor.execute(f"PRAGMA busy_timeout={LOCK_SECONDS * 1000}")
    return True


def insert_once(dialect: Dialect, table: Any) -> Any:
    """An INSERT that leaves rows alone whose unique key is taken; on both databases."""
    if dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # loads every driver's dialect; commands on SQLite go without

        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def insert_or_replace(dialect: Dialect, table: Any) -> Any:
    """An INSERT of whole rows that replaces the row of the same primary key, whoever has written it meanwhile."""
    if dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # as above

        new: Any = postgresql.insert(table)
    else:
        new = sqlite.insert(table)
    own = {column.name for column in table.primary_key}
    return new.on_conflict_do_update(
        index_elements=list(own), set_={one.name: new.excluded[one.name] for one in table.c if one.name not in own}
    )
