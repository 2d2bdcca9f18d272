"""Filters somebody saves for the own lists: named, sealed, nobody else's, never with what was searched for."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from services.office.office import Office
from services.people import saved_filters
from services.records import tables
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_caselist import NUMBER

DROP = re.compile(r"/faelle/filter/\d+/weg")


def save(person: Visit, name: str, **asked: str) -> str:
    return str(person.post("/faelle/filter", {"name": name, **asked}).url).partition("/faelle")[2]


def link(person: Visit, name: str) -> str:
    found = re.search(rf'href="([^"]+)"[^>]*>{re.escape(name)}</a>', person.get("/faelle").text)
    assert found is not None
    return found[1].replace("&amp;", "&")


@on_both_databases
def test_a_filter_is_saved_found_again_and_deleted(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    assert save(person, "  Lange   dabei ", dauer="12", sortiert="-seit", seite="2", gesucht="ja", suche="Meier") == (
        "?dauer=12&sortiert=-seit"
    )
    assert NUMBER.findall(person.client.get(link(person, "Lange dabei")).text) == ["C-1001"]
    save(person, "LANGE dabei", dauer="6")
    assert len(DROP.findall(person.get("/faelle").text)) == 1
    assert link(person, "LANGE dabei") == "/faelle?dauer=6"
    other = visit("fm-9")
    assert "dabei" not in other.get("/faelle").text
    [drop] = DROP.findall(person.get("/faelle").text)
    other.post(drop, {})
    assert DROP.findall(person.get("/faelle").text) == [drop]
    person.post(drop, {})
    assert DROP.findall(person.get("/faelle").text) == []


def test_nobody_reads_its_name_in_the_database(visit: VisitAs, town: Office) -> None:
    save(visit("fm-1"), "Klarname Meier", dauer="12")
    with town.read() as tx:
        for table in tables.metadata.sorted_tables:
            assert not any("Klarname" in str(row) for row in tx.conn.execute(select(table)))
        [sealed] = tx.conn.scalars(select(tables.saved_filters.c.sealed))
        assert b"Klarname" not in sealed
        assert b"dauer" not in sealed


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\u200bc"])
def test_a_name_that_is_none_is_asked_for_again(visit: VisitAs, name: str) -> None:
    person = visit("fm-1")
    answer = person.post("/faelle/filter", {"name": name, "dauer": "6"})
    assert answer.status_code == 422
    assert 'id="filtername-falsch"' in answer.text
    assert NUMBER.findall(answer.text) == ["C-1001", "C-2001"]
    assert DROP.findall(person.get("/faelle").text) == []


def test_markup_in_a_name_stays_text_and_there_is_an_end(visit: VisitAs, monkeypatch: pytest.MonkeyPatch) -> None:
    person = visit("fm-1")
    monkeypatch.setattr(saved_filters, "MOST", 2)
    save(person, "<script>alert(1)</script>", dauer="6")
    assert "<script>alert" not in person.get("/faelle").text
    save(person, "zwei", dauer="6")
    answer = person.post("/faelle/filter", {"name": "drei", "dauer": "6"})
    assert "Mehr als 2 Filter" in words(answer)
    assert 'value="drei"' in answer.text
    assert save(person, "ZWEI", dauer="12") == "?dauer=12"
    assert person.post("/faelle/filter", {"name": "x", "dauer": "zwölf"}).status_code == 422
