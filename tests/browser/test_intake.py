"""The morning of the Leistungsabteilung in a real browser: periods in three fields, seen before, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from domain.facts import Stream
from domain.facts.directory import RoleAssigned, RoleEnded
from tests.browser.test_pages import Open, _town, open_page
from tests.services.web.town import append, entry

__all__ = ["open_page"]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a town whose clerk works in the Leistungsabteilung."""
    with _town(tmp_path / "data") as (office, found):
        with office.write() as tx:
            gone, come = RoleEnded(role="intake", unit="56.4"), RoleAssigned(role="benefits", unit="56.4")
            append(tx, Stream.PERSON, "es-1", [entry("2026-11-01", gone), entry("2026-11-01", come)])
        yield found


def typed(page: Page, *words: str) -> None:
    """Types into field after field, and sends them."""
    for word in words:
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def test_periods_are_entered_by_keyboard_and_a_wrong_day_is_said_in_the_words_of_its_field(
    address: str, open_page: Open
) -> None:
    page = open_page(address, "es-1", "/eingang")
    expect(page.locator("#neukunde")).to_have_count(0)
    page.locator("#alg1-case").focus()
    typed(page, "c-2002", "1.12.2026", "31.11.2026")
    expect(page.locator("#alg1-last")).to_be_focused()
    expect(page.locator("#alg1-last-falsch")).to_contain_text("„31.11.2026“ ist kein Tag.")
    page.keyboard.press("Control+a")
    typed(page, "31.05.2027")
    expect(page.locator("h1")).to_have_text("ALG I: das wird eingetragen")
    page.get_by_role("button", name="Speichern").press("Enter")
    expect(page.locator("main")).to_contain_text("Zeitraum eingetragen")
    page.locator("#benefit-case").focus()
    typed(page, "C-2001", "", "18.11.2026")
    expect(page.locator("h1")).to_have_text("Leistungsbezug: das wird eingetragen")
    page.get_by_role("button", name="Speichern").press("Enter")
    expect(page.locator("main")).to_contain_text("Zeitraum eingetragen")
