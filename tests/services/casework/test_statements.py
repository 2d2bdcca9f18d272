"""What one decision asks of the database: so many statements and no more, counted on both databases."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from domain.decisions import wishes
from domain.facts import Stream
from domain.periods import BERLIN
from services.casework.desk import handle
from services.followups import lifecycle
from services.office.office import Office
from services.records import tables
from tests.services import bureau
from tests.statements import statements

TODAY = dt.date(2026, 11, 20)
CALL = wishes.RecordContact(on=TODAY, channel="phone")
# Whatever is recorded: the head is locked; the case, who is named in it, the office with who is responsible, and what
# rows are computed by are read; the fact, its id, the head, its arrival and what is to be undone are written.
ALWAYS = 10
ENTRY = 1  # of every fact
DUE = 2  # what was due, and where something else is now, the follow-ups there are
LISTED = 2  # what the rules about contact have listed is read, and what is listed from now on is written
REQUESTED = 1  # the messages of a case in which somebody has once asked for an extension or offered it


@pytest.fixture
def office(make_office: Any, database_url: str) -> Office:
    """The bureau, once on SQLite and once on PostgreSQL."""
    office: Office = make_office(now=dt.datetime.combine(TODAY, dt.time(10, 10), BERLIN), database=database_url)
    bureau.staff(office)
    return office


@pytest.fixture
def case(office: Office) -> UUID:
    """Three months in the Jobakademie."""
    return bureau.jobakademie(office, "C-2001", dt.date(2026, 8, 20))


@pytest.fixture
def worker(office: Office) -> str:
    """Who is responsible for it."""
    with office.read() as tx:
        key = office.store.key(tx.conn, Stream.PERSON, "fm-7")
    assert key is not None
    return key.hex


def asked(office: Office, case: UUID, wish: wishes.Wish, worker: str) -> list[str]:
    """The statements of one decision, without the lock that SQLite does not need."""
    handle(office, case, CALL, worker, preview=True)  # the directory is read once
    with statements(office) as found:
        handle(office, case, wish, worker)
    locks = [one for one in found if "pg_advisory_xact_lock_shared" in one]
    assert len(locks) == (office.engine.dialect.name == "postgresql")
    return [one for one in found if one not in locks]


def test_a_contact(office: Office, case: UUID, worker: str) -> None:
    found = asked(office, case, CALL, worker)
    assert len(found) == ALWAYS + ENTRY + LISTED + DUE
    assert len(set(found)) == len(found)  # nothing is asked twice


def test_an_appointment(office: Office, case: UUID, worker: str) -> None:
    """Its span and what it makes due are new; spans of appointments that may end with it are read."""
    found = asked(office, case, wishes.PlanAppointment(on=dt.date(2026, 12, 1)), worker)
    assert len(found) == ALWAYS + ENTRY + 3 + DUE


def test_another_strategy(office: Office, case: UUID, worker: str) -> None:
    """Segments, violations and spans are read; of segments, spans and what is due some end and some begin."""
    found = asked(office, case, wishes.ChangeStrategy(strategy="entwicklung", on=TODAY), worker)
    assert len(found) == ALWAYS + ENTRY + 3 + 6 + DUE


def test_a_case_with_a_request(office: Office, case: UUID, worker: str) -> None:
    """As long as the request is open, who may decide it is told of it, once."""
    asks = wishes.RequestExtension(
        options=["other"],
        other_text="Qualifizierung",
        facts_text="Qualifizierung endet am 28.02.",
        justification="Danach ist eine Stelle zugesagt.",
        until=dt.date(2027, 4, 20),
    )
    handle(office, case, asks, worker)
    handle(office, case, wishes.WithdrawRequest(request=asks.request), worker)
    assert len(asked(office, case, CALL, worker)) == ALWAYS + ENTRY + LISTED + DUE + REQUESTED


def test_as_many_however_many_follow_ups_it_settles(office: Office, worker: str) -> None:
    """They are closed at once, and their messages with them; what the newest fact is called is asked once."""
    case = bureau.jobakademie(office, "C-2002", dt.date(2026, 5, 20))
    with office.write() as tx:
        lifecycle.issue_due_in(tx, TODAY, tx.now)
    ended = TODAY - dt.timedelta(days=1)  # an end settles from the day after it
    found = asked(office, case, wishes.EndStrategy(on=ended, reason="closed"), worker)
    with office.read() as tx:
        states = tx.conn.scalars(select(tables.followups.c.state)).all()
    assert states == ["resolved"] * 3
    assert len(found) == ALWAYS + ENTRY + 3 + 6 + DUE + 3
