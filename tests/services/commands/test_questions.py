"""`ask`: the library, an answer in three forms, and what is wrong named."""

from __future__ import annotations

import csv
import io

import pytest

from services.questions.library import QUESTIONS
from tests.services.commandline import Commands, fact

LINES = [
    fact("case-opened", "2018-02-01", id="a:0"),
    fact("strategy-bar-set", "2018-02-01", id="a:1", data={"strategy": "integration"}),
    fact("responsibility-assigned", "2018-02-01", id="a:2", data={"worker": "fm-7", "unit": "56.4", "area": "av-ags"}),
    fact("strategy-bar-ended", "2020-02-14", id="a:3", recorded_at="2020-05-04T09:00:00+02:00", data={}),
]
THEN = ("--as-of", "2020-03-10", "--known-at", "2020-03-10")


@pytest.fixture
def filled(commands: Commands) -> Commands:
    assert commands.imports(*LINES).json["rejected"] == []
    return commands


def test_without_a_question_all_are_named_with_parameters_and_defaults(filled: Commands) -> None:
    answer = filled.json("ask")
    assert [one["id"] for one in answer["questions"]] == list(QUESTIONS)
    for one in answer["questions"]:
        assert set(one) == {"number", "id", "title", "parameters"}
        assert all(set(blank) == {"name", "default"} for blank in one["parameters"])
        assert {"as_of", "known_at", "unit", "area"} <= {blank["name"] for blank in one["parameters"]}
    table = filled("ask")
    assert table.status == 0
    assert "months=12" in table.out


def test_an_answer_is_the_same_by_number_and_by_id(filled: Commands) -> None:
    answer = filled.json("ask", "1", *THEN)
    assert answer == filled.json("ask", "stays", "--param", "as_of=2020-03-10", "--param", "known_at=2020-03-10")
    assert (answer["question"], answer["k"], answer["n"]) == ("stays", 1, 1)
    assert answer["parameters"]["months"] == 12
    assert answer["sentence"].startswith("100 % (1 von 1) der Fälle, die am 10.03.2020 in Integration waren")
    (row,) = answer["rows"]
    assert (row["case"], row["worker"], row["since"], row["gross"]) == ("C-1", "fm-7", "2018-02-01", 768)
    stays = filled.json("stays", "--strategy", "integration", "--over", "12m", *THEN)["rows"]
    assert {key: row[key] for key in stays[0]} == stays[0]


def test_the_difference_names_rows_and_causes(filled: Commands) -> None:
    answer = filled.json("ask", "1", *THEN, "--difference")
    assert (answer["then"], answer["now"]) == ({"k": 1, "n": 1}, {"k": 0, "n": 0})
    assert answer["come"] == []
    (gone,) = answer["gone"]
    assert (gone["case"], gone["causes"]) == ("C-1", ["a:3"])
    assert answer == filled.json("ask", "1", "--as-of", "2020-03-10", "--difference")
    assert "a:3" in filled("ask", "1", *THEN, "--difference").out


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_answers_in_three_forms(filled: Commands, name: str) -> None:
    answer = filled.json("ask", name, "--as-of", "2020-03-10")
    assert answer["question"] == name
    rows = list(csv.DictReader(io.StringIO(filled("ask", name, "--as-of", "2020-03-10", "--format", "csv").out)))
    assert len(rows) == len(answer["rows"])
    table = filled("ask", name, "--as-of", "2020-03-10").out
    assert table.startswith(answer["sentence"])
    assert "Rezept: fallverlauf " in table


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["77"], "1 (stays)"),
        (["1", "--param", "nonsense=1"], "nonsense"),
        (["1", "--param", "months=x"], "months: „x“"),
        (
            ["1", "--param", "months=99999999"],
            "months: „99999999“ ist zu lang; möglich sind höchstens 1.200 volle Monate",
        ),
        (["1", "--param", "months"], "NAME=WERT"),
        (["1", "--param", "unit=99.9"], "unit: Die Einheit „99.9“ gibt es nicht."),
        (["roll-out", "--param", "from="], "from: Diese Angabe fehlt."),
        (["roll-out", "--param", "from=2020-05-01", "--param", "to=2018-01-01"], "to: Das Ende liegt vor dem Anfang."),
        (["due", "--param", "case=C-9"], "case: Den Fall „C-9“ gibt es nicht."),
        (["due", "--param", "rule=R-99"], "rule: „R-99“ gibt es nicht"),
        (["1", "--as-of", "2020-03-10", "--param", "as_of=2020-03-11"], "as_of: Hier ist nur eine Angabe möglich."),
    ],
)
def test_what_cannot_be_asked_is_wrong_usage_and_named(filled: Commands, arguments: list[str], named: str) -> None:
    said = filled("ask", *arguments)
    assert said.status == 2
    assert named in said.err
    assert said.out == ""
