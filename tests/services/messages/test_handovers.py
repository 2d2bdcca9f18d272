"""Who hears of a handover: the receiver at once and in the mail of the day, the giver of the answer."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from domain.decisions.wishes import AcceptHandover, Dispute, HandOver, WithdrawHandover
from domain.periods import BERLIN
from services.casework import desk
from services.followups import lifecycle
from services.messages import mail as mails
from services.messages.outbox import Task
from services.office.office import Office
from services.operations import erasure
from services.questions import handovers, today
from services.records.tables import messages, outbox
from tests.services import bureau

TODAY = dt.date(2026, 11, 20)
OFFER = HandOver(
    to_worker="fm-8", to_unit="56.4", to_area="jobakademie", intended_strategy="integration", reason="Sucht"
)


@pytest.fixture
def office(make_office: Any) -> Office:
    office: Office = make_office(now=dt.datetime.combine(TODAY, dt.time(10, 10), BERLIN))
    return office


def told(office: Office, person: str) -> list[tuple[str, Any]]:
    with office.read() as tx:
        row = messages.c
        found = tx.conn.execute(select(row.kind, row.data).where(row.recipient == person, row.done_at.is_(None)))
        return [(one.kind, one.data) for one in found]


def letter(office: Office) -> str:
    """The mail of the day."""
    with office.write() as tx:
        assert mails.plan_digests(tx.conn, office.now()) == 1
        (row,) = tx.conn.execute(select(outbox).where(outbox.c.kind == mails.DIGEST))
        mail = mails.compose(tx, Task(id=row.id, kind=row.kind, data=row.data, tries=1), TODAY)
    assert mail is not None
    return f"{mail.to} {mail.subject} {mail.text}"


def test_while_the_offer_waits_no_task_of_these_days_is_named_as_the_next(office: Office) -> None:
    people = bureau.staff(office)
    case = bureau.jobakademie(office, "C-2001", dt.date(2026, 8, 21))  # three months are over tomorrow
    worker = [people["fm-7"]]
    with office.read() as tx:
        found = today.inbox(tx, worker, TODAY)
    assert (len(found.week), found.next and found.next.due) == (1, dt.date(2026, 11, 21))
    desk.handle(office, case, OFFER, people["fm-7"])
    with office.read() as tx:
        found = today.inbox(tx, worker, TODAY)
    assert found.week == []
    assert found.next is not None
    assert found.next.due > dt.date(2026, 11, 22)


def test_the_receiver_is_told_and_mailed_by_number_alone(office: Office) -> None:
    people = bureau.staff(office)
    case = bureau.jobakademie(office, "C-2001", dt.date(2026, 10, 20))
    desk.handle(office, case, OFFER, people["fm-7"])
    assert told(office, people["fm-8"]) == [
        ("handover-offer", {"by": people["fm-7"], "strategy": "integration"}),
    ]
    said = letter(office)
    assert "fm-8@example.org" in said
    assert "C-2001: Übergabe an Sie" in said
    assert "Frau X" not in said


def test_an_answer_ends_the_offer_and_is_told_to_the_giver(office: Office) -> None:
    people = bureau.staff(office)
    case: UUID = bureau.jobakademie(office, "C-2001", dt.date(2026, 10, 20))
    desk.handle(office, case, OFFER, people["fm-7"])
    differs = AcceptHandover(strategy="entwicklung", reason="Die Prüfung steht noch aus.")
    done = desk.handle(office, case, differs, people["fm-8"])
    assert told(office, people["fm-8"]) == []
    assert told(office, people["fm-7"]) == [
        (
            "answer",
            {
                "outcome": "handover-accepted",
                "by": people["fm-8"],
                "strategy": "entwicklung",
                "intended": "integration",
            },
        )
    ]
    assert [entry.by for entry in done.entries] == ["fm-8"] * 5


def test_who_is_away_is_stood_in_for_and_a_withdrawn_offer_is_gone(office: Office) -> None:
    people = bureau.staff(office)
    case = bureau.jobakademie(office, "C-2001", dt.date(2026, 10, 20), worker="fm-8")
    bureau.absent(office, "fm-7", TODAY, TODAY)
    to_absent = HandOver(to_worker="fm-7", to_unit="56.4", to_area="av-ags", intended_strategy="integration")
    desk.handle(office, case, to_absent, people["fm-8"])
    assert [data["for"] for _, data in told(office, people["fm-8"])] == [people["fm-7"]]
    desk.handle(office, case, WithdrawHandover(reason="Ist doch nicht nötig."), people["fm-8"])
    assert told(office, people["fm-8"]) == []


def test_nothing_is_offered_of_an_erased_case(office: Office) -> None:
    people = bureau.staff(office)
    case = bureau.jobakademie(office, "C-2001", dt.date(2026, 10, 20))
    desk.handle(office, case, OFFER, people["fm-7"])
    erasure.erase(office, "C-2001")
    with office.read() as tx:
        assert handovers.of_workers(tx, {people["fm-7"], people["fm-8"]}, TODAY) == []


def test_the_only_lead_of_a_case_says_to_the_next_level_that_a_reminder_is_wrong(office: Office) -> None:
    people = bureau.staff(office)
    case = bureau.jobakademie(office, "C-2001", dt.date(2026, 1, 20), worker="tl-1")
    with office.read() as tx:
        listed = lifecycle.stages(tx.conn, case, TODAY)
    desk.handle(office, case, Dispute(followups=[listed[0].id.hex], reason="Das stimmt so nicht."), people["tl-1"])
    assert [kind for kind, _ in told(office, people["fdl-1"])] == ["follow-up-disputed"]
    assert told(office, people["tl-1"]) == []
