"""A morning by keyboard alone: tasks, appointments, a request and its decision; the focus is in sight at every step."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.test_focus import IN_FOCUS
from tests.browser.test_pages import Open, address, open_page, until

__all__ = ["address", "open_page"]

AT_HAND = """([which, within, words]) => { const one = document.activeElement;
  return one.matches(which) && one.closest(within) !== null && (!words || one.textContent.trim() === words) }"""
AT_REST = "() => !document.querySelector('.htmx-request, .htmx-settling, .htmx-swapping')"


class AtTheKeys:
    """Somebody without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        """Presses keys one after another; after each the focus is somewhere in sight."""
        for key in keys:
            self.page.keyboard.press(key)
            self._in_sight()

    def _in_sight(self) -> None:
        """Waits until the focus is somewhere in sight, on another page if the key has led there."""
        while True:
            try:
                until(self.page, AT_REST, "")
                return until(self.page, IN_FOCUS, "")
            except Error as error:
                if "navigation" not in str(error):
                    raise
                self.page.wait_for_load_state("load")

    def reach(self, words: str, within: str = ".talk") -> None:
        """Goes on by Tab to a button or link and presses it."""
        self._tab_to("button", within, words)
        self.press("Enter")

    def _tab_to(self, which: str, within: str = "main", words: str = "") -> None:
        """Goes on to what is meant, found anew each time: the list may be renewed meanwhile."""
        for _ in range(120):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(AT_HAND, [which, within, words]):
                return
        pytest.fail(f"{which} {words} ist mit der Tabulatortaste nicht zu erreichen.")

    def finish(self, *, leads_on: bool = False) -> None:
        """Presses the one button of the dialogue that stands out, after what it would change; it may lead to a page."""
        self._tab_to("[data-main], .kern-btn--primary", ".talk")
        if not leads_on:
            return self.press("Enter")
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press("Enter")
        return self._in_sight()

    def say(self, line: str) -> None:
        """Types a line into the chat."""
        self._tab_to("#text")
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(line)
        with self.page.expect_response("**/befehl"):
            self.page.keyboard.press("Enter")
        until(self.page, AT_REST, "")

    def type(self, answers: Sequence[tuple[str, str]]) -> None:
        """Answers the questions that have the focus one after another; a Tab leads from one to the next."""
        for question, answer in answers:
            until(self.page, "text => document.activeElement.labels?.[0]?.textContent.includes(text)", question)
            self.page.keyboard.press("Control+a")
            self.page.keyboard.type(answer)
            self.page.keyboard.press("Tab")

    def did(self, words: str) -> None:
        """What was done is said."""
        expect(self.page.locator("li.deed", has_text=words).first).to_be_visible()


def to_line(worker: AtTheKeys, case: str) -> None:
    """Goes down to the line of a case with j and opens it."""
    lines = worker.page.locator("[data-line]")
    for _ in range(lines.count() + 1):
        worker.press("j")
        if case in worker.page.evaluate("document.activeElement.textContent"):
            break
    if worker.page.evaluate("document.activeElement.getAttribute('aria-expanded')") != "true":
        worker.press("Enter")


def test_a_morning_without_a_mouse(open_page: Open, address: str) -> None:
    worker = AtTheKeys(open_page(address, "fm-1", "/"))
    to_line(worker, "C-2002")
    worker.press("s")
    worker.reach("Unterlagen fehlen noch", "li.task")
    worker.did("Zurückgestellt")

    worker.say("wv 24.11. Mietvertrag nachfragen C-2001")
    worker.finish()
    worker.did("Wiedervorlage gesetzt")

    worker.say("telefonat heute C-2002")
    worker.reach("Angerufen, erreicht")  # one choice is all
    worker.did("Kontakt eingetragen")

    worker.say("erschienen C-1001")
    worker.finish()
    worker.did("Termin")

    worker.say("termin 24.11. 10:00 C-2001")
    worker.reach("Keine")
    worker.finish()
    worker.did("Termin geplant")

    worker.say("verlängern bis Ende Februar C-2001")
    for key in ("Tab", "Space", "Tab"):
        worker.page.keyboard.press(key)
    worker.type((("Was ist mit „sonstiges“ gemeint?", "Weiterbildung läuft"),))
    worker.press("Enter")
    worker.type(
        (
            ("Kurze Erläuterung", "Die Qualifizierung endet im Februar."),
            ("Begründung", "Danach ist eine Stelle zugesagt."),
        )
    )
    worker.finish()
    worker.finish()
    worker.did("Verlängerung beantragt bis 28.02.2027")

    lead = AtTheKeys(open_page(address, "tl-1", "/team"))
    lead.reach("Rückfrage", "main")
    lead.type((("Was", "Bitte die Stunden nennen."),))
    lead.finish()
    lead.finish(leads_on=True)
    expect(lead.page.locator("main")).to_contain_text("Rückfrage gestellt")

    worker.page.goto(f"{address}/")
    to_line(worker, "C-2001")
    worker.press("e")
    for key in ("Tab", "Tab"):
        worker.page.keyboard.press(key)
    worker.finish()
    worker.finish()
    worker.did("Verlängerung beantragt")

    lead.page.goto(f"{address}/team")
    lead.reach("Zustimmen bis 28.02.2027", "main")
    lead.finish(leads_on=True)
    expect(lead.page.locator("main")).to_contain_text("Verlängerung zugestimmt")
