"""Every list of a page as a file: all of its rows, as narrowed there, with real days, without names, and logged."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
import python_calamine
from sqlalchemy import select

from services.office.office import Office
from services.questions import caselist
from services.records import tables
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.town import NOW

Rows = list[list[Any]]
LISTS = {
    "/faelle/liste": "fm-1",
    "/termine/liste": "fm-1",
    "/team/ueberfaellig": "tl-1",
    "/team/verweildauer/liste": "tl-1",
}
NAMES = ("Sander", "Meier", "Brandt", "Yilmaz")


def rows_of(person: Visit, path: str, **asked: str) -> Rows:
    """The table of a file, its head first."""
    answer = person.client.get(f"{path}.xlsx", params=asked)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names[1] == "Herkunft"
    origin = book.get_sheet_by_index(1).to_python()
    assert "Erstellt am" in {row[0] for row in origin}
    found: Rows = book.get_sheet_by_index(0).to_python()
    for name in NAMES:
        assert name not in str(found) + str(origin)
    return found


@on_both_databases
@pytest.mark.parametrize("path", LISTS)
def test_a_list_comes_as_a_table_with_real_days_and_as_csv(visit: VisitAs, path: str) -> None:
    person = visit(LISTS[path])
    asked = {"woche": NOW.date().isoformat()} if "termine" in path else {}
    head, *rows = rows_of(person, path, **asked)
    assert rows, "the town has something to show"
    assert all(len(row) == len(head) for row in rows)
    assert any(isinstance(cell, dt.date) for row in rows for cell in row)
    text = person.client.get(f"{path}.csv", params=asked).content.decode("utf-8-sig")
    assert [line.split(";")[0] for line in text.splitlines()[: len(rows) + 1]] == [str(head[0]), *_first(rows)]
    assert person.client.get(f"{path}.exe").status_code == 404


def _first(rows: Rows) -> list[str]:
    return [f"{row[0]:%d.%m.%Y}" if isinstance(row[0], dt.date) else str(row[0]) for row in rows]


def test_the_file_has_every_case_as_narrowed_not_a_page_of_them(
    visit: VisitAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(caselist.of_workers.__kwdefaults__, "size", 1)
    worker = visit("fm-1")
    shown = set(re.findall(r'href="/fall/(C-\d+)"', "".join(_pages(worker))))
    assert {row[1] for row in rows_of(worker, "/faelle/liste")[1:]} == shown
    narrowed = {row[3] for row in rows_of(worker, "/faelle/liste", strategie="integration")[1:]}
    assert narrowed == {"Integration"}
    assert worker.client.get("/faelle/liste.xlsx?einheit=99.9").status_code == 422


def _pages(worker: Visit) -> list[str]:
    return [worker.client.get(f"/faelle?seite={page}").text for page in range(1, 30)]


def test_a_file_of_a_lead_is_logged_without_a_name(visit: VisitAs, town: Office) -> None:
    lead, worker = visit("tl-1"), visit("fm-1")
    worker.client.get("/faelle/liste.xlsx")
    for path in ("/faelle/liste", "/team/ueberfaellig", "/team/verweildauer/liste"):
        rows_of(lead, path)
    with town.read() as tx:
        found = tx.conn.execute(select(tables.views.c.list, tables.views.c.rows).order_by(tables.views.c.id)).all()
    assert [row.list for row in found] == ["cases-file", "team-file", "stays-file"]
    assert all(row.rows for row in found)


def test_the_access_log_comes_as_a_file_without_who_it_was(visit: VisitAs, monkeypatch: pytest.MonkeyPatch) -> None:
    lead = visit("tl-1")
    lead.client.get("/team")
    head, *rows = rows_of(lead, "/einsichten")
    assert head == ["Tag", "Uhrzeit", "Fall", "Was", "Auswahl", "Zeilen", "Zweck"]
    assert rows[0][:2] == [NOW.date(), "09:00"]
    assert "Team" in {row[3] for row in rows}
    assert "tl-1" not in str(rows)
    assert rows_of(lead, "/einsichten")[1][3] == "Einsichten, als Datei"
    assert rows_of(lead, "/einsichten", von="01.01.2026", bis="02.01.2026")[1:] == []
    monkeypatch.setattr("services.web.qs.access_log.MOST", 1)
    told = "Die Datei enthält nur die ersten 1 von"
    assert told in words(lead.client.get("/einsicht"))
    assert f"Nicht vollständig;{told}" in lead.client.get("/einsichten.csv").text
    wrong = lead.client.get("/einsichten.csv", params={"von": "31.02.2026"})
    assert wrong.status_code == 422
    assert "31.02.2026" in wrong.text
