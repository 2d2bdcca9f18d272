"""What `/healthz` says of each part."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import update

from services.office.health import beat, health, machine_time
from services.office.office import Office
from services.records.tables import heartbeats


def test_a_part_that_never_started_is_unknown(office: Office) -> None:
    found = health(office)
    assert found["ok"] is True
    assert found["worker"] == {"state": "unknown"}
    assert found["outbox"] == {"waiting": 0, "failed": 0}


def test_a_part_is_running_until_it_falls_silent_or_says_it_is_down(office: Office) -> None:
    for state in ("running", "down"):
        with office.write() as tx:
            beat(tx.conn, "queue", state)
        assert health(office)["queue"]["state"] == state
    with office.write() as tx:
        tx.conn.execute(update(heartbeats).values(at=machine_time() - dt.timedelta(seconds=16)))
    assert health(office)["queue"]["state"] == "silent"


def test_since_tells_when_it_came_into_this_state(office: Office) -> None:
    with office.write() as tx:
        beat(tx.conn, "queue")
    since = health(office)["queue"]["since"]
    with office.write() as tx:
        beat(tx.conn, "queue")
    again = health(office)["queue"]
    assert again["since"] == since
    assert again["at"] > since
    with office.write() as tx:
        beat(tx.conn, "queue", "down")
    assert health(office)["queue"]["since"] > since


def test_a_silent_part_is_so_since_its_last_sign_of_life(office: Office) -> None:
    with office.write() as tx:
        beat(tx.conn, "worker")
        last = machine_time() - dt.timedelta(minutes=3)
        tx.conn.execute(update(heartbeats).values(at=last, since=last - dt.timedelta(hours=1)))
    assert health(office)["worker"] == {"state": "silent", "at": last.isoformat(), "since": last.isoformat()}
    with office.write() as tx:
        beat(tx.conn, "worker")
    back = health(office)["worker"]
    assert back["state"] == "running"
    assert back["since"] == back["at"] > last.isoformat()


def test_several_processes_of_a_part_are_one_part(office: Office) -> None:
    with office.write() as tx:
        beat(tx.conn, "worker")
        tx.conn.execute(update(heartbeats).values(pid=1))
    since = health(office)["worker"]["since"]
    with office.write() as tx:
        beat(tx.conn, "worker")
    assert health(office)["worker"]["since"] == since
