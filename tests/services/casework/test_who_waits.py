"""Who waits for somebody else decides by what holds afterwards, not by what was read before."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import text

from domain.decisions import wishes
from domain.facts import Stream
from services.casework.desk import Done, Forbidden, handle
from services.office.office import Office, Transaction
from services.operations import erasure
from services.records import database, meaning, values
from tests.services import bureau

CALL = wishes.RecordContact(on=dt.date(2026, 3, 10), channel="phone")


@pytest.fixture
def case(any_office: Office) -> UUID:
    """A case in the Jobakademie."""
    bureau.staff(any_office)
    return bureau.jobakademie(any_office, "C-2001", dt.date(2026, 1, 7))


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Somebody else."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


def waits(tx: Transaction, case: UUID, pool: ThreadPoolExecutor) -> Future[Done]:
    """A contact that is recorded meanwhile and waits for this transaction."""
    person = tx.store.key(tx.conn, Stream.PERSON, "fm-7")
    assert person is not None
    waiting = pool.submit(handle, tx.office, case, CALL, person.hex)
    until = time.monotonic() + database.LOCK_SECONDS / 2
    while not _is_waiting(tx):
        assert time.monotonic() < until
        time.sleep(0.01)
    return waiting


def _is_waiting(tx: Transaction) -> bool:
    if tx.conn.dialect.name == "postgresql":
        ungranted = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        return bool(tx.conn.scalar(text(ungranted)))
    return len(tx.office.engine.get_execution_options()[database._LINE]._standing) > 1


def test_for_an_erasure_records_nothing(any_office: Office, case: UUID, pool: ThreadPoolExecutor) -> None:
    with any_office.write() as tx:
        erasure.erase_in(tx, case, "C-2001", any_office.now())
        waiting = waits(tx, case, pool)
    with pytest.raises(Forbidden, match="gelöscht"):
        waiting.result()


def test_for_another_program_writes_no_rows(any_office: Office, case: UUID, pool: ThreadPoolExecutor) -> None:
    with any_office.write() as tx:
        database.hold_meaning(tx.conn, change=True)
        values.put(tx.conn, meaning.PROGRAM, "another")
        waiting = waits(tx, case, pool)
    with pytest.raises(meaning.Replaced):
        waiting.result()
    with any_office.read() as tx:
        assert len(tx.store.records(tx.conn, case)) == 2
