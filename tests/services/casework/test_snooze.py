"""Später: a task put off is gone with all its stages, whoever else writes at that moment (Fachkonzept 3.1 no. 9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import sleep
from typing import Any
from uuid import UUID

import pytest
from msgspec import structs
from sqlalchemy import select

from domain.decisions import wishes
from domain.decisions.refusal import Refused
from domain.facts import Stream
from domain.periods import BERLIN, DAY
from services.casework.desk import handle, handle_in
from services.followups.lifecycle import issue_due, issue_due_in, stages
from services.messages import mail
from services.messages.outbox import Task
from services.office.office import Office
from services.questions import deferred
from services.questions import today as waiting
from services.records import tables
from services.web.today import tasks
from tests.services import bureau

TODAY = dt.date(2026, 11, 20)
BEGIN = dt.date(2026, 5, 20)  # six months in the Jobakademie are full today; R-04 is due tomorrow
UNTIL = TODAY + 7 * DAY
At = Callable[[dt.date], Office]


@pytest.fixture
def at(make_office: Any, database_url: str) -> At:
    """The same office on another day, at ten; once on SQLite and once on PostgreSQL."""
    return lambda day: make_office(now=dt.datetime.combine(day, dt.time(10), BERLIN), database=database_url)


@pytest.fixture
def office(at: At) -> Office:
    """The office today, with its staff."""
    office = at(TODAY)
    bureau.staff(office)
    return office


@pytest.fixture
def case(office: Office) -> UUID:
    """A case past its limit, with fm-7."""
    return bureau.jobakademie(office, "C-2001", BEGIN)


def worker(office: Office) -> str:
    with office.read() as tx:
        key = office.store.key(tx.conn, Stream.PERSON, "fm-7")
    assert key is not None
    return key.hex


def later(office: Office, case: UUID, stage: str) -> wishes.Snooze:
    """Puts off the message that names this stage."""
    with office.read() as tx:
        named = [one.id.hex for one in stages(tx.conn, case, office.today()) if one.stage == stage]
    return wishes.Snooze(followups=named, until=UNTIL, reason="other")


def asked(office: Office) -> list[tuple[list[str], list[str]]]:
    """The messages of the worker: stages and buttons."""
    with office.read() as tx:
        found = waiting.tasks(tx, [worker(office)], office.today())
    shown = [tasks.shown(one, office.today(), [], tasks.Named({}, {}), str) for one in found]
    return [
        (
            [f"{stage.rule}/{stage.stage}" for stage in message.stages],
            [button.dialogue for button in (task.main, *task.beside, *task.more) if button],
        )
        for message, task in zip(found, shown, strict=True)
    ]


def kept(office: Office) -> dict[str, tuple[str, dt.date | None, int]]:
    with office.read() as tx:
        rows = tx.conn.execute(select(tables.followups)).all()
    return {row.stage: (row.state, row.snoozed_until, row.snoozes) for row in rows}


def test_what_is_put_off_is_gone_with_its_earlier_stages_and_comes_back_whole(office: Office, case: UUID) -> None:
    assert [stage for stage, _ in asked(office)] == [["R-02/limit"]]
    done = handle(office, case, later(office, case, "limit"), worker(office))
    assert asked(office) == []
    assert kept(office) == dict.fromkeys(("interim", "warning", "limit"), ("snoozed", UNTIL, 1))
    handle(office, case, wishes.Undo(correlation_id=done.correlation_id), worker(office))
    assert [stage for stage, _ in asked(office)] == [["R-02/limit"]]
    assert kept(office) == dict.fromkeys(("interim", "warning", "limit"), ("open", None, 0))


def test_a_reason_is_counted_by_unit_and_month_and_named_from_five_on(at: At, office: Office, case: UUID) -> None:
    cases = [case, *(bureau.jobakademie(office, f"C-21{number:02}", BEGIN) for number in range(5))]
    rooms = [structs.replace(later(office, one, "limit"), reason="rooms") for one in cases]
    done = [handle(office, one, wish, worker(office)) for one, wish in zip(cases, rooms, strict=True)]
    handle(office, case, wishes.Undo(correlation_id=done[0].correlation_id), worker(office))
    handle(office, case, later(office, case, "limit"), worker(office))
    with office.read() as tx:
        unit, area = tx.conn.execute(select(tables.segments.c.unit, tables.segments.c.area).limit(1)).one()
        found = deferred.table(tx.conn, [(unit, area)], TODAY)
        elsewhere = deferred.table(tx.conn, [("99.9", area)], TODAY)
    assert (found.months[0], found.months[-1]) == (dt.date(2026, 6, 1), dt.date(2026, 11, 1))
    assert found.rows == [(unit, "other", [0, 0, 0, 0, 0, None]), (unit, "rooms", [0, 0, 0, 0, 0, 5])]
    assert elsewhere.rows == []
    with at(dt.date(2027, 5, 1)).read() as tx:
        assert deferred.table(tx.conn, [(unit, area)], dt.date(2027, 5, 1)).rows == []


def test_the_mail_says_why_something_was_put_off_when_it_comes_back(at: At, office: Office, case: UUID) -> None:
    handle(office, case, structs.replace(later(office, case, "limit"), reason="rooms"), worker(office))
    back = at(UNTIL)
    with back.write() as tx:
        issue_due_in(tx, UNTIL, tx.now)
        mail.plan_digests(tx.conn, tx.now)
        row = tx.conn.execute(select(tables.outbox)).first()
        letter = row and mail.compose(tx, Task(id=row.id, kind=row.kind, data=row.data, tries=1), UNTIL)
    assert letter is not None
    assert "(zuletzt zurückgestellt: kein Raum frei)" in letter.text
    assert "(zuletzt zurückgestellt: kein Raum frei)" in letter.html


def test_a_reason_the_office_does_not_offer_is_refused_with_its_field(office: Office, case: UUID) -> None:
    with pytest.raises(Refused) as refused:
        handle(office, case, structs.replace(later(office, case, "limit"), reason="laziness"), worker(office))
    assert refused.value.reasons == [("reason", "Dieser Grund steht nicht zur Wahl.")]
    assert kept(office) == {}


def test_an_earlier_stage_put_off_twice_before_goes_along_with_a_new_one(at: At, office: Office, case: UUID) -> None:
    before = at(TODAY - DAY)
    for _ in range(2):
        handle(before, case, later(before, case, "warning"), worker(before))
    handle(office, case, later(office, case, "limit"), worker(office))
    assert asked(office) == []
    assert kept(office) == {
        "interim": ("snoozed", UNTIL, 3),
        "warning": ("snoozed", UNTIL, 3),
        "limit": ("snoozed", UNTIL, 1),
    }


def test_past_a_limit_put_off_a_rule_beside_it_is_not_answered_by_still_right(
    at: At, office: Office, case: UUID
) -> None:
    assert "confirm" not in asked(office)[0][1]
    handle(office, case, later(office, case, "limit"), worker(office))
    ((beside, buttons),) = asked(at(TODAY + DAY))
    assert beside == ["R-04/check"]
    assert "confirm" not in buttons
    assert {"extension", "end", "change", "later"} <= set(buttons)


def test_without_a_limit_still_right_is_offered(at: At, office: Office, case: UUID) -> None:
    ((beside, buttons),) = asked(at(BEGIN + 100 * DAY))
    assert beside == ["R-02/interim"]
    assert "confirm" in buttons


# --- with the scheduler at the same moment ---


@contextmanager
def meanwhile(act: Callable[[], object]) -> Any:
    """Begins to act while what is inside has written and not yet committed, and ends after both."""
    with ThreadPoolExecutor(1) as other:
        acting = []
        yield lambda: (acting.append(other.submit(act)), sleep(0.7))
        for one in acting:
            one.result(timeout=30)


def test_the_scheduler_issues_what_is_being_put_off(office: Office, case: UUID) -> None:
    wish, person = later(office, case, "limit"), worker(office)
    with meanwhile(lambda: handle(office, case, wish, person)) as begin, office.write() as tx:
        issue_due_in(tx, TODAY, office.now())
        begin()
    assert kept(office)["limit"] == ("snoozed", UNTIL, 1)


def test_what_was_put_off_meanwhile_is_not_issued(office: Office, case: UUID) -> None:
    wish, person = later(office, case, "limit"), worker(office)
    with meanwhile(lambda: issue_due(office, TODAY, office.now())) as begin, office.write() as tx:
        handle_in(tx, case, wish, person)
        begin()
    assert kept(office)["limit"] == ("snoozed", UNTIL, 1)
    with office.read() as tx:
        assert tx.conn.execute(select(tables.messages).where(tables.messages.c.done_at.is_(None))).all() == []
