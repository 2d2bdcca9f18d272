"""Erinnern: a lead tells who is responsible once more what is open; once a day, never a wider circle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Connection, delete, select

from domain.decisions.refusal import Refused
from domain.decisions.wishes import Remind
from domain.organisation import Acting
from domain.periods import BERLIN
from services.casework.case import Desk
from services.followups.lifecycle import add, named, stages
from services.messages import inbox
from services.messages.inbox import Kind
from services.records.tables import messages

if TYPE_CHECKING:
    from services.office.office import Transaction


def remind(tx: Transaction, desk: Desk, wish: Remind, now: dt.datetime, decision: str) -> None:
    """Shows it to who is responsible, or acts for them. Raises `Refused`."""
    wanted = named(stages(tx.conn, desk.case_key, desk.today), wish.followups)
    to = _worker(desk)
    first = min(wanted, key=lambda one: one.due)
    if _today(tx.conn, [one.id for one in wanted], desk.today):
        raise Refused([("", "Daran ist heute schon erinnert worden.")])
    for one in wanted:
        add(tx.conn, one, now, late=False)  # issued here if nobody has
    rules = sorted({one.rule for one in wanted})
    data = {
        "info": inbox.REMINDED,
        "rule": first.rule,
        "rules": rules,
        "due": first.due.isoformat(),
        "by": desk.actor.key,
    }
    inbox.show(tx.conn, Kind.INFO, f"{Kind.INFO}/{decision}", to, desk.case_key, data, now, first.id)


def take_back(conn: Connection, case_key: UUID, decision: str) -> None:
    """Undoes it: nobody is shown it any more, and it does not count."""
    own = messages.c.unique_key.startswith(f"{Kind.INFO}/{decision}/")
    conn.execute(delete(messages).where(messages.c.case_key == case_key, own))


def _worker(desk: Desk) -> Acting:
    worker = desk.about.worker
    if worker is None or not desk.organisation.employed(worker, desk.today):
        raise Refused([("", "Für den Fall ist niemand zuständig. Bitte neu zuweisen.")])
    to = desk.organisation.acting(worker, desk.today)
    if to.person == desk.actor.key:
        raise Refused([("", "Für diesen Fall sind Sie selbst zuständig.")])
    return to


def _today(conn: Connection, followups: Collection[UUID], day: dt.date) -> bool:
    one, midnight = messages.c, dt.datetime.combine(day, dt.time.min, BERLIN)
    told = select(one.id).where(one.followup.in_(followups), one.created_at >= midnight, inbox.by_lead())
    return conn.execute(told.limit(1)).first() is not None
