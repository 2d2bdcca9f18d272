"""Einlesen in a real browser: from the file to the report, by choosing columns, with and without scripts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from services.interpreter import ROOT, found_here
from tests.browser.test_pages import Open, _town, open_page, too_wide, violations
from tests.served import Visit
from tests.services.web.test_columns import BARS
from tests.services.web.test_imports import PERIODS
from tests.services.web.town import NOW

__all__ = ["open_page"]


@pytest.fixture
def worked_off(tmp_path: Path) -> Callable[[], None]:
    """Does what the scheduler's process does with what waits."""
    environment = {"FALLVERLAUF_DATA": str(tmp_path / "data"), "FALLVERLAUF_NOW": NOW.isoformat()}
    words = [sys.executable, "-m", "workers.processes", "uploads"]
    return lambda: (subprocess.run(words, cwd=ROOT, env=found_here() | environment, check=True), None)[1]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a town of the test's own."""
    with _town(tmp_path / "data") as (_, found):
        yield found


def hand_in(page: Page, name: str, text: str) -> None:
    """Chooses a file and sends it."""
    page.get_by_label("CSV, XLSX oder JSONL").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Hochladen").click()
    expect(page.locator("h1")).to_contain_text(name)


def test_from_the_upload_to_the_report(address: str, open_page: Open, worked_off: Callable[[], None]) -> None:
    page = open_page(address, "edv-1", "/einlesen")
    hand_in(page, "leistung.csv", PERIODS)
    expect(page.get_by_role("radio", name="leistungsbezug:")).to_be_checked()  # the only one that fits
    page.get_by_role("button", name="Prüfen").press("Enter")
    expect(page.get_by_role("heading", name="Die Prüfung wartet")).to_be_visible()
    worked_off()
    expect(page.get_by_role("heading", name="Das würde geschehen")).to_be_visible()  # without a hand
    expect(page.locator("main")).to_contain_text("davon 1 abgelehnt")
    with page.expect_download() as download:
        page.get_by_role("link", name="Abgelehnte Zeilen herunterladen").click()
    assert "31.02.2025" in download.value.path().read_text(encoding="utf-8")
    page.get_by_role("button", name="Einlesen").press("Enter")
    waits = page.get_by_role("heading", name="Das Einlesen wartet")
    expect(waits).to_be_visible()
    page.reload()
    expect(waits).to_be_visible()
    worked_off()
    expect(page.get_by_role("heading", name="Eingelesen", exact=True)).to_be_visible()
    page.locator("summary", has_text="Datei löschen").press("Enter")
    page.get_by_role("button", name="Datei löschen").press("Enter")
    expect(page.get_by_role("row", name="Datei gelöscht")).to_contain_text("eingelesen")


def test_from_the_upload_to_the_abgleich(address: str, open_page: Open, worked_off: Callable[[], None]) -> None:
    page = open_page(address, "edv-1", "/einlesen")
    told = (
        "Fallnummer;Balken-Nr;Strategie;Beginn;Ende geplant;Ende;Grund des Endes\nC-2001;1;Integration;22.05.2026;;;\n"
    )
    hand_in(page, "balken.csv", told)
    page.get_by_role("radio", name="balken:").check()
    page.get_by_role("button", name="Prüfen").press("Enter")
    worked_off()
    expect(page.get_by_role("row", name="aus anderer Quelle bekannt 1")).to_be_visible()
    page.get_by_role("button", name="Einlesen").press("Enter")
    expect(page.get_by_role("heading", name="Das Einlesen wartet")).to_be_visible()
    worked_off()
    expect(page.get_by_role("heading", name="Eingelesen", exact=True)).to_be_visible()
    case = open_page(address, "fm-1", "/fall/C-2001")
    case.get_by_role("link", name="1 Angabe abzugleichen").press("Enter")
    case.get_by_role("button", name="22.05.2026 gilt").press("Enter")
    expect(case.get_by_role("status").filter(has_text="die andere Angabe gilt")).to_be_visible()
    case.goto(f"{address}/fall/C-2001")
    expect(case.get_by_role("link", name="abzugleichen")).to_have_count(0)
    expect(case.locator("main")).to_contain_text("22.05.2026")


def test_columns_are_chosen_by_hand(address: str, open_page: Open, worked_off: Callable[[], None]) -> None:
    page = open_page(address, "edv-1", "/einlesen", width=320)
    hand_in(page, "balken.csv", BARS)
    page.get_by_role("link", name="Spalten selbst zuordnen").press("Enter")
    page.get_by_label("Eintrag", exact=True).select_option("strategy-bar-set")
    page.get_by_role("button", name="Weiter").press("Enter")
    page.get_by_label("Nummer der Zeile").select_option("Nr")
    page.locator("[name='s.data.strategy']").select_option("Art")
    page.get_by_role("button", name="Weiter").last.press("Enter")
    page.get_by_label("EN", exact=True).select_option("entwicklung")
    page.get_by_label("IN", exact=True).select_option("integration")
    page.get_by_label("Name des Profils").fill("balken-amt")
    page.get_by_label("Kürzel des anderen Programms").fill("altsystem")
    assert too_wide(page) <= 0
    page.get_by_role("button", name="Profil speichern").press("Enter")
    expect(page.get_by_role("radio", name="balken-amt:")).to_be_checked()
    page.get_by_role("button", name="Prüfen").press("Enter")
    worked_off()
    expect(page.get_by_role("heading", name="Das würde geschehen")).to_be_visible()
    expect(page.get_by_role("row", name="neu 5")).to_be_visible()
    assert too_wide(page) <= 0


def test_a_file_that_is_too_large_is_said_before_it_is_sent(address: str, open_page: Open) -> None:
    page = open_page(address, "edv-1", "/einlesen")
    page.locator("#datei").evaluate("field => { field.dataset.most = 10; }")
    page.locator("#datei").set_input_files({"name": "x.csv", "mimeType": "text/csv", "buffer": b"a;b\n1;2\n3;4\n"})
    page.get_by_role("button", name="Hochladen").click()
    assert page.locator("#datei").evaluate("field => field.validationMessage").startswith("Die Datei ist größer")
    assert page.url.endswith("/einlesen")


def test_axe_and_the_look_of_what_was_checked(address: str, open_page: Open, worked_off: Callable[[], None]) -> None:
    edv = Visit(address)
    edv.login("edv-1")
    files = {"datei": ("x.csv", PERIODS.encode())}
    there = edv.client.post("/einlesen", data={"csrf": edv.token()}, files=files).url.path
    for scheme in ("light", "dark"):
        page = open_page(address, "edv-1", there, scheme=scheme, listen=False)
        assert violations(page) == []
    edv.post(there, {"tun": "pruefen", "profil": "leistungsbezug"})
    worked_off()
    for path in (there, f"{there}/spalten?eintrag=strategy-bar-set"):
        for scheme in ("light", "dark"):
            assert violations(open_page(address, "edv-1", path, scheme=scheme, listen=False)) == []
    edv.close()
