"""What has come in somebody's cases since their last visit: entries of others, and what became due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from domain.periods import local_day
from services.office.office import Transaction
from services.questions import since as question
from services.questions.since import Recorded
from services.questions.today import Inbox
from services.web.http.visitor import Visitor


class Since(NamedTuple):
    """What has come since a day: how many entries in how many cases, the latest of them, and how many tasks; `names` of
    the clients.
    """

    day: dt.date | None = None
    number: int = 0
    cases: int = 0
    rows: Sequence[Recorded] = ()
    tasks: int = 0
    names: Mapping[UUID, str] = {}

    def named(self, names: Mapping[UUID, str]) -> Since:
        """The same with the names of clients by case."""
        return self._replace(names=names)


def since(tx: Transaction, visitor: Visitor, found: Inbox) -> Since:
    """What has come since the visitor was here on an earlier day; nothing at the first visit."""
    new = question.recorded(tx.conn, visitor.workers, visitor.person, visitor.today)
    if new is None:
        return Since()
    day = local_day(new.before)
    due = sum(any(day < stage.due <= visitor.today for stage in one.stages) for one in found.now)
    return Since(day, new.number, new.cases, new.rows, due)
