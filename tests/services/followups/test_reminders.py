"""What waits is brought up again: after 7 days to the same person, after 14 to the lead or the next level."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from domain.decisions import wishes
from domain.facts.base import Stream
from domain.facts.case import ResponsibilityAssigned
from domain.facts.contact import AppointmentPlanned
from domain.periods import BERLIN
from services.casework import desk
from services.followups.lifecycle import issue_due
from services.followups.reminders import remind_all
from services.office.office import Office
from services.records.tables import followups, messages, outbox
from tests.services import bureau

TODAY = dt.date(2026, 11, 20)
BEGIN = dt.date(2026, 5, 20)  # six months in the Jobakademie are full today
At = Callable[[int], Office]


@pytest.fixture
def after(make_office: Any, database_url: str) -> At:
    """The same office some days later, at eight; once on SQLite and once on PostgreSQL."""

    def later(days: int) -> Office:
        now = dt.datetime.combine(TODAY + dt.timedelta(days=days), dt.time(8), BERLIN)
        office: Office = make_office(now=now, database=database_url)
        return office

    return later


def tick(office: Office) -> None:
    issue_due(office, office.today(), office.now())
    remind_all(office, office.today(), office.now())


def told(office: Office, *kinds: str) -> list[tuple[str, str]]:
    """The open messages of these kinds: (person, rule or kind)."""
    with office.read() as tx:
        chosen = select(messages).where(messages.c.kind.in_(kinds), messages.c.done_at.is_(None))
        rows = tx.conn.execute(chosen.order_by(messages.c.id)).all()
        names = office.store.numbers(tx.conn, {UUID(hex=row.recipient) for row in rows})
    return [(names[UUID(hex=row.recipient)], row.data.get("rule", row.kind)) for row in rows]


def test_an_untouched_follow_up_is_brought_up_after_7_days_and_goes_to_the_lead_after_14(after: At) -> None:
    bureau.staff(after(0))
    bureau.record(after(0), Stream.CASE, "C-3001", *a_forgotten_appointment())
    for days, reminders, overdue in (
        (0, [], []),
        (6, [], []),
        (7, [("fm-7", "R-14")], []),
        (13, [("fm-7", "R-14")], []),
        (14, [("fm-7", "R-14")], [("tl-1", "R-14")]),
        (90, [("fm-7", "R-14")], [("tl-1", "R-14")]),
    ):
        office = after(days)
        for _ in range(2):
            tick(office)
        assert told(office, "reminder") == reminders
        assert told(office, "overdue") == overdue


def a_forgotten_appointment() -> list[bureau.Dated]:
    """A case that only R-14 asks about."""
    return [
        (BEGIN, ResponsibilityAssigned(worker="fm-7", unit="56.4", area="fallmanagement")),
        (TODAY - dt.timedelta(days=1), AppointmentPlanned(appointment="t-1")),
    ]


def test_what_is_put_off_is_not_brought_up_until_it_comes_back(after: At) -> None:
    people = bureau.staff(after(0))
    case = bureau.record(after(0), Stream.CASE, "C-3001", *a_forgotten_appointment())
    tick(after(0))
    with after(0).read() as tx:
        one = tx.conn.execute(select(followups.c.id)).scalar_one()
    until = TODAY + dt.timedelta(days=10)
    snooze = wishes.Snooze(followups=[one.hex], until=until, reason="documents-missing")
    desk.handle(after(0), case, snooze, people["fm-7"])
    tick(after(9))
    assert told(after(9), "follow-up", "reminder") == []
    tick(after(10))
    tick(after(16))
    assert told(after(16), "follow-up", "reminder") == [("fm-7", "R-14")]
    tick(after(17))
    assert told(after(17), "reminder") == [("fm-7", "R-14")]


def test_a_request_without_decision_reaches_the_lead_again_and_then_the_next_level(after: At) -> None:
    people = bureau.staff(after(0))
    case = bureau.jobakademie(after(0), "C-2001", BEGIN)
    request = wishes.RequestExtension(
        options=["other"],
        other_text="Qualifizierung",
        facts_text="Die Qualifizierung läuft noch.",
        justification="Danach ist eine Stelle zugesagt.",
        until=TODAY + dt.timedelta(days=90),
    )
    desk.handle(after(0), case, request, people["fm-7"])
    for days, reminders, requests in (
        (6, [], ["tl-1"]),
        (7, ["tl-1"], ["tl-1"]),
        (14, ["tl-1"], ["tl-1", "fdl-1"]),
    ):
        for _ in range(2):
            tick(after(days))
        assert [person for person, _ in told(after(days), "request-reminder")] == reminders
        assert [person for person, _ in told(after(days), "decision-request")] == requests
    assert len(mails(after(14))) == 3
    asked = wishes.ReturnExtension(request=request.request, reason="Bis wann läuft sie?")
    desk.handle(after(14), case, asked, people["fdl-1"])
    tick(after(14))
    assert told(after(14), "request-reminder", "decision-request") == []


def mails(office: Office) -> list[str]:
    with office.read() as tx:
        return list(tx.conn.execute(select(outbox.c.unique_key).where(outbox.c.kind == "mail-single")).scalars())
