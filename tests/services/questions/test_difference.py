"""What makes two lists differ: the set-based difference against the two lists, and a cause for each case."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Row

from domain.knowledge import Reading
from services.office.office import Office
from services.questions import answers
from services.questions.answers import counted
from services.questions.difference import as_now, causes, difference
from services.questions.library import QUESTIONS
from services.questions.over import read
from services.questions.stays import Wanted, question, stays
from tests.services.questions.lives import moments as lived_moments
from tests.services.questions.test_stays import CASES, filled, moments

__all__ = ["filled"]


def numbers(office: Office, wanted: Wanted) -> set[str]:
    with office.read() as tx:
        return {row["case"] for row in stays(tx, wanted)["rows"]}


@pytest.mark.parametrize("clock", ["gross", "net"])
def test_the_difference_is_that_of_the_two_lists_and_every_case_has_its_cause(filled: Office, clock: str) -> None:
    told = 0
    for (as_of, known_at), length in product(moments(), (None, read("6m"), read("91d"))):
        for areas in ((), ("jobakademie", "av-ags")):
            then = Wanted("integration", length, clock, (), areas, as_of, known_at)
            now = then._replace(known_at=None)
            before, after = numbers(filled, then), numbers(filled, now)
            with filled.read() as tx:
                asked = question(tx, then)
                found = difference(tx, asked, question(tx, now))
                assert {one.number for one in found.rows if one.then} == before - after
                assert {one.number for one in found.rows if not one.then} == after - before
                assert (found.only_then, found.only_now) == (len(before - after), len(after - before))
                for one, behind in zip(found.rows, causes(tx, found.rows, asked), strict=True):
                    assert behind, one
                    assert all(cause.record.recorded_at > known_at for cause in behind)
                    told += 1
    assert told > 20


def test_pages_of_a_difference(filled: Office) -> None:
    as_of, known_at = next(iter(moments()))
    then = Wanted("integration", None, "gross", (), (), as_of, known_at)
    with filled.read() as tx:
        asked, now = question(tx, then), question(tx, then._replace(known_at=None))
        whole = difference(tx, asked, now)
        pages = [difference(tx, asked, now, limit=2, offset=offset) for offset in range(0, len(whole.rows), 2)]
    assert [one for page in pages for one in page.rows] == whole.rows
    assert all(page[:2] == whole[:2] for page in pages)


def test_counts_are_those_of_the_lists(filled: Office) -> None:
    for as_of, known_at in moments():
        wanted = Wanted("integration", read("6m"), "net", (), ("jobakademie",), as_of, known_at)
        with filled.read() as tx:
            found = counted(tx, question(tx, wanted))
            listed = stays(tx, wanted)["rows"]
            everyone = stays(tx, wanted._replace(over=None, areas=()))["rows"]
        assert (found.found, found.base) == (len(listed), len(everyone))
        for unit in found.units:
            assert unit.found == sum(row["unit"] == unit.unit for row in listed)
            assert unit.base == sum(row["unit"] == unit.unit for row in everyone)
    assert len(CASES) == 60


def test_a_stretch_of_months_begins_where_the_one_before_ends(filled: Office) -> None:
    for as_of, known_at in moments():
        wanted = Wanted("integration", None, "gross", (), (), as_of, known_at)
        parts = [
            numbers(filled, wanted._replace(over=read(f"{first}m"), under=below))
            for first, below in ((0, 3), (3, 6), (6, 12), (12, None))
        ]
        assert set().union(*parts) == numbers(filled, wanted)
        assert sum(map(len, parts)) == len(numbers(filled, wanted))


@pytest.mark.parametrize("name", QUESTIONS)
def test_of_every_question_a_row_comes_or_goes_with_its_cause(lived: Office, name: str) -> None:
    told = 0
    given = {"from": "2024-01-01", "to": "2025-12-31", "months": "1"}
    blanks = {blank.name for blank in QUESTIONS[name].blanks}
    for as_of, known_at, reading in lived_moments():
        texts = {"as_of": as_of.isoformat(), "known_at": known_at.isoformat(), "reading": reading.value, **given}
        with lived.read() as tx:
            then = answers.filled(tx, QUESTIONS[name], {key: [text] for key, text in texts.items() if key in blanks})
            before, after = (_keys(answers.page(tx, one).rows, name) for one in (then, as_now(then)))
            found = difference(tx, then, as_now(then))
            assert _keys([one.row for one in found.rows if one.then], name) == before - after
            assert _keys([one.row for one in found.rows if not one.then], name) == after - before
            for one, behind in zip(found.rows, causes(tx, found.rows, then), strict=True):
                assert behind, one
                told += 1
                if reading is Reading.ARRIVAL:
                    (at,) = {cause.record.recorded_at for cause in behind}
                    assert at > known_at
                    heard = answers.page(tx, then.with_values(known_at=at)._replace(cases=[one.key])).rows
                    assert (_keys([one.row], name) <= _keys(heard, name)) is not one.then
    assert told > 20


def _keys(rows: Sequence[Row[Any]], name: str) -> set[tuple[object, ...]]:
    return {tuple(row._mapping[key] for key in ("case_key", *QUESTIONS[name].key)) for row in rows}
