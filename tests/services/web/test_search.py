"""The search field of every page: numbers, names and parts of them, among the cases one may see, and nowhere kept."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from sqlalchemy import select

from domain.facts import Stream
from services.office.office import Office
from services.operations import erasure
from services.questions import search
from services.records import tables
from services.web.cases.search import MOST_FOUND
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_deputies import away
from tests.services.web.town import NOW


def found(person: Visit, typed: str) -> str:
    """Where a search leads: the number of the case that opened, else what the page says."""
    answer = person.post("/suche", {"suche": typed})
    path = str(answer.url.path)
    return path.removeprefix("/fall/") if path.startswith("/fall/") else words(answer)


def rename(office: Office, number: str, **names: str) -> None:
    with office.write() as tx:
        [key] = tx.store.keys(tx.conn, Stream.CASE, [number]).values()
        office.vault.put_names(tx.conn, key, names)


def held(office: Office) -> int:
    """Of how many cases names are in memory."""
    return sum(len(one.known) for one in search.memory(office)._held.values())


@on_both_databases
def test_one_hit_opens_the_case(visit: VisitAs, town: Office) -> None:
    rename(town, "C-2002", last_name="Aydın-O’Neill", first_name="Łukasz")
    person = visit("fm-1")
    for typed in ("c 2001", "2001", "Meier, J", "meie", "jana meier", "Jnaa", "Meier 2001"):
        assert found(person, typed) == "C-2001", typed
    for typed in ("Aydin", "aydın", "ONeill", "o'neill", "Lukasz", "Aydin—O`Neill"):
        assert found(person, typed) == "C-2002", typed


@pytest.mark.parametrize("typed", ["mayer", "Maier", "Mayr", "meyer, J", "Mair Jana"])
def test_a_name_is_found_by_its_sound(visit: VisitAs, typed: str) -> None:
    assert found(visit("fm-1"), typed) == "C-2001"


def test_a_client_is_found_by_the_number_they_go_by(visit: VisitAs, town: Office) -> None:
    rename(town, "C-2002", client_number="214D100200")
    assert found(visit("fm-1"), "214D-100200") == "C-2002"
    assert found(visit("fm-1"), "D1002") == "C-2002"
    assert "kein Fall zu finden" in found(visit("fm-9"), "214D100200")
    assert "kein Fall zu finden" in found(visit("qs-1"), "214D100200")  # who sees no names sees no such number


@on_both_databases
def test_several_are_listed_and_the_page_can_be_opened_again(visit: VisitAs) -> None:
    person = visit("fm-1")
    said = found(person, "200")
    assert "Zu „200“ gibt es 2 Fälle" in said
    assert "C-2001" in said
    assert "C-2002" in said
    assert "C-2003" not in said  # a colleague's
    assert words(person.get("/suche")) == said
    assert person.post("/suche", {"suche": "200"}).url.query == b""
    assert "kein Fall zu finden" in found(person, "Niemand")
    assert "kein Fall zu finden" in found(person, "<script>alert(1)</script>")
    assert "Ein Teil genügt" in found(person, " ")
    assert "kein Fall zu finden" in found(person, "9" * 300)


@on_both_databases
def test_everybody_finds_the_cases_they_may_see(visit: VisitAs, town: Office) -> None:
    rename(town, "C/3.001", last_name="Sanders")
    assert found(visit("fm-9"), "sand") == "C/3.001"
    assert found(visit("fm-1"), "sand") == "C-1001"
    assert found(visit("es-1"), "sand") == "C-1001"
    assert found(visit("tl-1"), "sandr") == "C-1001"  # after naming a purpose
    qs = visit("qs-1")
    assert "kein Fall zu finden" in found(qs, "sand")
    listed = found(qs, "001")
    assert all(number in listed for number in ("C-1001", "C-2001", "C/3.001"))
    assert "Sander" not in listed
    away(town, "fm-1", deputy="fm-9")
    both = found(visit("fm-9"), "sand")
    assert "C-1001" in both
    assert "C/3.001" in both


def test_names_that_change_or_go_are_found_so(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    assert found(person, "meier") == "C-2001"
    rename(town, "C-2001", last_name="Wagner")
    assert found(person, "wagn") == "C-2001"
    assert "kein Fall zu finden" in found(person, "meier")
    code = erasure.erase(town, "C-2001")["replaced_by"]
    assert "kein Fall zu finden" in found(person, "wagn")
    assert found(person, code) == code


def test_names_in_memory_end_with_the_log_in_and_when_nobody_searches(visit: VisitAs, town: Office) -> None:
    person, other = visit("fm-1"), visit("fm-9")
    assert held(town) == 0
    found(person, "meier")
    found(other, "fuchs")
    assert held(town) == 4
    person.post("/abmelden", {})
    assert held(town) == 1
    assert "Fallnummer" not in person.client.get("/suche").text  # the log-in, not what was searched
    search.memory(town).tidy(NOW + search.IDLE)
    assert held(town) == 1
    search.memory(town).tidy(NOW + search.IDLE + dt.timedelta(seconds=1))
    assert held(town) == 0


def test_memory_is_bounded(visit: VisitAs, town: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    person, other = visit("fm-1"), visit("fm-9")
    monkeypatch.setattr(search, "MOST_IN_ALL", 3)
    found(person, "meier")
    found(other, "fuchs")
    assert held(town) == 1
    monkeypatch.setattr(search, "MOST", 2)
    search._of_scope.cache_clear()
    assert found(person, "Meier") == "C-2001"  # more cases than that: by whole words and numbers
    assert found(person, "200") != "C-2001"
    assert "kein Fall zu finden" in found(person, "mei")
    assert held(town) == 1
    search._of_scope.cache_clear()


def test_what_is_typed_stands_nowhere_but_sealed_in_the_browser(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    found(person, "Geheimname")
    kept = dict(person.client.cookies)["fallverlauf-suche"]
    assert "Geheimname" not in kept
    other = visit("fm-9")
    other.client.cookies.set("fallverlauf-suche", kept)
    assert "Geheimname" not in other.get("/suche").text
    for forged in ("x", "AAAA", kept[:-4] + "AAAA", "ä"):
        mine = dict(person.client.cookies)["fallverlauf"]
        raw = {"Cookie": f"fallverlauf={mine}; fallverlauf-suche={forged}".encode()}
        assert "Ein Teil genügt" in words(person.client.get("/suche", headers=raw))
    with town.read() as tx:
        for table in tables.metadata.sorted_tables:
            assert not any("Geheimname" in str(row) for row in tx.conn.execute(select(table)))


def test_a_search_of_a_lead_is_logged_without_what_was_typed(visit: VisitAs, town: Office) -> None:
    lead = visit("tl-1")
    found(lead, "200")
    with town.read() as tx:
        rows = tx.conn.execute(select(tables.views).where(tables.views.c.list == "search")).all()
        assert [(town.store.number(tx.conn, UUID(row.person)), row.asked, row.rows) for row in rows] == [
            ("tl-1", "", 3)
        ]
    assert MOST_FOUND == 50


@on_both_databases
def test_what_is_suggested_are_links_to_cases_one_may_see(visit: VisitAs, town: Office) -> None:
    def suggested(person: Visit, typed: str) -> str:
        answer = person.post("/suche/vorschlag", {"suche": typed}, hx_request="true")
        assert answer.status_code == 200
        return answer.text

    assert 'href="/fall/C-2001"' in suggested(visit("fm-1"), "meie")
    assert "Meier, Jana" in suggested(visit("fm-1"), "meie")
    assert suggested(visit("fm-1"), "m").strip() == ""
    assert "Meier" not in suggested(visit("qs-1"), "meie")
    assert suggested(visit("fm-1"), "200").count("<li>") == 2
    hidden, absent = suggested(visit("fm-2"), "meie"), suggested(visit("fm-2"), "xyzqj")
    assert "C-2001" not in hidden
    assert hidden == absent
