"""What pages look like between two clicks (refused, previewed, found, understood, undone); and no page is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_back import filled
from tests.browser.test_pages import PLACES, Open, _town, open_page, too_wide, violations
from tests.browser.test_qs import PLACES as OF_QS
from tests.services.web.test_routes import _routes as routes

__all__ = ["open_page"]

FORM = "/eintrag/C-2001?art=contact-held"
NO_PAGES = (
    *("/live", "/metrics", "/healthz", "/api/", "/openapi.json", "/heute/liste", "/heute/fokus/", "/team/liste"),
    *("/termine.ics", "/anmelden/"),
)
NOT_YET = {"/faelle/auswahl", "/einladung/{case:path}", "/eingang/neukunde", "/eingang/zeitraum"}
FILES = ("/qs/liste.{kind}", "/qs/fragen/{name}/liste.{kind}")
Act = Callable[[Page], None]


def typed(text: str) -> Act:
    """Something written into the line of Heute."""

    def act(page: Page) -> None:
        page.locator("#text").fill(text)
        page.keyboard.press("Enter")
        expect(page.locator("#verstanden")).not_to_be_empty()

    return act


def searched(text: str) -> Act:
    """Something searched for."""

    def act(page: Page) -> None:
        page.locator("#suche").fill(text)
        page.keyboard.press("Enter")
        page.wait_for_url("**/suche*")

    return act


def linked(words: str) -> Act:
    """The first link of these words."""

    def act(page: Page) -> None:
        for folded in page.locator("details:not([open]) > summary").all():
            if folded.is_visible():
                folded.click()
        page.get_by_role("link", name=words).first.click()

    return act


def pressed(words: str) -> Act:
    """The first button of these words."""
    return lambda page: page.get_by_role("button", name=words).first.click()


def recorded(page: Page) -> None:
    """An entry, saved, and undone again."""
    filled(page, "19.11.2026")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("button", name="Rückgängig").first.click()
    expect(page.locator("main")).to_contain_text("zurückgenommen")


STATES: dict[str, tuple[str, str, Act]] = {
    "refused": ("fm-1", FORM, lambda page: filled(page, "31.02.")),
    "preview": ("fm-1", FORM, lambda page: filled(page, "19.11.2026")),
    "undone": ("fm-1", FORM, recorded),
    "found": ("fm-1", "/faelle", searched("200")),
    "nothing found": ("fm-1", "/faelle", searched("niemand")),
    "understood": ("fm-1", "/", typed("verlängern C-2001 bis Ende Februar")),
    "not understood": ("fm-1", "/", typed("quatsch mit soße")),
    "correction": ("fm-1", "/fall/C-2001", linked("berichtigen")),
    "withdrawal": ("fm-1", "/fall/C-2001", linked("zurücknehmen")),
    "dialogue": ("fm-1", "/fall/C-2001", pressed("Verlängerung beantragen")),
    "term": ("fm-1", "/fall/C-1001", pressed("Was heißt")),
}


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a town of the test's own."""
    with _town(tmp_path / "data") as (_, found):
        yield found


@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1920)])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_is_too_wide(
    open_page: Open, address: str, state: str, scheme: str, width: int
) -> None:
    person, path, act = STATES[state]
    page = open_page(address, person, path, scheme=scheme, width=width, listen=False)
    act(page)
    assert violations(page) == []
    assert too_wide(page) <= 0


def test_no_page_is_left_out(tmp_path: Path) -> None:
    """Every address that shows a page is looked at here, in `test_pages`, in `test_qs` or in `test_back`."""
    opened = [path.partition("?")[0] for _, path in (*PLACES.values(), *OF_QS.values())]
    opened += ["/suche", "/befehl/antwort", "/dialog/x", "/berichtigen/r/C", "/zuruecknehmen/r/C", "/aufgehoben/x"]
    with _town(tmp_path / "data") as (office, _):
        shown = [one for one in routes(office) if "GET" in one.methods and one.path not in FILES]
    left = {one.path for one in shown if not any(map(one.path_regex.match, opened))}
    assert {path for path in left if not path.startswith(NO_PAGES)} == NOT_YET
