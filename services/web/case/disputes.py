"""Das stimmt nicht, as leads and QS read it: which reminder of which case, who says so, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row

from domain.permissions import Action
from notifications import render
from services.casework import dispute
from services.messages import waiting
from services.messages.inbox import Kind
from services.office.office import Transaction
from services.people import directory
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
    rows = waiting.told(tx.conn, visitor.organisation, visitor.person, visitor.today, (Kind.DISPUTE,))
    cases = {row.case_key for row in rows}
    directory.abouts(tx.conn, cases, visitor.today)
    tx.store.look_up(tx.conn, (), {*cases, *directory.keys(people(rows)).values()})
    numbers = tx.store.numbers(tx.conn, cases)
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
        by = directory.label(tx, str(row.data["by"])) if named else ""
        found.append(Dispute(row.id, row.case_key, numbers[row.case_key], row.created_at, rules, by, said))
    return found


def people(rows: Iterable[Row[Any]]) -> set[str]:
    """Who says so, by directory key."""
    return {str(row.data["by"]) for row in rows}
