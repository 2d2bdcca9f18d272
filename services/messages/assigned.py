"""Cases that a lead assigns together: who gets them is told once, with the list of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, update

from services.messages import inbox
from services.messages.inbox import Kind
from services.people import directory
from services.records.tables import messages

if TYPE_CHECKING:
    from services.office.office import Transaction


def tell(tx: Transaction, by: str, worker: str, cases: Sequence[UUID], deed: str) -> None:
    """Tells a member of staff (by id) of these cases; `by` is a directory key, `deed` the id of the first decision."""
    to = directory.person_key(tx, worker)
    if to is None or to == by:
        return
    acting = directory.organisation(tx).acting(to, tx.today)
    data = {"by": by, "cases": [case.hex for case in cases]}
    inbox.show(tx.conn, Kind.ASSIGNED, f"{Kind.ASSIGNED}/{deed}", acting, None, data, tx.now)


def take_back(conn: Connection, deeds: Collection[str], now: dt.datetime) -> None:
    """Nobody is told any longer of what was undone; `deeds` are ids of decisions, among them the first of each."""
    keys = messages.c.unique_key
    for deed in deeds:
        own = keys.between(f"{Kind.ASSIGNED}/{deed}/", f"{Kind.ASSIGNED}/{deed}0")  # "0" follows "/"
        conn.execute(update(messages).where(own, messages.c.done_at.is_(None)).values(done_at=now))


def cases_of(message: Any) -> list[UUID]:
    """The cases a message is about."""
    if message.kind == Kind.ASSIGNED:
        return [UUID(hex=case) for case in message.data["cases"]]
    return [message.case_key] if message.case_key else []


def still(tx: Transaction, message: Any, day: dt.date) -> list[UUID]:
    """The cases a message is about that are still with whom it told of them: some may have gone on, or back."""
    cases = cases_of(message)
    if message.kind != Kind.ASSIGNED:
        return cases
    told = {message.recipient, message.data.get("for")}
    abouts = directory.abouts(tx.conn, cases, day)
    return [case for case in cases if case in abouts and abouts[case].worker in told]
