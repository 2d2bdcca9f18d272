"""Transactions on both databases, the migration, and a data directory that is opened for the first time."""

from __future__ import annotations

import multiprocessing
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text

from domain.facts import Stream
from services.office.office import NotMigrated, Office, open_office
from services.records import database
from services.records.tables import metadata, streams
from services.settings import Settings


def test_the_migrations_make_the_tables_of_the_code(any_office: Office) -> None:
    with any_office.read() as tx:
        context = MigrationContext.configure(tx.conn, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert database.version(tx.conn) == database.HEAD


def test_the_newest_script_is_the_one_the_code_expects() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [database.HEAD]


def test_migrating_twice_changes_nothing(any_office: Office) -> None:
    assert database.migrate(any_office.engine) is False


def test_the_production_database_is_not_migrated_by_the_way(postgresql_url: str, tmp_path: Path) -> None:
    with pytest.raises(NotMigrated, match="fallverlauf migrate"):
        open_office(Settings(data=tmp_path, database=postgresql_url))


def test_a_reader_does_not_wait_for_a_writer(any_office: Office) -> None:
    with any_office.write() as writing:
        any_office.store.open_stream(writing.conn, Stream.CASE, "C-1")
        with any_office.read() as reading:
            assert reading.conn.scalar(select(func.count()).select_from(streams)) == 0
    with any_office.read() as reading:
        assert reading.conn.scalar(select(func.count()).select_from(streams)) == 1


def test_a_reader_sees_one_moment(any_office: Office) -> None:
    with any_office.read() as reading:
        before = reading.conn.scalar(select(func.count()).select_from(streams))
        with any_office.write() as writing:
            any_office.store.open_stream(writing.conn, Stream.CASE, "C-1")
        assert reading.conn.scalar(select(func.count()).select_from(streams)) == before


def test_opening_does_not_wait_for_a_writer(office: Office) -> None:
    with office.write() as tx:
        office.store.open_stream(tx.conn, Stream.CASE, "C-1")
        open_office(office.settings).close()


def test_a_second_writer_waits_its_turn(office: Office) -> None:
    waiting = threading.Event()

    def second() -> None:
        waiting.set()
        with office.write() as tx:
            office.store.open_stream(tx.conn, Stream.CASE, "C-2")

    thread = threading.Thread(target=second)
    with office.write() as tx:
        thread.start()
        waiting.wait()
        office.store.open_stream(tx.conn, Stream.CASE, "C-1")
    thread.join()
    with office.read() as tx:
        assert len(list(office.store.streams(tx.conn, Stream.CASE))) == 2


def test_while_the_log_waits_for_a_reader_others_write(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "LOCK_SECONDS", 2)
    with ThreadPoolExecutor(1) as pool, office.read() as tx:
        assert list(office.store.streams(tx.conn, Stream.CASE)) == []
        with office.write() as writing:
            office.store.open_stream(writing.conn, Stream.CASE, "C-1")
        emptied = pool.submit(database.empty_log, office.engine)
        for number in range(5):
            with office.write(patience=1) as writing:
                office.store.open_stream(writing.conn, Stream.CASE, f"C-2{number}")
        assert not emptied.done()
        assert emptied.result() is False
    assert database.empty_log(office.engine) is True


def test_sqlite_keeps_its_promises(office: Office) -> None:
    with office.read() as tx:
        pragmas = {name: tx.conn.execute(text(f"PRAGMA {name}")).scalar() for name in PROMISES}
    assert pragmas == PROMISES


PROMISES = {"journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 20_000, "synchronous": 2}


def first_open(data: Path) -> str:
    """What a process does that finds an empty data directory (its own function, so that it can be sent there)."""
    with open_office(Settings(data=data)) as office, office.write() as tx:
        return office.store.open_stream(tx.conn, Stream.CASE, "C-1").hex


def test_processes_that_open_an_empty_directory_at_once_agree(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert len(set(pool.map(first_open, [tmp_path / "new"] * 6, chunksize=1))) == 1


def test_a_database_may_lie_outside_the_data_directory(tmp_path: Path) -> None:
    file = tmp_path / "elsewhere" / "deep" / "facts.db"
    with open_office(Settings(data=tmp_path / "data", database=f"sqlite:///{file}")) as office, office.read() as tx:
        assert database.version(tx.conn) == database.HEAD
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_of_several_that_migrate_postgresql_at_once_none_fails(postgresql_url: str) -> None:
    def migrate(_: int) -> None:
        engine = database.connect(postgresql_url)
        database.migrate(engine)
        engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, range(4)))
    engine = database.connect(postgresql_url)
    assert database.is_current(engine)
    engine.dispose()


def test_long_work_keeps_more_of_the_file_at_hand_and_gives_it_back(office: Office) -> None:
    def kept() -> int:
        with database.reading(office.engine) as conn:
            return conn.exec_driver_sql("PRAGMA cache_size").scalar_one()

    before = kept()
    with database.spacious(office.engine):
        assert kept() == -database.SPACIOUS
        with database.spacious(office.engine):
            assert kept() == -database.SPACIOUS
        assert kept() == -database.SPACIOUS, "the outer work goes on"
    assert kept() == before


def test_long_work_asks_nothing_of_postgresql(postgresql_url: str) -> None:
    engine = database.connect(postgresql_url)
    with database.spacious(engine), database.reading(engine) as conn:
        assert conn.scalar(select(1)) == 1
    engine.dispose()
