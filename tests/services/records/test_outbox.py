"""Tasks of the outbox: once each, handed out to one caller at a time, again when lost, and their outcome."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from services.office import Office
from services.records import outbox

MINUTE = dt.timedelta(minutes=1)


def add(office: Office, key: str, due_at: dt.datetime | None = None) -> UUID | None:
    with office.write() as conn:
        return outbox.add(conn, "mail", key, {"followup": "f-1"}, due_at or office.now())


def lease(office: Office, now: dt.datetime, limit: int = 100) -> list[UUID]:
    with office.write() as conn:
        return outbox.lease(conn, now, again_after=MINUTE, limit=limit)


def test_the_same_task_is_written_down_once(any_office: Office) -> None:
    first = add(any_office, "mail:1")
    assert first is not None
    assert add(any_office, "mail:1") is None
    assert lease(any_office, any_office.now()) == [first]


def test_a_task_is_handed_out_when_due_and_again_when_lost(any_office: Office) -> None:
    now = any_office.now()
    task = add(any_office, "mail:1", now + MINUTE)
    assert lease(any_office, now) == []
    assert lease(any_office, now + MINUTE) == [task]
    assert lease(any_office, now + MINUTE * 1.5) == []
    assert lease(any_office, now + MINUTE * 2) == [task]


def test_each_of_many_callers_gets_tasks_of_its_own(any_office: Office) -> None:
    tasks = {add(any_office, f"mail:{at}") for at in range(60)}
    with ThreadPoolExecutor(6) as pool:
        taken = [
            task for part in pool.map(lambda _: lease(any_office, any_office.now(), 10), range(6)) for task in part
        ]
    rest = lease(any_office, any_office.now())  # a caller that met locked rows may have taken fewer than it could
    assert len(taken) + len(rest) == 60
    assert {*taken, *rest} == tasks


def test_a_task_that_is_done_is_never_taken_again(any_office: Office) -> None:
    task = add(any_office, "mail:1")
    assert task is not None
    with any_office.write() as conn:
        assert outbox.take(conn, task) == outbox.Task(task, "mail", {"followup": "f-1"}, 0)
        assert outbox.complete(conn, task, any_office.now())
    with any_office.write() as conn:
        assert outbox.take(conn, task) is None
        assert not outbox.complete(conn, task, any_office.now())
    assert lease(any_office, any_office.now() + MINUTE * 5) == []


def test_a_failed_try_comes_again_and_a_final_one_does_not(any_office: Office) -> None:
    now = any_office.now()
    task = add(any_office, "mail:1")
    assert task is not None
    lease(any_office, now)
    with any_office.write() as conn:
        assert outbox.fail(conn, task, now, "450 später", retry_at=now + MINUTE)
    assert lease(any_office, now) == []
    assert lease(any_office, now + MINUTE) == [task]
    with any_office.write() as conn:
        found = outbox.take(conn, task)
        assert found is not None
        assert found.tries == 1
        assert outbox.fail(conn, task, now, "550 unbekannt")
    assert lease(any_office, now + MINUTE * 9) == []


def test_what_is_rolled_back_was_never_written_down(any_office: Office) -> None:
    with any_office.write(keep=False) as conn:
        outbox.add(conn, "mail", "mail:1", {}, any_office.now())
    assert lease(any_office, any_office.now()) == []
