"""When each person was here before today, so that Heute can say what has come since."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, select, update

from domain.periods import local_day
from services.records.database import insert_once
from services.records.tables import visits


def begin(conn: Connection, person: str, now: dt.datetime) -> None:
    """Notes that somebody (a directory key) logs in; the log-in before counts as the last visit if its day is over."""
    conn.execute(insert_once(conn.dialect, visits).values(person=person, at=now))
    here = visits.c.person == person
    last = conn.scalars(select(visits.c.at).where(here)).one()
    before = {"before": last} if local_day(last) < local_day(now) else {}
    conn.execute(update(visits).where(here).values(at=now, **before))
