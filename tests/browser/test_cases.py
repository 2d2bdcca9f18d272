"""The list of cases as somebody works with it: narrowed as one types, several chosen, filters kept, the search."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_pages import Open, address, open_page, too_wide, until, violations

__all__ = ["address", "open_page"]


def numbers(page: Page) -> list[str]:
    """The cases on the page, in their order."""
    hrefs = [one.get_attribute("href") or "" for one in page.locator("tbody th a").all()]
    return [href.removeprefix("/fall/") for href in hrefs]


def test_the_list_follows_what_is_typed_and_no_name_stands_in_the_address(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/faelle")
    page.locator("#in-liste").press_sequentially("meir")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert numbers(page) == ["C-2001"]
    assert page.evaluate("document.activeElement.id") == "in-liste"
    assert page.url == f"{address}/faelle?gesucht=ja"
    until(page, "text => document.getElementById('ansage').textContent.includes(text)", "Meine Fälle: 1")
    page.get_by_role("link", name="seit", exact=True).click()
    assert numbers(page) == ["C-2001"]
    assert "meir" not in page.url
    page.locator("#in-liste").fill("")
    expect(page.locator("tbody tr")).to_have_count(3)
    assert numbers(page) == ["C-1001", "C-2001", "C-2002"]
    page.locator("#dauer").select_option("12")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.reload()
    assert numbers(page) == ["C-1001"]
    assert page.locator("#dauer").input_value() == "12"


def test_three_are_invited_with_three_clicks(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/faelle")
    page.get_by_label("alle auf dieser Seite").check()
    page.get_by_role("button", name="Termin + Einladung").click()
    page.locator("#f-on").fill("3.12.")
    page.get_by_role("button", name="Für alle angekreuzten eintragen").click()
    expect(page.locator("li.deed")).to_have_count(3)
    assert page.inner_text("main").count("Do., 03.12.2026") >= 2  # C-1001 has an earlier one
    page.locator("li.deed", has_text="C-2001").get_by_role("button", name="Rückgängig").click()
    page.goto(f"{address}/faelle?termin=ohne")
    assert numbers(page) == ["C-2001"]


def test_a_filter_is_kept_by_its_name(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/faelle", listen=False)
    page.locator("#dauer").select_option("12")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_text("Filter speichern").click()
    page.locator("#filtername").fill("Lange dabei")
    page.keyboard.press("Enter")
    page.wait_for_selector("a.tag:has-text('Lange dabei')")
    page.goto(f"{address}/faelle")
    page.get_by_role("link", name="Lange dabei").click()
    assert numbers(page) == ["C-1001"]
    page.get_by_text("Filter speichern, löschen").click()
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert too_wide(page) <= 0
    page.get_by_role("button", name="„Lange dabei“ löschen").click()
    expect(page.get_by_role("link", name="Lange dabei")).to_have_count(0)


def test_the_search_opens_the_one_and_lists_the_many_and_back_leads_to_them(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/")
    page.locator("#suche").fill("Meier, J")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/fall/C-2001")
    page.locator("#suche").fill("200")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/suche")
    assert numbers(page) == ["C-2001", "C-2002"]
    page.get_by_role("link", name="C-2002").click()
    page.wait_for_url(f"{address}/fall/C-2002")
    page.go_back()
    page.wait_for_url(f"{address}/suche")
    assert numbers(page) == ["C-2001", "C-2002"]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_cases_are_suggested_as_one_types_and_opened_by_keyboard(
    open_page: Open, address: str, scheme: str, width: int
) -> None:
    page = open_page(address, "fm-1", "/faelle", scheme=scheme, width=width, listen=False)
    page.locator("#suche").press_sequentially("200")
    hits = page.locator("#treffer a")
    expect(hits.first).to_be_visible()
    until(page, "text => document.getElementById('ansage').textContent.includes(text)", "Fälle gefunden")
    assert violations(page) == []
    assert too_wide(page) <= 0
    page.keyboard.press("ArrowDown")
    expect(hits.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(hits).to_have_count(0)
    expect(page.locator("#suche")).to_be_focused()
    page.locator("#suche").fill("meie")
    expect(hits).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fall/C-2001*")
    assert "meie" not in page.url
