"""How many facts there are is known without adding up the heads, and says the same."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, func, select

from domain.facts import Stream
from services.office.office import Office, Transaction
from services.records import arrivals
from services.records.tables import arrivals as table
from services.records.tables import heads, streams
from tests.services import bureau

BEGIN = dt.date(2026, 5, 20)


def of_heads(tx: Transaction, *kinds: Stream) -> tuple[int, dt.datetime | None]:
    """What the heads of these kinds say."""
    joined = select(func.sum(heads.c.number), func.max(heads.c.stored_at)).join_from(heads, streams)
    facts, last = tx.conn.execute(joined.where(streams.c.kind.in_(kinds))).one()
    return facts, last


def rows(tx: Transaction) -> int:
    return tx.conn.scalar(select(func.count()).select_from(table)) or 0


def test_what_has_arrived_is_what_the_heads_say(any_office: Office) -> None:
    with any_office.read() as tx:
        assert arrivals.arrived(tx.conn) == (0, None)
        assert arrivals.count(tx.conn) == 0
    bureau.staff(any_office)
    for number in range(3):
        bureau.jobakademie(any_office, f"C-{number}", BEGIN)
    with any_office.read() as tx:
        assert arrivals.arrived(tx.conn) == of_heads(tx, *arrivals.OF_ANSWERS)
        assert arrivals.arrived(tx.conn).facts == 7  # one of the unit, two of each case
        assert arrivals.count(tx.conn) == of_heads(tx, *Stream)[0]


def test_folding_changes_nothing_that_is_said(any_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    bureau.staff(any_office)
    bureau.jobakademie(any_office, "C-1", BEGIN)
    with any_office.write() as tx:
        arrivals.fold(tx.conn)
        before = arrivals.arrived(tx.conn), arrivals.count(tx.conn), rows(tx)
    monkeypatch.setattr(arrivals, "FOLDED", before[2])
    with any_office.write() as tx:
        arrivals.fold(tx.conn)
        assert (arrivals.arrived(tx.conn), arrivals.count(tx.conn)) == before[:2]
        assert rows(tx) == 3 < before[2]  # units, persons, cases


def test_nothing_is_lost_while_several_fold_and_others_write(
    any_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "FOLDED", 1)

    def fold(_: int) -> None:
        with any_office.write() as tx:
            arrivals.fold(tx.conn)

    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(bureau.jobakademie, any_office, f"C-{at}", BEGIN) for at in range(12)]
        folding = [pool.submit(fold, at) for at in range(12)]
        for one in (*writing, *folding):
            one.result()
    with any_office.read() as tx:
        assert arrivals.arrived(tx.conn) == of_heads(tx, *arrivals.OF_ANSWERS)


def test_asking_reads_no_head(any_office: Office) -> None:
    bureau.jobakademie(any_office, "C-1", BEGIN)
    asked: list[str] = []
    with any_office.read() as tx:
        event.listen(tx.conn, "before_cursor_execute", lambda *given: asked.append(given[2]))
        arrivals.arrived(tx.conn)
        arrivals.count(tx.conn)
    asked = [one for one in asked if one.startswith("SELECT")]
    assert len(asked) == 2
    assert not [one for one in asked if "heads" in one or "streams" in one]
