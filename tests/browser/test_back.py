"""Going back, reloading and several tabs in a real browser: nothing asks to be sent again, nothing typed is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from services.office.office import Office
from services.people import sessions
from services.records.tables import sessions as session_table
from tests.browser.test_pages import Open, _town, open_page, too_wide, violations
from tests.services.web.town import NOW

__all__ = ["open_page"]

FORM = "/eintrag/C-2001?art=contact-held"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Office, str]]:
    """A town of the test's own, and its address."""
    with _town(tmp_path / "data") as found:
        yield found


def filled(page: Page, day: str) -> None:
    """The form of a contact with this day, sent on."""
    page.get_by_label("Tag", exact=False).first.fill(day)
    page.locator("#f-channel").select_option("phone")
    page.locator("#f-direction").select_option("out")
    page.get_by_role("button", name="Weiter: was ändert sich?").click()


def test_back_and_reload_show_what_was_typed(open_page: Open, served: tuple[Office, str]) -> None:
    page = open_page(served[1], "fm-1", FORM)
    filled(page, "31.02.")
    expect(page.locator("main")).to_contain_text("ist kein Tag")
    refused = page.url
    page.reload()  # the refused form has an address of its own
    expect(page.locator("#f-on")).to_have_value("31.02.")
    assert page.url == refused
    filled(page, "19.11.2026")
    expect(page.locator("h1")).to_have_text("Das wird eingetragen")
    page.go_back()
    expect(page.locator("#f-channel")).to_have_value("phone")
    page.go_forward()
    expect(page.locator("h1")).to_have_text("Das wird eingetragen")
    page.reload()
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator("main")).to_contain_text("Eingetragen")
    page.go_back()
    expect(page.locator("main")).to_contain_text("Sie ist gespeichert, verworfen oder älter als ein Tag")


def test_without_script_previews_can_be_reloaded_and_gone_back_to(browser: Browser, served: tuple[Office, str]) -> None:
    context = browser.new_context(java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    page.goto(f"{served[1]}/anmelden")
    page.click('button[value="fm-1"]')
    page.goto(served[1] + FORM)
    filled(page, "19.11.2026")
    expect(page.locator("h1")).to_have_text("Das wird eingetragen")
    page.get_by_role("button", name="Zurück zum Formular").click()
    expect(page.locator("#f-channel")).to_have_value("phone")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Das wird eingetragen")
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator("main")).to_contain_text("Eingetragen")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_session_that_ends_while_somebody_writes(open_page: Open, served: tuple[Office, str], scheme: str) -> None:
    office, address = served
    page = open_page(address, "fm-1", FORM, scheme=scheme, width=320, listen=False)
    chat = page.context.new_page()
    chat.goto(address)
    with office.write() as tx:
        ended = NOW - sessions.IDLE - dt.timedelta(minutes=1)
        tx.conn.execute(update(session_table).values(seen_at=ended))
    filled(page, "19.11.2026")
    expect(page.locator("h1")).to_contain_text("Als wen möchten Sie arbeiten?")
    chat.locator("#text").fill("verlängern C-2001 bis Ende Februar")
    chat.keyboard.press("Enter")
    expect(chat.locator("h1")).to_contain_text("Als wen möchten Sie arbeiten?")
    page.click('button[value="fm-1"]')
    expect(page.locator("main")).to_contain_text("Ihre Sitzung war abgelaufen.")
    expect(page.locator("h1")).to_have_text("Das wird eingetragen")
    assert violations(page) == []
    assert too_wide(page) <= 0
    chat.click('button[value="fm-1"]')  # the other tab logs in, too
    expect(chat.locator("h1")).to_have_text("Noch nicht gespeichert")
    assert violations(chat) == []
    assert too_wide(chat) <= 0
    page.get_by_role("button", name="Speichern").click()  # and the first goes on to count
    expect(page.locator("main")).to_contain_text("Eingetragen")
    chat.get_by_role("button", name="Jetzt absenden").click()
    expect(chat.locator("main")).to_contain_text("Verlängerung beantragen")


def test_terms_open_and_close_without_script_of_ours(open_page: Open, served: tuple[Office, str]) -> None:
    page = open_page(served[1], "fm-1", "/fall/C-1001", listen=False)
    page.get_by_role("button", name="Was heißt „Datenstand“?").click()
    said = page.get_by_text("Der Tag, dessen Wissen zählt")
    expect(said).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(said).to_be_hidden()
    page.emulate_media(media="print")
    for name in ("Eintrag erfassen", "Suchen", "Anzeigen", "Abmelden"):
        assert page.get_by_role("button", name=name).count() == 0
        assert page.get_by_role("link", name=name).count() == 0
