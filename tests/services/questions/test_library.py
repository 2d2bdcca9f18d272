"""Every row of the library is whole: named, reachable, its blanks its own."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from string import Formatter

import pytest

from services import questions
from services.office.office import Office
from services.questions import answers
from services.questions.library import QUESTIONS, question
from services.questions.parameters import KINDS
from services.questions.question import Question
from tests.services.questions.lives import asked

SAID = {"share", "k", "n", "oldest", "age"}


def test_every_row_is_in_the_library_once() -> None:
    modules = [import_module(f"{questions.__name__}.{one.name}") for one in pkgutil.iter_modules(questions.__path__)]
    rows = {id(one): one for module in modules for one in vars(module).values() if isinstance(one, Question)}
    assert {one.id for one in rows.values()} == set(QUESTIONS)
    numbers = [one.number for one in QUESTIONS.values() if one.number is not None]
    assert len(numbers) == len(set(numbers))
    assert all(question(str(number)).number == number for number in numbers)


@pytest.mark.parametrize("one", QUESTIONS.values(), ids=list(QUESTIONS))
def test_its_sentences_name_its_own_blanks(one: Question) -> None:
    blanks = {blank.name for blank in one.blanks}
    assert len(blanks) == len(one.blanks)
    for text in (one.sentence, one.result, one.base, one.of, one.file, one.nothing, one.none):
        assert {name for _, name, _, _ in Formatter().parse(text) if name} <= blanks | SAID
    shown = {name for _, name, _, _ in Formatter().parse(one.sentence) if name}
    assert {"as_of", "known_at", *(blank.name for blank in one.parameters)} <= shown
    assert all(blank.kind in KINDS for blank in one.blanks)


@pytest.mark.parametrize("name", QUESTIONS)
def test_unit_area_and_carrier_filter_k_and_n(lived: Office, name: str) -> None:
    as_of = lived.today()
    whole = asked(lived, name, as_of, lived.now())
    parts = [asked(lived, name, as_of, lived.now(), unit=unit) for unit in ("56.4", "56.5")]
    for part, unit in zip(parts, ("56.4", "56.5"), strict=True):
        assert {row["unit"] for row in part["rows"]} <= {unit}
        assert part["rows"] == [row for row in whole["rows"] if row["unit"] == unit]
    with lived.read() as tx:
        counts = answers.counted(tx, answers.filled(tx, QUESTIONS[name], {"as_of": [as_of.isoformat()]})).units
    told = {one.unit: (one.found, one.base) for one in counts}
    assert [(part["k"], part["n"]) for part in parts] == [told.get(unit, (0, 0)) for unit in ("56.4", "56.5")]
    area = asked(lived, name, as_of, lived.now(), area="av-ags")
    assert area["rows"] == [row for row in whole["rows"] if row["area"] == "av-ags"]
    assert area["n"] < whole["n"]
