"""Das stimmt nicht, as leads and QS read it: which reminder of which case, who says so, and why."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from domain.permissions import Action
from notifications import render
from services.casework import dispute
from services.messages import waiting
from services.messages.inbox import Kind
from services.office.office import Transaction
from services.people import directory
from services.records.tables import messages
from services.web.http.visitor import Visitor


class Dispute(NamedTuple):
    """One report; `rules` are (rule, its name, since when it is due). Without the right to see names `by` is ""."""

    id: int
    case_key: UUID
    number: str
    at: dt.datetime
    rules: list[tuple[str, str, dt.date]]
    by: str
    said: str


def read(tx: Transaction, visitor: Visitor) -> list[Dispute]:
    """The reports the visitor has not ticked off, of cases that may still be seen, the oldest first."""
    own = waiting.told(tx.conn, visitor.organisation, visitor.person, visitor.today, (Kind.DISPUTE,))
    rows = tx.conn.execute(select(messages).where(messages.c.id.in_(own)).order_by(messages.c.id)).all()
    numbers = tx.store.numbers(tx.conn, {row.case_key for row in rows})
    names = directory.labels(tx, {str(row.data["by"]) for row in rows})
    found = []
    for row in rows:
        if row.case_key not in numbers:  # erased since
            continue
        standing = directory.relations_to(tx, visitor.person, row.case_key, visitor.today)
        if not visitor.may(Action.SEE_CASE, standing):  # the case went to another unit
            continue
        named = visitor.may(Action.SEE_NAMES, standing)
        said = dispute.said(tx, row.case_key, row.followup, row.data)
        rules = [
            (one["rule"], render.rule_name(one["rule"]), dt.date.fromisoformat(one["due"])) for one in row.data["rules"]
        ]
        by = names[str(row.data["by"])] if named else ""
        found.append(Dispute(row.id, row.case_key, numbers[row.case_key], row.created_at, rules, by, said))
    return found
