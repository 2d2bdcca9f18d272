"""Open messages follow who is responsible now: a handover, an absence, a return moves them (Fachkonzept 3.1 no. 7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, Row, select, update

from domain.followups import State
from domain.organisation import Organisation
from domain.permissions import About
from services.followups.batches import Before, in_batches, nothing
from services.followups.lifecycle import apart, stages, telling_of, with_due_row
from services.messages import recipients
from services.messages.inbox import Kind
from services.people import directory
from services.records import current
from services.records.tables import due_rows, followups, messages, segments
from services.records.vault import chunks

if TYPE_CHECKING:
    from services.office.office import Office, Transaction


def move_all(office: Office, day: dt.date, now: dt.datetime, before: Before = nothing) -> None:
    """Brings the messages of open follow-ups to those they concern on the day; as often as one likes.

    `before` is done first in each transaction.
    """
    with office.read() as tx:
        found = _misplaced(tx, day)
    in_batches(office, found, lambda tx, some: _move(tx, some, day, now), before)


def move(tx: Transaction, day: dt.date, now: dt.datetime) -> None:
    """The same in the caller's transaction."""
    for some in chunks(_misplaced(tx, day)):
        _move(tx, some, day, now)


def _misplaced(tx: Transaction, day: dt.date) -> list[UUID]:
    """The cases whose messages are to be looked at more closely."""
    organisation = directory.organisation(tx)
    cases = groupby(tx.conn.execute(_open_messages(tx.conn, day)), key=attrgetter("case_key"))
    return [case_key for case_key, told in cases if not _in_place(organisation, list(told), day)]


def _move(tx: Transaction, cases: Sequence[UUID], day: dt.date, now: dt.datetime) -> None:
    organisation = directory.organisation(tx)
    rows = tx.conn.execute(_open_messages(tx.conn, day).where(messages.c.case_key.in_(cases))).all()
    for case_key, told in groupby(rows, key=attrgetter("case_key")):
        with apart(tx.conn, case_key):
            _move_case(tx.conn, organisation, directory.about(tx.conn, case_key, day), list(told), day, now)


def _open_messages(conn: Connection, day: dt.date) -> Any:
    care = segments.c
    return (
        select(messages.c.id, messages.c.case_key, messages.c.followup, messages.c.recipient)
        .add_columns(care.worker, care.unit, care.area, care.team, due_rows.c.recipients)
        .join_from(messages, followups, followups.c.id == messages.c.followup)
        .join(due_rows, with_due_row(conn, day))
        .outerjoin(segments, current.cared_for(segments, messages.c.case_key, day))
        .where(followups.c.state == State.OPEN, messages.c.kind == Kind.FOLLOW_UP, messages.c.done_at.is_(None))
        .order_by(messages.c.case_key)
    )


def _in_place(organisation: Organisation, rows: list[Row[Any]], day: dt.date) -> bool:
    """Whether the messages of a case are with those they concern, as far as the list tells without its facts."""
    for row in rows:
        about, roles = About(row.worker, row.unit, row.area, team=row.team), row.recipients.split(",")
        to = {acting.person for acting in recipients.recipients(organisation, about, roles, day)}
        if "receiver" in roles or (to and to != {one.recipient for one in rows if one.followup == row.followup}):
            return False
    return True


def _move_case(
    conn: Connection, organisation: Organisation, about: About, rows: list[Row[Any]], day: dt.date, now: dt.datetime
) -> None:
    for one in stages(conn, rows[0].case_key, day):
        held = {row.recipient: row.id for row in rows if row.followup == one.id}
        to = {acting.person: acting for acting in recipients.recipients(organisation, about, one.recipients, day)}
        if not held or not to or held.keys() == to.keys():
            continue
        gone = [message for person, message in held.items() if person not in to]
        conn.execute(update(messages).where(messages.c.id.in_(gone)).values(done_at=now))
        _take_up(conn, one.id, [person for person in to if person not in held])
        recipients.tell(conn, telling_of(one, "issue"), to.values(), now)


def _take_up(conn: Connection, followup: UUID, persons: list[str]) -> None:
    """Who had the message before and has it again: it is the same message."""
    before = (messages.c.followup == followup, messages.c.recipient.in_(persons), messages.c.kind == Kind.FOLLOW_UP)
    conn.execute(update(messages).where(*before).values(done_at=None))
