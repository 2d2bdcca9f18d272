"""After each answer the focus is somewhere sensible, and the keys of a page are those it tells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.test_pages import Open, _town, open_page, unfold, until
from tests.browser.test_states import STATES, arriving
from tests.served import Visit
from tests.services.web.test_today import request_extension

__all__ = ["open_page"]

IN_FOCUS = "() => document.activeElement !== document.body && document.activeElement.checkVisibility()"
ANSWERED = (  # states that a post has led to
    *("refused", "preview", "undone", "found", "nothing found", "several refused", "letter refused"),
    *("appointment closed", "new client", "new client refused", "new client twice", "period refused"),
)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a town of the test's own."""
    with _town(tmp_path / "data") as (_, found):
        yield found


def focused(page: Page) -> str:
    """What has the focus, once something has."""
    until(page, IN_FOCUS, "")
    text: str = page.evaluate("document.activeElement.textContent")
    return text


@pytest.mark.parametrize("state", ANSWERED)
def test_the_focus_is_not_lost_with_an_answer(open_page: Open, address: str, state: str) -> None:
    person, path, act = STATES[state]
    page = open_page(address, person, path, listen=False)
    act(page)
    focused(page)


def test_after_rueckgaengig_the_task_is_in_hand(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/", listen=False)
    task = unfold(page, "C-2002")
    page.keyboard.press("s")
    task.get_by_role("button", name="Unterlagen fehlen noch").click()
    page.locator("li.deed", has_text="C-2002").first.get_by_role("button", name="Rückgängig").click()
    page.wait_for_selector("text=zurückgenommen")
    assert "C-2002" in focused(page)


def test_after_a_decision_and_a_new_client_the_focus_is_on_what_is_said(open_page: Open, address: str) -> None:
    worker = Visit(address)
    worker.login("fm-1")
    request_extension(worker)
    worker.close()
    page = open_page(address, "tl-1", "/team", listen=False)
    page.keyboard.press("j")
    assert "C-2001" in focused(page)
    page.keyboard.press("e")
    page.locator(".talk").get_by_role("button", name="Zustimmen").click()
    page.wait_for_url("**/team?getan=*")
    assert "Verlängerung zugestimmt" in focused(page)
    desk = open_page(address, "es-1", "/eingang", listen=False)
    arriving(desk)
    desk.get_by_role("button", name="Speichern").click()
    desk.wait_for_url("**/eingang?getan=*")
    assert "Neukunde aufgenommen" in focused(desk)


def test_the_keys_of_termine_are_those_it_tells(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/termine?woche=2026-11-16", listen=False)
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert focused(page)
    page.keyboard.press("e")
    assert "erschienen" in focused(page)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "suche"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert [one.inner_text() for one in page.locator("#kuerzel dt").all()][-1].strip() == "Esc"
    page.keyboard.press("Escape")
    page.locator("[data-stop]").first.focus()
    page.keyboard.press("s")
    page.wait_for_url("**/dialog/*")


def test_s_says_where_nothing_can_be_put_off_and_ticks_outlive_a_folded_line(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/?offen=m-appointment", listen=False)
    boxes = page.locator("li.appointment input")
    boxes.first.check()
    page.locator("#z-m-appointment").focus()
    page.keyboard.press("s")
    page.get_by_text("lässt sich nicht zurückstellen").wait_for()
    page.keyboard.press("Escape")
    page.locator("#z-m-appointment[aria-expanded=false]").wait_for()
    page.keyboard.press("Enter")
    page.locator("#z-m-appointment[aria-expanded=true]").wait_for()
    assert boxes.first.is_checked()


def test_esc_closes_the_menu_one_is_in_and_no_other(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/?offen=m-appointment", listen=False)
    first, second = page.locator("li.appointment .menu").all()
    for menu in (first, second):
        menu.locator("summary").focus()
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert [one.evaluate("one => one.open") for one in (first, second)] == [True, False]
    assert second.locator("summary").evaluate("one => one === document.activeElement")


def test_in_a_dialogue_of_team_the_keys_mean_its_row(open_page: Open, address: str) -> None:
    page = open_page(address, "tl-1", "/team", listen=False)
    row = page.locator("#ueberfaellig ~ * tbody tr", has=page.locator("[data-stop]")).nth(1)
    row.locator("[data-stop]").focus()
    page.keyboard.press("e")
    page.keyboard.press("Enter")
    row.locator("button[name=dialog]").first.focus()
    page.keyboard.press("Enter")
    page.locator("tr.slot .talk").wait_for()
    page.locator("tr.slot .talk :is(textarea, input:not([type=hidden]), button)").first.focus()
    page.keyboard.press("Escape")
    until(page, IN_FOCUS, "")
    page.keyboard.press("k")
    before = page.locator("#ueberfaellig ~ * tbody [data-stop]").first
    assert before.evaluate("one => one === document.activeElement")
