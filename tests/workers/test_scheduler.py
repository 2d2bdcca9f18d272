"""How the scheduler works: some cases at a time under its lease, never waiting for the queue, idle at no cost."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from redis import Redis
from redis.connection import AbstractConnection
from sqlalchemy import Connection, event, func, select, update

from domain.periods import BERLIN
from services import failures
from services.followups import batches
from services.office.health import health, machine_time
from services.office.office import Office, open_office
from services.operations import checkpoints
from services.records import meaning, pace
from services.records.tables import followups, leases, meanings, outbox
from services.settings import Settings
from services.web.http.live import Poller
from tests.mailserver import MailServer
from tests.services import bureau
from workers import jobs, witness
from workers.crew import crew
from workers.scheduler import NAME, Scheduler

BEGIN = dt.date(2026, 5, 20)
FRIDAY = dt.datetime(2026, 11, 20, 8, tzinfo=BERLIN)
MakeOffice = Callable[..., Office]
TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|(?<!FOR )UPDATE)\s+(\w+)")


@pytest.fixture
def office(make_office: MakeOffice, database_url: str) -> Office:
    """A bureau without cases; once on SQLite and once on PostgreSQL."""
    found = make_office(now=FRIDAY, database=database_url)
    bureau.staff(found)
    return found


def fill(office: Office, cases: int, first: int = 0) -> None:
    for number in range(first, first + cases):
        bureau.jobakademie(office, f"C-{number}", BEGIN)


@contextmanager
def transactions(office: Office) -> Iterator[list[list[str]]]:
    """The statements of each transaction that begins in here."""
    found: list[list[str]] = []

    def begun(_: Any) -> None:
        found.append([])

    def asked(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if found and not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            found[-1].append(statement)

    event.listen(office.engine, "begin", begun)
    event.listen(office.engine, "before_cursor_execute", asked)
    try:
        yield found
    finally:
        event.remove(office.engine, "begin", begun)
        event.remove(office.engine, "before_cursor_execute", asked)


def issued(office: Office) -> int:
    with office.read() as tx:
        return tx.conn.scalar(select(func.count(func.distinct(followups.c.case_key)))) or 0


def writes(one: list[str], table: str) -> bool:
    return any(statement.startswith((f"INSERT INTO {table} ", f"UPDATE {table} ")) for statement in one)


def test_some_cases_are_written_in_one_transaction_and_each_renews_the_lease(
    office: Office, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 3)
    fill(office, 7)
    with transactions(office) as found:
        assert Scheduler(office, redis).tick()
    telling = [one for one in found if writes(one, "followups") or writes(one, "messages")]
    assert issued(office) == 7
    assert len(telling) == 3
    for one in telling:
        assert one[0].startswith("INSERT INTO leases ")
        assert one[1].startswith("UPDATE leases ")


def test_what_moves_and_is_reminded_of_renews_the_lease_too(
    office: Office, redis: Redis, make_office: MakeOffice, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 3)
    fill(office, 7)
    assert Scheduler(office, redis).tick()
    later = make_office(now=FRIDAY + dt.timedelta(days=7), database=database_url)
    bureau.absent(later, "fm-7", later.today(), later.today())
    with later.write() as tx:
        tx.conn.execute(update(leases).values(until=machine_time()))
    with transactions(later) as found:
        assert Scheduler(later, redis).tick()
    telling = [one for one in found if writes(one, "followups") or writes(one, "messages")]
    assert len(telling) >= 6  # three that move, three that remind
    assert all(writes(one, "leases") for one in telling)


def test_lists_are_gone_on_with_under_the_lease(office: Office, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "FIRST", 3)
    fill(office, 7)
    forgotten = update(meanings).where(meanings.c.topic == "R-05").values(reached=meaning.NOBODY)
    with office.write() as tx:
        tx.conn.execute(forgotten)
    with transactions(office) as found:
        assert Scheduler(office, redis).tick()
    telling = [one for one in found if writes(one, "meanings")]
    assert len(telling) >= 2
    assert all(one[0].startswith("INSERT INTO leases ") for one in telling)


def test_who_has_lost_the_lease_stops_with_the_batch(
    office: Office, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 3)
    fill(office, 7)
    scheduler = Scheduler(office, redis)
    renew = scheduler._renew

    def taken_over(conn: Connection) -> None:
        if issued(office):  # so the first batch is there
            stolen = {"holder": "another", "until": machine_time() + dt.timedelta(minutes=1)}
            conn.execute(update(leases).where(leases.c.name == NAME).values(stolen))
        renew(conn)

    monkeypatch.setattr(scheduler, "_renew", taken_over)
    assert not scheduler.tick()
    assert issued(office) == 3
    monkeypatch.setattr(scheduler, "_renew", renew)
    assert scheduler.tick()  # the other one's lease was undone with the batch
    assert issued(office) == 7


def test_a_tick_costs_the_same_however_many_cases_there_are(office: Office, redis: Redis) -> None:
    scheduler, poller, costs = Scheduler(office, redis), Poller(office), []
    for cases in (2, 9):
        fill(office, cases, first=cases)
        assert scheduler.tick()  # what is new is looked at
        poller._fresh()
        with transactions(office) as found:
            assert scheduler.tick()
            poller._fresh()
            health(office)
        asked = [statement for one in found for statement in one]
        costs.append([re.sub(r"\s+", " ", statement) for statement in asked])
        assert set(TABLE.findall(" ".join(asked))) == {
            "leases",
            "heartbeats",
            "outbox",
            "arrivals",
            "messages",
            "uploads",
        }
    assert costs[0] == costs[1]


def test_where_there_are_many_cases_another_process_writes_the_checkpoint(
    office: Office, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    def here(_: Office) -> None:
        raise AssertionError("not in this process")

    monkeypatch.setattr(witness, "MANY", 1)
    monkeypatch.setattr(witness, "bear", here)
    monkeypatch.setattr(witness, "PAUSE", 0.1)
    renewed: list[bool] = []
    monkeypatch.setattr(Scheduler, "_hold", lambda _: renewed.append(True))
    scheduler = Scheduler(office, redis)
    fill(office, 2)
    for _ in range(2):
        scheduler.look(FRIDAY)
    lines = office.settings.checkpoints.read_bytes().splitlines()
    assert len(lines) == 1
    assert checkpoints.verify(office, None)["checkpoint"]["facts"] == json.loads(lines[0])["facts"]
    assert renewed


def test_what_has_failed_there_is_not_tried_again_at_once(
    office: Office, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness, "MANY", 1)
    office.settings.checkpoints.write_bytes(b"x\n")
    scheduler = Scheduler(office, redis)
    for _ in range(2):
        scheduler.look(FRIDAY)
    log = (office.settings.data / failures.LOG).read_text(encoding="utf-8").splitlines()
    failed = [line for line in map(json.loads, log) if line["event"] == "checkpoint failed"]
    assert [(one["level"], one["kind"]) for one in failed] == [("error", "DamagedCheckpoints")]
    assert office.settings.checkpoints.read_bytes() == b"x\n"


def test_nobody_waits_for_the_queue_in_a_transaction(
    redis: Redis, mail_server: MailServer, make_office: MakeOffice, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    send = AbstractConnection.send_packed_command

    def watched(connection: Any, *given: Any, **named: Any) -> Any:
        held.append(office.engine.pool.checkedout())
        return send(connection, *given, **named)

    with open_office(Settings(data=tmp_path / "data", fixed_now=FRIDAY, smtp=mail_server.url)) as office:
        bureau.staff(office)
        fill(office, 2)
        monkeypatch.setattr(AbstractConnection, "send_packed_command", watched)
        assert Scheduler(office, redis).tick()
        jobs.work_in(office)
        crew(redis).work(burst=True, logging_level="ERROR")
        monkeypatch.undo()
        with office.read() as tx:
            assert tx.conn.scalars(select(outbox.c.state)).all() == ["sent"]
    assert len(held) > 5
    assert set(held) == {0}
