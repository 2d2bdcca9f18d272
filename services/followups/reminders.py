"""Reminds of what waits: after 7 days the same person, after 14 the lead or the next level (Fachkonzept 3.1, 5.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, Row, select, update

from domain.followups import LEAD_AFTER, REMIND_AFTER, State, Step, latest, next_step
from domain.organisation import Acting
from domain.periods import local_day
from domain.rules import RULES
from services.followups.batches import Before, in_batches, nothing
from services.followups.lifecycle import Listed, apart, stages, telling_of
from services.messages import inbox, recipients
from services.messages.inbox import Kind
from services.people import directory
from services.records.tables import followups, messages
from services.records.vault import chunks

if TYPE_CHECKING:
    from services.office.office import Office, Transaction


def remind_all(office: Office, day: dt.date, now: dt.datetime, before: Before = nothing) -> None:
    """Reminds of every follow-up and request that has waited long enough; each step once.

    `before` is done first in each transaction.
    """
    with office.read() as tx:
        cases, answered, asked = _waiting(tx.conn, now), _answered(tx.conn), _asked(tx.conn, now)
    in_batches(office, cases, lambda tx, some: _remind_cases(tx, some, day, now), before)
    in_batches(office, answered, lambda tx, some: _close(tx.conn, some, now), before)
    in_batches(office, asked, lambda tx, some: _remind_requests(tx, some, day, now), before)


def remind(tx: Transaction, day: dt.date, now: dt.datetime) -> None:
    """The same in the caller's transaction."""
    _remind_cases(tx, _waiting(tx.conn, now), day, now)
    for some in chunks(_answered(tx.conn)):
        _close(tx.conn, some, now)
    for asked in chunks(_asked(tx.conn, now)):
        _remind_requests(tx, asked, day, now)


def _long_ago(now: dt.datetime) -> dt.datetime:
    return now - REMIND_AFTER + dt.timedelta(days=1)


def _waiting(conn: Connection, now: dt.datetime) -> Sequence[UUID]:
    one = followups.c
    waiting = select(one.case_key).where(one.state == State.OPEN, one.reminded < 2, one.issued_at < _long_ago(now))
    return conn.execute(waiting.distinct()).scalars().all()


def _remind_cases(tx: Transaction, cases: Sequence[UUID], day: dt.date, now: dt.datetime) -> None:
    for key in cases:
        with apart(tx.conn, key):
            _remind_case(tx, key, day, now)


def _remind_case(tx: Transaction, case_key: UUID, day: dt.date, now: dt.datetime) -> None:
    case = recipients.case(tx, case_key, day)
    shown = [one for one in latest(stages(tx.conn, case_key, day)) if not case.is_acted(one.rule)]
    kept = {row.id: row for row in tx.conn.execute(select(followups).where(followups.c.case_key == case_key))}
    for one in shown:
        row = kept.get(one.id)
        if row is None or row.state != State.OPEN:
            continue
        issued = local_day(row.issued_at)
        step = next_step(issued, row.reminded, day)
        if step is None:
            continue
        told = telling_of(one, f"{step.value}-{issued.isoformat()}", step)
        recipients.tell(tx.conn, told, _recipients(case, one, step, day), now)
        reminded = 2 if step is Step.LEAD else 1
        tx.conn.execute(update(followups).where(followups.c.id == one.id).values(reminded=reminded))


def _recipients(case: recipients.Case, one: Listed, step: Step, day: dt.date) -> list[Acting]:
    """The same as before; in the last step the leads who do not know of it yet."""
    same = recipients.recipients(case.organisation, case.about, one.recipients, day)
    if step is not Step.LEAD or RULES[one.rule].theme.private:
        return same
    leads = recipients.recipients(case.organisation, case.about, ("lead",), day)
    return [acting for acting in leads if acting not in same]


# --- requests that wait for a decision ---


def _answered(conn: Connection) -> list[int]:
    """The open reminders of requests that are done: so are they."""
    one = messages.c
    reminders = select(one.id, one.data).where(one.kind == Kind.REQUEST_REMINDER, one.done_at.is_(None))
    of = {row.id: row.data["message"] for row in conn.execute(reminders)}
    still = set(conn.scalars(select(one.id).where(one.kind == Kind.REQUEST, one.done_at.is_(None))))
    return [reminder for reminder, asked in of.items() if asked not in still]


def _close(conn: Connection, reminders: Sequence[int], now: dt.datetime) -> None:
    conn.execute(update(messages).where(messages.c.id.in_(reminders)).values(done_at=now))


def _asked(conn: Connection, now: dt.datetime) -> Sequence[int]:
    one = messages.c
    open_ones = select(one.id).where(one.kind == Kind.REQUEST, one.done_at.is_(None))
    return conn.scalars(open_ones.where(one.created_at < _long_ago(now))).all()


def _remind_requests(tx: Transaction, asked: Sequence[int], day: dt.date, now: dt.datetime) -> None:
    still = select(messages).where(messages.c.id.in_(asked), messages.c.done_at.is_(None))
    for row in tx.conn.execute(still).all():
        with apart(tx.conn, row.case_key):
            _remind_request(tx, row, day, now)


def _remind_request(tx: Transaction, asked: Row[Any], day: dt.date, now: dt.datetime) -> None:
    """The lead again after 7 days; after 14 also the next level, where the request then stands to be decided."""
    organisation = directory.organisation(tx)
    data = {**asked.data, "message": asked.id}
    data.pop("for", None)
    acting = organisation.acting(asked.data.get("for") or asked.recipient, day)
    key = f"{asked.unique_key}/reminder"
    inbox.show_and_mail(tx.conn, Kind.REQUEST_REMINDER, key, acting, asked.case_key, data, now)
    if day < local_day(asked.created_at) + LEAD_AFTER or asked.data.get("above"):
        return
    about = directory.about(tx.conn, asked.case_key, day)
    requester = asked.data["by"]
    for above in organisation.approvers(about.unit, about.area, day, requester, above=True, team=about.team):
        raised = {**data, "above": True}
        key = f"{Kind.REQUEST}/{data['request']}"
        inbox.show_and_mail(tx.conn, Kind.REQUEST, key, above, asked.case_key, raised, now)
