"""Das stimmt nicht: what a worker says about a wrong reminder, for leads and QS (Fachkonzept 2.8, follow-up-disputed).

It changes nothing about the follow-up: that is resolved by facts alone. The text is sealed with the key of the case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, update

from domain.decisions.refusal import Refused
from domain.decisions.wishes import Dispute
from domain.organisation import Acting
from domain.permissions import QS
from services.casework.case import Desk
from services.followups.lifecycle import Listed, named, stages
from services.messages import inbox, waiting
from services.messages.inbox import Kind
from services.records.tables import messages

if TYPE_CHECKING:
    from services.office.office import Transaction


def dispute(tx: Transaction, desk: Desk, wish: Dispute, now: dt.datetime, decision: str) -> None:
    """Tells the leads of the case and QS once for each follow-up. Raises `Refused`."""
    wanted = named(stages(tx.conn, desk.case_key, desk.today), wish.followups)
    first = wanted[0]
    if waiting.reported(tx.conn, [first.id]):
        raise Refused([("", "Zu dieser Aufgabe ist schon gemeldet, dass sie nicht stimmt.")])
    data = _data(wanted, desk.actor.key) | {"decision": decision}
    sealed = tx.office.vault.encrypt(tx.conn, desk.case_key, wish.reason.encode(), _context(first.id))
    for acting in _readers(desk):
        key = f"{Kind.DISPUTE}/{decision}"
        inbox.show(tx.conn, Kind.DISPUTE, key, acting, desk.case_key, data | {"text": sealed.hex()}, now, first.id)


def said(tx: Transaction, case_key: UUID, followup: UUID, data: dict[str, Any]) -> str:
    """What the worker wrote; "" once the case is erased."""
    clear = tx.office.vault.decrypt(tx.conn, case_key, bytes.fromhex(str(data["text"])), _context(followup))
    return clear.decode() if clear is not None else ""


def take_back(conn: Connection, case_key: UUID, decision: str, now: dt.datetime) -> None:
    """Undoes a dispute: nobody is shown it any more."""
    own = (messages.c.case_key == case_key, messages.c.unique_key.startswith(f"{Kind.DISPUTE}/{decision}/"))
    conn.execute(update(messages).where(*own).values(done_at=now))


def _data(wanted: Sequence[Listed], by: str) -> dict[str, Any]:
    rules = [{"rule": one.rule, "stage": one.stage, "due": one.due.isoformat()} for one in wanted]
    return {"by": by, "rules": rules}


def _readers(desk: Desk) -> Collection[Acting]:
    """The leads of the case, or of the next level where who says it leads it alone, and QS; each once."""
    organisation, about = desk.organisation, desk.about
    qs = [one for one in organisation.persons(desk.today) if organisation.role_names(one, desk.today) & QS]
    leads = organisation.approvers(about.unit, about.area, desk.today, desk.actor.key, team=about.team)
    found = {one.person: one for one in [*leads, *(organisation.acting(one, desk.today) for one in qs)]}
    return [one for person, one in found.items() if person != desk.actor.key]


def _context(followup: UUID) -> bytes:
    return followup.bytes + Kind.DISPUTE.value.encode()
