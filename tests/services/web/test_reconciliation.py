"""Abgleich: what two sources tell differently is asked of who is responsible, answered by one tap, undone singly."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from domain.facts import Stream, name_of
from domain.facts.correction import SameThingNoted
from domain.knowledge import Known, known
from services.exchange.importing import import_file
from services.office.office import Office
from tests.conftest import on_both_databases
from tests.served import words
from tests.services.exchange.test_match import MEETINGS, of_open
from tests.services.exchange.test_tables import BARS, lines, read
from tests.services.web.conftest import VisitAs
from tests.services.web.test_statements import MOST, Opened, opened

__all__ = ["opened"]

PAGE = "/abgleich"
NOTE = re.compile(r'name="wahl" value="([^"]+)"')
UNDO = re.compile(r'action="(/rueckgaengig/[^"]+)">\s*<input[^>]*>\s*<input type="hidden" name="getan" value="(\w+)"')
ROWS = (
    "C-2001;1;Integration;22.05.2026;",
    "C-1001;2;Integration;03.06.2025;",
    "C-3001;3;Integration;01.01.2019;",
)


def told_twice(office: Office, folder: Path) -> None:
    """A second source tells two bars of the town with other days, and one that nobody knew."""
    (folder / "b.csv").write_text(lines(*ROWS), encoding="utf-8")
    assert import_file(office, folder / "b.csv", profile=read(folder, of_open(BARS))).matched == 2


@pytest.fixture(autouse=True)
def _imported(town: Office, tmp_path: Path) -> None:
    told_twice(town, tmp_path)


def notes(page: httpx.Response) -> list[str]:
    return NOTE.findall(page.text)


def facts(office: Office, number: str, name: str = "strategy-bar-set") -> list[Known]:
    with office.read() as tx:
        [key] = office.store.keys(tx.conn, Stream.CASE, [number]).values()
        return [one for one in known(office.store.records(tx.conn, key, with_text=True)) if name_of(one.fact) == name]


def days(office: Office, number: str) -> list[str]:
    return [one.on.isoformat() for one in facts(office, number)]


@on_both_databases
def test_both_sides_are_shown_and_one_tap_says_which_day_holds(visit: VisitAs, town: Office) -> None:
    worker = visit("fm-1")
    assert "2 Angaben abzugleichen" in words(worker.get("/faelle"))
    page = worker.get(PAGE)
    said = words(page)
    for part in ("Meier, Jana · C-2001", "20.05.2026", "22.05.2026", "test, erfasst am 20.05.2026", "22.05.2026 gilt"):
        assert part in said
    assert "open, eingelesen am 20.11.2026" in said
    assert "C-3001" not in said
    note = notes(page)[1]
    before = facts(town, "C-2001")[0].ref
    done = worker.post(PAGE, {"eine": f"as-other|{note}"})
    assert done.url.path == PAGE
    assert "Meier, Jana · C-2001: Abgleich: die andere Angabe gilt." in words(done)
    assert days(town, "C-2001") == ["2026-05-22"]
    assert facts(town, "C-2001")[0].ref == before  # what reminders count from is the same
    assert note not in notes(done)
    action, decision = UNDO.findall(done.text)[0]
    back = worker.post(action, {"getan": decision, "woher": "abgleich"})
    assert days(town, "C-2001") == ["2026-05-20"]
    assert note in notes(back)


def test_what_holds_already_is_confirmed_and_not_asked_again(visit: VisitAs, town: Office, tmp_path: Path) -> None:
    worker = visit("fm-1")
    [first, second] = notes(worker.get(PAGE))
    page = worker.post(PAGE, {"alle": "as-known", "wahl": [first, second]})
    assert notes(page) == []
    assert words(page).count("Abgleich: was zurzeit gilt, stimmt.") == 2
    assert "Zurzeit ist nichts abzugleichen." in words(page)
    assert days(town, "C-2001") == ["2026-05-20"]
    assert import_file(town, tmp_path / "b.csv", profile=read(tmp_path, of_open(BARS))).known == 3
    assert notes(worker.get(PAGE)) == []
    assert "abzugleichen" not in words(worker.get("/faelle"))


def test_two_different_things_count_both_and_stay_apart(visit: VisitAs, town: Office, tmp_path: Path) -> None:
    worker = visit("fm-1")
    note = notes(worker.get(PAGE))[1]
    page = worker.post(PAGE, {"eine": f"two-things|{note}"})
    assert days(town, "C-2001") == ["2026-05-20", "2026-05-22"]
    assert facts(town, "C-2001", "same-thing-noted") == []
    (tmp_path / "b.csv").write_text(lines(ROWS[0].replace("22.05", "21.05"), *ROWS[1:]), encoding="utf-8")
    assert import_file(town, tmp_path / "b.csv", profile=read(tmp_path, of_open(BARS))).changed == 1
    assert days(town, "C-2001") == ["2026-05-20", "2026-05-21"]
    action, decision = UNDO.findall(page.text)[0]
    worker.post(action, {"getan": decision, "woher": "abgleich"})
    assert days(town, "C-2001") == ["2026-05-20"]
    assert len(facts(town, "C-2001", "same-thing-noted")) == 1


def test_a_question_goes_when_the_sources_agree_and_comes_when_they_no_longer_do(
    visit: VisitAs, town: Office, tmp_path: Path
) -> None:
    worker = visit("fm-1")

    def told(first_day: str) -> list[str]:
        (tmp_path / "b.csv").write_text(lines(ROWS[0].replace("22.05", first_day), *ROWS[1:]), encoding="utf-8")
        import_file(town, tmp_path / "b.csv", profile=read(tmp_path, of_open(BARS)))
        return notes(worker.get(PAGE))

    assert len(told("20.05")) == 1
    assert len(told("23.05")) == 2


def test_what_one_source_leaves_open_is_linked_and_asked(visit: VisitAs, town: Office, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Fallnummer;Nr;Tag;Art\nC-2001;x;20.10.2026;\n", encoding="utf-8")
    said = of_open(MEETINGS).replace('data.channel = "Art"', 'data.channel = { column = "Art" }')
    said = said.replace("[[fact]]", '[file]\nempty = [""]\n[[fact]]', 1)
    found = import_file(town, tmp_path / "t.csv", profile=read(tmp_path, said))
    assert (found.rejected, found.added, found.matched) == ([], 0, 1)
    page = visit("fm-1").get(PAGE)
    assert "telefonisch gilt" in words(page)
    assert len(facts(town, "C-2001", "appointment-planned")) == 1


def test_leads_see_those_of_their_units_and_others_none(visit: VisitAs) -> None:
    said = words(visit("tl-1").get(PAGE))
    assert "C-2001" in said
    assert "C-1001" in said
    assert "Brandt, Anna" in said
    assert "2 Angaben abzugleichen" in words(visit("tl-1").get("/faelle"))
    assert 'href="/abgleich"' in visit("tl-1").get("/team").text
    assert notes(visit("fm-9").get(PAGE)) == []
    assert "Zurzeit ist nichts abzugleichen." in words(visit("fm-9").get(PAGE))


def test_what_cannot_be_answered_is_said(visit: VisitAs, town: Office) -> None:
    worker = visit("fm-1")
    [first, second] = notes(worker.get(PAGE))
    for form, sentence in [
        ({"alle": "as-known"}, "Bitte mindestens eine Zeile ankreuzen."),
        ({"eine": f"maybe|{first}"}, "Diese Antwort gibt es nicht"),
        ({}, "Diese Antwort gibt es nicht"),
        ({"eine": "as-known|<b>x</b>"}, "inzwischen entschieden"),
        ({"alle": "two-things", "wahl": "'; drop table entries"}, "inzwischen entschieden"),
    ]:
        page = worker.post(PAGE, form)
        assert page.status_code == 422
        assert sentence in words(page)
        assert notes(page) == [first, second]
    stranger = visit("fm-9").post(PAGE, {"eine": f"as-other|{second}"})
    assert stranger.status_code == 422
    assert days(town, "C-2001") == ["2026-05-20"]
    worker.post(PAGE, {"eine": f"as-known|{second}"})
    late = visit("tl-1").post(
        PAGE, {"alle": "as-other", "wahl": [first, second]}
    )  # one is answered, the other overtaken
    assert late.status_code == 422
    assert "Abgleich: die andere Angabe gilt." in words(late)
    assert "inzwischen entschieden" in words(late)
    assert days(town, "C-1001")[-1] == "2025-06-03"


def test_a_file_that_does_not_hold_all_says_so_as_does_the_page(
    visit: VisitAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.web.reconciliation.page.IN_FILE", 1)
    monkeypatch.setattr("services.web.reconciliation.files.IN_FILE", 1)
    worker = visit("fm-1")
    told = "Die Datei enthält nur die ersten 1 von 2 Zeilen. Die weiteren stehen darin, sobald die ersten beantwortet"
    assert told in words(worker.get(PAGE))
    rows = worker.get(f"{PAGE}/liste.csv").content.decode("utf-8-sig").splitlines()
    assert len(rows[1 : rows.index("")]) == 1
    assert f"Nicht vollständig;{told}" in rows[rows.index("") + 1]


def test_the_list_comes_as_a_file(visit: VisitAs) -> None:
    worker = visit("fm-1")
    file = worker.get(f"{PAGE}/liste.csv")
    rows = file.content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("Fall;Eintrag;Gilt zurzeit;")
    assert rows[2].startswith("C-2001;Handlungsstrategie (Balken) Integration;20.05.2026;;test;")
    assert "Meier" not in file.text
    assert worker.get(f"{PAGE}/liste.xlsx").content.startswith(b"PK")
    assert worker.get(f"{PAGE}/liste.pdf").status_code == 404


def test_a_note_stands_in_the_case_and_is_withdrawn_as_two_things(visit: VisitAs, town: Office) -> None:
    note = facts(town, "C-2001", "same-thing-noted")[0]
    assert isinstance(note.fact, SameThingNoted)
    assert note.fact.differs == ["on"]
    assert "Dasselbe aus zwei Quellen" in words(visit("fm-1").get("/fall/C-2001"))


def test_many_questions_cost_no_more_statements(visit: VisitAs, opened: Opened) -> None:
    found = opened(visit("fm-1"), PAGE)
    assert len(found.read) == 1
    assert len(found.read[0]) <= MOST
