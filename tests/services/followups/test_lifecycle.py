"""Each due stage is issued once, told to who is there, settled by facts and taken up again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from domain.facts.base import Stream
from domain.facts.correction import FactWithdrawn
from domain.facts.extension import ExtensionRequested, ExtensionReturned
from domain.facts.strategy import StrategyBarEnded, StrategyReviewed
from domain.followups import State
from domain.periods import BERLIN
from services.followups.lifecycle import issue_due, resolve
from services.office.office import Office
from services.records.tables import followups, messages
from tests.services import bureau

BEGIN = dt.date(2026, 5, 20)  # the Jobakademie begins: interim 20.08., warning 23.10., limit 20.11.
LIMIT = dt.date(2026, 11, 20)
At = Callable[[dt.date], Office]


@pytest.fixture
def at(make_office: Any, database_url: str) -> At:
    """The same office on another day, at eight in the morning; once on SQLite and once on PostgreSQL."""
    return lambda day: make_office(now=dt.datetime.combine(day, dt.time(8), BERLIN), database=database_url)


def issue(office: Office) -> int:
    return issue_due(office, office.today(), office.now())


def told(office: Office) -> list[tuple[str, str, str]]:
    """Who was told what: (person, rule/stage, kind) of the messages that stand open."""
    with office.read() as tx:
        rows = tx.conn.execute(select(messages).where(messages.c.done_at.is_(None)).order_by(messages.c.id)).all()
    return [(row.recipient, f"{row.data['rule']}/{row.data['stage']}", row.kind) for row in rows]


def states(office: Office, case: UUID) -> dict[str, str]:
    with office.read() as tx:
        rows = tx.conn.execute(select(followups).where(followups.c.case_key == case)).all()
    return {f"{row.rule}/{row.stage}": row.state for row in rows}


def test_a_stage_is_issued_on_its_day_and_never_again(at: At) -> None:
    office = at(LIMIT - dt.timedelta(days=1))
    people = bureau.staff(office)
    case = bureau.jobakademie(office, "C-2001", BEGIN)
    issue(office)
    assert states(office, case) == {"R-02/interim": "open", "R-02/warning": "open"}
    assert told(office) == [(people["fm-7"], "R-02/warning", "follow-up")]
    on_the_day = at(LIMIT)
    assert [issue(on_the_day) for _ in range(3)] == [1, 0, 0]
    assert told(on_the_day)[1:] == [(people["fm-7"], "R-02/limit", "follow-up")]


def test_who_is_away_is_represented_and_both_stand_on_record(at: At) -> None:
    office = at(LIMIT)
    people = bureau.staff(office)
    bureau.absent(office, "fm-7", LIMIT, LIMIT)
    bureau.jobakademie(office, "C-2001", BEGIN)
    issue(office)
    with office.read() as tx:
        row = tx.conn.execute(select(messages)).one()
    assert row.recipient == people["fm-8"]
    assert row.data["for"] == people["fm-7"]


def test_without_a_responsible_worker_the_lead_is_told(at: At) -> None:
    office = at(LIMIT)
    people = bureau.staff(office)
    bureau.jobakademie(office, "C-2001", BEGIN, worker="gone-1")
    issue(office)
    assert told(office) == [(people["tl-1"], "R-02/limit", "follow-up")]


def test_nobody_to_tell_yet_nothing_is_issued_and_nothing_lost(at: At) -> None:
    office = at(LIMIT)
    case = bureau.jobakademie(office, "C-2001", BEGIN)
    assert issue(office) == 0
    bureau.staff(office)
    issue(office)
    assert states(office, case)["R-02/limit"] == "open"


def test_facts_settle_a_follow_up_and_their_withdrawal_opens_it_again(at: At) -> None:
    office = at(LIMIT)
    bureau.staff(office)
    case = bureau.jobakademie(office, "C-2001", BEGIN)
    issue(office)
    bureau.record(office, Stream.CASE, "C-2001", (LIMIT, StrategyBarEnded(reason="closed")))
    settle(office, case)
    assert set(states(office, case).values()) == {State.OPEN}  # the bar is open through its last day
    tomorrow = at(LIMIT + dt.timedelta(days=1))
    assert issue(tomorrow) == 0
    assert set(states(tomorrow, case).values()) == {State.RESOLVED}
    assert told(tomorrow) == []
    with tomorrow.read() as tx:
        ended = tomorrow.store.records(tx.conn, case, with_text=True)[-1]
    withdrawn = FactWithdrawn(target=ended.id, reason="Irrtum")
    bureau.record(tomorrow, Stream.CASE, "C-2001", (LIMIT, withdrawn))
    assert issue(tomorrow) == 4  # the three of R-02 again, and R-04 of today
    assert issue(tomorrow) == 0
    assert set(states(tomorrow, case).values()) == {State.OPEN}


def test_on_the_last_day_of_a_bar_that_is_ended_nobody_is_told_anything_about_it(at: At) -> None:
    office = at(LIMIT)
    bureau.staff(office)
    bureau.jobakademie(office, "C-2001", BEGIN)
    bureau.record(office, Stream.CASE, "C-2001", (LIMIT, StrategyBarEnded(reason="closed")))
    assert issue(office) == 0


def test_a_slip_of_the_hand_is_not_told_twice(at: At) -> None:
    office = at(LIMIT)
    bureau.staff(office)
    case = bureau.jobakademie(office, "C-2001", BEGIN)
    issue(office)
    before = told(office)
    bureau.record(office, Stream.CASE, "C-2001", (LIMIT - dt.timedelta(days=1), StrategyBarEnded()))
    settle(office, case)
    assert told(office) == []
    with office.read() as tx:
        ended = office.store.records(tx.conn, case, with_text=True)[-1]
    bureau.record(office, Stream.CASE, "C-2001", (LIMIT, FactWithdrawn(target=ended.id, reason="Rückgängig")))
    settle(office, case)
    assert issue(office) == 0
    assert told(office) == before


def test_a_follow_up_whose_cause_is_withdrawn_is_dropped(at: At) -> None:
    office = at(LIMIT)
    bureau.staff(office)
    case = bureau.jobakademie(office, "C-2001", BEGIN)
    issue(office)
    with office.read() as tx:
        assigned = office.store.records(tx.conn, case, with_text=True)[0]
    bureau.record(office, Stream.CASE, "C-2001", (LIMIT, FactWithdrawn(target=assigned.id, reason="falscher Fall")))
    settle(office, case)
    found = states(office, case)
    assert {found[stage] for stage in ("R-02/interim", "R-02/warning", "R-02/limit")} == {State.DROPPED}


def test_an_open_request_silences_the_review_until_it_is_answered(at: At) -> None:
    office = at(LIMIT)
    bureau.staff(office)
    case = bureau.jobakademie(office, "C-2001", BEGIN)
    request = ExtensionRequested(request="q-1", options=["other"], facts_text="…", justification="…", until=LIMIT)
    bureau.record(office, Stream.CASE, "C-2001", (LIMIT, request))
    assert issue(office) == 0
    bureau.record(office, Stream.CASE, "C-2001", (LIMIT, ExtensionReturned(request="q-1", reason="Bis wann?")))
    assert issue(office) > 0
    assert states(office, case)["R-02/limit"] == State.OPEN


def test_what_was_settled_before_the_first_start_is_never_issued(at: At) -> None:
    office = at(LIMIT)
    bureau.staff(office)
    case = bureau.jobakademie(office, "C-2001", BEGIN)
    bureau.record(office, Stream.CASE, "C-2001", (dt.date(2026, 8, 21), StrategyReviewed(outcome="continue")))
    issue(office)
    assert "R-02/interim" not in states(office, case)


def test_after_ten_days_without_a_scheduler_everything_comes_once_and_is_marked_late(at: At) -> None:
    office = at(LIMIT - dt.timedelta(days=1))
    people = bureau.staff(office)
    first = bureau.jobakademie(office, "C-2001", BEGIN)
    issue(office)
    later = at(LIMIT + dt.timedelta(days=10))
    issue(later)
    assert issue(later) == 0
    with later.read() as tx:
        rows = tx.conn.execute(select(followups).where(followups.c.case_key == first)).all()
    late = {f"{row.rule}/{row.stage}": row.late for row in rows}
    assert late == {"R-02/interim": False, "R-02/warning": False, "R-02/limit": True, "R-04/check": True}
    assert told(later).count((people["fm-7"], "R-02/limit", "follow-up")) == 1


def settle(office: Office, case: UUID) -> None:
    with office.write() as tx:
        resolve(tx.conn, case, office.now())
