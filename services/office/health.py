"""Which parts of the service are alive: heartbeats, and what is waiting to be sent."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from services.records.database import insert_once
from services.records.tables import heartbeats, outbox

if TYPE_CHECKING:
    from services.office.office import Office

PARTS = ("worker", "scheduler", "queue")
SILENT = dt.timedelta(seconds=15)


def machine_time() -> dt.datetime:
    """The clock of the machine, for leases and heartbeats alone: it runs on while FALLVERLAUF_NOW stands still."""
    return dt.datetime.now(dt.UTC)


def beat(conn: Connection, name: str, state: str = "running", detail: str | None = None) -> None:
    """Writes that a part is alive; `since` is when it came into this state. Names nobody and no case.

    Several processes of one part beat under one name: the part came back when none of them had for a while.
    """
    at = machine_time()
    row = {"pid": os.getpid(), "at": at, "state": state, "detail": detail}
    conn.execute(insert_once(conn.dialect, heartbeats).values(name=name, since=at, **row))
    same = (heartbeats.c.name == name, heartbeats.c.state == state, heartbeats.c.at >= at - SILENT)
    if not conn.execute(heartbeats.update().where(*same).values(row)).rowcount:
        conn.execute(heartbeats.update().where(heartbeats.c.name == name).values(since=at, **row))


def health(office: Office) -> dict[str, Any]:
    """What `/healthz` says: `ok` while the database answers, then each part with its state and last sign of life.

    A part is `running`, `down` (it says so itself), `silent` (no sign for 15 seconds) or `unknown` (never started);
    `since` tells when that began, for a silent one its last sign of life.
    Raises what the database raises.
    """
    with office.read() as tx:
        rows = {row.name: row for row in tx.conn.execute(select(heartbeats))}
        waiting = tx.conn.execute(select(func.count()).where(outbox.c.state.in_(("waiting", "sending")))).scalar_one()
        failed = tx.conn.execute(select(func.count()).where(outbox.c.state == "failed")).scalar_one()
    parts = {name: _part(rows.get(name)) for name in PARTS}
    return {"ok": True, "database": "running", **parts, "outbox": {"waiting": waiting, "failed": failed}}


def _part(row: Any) -> dict[str, Any]:
    if row is None:
        return {"state": "unknown"}
    if machine_time() - row.at > SILENT:
        return {"state": "silent", "at": row.at.isoformat(), "since": row.at.isoformat()}
    return {"state": row.state, "at": row.at.isoformat(), "since": row.since.isoformat()}
