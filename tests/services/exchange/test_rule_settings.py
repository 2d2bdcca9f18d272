"""Settings of the rules: imported, exported, corrected; lists, pages and delivery obey them by day, unit, knowledge."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from domain.facts import Stream
from domain.followups import State
from services.followups import lifecycle
from services.office.office import Office, open_office
from services.questions import caselist, team, today
from services.records.tables import END_OF_TIME, due_rows, followups, messages
from services.settings import Settings
from tests.conftest import on_both_databases
from tests.services.commandline import NOW, Commands, fact

CASES = [
    {"unit": "56.4", "fact": "unit-opened", "on": "2016-01-01", "id": "u:1", "data": {"name": "56.4"}},
    {"unit": "52.1", "fact": "unit-opened", "on": "2016-01-01", "id": "u:2", "data": {"name": "52.1"}},
    *(
        line
        for case, unit in (("C-1", "56.4"), ("C-2", "52.1"))
        for line in (
            fact("strategy-bar-set", "2025-01-15", case=case, data={"strategy": "integration"}),
            fact(
                "responsibility-assigned",
                "2025-01-15",
                case=case,
                data={"worker": f"fm-{unit}", "unit": unit, "area": "fallmanagement"},
            ),
        )
    ),
    *(
        {"person": person, "fact": name, "on": "2016-01-01", "id": f"{person}:{name}", "data": data}
        for unit in ("56.4", "52.1")
        for person, role in ((f"fm-{unit}", "case_manager"), (f"tl-{unit}", "team_lead"))
        for name, data in (
            ("person-added", {"name": person}),
            ("role-assigned", {"role": role, "unit": unit, "area": "fallmanagement"}),
        )
    ),
]


@pytest.fixture(autouse=True)
def _imported(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FALLVERLAUF_NOW", NOW)
    assert commands.imports(*CASES).status == 0


def put(name: str, on: str, id: str = "s", recorded: str | None = None, **data: Any) -> dict[str, Any]:
    said = {"source": "DA 3/2025", **({} if name == "text-set" else {"approved_by": "bl-1"}), **data}
    moment = f"{recorded or on}T09:00:00+01:00"
    return {"office": "rules", "id": id, "fact": name, "on": on, "recorded_at": moment, "by": "bl-1", "data": said}


def about(name: str, target: str, recorded: str, **data: Any) -> dict[str, Any]:
    return put(name, recorded, f"{name}:{target}") | {"data": {"target": target, "reason": "x", **data}}


def due(commands: Commands, on: str, known_at: str = NOW, rule: str = "R-04") -> dict[str, str]:
    rows = commands.json("due", "--on", on, "--known-at", known_at, "--rule", rule)["rows"]
    return {row["case"]: row["due"] for row in rows}


def imports(commands: Commands, *lines: dict[str, Any]) -> None:
    said = commands.imports(*lines)
    assert (said.status, said.json["rejected"]) == (0, []), said.err
    assert commands.json("verify", "--lists")["lists"]["different"] == []


BOTH = {"C-1": "2025-07-16", "C-2": "2025-07-16"}


@on_both_databases
def test_a_number_changes_what_is_due_from_its_day_on_as_known_then(commands: Commands) -> None:
    assert due(commands, "2025-08-01") == BOTH
    imports(commands, put("threshold-set", "2025-08-10", recorded="2025-09-01", rule="R-04", stage="check", months=8))
    assert due(commands, "2025-08-09") == BOTH
    assert due(commands, "2025-08-10") == {}
    assert due(commands, "2025-08-10", "2025-08-31") == BOTH
    assert due(commands, "2025-09-16") == {"C-1": "2025-09-16", "C-2": "2025-09-16"}


def test_a_shorter_number_of_a_unit(commands: Commands) -> None:
    imports(commands, put("threshold-set", "2025-05-20", rule="R-04", stage="check", months=3, unit="52.1"))
    assert due(commands, "2025-05-19") == {}
    assert due(commands, "2025-05-20") == {"C-2": "2025-05-20"}
    assert due(commands, "2025-07-16") == {"C-1": "2025-07-16", "C-2": "2025-05-20"}


def test_what_is_recorded_afterwards_counts_by_the_number_too(commands: Commands) -> None:
    imports(commands, put("threshold-set", "2025-02-01", rule="R-04", stage="check", months=8))
    imports(commands, fact("strategy-bar-set", "2025-03-01", case="C-3", data={"strategy": "integration"}))
    assert due(commands, "2025-11-02") == {"C-1": "2025-09-16", "C-2": "2025-09-16", "C-3": "2025-11-02"}


def test_a_setting_is_corrected_and_withdrawn_like_a_fact(commands: Commands) -> None:
    imports(commands, put("threshold-set", "2025-02-01", rule="R-04", stage="check", months=8))
    imports(commands, about("fact-corrected", "s", "2025-10-01", data={"rule": "R-07", "stage": "limit"}))
    assert due(commands, "2025-08-01") == BOTH
    assert due(commands, "2025-08-01", "2025-09-30") == {}
    assert set(due(commands, "2025-08-01", rule="R-07").values()) == {"2025-03-15"}
    again = about("fact-corrected", "fact-corrected:s", "2025-10-02", data={"data": {"rule": "R-04", "months": 7}})
    imports(commands, again)
    assert due(commands, "2025-08-16") == dict.fromkeys(BOTH, "2025-08-16")
    imports(commands, about("fact-withdrawn", "s", "2025-10-03"))
    assert commands.json("due", "--on", "2025-08-01", "--rule", "R-07")["count"] == 4


def test_export_gives_settings_out_and_an_empty_office_takes_them(commands: Commands, move: Any) -> None:
    lines = [
        put("rule-set", "2025-02-01", "r", rule="R-04", state="off", applies_from="2025-01-01", unit="56.4"),
        put("threshold-set", "2025-02-01", "t", rule="R-04", stage="check", months=8),
        put("text-set", "2025-02-01", "x", text="rules/R-04", body="Bitte prüfen."),
    ]
    imports(commands, *lines, about("fact-corrected", "t", "2025-10-01", data={"months": 7}))
    path = commands.folder / "out.jsonl"
    commands.json("export", "--as", "jsonl", path)
    given = path.read_text(encoding="utf-8")
    assert [line for line in given.splitlines() if '"office":"rules"' in line] == given.splitlines()[10:14]
    before = due(commands, "2025-08-20")
    assert before == {"C-2": "2025-08-16"}
    move("other")
    assert commands("import", path).status == 0
    assert due(commands, "2025-08-20") == before
    commands.json("export", "--as", "jsonl", path)
    assert path.read_text(encoding="utf-8") == given
    assert commands.json("verify")["ok"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"office": "texts"}, "das Verzeichnis (directory) und Kenntnisnahmen (receipts), nicht für „texts“."),
        ({"case": "C-1"}, "Nur eines von case, person, unit und office kann angegeben sein."),
        ({"fact": "case-opened", "data": {}}, "case-opened gehört zu einem Fall (case), nicht zu den Einstellungen"),
        ({"data": {"rule": "R-04", "state": "aus", "source": "x", "approved_by": "y"}}, "aus"),
    ],
)
def test_what_is_no_setting_is_refused(commands: Commands, changed: dict[str, Any], sentence: str) -> None:
    said = commands.imports(put("rule-set", "2025-02-01", rule="R-04", state="off") | changed)
    assert said.status == 1
    assert sentence in said.json["rejected"][0]["reason"]


def test_a_setting_of_something_unknown_is_taken_and_said(commands: Commands) -> None:
    said = commands.imports(
        put("rule-set", "2025-02-01", "r", rule="R-99", state="off"),
        put("threshold-set", "2025-02-01", "t", rule="R-04", stage="limit", months=8),
        put("text-set", "2025-02-01", "x", text="rules/R-98", body="Bitte prüfen."),
    )
    assert (said.status, said.json["added"]) == (0, 3)
    assert "R-04/limit, R-99, rules/R-98" in said.err


def test_settings_that_contradict_each_other_are_refused_with_both_named(commands: Commands) -> None:
    later = put("threshold-set", "2025-02-01", "i", rule="R-02", stage="interim", months=7)
    said = commands.imports(later)
    assert (said.status, said.json["added"]) == (1, 0)
    named = "„Zwischenprüfung“ (7 Monate) läge ab 01.02.2025 nicht vor „Grenze erreicht“ (6 Monate)."
    assert named in said.json["rejected"][0]["reason"]
    imports(commands, later, put("threshold-set", "2025-02-01", "l", rule="R-02", stage="limit", months=9))
    shorter = about("fact-corrected", "l", "2025-03-01", data={"months": 5})
    assert "(5 Monate)" in commands.imports(shorter).json["rejected"][0]["reason"]
    imports(commands, later)  # what was taken is known


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (put("threshold-set", "2025-02-01", rule="R-04", stage="check", months=1_200), "höchstens 10 Jahre"),
        (put("threshold-set", "2025-02-01", rule="R-04", stage="check", days=-3), "kann nicht davor liegen"),
        (put("threshold-set", "2025-02-01", rule="R-06", stage="warning-7", days=3), "mindestens einen Tag vorher"),
    ],
)
def test_a_number_out_of_range_is_refused(commands: Commands, line: dict[str, Any], sentence: str) -> None:
    assert sentence in commands.imports(line).json["rejected"][0]["reason"]


def test_a_first_day_behind_the_last_day_of_its_state_is_refused(commands: Commands) -> None:
    first = put("rule-set", "2025-02-01", "a", rule="R-04", state="on", applies_from="2025-06-01")
    imports(commands, first)
    said = commands.imports(put("rule-set", "2025-05-01", "b", rule="R-04", state="off"))
    named = "„gilt ab 01.06.2025“ liegt hinter dem letzten Tag (30.04.2025), denn ab 01.05.2025 ist die Regel „aus“."
    assert named in said.json["rejected"][0]["reason"]


# --- states ---


@on_both_databases
def test_a_rule_that_is_off_is_absent_by_unit_by_day_as_known_then(commands: Commands) -> None:
    imports(
        commands,
        put("rule-set", "2025-08-01", "a", "2025-09-01", rule="R-04", state="off", unit="56.4"),
        put("rule-set", "2025-10-01", "b", "2025-10-01", rule="R-04", state="list"),
    )
    assert due(commands, "2025-07-31") == BOTH
    assert due(commands, "2025-08-01") == {"C-2": "2025-07-16"}
    assert due(commands, "2025-08-01", "2025-08-31") == BOTH
    assert due(commands, "2025-10-01") == {"C-2": "2025-07-16"}
    imports(commands, put("rule-set", "2025-11-01", "c", rule="R-04", state="on", unit="56.4"))
    assert due(commands, "2025-11-01") == BOTH  # with its own due day


def test_what_the_office_has_set_is_the_cause_of_a_difference(commands: Commands) -> None:
    imports(commands, put("rule-set", "2025-08-01", "a", "2025-09-01", rule="R-04", state="off", unit="56.4"))
    asked = ("ask", "due", "--as-of", "2025-08-10", "--known-at", "2025-08-10", "--param", "rule=R-04", "--difference")
    answer = commands.json(*asked)
    assert [(row["case"], row["causes"]) for row in answer["gone"]] == [("C-1", ["a"])]
    assert answer["come"] == []
    assert "7 Einträge, zuletzt gespeichert" in answer["recipe"]  # four of cases, two of units, and the setting


@pytest.fixture
def office(commands: Commands) -> Any:
    """The office of the commands, and what people see and are told in it."""
    with open_office(Settings()) as opened:
        yield opened


def seen(office: Office, day: dt.date) -> dict[str, set[str]]:
    """Of each rule whom it is shown on Heute and to a lead."""
    with office.read() as tx:
        workers = {
            unit: tx.store.keys(tx.conn, "person", [f"fm-{unit}"])[f"fm-{unit}"].hex for unit in ("56.4", "52.1")
        }
        found: dict[str, set[str]] = {}
        for unit, worker in workers.items():
            for message in today.tasks(tx, [worker], day):
                for stage in message.stages:
                    found.setdefault(stage.rule, set()).add(unit)
            for one in team.overdue(tx, _organisation(tx), [(unit, "fallmanagement")], day):
                for stage in one.stages:
                    found.setdefault(stage.rule, set()).add(f"{unit} lead")
            [row] = caselist.of_workers(tx, [worker], day, caselist.Wanted())[worker].rows
            counted = {stage.rule for message in today.tasks(tx, [worker], day) for stage in message.stages}
            assert row.open_followups == len(counted)
        return found


def _organisation(tx: Any) -> Any:
    from services.people import directory

    return directory.organisation(tx)


def states(office: Office) -> dict[tuple[str, str], str]:
    with office.read() as tx:
        numbers = tx.store.numbers(tx.conn, tx.store.streams(tx.conn, Stream.CASE))
        return {(numbers[row.case_key], row.rule): row.state for row in tx.conn.execute(select(followups))}


def open_messages(office: Office, rule: str) -> int:
    with office.read() as tx:
        rows = tx.conn.execute(select(messages.c.data).where(messages.c.done_at.is_(None))).scalars()
        return sum(data.get("rule") == rule for data in rows)


def issue(office: Office) -> None:
    lifecycle.issue_due(office, office.today(), office.now())


def test_only_what_is_on_is_delivered_and_what_is_switched_off_expires(commands: Commands, office: Office) -> None:
    issue(office)
    day = office.today()
    assert states(office)["C-1", "R-04"] == State.OPEN
    assert seen(office, day)["R-04"] == {"56.4", "52.1", "56.4 lead", "52.1 lead"}
    told = open_messages(office, "R-04")
    imports(commands, put("rule-set", "2026-03-01", "a", rule="R-04", state="list", unit="56.4"))
    assert due(commands, day.isoformat()) == BOTH  # still in the list
    assert (states(office)["C-1", "R-04"], states(office)["C-2", "R-04"]) == (State.EXPIRED, State.OPEN)
    assert open_messages(office, "R-04") == told / 2
    assert seen(office, day)["R-04"] == {"52.1", "52.1 lead"}
    issue(office)
    assert states(office)["C-1", "R-04"] == State.EXPIRED
    imports(commands, put("rule-set", "2026-03-02", "b", rule="R-04", state="on", unit="56.4"))
    issue(office)
    assert states(office)["C-1", "R-04"] == State.OPEN
    assert open_messages(office, "R-04") == told


def test_an_altfall_is_due_and_never_delivered_nor_escalated(commands: Commands, office: Office) -> None:
    imports(commands, put("rule-set", "2025-01-01", "a", rule="R-04", state="on", applies_from="2025-01-16"))
    issue(office)
    assert due(commands, office.today().isoformat()) == BOTH
    assert ("C-1", "R-04") not in states(office)
    assert "R-04" not in seen(office, office.today())
    imports(commands, about("fact-corrected", "a", "2025-03-01", data={"applies_from": "2025-01-15"}))
    issue(office)
    assert states(office)["C-1", "R-04"] == State.OPEN


def test_rows_name_the_day_of_their_cause(office: Office) -> None:
    with office.read() as tx:
        rows = tx.conn.execute(select(due_rows).where(due_rows.c.known_to == END_OF_TIME)).all()
        assert {row.caused_on for row in rows if row.rule == "R-04"} == {dt.date(2025, 1, 15)}


# --- wordings ---


def said(commands: Commands, on: str, known_at: str = NOW) -> dict[str, str]:
    rows = commands.json("due", "--on", on, "--known-at", known_at, "--rule", "R-04")["rows"]
    return {row["case"]: row["reason"] for row in rows}


def test_the_offices_own_wording_holds_from_its_day_on_as_known_then(commands: Commands) -> None:
    shipped = said(commands, "2025-08-01")["C-1"]
    imports(
        commands,
        put("text-set", "2025-08-01", "a", "2025-09-01", text="rules/R-04", body="Länger als {months} M ({since})."),
        put("text-set", "2025-10-01", "b", text="rules/R-04/check", body="{{ 7 * 7 }} {worker} {review} Ende."),
    )
    assert said(commands, "2025-07-31")["C-1"] == shipped
    assert said(commands, "2025-08-01")["C-1"] == "Länger als 6 M (15.01.2025)."
    assert said(commands, "2025-08-01", "2025-08-31")["C-1"] == shipped
    assert said(commands, "2025-10-01")["C-1"] == "{{ 7 * 7 }} {worker} – Ende."  # nothing of it is executed
    imports(commands, about("fact-withdrawn", "b", "2025-10-02"))
    assert said(commands, "2025-10-01")["C-1"] == "Länger als 6 M (15.01.2025)."


def test_a_setting_that_a_snapshot_withdraws_counts_no_more(commands: Commands) -> None:
    long = put("threshold-set", "2025-05-01", "s:1", rule="R-04", stage="check", months=8)
    rest = put("text-set", "2025-05-01", "s:2", text="R-04", body="Bitte prüfen.")
    kept = put("threshold-set", "2025-05-01", "s:3", rule="R-07", stage="limit", months=5)
    imports(commands, long, rest, kept)
    assert due(commands, "2025-08-01") == {}
    rest_alone = ("--snapshot", "s", "--allow-withdrawals", "1")
    found = commands.json("import", commands.file("facts.jsonl", [rest, kept]), *rest_alone)
    assert (found["rejected"], found["withdrawn"]) == ([], 1)
    assert due(commands, "2025-08-01") == BOTH
    assert commands.json("verify", "--lists")["lists"]["different"] == []
