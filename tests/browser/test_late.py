"""An answer that comes late takes nothing away of what somebody has begun since."""

from __future__ import annotations

import threading
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.browser.test_pages import Open, address, open_page
from tests.served import Visit
from tests.services.web.test_today import request_extension

__all__ = ["address", "open_page"]


def held_back(page: Page, path: str) -> Callable[[], None]:
    """Holds the requests to `path` back; what it gives lets them go and waits for their answers."""
    waiting: list[Route] = []
    free = False

    def hold(route: Route) -> None:
        if free:
            route.continue_()
        else:
            waiting.append(route)

    def let_go() -> None:
        nonlocal free
        free = True
        for route in waiting:
            with page.expect_response(path):
                route.continue_()
        page.wait_for_function("!document.querySelector('.htmx-request')")

    page.route(path, hold)
    return let_go


def test_the_next_line_is_typed_while_the_last_is_answered(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/", listen=False)
    let_go = held_back(page, "**/befehl")
    line = page.locator("#text")
    line.fill("hilfe")
    with page.expect_request("**/befehl"):
        line.press("Enter")
    line.fill("status C-2001")
    let_go()
    expect(page.locator("#verstanden > .answer")).to_have_count(1)
    expect(line).to_have_value("status C-2001")
    with page.expect_response("**/befehl"):
        line.press("Enter")
    expect(page.locator("#verstanden > .answer")).to_have_count(2)
    expect(line).to_have_value("")


def test_a_suggestion_that_comes_after_escape_does_not_open(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/", listen=False)
    let_go = held_back(page, "**/suche/vorschlag")
    search = page.locator("#suche")
    with page.expect_request("**/suche/vorschlag"):
        search.press_sequentially("Meier")
    search.press("Escape")
    let_go()
    expect(page.locator("#treffer > *")).to_have_count(0)
    with page.expect_response("**/suche/vorschlag"):
        search.press_sequentially("Meier,")
    expect(page.locator("#treffer a").first).to_be_visible()


def test_what_comes_in_while_a_line_is_chosen_waits(open_page: Open, address: str) -> None:
    page = open_page(address, "tl-1", "/team", listen=False)
    let_go = held_back(page, "**/team/liste*")
    worker = Visit(address)
    worker.login("fm-1")
    with page.expect_request("**/team/liste*"):
        asking = threading.Thread(target=request_extension, args=(worker,))
        asking.start()
    asking.join()
    worker.close()
    page.locator(".menu summary").first.click()
    let_go()
    expect(page.locator(".menu[open]")).to_have_count(1)
    expect(page.locator("#neues")).to_be_visible()
    page.locator("#neues").get_by_role("link", name="Anzeigen").click()
    expect(page.locator("#neues")).to_be_hidden()
    expect(page.get_by_text("C-2001").first).to_be_visible()
