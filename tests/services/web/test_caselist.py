"""The lists of cases: put in order, narrowed, searched as one types; nothing of a name stands in an address."""

from __future__ import annotations

import datetime as dt
import re

import httpx
import pytest

from domain.clocks import since_talks
from domain.facts import Fact, Stream
from domain.facts.case import CaseClosed
from domain.facts.contact import ContactHeld
from services.casework import case as casework
from services.office.office import Office
from services.questions import cases
from services.records import rows
from services.web.cases import filters
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.town import CASES, NOW, entry

TODAY = NOW.date()
NUMBER = re.compile(r'<th scope="row"><a href="/fall/([^"]+)"')


def listed(person: Visit, **asked: str) -> list[str]:
    """The numbers on the page, in their order."""
    answer = person.get("/faelle", **asked)
    assert answer.status_code == 200
    return NUMBER.findall(answer.text)


def typed(person: Visit, text: str, **asked: str) -> httpx.Response:
    """What the script gets while somebody types."""
    token = person.token()
    form = {"csrf": token, "suche": text, **asked}
    return person.client.post("/faelle", data=form, headers={"HX-Request": "true"})


def add(office: Office, number: str, on: str, fact: Fact) -> None:
    with office.write() as tx:
        key = office.store.key(tx.conn, Stream.CASE, number)
        assert key is not None
        office.store.append(tx.conn, key, [entry(on, fact)], NOW)
        rows.refresh(tx.conn, key, office.store.records(tx.conn, key))


@on_both_databases
@pytest.mark.parametrize(
    ("column", "numbers"),
    [
        ("", ["C-1001", "C-2001", "C-2002"]),
        ("nummer", ["C-1001", "C-2001", "C-2002"]),
        ("-nummer", ["C-2002", "C-2001", "C-1001"]),
        ("name", ["C-2002", "C-2001", "C-1001"]),
        ("-name", ["C-1001", "C-2001", "C-2002"]),
        ("seit", ["C-1001", "C-2001", "C-2002"]),
        ("-seit", ["C-2002", "C-2001", "C-1001"]),
        ("bereinigt", ["C-2002", "C-2001", "C-1001"]),
        ("-termin", ["C-1001", "C-2001", "C-2002"]),
        ("kontakt", ["C-1001", "C-2001", "C-2002"]),
        ("frist", ["C-1001", "C-2001", "C-2002"]),
    ],
)
def test_a_list_is_put_in_order_by_its_columns(visit: VisitAs, column: str, numbers: list[str]) -> None:
    assert listed(visit("fm-1"), sortiert=column) == numbers


def test_every_column_orders_every_list(visit: VisitAs) -> None:
    for person in ("fm-1", "tl-1", "es-1"):
        at_work = visit(person)
        whole = sorted(listed(at_work))
        assert len(whole) >= 3
        for column in filters.COLUMNS:
            assert sorted(listed(at_work, sortiert=column)) == whole
            assert sorted(listed(at_work, sortiert=f"-{column}")) == whole


@on_both_databases
@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({"dauer": "6"}, ["C-1001", "C-2001"]),
        ({"dauer": "12"}, ["C-1001"]),
        ({"termin": "ohne"}, ["C-2001", "C-2002"]),
        ({"kontakt": "12"}, ["C-1001", "C-2001", "C-2002"]),
        ({"strategie": "integration", "dauer": "12"}, ["C-1001"]),
        ({"strategie": "entwicklung"}, []),
        ({"strategie": "keine"}, []),
        ({"bereich": "av-ags"}, ["C-1001", "C-2001", "C-2002"]),
        ({"bereich": "jobakademie"}, []),
        ({"stand": "geschlossen"}, []),
        ({"stand": "alle"}, ["C-1001", "C-2001", "C-2002"]),
        ({"faellig": "ja", "dauer": "6"}, ["C-1001", "C-2001"]),
    ],
)
def test_a_list_is_narrowed(visit: VisitAs, asked: dict[str, str], numbers: list[str]) -> None:
    assert listed(visit("fm-1"), **asked) == numbers


def test_every_choice_can_be_made(visit: VisitAs) -> None:
    person = visit("fm-1")
    for name, choice in filters.CHOICES.items():
        for value in choice.options:
            assert person.get("/faelle", **{name: value}).status_code == 200
        answer = person.get("/faelle", **{name: "<b>x"})
        assert answer.status_code == 422
        assert choice.label in words(answer)
    assert person.get("/faelle", sortiert="worker").status_code == 422
    assert person.get("/faelle", seite="9" * 30).status_code == 200


@on_both_databases
def test_who_has_contact_leaves_the_list_of_those_without(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    add(town, "C-2002", "2026-11-18", ContactHeld(channel="phone", direction="out", outcome="not-reached"))
    assert "C-2002" in listed(person, kontakt="2")
    add(town, "C-2002", "2026-11-10", ContactHeld(channel="phone", direction="out", outcome="reached"))
    assert listed(person, kontakt="2") == ["C-1001", "C-2001"]
    assert listed(person, sortiert="kontakt") == ["C-1001", "C-2002", "C-2001"]
    assert "10.11.2026" in words(person.get("/faelle"))


def test_the_last_contact_is_that_of_the_clock(visit: VisitAs, town: Office) -> None:
    add(town, "C-2001", "2026-10-30", ContactHeld(channel="visit", direction="in"))
    with town.read() as tx:
        keys = tx.store.keys(tx.conn, Stream.CASE, CASES)
        found = {row.number: row.last_contact for row in cases.of_keys(tx, list(keys.values()), TODAY)}
        days = {
            number: since_talks(casework.view(tx, key, TODAY).timeline, TODAY)["since_contact"]
            for number, key in keys.items()
        }
    assert found == {number: None if ago is None else TODAY - dt.timedelta(ago) for number, ago in days.items()}
    assert found["C-2001"] == dt.date(2026, 10, 30)


@on_both_databases
def test_a_closed_case_is_hidden_until_it_is_asked_for(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    add(town, "C-2001", "2026-11-10", CaseClosed(reason="employment"))
    assert listed(person) == ["C-1001", "C-2002"]
    assert listed(person, stand="geschlossen") == ["C-2001"]
    assert "abgeschlossen" in words(person.get("/faelle", stand="alle"))
    assert "C-2001" not in listed(visit("tl-1"))
    assert person.post("/suche", {"suche": "Meier"}).url.path == "/fall/C-2001"


def test_who_is_over_six_and_twelve_months_is_seen_and_one_click_away(visit: VisitAs) -> None:
    person = visit("fm-1")
    page = person.get("/faelle")
    said = words(page)
    assert "Integration laut Balken: 2 seit 6 Monaten oder länger · 1 seit 12 Monaten oder länger" in said
    assert "über 12 Monate" in said
    assert "über 6 Monate" in said
    link = re.search(r'href="(/faelle\?[^"]*dauer=12[^"]*)"', page.text)
    assert link
    assert NUMBER.findall(person.client.get(link[1].replace("&amp;", "&")).text) == ["C-1001"]


def test_nobody_needs_a_column_for_who_works_the_own_cases(visit: VisitAs) -> None:
    own, led = words(visit("fm-1").get("/faelle")), words(visit("tl-1").get("/faelle"))
    assert "Fachkraft" not in own
    assert "Fachkraft" in led
    for column in ("Nächste Frist", "Letzter Kontakt", "Nächster Termin"):
        assert column in own


@on_both_databases
def test_the_list_is_searched_as_one_types(visit: VisitAs) -> None:
    person = visit("fm-1")
    for text, numbers in (("a", ["C-2002"]), ("ole", ["C-1001"]), ("200", ["C-2001", "C-2002"]), ("Meir", ["C-2001"])):
        answer = typed(person, text)
        assert NUMBER.findall(answer.text) == numbers, text
        assert answer.headers["HX-Replace-Url"] == "/faelle?gesucht=ja"
        assert "<html" not in answer.text
    assert "So heißt niemand: „Meir“" in words(typed(person, "Meir"))
    answer = typed(person, "200", dauer="6", sortiert="-seit")
    assert NUMBER.findall(answer.text) == ["C-2001"]
    assert answer.headers["HX-Replace-Url"] == "/faelle?dauer=6&sortiert=-seit&gesucht=ja"
    assert NUMBER.findall(typed(person, "").text) == ["C-1001", "C-2001", "C-2002"]
    assert "Zu „Brink“ steht hier kein Fall" in words(typed(person, "Brink"))  # a colleague's


def test_without_a_script_the_same_form_leads_to_the_list(visit: VisitAs) -> None:
    person = visit("fm-1")
    answer = person.post("/faelle", {"suche": "meier", "dauer": "6", "unfug": "x"})
    assert str(answer.url).endswith("/faelle?dauer=6&gesucht=ja")
    assert NUMBER.findall(answer.text) == ["C-2001"]
    assert 'value="meier"' in answer.text
    assert listed(person, gesucht="ja", sortiert="name") == ["C-2001"]
    assert listed(person) == ["C-1001", "C-2001", "C-2002"]
    assert 'value="meier"' not in person.get("/faelle").text
    assert person.post("/faelle", {"dauer": "99"}).status_code == 422


def test_a_lead_searches_and_sorts_the_unit(visit: VisitAs) -> None:
    lead = visit("tl-1")
    assert listed(lead, sortiert="name") == ["C-2002", "C-2003", "C-2001", "C-1001"]
    assert NUMBER.findall(typed(lead, "brin").text) == ["C-2003"]
    assert listed(lead, dauer="12") == ["C-1001"]
    assert "Fuchs" not in typed(lead, "f").text
