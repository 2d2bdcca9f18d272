"""What pages look like between two clicks (refused, previewed, found, understood, undone); and no page is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_back import filled
from tests.browser.test_pages import PLACES, Look, Open, _town, looks, open_page, too_wide, violations
from tests.browser.test_qs import PLACES as OF_QS
from tests.services.web.test_routes import _routes as routes

__all__ = ["open_page"]

FORM = "/eintrag/C-2001?art=contact-held"
NO_PAGES = (
    *("/live", "/metrics", "/healthz", "/api/", "/openapi.json", "/heute/liste", "/heute/fokus/", "/team/liste"),
    *("/termine.ics", "/aufgabe.ics", "/kalender/", "/anmelden/"),
)
SEVERAL = "/faelle/auswahl?tun=plan&fall=C-2001&fall=C-2002"
FILES = "{kind}"  # ends the address of a list as a file
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


def unfolded(page: Page) -> None:
    """Everything that is folded, but for the keys, which lie above the page."""
    page.evaluate("document.querySelectorAll('details:not(.keys)').forEach(one => one.open = true)")


def linked(words: str) -> Act:
    """The first link of these words."""

    def act(page: Page) -> None:
        unfolded(page)
        page.get_by_role("link", name=words).first.click()

    return act


def pressed(words: str) -> Act:
    """The first button of these words."""
    return lambda page: page.get_by_role("button", name=words).first.click()


def followed(words: str) -> Act:
    """The first link of these words."""
    return lambda page: page.get_by_role("link", name=words).first.click()


def recorded(page: Page) -> None:
    """An entry, saved, and undone again."""
    filled(page, "19.11.2026")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("button", name="Rückgängig").first.click()
    expect(page.locator("main")).to_contain_text("zurückgenommen")


def closed(page: Page) -> None:
    """A case whose bar has ended and that has been closed."""
    for fact in ("strategy-bar-ended", "case-closed"):
        page.goto(page.url.replace("/fall/C-2002", f"/eintrag/C-2002?art={fact}").partition("&")[0])
        page.locator("#f-on").fill("18.11.2026")
        pressed("Weiter: was ändert sich?")(page)
        pressed("Speichern")(page)
        page.wait_for_url("**/fall/C-2002?getan=*")
        page.goto(page.url.partition("?")[0])
    expect(page.locator("main")).to_contain_text("abgeschlossen am 18.11.2026")


def chosen(page: Page) -> None:
    """Two cases of a list, and what can be done with them."""
    for box in page.locator('input[name="fall"]').all()[:2]:
        box.check()
    page.get_by_role("button", name="Termin", exact=False).first.click()
    page.wait_for_url("**/faelle/auswahl*")


def unanswered(page: Page) -> None:
    """Several cases, with nothing answered."""
    page.get_by_role("button", name="Für alle angekreuzten eintragen").click()
    expect(page.get_by_role("alert").first).to_contain_text("Es ist noch nichts eingetragen")


def letter(page: Page) -> None:
    """The letter of the first appointment that is still to come, with its Rechtsfolgenbelehrung."""
    linked("Einladung")(page)
    page.get_by_label("mit Rechtsfolgenbelehrung").check()
    page.get_by_role("button", name="Text anpassen").click()
    page.wait_for_url("**/einladung/**belehrung=1*")


def letter_refused(page: Page) -> None:
    """The letter, gone out on a day that is none."""
    letter(page)
    page.get_by_label("Hinausgegangen am").first.fill("31.02.")
    page.get_by_role("button", name="Einladung ist raus").click()
    expect(page.locator("#on-falsch")).to_contain_text("ist kein Tag")


def arrived(page: Page, receiver: str = "Brandt") -> None:
    """Somebody new, as far as what opening the case writes."""
    card = page.locator("section", has=page.get_by_role("heading", name="Neukunde"))
    for field, value in (("last_name", "Özdemir"), ("first_name", "Ayşe"), ("birth_date", "12.05.1987")):
        card.locator(f"#f-{field}").fill(value)
    card.locator("#f-on").fill("18.11.2026")
    card.locator("#f-kind").select_option("new")
    card.locator("#f-to").fill(receiver)
    card.get_by_role("button", name="Weiter: was ändert sich?").click()


def arriving(page: Page) -> None:
    """The preview of a case to be opened."""
    arrived(page)
    expect(page.locator("h1")).to_have_text("Neukunde: das wird eingetragen")


def arrived_to_many(page: Page) -> None:
    """Somebody new for a receiver of whom there are several."""
    arrived(page, "56.4")
    expect(page.locator("#to-falsch")).to_contain_text("Personen")


def arrived_twice(page: Page) -> None:
    """Somebody who is there already: opened, opened again, and saved without saying whether it is the same person."""
    arriving(page)
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator("main")).to_contain_text("öffnen")
    arriving(page)
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator("#same-falsch")).to_be_visible()


def period(first: str, last: str, says: str) -> Act:
    """A period of ALG I, sent on."""

    def act(page: Page) -> None:
        for field, value in (("case", "C-2002"), ("first", first), ("last", last)):
            page.locator(f"#alg1-{field}").fill(value)
        page.locator("section", has=page.locator("#alg1-case")).get_by_role("button").last.click()
        expect(page.locator("main")).to_contain_text(says)

    return act


def tapped(page: Page) -> None:
    """An appointment closed in its row, every menu open."""
    page.get_by_role("button", name="erschienen", exact=False).first.click()
    expect(page.locator("main")).to_contain_text("Rückgängig")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


def moved(page: Page) -> None:
    """The dialogue that moves an appointment, on a page of its own."""
    unfolded(page)
    pressed("verlegt…")(page)
    page.wait_for_url("**/dialog/*")


def vermerk(page: Page) -> None:
    """Opens the Vermerk of a decision from the case."""
    page.get_by_role("link", name="Vermerk zu").first.click()
    page.wait_for_url("**/vermerk/**")


def as_it_stands(page: Page) -> None:
    """Nothing is done: the page itself is the state."""


def printed(page: Page) -> None:
    """As it would come out of the printer: no control is left."""
    page.emulate_media(media="print")
    assert page.locator("main :is(button, .kern-btn):visible").count() == 0


LOOKS = [
    pytest.param([("light", 320), ("dark", 1920)], id="far apart"),
    pytest.param([("dark", 320), ("light", 1280), ("dark", 1280), ("light", 1920)], id="more", marks=pytest.mark.long),
]
STATES: dict[str, tuple[str, str, Act]] = {
    "past day": ("fm-1", "/fall/C-1001?stichtag=01.07.2025", as_it_stands),
    "known then": ("fm-1", "/fall/C-1001?datenstand=01.01.2026", as_it_stands),
    "no such page": ("fm-1", "/nirgends", as_it_stands),
    "not one's own": ("fm-2", "/fall/C-2001", as_it_stands),
    "purpose": ("tl-1", "/zweck/C-1001", as_it_stands),
    "case on paper": ("fm-1", "/fall/C-1001", printed),
    "file on paper": ("fm-1", "/akte/C-1001", printed),
    "vermerk": ("fm-1", "/fall/C-1001", vermerk),
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
    "several chosen": ("fm-1", "/faelle", chosen),
    "several refused": ("fm-1", SEVERAL, unanswered),
    "letter": ("fm-1", "/termine?woche=2026-11-23", letter),
    "letter refused": ("fm-1", "/termine?woche=2026-11-23", letter_refused),
    "appointment closed": ("fm-1", "/termine?woche=2026-11-16", tapped),
    "appointment moved": ("fm-1", "/termine?woche=2026-11-16", moved),
    "what a person sees": ("tl-1", "/verzeichnis?einheit=56.4", followed("was die Person sieht")),
    "calendar address": ("fm-1", "/abwesenheiten", pressed("Adresse anlegen")),
    "new client": ("es-1", "/eingang", arriving),
    "new client refused": ("es-1", "/eingang", arrived_to_many),
    "new client twice": ("es-1", "/eingang", arrived_twice),
    "period": ("es-1", "/eingang", period("01.12.2026", "31.05.2027", "ALG I: das wird eingetragen")),
    "period refused": ("es-1", "/eingang", period("02.12.2026", "01.12.2026", "liegt vor dem ersten")),
    "closed": ("fm-1", "/fall/C-2002", closed),
    "term": ("fm-1", "/fall/C-1001", pressed("Was heißt")),
}


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a town of the test's own."""
    with _town(tmp_path / "data") as (_, found):
        yield found


@pytest.mark.parametrize("wanted", LOOKS)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_is_too_wide(
    open_page: Open, address: str, state: str, wanted: Sequence[Look]
) -> None:
    person, path, act = STATES[state]
    page = open_page(address, person, path, width=wanted[0][1], listen=False)
    act(page)
    for look in looks(page, wanted):
        assert violations(page) == [], look
        assert too_wide(page) <= 0, look


def test_no_page_is_left_out(tmp_path: Path) -> None:
    """Every address that shows a page is looked at here, in `test_pages`, in `test_qs` or in `test_back`."""
    opened = [path.partition("?")[0] for _, path in (*PLACES.values(), *OF_QS.values())]
    opened += ["/qs/rueckmeldungen"]  # of test_pages
    opened += ["/verzeichnis/sicht"]  # of the states above
    opened += [f"/einlesen/{uuid4()}{of}" for of in ("", "/spalten", "/abgelehnt")]  # of test_imports
    opened += ["/einladung/C", "/eingang/neukunde", "/eingang/zeitraum", "/vermerk/r/C"]
    opened += ["/suche", "/befehl/antwort", "/dialog/x", "/berichtigen/r/C", "/zuruecknehmen/r/C", "/aufgehoben/x"]
    with _town(tmp_path / "data") as (office, _):
        shown = [one for one in routes(office) if "GET" in one.methods and not one.path.endswith(FILES)]
    left = {one.path for one in shown if not any(map(one.path_regex.match, opened))}
    assert {path for path in left if not path.startswith(NO_PAGES)} == set()
