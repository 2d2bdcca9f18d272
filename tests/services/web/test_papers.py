"""What leaves the house on paper: whole, readable, nothing of anybody else, and logged whoever it was."""

from __future__ import annotations

import io
import json
from pathlib import Path
from uuid import UUID

import pikepdf
import pypdfium2
import pytest
from sqlalchemy import select

from domain.facts import Stream
from domain.facts.case import CaseOpened
from domain.filed import FOR_THE_FILE
from domain.purposes import DISCLOSURE, FILE_ACCESS, FILED
from services.exchange.importing import import_file
from services.office.office import Office
from services.records import tables
from services.web.papers import pdf, stored
from services.web.papers.paper import Paper, Part, Table
from tests.conftest import on_both_databases
from tests.served import words
from tests.services.exchange.test_every_fact import corrections, line, one_by_one
from tests.services.web.conftest import VisitAs
from tests.services.web.test_today import open_dialogue, reply, request_extension
from tests.services.web.town import NOW

HOSTILE = '</td><script>alert(1)</script> #eval(1) *fett* $x$ \\ "Zitat" 漢字 \u202e\U0001f600'
CASE = "C-2001"


def text_of(content: bytes) -> str:
    """What a reader of the PDF sees, as one line."""
    with pypdfium2.PdfDocument(content) as found:
        return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in found).split())


def is_archive(content: bytes) -> None:
    """PDF/A-2a and PDF/UA-1, tagged, in German, with its title."""
    with pikepdf.open(io.BytesIO(content)) as found, found.open_metadata() as told:
        assert (told["pdfaid:part"], told["pdfaid:conformance"], told["pdfuaid:part"]) == ("2", "A", "1")
        assert found.Root.MarkInfo.Marked
        assert str(found.Root.Lang) == "de"
        assert told["dc:title"]
        assert not found.is_encrypted


def full(town: Office, folder: Path) -> list[dict[str, object]]:
    """The case gets every fact with all of its fields, corrected and withdrawn; gives the lines."""
    number = {"case": CASE}
    lines = [one | number for one in (*one_by_one(), *corrections()) if Stream.CASE.value in one]
    said = {"rule": "R-04", "category": "noch-richtig", "text": HOSTILE}
    lines.append(line("case-statement-given", "hostile", said) | number)
    path = folder / "full.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in lines), encoding="utf-8")
    assert import_file(town, path).rejected == []
    return lines


def strings(value: object) -> set[str]:
    if isinstance(value, dict):
        return set().union(*map(strings, value.values()))
    if isinstance(value, list):
        return set().union(*map(strings, value))
    return {value} if isinstance(value, str) else set()


def logged(town: Office) -> list[str]:
    with town.read() as tx:
        return list(tx.conn.scalars(select(tables.views.c.purpose).order_by(tables.views.c.id)))


@on_both_databases
def test_the_disclosure_holds_every_fact_and_name_and_nothing_of_another(
    visit: VisitAs, town: Office, tmp_path: Path
) -> None:
    worker = visit("fm-1")
    request_extension(worker)
    lines = full(town, tmp_path)
    found = worker.client.get(f"/auskunft/{CASE}?als=json").json()
    given = {one["id"]: one for one in found["facts"]}
    assert given.keys() >= {one["id"] for one in lines}
    assert {one["id"]: given[one["id"]]["data"] for one in lines} == {one["id"]: one["data"] for one in lines}
    assert HOSTILE in strings(found["facts"])
    with town.read() as tx:
        key = tx.store.key(tx.conn, Stream.CASE, CASE)
        others = set(tx.store.numbers(tx.conn, tx.store.streams(tx.conn, Stream.CASE)).values()) - {CASE}
        keys = {str(one) for one in tx.store.streams(tx.conn, Stream.CASE)} - {str(key)}
    assert not (others | keys) & strings(found)
    assert found["stored"]["messages"]
    assert all(row["case_key"] == str(key) for table in found["stored"].values() for row in table if "case_key" in row)


def test_of_every_table_it_is_said_whether_it_is_given_out() -> None:
    assert {table.name for table in stored.GIVEN} | stored.LEFT.keys() == tables.metadata.tables.keys()
    assert {table.name for table in stored.GIVEN}.isdisjoint(stored.LEFT)


def test_the_disclosure_reads_as_words(visit: VisitAs, town: Office, tmp_path: Path) -> None:
    worker = visit("fm-1")
    request_extension(worker)
    open_dialogue(worker, "handover", CASE)
    full(town, tmp_path)
    page = worker.client.get(f"/auskunft/{CASE}")
    assert "<script>alert" not in page.text
    said = words(page)
    for text in ("Zu dieser Auskunft", "Wiedervorlagen", "Verlängerung beantragt", "Übergeben", "Versehen."):
        assert text in said, text
    content = worker.client.get(f"/auskunft/{CASE}?als=pdf").content
    is_archive(content)
    printed = text_of(content)
    for text in ("#eval(1) *fett* $x$", "[?][?]", pdf.LEFT_OUT):
        assert text in printed, text
    assert logged(town) == [DISCLOSURE, DISCLOSURE]


def test_a_case_without_an_entry_is_printed_too(visit: VisitAs, town: Office) -> None:
    worker = visit("fm-1")
    said = words(worker.client.get("/akte/C-2002"))
    assert "Akte zum Fall C-2002" in said
    is_archive(worker.client.get("/akte/C-2002?als=pdf").content)
    assert logged(town) == [FILE_ACCESS, FILE_ACCESS]


def _first(town: Office, name: str) -> str:
    with town.read() as tx:
        key = tx.store.key(tx.conn, Stream.CASE, CASE)
        assert isinstance(key, UUID)
        return next(one.ref for one in tx.store.records(tx.conn, key) if type(one.fact).__name__ == name)


def test_the_vermerk_of_a_decision_names_day_content_who_and_when(visit: VisitAs, town: Office) -> None:
    worker = visit("fm-1")
    request_extension(worker)
    ref = _first(town, "ExtensionRequested")
    page = worker.client.get(f"/fall/{CASE}")
    assert f'href="/vermerk/{ref}/{CASE}"' in page.text
    said = words(worker.client.get(f"/vermerk/{ref}/{CASE}"))
    content = worker.client.get(f"/vermerk/{ref}/{CASE}?als=pdf").content
    is_archive(content)
    for text in (f"Vermerk zum Fall {CASE}", "Meier, Jana", "Verlängerung beantragt", f"{NOW:%d.%m.%Y}", "Bis"):
        assert text in said, text
        assert text in text_of(content), text
    assert logged(town) == [FILED, FILED]


def test_an_entry_that_is_no_decision_has_no_vermerk(visit: VisitAs, town: Office) -> None:
    worker = visit("fm-1")
    assert CaseOpened not in FOR_THE_FILE
    for ref in (_first(town, "CaseOpened"), "x"):
        answer = worker.client.get(f"/vermerk/{ref}/{CASE}")
        assert (answer.status_code, "keinen Vermerk" in words(answer)) == (404, True)
    assert logged(town) == []


@pytest.mark.parametrize("path", ["/akte/{}", "/auskunft/{}", "/auskunft/{}?als=json"])
def test_nobody_else_gets_a_paper(visit: VisitAs, town: Office, path: str) -> None:
    assert visit("fm-2").client.get(path.format(CASE)).status_code == 403
    assert visit("fm-2").client.get(path.format("C-9999")).status_code in (403, 404)
    assert visit("fm-1").client.get(path.format(CASE).partition("?")[0] + "?als=exe").status_code == 422
    assert logged(town) == []


def test_a_long_paper_is_written_whole() -> None:
    rows = [(f"{number}", "x" * 200, "ä" * 3_000, "y") for number in range(300)]
    content = pdf.write(Paper("Lang", "heute", [Part("Viel", table=Table(("a", "b", "c", "d"), rows))]))
    is_archive(content)
    assert " 299 " in text_of(content)


def test_the_vermerk_of_an_imported_entry_stands_for_itself(visit: VisitAs, town: Office, tmp_path: Path) -> None:
    rows = [("case-opened", "2026-01-01", {}), ("strategy-reviewed", "2026-02-01", {"outcome": "continue"})]
    rows += [("strategy-reviewed", "2026-03-01", {"outcome": "end"})]
    said = [
        {"case": CASE, "id": f"x:{on}", "fact": fact, "on": on, "by": "fm-1", "data": data,
         "recorded_at": "2026-04-01T08:00:00+02:00"}
        for fact, on, data in rows
    ]  # fmt: skip
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(map(json.dumps, said)), encoding="utf-8")
    assert import_file(town, path).rejected == []
    with town.read() as tx:
        key = tx.store.key(tx.conn, Stream.CASE, CASE)
        assert key is not None
        ref = next(one.ref for one in tx.store.records(tx.conn, key, with_text=True) if one.id == "x:2026-03-01")
    text = words(visit("fm-1").client.get(f"/vermerk/{ref}/{CASE}"))
    assert "01.03.2026" in text
    assert "01.02.2026" not in text


def test_line_ends_of_forms_and_composed_letters_are_printed() -> None:
    content = pdf.write(Paper("T", "heute", [Part("Teil", ["Zeile eins\r\nZeile zwei\tu\u0308ber\u00ad"])]))
    printed = text_of(content)
    assert "Zeile eins Zeile zwei über" in printed
    assert pdf.LEFT_OUT not in printed


def test_the_disclosure_names_nobody_who_looked(visit: VisitAs, town: Office) -> None:
    lead = visit("tl-1")
    lead.names_purpose(lead.client.get("/fall/C-2001"))
    found = visit("fm-1").client.get(f"/auskunft/{CASE}?als=json").json()["stored"]
    assert found["views"]
    assert {"person", "hash"}.isdisjoint(found["views"][0])
    page = words(visit("fm-1").client.get(f"/auskunft/{CASE}"))
    assert "Wann der Fall eingesehen wurde" in page


def test_what_was_begun_reads_as_words(visit: VisitAs) -> None:
    worker = visit("fm-1")
    page = open_dialogue(worker, "handover", CASE)
    reply(worker, page, **{"wert.to": "Weber, Karl", "wert": "Weber, Karl"})
    said = words(worker.client.get(f"/auskunft/{CASE}"))
    assert "Weber, Karl" in said
    assert "fallmanagement|" not in said
