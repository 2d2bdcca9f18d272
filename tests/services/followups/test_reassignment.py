"""Open messages follow a handover, an absence and a return."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from domain.facts.base import Stream
from domain.facts.case import ResponsibilityAssigned
from domain.periods import BERLIN
from services.followups.lifecycle import issue_due
from services.followups.reassignment import move_all
from services.office.office import Office
from services.records.tables import messages
from tests.services import bureau

TODAY = dt.date(2026, 11, 20)
DAY = dt.timedelta(days=1)
BEGIN = dt.date(2026, 5, 20)
At = Callable[[dt.date], Office]


@pytest.fixture
def at(make_office: Any, database_url: str) -> At:
    """The same office on another day; once on SQLite and once on PostgreSQL."""
    return lambda day: make_office(now=dt.datetime.combine(day, dt.time(8), BERLIN), database=database_url)


def tick(office: Office) -> None:
    issue_due(office, office.today(), office.now())
    for _ in range(2):
        move_all(office, office.today(), office.now())


def holders(office: Office) -> list[str]:
    """Whose message about the limit of R-02 stands open."""
    with office.read() as tx:
        rows = tx.conn.execute(select(messages).where(messages.c.done_at.is_(None))).all()
    return [row.recipient for row in rows if row.data["stage"] == "limit"]


def test_absence_and_return_move_a_message_and_back(at: At) -> None:
    office = at(TODAY)
    people = bureau.staff(office)
    bureau.jobakademie(office, "C-2001", BEGIN)
    tick(office)
    assert holders(office) == [people["fm-7"]]
    bureau.absent(office, "fm-7", TODAY + DAY, TODAY + DAY)
    away = at(TODAY + DAY)
    tick(away)
    assert holders(away) == [people["fm-8"]]
    back = at(TODAY + DAY * 2)
    tick(back)
    assert holders(back) == [people["fm-7"]]


def test_a_new_responsibility_moves_a_message(at: At) -> None:
    office = at(TODAY)
    people = bureau.staff(office)
    bureau.jobakademie(office, "C-2001", BEGIN)
    tick(office)
    assigned = ResponsibilityAssigned(worker="fm-8", unit="56.4", area="jobakademie")
    bureau.record(office, Stream.CASE, "C-2001", (TODAY, assigned))
    tick(office)
    assert holders(office) == [people["fm-8"]]
