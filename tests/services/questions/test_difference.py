"""What makes two lists differ: the set-based difference against the two lists, and a cause for each case."""

from __future__ import annotations

import datetime as dt
from itertools import product
from pathlib import Path

import pytest

from domain.facts.office import RuleSet
from domain.knowledge import Reading
from domain.periods import end_of_day
from domain.rules import RULES
from services.exchange.importing import import_file
from services.office.office import Office, Transaction
from services.questions import answers
from services.questions.answers import counted
from services.questions.difference import Cause, OnlyIn, answer, as_now, causes, difference
from services.questions.library import QUESTIONS
from services.questions.over import read
from services.questions.question import Asked
from services.questions.stays import Wanted, question, stays
from services.questions.turns import identity
from tests.golden import line
from tests.services.commandline import as_bytes
from tests.services.questions import asked_again
from tests.services.questions.lives import moments as lived_moments
from tests.services.questions.test_stays import CASES, filled, moments
from tests.statements import statements

__all__ = ["filled"]

DAYS = (dt.date(2020, 3, 10), dt.date(2025, 6, 30), dt.date(2026, 6, 30))
MOST = 25  # rows of a list whose causes are looked for the long way, too
FEW = 3  # rows
STATEMENTS = 36


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
    with lived.read() as tx:
        for as_of, known_at, reading in lived_moments():
            then = filled_in(tx, name, as_of, known_at, reading)
            found = compared(tx, then)
            told += len(found)
            for one, behind in found if reading is Reading.ARRIVAL else []:
                (at,) = {cause.record.recorded_at for cause in behind}
                assert at > known_at
                heard = answers.page(tx, then.with_values(known_at=at)._replace(cases=[one.key])).rows
                assert (identity(one.row, then) in {identity(row, then) for row in heard}) is not one.then
    assert told > 20


@pytest.mark.parametrize("reading", Reading)
@pytest.mark.parametrize("name", QUESTIONS)
def test_of_every_question_the_demo_has_the_causes_of_the_long_way(
    demo_office: Office, name: str, reading: Reading
) -> None:
    told = 0
    with demo_office.read() as tx:
        for as_of, known_at in product(DAYS, DAYS):
            told += len(compared(tx, filled_in(tx, name, as_of, end_of_day(known_at), reading)))
    assert told > 20


def test_what_the_office_sets_turns_a_list_between_the_facts_of_its_cases(lived: Office, tmp_path: Path) -> None:
    """Of one unit alone, whose cases it is as known at each moment; taken back, and set once more."""
    moved = [
        line("C-moved", "strategy-bar-set", "2024-01-01", strategy="integration"),
        line("C-moved", "responsibility-assigned", "2024-01-01", worker="fm-7", unit="56.4", area="jobakademie"),
        line(
            "C-moved", "responsibility-assigned", "2024-08-15", "2024-12-02",
            worker="fm-7", unit="56.5", area="jobakademie",
        ),
    ]  # fmt: skip
    days = {"2024-08-01": "off", "2025-07-02": "on", "2025-08-20": "off"}
    lines = [
        {"office": "rules", "id": f"{rule}-{day}", "fact": "rule-set", "on": "2024-01-01", "by": "bl-1"}
        | {"recorded_at": f"{day}T09:00:00+01:00"}
        | {"data": {"source": "DA", "approved_by": "bl-1", "rule": rule, "state": state, "unit": "56.4"}}
        for rule in RULES
        for day, state in days.items()
    ]
    (path := tmp_path / "rules.jsonl").write_bytes(b"\n".join(map(as_bytes, [*moved, *lines])))
    assert import_file(lived, path).rejected == []
    by_rules, told = 0, 0
    with lived.read() as tx:
        for as_of, known_at in product(("2024-09-01", "2025-03-01"), ("2024-07-01", "2024-09-01", *days)):
            then = dt.date.fromisoformat(as_of), end_of_day(dt.date.fromisoformat(known_at))
            found = compared(tx, filled_in(tx, "due", *then))
            by_rules += sum(any(isinstance(cause.record.fact, RuleSet) for cause in some) for _, some in found)
            told += len(found)
    assert 5 < by_rules < told


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_difference_is_answered_by_some_statements_and_none_of_a_row(lived: Office, name: str) -> None:
    with lived.read() as tx:
        asked = [filled_in(tx, name, as_of, known_at, reading) for as_of, known_at, reading in lived_moments()]
        then = max(asked, key=lambda one: len(difference(tx, one, as_now(one)).rows))
    with lived.read() as tx, statements(lived) as found:
        said = answer(tx, then)
    assert len(said["gone"]) + len(said["come"]) > FEW
    assert len(found) <= STATEMENTS  # some are left out where nothing is to be looked up


def filled_in(
    tx: Transaction, name: str, as_of: dt.date, known_at: dt.datetime, reading: Reading = Reading.ARRIVAL
) -> Asked:
    given = {"as_of": as_of.isoformat(), "known_at": known_at.isoformat(), "reading": reading.value}
    given |= {"from": "2018-01-01", "to": "2025-12-31", "months": "1"}
    blanks = {blank.name for blank in QUESTIONS[name].blanks}
    return answers.filled(tx, QUESTIONS[name], {key: [text] for key, text in given.items() if key in blanks})


def compared(tx: Transaction, then: Asked) -> list[tuple[OnlyIn, list[Cause]]]:
    """The rows with their causes, which are those of the long way."""
    found = difference(tx, then, as_now(then))
    assert [(one.then, one.row) for one in found.rows] == asked_again.only_in(tx, then)
    assert found.only_then == sum(one.then for one in found.rows)
    assert found.only_now == len(found.rows) - found.only_then
    told = list(zip(found.rows, causes(tx, found.rows, then), strict=True))
    assert all(behind for _, behind in told)
    for one, behind in told[:: len(told) // MOST + 1]:
        assert behind == asked_again.causes(tx, one, then)
    return told
