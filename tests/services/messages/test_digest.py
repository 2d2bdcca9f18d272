"""The mail of the day tells of every message once, in whatever order they were kept."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import insert, select

from domain.periods import BERLIN
from services.messages import mail
from services.messages.inbox import Kind
from services.messages.outbox import State, Task
from services.office.office import Office
from services.records import database, migrations
from services.records.tables import messages, outbox
from tests.services import bureau

FRIDAY = dt.datetime(2026, 11, 20, 10, 10, tzinfo=BERLIN)
MONDAY = FRIDAY + dt.timedelta(days=3)
CASES = ("C-2001", "C-2002", "C-2003")


@pytest.fixture
def office(make_office: Any) -> Office:
    office: Office = make_office(now=FRIDAY)
    return office


def keep(office: Office, person: str, case: UUID, id: int) -> None:
    """A message with this id becomes visible now."""
    row = {"id": id, "unique_key": f"m{id}", "recipient": person, "kind": Kind.FOLLOW_UP, "case_key": case}
    with office.write() as tx:
        tx.conn.execute(insert(messages).values(**row, data={"rule": "R-04"}, created_at=FRIDAY))


def mailed(office: Office, now: dt.datetime) -> list[str]:
    """Plans the mails of a day; which cases they name."""
    with office.write() as tx:
        mail.plan_digests(tx.conn, now)
        rows = tx.conn.execute(select(outbox).where(outbox.c.state == State.WAITING)).all()
        letters = [mail.compose(tx, Task(id=row.id, kind=row.kind, data=row.data, tries=1), now.date()) for row in rows]
        tx.conn.execute(outbox.update().values(state=State.SENT))
    return [case for letter in letters if letter for case in CASES if case in letter.text]


def test_a_message_that_is_kept_late_behind_higher_ids_is_told_with_the_next_mail(office: Office) -> None:
    person = bureau.staff(office)["fm-7"]
    first, late, later = (bureau.jobakademie(office, case, dt.date(2026, 10, 20)) for case in CASES)
    keep(office, person, first, 900)
    assert mailed(office, FRIDAY) == ["C-2001"]
    keep(office, person, late, 899)
    keep(office, person, later, 901)
    assert mailed(office, FRIDAY) == []
    assert mailed(office, MONDAY) == ["C-2002", "C-2003"]
    assert mailed(office, MONDAY + dt.timedelta(days=1)) == []


def test_what_a_mail_of_an_older_version_told_is_not_told_again(office: Office) -> None:
    person = bureau.staff(office)["fm-7"]
    told, new = (bureau.jobakademie(office, case, dt.date(2026, 10, 20)) for case in CASES[:2])
    keep(office, person, told, 5)
    keep(office, person, new, 6)
    with office.write() as tx:
        outbox_row = {"id": UUID(int=9), "unique_key": f"mail-digest/{person}/2026-11-19", "kind": mail.DIGEST}
        data = {"person": person, "first": 1, "last": 5}
        tx.conn.execute(insert(outbox).values(**outbox_row, data=data, due_at=FRIDAY, state=State.SENT, tries=1))
        tx.conn.exec_driver_sql("ALTER TABLE messages DROP COLUMN mailed_with")
        tx.conn.exec_driver_sql("UPDATE alembic_version SET version_num = '0009'")
        config = Config()
        config.set_main_option("script_location", migrations.__path__[0])
        config.attributes["connection"] = tx.conn
        command.upgrade(config, "0010")  # the one that is about messages
        tx.conn.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{database.HEAD}'")
    assert mailed(office, FRIDAY) == ["C-2002"]
