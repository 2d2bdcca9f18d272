"""A whole morning by keyboard alone: twelve tasks, three appointments, two requests and their decisions.

The focus is in sight at every step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from domain.facts import Stream
from domain.facts.case import CaseOpened, ResponsibilityAssigned
from domain.facts.contact import AppointmentPlanned
from domain.facts.strategy import StrategyBarSet
from domain.facts.support import BenefitStarted
from services.office.office import Office
from services.records import rows
from tests.browser.test_focus import IN_FOCUS
from tests.browser.test_pages import Open, _town, open_page, until
from tests.services.web.town import append, entry

__all__ = ["open_page"]

BARS = {  # further cases of the worker: since when the bar of Integration is open; two have an appointment left planned
    "C-2101": "2025-09-01", "C-2102": "2026-05-04", "C-2103": "2026-05-11", "C-2104": "2026-05-20",
    "C-2105": "2026-06-01", "C-2106": "2026-06-08", "C-2107": "2026-07-01", "C-2108": "2026-07-06",
}  # fmt: skip
LEFT_PLANNED = ("C-2107", "C-2108")

AT_HAND = """([which, within, words]) => { const one = document.activeElement;
  return one.matches(which) && one.closest(within) !== null && (!words || one.textContent.trim() === words) }"""
IN_HAND = "document.activeElement.textContent"
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
        self._tab_to("button, summary", within, words)
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


def down_to(worker: AtTheKeys, words: str) -> None:
    """Goes down to a line with j, from the first one."""
    lines = worker.page.locator("[data-line], [data-stop]").count()
    worker.press(*"k" * lines)
    for _ in range(lines + 1):
        if worker.page.evaluate(AT_HAND, ["[data-line]", "main", ""]) and words in worker.page.evaluate(IN_HAND):
            return
        worker.press("j")
    pytest.fail(f"{words} steht nicht da.")


def to_line(worker: AtTheKeys, words: str) -> None:
    """Goes down to a line with j and opens it."""
    down_to(worker, words)
    if worker.page.evaluate("document.activeElement.getAttribute('aria-expanded')") != "true":
        worker.press("Enter")


def more_cases(office: Office) -> None:
    """Eight further cases of the worker, each with a message of its own."""
    with office.write() as tx:
        for number, since in BARS.items():
            told = [
                entry("2025-01-10", CaseOpened(unit="56.4")),
                entry("2025-01-10", BenefitStarted()),
                entry(since, StrategyBarSet(strategy="integration")),
                entry(since, ResponsibilityAssigned(worker="fm-1", unit="56.4", area="av-ags")),
            ]
            if number in LEFT_PLANNED:
                planned = AppointmentPlanned(appointment="A-1", channel="personal")
                told.append(entry("2026-11-17", planned, recorded="2026-11-02"))
            key = append(tx, Stream.CASE, number, told)
            office.vault.put_names(tx.conn, key, {"last_name": "Lindner", "first_name": number[-1] * 3})
            rows.refresh(tx.conn, key, office.store.records(tx.conn, key))


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of the town, in which the worker has a full morning."""
    with _town(tmp_path / "data") as (office, found):
        more_cases(office)
        yield found


def request_by_chat(worker: AtTheKeys, case: str) -> None:
    """An extension, typed; its text module by Tab and space."""
    worker.say(f"verlängern bis Ende Februar {case}")
    worker.press("Tab", "Space", "Tab")
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


def answer(worker: AtTheKeys, case: str, *buttons: str, did: str) -> None:
    """A message, answered by its own buttons one after another."""
    to_line(worker, case)
    for words in buttons:
        worker.reach(words, "li.task")
    worker.did(did)


def together(worker: AtTheKeys, words: str, *cases: str) -> None:
    """Messages chosen with x and answered by one button."""
    for case in cases:
        down_to(worker, case)
        worker.press("x")
    worker.reach(words, "#auswahl")
    for case in cases:
        worker.did(case)


def test_a_whole_morning_without_a_mouse(open_page: Open, address: str) -> None:
    worker = AtTheKeys(open_page(address, "fm-1", "/?offen=keine"))
    lines = worker.page.locator("li.task")
    expect(lines).to_have_count(13)  # twelve tasks and the line of the appointments

    to_line(worker, "4 Termine")
    worker.reach("erschienen", "li.task")  # a month ago: it is asked why only now
    worker.type((("Warum wird das erst jetzt erfasst?", "Rückstand nach Krankheit"),))
    worker.press("Enter")
    worker.finish()
    worker.did("erschienen")
    worker.reach("nicht erschienen", "li.task")
    worker.reach("nein", "li.task")
    worker.did("nicht erschienen")
    worker.reach("abgesagt", "li.task")
    worker.did("abgesagt")
    answer(worker, "C-2002", "Mehr", "Später…", "Unterlagen fehlen noch", did="Zurückgestellt")
    together(worker, "Weiterhin richtig", "C-2107", "C-2108")
    together(worker, "Zurückstellen", "C-2105", "C-2106")
    answer(worker, "C-2102", "Umstellen", "Entwicklung", "Handlungsstrategie umstellen", did="Entwicklung")
    answer(worker, "C-2103", "Beenden", "Arbeitsaufnahme", "Handlungsstrategie beenden", did="Beendet")
    answer(
        worker, "C-2101", "Übergeben", "Yilmaz, Deniz · 56.4 · Jobakademie", "Integration", "Übergeben", did="Übergabe"
    )
    answer(worker, "ALG I", "Mehr", "Später…", "Unterlagen fehlen noch", did="Zurückgestellt")
    request_by_chat(worker, "C-2001")
    request_by_chat(worker, "C-2104")
    answer(worker, "C-1001", "Beenden", "Arbeitsaufnahme", "Handlungsstrategie beenden", did="Beendet")
    to_line(worker, "Ein Termin")
    worker.press("e", "Enter")
    worker.did("erschienen")
    expect(worker.page.locator("#aufgaben > :not(details) li.task")).to_have_count(0)  # but for what is put off
    another_three(worker)
    the_lead_decides(open_page, address, worker)


def another_three(worker: AtTheKeys) -> None:
    """Typed in passing: a Wiedervorlage, a call, an appointment."""
    worker.say("wv 24.11. Mietvertrag nachfragen C-2001")
    worker.finish()
    worker.did("Wiedervorlage gesetzt")
    worker.say("telefonat heute C-2002")
    worker.reach("Angerufen, erreicht")  # one choice is all
    worker.did("Kontakt eingetragen")
    worker.say("termin 24.11. 10:00 C-2001")
    worker.reach("Keine")
    worker.finish()
    worker.did("Termin geplant")


def the_lead_decides(open_page: Open, address: str, worker: AtTheKeys) -> None:
    """One request is approved, the other comes back with a question, is answered, and approved."""
    lead = AtTheKeys(open_page(address, "tl-1", "/team"))
    lead.reach("Zustimmen bis 28.02.2027", "main")
    lead.finish(leads_on=True)
    expect(lead.page.locator("main")).to_contain_text("Verlängerung zugestimmt")
    lead.page.goto(f"{address}/team")
    lead.reach("Rückfrage", "main")
    lead.type((("Was", "Bitte die Stunden nennen."),))
    lead.finish()
    lead.finish(leads_on=True)
    expect(lead.page.locator("main")).to_contain_text("Rückfrage gestellt")

    worker.page.goto(f"{address}/?offen=keine")
    to_line(worker, "C-2")
    worker.press("e")
    worker.press("Tab", "Tab")
    worker.finish()
    worker.finish()
    worker.did("Verlängerung beantragt")

    lead.page.goto(f"{address}/team")
    lead.reach("Zustimmen bis 28.02.2027", "main")
    lead.finish(leads_on=True)
    expect(lead.page.locator("main")).to_contain_text("Verlängerung zugestimmt")
