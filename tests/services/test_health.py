"""What `/healthz` says of each part."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import update

from services.health import beat, health, machine_time
from services.office import Office
from services.records.tables import heartbeats


def test_a_part_that_never_started_is_unknown(office: Office) -> None:
    found = health(office)
    assert found["ok"] is True
    assert found["worker"] == {"state": "unknown"}
    assert found["outbox"] == {"waiting": 0, "failed": 0}


def test_a_part_is_running_until_it_falls_silent_or_says_it_is_down(office: Office) -> None:
    for state in ("running", "down"):
        with office.write() as conn:
            beat(conn, "queue", state)
        assert health(office)["queue"]["state"] == state
    with office.write() as conn:
        conn.execute(update(heartbeats).values(at=machine_time() - dt.timedelta(seconds=16)))
    assert health(office)["queue"]["state"] == "silent"


def test_since_tells_when_it_came_into_this_state(office: Office) -> None:
    with office.write() as conn:
        beat(conn, "queue")
    since = health(office)["queue"]["since"]
    with office.write() as conn:
        beat(conn, "queue")
    again = health(office)["queue"]
    assert again["since"] == since
    assert again["at"] > since
    with office.write() as conn:
        beat(conn, "queue", "down")
    assert health(office)["queue"]["since"] > since
