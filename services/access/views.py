"""The access log `record-viewed`: who of QS and leads read which case why; keys and codes, never a name or a text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from domain.purposes import PURPOSES
from services.records.database import insert_once
from services.records.tables import purposes, views

KEPT = dt.timedelta(days=365)  # 12 months (domain.md 8, no. 4)


def say(conn: Connection, session: str, case_key: UUID, purpose: str) -> None:
    """Remembers why a session reads a case. Raises `ValueError` for what is not in the list."""
    if purpose not in PURPOSES:
        raise ValueError(purpose)
    conn.execute(insert_once(conn.dialect, purposes).values(session=session, case_key=case_key, purpose=purpose))


def said(conn: Connection, session: str, case_key: UUID) -> str | None:
    """What the session said for the case, or nothing yet."""
    asked = select(purposes.c.purpose).where(purposes.c.session == session, purposes.c.case_key == case_key)
    found: str | None = conn.execute(asked).scalar_one_or_none()
    return found


def note(
    conn: Connection, person: str, case_key: UUID, purpose: str, now: dt.datetime, survey: str | None = None
) -> None:
    """Logs one view; `person` is a directory key. Commit it before the answer leaves."""
    row = {"person": person, "case_key": case_key, "purpose": purpose, "survey": survey, "at": now}
    conn.execute(insert(views).values(row))


def note_all(conn: Connection, person: str, cases: Collection[UUID], purpose: str, now: dt.datetime) -> None:
    """Logs a view of each of these cases."""
    if cases:
        rows = [{"person": person, "case_key": one, "purpose": purpose, "survey": None, "at": now} for one in cases]
        conn.execute(insert(views), rows)


def forget(conn: Connection, now: dt.datetime) -> int:
    """Deletes what is older than 12 months and says how many rows that were."""
    return conn.execute(delete(views).where(views.c.at < now - KEPT)).rowcount
