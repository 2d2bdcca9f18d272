"""A new directive is one line of one digest, for those whose rules it touches."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import delete, select

from domain import grounds
from domain.facts import Stream
from services.casework import directives as desk
from services.messages import directives, mail
from services.messages.inbox import Kind
from services.messages.outbox import Task
from services.office.office import Office
from services.records import rulebook
from services.records.tables import messages, outbox
from tests.services import bureau
from tests.services.messages.test_mail_sentences import FRIDAY, TODAY, said
from tests.services.web.town import publish


@pytest.fixture
def office(make_office: Any) -> Office:
    office: Office = make_office(now=FRIDAY)
    bureau.staff(office)
    for number, worker in (("C-1", "fm-7"), ("C-2", "fm-8"), ("C-4", "fm-7")):
        bureau.jobakademie(office, number, dt.date(2026, 10, 20), worker)
    with office.write() as tx:
        tx.conn.execute(delete(messages))
    return office


def announced(office: Office, day: dt.date = TODAY) -> list[str]:
    """Who is told, by id."""
    with office.write() as tx:
        before = set(tx.conn.scalars(select(messages.c.id)))
        directives.announce(tx, day, FRIDAY)
        rows = tx.conn.execute(
            select(messages.c.id, messages.c.recipient).where(messages.c.kind == Kind.DIRECTIVE)
        ).all()
        people = tx.store.keys(tx.conn, Stream.PERSON, ["fm-7", "fm-8", "tl-1"])
        ids = {key.hex: id for id, key in people.items()}
        return sorted(ids.get(row.recipient, "?") for row in rows if row.id not in before)


def test_it_is_told_once_to_each_whom_its_rules_tell(office: Office) -> None:
    publish(office, "Rundschreiben 3/2026", "R-04")
    publish(office, "Hinweis aus alter Zeit", "R-04", on="2026-09-01")
    publish(office, "Erst im Dezember", "R-04", on="2026-12-01")
    first = announced(office)
    assert {"fm-7", "fm-8"} <= set(first)
    assert len(first) == len(set(first))
    assert announced(office) == []
    assert announced(office, dt.date(2026, 12, 1)) == first  # the next one begins
    with office.write() as tx:
        mail.plan_digests(tx.conn, FRIDAY)
        tasks = tx.conn.execute(select(outbox.c.id, outbox.c.data).where(outbox.c.kind == mail.DIGEST)).all()
        letters = [mail.compose(tx, Task(one.id, mail.DIGEST, one.data, 1), TODAY) for one in tasks]
    assert len(letters) == len(first)
    for letter in letters:
        assert letter is not None
        assert said(letter.text) == [
            "neu ist:",
            "- Neue Vorgabe: Rundschreiben 3/2026",
            "- Neue Vorgabe: Erst im Dezember",
        ]
        assert ">Neue Vorgabe: Rundschreiben 3/2026</a>" in letter.html


def test_whom_no_rule_of_it_tells_is_not_told(office: Office) -> None:
    publish(office, "Rundschreiben 4/2026", "R-99")
    assert announced(office) == []


def test_who_confirms_it_has_no_note_of_it_any_more(office: Office) -> None:
    publish(office, "Rundschreiben 3/2026", "R-04")
    assert {"fm-7", "fm-8"} <= set(announced(office))
    with office.read() as tx:
        keys = tx.store.keys(tx.conn, Stream.PERSON, ["fm-7", "fm-8"])
        (directive,) = grounds.published(rulebook.standing(tx.conn), TODAY)
    desk.read(office, directive.ref, keys["fm-7"].hex)
    with office.write() as tx:
        left = set(tx.conn.scalars(select(messages.c.recipient).where(messages.c.done_at.is_(None))))
        mail.plan_digests(tx.conn, FRIDAY)
        mailed = {one["person"] for one in tx.conn.scalars(select(outbox.c.data).where(outbox.c.kind == mail.DIGEST))}
    assert keys["fm-8"].hex in left & mailed
    assert keys["fm-7"].hex not in left | mailed
