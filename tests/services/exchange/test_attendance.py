"""A file that would leave a unit without a lead, or the office without EDV: those lines alone are refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import event

from domain.facts import Stream
from domain.facts.directory import RoleEnded
from domain.records import Entry
from services.commands.app import opened
from services.exchange.asker import Asker
from services.exchange.importing import import_file
from services.exchange.lines import Line
from tests.services.commandline import NOW, Commands, as_bytes, fact

LAST = "2026-03-31"


def of(whom: str, name: str, on: str = "2016-01-01", by: str = "hr-1", /, **data: Any) -> dict[str, Any]:
    about = "unit" if name.startswith("unit-") else "person"
    return {about: whom, "fact": name, "on": on, "id": f"{whom}:{name}:{on}:{data}"[:128], "by": by, "data": data}


THERE = [
    *(of(unit, "unit-opened", name=unit) for unit in ("56.4", "56.5", "56")),
    *(
        line
        for person, role, unit in (("tl-1", "unit_lead", "56.4"), ("tl-2", "team_lead", "56.5"), ("edv-1", "edv", None))
        for line in (
            of(person, "person-added", name=person),
            of(person, "role-assigned", role=role, **({"unit": unit} if unit else {})),
        )
    ),
    fact("strategy-bar-set", "2025-01-15", data={"strategy": "integration"}),
    fact("responsibility-assigned", "2025-01-15", data={"worker": "fm-1", "unit": "56.5", "area": "jobakademie"}),
]
FOLLOWER = [
    of("tl-9", "person-added", "2026-03-01", name="tl-9"),
    of("tl-9", "role-assigned", "2026-04-01", role="unit_lead", unit="56.4"),
]
LEAVES = of("tl-1", "person-left", LAST)
ENDED = of("tl-1", "role-ended", LAST, role="unit_lead", unit="56.4")


@pytest.fixture(autouse=True)
def _imported(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FALLVERLAUF_NOW", NOW)
    said = commands.imports(*THERE)
    assert (said.status, said.json["rejected"]) == (0, []), said.err


@pytest.mark.parametrize(
    ("lines", "refused"),
    [
        ([LEAVES], {1: "Ab dem 01.04.2026 hätte 56.4 keine Leitung mehr."}),
        ([ENDED], {1: "Ab dem 01.04.2026 hätte 56.4 keine Leitung mehr."}),
        ([LEAVES, *FOLLOWER], {}),
        ([*FOLLOWER, LEAVES], {}),
        ([FOLLOWER[0], of("tl-9", "role-assigned", "2026-04-02", role="unit_lead", unit="56.4"), LEAVES], {3: "Ab"}),
        ([of("edv-1", "person-left", LAST)], {1: "hätte niemand mehr die Rolle EDV."}),
        ([of("edv-1", "role-ended", "2020-01-01", role="edv")], {1: "Ab dem 10.03.2026 hätte niemand mehr"}),
        ([of("56.5", "unit-closed", LAST)], {1: "In 56.5 liegt noch 1 laufender Fall."}),
        ([of("56.4", "unit-closed", LAST)], {1: "In 56.4 arbeiten am 01.04.2026 noch Personen."}),
        ([of("56", "unit-closed", LAST)], {}),
        ([of("57", "unit-opened", LAST, name="57", previous="56.5"), of("56.5", "unit-closed", LAST)], {}),
        (
            [
                of("56", "unit-opened", LAST, name="56", parent="56.4"),
                of("56.4", "unit-opened", LAST, name="56.4", parent="56"),
            ],
            {1: "„56“ läge damit in sich selbst.", 2: "„56.4“ läge damit in sich selbst."},
        ),
        ([of("nobody", "absence-recorded", LAST, until="2026-04-02")], {1: "Eine Person „nobody“ gibt es nicht."}),
        ([of("nobody", "person-left", LAST)], {1: "Eine Person „nobody“ gibt es nicht."}),
        ([of("nobody", "role-ended", LAST, role="edv")], {1: "Eine Person „nobody“ gibt es nicht."}),
        ([of("tl-9", "absence-recorded", LAST, until=LAST), *FOLLOWER], {}),
        ([of("tl-1", "absence-recorded", LAST, until="2026-03-30")], {1: "Tag liegt vor dem ersten"}),
        ([of("tl-1", "absence-recorded", "2016-01-03", until="2016-01-02")], {}),
        ([of("tl-1", "absence-recorded", "2016-01-03", until="2016-01-07"),
          of("tl-1", "absence-recorded", "2016-01-05", until="2016-01-09")], {}),
        ([of("tl-1", "absence-recorded", LAST, until="2026-04-07"),
          of("tl-1", "absence-recorded", "2026-04-07", until="2026-04-09")], {2: "eine Abwesenheit vom 31.03.2026"}),
        ([of("tl-1", "absence-recorded", LAST, until="2036-03-01")], {1: "Das ist in über drei Jahren."}),
        ([of("tl-9", "absence-recorded", "2026-02-01", until="2026-03-12"), *FOLLOWER], {}),
        ([of("tl-9", "person-left", "2026-02-01"), *FOLLOWER], {}),
        ([of("tl-1", "deputy-appointed", LAST, deputy="tl-1")], {1: "Niemand vertritt sich selbst."}),
        ([of("tl-1", "deputy-appointed", LAST, deputy="nobody")], {1: "Eine Person „nobody“ gibt es nicht."}),
        ([of("tl-1", "deputy-appointed", LAST, deputy="tl-2", until="2026-04-02"),
          of("tl-2", "absence-recorded", LAST, until="2026-04-05")], {1: "Diese Vertretung ist an allen diesen Tagen"}),
        ([of("tl-1", "deputy-appointed", LAST, deputy="tl-2", until="2026-04-02")], {}),
        ([of("tl-1", "role-assigned", LAST, role="team_lead", unit="99.9")], {1: "Eine Einheit „99.9“ gibt es"}),
        ([of("tl-1", "role-assigned", role="team_lead", unit="99.9")], {}),
        *(([of("fm-9", "person-added", LAST, name="Neu", mail=mail)], {1: "Das ist keine Mailadresse"})
          for mail in ("kein-mail", "a b x@y", "a@b@c d", "@x.de")),
        ([of("fm-9", "person-added", LAST, name="Neu", mail="jürgen@büro.de")], {}),
        ([of("57", "unit-opened", LAST, name="57", previous="56.5", parent="56.5")], {1: "die sie fortführt"}),
        ([of("57", "unit-opened", LAST, name="57", previous="56.5"),
          of("58", "unit-opened", LAST, name="58", previous="56.5")], {1: "wird schon von 58", 2: "wird schon von 57"}),
        ([of("nobody", "absence-recorded", LAST, until="2026-04-02") | {"recorded_at": "2026-01-01T08:00:00Z"}], {}),
        ([of("fm-8", "role-assigned", LAST, "fm-8", role="edv")], {1: "Über eigene Rollen entscheiden"}),
        (THERE, {}),
    ],
)  # fmt: skip
def test_only_the_lines_that_leave_a_gap_are_refused(
    commands: Commands, lines: list[dict[str, Any]], refused: dict[int, str]
) -> None:
    said = commands.imports(*lines)
    found = {one["line"]: one["reason"] for one in said.json["rejected"]}
    assert found.keys() == refused.keys(), found
    assert all(sentence in found[number] for number, sentence in refused.items()), found
    assert not any("fact:" in reason for reason in found.values())


def test_a_fact_taken_back_is_looked_at_too(commands: Commands) -> None:
    target = next(line["id"] for line in THERE if line.get("person") == "tl-2" and line["fact"] == "role-assigned")
    line = of("tl-2", "fact-withdrawn", "2026-03-01", target=target, reason="falsch")
    assert "hätte 56.5 keine Leitung mehr" in commands.imports(line).json["rejected"][0]["reason"]


def test_a_snapshot_that_lacks_the_last_lead_takes_back_all_but_that(commands: Commands) -> None:
    lines = [line | {"id": f"hr:{line['id']}"[:128]} for line in FOLLOWER]
    others = [line | {"id": f"hr:{line['id']}"[:128]} for line in (LEAVES, of("fm-9", "person-added", name="fm-9"))]
    more = [
        line | {"id": f"hr:{line['id']}"[:128]} for line in (of("fm-9", "role-assigned", role="clerk", unit="56.4"),)
    ]
    assert commands.imports(*lines, *others, *more).json["rejected"] == []
    kept = of("fm-9", "role-assigned", "2016-02-01", role="clerk", unit="56") | {"id": "hr:kept"}
    file = commands.file("less.jsonl", [lines[0], *others, kept])
    said = commands("import", file, "--snapshot", "hr", "--allow-withdrawals", 2, "--format", "json")
    assert said.json["withdrawn"] == 1  # the clerk; the lead from April on stays
    assert "Ab dem 01.04.2026 hätte 56.4 keine Leitung mehr." in said.out + said.err


def test_a_snapshot_that_lacks_a_unit_leaves_no_case_without_one(commands: Commands) -> None:
    lines = [of(unit, "unit-opened", name=unit) | {"id": f"hr:{unit}"} for unit in ("57", "58", "59")]
    case = fact(
        "responsibility-assigned", "2025-02-15", case="C-57", id="r-57",
        data={"worker": "fm-1", "unit": "57", "area": "jobakademie"},
    )  # fmt: skip
    assert commands.imports(*lines, case).json["rejected"] == []
    file = commands.file("less.jsonl", lines[2:])
    said = commands("import", file, "--snapshot", "hr", "--allow-withdrawals", 2, "--format", "json")
    assert said.json["withdrawn"] == 1  # 58, where nobody and nothing is
    assert "In 57 liegt noch 1 laufender Fall." in said.out + said.err


def test_a_name_written_with_an_escape_is_the_same_name(commands: Commands) -> None:
    line = as_bytes(of("edv-1", "person-left", LAST)).replace(b'"person-left"', b'"person\\u002dleft"')
    file = commands.folder / "escaped.jsonl"
    file.write_bytes(line)
    said = commands("import", file, "--format", "json")
    assert "hätte niemand mehr die Rolle EDV" in said.json["rejected"][0]["reason"]


def test_a_line_that_has_come_to_leave_a_gap_since_it_was_looked_at_is_refused(commands: Commands) -> None:
    commands.imports(of("edv-2", "person-added", name="edv-2"), of("edv-2", "role-assigned", role="edv"))
    file = commands.file("facts.jsonl", [of("edv-1", "person-left", LAST), of("fm-3", "person-added", name="fm-3")])
    with opened() as office:

        def somebody_else_decides(line: Line) -> str:
            if line.number == "edv-1":
                with office.write() as tx:
                    key = tx.store.key(tx.conn, Stream.PERSON, "edv-2")
                    assert key is not None
                    ended = Entry(on=dt.date(2026, 3, 20), fact=RoleEnded(role="edv"), by="edv-1")
                    tx.store.append(tx.conn, key, [ended], tx.now)
            return ""

        report = import_file(office, file, asker=Asker(objection=somebody_else_decides))
    assert report.added == 1
    assert [(number, "hätte niemand mehr die Rolle EDV" in said) for number, said in report.rejected] == [(1, True)]


def test_people_are_looked_up_together_however_many(commands: Commands) -> None:
    those = [f"fm-{number}" for number in range(120)]
    commands.imports(*(of(one, "person-added", name=one) for one in those))
    file = commands.file("facts.jsonl", [of(one, "person-left", LAST) for one in those])
    asked: list[str] = []
    with opened() as office:
        event.listen(office.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        assert import_file(office, file).added == len(those)
    assert len(asked) < len(those)
