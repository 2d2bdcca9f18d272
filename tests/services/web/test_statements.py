"""What a page asks of the database: one transaction to read, one to log, few statements, not more for more cases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, event

from services.office.office import Office
from services.records import database
from services.web.papers import stored
from tests.conftest import on_both_databases
from tests.served import Visit
from tests.services.web.conftest import VisitAs
from tests.services.web.test_handover import hand_over
from tests.services.web.test_imports import PERIODS, hand_in
from tests.services.web.test_today import open_dialogue, reply, request_extension

SUBJECT = re.compile(r'name="subject" value="([^"]+)"')
SHOWS_NO_CASE = (
    "/qs",
    "/abwesenheiten",
    "/auswertungen",
    "/regeln/texte",
    "/team/zurueckgestellt",
)  # QS: opened without a question
MOST = 15  # statements of a page
LOGGED = 4  # statements of a log entry: its place in the chain is looked for first


class Asked(NamedTuple):
    """The statements of each transaction, those that read apart from those that write."""

    read: list[list[str]]
    written: list[list[str]]


@contextmanager
def asked(office: Office) -> Iterator[Asked]:
    """What the database is asked meanwhile."""
    found = Asked([], [])

    def begun(conn: Connection) -> None:
        (found.written if database.writes(conn) else found.read).append([])

    def heard(conn: Connection, cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            (found.written if database.writes(conn) else found.read)[-1].append(statement)

    listeners = (("begin", begun), ("before_cursor_execute", heard))
    for name, listener in listeners:
        event.listen(office.engine, name, listener)
    yield found
    for name, listener in listeners:
        event.remove(office.engine, name, listener)


Opened = Callable[[Visit, str], Asked]


@pytest.fixture
def opened(town: Office) -> Opened:
    """Opens a page, after it was opened once, and gives what it asked."""

    def ask(person: Visit, path: str) -> Asked:
        assert person.get(path).status_code == 200  # what is kept is read, and purposes are named
        with asked(town) as found:
            answer = person.client.get(path)
        assert answer.status_code == 200
        return found

    return ask


def a_busy_day(worker: Visit, lead: Visit) -> None:
    """Requests, an answer, an offer, a report and open dialogues: what a page could ask for one by one."""
    for case in ("C-2001", "C-2002"):
        own = open_dialogue(worker, "own", case)
        reply(worker, own, **{"wert.subject": "Zeugnis nachfragen", "wert.due_on": "20.11.2026"})
    reply(worker, open_dialogue(worker, "dispute", "C-2002"), wert="Das ist schon geklärt.")
    request_extension(worker, "C-1001")
    subject = SUBJECT.findall(lead.get("/team").text)[0]
    page = open_dialogue(lead, "return", "C-1001", subject=subject, woher="team")
    reply(lead, reply(lead, page, wert="Bitte die Stunden nennen.", woher="team"), tun="finish", woher="team")
    request_extension(worker, "C-2001")
    subject = SUBJECT.findall(lead.get("/team").text)[0]
    open_dialogue(lead, "reject", "C-2001", subject=subject, woher="team")  # not answered yet: nothing to try
    open_dialogue(worker, "confirm", "C-2002")
    hand_over(worker)
    open_dialogue(worker, "end", "C-2001")
    for case in ("C-2001", "C-2002"):
        open_dialogue(worker, "plan", case)


@on_both_databases
def test_a_page_reads_in_one_transaction(visit: VisitAs, opened: Opened) -> None:
    worker, lead, qs, edv = visit("fm-1"), visit("tl-1"), visit("qs-1"), visit("edv-1")
    a_busy_day(worker, lead)
    for person in (worker, lead):
        person.post("/suche", {"suche": "200"})
    pages = [
        *((worker, path) for path in ("/", "/?offen=keine", "/heute/liste", "/fall/C-2001", "/faelle")),
        (worker, "/abwesenheiten"),
        *((worker, path) for path in ("/termine", "/termine?tag=2026-11-26", "/termine.ics")),
        *(
            (worker, f"/faelle?{asked}")
            for asked in ("sortiert=name&gesucht=ja", "sortiert=frist&faellig=ja&kontakt=2")
        ),
        *((person, "/suche") for person in (worker, lead)),
        *(
            (lead, path)
            for path in (
                "/team",
                "/fall/C-2001",
                "/faelle",
                "/qs?stichtag=20.11.2026",
                "/regeln",
                "/regeln/texte",
                "/regeln/einfuehrung",
                "/regeln/vorschlaege",
                "/regeln/grundlagen",
                "/auswertungen",
                "/verzeichnis",
                "/verzeichnis/vorschlaege",
                "/team/altfaelle",
                "/team/zurueckgestellt",
                "/team/zuweisen",
                "/team/umverteilen?fall=C-2001&fall=C-2002&an=56.4|fallmanagement|fm-2",
                "/abwesenheiten",
                "/abgleich",
            )
        ),
        (edv, "/einrichten"),
        (edv, re.findall(r"/verzeichnis/sicht\?person=\w+", edv.get("/verzeichnis").text)[0]),
        (edv, "/einlesen"),
        (edv, "/einlesen/profile"),
        (edv, hand_in(edv, PERIODS).url.path),
        *(
            (qs, path)
            for path in ("/qs", "/qs/rueckmeldungen", "/qs?stichtag=20.11.2026", "/qs/fragen/due?stichtag=20.11.2026")
        ),
        (qs, "/fall/C-2001"),
        *((lead, f"{path}/C-2001") for path in ("/akte", "/auskunft")),
    ]
    for person, path in pages:
        found = opened(person, path)
        assert len(found.read) == 1, path
        most = MOST + len(stored.GIVEN) + 3 if path.startswith("/auskunft") else MOST  # it reads every table
        assert len(found.read[0]) <= most, (path, found.read[0])
        logged = person not in (worker, edv) and path not in SHOWS_NO_CASE
        assert [len(one) for one in found.written] == [LOGGED] * logged, path


def test_more_to_show_asks_no_more(visit: VisitAs, opened: Opened) -> None:
    worker, lead = visit("fm-1"), visit("tl-1")
    pages = ((worker, "/"), (lead, "/team"))
    request_extension(worker, "C-2001")
    reply(worker, open_dialogue(worker, "dispute", "C-2002"), wert="Das ist schon geklärt.")
    before = [len(opened(*page).read[0]) for page in pages]
    request_extension(worker, "C-1001")
    request_extension(worker, "C-2002")
    after = [len(opened(*page).read[0]) for page in pages]
    assert min(before) > 10
    assert all(now <= then for now, then in zip(after, before, strict=True)), (before, after)
