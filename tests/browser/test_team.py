"""Überfällig on Team in a real browser: several rows reminded of by keyboard, 320 pixels, axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import Open, address, open_page, too_wide, violations

__all__ = ["address", "open_page"]


@pytest.mark.parametrize("width", [320, 1280])
def test_chosen_rows_are_reminded_of_and_each_is_taken_back(open_page: Open, address: str, width: int) -> None:
    page = open_page(address, "tl-1", "/team?sortieren=fall", width=width, listen=False)
    rows = page.get_by_role("checkbox", name="Sander, Ole")
    together = page.locator("#erinnern")
    expect(together).to_be_hidden()
    count = rows.count()
    assert count > 1
    for at in range(count):
        rows.nth(at).locator("xpath=ancestor::tr").locator("[data-stop]").focus()
        page.keyboard.press("x")
        expect(rows.nth(at)).to_be_checked()
    assert violations(page) == []
    assert too_wide(page) <= 0
    together.get_by_role("button", name="Erinnern").click()
    said = page.get_by_role("status").filter(has_text="C-1001: Erinnert.")
    expect(said).to_have_count(count)
    assert "sortieren=fall" in page.url
    expect(rows).to_have_count(0)
    said.first.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_role("status").first).to_contain_text("zurückgenommen")
    expect(rows).to_have_count(1)
    assert "sortieren=fall" in page.url
    expect(said.get_by_role("button", name="Rückgängig")).to_have_count(count - 1)  # the others can still be taken back
