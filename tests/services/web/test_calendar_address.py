"""A calendar asks a personal address: numbers and links only, until it is revoked, given anew, or its person leaves."""

from __future__ import annotations

import datetime as dt
import logging
import re

import httpx
import pytest
from icalendar import Calendar

from domain.facts.directory import PersonLeft
from services.office.office import Office
from services.people import calendars
from services.records.tables import calendar_addresses, calendar_entries
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_deputies import tell
from tests.services.web.test_today import open_dialogue, reply
from workers.logs import CHATTY

ADDRESS = re.compile(r"http://127\.0\.0\.1:8000(/kalender/[^<]+\.ics)")
PERSONAL = ("Meier", "Aksoy", "Sander", "Brandt", "C-1001", "C-2001", "C-2002", "Zeugnis")


def address_of(person: Visit) -> str:
    """A new address of the person, as shown."""
    page = person.post("/abwesenheiten/kalender", {"tun": "neu"})
    return ADDRESS.findall(page.text)[0]


def entries(answer: httpx.Response) -> list[tuple[str, str, str]]:
    """Day, words and link of each entry."""
    found = Calendar.from_ical(answer.text)
    assert isinstance(found, Calendar)
    events = found.walk("VEVENT")
    assert len({str(one["UID"]) for one in events}) == len(events)
    return [
        (str(one.decoded("DTSTART")), str(one["SUMMARY"]), str(one["URL"]).rpartition(":8000")[2]) for one in events
    ]


@on_both_databases
def test_it_says_how_many_there_are_and_where(visit: VisitAs, town: Office) -> None:
    worker, anybody = visit("fm-1"), visit("").client
    own = open_dialogue(worker, "own", "C-2002")
    reply(worker, own, **{"wert.subject": "Zeugnis nachfragen", "wert.due_on": "27.11.2026"})
    path = address_of(worker)
    answer = anybody.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    found = entries(answer)
    assert ("2026-11-26", "1 Termin", "/termine?tag=2026-11-26") in found
    assert ("2026-11-27", "1 Wiedervorlage", "/termine?tag=2026-11-27") in found
    today = [said for day, said, _ in found if day == "2026-11-20"]
    assert len(today) == 1
    assert re.fullmatch(r"\d+ Wiedervorlagen? fällig", today[0])
    assert not [word for word in PERSONAL if word in answer.text]
    tag = answer.headers["etag"]
    for sent, status in ((tag, 304), (f'"x", W/{tag}', 304), ("*", 304), ('"x"', 200)):
        again = anybody.get(path, headers={"If-None-Match": sent})
        assert (again.status_code, again.headers["etag"]) == (status, tag)
        assert bool(again.text) == (status == 200)
    worker.post(
        "/termine",
        {
            "tag": "2026-11-26",
            "einzeln": re.findall(r'"(cancelled\|[^"]+)"', worker.get("/termine?tag=2026-11-26").text)[0],
        },
    )
    changed = anybody.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert "2026-11-26" not in {day for day, _, _ in entries(changed)}


@on_both_databases
def test_it_holds_until_revoked_renewed_or_left(visit: VisitAs, town: Office) -> None:
    worker, anybody = visit("fm-1"), visit("").client
    first = address_of(worker)
    assert not ADDRESS.findall(worker.get("/abwesenheiten").text)  # shown once
    assert "noch nicht abgerufen" in words(worker.get("/abwesenheiten"))
    assert anybody.get(first).status_code == 200
    assert "zuletzt abgerufen" in words(worker.get("/abwesenheiten"))
    second = address_of(worker)
    assert [anybody.get(path).status_code for path in (first, second)] == [404, 200]
    worker.post("/abwesenheiten/kalender", {"tun": "weg"})
    assert anybody.get(second).status_code == 404
    third = address_of(worker)
    tell(town, "fm-1", "2026-11-19", PersonLeft())
    gone = anybody.get(third)
    assert gone.status_code == 404
    assert "Diese Kalenderadresse gibt es nicht (mehr)." in words(gone)


def test_neither_the_database_nor_the_log_opens_it(
    visit: VisitAs, town: Office, caplog: pytest.LogCaptureFixture
) -> None:
    worker, anybody = visit("fm-1"), visit("").client
    path = address_of(worker)
    token = path.removeprefix("/kalender/").removesuffix(".ics")
    with caplog.at_level(logging.DEBUG):
        anybody.get(path)
        anybody.get(f"/kalender/{'x' * 22}.ics")
    said = [(one.message, one.__dict__.get("status")) for one in caplog.records if one.message == "calendar"]
    assert said == [("calendar", 200), ("calendar", 404)]
    ours = [one for one in caplog.records if not one.name.startswith(("httpx", *CHATTY))]  # they say nothing of it
    assert not [one for one in ours if token in str(one.__dict__)]
    with town.write() as tx:
        row = tx.conn.execute(calendar_addresses.select()).one()
        assert token not in str(row)
        tx.conn.execute(calendar_addresses.update().values(person="0" * 32))  # somebody else's, by who writes here
    assert anybody.get(path).status_code == 404


@pytest.mark.parametrize("token", ["x", "%0d%0aX-Evil:1", "%00", "..%2f..%2fetc", "é" * 200, "x" * 3000, "'--"])
def test_what_is_none_is_not_found(visit: VisitAs, token: str) -> None:
    answer = visit("").client.get(f"/kalender/{token}.ics")
    assert answer.status_code == 404
    assert "X-Evil" not in answer.headers


def test_who_guesses_and_who_asks_all_the_time_waits(visit: VisitAs) -> None:
    worker, anybody = visit("fm-1"), visit("").client
    path = address_of(worker)
    while (answer := anybody.get(path)).status_code == 200:
        pass
    assert answer.status_code == 429
    assert "zu viele Abrufe eines Kalenders" in words(answer)
    assert int(answer.headers["retry-after"]) > 0
    for _ in range(50):
        assert anybody.get("/kalender/falsch.ics").status_code == 404
    assert anybody.get("/kalender/falsch.ics").status_code == 429
    assert worker.get("/").status_code == 200


def test_nothing_else_is_asked_of_the_form(visit: VisitAs) -> None:
    answer = visit("fm-1").post("/abwesenheiten/kalender", {"tun": "<b>"})
    assert answer.status_code == 422
    assert "Kalenderadresse" in words(answer)


def test_a_new_one_is_shown_for_minutes_only(town: Office) -> None:
    with town.write() as tx:
        calendars.renew(tx, "0" * 32)
        calendars.renew(tx, "0" * 32)
        tx.conn.execute(calendar_addresses.update().values(issued_at=tx.now - dt.timedelta(minutes=11)))
        found = calendars.of_person(tx, "0" * 32)
    assert found is not None
    assert found.token == ""


def test_each_person_says_whether_entries_come_by_mail(visit: VisitAs, town: Office) -> None:
    worker = visit("fm-1")
    assert 'id="eintrag-nein" value="nein" checked' in worker.get("/abwesenheiten").text
    for choice in ("ja", "ja", "nein"):
        page = worker.post("/abwesenheiten/kalender", {"tun": choice})
        assert f'id="eintrag-{choice}" value="{choice}" checked' in page.text
        with town.read() as tx:
            held = tx.conn.execute(calendar_entries.select()).all()
        assert ({str(one.day) for one in held} == {"2026-11-26"}) == (choice == "ja")
