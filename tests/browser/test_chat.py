"""The chat in a real browser, by keyboard alone: five answers in sight, one dialogue once, nothing typed lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_pages import Open, address, open_page, too_wide, violations

__all__ = ["address", "open_page"]

LINES = ("was ist heute dran", "nicht verlängern", "hilfe", "status C-2001", "verlängern bis Montag, den 5.12. C-2001")


def say(page: Page, text: str) -> None:
    """Types a line and waits for what is said to it."""
    page.locator("#text").fill(text)
    with page.expect_response("**/befehl"):
        page.locator("#text").press("Enter")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_axe_finds_nothing_in_answers_and_they_fit(open_page: Open, address: str, scheme: str, width: int) -> None:
    page = open_page(address, "fm-1", "/", scheme=scheme, width=width, listen=False)
    for line in (*LINES, "verlängern bis 30.06. C-2001"):
        say(page, line)
    expect(page.locator("#verstanden .talk")).to_be_visible()
    assert violations(page) == []
    assert too_wide(page) <= 0


def test_the_last_five_answers_stay_and_the_line_keeps_the_focus(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/")
    for line in LINES:
        say(page, line)
        expect(page.locator("#text")).to_be_focused()
    assert page.locator("#text").input_value() == LINES[-1]  # refused: it stands there to be put right
    answers = page.locator("#verstanden > .answer")
    expect(answers).to_have_count(5)
    expect(answers.first).to_contain_text("Der 05.12.2026 ist ein Samstag, kein Montag.")
    say(page, "abbrechen C-2001")
    expect(answers).to_have_count(5)
    expect(page.locator("#text")).to_have_value("")
    page.reload()
    expect(answers).to_have_count(5)
    expect(answers.first).to_contain_text("kein Dialog offen (Meier, Jana · C-2001)")


def test_a_dialogue_stays_open_while_one_writes_on_and_stands_once_on_the_page(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/")
    say(page, "verlängern bis 30.06. C-2001")
    talk = page.locator(".talk", has_text="Verlängerung beantragen")
    expect(talk).to_have_count(1)
    expect(talk).to_contain_text("Meier, Jana · C-2001")
    meant = talk.get_by_label("Was ist mit „sonstiges“ gemeint?")
    expect(meant).to_be_hidden()  # explained only when it is ticked
    talk.get_by_label("sonstiges", exact=True).check()
    meant.fill("Weiterbildung läuft")
    for line in LINES[:3]:
        say(page, line)
    expect(meant).to_have_value("Weiterbildung läuft")
    say(page, "verlängern C-2001")
    expect(talk).to_have_count(1)
    expect(talk.get_by_label("sonstiges", exact=True)).to_be_checked()
    expect(meant).to_have_value("Weiterbildung läuft")
    say(page, "abbrechen C-2001")
    expect(page.locator("#verstanden")).to_contain_text("Abgebrochen: Verlängerung beantragen (Meier, Jana · C-2001).")
    expect(talk).to_have_count(0)


def test_an_appointment_is_settled_by_typing_and_taken_back(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/")
    say(page, "erschienen Sander")
    talk = page.locator("#verstanden .talk")
    expect(talk).to_contain_text("Das ändert sich bei Sander, Ole · C-1001")
    talk.get_by_role("button", name="Termin klären").click()
    expect(page.get_by_text("Termin am 16.11.2026: erschienen").first).to_be_visible()
    say(page, "rückgängig")
    answer = page.locator("#verstanden > .answer").first
    expect(answer).to_contain_text("Ihre letzte Entscheidung heute: Termin am 16.11.2026: erschienen (C-1001).")
    answer.get_by_role("button", name="Rückgängig").press("Enter")
    expect(page.get_by_text("zurückgenommen").first).to_be_visible()
