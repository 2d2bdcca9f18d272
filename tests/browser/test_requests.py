"""Request, Rückfrage and decision in a real browser: how many clicks, old and new side by side, axe, 320 pixels."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_pages import Open, address, open_page, too_wide, unfold, violations
from tests.served import Visit
from tests.services.web.test_deputies import decide
from tests.services.web.test_today import request_extension

__all__ = ["address", "open_page"]

QUESTION = "Seit wann ist die Stelle zugesagt?"


class Hand:
    """Somebody at the mouse whose clicks are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def button(self, words: str, within: Locator | None = None) -> None:
        self.click((within or self.page.locator("main")).get_by_role("button", name=words, exact=True))


@pytest.fixture
def requested(address: str) -> str:
    """A town in which a request waits for its decision."""
    worker = Visit(address)
    worker.login("fm-1")
    request_extension(worker)
    worker.close()
    return address


def test_a_request_is_approved_with_two_clicks_and_the_case_is_named(open_page: Open, requested: str) -> None:
    lead = Hand(open_page(requested, "tl-1", "/team"))
    lead.button("Zustimmen bis 28.02.2027")
    lead.button("Zustimmen", lead.page.locator(".talk"))
    expect(lead.page.get_by_role("status").first).to_contain_text(
        "Meier, Jana · C-2001: Verlängerung zugestimmt bis 28.02.2027."
    )
    assert lead.clicks == 2


def test_a_question_is_answered_with_three_clicks_and_read_beside_what_stood_there(
    open_page: Open, requested: str
) -> None:
    lead = Hand(open_page(requested, "tl-1", "/team", listen=False))
    lead.button("Rückfrage")
    lead.page.get_by_label("Was ist noch zu klären?").fill(QUESTION)
    lead.button("Weiter")
    lead.button("Rückfrage", lead.page.locator(".talk"))
    expect(lead.page.locator("main")).to_contain_text("C-2001: Rückfrage gestellt.")

    worker = Hand(open_page(requested, "fm-1", "/", listen=False))
    worker.button("Rückfrage beantworten")
    talk = worker.page.locator(".talk")
    expect(talk).to_contain_text(f"Rückfrage vom Freitag, 20.11.2026: {QUESTION}")
    expect(talk.get_by_label("Kurze Erläuterung")).to_have_value("Die Qualifizierung endet im Februar.")
    expect(talk.get_by_label("verlängert bis?")).to_have_value("28.02.2027")
    assert violations(worker.page) == []
    talk.get_by_label("Begründung der Entscheidung?").fill("Die Stelle ist seit 02.11. zugesagt.")
    worker.button("Weiter", talk)
    expect(talk).to_contain_text("Das ändert sich")
    worker.button("Verlängerung beantragen", talk)
    expect(worker.page.locator("main")).to_contain_text("Verlängerung beantragt bis 28.02.2027")
    assert worker.clicks == 3

    for width in (1280, 320):
        page = open_page(requested, "tl-1", "/team", width=width, listen=False)
        card = page.locator("article.decision")
        expect(card).to_contain_text(QUESTION)
        expect(card.locator(".asked__turn")).to_contain_text("bisherDanach ist eine Stelle zugesagt.")
        expect(card.locator(".asked__turn")).to_contain_text("jetztDie Stelle ist seit 02.11. zugesagt.")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert violations(page) == []
        assert too_wide(page) <= 0


def test_the_page_of_a_lead_changes_by_itself(open_page: Open, address: str) -> None:
    lead = open_page(address, "tl-1", "/team")
    expect(lead.locator("main")).to_contain_text("Kein Antrag wartet")
    lead.wait_for_timeout(1500)
    worker = Visit(address)
    worker.login("fm-1")
    request_extension(worker)
    worker.close()
    expect(lead.locator("article.decision")).to_contain_text("Meier, Jana")


def test_what_one_lead_decides_leaves_the_open_page_of_the_other(open_page: Open, requested: str) -> None:
    other = open_page(requested, "tl-2", "/team", listen=False)
    lead = Hand(open_page(requested, "tl-1", "/team", listen=False))
    card, told = other.locator("article.decision"), other.locator("#ansage")
    expect(card).to_contain_text("Meier, Jana")
    lead.button("Zustimmen bis 28.02.2027")
    lead.button("Zustimmen", lead.page.locator(".talk"))
    expect(card).to_have_count(0)
    expect(told).to_have_text("Ein erledigter Antrag.")
    back = lead.page.get_by_role("status").first.get_by_role("button", name="Rückgängig")
    lead.page.wait_for_timeout(1500)
    expect(back).to_be_visible()
    expect(lead.page.locator("#ansage")).to_be_empty()
    lead.click(back)
    expect(card).to_contain_text("Meier, Jana")
    expect(told).to_have_text("Ein wieder offener Antrag.")


def test_what_the_other_has_in_hand_stays_when_it_is_decided(open_page: Open, requested: str) -> None:
    other = open_page(requested, "tl-2", "/team", listen=False)
    other.get_by_role("button", name="Rückfrage").click()
    words = other.get_by_label("Was ist noch zu klären?")
    words.fill(QUESTION)
    lead = Hand(open_page(requested, "tl-1", "/team", listen=False))
    lead.button("Zustimmen bis 28.02.2027")
    lead.button("Zustimmen", lead.page.locator(".talk"))
    expect(other.locator("#neues")).to_contain_text("Ein erledigter Antrag.")
    expect(words).to_have_value(QUESTION)


def test_the_worker_sees_the_decision_and_keeps_what_may_be_undone(open_page: Open, requested: str) -> None:
    worker = open_page(requested, "fm-1", "/", listen=False)
    task = unfold(worker, "C-2002")
    worker.keyboard.press("s")
    task.get_by_role("button", name="Unterlagen fehlen noch").click()
    back = worker.locator("#aufgaben .deed[id^=g-]").get_by_role("button", name="Rückgängig")
    expect(back).to_be_visible()
    lead = Visit(requested)
    lead.login("tl-1")
    decide(lead, "approve")
    lead.close()
    expect(worker.locator("#aufgaben")).to_contain_text("hat der Verlängerung zugestimmt, bis 28.02.2027")
    expect(back).to_be_visible()


def test_what_was_settled_while_a_page_was_cut_off_is_caught_up_with(open_page: Open, requested: str) -> None:
    page = open_page(requested, "tl-2", "/hilfe", listen=False)
    page.route("**/live*", lambda route: route.abort("connectionreset"))
    with page.expect_event("requestfailed"):
        page.goto(f"{requested}/team")
    waiting = page.get_by_role("button", name="Zustimmen bis 28.02.2027")
    expect(waiting).to_be_visible()
    lead = Visit(requested)
    lead.login("tl-1")
    decide(lead, "approve")
    lead.close()
    page.wait_for_timeout(1_500)
    expect(waiting).to_be_visible()  # nobody has told
    page.unroute("**/live*")
    expect(waiting).to_have_count(0)


@pytest.mark.parametrize("width", [320, 1280])
def test_a_reason_without_words_of_its_own_is_chosen_with_the_mouse(open_page: Open, address: str, width: int) -> None:
    page = open_page(address, "fm-1", "/", width=width, listen=False)
    task = page.locator("#aufgaben")
    task.get_by_role("button", name="Verlängerung beantragen").first.click()
    talk = page.locator(".talk")
    talk.get_by_role("checkbox").first.check()
    expect(talk.get_by_role("textbox")).to_have_count(0)
    talk.get_by_role("button", name="Weiter").click()
    expect(talk.locator(".talk__head")).to_contain_text("Schritt")
