"""Einlesen in the browser: handed in, checked, imported; who may, what is refused, what is kept of it and how."""

from __future__ import annotations

import io
import re
import stat
import time
from collections.abc import Callable
from uuid import UUID

import httpx
import pytest
import xlsxwriter

from domain.facts import Stream
from services.exchange import nightly
from services.exchange.importing import import_file
from services.exchange.profiles import at_hand
from services.exchange.uploads import shelf
from services.exchange.uploads.work import work_off
from services.office.office import Office
from services.web.imports import receive
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs

HEAD = "Fallnummer;Bescheid-Nr;Beginn;Ende\n"
PERIODS = HEAD + "".join(f"N-{at};L-{at};01.01.2025;\n" for at in range(20)) + "N-99;L-99;31.02.2025;\n"
CLIENTS = "Fallnummer;Aufgenommen am;Nachname;Vorname;Geburtsdatum\nN-1;03.02.2025;Geheimnis;Erika;12.08.1984\n"
Hand = Callable[..., httpx.Response]


def hand_in(person: Visit, content: str | bytes, name: str = "leistung.csv") -> httpx.Response:
    """Hands a file in as the form of the page does."""
    file = content.encode() if isinstance(content, str) else content
    return person.client.post("/einlesen", data={"csrf": person.token()}, files={"datei": (name, file)})


def do(person: Visit, page: httpx.Response, **form: str) -> httpx.Response:
    """Presses a button of the file's page."""
    seen = re.search(r'name="geprueft" value="([^"]+)"', page.text)
    return person.post(page.url.path, form | ({"geprueft": seen[1]} if seen else {}))


def checked(person: Visit, office: Office, content: str | bytes, profile: str = "leistungsbezug") -> httpx.Response:
    """The page of a file that was handed in and checked."""
    page = hand_in(person, content)
    assert page.status_code == 200, words(page)
    do(person, page, tun="pruefen", profil=profile)
    work_off(office)
    return person.get(page.url.path)


def cases(office: Office) -> int:
    with office.read() as tx:
        return len(list(tx.store.streams(tx.conn, Stream.CASE)))


@on_both_databases
def test_from_the_file_to_the_report(visit: VisitAs, town: Office) -> None:
    edv, before = visit("edv-1"), cases(town)
    page = hand_in(edv, PERIODS)
    assert "Zeichenkodierung UTF-8 · Trennzeichen Semikolon" in words(page)
    fitting = page.text[: page.text.index("andere Profile")]
    assert 'value="leistungsbezug"' in fitting
    assert 'value="klienten"' not in fitting
    assert "Es fehlen die Spalten" in words(page)
    do(edv, page, tun="pruefen", profil="leistungsbezug")
    assert "Die Prüfung wartet auf den Beginn" in words(edv.get(page.url.path))
    work_off(town)
    tried = edv.get(page.url.path)
    assert "Das würde geschehen 21 Zeilen gelesen mit dem Profil „leistungsbezug“, davon 1 abgelehnt." in words(tried)
    assert "neu 20" in words(tried)
    assert "Zeile 22: Spalte „Beginn“" in words(tried)
    assert "Beginn Leistungsbezug" in words(tried) or "Leistungsbezug" in words(tried)
    assert cases(town) == before
    do(edv, tried, tun="einlesen")
    work_off(town)
    done = edv.get(page.url.path)
    assert "Eingelesen 21 Zeilen gelesen" in words(done)
    assert "neu 20" in words(done)
    assert "Eingelesen von Dahl, Jo" in words(done)
    assert cases(town) == before + 20
    again = checked(edv, town, PERIODS)
    assert "schon eingelesen" in words(again)
    assert "schon bekannt 20" in words(again)


def test_the_dry_run_of_the_page_says_what_that_of_the_command_line_says(visit: VisitAs, town: Office) -> None:
    page = checked(visit("edv-1"), town, PERIODS)
    file = town.settings.data / "leistung.csv"
    file.write_text(PERIODS, encoding="utf-8")
    report = import_file(town, file, profile=at_hand.named("leistungsbezug", town.settings.data), dry_run=True)
    with town.read() as tx:
        upload = shelf.newest(tx.conn, town.vault)[0]
    assert upload.counts is not None
    assert {key: upload.counts[key] for key in ("read", "added", "known", "changed", "matched", "rejected")} == {
        "read": report.read,
        "added": report.added,
        "known": report.known,
        "changed": report.changed,
        "matched": report.matched,
        "rejected": len(report.rejected),
    }
    assert "neu 20" in words(page)


def test_refused_rows_come_back_mended(visit: VisitAs, town: Office) -> None:
    edv = visit("edv-1")
    page = checked(edv, town, PERIODS)
    file = edv.client.get(f"{page.url.path}/abgelehnt")
    assert 'filename="abgelehnt-' in file.headers["content-disposition"]
    assert file.text.splitlines()[0] == "Fallnummer;Bescheid-Nr;Beginn;Ende;Grund"
    mended = checked(edv, town, file.text.replace("31.02.2025", "28.02.2025"))
    assert "neu 1" in words(mended)
    assert "keine abgelehnt" in words(mended)
    shelf.place(town.settings.data, UUID(page.url.path.rpartition("/")[2]), shelf.REFUSED).unlink()
    assert edv.client.get(f"{page.url.path}/abgelehnt").status_code == 404


def test_names_are_shown_by_their_length_and_lie_sealed(visit: VisitAs, town: Office) -> None:
    edv = visit("edv-1")
    wrong = CLIENTS + "N-2;03.02.2025;Geheimnis;Erika;geheim.1984\n"
    page = checked(edv, town, wrong, "klienten")
    assert "Text (9 Zeichen)" in words(page)
    assert "Spalte „Geburtsdatum“" in words(page)
    for said in ("Geheimnis", "geheim.1984", "Erika", "12.08.1984"):
        assert said not in page.text
    folder = town.settings.data / shelf.FOLDER
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    kept = [file for file in folder.iterdir() if file.name != ".lauf"]
    assert len(kept) == 2
    for file in kept:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert b"Geheimnis" not in file.read_bytes()
    log = (town.settings.data / "fallverlauf.log").read_text(encoding="utf-8")
    assert "Geheimnis" not in log
    assert "leistung.csv" not in log


def test_a_file_goes_with_its_key_and_the_report_stays(visit: VisitAs, town: Office) -> None:
    edv = visit("edv-1")
    page = checked(edv, town, PERIODS)
    do(edv, page, tun="einlesen")
    work_off(town)
    asked = words(edv.get(page.url.path))
    assert "lassen sich nicht wiederherstellen. Was beim Einlesen herauskam, bleibt stehen." in asked
    listed = do(edv, page, tun="loeschen")
    assert listed.url.path == "/einlesen"
    assert "Datei gelöscht" in words(listed)
    assert "leistung.csv" not in listed.text
    assert [one.name for one in (town.settings.data / shelf.FOLDER).iterdir()] == [".lauf"]
    left = edv.get(page.url.path)
    assert "neu 20" in words(left)
    assert "mit der Datei gelöscht" in words(left)
    assert edv.client.get(f"{page.url.path}/abgelehnt").status_code == 404
    assert "Die Datei ist gelöscht" in words(do(edv, page, tun="pruefen", profil="leistungsbezug"))


def test_only_the_check_that_was_read_is_imported(visit: VisitAs, town: Office) -> None:
    edv, before = visit("edv-1"), cases(town)
    read = checked(edv, town, PERIODS)
    do(visit("edv-1"), read, tun="pruefen", profil="leistungsbezug", abzug="ja")  # by somebody else, as a snapshot
    work_off(town)
    assert "inzwischen neu geprüft" in words(do(edv, read, tun="einlesen"))
    assert "zuerst prüfen" in words(do(edv, hand_in(edv, PERIODS), tun="einlesen"))
    assert "inzwischen neu geprüft" in words(edv.post(read.url.path, {"tun": "einlesen"}))
    work_off(town)
    assert cases(town) == before


def test_what_is_asked_twice_is_done_once(visit: VisitAs, town: Office) -> None:
    edv, before = visit("edv-1"), cases(town)
    page = checked(edv, town, PERIODS)
    for _ in range(2):
        assert do(edv, page, tun="einlesen").status_code == 200
    assert "gerade gelesen" in words(do(edv, page, tun="loeschen"))
    work_off(town)
    assert do(edv, page, tun="einlesen").status_code == 200
    work_off(town)
    assert cases(town) == before + 20
    assert "neu 20" in words(edv.get(page.url.path))


def test_a_profile_that_was_changed_is_checked_anew(visit: VisitAs, town: Office) -> None:
    own = town.settings.data / at_hand.FOLDER / "eigen.toml"
    own.parent.mkdir()
    text = at_hand.files(None)["leistungsbezug"].read_text(encoding="utf-8")
    own.write_text(text, encoding="utf-8")
    edv = visit("edv-1")
    page = checked(edv, town, PERIODS, "eigen")
    own.write_text(text.replace("fachverfahren", "anderes"), encoding="utf-8")
    do(edv, page, tun="einlesen")
    work_off(town)
    assert "Das Profil wurde seit der Prüfung geändert" in words(edv.get(page.url.path))


def far_apart() -> bytes:
    """A small workbook whose two cells stand at both ends of a sheet: as a table it is larger than any memory."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Fallnummer")
        sheet.write(1_048_575, 16_383, 1)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.csv", b"", "Die Datei ist leer."),
        ("x.csv", b"\n\n\n", "Kein Profil passt"),
        ("bild.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "Das ist keine Tabelle, sondern eine Datei anderer Art"),
        ("bild.png", b"\x89PNG\r\n\x1a\n", "Eingelesen werden CSV-, XLSX- und JSONL-Dateien"),
        ("alt.xls", b"\xd0\xcf\x11\xe0", "Eingelesen werden CSV-, XLSX- und JSONL-Dateien"),
        ("x.xlsx", b"kein Excel", "x.xlsx ist keine Excel-Datei"),
        ("x.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "mit einem Kennwort geschützt"),
        ("bombe.xlsx", far_apart(), "zu viel Speicher oder Zeit"),
        ("../../<b>x</b>.csv", HEAD, "b>.csv"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(
    visit: VisitAs, town: Office, name: str, content: bytes | str, sentence: str
) -> None:
    answer = hand_in(visit("edv-1"), content, name)
    assert sentence in words(answer)
    assert "<b>x" not in answer.text
    if answer.status_code == 422:
        assert answer.text.count('class="wrong"') == 1
        assert [*(town.settings.data / shelf.FOLDER).glob("*")] == []


def test_a_profile_that_does_not_fit_says_what_is_missing(visit: VisitAs, town: Office) -> None:
    edv = visit("edv-1")
    page = checked(edv, town, PERIODS, "klienten")
    assert "Die Datei fehlen die Spalten" in words(page) or "fehlen die Spalten „Aufgenommen am“" in words(page)
    page = hand_in(edv, PERIODS)
    for profile in ("", "gibtsnicht", "../../etc/passwd"):
        answer = do(edv, page, tun="pruefen", profil=profile)
        assert (answer.status_code, "Bitte ein Profil wählen." in words(answer)) == (422, True)
    answer = do(edv, page, tun="einlesen")
    assert (answer.status_code, "zuerst prüfen" in words(answer)) == (422, True)


def test_too_large_a_file_is_refused_and_leaves_nothing(
    visit: VisitAs, town: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "LARGEST", 3 * 1024 * 1024)
    edv = visit("edv-1")
    answer = hand_in(edv, b"a;b\n" * 2_000_000)
    assert (answer.status_code, "Die Datei ist größer als" in words(answer)) == (413, True)
    assert [*(town.settings.data / shelf.FOLDER).glob("*")] == []
    token = edv.token()

    def form() -> object:  # of a length that nobody says
        yield f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n--x\r\n'.encode()
        yield b'Content-Disposition: form-data; name="datei"; filename="x.csv"\r\n\r\n'
        yield from [b"a;b\n" * 50_000] * 40
        yield b"\r\n--x--\r\n"

    answer = edv.client.post("/einlesen", content=form(), headers={"content-type": "multipart/form-data; boundary=x"})
    assert (answer.status_code, "Die Datei ist größer als" in words(answer)) == (413, True)
    assert [*(town.settings.data / shelf.FOLDER).glob("*")] == []


@pytest.mark.parametrize("person", ["fm-1", "tl-1", "es-1", "qs-1", ""])
def test_nobody_else_hands_anything_in(visit: VisitAs, town: Office, person: str) -> None:
    answer = hand_in(visit(person), PERIODS)
    assert answer.status_code == 403 or answer.url.path == "/anmelden"
    assert not (town.settings.data / shelf.FOLDER).exists()


def test_a_token_of_somebody_else_does_not_do(visit: VisitAs, town: Office) -> None:
    edv = visit("edv-1")
    edv.token()
    files = {"datei": ("x.csv", PERIODS.encode())}
    for form in ({}, {"csrf": "x"}, {"other": "y", "csrf": edv.csrf}):
        assert edv.client.post("/einlesen", data=form, files=files).status_code == 403
    assert not (town.settings.data / shelf.FOLDER).exists()


def test_facts_in_lines_need_no_profile(visit: VisitAs, town: Office) -> None:
    edv = visit("edv-1")
    lines = '{"fact":"benefit-started","case":"N-7","on":"2025-01-01","id":"a:1"}\n{"fact":"nichts"}\n'
    lines += '{"fact":"measure-started","case":"N-7","on":"2025-01-01","id":"a:2",'
    lines += '"data":{"measure":"m","planned_end":"2025-06-30"}}\n'
    page = hand_in(edv, lines, "fakten.jsonl")
    assert re.search("ein Profil braucht sie nicht", words(page))
    do(edv, page, tun="pruefen")
    work_off(town)
    tried = words(edv.get(page.url.path))
    assert "neu 2" in tried
    assert "Zeile 2:" in tried
    assert ": 30.06.2025" in tried
    do(edv, edv.get(page.url.path), tun="einlesen")
    work_off(town)
    again = hand_in(edv, lines, "fakten.jsonl")
    do(edv, again, tun="pruefen")
    work_off(town)
    nothing = edv.get(again.url.path)
    assert "Es gibt nichts einzulesen: Alles davon ist schon bekannt." in words(nothing)
    assert 'value="einlesen"' not in nothing.text


def test_settings_and_decisions_do_not_come_in_by_one_person(visit: VisitAs, town: Office) -> None:
    lines = (
        '{"id":"x:1","fact":"rule-set","office":"rules","on":"2020-01-01",'
        '"data":{"rule":"R-04","state":"off","source":"Eigenmacht der EDV","approved_by":"tl-1"}}\n'
        '{"id":"x:2","fact":"extension-approved","case":"C-2001","on":"2026-11-19",'
        '"data":{"request":"e1","until":"2027-11-19","by_lead":"tl-1"}}\n'
    )
    edv = visit("edv-1")
    page = hand_in(edv, lines, "x.jsonl")
    do(edv, page, tun="pruefen")
    work_off(town)
    said = words(edv.get(page.url.path))
    assert "davon 2 abgelehnt" in said
    assert "Die legen zwei Personen unter Regeln fest." in said
    assert "Das entscheidet die Leitung in Fallverlauf selbst." in said


def test_what_came_of_nightly_files_is_shown(visit: VisitAs, town: Office) -> None:
    edv = visit("edv-1")
    assert "Nächtliche Lieferungen" not in words(edv.get("/einlesen"))
    folder = town.settings.data / "lieferungen" / "leistungsbezug"
    folder.mkdir(mode=0o700, parents=True)
    folder.parent.chmod(0o700)
    (folder / "gut.csv").write_text(PERIODS, encoding="utf-8")
    (folder / "falsch.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    for one in nightly.waiting(town.settings.data, time.time() + 3_600):
        nightly.take(town, one)
    (folder / "berichte" / "9-kaputt.json").write_text("{", encoding="utf-8")
    said = words(edv.get("/einlesen"))
    assert "leistungsbezug 20.11.2026, 09:00 eingelesen 20 0 0 1" in said
    assert "fehlen die Spalten" in said
    folder.chmod(0o755)
    assert "erwartet wird ein eigener Ordner" in words(edv.get("/einlesen"))
