"""Open messages follow who is responsible now: a handover, an absence or a return moves them (domain.md 3.1 no. 7)."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, Row, select, update

from domain.followups import State
from services import directory, telling
from services.followups import stages, telling_of
from services.records import current
from services.records.inbox import Kind
from services.records.tables import followups, messages, segments

if TYPE_CHECKING:
    from services.office import Office


def move(office: Office, conn: Connection, day: dt.date, now: dt.datetime) -> None:
    """Brings the messages of open follow-ups to those they concern on the day; as often as one likes."""
    organisation = directory.organisation(office, conn)
    rows = conn.execute(_open_messages(day)).all()
    for key, told in groupby(rows, key=attrgetter("case_key")):
        of_case = list(told)
        if any(row.recipient != row.worker or organisation.absent(row.recipient, day) for row in of_case):
            _move_case(office, conn, key, of_case, day, now)


def _open_messages(day: dt.date) -> Any:
    return (
        select(messages.c.id, messages.c.case_key, messages.c.followup, messages.c.recipient, segments.c.worker)
        .join(followups, followups.c.id == messages.c.followup)
        .outerjoin(segments, current.cared_for(segments, messages.c.case_key, day))
        .where(followups.c.state == State.OPEN, messages.c.kind == Kind.FOLLOW_UP, messages.c.done_at.is_(None))
        .order_by(messages.c.case_key)
    )


def _move_case(
    office: Office, conn: Connection, case_key: UUID, rows: list[Row[Any]], day: dt.date, now: dt.datetime
) -> None:
    case = telling.case(office, conn, case_key, day)
    for one in stages(conn, case_key, day):
        held = {row.recipient: row.id for row in rows if row.followup == one.id}
        to = {
            acting.person: acting for acting in telling.recipients(case.organisation, case.about, one.recipients, day)
        }
        if not held or not to or held.keys() == to.keys():
            continue
        gone = [message for person, message in held.items() if person not in to]
        conn.execute(update(messages).where(messages.c.id.in_(gone)).values(done_at=now))
        _take_up(conn, one.id, [person for person in to if person not in held])
        telling.tell(conn, telling_of(one, "issue"), to.values(), now)


def _take_up(conn: Connection, followup: UUID, persons: list[str]) -> None:
    """Who had the message before and has it again: it is the same message."""
    before = (messages.c.followup == followup, messages.c.recipient.in_(persons), messages.c.kind == Kind.FOLLOW_UP)
    conn.execute(update(messages).where(*before).values(done_at=None))
