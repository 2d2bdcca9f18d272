"""What Heute says of cases that were assigned together: one line, with the list of those one may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from domain.permissions import Action, relations
from services.messages import assigned, waiting
from services.messages.inbox import Kind
from services.office.office import Transaction
from services.people import directory
from services.web.http.visitor import Visitor
from services.web.today.tasks import Named


class Assignment(NamedTuple):
    """A message: who assigned when, how many, and of the cases that may be seen (number, name)."""

    id: int
    at: dt.datetime
    by: str
    number: int
    cases: Sequence[tuple[str, str]]


def shown(tx: Transaction, visitor: Visitor, named: Named) -> list[Assignment]:
    """The newest first; who is called how stands in `named`."""
    found = []
    for row in waiting.told(tx.conn, visitor.organisation, visitor.person, visitor.today, (Kind.ASSIGNED,)):
        keys = assigned.cases_of(row)
        numbers, cases = tx.store.numbers(tx.conn, keys), []
        abouts = directory.abouts(tx.conn, keys, visitor.today)
        for key in (one for one in keys if one in numbers):
            about = abouts.get(key, directory.NOBODY)
            standing = relations(visitor.organisation, visitor.person, visitor.today, about)
            if visitor.may(Action.SEE_CASE, standing):
                name = named.clients.get(key, "") if visitor.may(Action.SEE_NAMES, standing) else ""
                cases.append((numbers[key], name))
        found.append(Assignment(row.id, row.created_at, named.staff.get(str(row.data["by"]), ""), len(keys), cases))
    return found[::-1]
