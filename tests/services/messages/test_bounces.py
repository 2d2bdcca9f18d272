"""An address that takes no mail: refused by a real server, or reported later; told, put aside, and taken up again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, update

from domain.facts import Stream
from domain.periods import BERLIN
from services.messages import bounces, mail
from services.messages.inbox import Kind
from services.messages.outbox import State, add
from services.office.office import Office, open_office
from services.records.tables import messages, outbox
from services.settings import Settings
from tests import mailserver
from tests.mailserver import MailServer
from tests.services import bureau
from workers import jobs

FRIDAY = dt.datetime(2026, 11, 20, 10, 10, tzinfo=BERLIN)
TO = "fm-7@example.org"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mailserver.running() as found:
        yield found


@pytest.fixture
def office(tmp_path: Path, server: MailServer) -> Iterator[Office]:
    with open_office(Settings(data=tmp_path / "data", fixed_now=FRIDAY, smtp=server.url)) as found:
        bureau.staff(found)
        bureau.jobakademie(found, "C-1", dt.date(2026, 10, 20))
        jobs.work_in(found)
        yield found


def key(office: Office, person: str) -> str:
    with office.read() as tx:
        return tx.store.keys(tx.conn, Stream.PERSON, [person])[person].hex


def mailed(office: Office, person: str = "fm-7") -> tuple[UUID, str, str | None]:
    """Something new is mailed to the person: the row, its state and error."""
    with office.write() as tx:
        case, to = tx.store.keys(tx.conn, Stream.CASE, ["C-1"])["C-1"], key(office, person)
        task = add(tx.conn, mail.DIGEST, f"d/{uuid4()}", {"person": to}, FRIDAY)
        row = {"unique_key": uuid4().hex, "recipient": to, "kind": Kind.FOLLOW_UP, "case_key": case}
        tx.conn.execute(insert(messages).values(**row, data={"rule": "R-04"}, created_at=FRIDAY, mailed_with=task))
        assert task is not None
    jobs.deliver(task.hex)
    with office.read() as tx:
        state, error = tx.conn.execute(select(outbox.c.state, outbox.c.error).where(outbox.c.id == task)).one()
    return task, state, error


def standing(office: Office) -> list[tuple[str, str]]:
    with office.read() as tx:
        return [(one.person, one.code) for one in bounces.standing(tx)]


def report(task: UUID, to: str = TO, action: str = "failed", status: str = "5.1.1", name: str = "Final") -> bytes:
    """A report as a mail server writes it (RFC 3464)."""
    parts = [
        "Content-Type: text/plain\n\nI'm sorry to have to inform you.\n",
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
        f"{name}-Recipient: rfc822; {to}\nAction: {action}\nStatus: {status}\n",
        f"Content-Type: text/rfc822-headers\n\nMessage-ID: <{task.hex}@127.0.0.1>\nTo: {to}\n",
    ]
    body = "".join(f"--b\n{part}\n" for part in parts)
    head = (
        'From: MAILER-DAEMON@mx.example.org\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"'
    )
    return f"{head}\nMIME-Version: 1.0\n\n{body}--b--\n".encode()


def test_a_refused_address_is_put_aside_until_there_is_another(office: Office, server: MailServer) -> None:
    server.nobody.add(TO)
    assert mailed(office)[1:] == (State.FAILED, "550")
    assert standing(office) == [(key(office, "fm-7"), "550")]
    server.nobody.clear()
    assert mailed(office)[1] == State.DROPPED  # nothing goes there
    assert mailed(office, "fm-8")[1] == State.SENT
    with office.write() as tx:
        office.vault.put_names(tx.conn, UUID(hex=key(office, "fm-7")), {"mail": "meier@example.org"})
    assert standing(office) == []
    with office.read() as tx:
        assert bounces.told(tx, key(office, "fm-7")) == []
    assert mailed(office)[1] == State.SENT
    assert server.recipients == ["fm-8@example.org", "meier@example.org"]


def test_what_is_refused_for_another_reason_puts_nobody_aside(office: Office, server: MailServer) -> None:
    for answer, state in (("550 spam", State.FAILED), ("451 später", State.WAITING)):
        server.answer = answer
        assert mailed(office)[1] == state
        assert standing(office) == []


def test_what_is_no_address_is_told_like_one_that_is_refused(office: Office, server: MailServer) -> None:
    with office.write() as tx:
        office.vault.put_names(tx.conn, UUID(hex=key(office, "fm-7")), {"mail": "kein-mail"})
    assert mailed(office)[1:] == (State.FAILED, "address")
    assert standing(office) == [(key(office, "fm-7"), "address")]
    assert server.recipients == []


def test_only_who_is_nobody_there_is_put_aside(office: Office, server: MailServer) -> None:
    server.nobody.add(TO)
    for refusal in ("554 5.7.1 relay access denied", "553 5.1.8 bad sender", "550 5.7.26 not signed", "552 too large"):
        server.refusal = refusal
        assert mailed(office)[1:] == (State.FAILED, refusal[:3])
        assert standing(office) == []
    server.refusal = "550 no such user"
    mailed(office)
    assert standing(office) == [(key(office, "fm-7"), "550")]


def test_somebody_lifts_it(office: Office, server: MailServer) -> None:
    server.nobody.add(TO)
    mailed(office)
    server.nobody.clear()
    with office.write() as tx:
        bounces.try_again(tx, key(office, "fm-7"))
    assert mailed(office)[1] == State.SENT


@pytest.mark.parametrize(("name", "to"), [("Final", TO), ("Original", "FM-7@Example.org ")])
def test_a_report_puts_the_address_aside(office: Office, name: str, to: str) -> None:
    task, state, _ = mailed(office)
    assert state == State.SENT
    with office.write() as tx:
        assert [bounces.take(tx, report(task, to, name=name)) for _ in range(3)] == [1, 0, 0]
    assert standing(office) == [(key(office, "fm-7"), "5.1.1")]
    assert mailed(office)[1] == State.DROPPED


def test_a_report_that_only_repeats_the_answer_of_the_server_counts(office: Office) -> None:
    task, _, _ = mailed(office)
    with office.write() as tx:
        assert bounces.take(tx, report(task, status="5.0.0\nDiagnostic-Code: smtp; 550 no such user")) == 1


def test_a_report_about_what_went_to_a_deputy_is_about_the_deputy(office: Office) -> None:
    bureau.absent(office, "fm-7", FRIDAY.date(), FRIDAY.date())
    task, _, _ = mailed(office)
    with office.write() as tx:
        assert bounces.take(tx, report(task, "fm-8@example.org")) == 1
    assert standing(office) == [(key(office, "fm-8"), "5.1.1")]


def test_the_deputy_of_a_mail_is_that_of_the_day_in_berlin(office: Office) -> None:
    bureau.absent(office, "fm-7", FRIDAY.date(), FRIDAY.date())
    task, _, _ = mailed(office)
    after_midnight = dt.datetime(2026, 11, 20, 0, 30, tzinfo=BERLIN)
    with office.write() as tx:
        tx.conn.execute(update(outbox).where(outbox.c.id == task).values(finished_at=after_midnight))
        assert bounces.take(tx, report(task, "fm-8@example.org")) == 1


def test_a_report_of_a_stranger_changes_nothing(office: Office) -> None:
    task, _, _ = mailed(office)
    for wrong, sentence in (
        (report(uuid4()), "gehört zu keiner Mail"),  # a mail that never was
        (report(task, "tl-1@example.org"), "gehört zu keiner Mail"),  # somebody to whom it did not go
        (report(task, "x@y\nBcc: z@y"), "gehört zu keiner Mail"),
        (report(task).replace(b"text/rfc822-headers", b"text/plain"), "fehlt die Mail, um die es geht"),
        (report(task, action="delayed"), "kein Bericht"),
        (report(task, status="4.4.7"), "kein Bericht"),
        (report(task, status="5.7.1"), "kein Bericht"),  # the sender is at fault
        (report(task, status="5.0.0\nDiagnostic-Code: smtp; 554 5.7.1 relay access denied"), "kein Bericht"),
        (report(task).replace(b"message/delivery-status", b"text/plain"), "kein Bericht"),
        (b"", "kein Bericht"),
        (bytes(range(256)) * 40, "kein Bericht"),
        (b"x" * (bounces.LARGEST + 1), "mehr als 2 MB"),
    ):
        with office.write() as tx, pytest.raises(bounces.NotOurs, match=sentence):
            bounces.take(tx, wrong)
    assert standing(office) == []
