"""The words of the office: the same in the glossary and on the page Hilfe, and explained where they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from notifications import render
from services.web.words import dates, terms
from tests.services.web.conftest import VisitAs

ROOT = Path(__file__).resolve().parents[3]
ROW = re.compile(r"^\| (?!German |---)(.+?) \| ", re.MULTILINE)


def test_the_glossary_has_the_same_terms_in_the_same_order() -> None:
    listed = ROW.findall((ROOT / "docs" / "glossary.md").read_text())
    assert listed == [word for group in terms.GLOSSARY.values() for word in group]


def test_each_is_one_sentence_that_fits() -> None:
    for group in terms.GLOSSARY.values():
        for word, meaning in group.items():
            assert meaning.endswith((".", "?")), word
            assert len(meaning) < 130, word


def test_the_whole_glossary_stands_under_help(visit: VisitAs) -> None:
    page = visit("").client.get("/hilfe").text
    assert page.count("<dt>") == sum(map(len, terms.GLOSSARY.values()))


@pytest.mark.parametrize(
    ("person", "path", "words"),
    [
        ("fm-1", "/fall/C-1001", ("Stichtag", "Datenstand", "bereinigt", "Vorlauf")),
        ("qs-1", "/qs", ("Stichtag", "Datenstand")),
    ],
)
def test_terms_are_explained_where_they_stand(visit: VisitAs, person: str, path: str, words: tuple[str, ...]) -> None:
    page = visit(person).get(path).text
    for word in words:
        button = re.search(rf'popovertarget="([^"]+)" aria-label="Was heißt „{re.escape(word)}“\?"', page)
        assert button is not None, word
        assert f'popover id="{button[1]}"' in page
    assert page.count("popover id=") == len(terms.EXPLAINED)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (None, "–"),
        (1, "1 Tag"),
        (729, "729 Tage"),
        (730, "2 Jahre (730 Tage)"),
        (768, "2 Jahre, 1 Monat (768 Tage)"),
        (1095, "3 Jahre (1.095 Tage)"),
        (3653, "10 Jahre (3.653 Tage)"),
    ],
)
def test_from_two_years_on_years_and_months_stand_before_the_days(count: int | None, said: str) -> None:
    assert dates.stay(count) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "weniger als einem Monat"),
        (1, "einem Monat"),
        (23, "23 Monaten"),
        (24, "2 Jahren"),
        (25, "2 Jahren und einem Monat"),
        (40, "3 Jahren und 4 Monaten"),
    ],
)
def test_sentences_say_years_from_two_on(count: int, said: str) -> None:
    assert render.months(count) == said


@pytest.mark.parametrize(
    ("value", "digits", "said"), [(999, 0, "999"), (1000, 0, "1.000"), (1234.5, 1, "1.234,5"), (1e6, 0, "1.000.000")]
)
def test_numbers_have_a_point_from_four_digits_on(value: float, digits: int, said: str) -> None:
    assert render.number(value, digits) == said


def test_no_page_writes_a_count_without_its_point() -> None:
    templates = (ROOT / "services" / "web" / "templates").glob("*.html")
    bare = re.compile(r"{{ [\w.|]*(?:length|count|cases) }}")
    assert {path.name: found for path in templates if (found := bare.findall(path.read_text()))} == {}
