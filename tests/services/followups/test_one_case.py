"""A case whose rows cannot be read stops nothing: the others are issued, moved and reminded of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from domain.periods import BERLIN
from services.followups import reassignment, reminders
from services.followups.lifecycle import issue_due
from services.office.office import Office
from services.records.tables import due_rows, followups, messages
from tests.logged import logged
from tests.services import bureau

BEGIN = dt.date(2026, 5, 20)
LIMIT = dt.date(2026, 11, 20)
At = Callable[[dt.date], Office]


@pytest.fixture
def at(make_office: Any, database_url: str) -> At:
    """The same office on another day, at eight in the morning; once on SQLite and once on PostgreSQL."""
    return lambda day: make_office(now=dt.datetime.combine(day, dt.time(8), BERLIN), database=database_url)


def spoil(office: Office, case: UUID) -> None:
    """As if a newer version had written rows of the case."""
    with office.write() as tx:
        tx.conn.execute(update(due_rows).where(due_rows.c.case_key == case).values(rule="R-99"))


def issued(office: Office) -> set[UUID]:
    with office.read() as tx:
        return set(tx.conn.execute(select(followups.c.case_key)).scalars())


def test_the_others_are_issued_and_the_log_names_a_key_and_a_kind(at: At, caplog: pytest.LogCaptureFixture) -> None:
    office = at(LIMIT)
    bureau.staff(office)
    cases = [bureau.jobakademie(office, f"C-{number}", BEGIN) for number in range(3)]
    spoil(office, cases[1])
    issue_due(office, office.today(), office.now())
    assert issued(office) == {cases[0], cases[2]}
    assert logged(caplog) == [{"event": "case left out", "level": "error", "case": cases[1].hex, "kind": "KeyError"}]


def test_the_others_are_moved_and_reminded_of(at: At) -> None:
    office = at(LIMIT)
    people = bureau.staff(office)
    cases = [bureau.jobakademie(office, f"C-{number}", BEGIN) for number in range(3)]
    issue_due(office, office.today(), office.now())
    later = LIMIT + dt.timedelta(days=7)
    bureau.absent(office, "fm-7", later, later)
    spoil(office, cases[1])
    office = at(later)
    with office.write() as tx:
        reassignment.move(tx, later, office.now())
        reminders.remind(tx, later, office.now())
    with office.read() as tx:
        told = tx.conn.execute(select(messages).where(messages.c.recipient == people["fm-8"])).all()
    assert {(one.case_key, one.kind) for one in told} >= {(cases[0], "reminder"), (cases[2], "reminder")}
