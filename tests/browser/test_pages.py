"""Every page in a real browser: axe in light and dark, 320 pixels wide, by keyboard, with a silent console."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page

from services.office.office import Office, open_office
from services.settings import Settings
from services.web.app import create_app
from tests.served import Visit, serving
from tests.services.web import town as towns
from tests.services.web.test_handover import hand_over
from tests.services.web.test_today import request_extension

PLACES = {
    "log-in": ("", "/anmelden"),
    "help": ("fm-1", "/hilfe"),
    "accessibility": ("fm-1", "/barrierefreiheit"),
    "today": ("fm-1", "/"),
    "today's appointments": ("fm-1", "/?offen=m-appointment"),
    "today of one theme": ("fm-1", "/?thema=review&offen=keine"),
    "empty today": ("ja-1", "/"),
    "cases": ("fm-1", "/faelle"),
    "cases narrowed": ("fm-1", "/faelle?sortiert=-frist&dauer=6&stand=alle"),
    "several cases": ("fm-1", "/faelle/auswahl?tun=plan&fall=C-2001&fall=C-2002"),
    "search": ("fm-1", "/suche"),
    "unit": ("tl-1", "/faelle"),
    "appointments": ("fm-1", "/termine"),
    "appointments of a day": ("fm-1", "/termine?tag=2026-11-26"),
    "no appointments": ("tl-1", "/termine"),
    "no day": ("fm-1", "/fall/C-1001?stichtag=31.02.&datenstand=x"),
    "case": ("fm-1", "/fall/C-1001"),
    "case with request": ("fm-1", "/fall/C-2001"),
    "case then": ("fm-1", "/fall/C-1001?stichtag=2026-02-01&datenstand=2026-02-01"),
    "case for qs": ("qs-1", "/fall/C-1001"),
    "purpose": ("tl-1", "/zweck/C-1001"),
    "kinds": ("fm-1", "/eintrag/C-1001"),
    "form": ("fm-1", "/eintrag/C-1001?art=employment-started"),
    "team": ("tl-1", "/team"),
    "no old cases": ("tl-1", "/team/altfaelle"),
    "nothing to reconcile": ("fm-1", "/abgleich"),
    "rules": ("tl-1", "/regeln?alles=ja"),
    "proposals": ("edv-1", "/regeln/vorschlaege"),
    "grounds": ("edv-1", "/regeln/grundlagen"),
    "ground": ("edv-1", "/regeln/grundlage?art=directive-published"),
    "directives": ("edv-1", "/vorgaben"),
    "register": ("edv-1", "/auswertungen"),
    "directory": ("edv-1", "/verzeichnis?einheit=56.4"),
    "directory of no unit": ("tl-1", "/verzeichnis?einheit=99"),
    "proposals of the directory": ("edv-1", "/verzeichnis/vorschlaege"),
    "person added": ("edv-1", "/verzeichnis/aendern?was=person-added"),
    "person chosen": ("edv-1", "/verzeichnis/aendern?was=person-left"),
    "setting": ("edv-1", "/regeln/aendern?was=R-02/interim"),
    "texts": ("tl-1", "/regeln/texte"),
    "introduction": ("tl-1", "/regeln/einfuehrung?ab=01.06.2026&regel=R-04&regel=R-02"),
    "views": ("tl-1", "/einsicht"),
    "views of a case": ("tl-1", "/einsicht/C-1001"),
    "file": ("fm-1", "/akte/C-1001"),
    "decisions for the file": ("fm-1", "/nachtrag/C-2001"),
    "disclosure": ("fm-1", "/auskunft/C-1001"),
    "questions": ("qs-1", "/qs/fragen"),
    "reports": ("qs-1", "/qs/rueckmeldungen"),
    "question": ("qs-1", "/qs/fragen/due?stichtag=20.11.2026"),
    "no pages of one's own": ("edv-1", "/hilfe"),
    "first steps": ("edv-1", "/einrichten"),
    "imports": ("edv-1", "/einlesen"),
    "import profiles": ("edv-1", "/einlesen/profile"),
    "cases without anybody": ("tl-1", "/team/zuweisen"),
    "why put off": ("tl-1", "/team/zurueckgestellt"),
    "who gets which case": ("tl-1", "/team/umverteilen?fall=C-2001&fall=C-2003&an=56.4|jobakademie|ja-1"),
    "absences": ("tl-1", "/abwesenheiten"),
    "own absence": ("fm-1", "/abwesenheiten"),
    "intake": ("es-1", "/eingang"),
    "cases of one person": ("es-1", "/eingang/doppelte"),
    "missing": ("fm-1", "/gibt-es-nicht"),
    "forbidden": ("fm-1", "/fall/C/3.001"),
}
Look = tuple[Literal["light", "dark"], int]  # colours and width
LOOKS: list[Any] = [
    pytest.param([("light", 1280), ("dark", 1280)], id="desk"),
    pytest.param([("light", 320), ("dark", 320), ("light", 1920), ("dark", 1920)], id="more", marks=pytest.mark.long),
]
WIDTHS = (320, 1280, 1920)
Open = Callable[..., Page]


@contextmanager
def _town(data: Path) -> Iterator[tuple[Office, str]]:
    settings = Settings(data=data, fixed_now=towns.NOW)
    towns.build(settings)
    with open_office(settings) as office, serving(create_app(office)) as address:
        yield office, address


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a town that is only looked at; one request waits for its decision."""
    with _town(tmp_path_factory.mktemp("shown") / "data") as (_, address):
        worker = Visit(address)
        worker.login("fm-1")
        request_extension(worker)
        worker.close()
        yield address


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a town of the test's own."""
    with _town(tmp_path / "data") as (_, found):
        yield found


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens a page as somebody; the test fails if the console says anything but that an answer was an error.

    Where axe looks nobody listens: it sets styles that the page's policy forbids. Pages are closed before their service
    ends, else what a page asks for just then would be an error.
    """
    if "address" in request.fixturenames:
        request.getfixturevalue("address")
    said: list[str] = []
    contexts = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            said.append(message.text)

    def come(
        address: str, person: str, path: str, *, scheme: str = "light", width: int = 1280, listen: bool = True
    ) -> Page:
        viewport = {"width": width, "height": 800}
        # Without transitions: half-way through one, a colour is none of ours.
        context = browser.new_context(color_scheme=scheme, reduced_motion="reduce", viewport=viewport, locale="de-DE")
        contexts.append(context)
        page = contexts[-1].new_page()
        if listen:
            page.on("console", hear)
        page.on("pageerror", lambda error: said.append(str(error)))
        if person:
            page.goto(f"{address}/anmelden")
            page.click(f'button[value="{person}"]')
        page.goto(address + path)
        if "/zweck/" in page.url and not path.startswith("/zweck/"):
            with page.expect_navigation(wait_until="load"):  # a click alone returns before the case is there
                page.get_by_role("button", name="Fachaufsicht").click()
        return page

    yield come
    for context in contexts:
        context.close()
    assert said == []


def violations(page: Page) -> list[str]:
    """What axe finds once nothing is on its way (buttons are pale meanwhile), one line each."""
    until(page, "marks => !document.querySelector(marks)", ".htmx-request")
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def too_wide(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


def until(page: Page, question: str, argument: str) -> None:
    """Waits until the page answers yes (its policy forbids Playwright's own waiting, which evaluates text)."""
    end = time.monotonic() + 60
    while not page.evaluate(question, argument):
        assert time.monotonic() < end, argument
        page.wait_for_timeout(50)


def looks(page: Page, wanted: Sequence[Look]) -> Iterator[Look]:
    """The page, as it stands, in these colours and widths, one after the other."""
    for scheme, width in wanted:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        yield scheme, width


@pytest.mark.parametrize("wanted", LOOKS)
@pytest.mark.parametrize("place", PLACES)
def test_axe_finds_nothing(open_page: Open, shown: str, place: str, wanted: Sequence[Look]) -> None:
    page = open_page(shown, *PLACES[place], listen=False)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert {look: violations(page) for look in looks(page, wanted)} == {look: [] for look in wanted}


@pytest.mark.parametrize("place", PLACES)
def test_no_width_needs_sideways_scrolling(open_page: Open, shown: str, place: str) -> None:
    page = open_page(shown, *PLACES[place], width=WIDTHS[0])
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    for look in looks(page, [("light", width) for width in WIDTHS]):
        assert too_wide(page) <= 0, look


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_dialogue_by_keyboard_alone(open_page: Open, address: str, scheme: str) -> None:
    page = open_page(address, "fm-1", "/", scheme=scheme, listen=False)
    task = page.locator("li.task", has_text="C-2001").filter(has_text="Überprüfung")
    _tab_to(page, task.locator("[data-line]").element_handle())
    page.keyboard.press("Enter")
    task.locator(".task__body").wait_for()
    assert page.evaluate("document.activeElement.matches('[aria-expanded=true]')")
    _tab_to(page, task.get_by_role("button", name="Verlängerung beantragen").element_handle())
    page.keyboard.press("Enter")
    until(page, "text => document.activeElement.textContent.includes(text)", "Weshalb soll verlängert werden?")
    assert violations(page) == []
    for key in ("Tab", "Space", "Tab"):
        page.keyboard.press(key)
    for question, answer, keys in (
        ("Was ist mit „sonstiges“ gemeint?", "Weiterbildung läuft", ("Tab", "Enter")),
        ("Kurze Erläuterung vom Sachverhalt?", "Die Qualifizierung endet im Februar.", ("Tab",)),
        ("Begründung der Entscheidung?", "Danach ist eine Stelle zugesagt.", ("Tab",)),
        ("Handlungsstrategie verlängert bis?", "Ende Februar", ("Enter",)),  # what is typed, not the first choice
    ):
        until(page, "text => document.activeElement.labels?.[0]?.textContent.includes(text)", question)
        assert violations(page) == []
        page.keyboard.type(answer)
        for key in keys:
            page.keyboard.press(key)
    page.wait_for_selector("text=Sonntag, 28.02.2027")
    assert violations(page) == []
    _tab_to(page, page.locator(".talk").get_by_role("button", name="Verlängerung beantragen").element_handle())
    page.keyboard.press("Enter")
    page.wait_for_selector("li.deed:has-text('Verlängerung beantragt bis 28.02.2027')")
    until(page, "line => document.activeElement.matches(line)", "[data-line][aria-expanded=true]")  # the next one
    assert "C-2001" not in page.evaluate("document.activeElement.textContent")
    assert violations(page) == []
    _tab_to(page, page.locator("li.deed").first.get_by_role("button", name="Rückgängig").element_handle())
    page.keyboard.press("Enter")
    page.wait_for_selector("text=zurückgenommen")
    assert page.locator("li.task", has_text="C-2001").filter(has_text="Überprüfung").count() == 1


def unfold(page: Page, case: str, topic: str = "Überprüfung") -> Locator:
    """The task of a case, unfolded."""
    task = page.locator("li.task", has_text=case).filter(has_text=topic)
    line = task.locator("[data-line]")
    if line.get_attribute("aria-expanded") == "false":
        line.click()
    task.locator(".task__body").wait_for()
    return task


def test_the_keys_of_heute(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/", width=1280)
    lines = page.locator("[data-line]")
    in_hand = "document.activeElement.id"
    page.keyboard.press("j")
    assert page.evaluate(in_hand) == lines.nth(1).get_attribute("id")
    page.keyboard.press("k")
    assert page.evaluate(in_hand) == lines.nth(0).get_attribute("id")
    page.keyboard.press("j")
    page.keyboard.press("e")  # opens the line, then its main answer
    page.locator(".task--open .talk, .task--open [data-first]:focus").first.wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate(in_hand) == "suche"
    page.keyboard.type("jjs")  # in a field keys are letters
    assert page.get_by_role("searchbox").input_value() == "jjs"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('[data-line]')")  # never the page
    page.keyboard.press("?")
    page.get_by_text("zurückstellen", exact=True).wait_for()
    page.get_by_label("Kürzel sind an").uncheck()
    page.keyboard.press("/")
    assert page.evaluate(in_hand) != "suche"


def test_s_puts_off_and_the_next_line_is_in_hand(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/")
    task = unfold(page, "C-2002")
    page.keyboard.press("s")
    task.get_by_text("Bis wann zurückstellen?").wait_for()
    task.get_by_role("button", name="Unterlagen fehlen noch").click()
    page.wait_for_selector("li.deed:has-text('Zurückgestellt')")
    assert page.evaluate("document.activeElement.matches('[data-line][aria-expanded=true]')")
    page.locator("#gruppe-put-off").click()
    assert page.locator("li.task", has_text="C-2002").filter(has_text="bis").first.is_visible()


def test_a_key_pressed_the_moment_a_line_unfolds_is_meant_for_that_line(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/")
    page.evaluate(
        """document.addEventListener("htmx:afterSwap", () => setTimeout(() =>
          document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "s", bubbles: true }))), { once: true })"""
    )
    task = unfold(page, "C-2002")
    task.get_by_text("Bis wann zurückstellen?").wait_for()
    assert task.locator("[data-line]").get_attribute("aria-expanded") == "true"


def test_several_tasks_are_answered_at_once(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/", listen=False)
    for case in ("C-2001", "C-2002"):
        page.get_by_role("checkbox", name="Überprüfung").and_(
            page.locator(f"li.task:has-text('{case}') input")
        ).first.check()
    assert violations(page) == []
    assert (
        not page.get_by_role("button", name="Weiterhin richtig")
        .locator("visible=true")
        .and_(page.locator(".together__confirm"))
        .count()
    )  # not at a limit
    page.get_by_role("button", name="Zurückstellen", exact=True).click()
    page.wait_for_load_state()
    assert page.locator("li.deed:visible").count() == 2
    page.locator("li.deed:visible", has_text="C-2001").get_by_role("button", name="Rückgängig").click()
    page.wait_for_selector("text=zurückgenommen")
    assert page.locator(".task--open", has_text="C-2001").count() == 1


def test_the_core_of_the_case_folds_below_the_task_where_it_is_narrow(open_page: Open, shown: str) -> None:
    wide, narrow = open_page(shown, "fm-1", "/"), open_page(shown, "fm-1", "/", width=320)
    assert wide.locator("#fokus").is_visible()
    assert not wide.locator(".focus--below").is_visible()
    assert not narrow.locator("#fokus").is_visible()
    narrow.get_by_text("Fall im Blick").click()
    assert narrow.locator(".task--open .core").is_visible()
    assert too_wide(narrow) <= 0


def test_one_tap_closes_an_appointment_in_its_place(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/?offen=m-appointment")
    row = page.locator("li.appointment", has_text="C-1001")
    row.get_by_text("nicht erschienen").click()
    row.get_by_role("button", name="nein").click()
    page.wait_for_selector("li.deed:has-text('nicht erschienen ohne wichtigen Grund')")
    late = page.locator("li.appointment", has_text="C-2001")
    late.get_by_role("button", name="erschienen", exact=True).click()
    page.wait_for_selector("text=Warum wird das erst jetzt erfasst?")


def test_a_decision_with_one_more_click(open_page: Open, address: str) -> None:
    worker = Visit(address)
    worker.login("fm-1")
    request_extension(worker)
    worker.close()
    page = open_page(address, "tl-1", "/team")
    page.get_by_role("button", name="Zustimmen bis 28.02.2027").click()
    page.locator(".talk").get_by_role("button", name="Zustimmen").click()
    page.wait_for_selector("text=Verlängerung zugestimmt")
    assert "Kein Antrag wartet" in page.inner_text("main")


def test_a_new_message_does_not_take_the_focus(open_page: Open, address: str) -> None:
    page = open_page(address, "ja-1", "/")
    page.locator("#text").focus()
    page.wait_for_timeout(1500)
    giver = Visit(address)
    giver.login("fm-1")
    hand_over(giver)
    giver.close()
    until(page, "text => document.getElementById('ansage').textContent.includes(text)", "neue Übergabe")
    page.locator("li.task", has_text="Übergabe an Sie").wait_for()
    assert page.evaluate("document.activeElement.id") == "text"


TABBED = (
    ("fm-1", "/"),
    ("tl-1", "/fall/C-1001"),
    ("tl-1", "/team"),
    ("tl-1", "/eintrag/C-1001?art=employment-started"),
)


@pytest.mark.parametrize(("person", "path"), TABBED)
def test_everything_can_be_reached_by_tab(open_page: Open, shown: str, person: str, path: str) -> None:
    page = open_page(shown, person, path)
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]"
        ".filter(one => one.checkVisibility()).length"
    )
    page.evaluate("document.body.focus()")
    reached = set()
    for _ in range(wanted + 40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    assert len(reached) >= wanted


def _tab_to(page: Page, target: object) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("one => document.activeElement === one", target):
            return
    pytest.fail("Mit der Tabulatortaste nicht zu erreichen.")


def test_an_answer_that_fails_leaves_the_page_as_it_is(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/", listen=False)
    unfold(page, "C-2001")
    before = page.locator("#aufgaben").inner_text()
    page.route("**/heute/liste", lambda route: route.fulfill(status=500, body="kaputt"))
    with page.expect_response("**/heute/liste"):
        page.evaluate("htmx.ajax('GET', '/heute/liste', {target: '#aufgaben', swap: 'outerHTML'})")
    page.wait_for_timeout(200)
    assert page.locator("#aufgaben").inner_text() == before
    assert page.locator("#panne").is_hidden()
    page.route("**/dialog", lambda route: route.fulfill(status=500, body="kaputt"))
    page.locator("li.task", has_text="C-2001").get_by_role("button", name="Verlängerung beantragen").click()
    page.wait_for_selector("#panne:has-text('noch einmal senden')")
    assert page.locator("#aufgaben").inner_text() == before
    page.unroute("**/dialog")
    page.locator("li.task", has_text="C-2001").get_by_role("button", name="Verlängerung beantragen").click()
    page.wait_for_selector(".talk")
    assert page.locator("#panne").is_hidden()


ORDINARY = {  # how a message is answered: every click of its dialogue until it is decided
    "still right": ("Weiterhin richtig", "Weiter", "Handlungsstrategie weiterhin richtig"),
    "change": ("Umstellen", "Entwicklung", "Handlungsstrategie umstellen"),
    "end": ("Beenden", "Arbeitsaufnahme", "Handlungsstrategie beenden"),
    "later": ("Mehr", "Später…", "Unterlagen fehlen noch"),
}


def test_an_ordinary_message_is_finished_in_three_clicks(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/", width=320, listen=False)
    task = unfold(page, "C-2002")
    for clicks in ORDINARY.values():
        assert len(clicks) <= 3
        for words in clicks:
            folded = task.get_by_text("Mehr", exact=True)
            (folded if words == "Mehr" else task.get_by_role("button", name=words, exact=True)).click()
            until(page, "() => !document.querySelector('.htmx-request, .htmx-settling')", "")
            assert too_wide(page) <= 0
            assert words != clicks[0] or violations(page) == []
        page.locator("li.deed").filter(has_text="C-2002").first.get_by_role("button", name="Rückgängig").click()
        page.wait_for_selector("text=zurückgenommen")
        assert task.locator(".task__body").count() == 1  # it is in hand again


def test_a_case_is_handed_over_and_accepted(open_page: Open, address: str) -> None:
    giver = open_page(address, "fm-1", "/", listen=False)
    task = unfold(giver, "C-2002")
    task.get_by_text("Mehr", exact=True).click()
    task.get_by_role("button", name="Übergeben").click()
    giver.get_by_role("button", name="Yilmaz, Deniz · 56.4 · Jobakademie").click()
    assert violations(giver) == []
    task.get_by_role("button", name="Integration").click()
    task.get_by_role("button", name="Übergeben", exact=True).click()
    giver.wait_for_selector("li.deed:has-text('Übergabe eingeleitet: Jobakademie')")
    receiver = open_page(address, "ja-1", "/", listen=False)
    receiver.get_by_role("button", name="Annehmen").click()
    receiver.get_by_role("button", name="Ja", exact=True).click()
    assert violations(receiver) == []
    receiver.locator(".talk").get_by_role("button", name="Übergabe annehmen").click()
    receiver.wait_for_selector("li.deed:has-text('Übergabe angenommen: Integration')")


def test_an_appointment_with_its_letter_takes_four_clicks(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/fall/C-2001", listen=False)
    page.get_by_role("button", name="Termin + Einladung").click()
    page.get_by_label("Um wie viel Uhr?").fill("10.30 Uhr")
    page.get_by_label("An welchem Tag?").fill("26.11.")
    assert violations(page) == []
    page.get_by_role("button", name="Weiter").click()
    page.get_by_role("region", name="Termin planen").get_by_role("button", name="Termin planen").click()
    page.wait_for_url("**/einladung/C-2001?*")
    assert "Donnerstag, 26.11.2026, 10:30 Uhr" in page.locator("#brief").inner_text()
    assert violations(page) == []
    assert too_wide(page) <= 0
    page.get_by_role("button", name="Einladung ist raus").click()
    page.wait_for_url("**/fall/C-2001?*")


def test_an_own_follow_up_takes_two_clicks_and_one_more_is_done(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/fall/C-2002", listen=False)
    page.get_by_role("button", name="Wiedervorlage", exact=True).click()
    page.get_by_label("Woran möchten Sie erinnert werden?").fill("Zeugnis nachfragen")
    assert violations(page) == []
    page.get_by_role("button", name="Nächster Arbeitstag: 23.11.2026").click()
    page.wait_for_url("**/fall/C-2002?*")
    page.goto(f"{address}/termine?tag=2026-11-23")
    assert violations(page) == []
    page.get_by_role("button", name="Erledigt").click()
    page.wait_for_selector("text=Wiedervorlage erledigt, fällig war sie am 23.11.2026.")


def test_a_call_is_one_click_and_one_choice(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/fall/C-2002", listen=False)
    page.get_by_role("button", name="Telefonat heute").click()
    page.get_by_role("button", name="Angerufen, nicht erreicht").click()
    page.wait_for_selector("text=Kontakt eingetragen")
