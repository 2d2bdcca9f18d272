"""Tasks of the outbox: once each, handed out to one caller at a time, again when lost, and their outcome."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from services.messages import outbox
from services.office.office import Office

MINUTE = dt.timedelta(minutes=1)


def add(office: Office, key: str, due_at: dt.datetime | None = None) -> UUID | None:
    with office.write() as tx:
        return outbox.add(tx.conn, "mail", key, {"followup": "f-1"}, due_at or office.now())


def lease(office: Office, passed: dt.timedelta = dt.timedelta(), limit: int = 100) -> list[UUID]:
    """What is handed out so long after now, by both clocks."""
    now = office.now() + passed
    with office.write() as tx:
        return outbox.lease(tx.conn, now, now, limit)


def take(office: Office, task: UUID, passed: dt.timedelta = dt.timedelta()) -> outbox.Task | None:
    with office.write() as tx:
        return outbox.take(tx.conn, task, office.now() + passed)


def test_the_same_task_is_written_down_once(any_office: Office) -> None:
    first = add(any_office, "mail:1")
    assert first is not None
    assert add(any_office, "mail:1") is None
    assert lease(any_office) == [first]


def test_a_task_is_handed_out_when_due_and_again_when_lost(any_office: Office) -> None:
    task = add(any_office, "mail:1", any_office.now() + MINUTE)
    assert lease(any_office) == []
    assert lease(any_office, MINUTE) == [task]
    assert lease(any_office, MINUTE * 1.5) == []
    assert lease(any_office, MINUTE * 2) == [task]


def test_the_queue_is_asked_again_while_the_time_of_the_office_stands_still(any_office: Office) -> None:
    task = add(any_office, "mail:1")
    now = any_office.now()
    with any_office.write() as tx:
        assert outbox.lease(tx.conn, now, now) == [task]
        assert outbox.lease(tx.conn, now, now + MINUTE) == [task]


def test_each_of_many_callers_gets_tasks_of_its_own(any_office: Office) -> None:
    tasks = {add(any_office, f"mail:{at}") for at in range(60)}
    with ThreadPoolExecutor(6) as pool:
        taken = [task for part in pool.map(lambda _: lease(any_office, limit=10), range(6)) for task in part]
    rest = lease(any_office)  # a caller that met locked rows may have taken fewer than it could
    assert len(taken) + len(rest) == 60
    assert {*taken, *rest} == tasks


def test_one_worker_at_a_time_and_a_dead_one_is_replaced(any_office: Office) -> None:
    task = add(any_office, "mail:1")
    assert task is not None
    assert take(any_office, task) == outbox.Task(task, "mail", {"followup": "f-1"}, 1)
    assert take(any_office, task, MINUTE) is None
    assert lease(any_office, MINUTE) == []
    assert lease(any_office, outbox.STUCK) == [task]
    assert take(any_office, task, outbox.STUCK) == outbox.Task(task, "mail", {"followup": "f-1"}, 2)


def test_a_task_that_is_done_is_never_taken_again(any_office: Office) -> None:
    task = add(any_office, "mail:1")
    assert task is not None
    taken = take(any_office, task)
    assert taken is not None
    with any_office.write() as tx:
        assert outbox.finish(tx.conn, taken, outbox.State.SENT, any_office.now())
        assert not outbox.finish(tx.conn, taken, outbox.State.SENT, any_office.now())
    assert take(any_office, task, MINUTE * 9) is None
    assert lease(any_office, MINUTE * 9) == []


def test_a_failed_try_rests_longer_each_time(any_office: Office) -> None:
    task = add(any_office, "mail:1")
    assert task is not None
    passed = dt.timedelta()
    for pause in (1, 2, 4):
        taken = take(any_office, task, passed)
        assert taken is not None
        with any_office.write() as tx:
            assert outbox.rest(tx.conn, taken, any_office.now() + passed, "450")
        assert lease(any_office, passed + MINUTE * pause * 0.9) == []
        passed += MINUTE * pause
        assert lease(any_office, passed) == [task]


def test_what_is_rolled_back_was_never_written_down(any_office: Office) -> None:
    with any_office.write(keep=False) as tx:
        outbox.add(tx.conn, "mail", "mail:1", {}, any_office.now())
    assert lease(any_office) == []
