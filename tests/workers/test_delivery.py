"""From a due day to a mail, on a real Valkey and a real mail server: once each, nothing lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from redis import Redis
from sqlalchemy import insert, select, update

from domain.periods import BERLIN
from services.messages import outbox as outbox_of
from services.office.health import health, machine_time
from services.office.office import Office, open_office
from services.people import directory
from services.records import meaning, values
from services.records.tables import due_rows, leases, meanings, messages, outbox
from services.settings import Settings
from tests.mailserver import MailServer, free_port
from tests.services import bureau
from workers import jobs
from workers.crew import crew, queue
from workers.dispatcher import connect, dispatch
from workers.scheduler import Scheduler

BEGIN = dt.date(2026, 5, 20)
FRIDAY = dt.datetime(2026, 11, 20, 8, tzinfo=BERLIN)
OpenAt = Callable[..., Office]


@pytest.fixture
def open_at(tmp_path: Path, mail_server: MailServer) -> Iterator[OpenAt]:
    """Opens the same office at another moment, with the mail server."""
    offices: list[Office] = []

    def opened(now: dt.datetime, smtp: str | None = mail_server.url) -> Office:
        offices.append(open_office(Settings(data=tmp_path / "data", fixed_now=now, smtp=smtp)))
        return offices[-1]

    yield opened
    for office in offices:
        office.close()


def work(office: Office, redis: Redis) -> None:
    """Works the queue off, as the worker process does."""
    jobs.work_in(office)
    crew(redis).work(burst=True, logging_level="ERROR")


def rows(office: Office) -> list[Any]:
    with office.read() as tx:
        return list(tx.conn.execute(select(outbox).order_by(outbox.c.unique_key)).all())


def test_one_mail_a_person_and_working_day(open_at: OpenAt, redis: Redis, mail_server: MailServer) -> None:
    office = open_at(FRIDAY)
    bureau.staff(office)
    bureau.jobakademie(office, "C-2001", BEGIN)
    bureau.jobakademie(office, "C-2002", BEGIN)
    scheduler = Scheduler(office, redis)
    for _ in range(3):
        assert scheduler.tick()
        work(office, redis)
    (mail,) = mail_server.mails
    assert mail_server.recipients == ["fm-7@example.org"]
    assert mail["Subject"] == "Fallverlauf: 2 Aufgaben (Fr., 20.11.2026)"
    text = words(mail)
    assert "C-2001: Förderzeit Jobakademie" in text
    assert "/fall/C-2002" in text
    assert [row.state for row in rows(office)] == ["sent"]


def test_lists_that_nobody_computes_any_more_are_gone_on_with(open_at: OpenAt, redis: Redis) -> None:
    office = open_at(FRIDAY)
    bureau.staff(office)
    bureau.jobakademie(office, "C-2001", BEGIN)
    with office.write() as tx:
        tx.conn.execute(update(meanings).where(meanings.c.topic == "R-05").values(reached=meaning.NOBODY))
        planted = update(due_rows).where(due_rows.c.rule == "R-05").values(stage="another")
        assert tx.conn.execute(planted).rowcount
    Scheduler(office, redis).look(FRIDAY)
    with office.read() as tx:
        assert not meaning.unfinished(tx.conn)
        assert "another" not in tx.conn.scalars(select(due_rows.c.stage)).all()


def test_another_program_keeps_what_it_computes(open_at: OpenAt, redis: Redis) -> None:
    office = open_at(FRIDAY)
    with office.write() as tx:
        tx.conn.execute(update(meanings).values(reached=meaning.NOBODY))
        values.put(tx.conn, meaning.PROGRAM, "another")
    Scheduler(office, redis).look(FRIDAY)
    with office.read() as tx:
        assert values.value(tx.conn, meaning.PROGRAM) == "another"
        assert meaning.unfinished(tx.conn)


def test_what_comes_on_saturday_is_mailed_on_monday_at_seven(
    open_at: OpenAt, redis: Redis, mail_server: MailServer
) -> None:
    office = open_at(FRIDAY)
    bureau.staff(office)
    bureau.jobakademie(office, "C-2001", BEGIN + dt.timedelta(days=1))
    for moment, mails in (
        (FRIDAY, 1),  # the warning of October
        (FRIDAY + dt.timedelta(days=1), 1),
        (FRIDAY + dt.timedelta(days=2, hours=23, minutes=-1), 1),  # Monday 06:59
        (FRIDAY + dt.timedelta(days=3), 3),  # the worker, and the lead about R-04
        (FRIDAY + dt.timedelta(days=3, hours=4), 3),
    ):
        later = open_at(moment)
        Scheduler(later, redis).look(moment)
        dispatch(later, redis, moment)
        work(later, redis)
        assert len(mail_server.mails) == mails


def test_a_task_that_is_done_meanwhile_is_not_mailed(open_at: OpenAt, redis: Redis, mail_server: MailServer) -> None:
    office = open_at(FRIDAY)
    bureau.staff(office)
    bureau.jobakademie(office, "C-2001", BEGIN)
    Scheduler(office, redis).look(FRIDAY)
    with office.write() as tx:
        tx.conn.execute(update(messages).values(done_at=FRIDAY))
    dispatch(office, redis, FRIDAY)
    work(office, redis)
    assert mail_server.mails == []
    assert [row.state for row in rows(office)] == ["dropped"]


def test_the_deputy_of_the_day_gets_the_mail(open_at: OpenAt, redis: Redis, mail_server: MailServer) -> None:
    office = open_at(FRIDAY)
    bureau.staff(office)
    bureau.jobakademie(office, "C-2001", BEGIN)
    Scheduler(office, redis).look(FRIDAY)
    bureau.absent(office, "fm-7", FRIDAY.date(), FRIDAY.date())
    dispatch(office, redis, FRIDAY)
    work(office, redis)
    assert mail_server.recipients == ["fm-8@example.org"]
    assert "in Vertretung" in words(mail_server.mails[0])


def test_nothing_personal_is_in_the_mail_or_the_queue(open_at: OpenAt, redis: Redis, mail_server: MailServer) -> None:
    office = open_at(FRIDAY)
    bureau.staff(office)
    bureau.jobakademie(office, "C-2001", BEGIN)
    Scheduler(office, redis).tick()
    queued = queue(redis).jobs
    (row,) = rows(office)
    assert [(job.func_name, job.args) for job in queued] == [("workers.jobs.deliver", [row.id.hex])]
    work(office, redis)
    whole = mail_server.mails[0].as_string()
    assert "Meier" not in whole
    assert "20.05.2026" not in whole


def test_4xx_waits_and_5xx_is_final(open_at: OpenAt, redis: Redis, mail_server: MailServer) -> None:
    office = open_at(FRIDAY)
    bureau.staff(office)
    bureau.jobakademie(office, "C-2001", BEGIN)
    mail_server.answer = "451 später"
    Scheduler(office, redis).tick()
    work(office, redis)
    (row,) = rows(office)
    assert (row.state, row.tries, row.error) == ("waiting", 1, "451")
    assert dispatch(office, redis, FRIDAY) == 0  # it rests first
    wake(office, row.id)
    mail_server.answer = "550 unbekannt"
    assert dispatch(office, redis, FRIDAY) == 1
    work(office, redis)
    (row,) = rows(office)
    assert (row.state, row.tries, row.error) == ("failed", 2, "550")
    assert health(office)["outbox"] == {"waiting": 0, "failed": 1}


def test_an_id_the_queue_has_lost_or_doubled_is_sent_once(
    open_at: OpenAt, redis: Redis, mail_server: MailServer
) -> None:
    office = open_at(FRIDAY)
    bureau.staff(office)
    bureau.jobakademie(office, "C-2001", BEGIN)
    Scheduler(office, redis).tick()
    redis.flushall()
    (row,) = rows(office)
    wake(office, row.id)
    assert dispatch(office, redis, FRIDAY) == 1
    wake(office, row.id)
    assert dispatch(office, redis, FRIDAY) == 1
    work(office, redis)
    assert len(mail_server.mails) == 1


def test_a_row_whose_worker_died_is_sent_again_with_the_same_id(
    open_at: OpenAt, redis: Redis, mail_server: MailServer
) -> None:
    office = open_at(FRIDAY)
    bureau.staff(office)
    bureau.jobakademie(office, "C-2001", BEGIN)
    Scheduler(office, redis).tick()
    redis.flushall()
    (row,) = rows(office)
    with office.write() as tx:
        tx.conn.execute(update(outbox).values(state="sending", enqueued_at=machine_time()))
    assert dispatch(office, redis, FRIDAY) == 0
    wake(office, row.id)
    assert dispatch(office, redis, FRIDAY) == 1
    work(office, redis)
    assert mail_server.mails[0]["Message-ID"] == f"<{row.id.hex}@127.0.0.1>"


def test_a_row_that_makes_no_sense_harms_nobody(open_at: OpenAt, redis: Redis, mail_server: MailServer) -> None:
    office = open_at(FRIDAY)
    with office.write() as tx:
        task = outbox_of.add(tx.conn, "mail-single", "broken", {}, FRIDAY)
    dispatch(office, redis, FRIDAY)
    work(office, redis)
    (row,) = rows(office)
    assert (row.id, row.state, row.error) == (task, "waiting", "KeyError")
    assert queue(redis).failed_job_registry.count == 0
    assert mail_server.mails == []


def test_without_a_queue_the_rows_stay(open_at: OpenAt, redis: Redis) -> None:
    office = open_at(FRIDAY)
    bureau.staff(office)
    bureau.jobakademie(office, "C-2001", BEGIN)
    down = connect(f"redis://127.0.0.1:{free_port()}/0")
    assert Scheduler(office, down).tick()
    (row,) = rows(office)
    assert (row.state, row.enqueued_at) == ("waiting", None)
    assert health(office)["queue"]["state"] == "down"
    assert health(office)["scheduler"]["state"] == "running"


def test_without_a_mail_server_messages_stay_in_the_app(open_at: OpenAt, redis: Redis, mail_server: MailServer) -> None:
    office = open_at(FRIDAY, smtp=None)
    bureau.staff(office)
    bureau.jobakademie(office, "C-2001", BEGIN)
    Scheduler(office, redis).tick()
    assert rows(office) == []
    with office.read() as tx:
        assert tx.conn.execute(select(messages)).first() is not None
    single(office, uuid4(), "C-2001")
    assert dispatch(office, redis, FRIDAY) == 1
    work(office, redis)
    assert [row.state for row in rows(office)] == ["kept"]


def test_single_mails_of_a_case_are_one_thread(open_at: OpenAt, redis: Redis, mail_server: MailServer) -> None:
    office = open_at(FRIDAY, smtp=mail_server.url)
    bureau.staff(office)
    bureau.jobakademie(office, "C-2001", BEGIN)
    for _ in range(2):
        single(office, uuid4(), "C-2001")
    dispatch(office, redis, FRIDAY)
    work(office, redis)
    first, second = mail_server.mails
    assert first["Subject"] == "Fall C-2001: Verlängerung zur Entscheidung"
    assert first["References"] == second["References"]
    assert first["Message-ID"] != second["Message-ID"]


def test_two_schedulers_issue_each_follow_up_once(open_at: OpenAt, redis: Redis) -> None:
    office, other = open_at(FRIDAY), open_at(FRIDAY)
    bureau.staff(office)
    bureau.jobakademie(office, "C-2001", BEGIN)
    one, two = Scheduler(office, redis), Scheduler(other, redis)
    assert [one.tick(), two.tick(), one.tick(), two.tick()] == [True, False, True, False]
    two.look(FRIDAY)
    with office.read() as tx:
        told = [row.unique_key for row in tx.conn.execute(select(messages)).all()]
    assert len(told) == 1
    with office.write() as tx:
        tx.conn.execute(update(leases).values(until=machine_time() - dt.timedelta(seconds=1)))
    assert two.tick()
    assert not one.tick()


def words(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_four_schedulers_at_the_same_moment_tell_everything_once(open_at: OpenAt, redis: Redis) -> None:
    office = open_at(FRIDAY)
    bureau.staff(office)
    for number in range(12):
        bureau.jobakademie(office, f"C-{number}", BEGIN)
    schedulers = [Scheduler(open_at(FRIDAY), redis) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda scheduler: scheduler.look(FRIDAY), schedulers))
    with office.read() as tx:
        told = list(tx.conn.execute(select(messages.c.followup)).scalars())
    assert len(told) == len(set(told)) == 12
    assert len(rows(office)) == 1


def wake(office: Office, row: UUID) -> None:
    """As if a long time had passed since the row was enqueued."""
    with office.write() as tx:
        long_ago = machine_time() - dt.timedelta(hours=2)
        tx.conn.execute(update(outbox).where(outbox.c.id == row).values(enqueued_at=long_ago))


def single(office: Office, id: UUID, case: str) -> None:
    """A request to decide, shown and to be mailed, as the desk writes it."""
    with office.write() as tx:
        lead = directory.person_key(tx, "tl-1")
        key = office.store.key(tx.conn, bureau.Stream.CASE, case)
        row = {"unique_key": id.hex, "recipient": lead, "kind": "decision-request", "case_key": key}
        told = insert(messages).values(**row, data={}, created_at=office.now()).returning(messages.c.id)
        data = {"message": tx.conn.execute(told).scalar_one()}
        mail = {"id": id, "unique_key": id.hex, "kind": "mail-single", "state": "waiting", "tries": 0}
        tx.conn.execute(insert(outbox).values(**mail, data=data, due_at=office.now()))
