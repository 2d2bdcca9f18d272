"""Entries of a calendar by mail: put in, moved and taken out by the same UID, read as a calendar reads them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from icalendar import Calendar
from sqlalchemy import select, update

from domain.facts import Fact, Stream
from domain.facts.case import CaseClosed, ResponsibilityAssigned
from domain.facts.contact import AppointmentCancelled, AppointmentHeld, AppointmentPlanned
from domain.facts.own import OwnFollowUpSet
from domain.periods import BERLIN
from domain.records import Entry
from services.casework import calendar_mail
from services.messages import entries, mail
from services.messages.outbox import State
from services.office.office import Office, open_office
from services.operations import erasure
from services.records import rows
from services.records.tables import outbox
from services.settings import Settings
from tests import mailserver
from tests.mailserver import MailServer
from tests.services import bureau
from tests.statements import statements
from workers import jobs

FRIDAY = dt.datetime(2026, 11, 20, 10, 10, tzinfo=BERLIN)
TUESDAY, THURSDAY = dt.date(2026, 11, 24), dt.date(2026, 11, 26)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mailserver.running() as found:
        yield found


@pytest.fixture
def office(tmp_path: Path, server: MailServer) -> Iterator[Office]:
    with open_office(Settings(data=tmp_path / "data", fixed_now=FRIDAY, smtp=server.url)) as found:
        bureau.staff(found)
        bureau.jobakademie(found, "C-1", dt.date(2026, 10, 20))
        tell(found, THURSDAY, AppointmentPlanned(appointment="OLD", time="08:00"))
        with found.write() as tx:
            calendar_mail.begin(tx, key(found, "fm-7"))
        jobs.work_in(found)
        yield found


def key(office: Office, person: str) -> str:
    with office.read() as tx:
        return tx.store.keys(tx.conn, Stream.PERSON, [person])[person].hex


def tell(office: Office, on: dt.date, fact: Fact, by: str = "import:test") -> None:
    """A fact of the case, recorded after all before it."""
    with office.write() as tx:
        case = tx.store.keys(tx.conn, Stream.CASE, ["C-1"])["C-1"]
        at = FRIDAY - dt.timedelta(minutes=60 - len(tx.store.records(tx.conn, case)))
        tx.store.append(tx.conn, case, [Entry(on=on, fact=fact, by=by, recorded_at=at)], FRIDAY)
        rows.refresh(tx.conn, case, tx.store.records(tx.conn, case))


def deliver_waiting(office: Office) -> list[str]:
    """Works on all that waits; what became of it."""
    with office.read() as tx:
        waiting = list(tx.conn.scalars(select(outbox.c.id).where(outbox.c.state == State.WAITING)))
    for one in waiting:
        jobs.deliver(one.hex)
    with office.read() as tx:
        return list(tx.conn.scalars(select(outbox.c.state).where(outbox.c.id.in_(waiting))))


def mailed(office: Office, server: MailServer) -> list[tuple[str, str, str, str, int]]:
    """What goes out now: to whom, the method, the begin in UTC, the UID and the SEQUENCE of each entry."""
    server.mails.clear()
    server.recipients.clear()
    calendar_mail.plan(office)
    deliver_waiting(office)
    found = []
    for to, arrived in zip(server.recipients, server.mails, strict=True):
        part = next(one for one in arrived.walk() if one.get_content_type() == "text/calendar")
        read = Calendar.from_ical(part.get_payload(decode=True))
        (event,) = read.walk("VEVENT")
        assert part.get_param("method") == read["METHOD"]
        assert str(event["ATTENDEE"]) == f"mailto:{to}"
        assert event["ORGANIZER"]
        assert "Meier" not in arrived.as_string()
        begins = str(event.decoded("DTSTART"))[:16]
        found.append((to, str(read["METHOD"]), begins, str(event["UID"]), int(event["SEQUENCE"])))
    return found


def test_it_is_put_in_moved_and_taken_out(office: Office, server: MailServer) -> None:
    assert mailed(office, server) == []  # what was planned before
    tell(office, TUESDAY, AppointmentPlanned(appointment="T", time="08:30"))
    ((to, method, begins, uid, first),) = mailed(office, server)
    assert (to, method, begins) == ("fm-7@example.org", "REQUEST", "2026-11-24 07:30")
    assert mailed(office, server) == []
    tell(office, TUESDAY, AppointmentPlanned(appointment="T", time="09:30"))
    ((_, method, begins, same, second),) = mailed(office, server)
    assert (method, begins, same) == ("REQUEST", "2026-11-24 08:30", uid)
    tell(office, TUESDAY, AppointmentCancelled(appointment="T"))
    ((_, method, _, same, third),) = mailed(office, server)
    assert (method, same) == ("CANCEL", uid)
    assert first < second < third
    assert mailed(office, server) == []
    tell(office, THURSDAY, AppointmentPlanned(appointment="OLD", time="10:00"))
    assert [one[1:3] for one in mailed(office, server)] == [("REQUEST", "2026-11-26 09:00")]


def test_what_goes_to_somebody_else_is_taken_out_here_and_put_in_there(office: Office, server: MailServer) -> None:
    with office.write() as tx:
        calendar_mail.begin(tx, key(office, "fm-8"))
    tell(office, FRIDAY.date(), ResponsibilityAssigned(worker="fm-8", unit="56.4", area="jobakademie"))
    assert sorted(one[:2] for one in mailed(office, server)) == [
        ("fm-7@example.org", "CANCEL"),
        ("fm-8@example.org", "REQUEST"),
    ]
    tell(office, FRIDAY.date() - dt.timedelta(days=1), CaseClosed(reason="Umzug"))
    assert [one[:2] for one in mailed(office, server)] == [("fm-8@example.org", "CANCEL")]


def test_what_has_taken_place_stays(office: Office, server: MailServer) -> None:
    tell(office, FRIDAY.date(), AppointmentPlanned(appointment="N", time="11:00"))
    assert len(mailed(office, server)) == 1
    tell(office, FRIDAY.date(), AppointmentHeld(appointment="N", channel="personal"))
    assert mailed(office, server) == []


def test_two_changes_before_the_mail_are_one(office: Office, server: MailServer) -> None:
    for time in ("08:30", "09:30"):
        tell(office, TUESDAY, AppointmentPlanned(appointment="T", time=time))
        calendar_mail.plan(office)
    assert [one[1:3] for one in mailed(office, server)] == [("REQUEST", "2026-11-24 08:30")]


def test_who_does_not_want_it_or_reads_here_only_gets_none(office: Office, server: MailServer) -> None:
    with office.write() as tx:
        mail.choose(tx.conn, key(office, "fm-7"), mails=False)
    tell(office, TUESDAY, AppointmentPlanned(appointment="T", time="08:30"))
    assert mailed(office, server) == []
    with office.write() as tx:
        mail.choose(tx.conn, key(office, "fm-7"), mails=True)
        entries.end(tx.conn, key(office, "fm-7"))
    tell(office, TUESDAY, AppointmentPlanned(appointment="U", time="08:30"))
    assert mailed(office, server) == []


def test_of_two_who_write_the_same_entry_at_once_neither_fails(office: Office) -> None:
    with office.write() as tx:
        (one,) = entries.of(tx.conn, [key(office, "fm-7")], TUESDAY).values()
        for time in ("09:00", "09:30"):
            entries.change(tx.conn, one._replace(time=time), FRIDAY)
        assert [there.time for there in entries.of(tx.conn, [one.person], TUESDAY).values()] == ["09:30"]


def test_nothing_of_an_erased_case_is_to_be_mailed(office: Office, server: MailServer) -> None:
    tell(office, TUESDAY, AppointmentPlanned(appointment="T", time="08:30"))
    assert len(mailed(office, server)) == 1
    with office.write() as tx:
        entries.end(tx.conn, key(office, "fm-7"))  # what was mailed stays a task that is done
    erasure.erase(office, "C-1")
    with office.read() as tx:
        assert tx.conn.scalars(select(outbox.c.id).where(outbox.c.kind == entries.ENTRY)).all() == []


def test_what_has_changed_while_mails_were_off_goes_out_when_they_are_on_again(
    office: Office, server: MailServer
) -> None:
    def mails(*, on: bool) -> None:
        with office.write() as tx:
            mail.choose(tx.conn, key(office, "fm-7"), mails=on)

    tell(office, TUESDAY, AppointmentPlanned(appointment="T", time="08:30"))
    calendar_mail.plan(office)
    mails(on=False)  # before the mail has left
    assert deliver_waiting(office) == [State.DROPPED]
    tell(office, THURSDAY, AppointmentCancelled(appointment="OLD"))
    assert calendar_mail.plan(office) == 0
    mails(on=True)
    assert sorted(one[1:3] for one in mailed(office, server)) == [
        ("CANCEL", "2026-11-26 07:00"),
        ("REQUEST", "2026-11-24 07:30"),
    ]
    assert mailed(office, server) == []


def test_what_the_server_has_refused_is_tried_again_on_the_next_day(office: Office, server: MailServer) -> None:
    server.answer = "550 spam"
    tell(office, TUESDAY, AppointmentPlanned(appointment="T", time="08:30"))
    calendar_mail.plan(office)
    assert deliver_waiting(office) == [State.FAILED]
    assert calendar_mail.plan(office) == 0
    server.answer = "250 OK"
    with office.write() as tx:
        tx.conn.execute(update(outbox).values(finished_at=FRIDAY - dt.timedelta(days=1)))
    assert [one[1] for one in mailed(office, server)] == ["REQUEST"]
    assert mailed(office, server) == []


def test_what_a_lead_has_set_stands_in_the_calendar_of_the_lead(office: Office, server: MailServer) -> None:
    leads = ("tl-1", "fdl-1")
    with office.write() as tx:
        for one in leads:
            calendar_mail.begin(tx, key(office, one))
    for one in leads:
        tell(office, FRIDAY.date(), OwnFollowUpSet(follow_up=f"own-{one}", due_on=THURSDAY, subject="Stand?"), by=one)
    sent = mailed(office, server)
    assert sorted(one[:2] for one in sent) == [(f"{one}@example.org", "REQUEST") for one in sorted(leads)]


def test_a_look_asks_the_same_statements_for_many_as_for_one(office: Office) -> None:
    def asked() -> int:
        with statements(office) as found:
            assert calendar_mail.plan(office) == 0
        return len(found)

    one = asked()
    with office.write() as tx:
        for person in ("fm-8", "tl-1", "fdl-1"):
            calendar_mail.begin(tx, key(office, person))
    assert asked() == one
