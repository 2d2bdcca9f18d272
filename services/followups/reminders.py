"""Reminds of what waits: after 7 days the same person, after 14 the lead or the next level (Fachkonzept 3.1, 5.2)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, Row, select, update

from domain.followups import LEAD_AFTER, REMIND_AFTER, State, Step, latest, next_step
from domain.organisation import Acting
from domain.periods import local_day
from services.followups.lifecycle import Listed, apart, stages, telling_of
from services.messages import inbox, recipients
from services.messages.inbox import Kind
from services.people import directory
from services.records.tables import followups, messages

if TYPE_CHECKING:
    from services.office.office import Transaction


def remind(tx: Transaction, day: dt.date, now: dt.datetime) -> None:
    """Reminds of every follow-up and request that has waited long enough; each step once."""
    before = now - REMIND_AFTER + dt.timedelta(days=1)
    one = followups.c
    waiting = select(one.case_key).where(one.state == State.OPEN, one.reminded < 2, one.issued_at < before)
    for key in tx.conn.execute(waiting.distinct()).scalars().all():
        with apart(tx.conn, key):
            _remind_case(tx, key, day, now)
    _close_answered(tx.conn, now)
    asked = select(messages).where(messages.c.kind == Kind.REQUEST, messages.c.done_at.is_(None))
    for row in tx.conn.execute(asked.where(messages.c.created_at < before)).all():
        with apart(tx.conn, row.case_key):
            _remind_request(tx, row, day, now)


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
    if step is not Step.LEAD:
        return same
    leads = recipients.recipients(case.organisation, case.about, ("lead",), day)
    return [acting for acting in leads if acting not in same]


# --- requests that wait for a decision ---


def _close_answered(conn: Connection, now: dt.datetime) -> None:
    """A reminder of a request is done with the request."""
    reminders = select(messages.c.id, messages.c.data).where(
        messages.c.kind == Kind.REQUEST_REMINDER, messages.c.done_at.is_(None)
    )
    for row in conn.execute(reminders).all():
        asked = conn.execute(select(messages.c.done_at).where(messages.c.id == row.data["message"])).first()
        if asked is None or asked.done_at is not None:
            conn.execute(update(messages).where(messages.c.id == row.id).values(done_at=now))


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
    for above in organisation.approvers(about.unit, about.area, day, requester, above=True):
        raised = {**data, "above": True}
        key = f"{Kind.REQUEST}/{data['request']}"
        inbox.show_and_mail(tx.conn, Kind.REQUEST, key, above, asked.case_key, raised, now)
