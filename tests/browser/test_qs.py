"""QS and the distribution in a real browser: the two lists of 10.03.2020 and their difference, by keyboard alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from domain.periods import BERLIN
from services import demo
from services.office.office import open_office
from services.settings import Settings
from services.web.app import create_app
from tests.browser.test_pages import Open, open_page, too_wide, violations
from tests.served import serving
from tests.services.web import district

__all__ = ["open_page"]

THEN = "/qs?stichtag=2020-03-10&dauer=365&mass=d"
PLACES = {
    "question": ("qs-1", "/qs"),
    "then": ("qs-1", THEN),
    "now": ("qs-1", f"{THEN}&ansicht=heute"),
    "difference": ("qs-1", f"{THEN}&ansicht=unterschied"),
    "wrong": ("qs-1", "/qs?stichtag=x&dauer=-1&mass=d&stand=tag&einheit=x&bereich=x"),
    "nobody": ("qs-1", "/qs?stichtag=2001-03-10"),
    "team": ("tl-1", "/team"),
    "bar": ("tl-1", "/team/verweildauer?strategie=integration&bereich=av-ags&ab=24"),
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the district."""
    settings = Settings(data=tmp_path_factory.mktemp("district") / "data", fixed_now=district.NOW)
    district.build(settings)
    with open_office(settings) as office, serving(create_app(office)) as found:
        yield found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", PLACES)
def test_axe_finds_nothing(open_page: Open, address: str, place: str, scheme: str) -> None:
    page = open_page(address, *PLACES[place], scheme=scheme, listen=False)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert violations(page) == []


def test_the_fields_of_a_question_stand_in_line(open_page: Open, address: str) -> None:
    page = open_page(address, "qs-1", "/qs", width=1920)
    fields = page.locator(".blank :is(input, .kern-form-input__select-wrapper):visible").all()
    boxes = [box for box in (one.bounding_box() for one in fields) if box]
    assert {round(box["height"]) for box in boxes} == {36}
    assert len({round(box["y"]) for box in boxes}) == 2  # of the five, the Datenstand stands in the second line


@pytest.mark.parametrize("place", PLACES)
def test_320_pixels_need_no_sideways_scrolling(open_page: Open, address: str, place: str) -> None:
    page = open_page(address, *PLACES[place], width=320)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert too_wide(page) <= 0


def test_the_two_lists_of_one_day_and_what_makes_them_differ(open_page: Open, address: str) -> None:
    page = open_page(address, "qs-1", "/qs")
    page.get_by_label("Wer war am").fill("2020-03-10")
    page.get_by_label("seit (Art der Schwelle)").select_option("mehr als … Tagen")
    page.get_by_label("Schwelle, leer").fill("365")
    page.get_by_role("button", name="Fragen").click()
    expect(page.locator(".result")).to_contain_text("80 % (8 von 10)")
    assert "stichtag=2020-03-10" in page.url  # the address can be sent to a colleague
    expect(page.get_by_role("link", name="L-07")).to_be_visible()
    page.get_by_role("link", name="Heute", exact=True).last.click()
    expect(page.locator(".result")).to_contain_text("90 % (9 von 10)")
    expect(page.get_by_role("link", name="L-07")).to_have_count(0)
    page.get_by_role("link", name="Unterschied").click()
    row = page.locator("tr", has_text="L-07")
    expect(row).to_contain_text(
        "spät erfasst Balken beendet: Beschäftigung gültig am 14.02.2020, erfasst am 04.05.2020"
    )
    page.get_by_role("link", name="Damals").click()
    expect(page.locator(".result")).to_contain_text("80 % (8 von 10)")


def test_the_question_by_keyboard_alone(open_page: Open, address: str) -> None:
    page = open_page(address, "qs-1", "/qs")
    page.get_by_label("Schwelle, leer").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("100")
    _tab_to(page, "summary", "allen Bereichen")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    _tab_to(page, "button", "Fragen")
    page.keyboard.press("Enter")
    expect(page.locator(".result")).to_contain_text("mindestens 100 volle Monate (laut Balken), in Fallmanagement")


def test_the_recipe_can_be_copied(open_page: Open, address: str) -> None:
    page = open_page(address, "qs-1", THEN)
    page.locator("summary", has_text="Einzelheiten").click()
    page.get_by_role("button", name="Kopieren").click()
    expect(page.get_by_role("button", name="Kopiert")).to_be_visible()


def test_the_files_come_as_files(open_page: Open, address: str) -> None:
    page = open_page(address, "qs-1", THEN)
    for kind in ("CSV", "XLSX"):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=kind, exact=True).click()
        assert waiting.value.suggested_filename == f"verweildauer_2020-03-10_integration.{kind.lower()}"
        assert Path(waiting.value.path()).stat().st_size > 500


def test_a_bar_opens_its_cases(open_page: Open, address: str) -> None:
    page = open_page(address, "tl-1", "/team")
    bar = page.get_by_role("link", name="24 Monate und länger: 7 Fälle")
    bar.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Integration · AV/AGS: 24 Monate und länger")
    expect(page.locator("tbody tr")).to_have_count(7)


@pytest.fixture(scope="module")
def demo_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demo office, with everybody who is on one of the lists of 10.03.2020."""
    settings = Settings(data=tmp_path_factory.mktemp("demo"), fixed_now=dt.datetime(2026, 11, 23, 8, tzinfo=BERLIN))
    with open_office(settings) as office:
        demo.ensure(office, 1_420)
        with serving(create_app(office)) as found:
            yield found


def test_the_lists_of_the_report_in_the_demo_office(open_page: Open, demo_office: str) -> None:
    page = open_page(demo_office, "qs-1", "/qs")
    page.get_by_label("Wer war am").fill("2020-03-10")
    page.get_by_label("seit (Art der Schwelle)").select_option("mehr als … Tagen")
    page.get_by_label("Schwelle, leer").fill("365")
    page.locator("summary", has_text="allen Bereichen").click()
    page.get_by_label("Jobakademie").check()
    page.get_by_label("AV/AGS").check()
    page.locator("summary", has_text="allen Einheiten").click()
    page.get_by_label("Einheiten mit Vermittlungsbereich").check()
    page.get_by_role("button", name="Fragen").click()
    expect(page.locator(".result")).to_contain_text("21 % (275 von 1.333)")
    per_unit = page.get_by_role("region", name="Zahlen nach Einheit").locator("tbody tr td:nth-child(2)")
    assert per_unit.all_inner_texts() == ["6", "12", "61", "46", "28", "61", "43", "18", "275"]  # 52.1, 52.3, …, 56.8
    expect(page.locator("nav", has_text="Seite 1 von 6").get_by_role("link", name="Weiter")).to_be_visible()
    page.get_by_role("link", name="Unterschied").click()
    told = re.fullmatch(
        r"(\d+) F.* nur in der Liste von damals .* 275 Fälle\),\s+(\d+) nur .*", page.inner_text(".result")
    )
    assert told
    rows = page.get_by_role("region", name="Unterschied der Listen").locator("tbody tr")
    expect(rows).to_have_count(int(told[1]) + int(told[2]))
    for row in rows.all():
        assert re.search(
            r"(spät erfasst|berichtigt|zurückgenommen|Import) .+ gültig am .+, erfasst am ", row.inner_text()
        )


def _tab_to(page: Page, kind: str, words: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        found = page.evaluate("[document.activeElement.localName, document.activeElement.textContent]")
        if found[0] == kind and re.search(words, found[1]):
            return
    pytest.fail(f"{words}: mit der Tabulatortaste nicht zu erreichen.")
