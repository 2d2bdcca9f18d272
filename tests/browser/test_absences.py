"""An absence in a real browser, by keyboard: what it brings, saved, undone; what is wrong; axe and 320 pixels."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import Open, address, open_page, too_wide, violations

__all__ = ["address", "open_page"]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_an_absence_by_keyboard(open_page: Open, address: str, scheme: str, width: int) -> None:
    page = open_page(address, "fm-1", "/abwesenheiten", scheme=scheme, width=width, listen=False)
    page.get_by_label("Erster Tag").first.focus()
    page.keyboard.type("01.12.2026")
    page.keyboard.press("Tab")
    page.keyboard.type("30.11.2026")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Der letzte Tag liegt vor dem ersten (01.12.2026).")).to_be_visible()
    assert (violations(page), too_wide(page) <= 0) == ([], True)
    page.get_by_label("Letzter Tag").first.fill("04.12.2026")
    page.get_by_label("Wer vertritt?").first.select_option(label="Weber, Karl")
    page.get_by_label("Wer vertritt?").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Das wird eingetragen")).to_be_focused()
    expect(page.get_by_text("Di., 01.12.2026 bis Fr., 04.12.2026: Weber, Karl")).to_be_visible()
    assert (violations(page), too_wide(page) <= 0) == ([], True)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Eingetragen: Abwesenheit")).to_be_focused()
    assert (violations(page), too_wide(page) <= 0) == ([], True)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Zurückgenommen: Abwesenheit")).to_be_visible()
    expect(page.get_by_text("Für Sie ist nichts eingetragen")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_a_lead_enters_an_illness_and_assigns_the_cases(open_page: Open, address: str, scheme: str, width: int) -> None:
    page = open_page(address, "tl-1", "/abwesenheiten", scheme=scheme, width=width, listen=False)
    page.get_by_label("Wer ist abwesend?").select_option(label="Brandt, Anna")
    page.get_by_label("Erster Tag").first.fill("heute")
    page.get_by_role("button", name="Weiter").first.click()
    expect(page.get_by_text("Aufgaben bleiben liegen.")).to_be_visible()
    page.get_by_role("button", name="Eintragen").click()
    page.get_by_text("Ständige Vertretungen").first.click()
    assert (violations(page), too_wide(page) <= 0) == ([], True)
    page.goto(f"{address}/team")
    assert (violations(page), too_wide(page) <= 0) == ([], True)
    page.get_by_role("link", name="Zuweisen").click()
    expect(page.get_by_role("heading", name="ohne Zuständigkeit (bisher Brandt, Anna) 3 Fälle")).to_be_visible()
    assert (violations(page), too_wide(page) <= 0) == ([], True)
    page.get_by_role("button", name="Angekreuzte zuweisen").click()
    page.get_by_label("Yilmaz").check()
    page.get_by_role("button", name="Vorschau").click()
    expect(page.get_by_role("listitem").filter(has_text="Yilmaz, Deniz · 56.4 · Jobakademie: 3 Fälle")).to_be_visible()
    assert (violations(page), too_wide(page) <= 0) == ([], True)
    page.get_by_role("button", name="So zuweisen").click()
    expect(page.get_by_role("button", name="Alles rückgängig")).to_be_visible()
    page.goto(f"{address}/team/zuweisen")
    expect(page.get_by_text("Für jeden offenen Fall ist heute jemand da.")).to_be_visible()
