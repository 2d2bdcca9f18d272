"""A threshold and a colleague in a real browser: EDV proposes, a second person confirms; an old Stichtag stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from domain.facts import Stream
from domain.facts.directory import PersonAdded, RoleAssigned
from services.office.office import Office
from services.records import rebuild
from tests.browser.test_pages import Open, _town, open_page, too_wide, violations
from tests.services.web.town import append, entry

__all__ = ["open_page"]

DUE = "/qs/fragen/due?regel=R-04&stichtag="


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Office, str]]:
    """A town in which two people serve the house."""
    with _town(tmp_path / "data") as (office, found):
        with office.write() as tx:
            told = [PersonAdded(name="Sommer, Ida"), RoleAssigned(role="edv", unit="56.3")]
            append(tx, Stream.PERSON, "edv-2", [entry("2019-01-01", fact) for fact in told])
        yield office, found


def button(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def test_two_persons_change_a_threshold(open_page: Open, served: tuple[Office, str]) -> None:
    office, address = served
    before = open_page(address, "qs-1", f"{DUE}21.11.2026")
    expect(before.locator("main")).to_contain_text("C/3.001")
    first = open_page(address, "edv-1", "/regeln", listen=False)
    first.get_by_role("link", name="Prüfung von Über 6 Monate Integration ändern").click()
    first.get_by_label("Monate").fill("11")
    first.get_by_label("Gilt vom Tag an").fill("21.11.2026")
    button(first, "Vorschlagen")
    expect(first.get_by_role("alert")).to_contain_text("Bitte prüfen Sie die markierten Angaben.")
    expect(first.get_by_label("Monate")).to_have_value("11")
    first.get_by_label("Quelle").fill("Verfügung 7/2026 vom 18.11.2026")
    button(first, "Vorschlagen")
    expect(first.locator("main")).to_contain_text("1 wartet auf eine zweite Person")
    expect(first.get_by_role("button", name="Bestätigen")).to_have_count(0)
    second = open_page(address, "edv-2", "/regeln/vorschlaege", width=320, listen=False)
    assert too_wide(second) <= 0
    assert violations(second) == []
    button(second, "Bestätigen")
    expect(second.locator("main")).to_contain_text("bestätigt, Sommer, Ida")
    assert violations(second) == []
    rebuild.go_on(office.engine, office.vault)  # as the scheduler does at its next look
    before.goto(f"{address}{DUE}21.11.2026")
    expect(before.locator("main")).not_to_contain_text("C/3.001")
    before.goto(f"{address}{DUE}01.11.2026")
    expect(before.locator("main")).to_contain_text("C/3.001")


def test_two_persons_take_in_a_colleague_and_see_what_she_will_see(open_page: Open, served: tuple[Office, str]) -> None:
    _, address = served
    first = open_page(address, "edv-1", "/verzeichnis", listen=False)
    first.get_by_role("link", name="Person aufnehmen").click()
    for label, text in {"Kennung der Person": "fm-30", "Name": "Neu, Nora", "Ab dem Tag": "20.11.2026"}.items():
        first.get_by_label(label, exact=label == "Name").fill(text)
    first.get_by_label("Rolle").select_option("AV/AGS")
    button(first, "Vorschlagen")
    expect(first.get_by_label("Name", exact=True)).to_have_value("Neu, Nora")
    expect(first.locator("main")).to_contain_text("Diese Rolle gilt in einer Einheit.")
    assert violations(first) == []
    first.get_by_label("Einheit").select_option("56.4")
    first.get_by_label("Quelle").fill("Personalmitteilung 12/2026")
    button(first, "Vorschlagen")
    second = open_page(address, "tl-1", "/verzeichnis/vorschlaege", width=320, listen=False)
    assert violations(second) == []
    button(second, "Bestätigen")
    second.goto(f"{address}/verzeichnis?name=nora")
    second.get_by_role("link", name="Neu, Nora: was die Person sieht").click()
    expect(second.get_by_role("heading", level=1)).to_contain_text("Was Neu, Nora sieht")
    expect(second.locator("main")).to_contain_text("eigene Fälle")
    assert too_wide(second) <= 0
    assert violations(second) == []
