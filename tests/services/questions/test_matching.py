"""What somebody types, and which cases are meant by it."""

from __future__ import annotations

import random
import string
from uuid import UUID

import pytest

from services.questions.matching import Known, meant
from services.records.words import bare, spelled

CASES = (
    ("C-2001", "Meier", "Jana"),
    ("C-2017", "Meyer", "Jonas"),
    ("C-12017", "Aydın", "Şule"),
    ("C/3.001", "O’Brien", "Łukasz"),
    ("C-2003", "Müller-Lüdenscheidt", "René"),
    ("X 20", "Øverland", "Søren"),
    ("Q-77", "Schmidtbauer", "Anna Maria"),
    ("Q-78", "", ""),
)
KNOWN = {
    UUID(int=at): Known(bare(number), tuple(spelled(last)), tuple(spelled(first)))
    for at, (number, last, first) in enumerate(CASES)
}


def found(typed: str) -> list[str]:
    return [CASES[key.int][0] for key in meant(typed, KNOWN).keys]


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        *(("c 2001", ["C-2001"]), ("C‑2001", ["C-2001"]), ("2001", ["C-2001"]), ("c2017", ["C-2017"])),
        ("2017", ["C-2017", "C-12017"]),
        ("201", ["C-2017", "C-12017"]),
        ("C/3001", ["C/3.001"]),
        ("20", ["X 20", "C-2001", "C-2003", "C-2017", "C-12017"]),
        ("78", ["Q-78"]),
        *(("Meier, J", ["C-2001"]), ("j meier", ["C-2001"]), ("MEI", ["C-2001"]), ("me j", ["C-2001", "C-2017"])),
        *(("Jana", ["C-2001"]), (", J", ["C-2001", "C-2017"]), ("J, Meier", [])),
        *(("Aydin", ["C-12017"]), ("AYDIN", ["C-12017"]), ("aydın ş", ["C-12017"]), ("sule", ["C-12017"])),
        *((f"O{mark}Brien", ["C/3.001"]) for mark in "'’‘`´ʼ′ -"),
        *(("obrien", ["C/3.001"]), ("Lukasz", ["C/3.001"]), ("OBrien, Łu", ["C/3.001"])),
        *((f"Müller{mark}Lüd", ["C-2003"]) for mark in "-‐‑‒–—― "),
        *(("lüdenscheidt", ["C-2003"]), ("MuellerLuedenscheidt", ["C-2003"]), ("rene", ["C-2003"])),
        *(("Sören", ["X 20"]), ("Oeverland", ["X 20"]), ("annamaria", ["Q-77"]), ("Maria Schmidt", ["Q-77"])),
        *(("meier 2001", ["C-2001"]), ("2017 meyer", ["C-2017"]), ("meier 2003", [])),
        *(("", []), (" ", []), (",", []), ("%", []), ("_", []), ("' OR 1=1", []), ("x" * 100, []), ("9" * 100, [])),
    ],
)
def test_what_is_typed_finds(typed: str, numbers: list[str]) -> None:
    assert (found(typed), meant(typed, KNOWN).alike) == (numbers, False)


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("Meyr", ["C-2001", "C-2017"]),
        ("Meiier, Jana", ["C-2001"]),
        ("Jnoas", ["C-2017"]),
        ("Muller", ["C-2003"]),
        ("Schmitbauer", ["Q-77"]),
        ("Schmidbau", ["Q-77"]),
        ("Lukazs", ["C/3.001"]),
        ("Overland", ["X 20"]),
    ],
)
def test_a_typing_error_finds_what_is_much_like_it_and_says_so(typed: str, numbers: list[str]) -> None:
    assert (found(typed), meant(typed, KNOWN).alike) == (numbers, True)


@pytest.mark.parametrize(
    ("typed", "only"),
    [("2017", "C-2017"), ("Meier", "C-2001"), ("201", None), ("j", None), ("", None), ("Meyr", None)],
)
def test_the_one_that_is_meant_is_named(typed: str, only: str | None) -> None:
    key = meant(typed, KNOWN).only
    assert (CASES[key.int][0] if key else None) == only


def test_a_client_is_found_by_the_number_they_go_by() -> None:
    known = {
        UUID(int=1): Known("c2001", ("meier",), ("jana",), "214d100200"),
        UUID(int=2): Known("c100200", ("aydin",)),
        UUID(int=3): Known("c3"),
    }
    assert meant("214D100200", known).only == UUID(int=1)
    assert meant("214 D 1002", known).keys == [UUID(int=1)]
    assert meant("100200", known).only is None  # one goes by it, the other has it as the number of the case
    assert meant("meier 214d", known).keys == [UUID(int=1)]
    assert meant("aydin 214d", known).keys == []


def test_a_number_and_a_short_word_are_never_found_by_one_much_like_it() -> None:
    assert found("2019") == []
    assert found("C-2071") == []
    assert found("Jon") == ["C-2017"]
    assert found("Jam") == []


def test_words_that_hinder_each_other_take_no_time() -> None:
    drawn = random.Random(3)
    words = ["".join(drawn.choices("ab", k=drawn.randint(1, 12))) for _ in range(8)]
    known = {UUID(int=at): Known("", tuple(words), tuple(words)) for at in range(300)}
    assert meant(" ".join(string.ascii_lowercase), known).keys == []
    assert len(meant("a aa aaa aaaa b bb bbb bbbb", known).keys) in (0, 300)
