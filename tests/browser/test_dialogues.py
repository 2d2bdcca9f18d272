"""The short dialogues in a real browser: called by typing, answered in a few screens, what changes seen, taken back."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.test_chat import say
from tests.browser.test_pages import Open, address, open_page, too_wide, violations

__all__ = ["address", "open_page"]


def go_on(talk: Locator, button: str = "Weiter") -> None:
    with talk.page.expect_response("**/dialog/**"):
        talk.get_by_role("button", name=button, exact=True).first.click()


def test_the_short_dialogues_are_walked_to_their_end_and_taken_back(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/", width=320, listen=False)
    talk = page.locator("#verstanden .talk")
    say(page, "Wunsch erfragt gestern C-2001")
    expect(talk).to_contain_text("Meier, Jana · C-2001")
    go_on(talk, "Klarer Wunsch zu arbeiten")
    talk.get_by_label("Wie viele Stunden je Woche?").fill("viele")
    talk.get_by_label("Welche Ziele sind schon gemeinsam vereinbart?").fill("Führerschein <b>B</b>\nLager")
    go_on(talk)
    expect(talk.get_by_role("alert")).to_contain_text("als Zahl von 0 bis 168")
    expect(talk.get_by_label("Welche Ziele sind schon gemeinsam vereinbart?")).to_have_value(
        "Führerschein <b>B</b>\nLager"
    )
    assert violations(page) == []
    assert too_wide(page) <= 0
    talk.get_by_label("Wie viele Stunden je Woche?").fill("19,5")
    go_on(talk)
    expect(talk).to_contain_text("Das ändert sich bei Meier, Jana · C-2001")
    expect(talk).to_contain_text("kommt hinzu: Wunsch zu arbeiten, fällig Mi., 19.05.2027")
    assert violations(page) == []
    go_on(talk, "Wunsch zu arbeiten eintragen")
    say(page, "rückgängig")
    answer = page.locator("#verstanden > .answer").first
    expect(answer).to_contain_text("Förderstrategie vereinbart")
    answer.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_text("zurückgenommen").first).to_be_visible()

    say(page, "Prozessschritt heute C-2001")
    go_on(talk, "Überprüfung")
    talk.get_by_label("Was ist der Sachverhalt?").fill("Praktikum läuft.")
    go_on(talk)
    expect(talk.get_by_role("alert")).to_have_count(3)
    for question in ("Welche Erwägungen haben", "Was ist vereinbart?", "Was ist der nächste Schritt?"):
        talk.get_by_label(question).fill("Bewerbungen bis Monatsende.")
    go_on(talk)
    go_on(talk, "Prozessschritt dokumentieren")
    expect(page.get_by_text("Eingetragen: Prozessschritt").first).to_be_visible()


def test_what_happened_to_a_client_is_told_in_a_few_screens(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/", width=320, listen=False)
    talk = page.locator("#verstanden .talk")
    say(page, "Arbeit ab heute C-2001")
    talk.get_by_label("Durch uns vermittelt").check()
    assert violations(page) == []
    go_on(talk, "Sozialversicherungspflichtig")
    why = talk.get_by_label("Woran ist zu erkennen")
    expect(why).to_be_hidden()
    talk.get_by_label("Bleibt offen").check()
    why.fill("kurz")
    go_on(talk)
    expect(talk.get_by_role("alert")).to_contain_text("mindestens 10 Zeichen")
    assert violations(page) == []
    assert too_wide(page) <= 0
    why.fill("Aufstockung <b>mit</b> wenigen Stunden")
    go_on(talk)
    expect(talk).to_contain_text("Das ändert sich bei Meier, Jana · C-2001")
    assert violations(page) == []
    go_on(talk, "Arbeitsaufnahme")
    expect(page.get_by_text("Eingetragen: Beschäftigung aufgenommen").first).to_be_visible()
    say(page, "rückgängig")
    page.locator("#verstanden > .answer").first.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_text("zurückgenommen").first).to_be_visible()

    say(page, "Prognose C-2001")
    expect(talk).to_contain_text("Kein Hindernis schließt eine gute Prognose aus.")
    for group in ("jetzt arbeiten?", "dafür gewinnen?"):
        talk.get_by_role("group", name=group).get_by_label("Nein").check()
    assert violations(page) == []
    go_on(talk, "Ja")
    go_on(talk, "Prognose")
    expect(page.get_by_text("Eingetragen: Prognose").first).to_be_visible()
    say(page, "Unterbrechung klären C-2001")
    expect(page.locator("#verstanden")).to_contain_text("nie unterbrochen")
