"""The timeline and clocks of one case in the contract's shapes, with ids and persons in clear."""

from __future__ import annotations

from typing import Any

import pytest

from services.office.office import open_office
from services.questions import casefile
from services.settings import Settings
from tests.conftest import on_both_databases
from tests.services.commandline import NOW, Commands, fact

pytestmark = on_both_databases

CASE = [
    fact("case-opened", "2018-01-01", id="a:1", data={"unit": "56.4"}),
    fact("strategy-bar-set", "2018-02-01", id="a:2", data={"strategy": "integration"}),
    fact("responsibility-assigned", "2018-02-01", id="a:3", data={"worker": "fm-7", "unit": "56.4", "area": "av-ags"}),
    fact("benefit-started", "2018-01-01", id="a:4"),
    fact("alg1-started", "2018-04-01", id="a:5", data={"top_up": True}),
    fact("alg1-ended", "2018-05-31", id="a:6"),
    fact("employment-started", "2018-06-01", id="a:7", data={"employment": "job-1", "kind": "geringfuegig"}),
    fact("measure-started", "2018-06-10", id="a:8", data={"measure": "m-1", "type": "coaching"}),
    fact("measure-ended", "2018-06-20", id="a:9", data={"measure": "m-1"}),
    fact("appointment-planned", "2018-07-01", id="b:1", data={"appointment": "t-1"}),
    fact("appointment-missed", "2018-07-01", id="b:2", data={"appointment": "t-1", "good_cause": "open"}),
    fact("extension-requested", "2018-08-01", id="b:3", data={
        "request": "v-1", "options": ["other"], "facts_text": "x", "justification": "y", "until": "2018-12-31"}),
    fact("extension-approved", "2018-08-05", id="b:4", data={
        "request": "v-1", "until": "2018-11-30", "by_lead": "tl-1"}),
    fact("non-strategy-bar-set", "2018-08-10", id="b:5", data={"kind": "abschlussarbeiten"}),
    fact("extension-requested", "2018-08-20", id="b:6", data={
        "request": "v-2", "options": ["other"], "facts_text": "x", "justification": "y", "until": "2019-03-31"}),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _imported(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FALLVERLAUF_NOW", NOW)
    assert commands.imports(*CASE).json["added"] == len(CASE)


def lanes(commands: Commands) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = commands.json("timeline", "C-1", "--as-of", "2018-09-01")["lanes"]
    return found


def row(first: str, last: str | None, value: str | None, *facts: str, **more: str) -> dict[str, Any]:
    return {"from": first, "to": last, "value": value, "facts": list(facts), **more}


def test_every_lane_names_its_rows_and_the_facts_behind_them(commands: Commands) -> None:
    assert lanes(commands) == {
        "strategy": [row("2018-02-01", None, "integration", "a:2")],
        "non_strategy": [row("2018-08-10", None, "abschlussarbeiten", "b:5")],
        "responsibility": [row("2018-02-01", None, "av-ags", "a:3", worker="fm-7", unit="56.4")],
        "benefit": [row("2018-01-01", None, None, "a:4")],
        "alg1": [row("2018-04-01", "2018-05-31", "top-up", "a:5", "a:6")],
        "employment": [row("2018-06-01", None, "geringfuegig", "a:7", employment="job-1")],
        "measures": [row("2018-06-10", "2018-06-20", "coaching", "a:8", "a:9", measure="m-1")],
        "appointments": [{"on": "2018-07-01", "status": "missed", "appointment": "t-1", "facts": ["b:1", "b:2"]}],
        "extensions": [
            row("2018-08-05", "2018-11-30", "approved", "b:3", "b:4", request="v-1"),
            row("2018-08-20", "2019-03-31", "requested", "b:6", request="v-2"),
        ],
    }


def test_violations_are_sentences_with_their_facts(commands: Commands) -> None:
    found = commands.json("timeline", "C-1", "--as-of", "2018-09-01")["violations"]
    assert [(one["rule"], one["from"], one["to"], one["facts"]) for one in found] == [
        ("R-18", "2018-04-01", "2018-05-31", ["a:2", "a:5", "a:6"]),
        ("R-06", "2018-08-05", "2018-11-30", ["b:3", "b:4"]),
    ]
    assert found[0]["text"].endswith("(vom 01.04.2018 bis 31.05.2018).")


def test_the_head_of_an_answer(commands: Commands) -> None:
    default = commands.json("clocks", "C-1")
    assert (default["as_of"], default["known_at"]) == ("2026-03-10", NOW)
    by_day = commands.json("clocks", "C-1", "--as-of", "01.09.2018", "--known-at", "2018-07-01")
    assert (by_day["as_of"], by_day["known_at"]) == ("2018-09-01", "2018-07-01T23:59:59.999999+02:00")
    assert list(by_day) == [
        "case", "as_of", "known_at", "strategy", "since", "unit", "area", "worker", "days", "deductions",
    ]  # fmt: skip


def test_what_was_not_yet_recorded_is_not_known(commands: Commands) -> None:
    def deducted(known_at: str) -> list[tuple[str, str]]:
        answer = commands.json("clocks", "C-1", "--as-of", "2018-09-01", "--known-at", known_at)
        return [(one["from"], one["to"]) for one in answer["deductions"]]

    assert deducted("2018-03-31") == []
    assert deducted("2018-05-01") == [("2018-04-01", "2018-08-31")]
    assert deducted("2018-05-31T08:59:59+01:00") == [("2018-04-01", "2018-08-31")]
    assert deducted("2018-05-31T09:00:00+01:00") == [("2018-04-01", "2018-05-31")]


def test_facts_without_a_moment_are_counted_in_answers_from_before(commands: Commands) -> None:
    commands.imports({"case": "C-1", "fact": "benefit-ended", "on": "2018-10-01"})
    assert "recorded_unknown" not in commands.json("clocks", "C-1")
    for question in ("clocks", "timeline"):
        assert commands.json(question, "C-1", "--known-at", "2026-03-09")["recorded_unknown"] == 1


def test_the_other_reading_is_offered_and_answers_by_the_day_of_the_fact(commands: Commands) -> None:
    commands.imports({"case": "C-1", "fact": "benefit-ended", "on": "2018-10-01"})
    asked = ("clocks", "C-1", "--as-of", "2018-10-31", "--known-at", "2018-10-31")
    assert "die zu diesem Datenstand fehlen: 1. Mit --reading effective-day" in commands(*asked).err
    otherwise = commands.json(*asked, "--reading", "effective-day")
    assert (otherwise["reading"], otherwise["recorded_unknown"]) == ("effective-day", 1)
    gaps = [one["from"] for one in otherwise["deductions"] if one["reason"] == "benefit-gap"]
    assert gaps == ["2018-10-02"]
    assert not [one for one in commands.json(*asked)["deductions"] if one["reason"] == "benefit-gap"]
    assert commands(*asked, "--reading", "effective-day").err == ""
    assert commands(*asked, "--reading", "x").status == 2


@pytest.mark.parametrize("case", ["C-2", "", "../C-1", "x" * 5_000, "'; DROP TABLE records; --"])
def test_a_case_nobody_knows(commands: Commands, case: str) -> None:
    for question in ("clocks", "timeline"):
        said = commands(question, case)
        assert (said.status, said.out) == (1, "")
        assert said.err == f"Den Fall „{case[:64]}“ gibt es nicht.\n"


@pytest.mark.parametrize("case", ["C-1\0", "C-1\ud800"])
def test_what_no_database_can_be_asked_for_is_no_case(commands: Commands, case: str) -> None:
    with open_office(Settings()) as office, office.read() as tx, pytest.raises(casefile.UnknownCase):
        casefile.clocks(tx, case)


def test_a_person_is_no_case(commands: Commands) -> None:
    assert commands("clocks", "fm-7").status == 1
