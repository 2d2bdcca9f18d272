"""Exporting: every fact with its id and moment; texts and names only when they are asked for."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import on_both_databases
from tests.services.commandline import Commands, fact

pytestmark = on_both_databases

TEXT = "Herr Muster hat am Telefon geweint."
NAME = "Anna Beispiel"
FACTS: list[dict[str, Any]] = [
    fact("case-opened", "2018-01-01", id="a:1", data={"unit": "56.4"}),
    fact("strategy-bar-set", "2018-02-01", id="a:2", data={"strategy": "integration", "rationale": TEXT}),
    fact("strategy-bar-ended", "2018-04-01", id="a:3", data={"reason": "error"}),
    fact("extension-requested", "2018-03-01", id="a:4", data={
        "request": "v-1", "options": ["other"], "facts_text": TEXT, "justification": TEXT, "until": "2018-06-30"}),
    fact("fact-corrected", "2018-04-02", id="a:5", data={
        "target": "a:4", "reason": TEXT, "data": {"justification": TEXT, "until": "2018-07-31"}}),
    fact("fact-corrected", "2018-04-03", id="a:6", data={
        "target": "a:3", "reason": TEXT, "data": {"reason": "employment"}}),
    fact("fact-corrected", "2018-04-04", id="a:7", data={
        "target": "a:5", "reason": TEXT, "data": {"data": {"justification": TEXT}}}),
    fact("case-closed", "2018-09-30", data={"reason": TEXT, "late_reason": TEXT}),
    {"case": "C-2", "fact": "case-opened", "on": "2019-01-01"},
    {"person": "f7", "fact": "person-added", "on": "2017-01-01", "id": "p:1", "data": {"name": NAME, "mail": "a@b.de"}},
    {"unit": "56.4", "fact": "unit-opened", "on": "2016-01-01", "id": "u:1", "data": {"name": "56.4"}},
]  # fmt: skip


@pytest.fixture(autouse=True)
def _imported(commands: Commands) -> None:
    assert commands.imports(*FACTS).json["added"] == len(FACTS)


def exported(commands: Commands, name: str = "out.jsonl", *options: str) -> tuple[Path, list[dict[str, Any]]]:
    path = commands.folder / name
    answer = commands.json("export", "--as", "jsonl", path, *options)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert answer == {"facts": len(lines), "file": str(path)}
    return path, lines


def answers(commands: Commands) -> list[Any]:
    asked = [
        commands.json("timeline", "C-1", "--as-of", "2018-05-01", "--known-at", "2030-01-01"),
        commands.json("clocks", "C-1", "--as-of", "2018-03-15", "--known-at", "2018-04-02"),
        commands.json("stays", "--strategy", "integration", "--as-of", "2018-03-15", "--known-at", "2030-01-01"),
        commands.json("due", "--on", "2018-05-01", "--known-at", "2030-01-01"),
    ]
    return [{key: value for key, value in answer.items() if key != "recorded_unknown"} for answer in asked]


def test_no_text_and_no_name_leaves_the_house_unasked(commands: Commands) -> None:
    path, lines = exported(commands)
    text = path.read_text(encoding="utf-8")
    assert not [word for word in (TEXT, "Muster", NAME, "a@b.de") if word in text]
    by_id = {line["id"]: line for line in lines}
    assert by_id["a:4"]["text_left_out"] == ["facts_text", "justification"]
    assert by_id["a:4"]["data"]["facts_text"] is None
    assert by_id["a:5"]["text_left_out"] == ["data.justification", "reason"]
    assert by_id["a:5"]["data"]["data"] == {"justification": None, "until": "2018-07-31"}
    assert by_id["a:7"]["text_left_out"] == ["data.data.justification", "reason"]
    assert by_id["p:1"]["data"] == {"name": None, "mail": None}
    assert by_id["p:1"]["text_left_out"] == ["mail", "name"]


def test_codes_are_no_texts(commands: Commands) -> None:
    by_id = {line["id"]: line for line in exported(commands)[1]}
    assert by_id["a:3"]["data"] == {"reason": "error"}
    assert by_id["a:6"]["data"]["data"] == {"reason": "employment"}
    assert "text_left_out" not in by_id["a:3"]


def test_every_line_says_its_id_and_its_moment(commands: Commands) -> None:
    lines = exported(commands)[1]
    whose = [line.get("unit") or line.get("person") or line["case"] for line in lines]
    assert whose == ["56.4", "f7", *["C-1"] * 8, "C-2"]
    assert all(line["id"] and line["recorded_at"][-6:] in ("+01:00", "+02:00") for line in lines)
    assert lines[2]["recorded_at"] == "2018-01-01T09:00:00+01:00"


@pytest.mark.parametrize("options", [(), ("--with-text",)])
def test_into_an_empty_database_it_gives_the_same_facts_and_answers(
    commands: Commands, move: Callable[[str], None], options: tuple[str, ...]
) -> None:
    path, lines = exported(commands, "out.jsonl", *options)
    before = answers(commands)
    move("other")
    taken = commands.json("import", path)
    assert (taken["added"], taken["rejected"]) == (len(FACTS), [])
    assert answers(commands) == before
    assert exported(commands, "again.jsonl", *options)[1] == lines
    assert commands.json("import", path)["known"] == len(FACTS)


def test_into_the_same_database_it_adds_nothing(commands: Commands) -> None:
    for options in ((), ("--with-text",)):
        taken = commands.json("import", exported(commands, "out.jsonl", *options)[0])
        assert (taken["added"], taken["known"], taken["rejected"]) == (0, len(FACTS), [])


def test_a_name_that_its_source_changed_goes_out_and_in_again(commands: Commands, move: Callable[[str], None]) -> None:
    changed = [FACTS[9] | {"data": {"name": "Anna Neu", "mail": " neu@b.de "}}, FACTS[10] | {"data": {"name": "56.9"}}]
    assert commands.json("import", commands.file("changed.jsonl", changed), "--update")["changed"] == 2
    path, lines = exported(commands)
    corrected = [line for line in lines if line["fact"] == "fact-corrected" and "case" not in line]
    assert [line["data"]["data"] for line in corrected] == [{"name": "56.9"}, {"mail": None, "name": None}]
    move("other")
    taken = commands.json("import", path)
    assert (taken["added"], taken["rejected"], taken["waiting"]) == (len(lines), [], 0)


def test_with_text_all_is_written_and_that_is_logged_without_any_text(commands: Commands) -> None:
    path, lines = exported(commands, "all.jsonl", "--with-text")
    assert [line["data"] for line in lines if line["id"] == "a:4"] == [FACTS[3]["data"]]
    assert not [line for line in lines if "text_left_out" in line]
    assert path.stat().st_mode & 0o777 == 0o600
    log = (commands.folder / "data" / "fallverlauf.log").read_text(encoding="utf-8")
    assert "facts exported with text" in log
    assert f'"facts": {len(FACTS)}' in log
    assert not [word for word in (TEXT, "Muster", NAME) if word in log]


def test_an_older_file_is_replaced_whole_and_nothing_else_left(commands: Commands) -> None:
    (commands.folder / "out.jsonl").write_text("alt")
    path, lines = exported(commands)
    assert len(lines) == len(FACTS)
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(one.name for one in commands.folder.iterdir()) == ["data", "facts.jsonl", "out.jsonl"]


def test_a_device_or_pipe_is_not_replaced(commands: Commands) -> None:
    pipe = commands.folder / "pipe"
    os.mkfifo(pipe)
    said = commands("export", "--as", "jsonl", "pipe")
    assert (said.status, said.err) == (1, "pipe ist keine gewöhnliche Datei.\n")
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("--as", "xes", "x.xes"), 2, "--as: „xes“ gibt es nicht; möglich sind jsonl."),
        (("x.jsonl",), 2, "Es fehlt --as."),
        (("--as", "jsonl", "nowhere/x.jsonl"), 1, "nowhere gibt es nicht."),
        (("--as", "jsonl", "data"), 1, "data ist ein Ordner, keine Datei."),
    ],
)
def test_what_cannot_be_written(commands: Commands, arguments: tuple[str, ...], status: int, sentence: str) -> None:
    said = commands("export", *arguments)
    assert (said.status, said.out) == (status, "")
    assert said.err.startswith(sentence)


LOOSE = "Frau Klargeheim Tel 0171-555"
NAMED: list[dict[str, Any]] = [
    fact("case-opened", "2018-01-01", id="k:1", by=LOOSE, data={"unit": "56.4"}, case="C-3"),
    fact("responsibility-assigned", "2018-01-01", id="k:2", by="import:Klargeheim X", case="C-3", data={
        "worker": LOOSE, "unit": "56.4", "area": "fallmanagement"}),
    fact("strategy-bar-set", "2018-02-01", id="k:3", by="rule:Klargeheim sagt es", case="C-3", data={
        "strategy": "integration"}),
    fact("fact-corrected", "2018-02-02", id="k:4", by="fm-7", case="C-3", data={
        "target": "k:2", "reason": TEXT, "data": {"worker": "Klargeheim, Anna"}}),
    fact("case-closed", "2018-09-30", id="k:5", by="import:compass", case="C-3"),
    fact("case-opened", "2019-01-01", id="k:6", by="haus/7", case="C-3"),
    {"person": "haus/7", "fact": "person-added", "on": "2017-01-01", "id": "k:7", "data": {"name": NAME}},
]  # fmt: skip


def persons_of(lines: list[dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    return {
        line["id"]: (line["by"], (line["data"].get("data") or line["data"]).get("worker"))
        for line in lines
        if line["id"].startswith("k:")
    }


def test_who_is_named_otherwise_than_by_an_id_goes_out_as_a_reference(commands: Commands) -> None:
    assert commands.imports(*NAMED).json["added"] == len(NAMED)
    path, lines = exported(commands)
    assert "Klargeheim" not in path.read_text(encoding="utf-8")
    found = persons_of(lines)
    assert re.fullmatch("p[0-9a-f]{32}", found["k:1"][0])
    assert re.fullmatch("import:r[0-9a-f]{32}", found["k:2"][0])
    assert found["k:2"][1] == found["k:1"][0]  # the same person, the same reference
    assert re.fullmatch("rule:r[0-9a-f]{32}", found["k:3"][0])
    assert re.fullmatch("p[0-9a-f]{32}", found["k:4"][1])
    assert [found[id][0] for id in ("k:4", "k:5", "k:6")] == ["fm-7", "import:compass", "haus/7"]
    clear = persons_of(exported(commands, "all.jsonl", "--with-text")[1])
    assert clear["k:1"] == (LOOSE, None)
    assert clear["k:2"] == ("import:Klargeheim X", LOOSE)
    assert clear["k:4"] == ("fm-7", "Klargeheim, Anna")


def test_such_an_export_comes_in_again(commands: Commands, move: Callable[[str], None]) -> None:
    commands.imports(*NAMED)
    path, lines = exported(commands)
    before = answers(commands)
    for options in ((), ("--update",)):  # here it is known: nobody is refused for the reference
        taken = commands.json("import", path, *options)
        assert (taken["added"], taken.get("changed", 0), taken["known"], taken["rejected"]) == (0, 0, len(lines), [])
    move("other")
    taken = commands.json("import", path)
    assert (taken["added"], taken["rejected"]) == (len(lines), [])
    worker = persons_of(lines)["k:4"][1]
    after = json.dumps(answers(commands))
    assert worker in after
    assert json.loads(after.replace(worker, "Klargeheim, Anna")) == before  # the rest is the same
    assert exported(commands, "again.jsonl")[1] == lines


def test_another_person_under_the_same_id_is_still_refused(commands: Commands) -> None:
    commands.imports(*NAMED)
    line = {**NAMED[1], "data": {**NAMED[1]["data"], "worker": f"p{7:032x}"}}
    assert "data.worker anders" in commands.imports(line).json["rejected"][0]["reason"]
    assert "by anders" in commands.imports({**NAMED[0], "by": f"p{7:032x}"}).json["rejected"][0]["reason"]


NOTED = [
    {"case": "C-2", "fact": name, "on": f"2019-02-0{day}", "id": f"n:{day}", "data": {"other_case": "C-1"}}
    for day, name in enumerate(("same-person-noted", "other-person-noted"), 1)
]


@pytest.mark.parametrize("options", [(), ("--with-text",)])
def test_an_erased_number_goes_out_as_a_reference_and_comes_in_again(
    commands: Commands, move: Callable[[str], None], options: tuple[str, ...]
) -> None:
    def others(lines: list[dict[str, Any]]) -> list[Any]:
        return [line["data"]["other_case"] for line in lines if line["id"].startswith("n:")]

    assert commands.imports(*NOTED).json["added"] == len(NOTED)
    assert others(exported(commands, "before.jsonl", *options)[1]) == ["C-1", "C-1"]
    commands.json("erase", "C-1")
    path, lines = exported(commands, "after.jsonl", *options)
    assert '"C-1"' not in path.read_text(encoding="utf-8")
    assert re.fullmatch("r[0-9a-f]{32}", others(lines)[0])
    assert others(lines)[1] == others(lines)[0]
    own = commands.folder / "own.jsonl"
    own.write_text("".join(json.dumps(line) + "\n" for line in lines if line.get("case") == "C-2"), encoding="utf-8")
    for update in ((), ("--update",), ()):
        taken = commands.json("import", own, *update)
        assert (taken["added"], taken.get("changed", 0), taken["known"], taken["rejected"]) == (0, 0, 3, [])
    move("other")
    assert commands.json("import", own)["added"] == 3
    assert others(exported(commands, "again.jsonl", *options)[1]) == others(lines)
