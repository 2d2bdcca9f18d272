"""Importing: each fact once, refused lines kept whole, corrections from a changed source, in any order."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from services.exchange import order, targets
from services.followups.lifecycle import issue_due
from services.office.office import open_office
from services.records.tables import followups
from services.settings import Settings
from tests.conftest import on_both_databases
from tests.services.commandline import NOW, Commands, fact

STORY = [
    fact("case-opened", "2018-01-01", id="a:1", data={"unit": "56.4"}),
    fact(
        "strategy-bar-set", "2018-02-01", id="a:2", data={"strategy": "integration", "rationale": "Er will arbeiten."}
    ),
    fact("responsibility-assigned", "2018-02-01", id="a:3", data={"worker": "fm-7", "unit": "56.4", "area": "av-ags"}),
    fact("alg1-started", "2018-04-01", id="a:4"),
    fact("alg1-ended", "2018-05-31", id="a:5"),
    fact("fact-corrected", "2018-06-10", id="a:6", data={"target": "a:5", "on": "2018-06-30", "reason": "Bescheid."}),
    fact("appointment-planned", "2018-07-01", id="a:7", data={"appointment": "t-1"}),
    fact("appointment-held", "2018-07-01", id="a:8", data={"appointment": "t-1"}),
    fact("fact-withdrawn", "2018-07-05", id="a:9", data={"target": "a:8", "reason": "Verwechselt."}),
]


@pytest.fixture(autouse=True)
def _now(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FALLVERLAUF_NOW", NOW)


def counts(answer: dict[str, Any]) -> tuple[int, int, int, int]:
    return answer["added"], answer["known"], answer["waiting"], len(answer["rejected"])


def clocks(commands: Commands, **options: str) -> Any:
    return commands.json("clocks", "C-1", "--as-of", "2018-12-31", *[part for pair in options.items() for part in pair])


@on_both_databases
def test_a_file_is_taken_once(commands: Commands) -> None:
    assert counts(commands.imports(*STORY).json) == (9, 0, 0, 0)
    before = clocks(commands)
    assert counts(commands.imports(*STORY).json) == (0, 9, 0, 0)
    assert clocks(commands) == before
    assert before["deductions"] == [{"reason": "alg1", "from": "2018-04-01", "to": "2018-06-30", "days": 91}]


@on_both_databases
def test_lines_without_an_id_are_taken_once_too_whatever_the_file_is_called(commands: Commands) -> None:
    lines = [{"case": "C-1", "fact": "alg1-started", "on": "2018-04-01"}, fact("alg1-ended", "2018-05-31")]
    assert counts(commands.imports(*lines).json) == (2, 0, 0, 0)
    assert counts(commands.json("import", commands.file("copy.jsonl", lines))) == (0, 2, 0, 0)


@on_both_databases
def test_any_order_of_arrival_gives_equal_answers(commands: Commands, move: Callable[[str], None]) -> None:
    answers = []
    for seed in range(4):
        move(f"order-{seed}")
        shuffled = random.Random(seed).sample(STORY, len(STORY))
        half = len(shuffled) // 2
        commands.imports(*shuffled[:half])
        assert commands.imports(*shuffled[half:]).json["waiting"] == 0
        timeline = commands.json("timeline", "C-1", "--as-of", "2018-12-31")
        answers.append([clocks(commands), timeline, commands.json("due", "--on", "2018-12-31")])
    assert all(answer == answers[0] for answer in answers)


@on_both_databases
def test_a_target_that_is_not_there_yet_waits(commands: Commands) -> None:
    assert counts(commands.imports(STORY[5]).json) == (1, 0, 1, 0)
    assert counts(commands.imports(*STORY[:5]).json) == (5, 0, 0, 0)
    assert clocks(commands)["deductions"][0]["days"] == 91


def test_refused_lines_are_reported_and_kept_whole_beside_the_file(commands: Commands) -> None:
    bad = [b'{"case": "C-1", "fact": "nothing"}', b"\xff\xfe", b"x" * 70_000]
    said = commands.imports(STORY[0], bad[0], "", STORY[1], *bad[1:])
    assert said.status == 1
    assert counts(said.json) == (2, 0, 0, 3)
    assert said.json["read"] == 5
    assert [one["line"] for one in said.json["rejected"]] == [2, 5, 6]
    assert said.json["rejected"][0]["reason"].startswith("on: Der Tag fehlt. fact: Einen Eintrag „nothing“")
    assert "Zeile 2: on: Der Tag fehlt." in said.err
    kept = commands.folder / "facts.jsonl.rejected.jsonl"
    assert kept.read_bytes() == b"\n".join(bad) + b"\n"
    assert kept.stat().st_mode & 0o777 == 0o600
    commands.imports(*STORY)
    assert not kept.exists()
    assert [path.name for path in commands.folder.iterdir() if path.name.startswith(".rejected")] == []


def test_a_file_of_refused_lines_that_cannot_be_written_costs_no_good_line(commands: Commands) -> None:
    (commands.folder / "facts.jsonl.rejected.jsonl").mkdir()
    said = commands.imports(STORY[0], "{}")
    assert said.status == 1
    assert said.json["added"] == 1
    assert "facts.jsonl.rejected.jsonl ist ein Ordner, keine Datei." in said.err
    assert [path.name for path in commands.folder.iterdir() if path.name.startswith(".rejected")] == []


def test_a_byte_order_mark_and_line_ends_of_windows_are_passed_over(commands: Commands) -> None:
    path = commands.folder / "windows.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(json.dumps(line) for line in STORY).encode() + b"\r\n\r\n")
    assert counts(commands.json("import", path)) == (9, 0, 0, 0)


@on_both_databases
def test_batches_are_seen_by_later_ones(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "BATCH_LINES", 2)
    monkeypatch.setattr(order, "MODIFIERS_AT_ONCE", 1)
    assert counts(commands.imports(STORY[5], *STORY, *STORY).json) == (9, 10, 0, 0)
    assert clocks(commands)["deductions"][0]["days"] == 91


def test_a_correction_is_judged_by_its_target_in_whatever_order_and_part_they_come(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order, "MODIFIERS_AT_ONCE", 1)
    withdrawal = fact("fact-withdrawn", "2019-01-02", id="w", data={"target": "a:2", "reason": "x"})
    fits = {"target": "w", "reason": "x", "data": {"reason": "y"}}
    wrong = {"target": "w", "reason": "x", "data": {"strategy": "entwicklung"}}
    elsewhere = fact("fact-withdrawn", "2019-01-02", id="e", case="C-2", data={"target": "w", "reason": "x"})
    lines = [
        elsewhere,
        fact("fact-corrected", "2019-01-03", id="c:1", data=wrong),
        fact("fact-corrected", "2019-01-03", id="c:2", data=fits),
        withdrawal,
    ]
    expected = [
        {"line": 10, "reason": "data.target: „w“ gehört zu einem anderen Fall."},
        {"line": 11, "reason": "data.data.strategy: Dieses Feld gibt es bei fact-withdrawn nicht."},
    ]
    for at_once in (1, 10):
        monkeypatch.setattr(order, "MODIFIERS_AT_ONCE", at_once)
        assert commands.imports(*STORY, *lines).json["rejected"] == expected


def test_corrections_and_withdrawals_come_after_what_they_are_about_also_when_they_name_each_other() -> None:
    named = [targets.Named(*pair) for pair in [("a", "b"), ("b", "c"), ("c", "x"), (None, "a"), ("p", "q"), ("q", "p")]]
    assert targets.before_what_is_about_them(named) == [2, 1, 0, 3, 5, 4]
    assert targets.named('{"id": " a\u0308", "data": {"target": "b "}}'.encode()) == ("ä", "b")
    assert [targets.named(raw) for raw in (b"{", b"[]", b'{"id": 1, "data": 2}', b"\xff")] == [(None, None)] * 4


def test_a_long_chain_of_withdrawals_is_imported(commands: Commands) -> None:
    chain = [
        fact(
            "fact-withdrawn", "2019-01-02", id=f"w:{at}", data={"target": f"w:{at - 1}" if at else "a:2", "reason": "x"}
        )
        for at in range(484)
    ]
    assert counts(commands.imports(*STORY, *reversed(chain)).json) == (493, 0, 0, 0)
    assert clocks(commands)["strategy"] == "integration"


@on_both_databases
def test_a_dry_run_says_the_same_and_keeps_nothing(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "BATCH_LINES", 2)
    path = commands.file("facts.jsonl", [*STORY, STORY[0], "{}"])
    tried = commands("import", path, "--dry-run", "--format", "json").json
    assert tried.pop("dry_run") is True
    assert commands("clocks", "C-1").err == "Den Fall „C-1“ gibt es nicht.\n"
    assert commands("import", path, "--format", "json").json == tried


@on_both_databases
class TestTheSameId:
    """An id that is stored already."""

    def test_other_content_is_refused(self, commands: Commands) -> None:
        commands.imports(*STORY)
        changed = STORY[1] | {"on": "2018-02-03", "data": {"strategy": "entwicklung"}}
        found = commands.imports(changed, STORY[0] | {"case": "C-2"}, STORY[3] | {"fact": "alg1-ended"}).json[
            "rejected"
        ]
        assert [one["reason"] for one in found] == [
            "id: „a:2“ ist schon mit anderem Inhalt gespeichert (on, data.rationale, data.strategy anders); "
            "bitte berichtigen.",
            "id: „a:1“ gehört schon zu einem anderen Fall; bitte berichtigen.",
            "id: „a:4“ ist schon ein anderer Eintrag; bitte berichtigen.",
        ]

    @pytest.mark.parametrize("changed", [{"by": "fm-8"}, {"recorded_at": "2018-01-02T09:00:00+01:00"}])
    def test_another_author_or_moment_is_other_content(self, commands: Commands, changed: dict[str, str]) -> None:
        commands.imports(*STORY)
        found = commands.imports(STORY[0] | changed).json["rejected"][0]["reason"]
        assert (
            found
            == f"id: „a:1“ ist schon mit anderem Inhalt gespeichert ({next(iter(changed))} anders); bitte berichtigen."
        )

    def test_with_update_it_becomes_a_correction_once(self, commands: Commands) -> None:
        commands.imports(*STORY)
        path = commands.file(
            "changed.jsonl", [STORY[0], STORY[1] | {"on": "2018-02-03", "data": {"strategy": "entwicklung"}}]
        )
        first = commands.json("import", path, "--update")
        assert {key: first[key] for key in ("added", "known", "changed", "withdrawn", "matched")} == {
            "added": 0, "known": 1, "changed": 1, "withdrawn": 0, "matched": 0,
        }  # fmt: skip
        assert (clocks(commands)["strategy"], clocks(commands)["since"]) == ("entwicklung", "2018-02-03")
        assert commands.json("import", path, "--update")["changed"] == 0
        assert counts(commands.json("import", path)) == (0, 2, 0, 0)
        earlier = commands.json("clocks", "C-1", "--as-of", "2018-12-31", "--known-at", "2026-03-09")
        assert earlier["strategy"] == "integration"

    def test_a_source_may_change_its_mind_and_back(self, commands: Commands) -> None:
        commands.imports(*STORY)
        other = STORY[1] | {"data": {"strategy": "entwicklung"}}
        for line, strategy in [(other, "entwicklung"), (STORY[1], "integration"), (other, "entwicklung")]:
            assert commands.json("import", commands.file("x.jsonl", [line]), "--update")["changed"] == 1
            assert clocks(commands)["strategy"] == strategy

    def test_each_change_keeps_what_the_source_changed_before(self, commands: Commands) -> None:
        commands.imports(*STORY)
        moved = STORY[1] | {"on": "2018-02-03"}
        for line in (moved, moved | {"data": {"strategy": "entwicklung"}}):
            assert commands.json("import", commands.file("x.jsonl", [line]), "--update")["changed"] == 1
        assert (clocks(commands)["strategy"], clocks(commands)["since"]) == ("entwicklung", "2018-02-03")

    def test_what_people_have_corrected_stands_until_the_source_changes(self, commands: Commands) -> None:
        commands.imports(*STORY)
        data = {"target": STORY[1]["id"], "reason": "Zahlendreher", "on": "2018-02-04"}
        correction = {"case": "C-1", "fact": "fact-corrected", "on": "2019-01-01", "data": data}
        path = commands.file("x.jsonl", [STORY[1], correction])
        assert counts(commands.json("import", path, "--update"))[:2] == (1, 1)
        assert counts(commands.json("import", path, "--update"))[:2] == (0, 2)
        assert clocks(commands)["since"] == "2018-02-04"

    def test_a_change_of_the_source_undoes_nothing_people_have_corrected(self, commands: Commands) -> None:
        commands.imports(*STORY)
        data = {"target": STORY[1]["id"], "reason": "Zahlendreher", "on": "2018-02-04"}
        correction = {"case": "C-1", "fact": "fact-corrected", "on": "2019-01-01", "data": data}
        commands.imports(correction)
        path = commands.file("x.jsonl", [STORY[1] | {"data": {"strategy": "entwicklung"}}])
        for changed in (1, 0):
            assert commands.json("import", path, "--update")["changed"] == changed
            assert (clocks(commands)["strategy"], clocks(commands)["since"]) == ("entwicklung", "2018-02-04")

    def test_two_imported_corrections_of_other_fields_both_count(self, commands: Commands) -> None:
        target = {"target": STORY[1]["id"], "reason": "Zahlendreher"}
        said = ({"on": "2018-02-04"}, {"data": {"strategy": "entwicklung"}})
        lines = [
            {"case": "C-1", "fact": "fact-corrected", "on": f"2019-01-0{day}", "data": target | one}
            | {"recorded_at": f"2019-01-0{day}T08:00:00+01:00"}
            for day, one in enumerate(said, 1)
        ]
        commands.imports(*STORY, *lines)
        assert (clocks(commands)["strategy"], clocks(commands)["since"]) == ("entwicklung", "2018-02-04")

    def test_what_was_withdrawn_stays_so(self, commands: Commands) -> None:
        commands.imports(*STORY)
        path = commands.file("x.jsonl", [STORY[7] | {"on": "2018-07-02"}])
        assert commands.json("import", path, "--update")["changed"] == 0


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"kind": "new"}, "data.data.kind: Dieses Feld gibt es bei strategy-bar-set nicht."),
        ({"strategy": None}, "data.data.strategy: Das Feld ist nötig und kann nicht entfernt werden."),
        ({"planned_end": "bald"}, "data.data.planned_end: „bald“ ist kein Kalendertag in der Form 2020-03-10."),
    ],
)
def test_a_correction_must_fit_its_target_wherever_that_stands(
    commands: Commands, data: dict[str, Any], sentence: str
) -> None:
    correction = fact("fact-corrected", "2019-01-01", data={"target": "a:2", "reason": "x", "data": data})
    assert commands.imports(correction, *STORY).json["rejected"] == [{"line": 1, "reason": sentence}]
    assert commands.imports(correction).json["rejected"] == [{"line": 1, "reason": sentence}]


@on_both_databases
@pytest.mark.parametrize("name", ["fact-corrected", "fact-withdrawn"])
def test_what_belongs_to_another_case_cannot_be_changed_from_here(commands: Commands, name: str) -> None:
    change = fact(name, "2019-01-01", case="C-2", data={"target": "a:2", "reason": "x"})
    expected = [{"line": 1, "reason": "data.target: „a:2“ gehört zu einem anderen Fall."}]
    assert commands.imports(change, *STORY).json["rejected"] == expected
    assert commands("clocks", "C-2").status == 1


def test_a_pipe_is_no_file(commands: Commands) -> None:
    os.mkfifo(commands.folder / "pipe.jsonl")
    said = commands("import", "pipe.jsonl")
    assert (said.status, said.err) == (1, "pipe.jsonl ist keine gewöhnliche Datei.\n")


@on_both_databases
def test_follow_ups_of_a_case_are_settled_with_what_was_imported(commands: Commands) -> None:
    worker = {"person": "fm-7", "on": "2017-01-01"}
    role = worker | {"fact": "role-assigned", "data": {"role": "placement", "unit": "56.4", "area": "av-ags"}}
    commands.imports(*STORY[:3], worker | {"fact": "person-added", "data": {"name": "Anna Beispiel"}}, role)
    with open_office(Settings()) as office:
        issued = issue_due(office, office.today(), office.now())
        commands.imports(*STORY[:3], fact("case-closed", "2019-01-01"))
        with office.read() as tx:
            states = list(tx.conn.scalars(select(followups.c.state)))
    assert issued > 0
    assert states == ["resolved"] * issued


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("facts.csv", "facts.csv ist eine Tabelle: bitte mit --profile sagen, was ihre Spalten bedeuten."),
        ("facts.txt", "Dateien im Fakten-Format (.jsonl), mit einem Profil auch Tabellen (.csv, .xlsx)."),
        ("missing.jsonl", "missing.jsonl gibt es nicht."),
        ("folder.jsonl", "folder.jsonl ist ein Ordner, keine Datei."),
    ],
)
def test_files_that_cannot_be_read(commands: Commands, name: str, sentence: str) -> None:
    (commands.folder / "folder.jsonl").mkdir()
    said = commands("import", commands.folder / name)
    assert (said.status, said.out) == (1, "")
    assert said.err.rstrip().endswith(sentence)
    assert said.err.count("\n") == 1
