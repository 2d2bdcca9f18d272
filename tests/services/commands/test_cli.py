"""The commands as people and programs meet them: three formats, wrong usage, whatever can fail."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import pytest
import typer
from sqlalchemy import delete, update

from services import failures
from services.commands import app, facts, output
from services.commands import run as running
from services.exchange import order
from services.office.office import open_office
from services.records import database, meaning, values
from services.records.tables import meanings, segments
from services.settings import Settings
from tests.conftest import on_both_databases
from tests.services.commandline import NOW, Commands, fact

ROOT = Path(__file__).parents[3]
COMMANDS = [
    "migrate",
    "import",
    "profiles",
    "export",
    "checkpoint",
    "verify",
    "erase",
    "backup",
    "restore",
    "rebuild",
    "timeline",
    "clocks",
    "stays",
    "due",
    "proposals",
    "introduction",
    "ask",
    "say",
    "bench",
    "invite",
    "bounces",
]
LINES = [
    fact("strategy-bar-set", "2018-02-01", id="a:1", data={"strategy": "integration"}),
    fact("responsibility-assigned", "2018-02-01", data={"worker": "fm-7", "unit": "=1+1", "area": "av-ags"}),
    fact("alg1-started", "2019-04-01"),
    fact("alg1-ended", "2019-09-30"),
]


@pytest.fixture
def filled(commands: Commands) -> Commands:
    assert commands.imports(*LINES).status == 0
    return commands


@on_both_databases
class TestFormats:
    """Table, JSON and CSV."""

    def test_json_is_one_document_and_nothing_else(self, filled: Commands) -> None:
        for question in (
            ("clocks", "C-1"), ("timeline", "C-1"), ("stays", "--strategy", "integration"), ("due",), ("verify",),
            ("rebuild",), ("export", "--as", "jsonl", "x.jsonl"), ("import", "facts.jsonl"),
        ):  # fmt: skip
            said = filled(*question, "--format", "json")
            assert (said.status, said.err) == (0, "")
            assert isinstance(said.json, dict)
            assert said.out.count("\n") == 1

    def test_csv_has_the_names_of_json_and_lists_in_one_cell(self, filled: Commands) -> None:
        out = filled("clocks", "C-1", "--as-of", "2020-03-10", "--format", "csv").out
        (row,) = csv.DictReader(io.StringIO(out))
        assert row["deductions"] == "alg1 2019-04-01/2019-09-30 (183)"
        assert (row["case"], row["gross"], row["since_contact"]) == ("C-1", "768", "")

    def test_what_a_spreadsheet_would_compute_is_quoted(self, filled: Commands) -> None:
        out = filled("stays", "--strategy", "integration", "--as-of", "2020-03-10", "--format", "csv").out
        (row,) = csv.DictReader(io.StringIO(out))
        assert row["unit"] == "'=1+1"

    def test_tables_have_german_heads(self, filled: Commands) -> None:
        out = filled("stays", "--strategy", "integration", "--as-of", "2020-03-10").out
        assert out.splitlines()[0].startswith("Stichtag: 2020-03-10 · Datenstand: ")
        assert out.splitlines()[2].split() == [
            "Fall", "Einheit", "Bereich", "zuständig", "seit", "laut", "Balken", "bereinigt", "Abzüge",
        ]  # fmt: skip
        assert out.splitlines()[4].split()[:7] == ["C-1", "=1+1", "AV/AGS", "fm-7", "2018-02-01", "768", "585"]

    def test_every_key_of_an_answer_has_a_german_name(self, filled: Commands) -> None:
        shown = filled("clocks", "C-1").out + filled("verify").out + filled("import", "facts.jsonl", "--update").out
        names = [line.partition("  ")[0] for line in shown.splitlines()]
        assert [name for name in names if "_" in name] == []


def test_a_list_of_several_is_joined() -> None:
    one = {"reason": "alg1", "from": "2019-04-01", "to": "2019-09-30", "days": 183}
    assert output.cell([one, one | {"reason": "manual"}]) == (
        "alg1 2019-04-01/2019-09-30 (183); manual 2019-04-01/2019-09-30 (183)"
    )


@pytest.mark.parametrize("text", ["-5", "-C-1", "- offen", "+49", "=1+1", "@x", "\tx", "\rx"])
def test_nothing_in_csv_is_taken_for_a_formula(text: str) -> None:
    row = {"case": text, "facts": [text, "x"], "days": -5, "whole": 2}
    said = list(csv.reader(io.StringIO(output.as_csv(list(row), [row]), newline="")))[1]
    assert said == [f"'{text}", f"'{text}; x", "-5", "2"]


def test_a_case_number_is_found_whatever_dash_it_was_pasted_with(filled: Commands) -> None:
    expected = filled.json("due", "--case", "C-1", "--on", "2020-03-10")["rows"]
    for number in ("C\u20111", " C–1 ", "\uff23-1"):
        assert filled.json("clocks", number)["case"] == "C-1"
        assert filled.json("due", "--case", number, "--on", "2020-03-10")["rows"] == expected


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("sample", "Den Befehl „sample“ gibt es nicht."),
        ("stay", "Den Befehl „stay“ gibt es nicht. Meinten Sie „stays“?"),
        ("Übersicht x", "Den Befehl „Übersicht“ gibt es nicht."),
        ("clocks", "Es fehlt FALL."),
        ("clocks C-1 C-2", "Zu viele Angaben: C-2."),
        ("clocks C-1 s:( it's", "Zu viele Angaben: s:( it's."),
        ("clocks C-1 --as-of 20200310", "--as-of: „20200310“ ist kein Tag wie 2020-03-10 oder 10.03.2020."),
        ("clocks C-1 --known-at 2025-03-30T02:30",
         "--known-at: „2025-03-30T02:30“ ist kein Zeitpunkt wie 2020-03-10 oder 2020-03-10T10:00:00+01:00."),
        ("clocks C-1 --as-of", "Bei der Option --as-of fehlt der Wert, oder es steht einer zu viel."),
        ("clocks C-1 --as-of 2020-02-30", "--as-of: „2020-02-30“ ist kein Tag wie 2020-03-10 oder 10.03.2020."),
        ("clocks C-1 --as-of 1.2.20", "--as-of: „1.2.20“ ist kein Tag wie 2020-03-10 oder 10.03.2020."),
        ("clocks C-1 --as-of 9999-12-31", "--as-of: „9999-12-31“ ist kein Tag wie 2020-03-10 oder 10.03.2020."),
        ("clocks C-1 --known-at heute",
         "--known-at: „heute“ ist kein Zeitpunkt wie 2020-03-10 oder 2020-03-10T10:00:00+01:00."),
        ("clocks C-1 --format xml", "--format: „xml“ gibt es nicht; möglich sind table, json, csv."),
        ("clocks C-1 --colour", "Die Option --colour gibt es nicht."),
        ("stays", "Es fehlt --strategy."),
        ("stays --strategy I",
         "--strategy: „I“ gibt es nicht; möglich sind integration, entwicklung, grundbetreuung-aktivierbar, "
         "grundbetreuung-passiv."),
        ("stays --strategy integration --over 12",
         "--over: „12“ ist keine Dauer wie 12m (volle Monate) oder 365d (Tage)."),
        ("stays --strategy integration --clock care", "--clock: „care“ gibt es nicht; möglich sind gross, net."),
        ("stays --strategy integration --area mond",
         "--area: „mond“ gibt es nicht; möglich sind fallmanagement, spezial-fm, jobakademie, av-ags."),
        ("due --rule R-99", "--rule: „R-99“ gibt es nicht; möglich sind R-01, R-02, R-02b, R-03,"),
        ("import", "Es fehlt DATEI."),
        ("import x.jsonl --cutover compass", "Bei der Option --cutover fehlt der Wert, oder es steht einer zu viel."),
        ("import x.jsonl --cutover a a", "eine Angabe: --cutover braucht zwei verschiedene Systeme"),
        ("import x.jsonl --cutover a b --snapshot b", "eine Angabe: --cutover nimmt nichts zurück"),
        ("import x.jsonl --mapping m.csv", "eine Angabe: --mapping gilt nur mit --cutover."),
        ("import x.jsonl --allow-withdrawals 3", "eine Angabe: --allow-withdrawals gilt nur mit --snapshot."),
    ],
)  # fmt: skip
def test_wrong_usage_is_said_in_german_and_ends_with_2(commands: Commands, arguments: str, sentence: str) -> None:
    said = commands(*arguments.split())
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith(sentence)
    assert said.err.count("\n") == 1
    assert not (commands.folder / "data").exists()


def test_help_lists_the_commands_there_are(commands: Commands) -> None:
    said = commands("--help")
    listed = said.out.partition("Commands:")[2].split("\n")
    assert said.status == 0
    assert [line.split()[0] for line in listed if line.strip()] == COMMANDS
    assert all(commands(command, "--help").status == 0 for command in COMMANDS)
    assert commands().status == 2


@pytest.mark.parametrize(("options", "kept"), [((), 2), (("--dry-run",), 0)])
def test_who_stops_an_import_is_told_what_is_kept(
    commands: Commands, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], kept: int
) -> None:
    def press_ctrl_c(sentence: str) -> None:
        said.append(sentence)
        if len(said) == 1:
            raise KeyboardInterrupt

    said: list[str] = []
    monkeypatch.setattr(order, "BATCH_LINES", 1)  # twice as many, of one case
    monkeypatch.setattr(app, "PROGRESS_EVERY", 1)
    with monkeypatch.context() as patch:
        for module in (app, facts):
            patch.setattr(module, "say", press_ctrl_c)
        ended = commands("import", commands.file("facts.jsonl", LINES), *options)
    sentence = f"{kept} Zeilen sind gespeichert; derselbe Befehl liest den Rest." if kept else "Nichts ist gespeichert."
    assert (ended.status, ended.err, said[-1]) == (130, "Abgebrochen.\n", sentence)
    again = commands.json("import", "facts.jsonl")
    assert (again["added"], again["known"]) == (len(LINES) - kept, kept)


def test_due_of_a_case_nobody_knows_is_refused(commands: Commands) -> None:
    said = commands("due", "--case", "C-9")
    assert (said.status, said.err) == (1, "Den Fall „C-9“ gibt es nicht.\n")


@on_both_databases
def test_repeated_units_and_areas_widen_the_list(filled: Commands) -> None:
    there = {"worker": "fm-7", "unit": "56.4", "area": "av-ags"}
    assert filled.imports(fact("responsibility-assigned", "2018-02-01", case="C-2", data=there)).status == 0
    asked = ("stays", "--strategy", "integration", "--as-of", "2020-03-10")
    assert (
        filled.json(*asked, "--unit", "56.4", "--unit", "=1+1", "--area", "av-ags", "--area", "jobakademie")["count"]
        == 1
    )
    assert filled.json(*asked, "--unit", "56.4")["count"] == 0
    unknown = filled(*asked, "--unit", "56.4", "--unit", "nix")
    assert (unknown.status, unknown.out) == (2, "")
    assert unknown.err.startswith("--unit: Die Einheit „nix“ gibt es nicht.")


def test_a_changed_record_is_found(filled: Commands) -> None:
    assert filled.json("verify")["ok"] is True
    with sqlite3.connect(filled.folder / "data" / "fallverlauf.db") as raw:
        raw.execute("UPDATE records SET state = replace(state, '2019-09-30', '2019-08-31') WHERE number = 4")
    said = filled("verify", "--format", "json")
    assert (said.status, said.json["ok"], said.json["first_break"]["case"]) == (1, False, "C-1")
    assert said.err.startswith("Der Bestand wurde verändert: Fall C-1, Eintrag 4: ")


@on_both_databases
def test_a_rebuild_gives_the_same_answers(filled: Commands) -> None:
    asked = ("stays", "--strategy", "integration", "--as-of", "2020-03-10", "--known-at", "2026-01-01")
    before = filled.json(*asked)
    with open_office(Settings()) as office, office.write() as tx:
        tx.conn.execute(delete(segments))
    assert filled.json(*asked)["count"] == 0
    assert {key: filled.json("rebuild")[key] for key in ("cases", "facts")} == {"cases": 1, "facts": 4}
    assert filled.json(*asked) == before


class TestFailures:
    """What can fail around a command: one sentence, exit status 1, no traceback."""

    def refused(self, commands: Commands, *arguments: str) -> str:
        said = commands(*arguments)
        assert (said.status, said.out) == (1, "")
        assert said.err.count("\n") == 1
        assert "Traceback" not in said.err
        return said.err.strip()

    def test_a_database_file_that_is_none(self, filled: Commands) -> None:
        for file in (filled.folder / "data").glob("fallverlauf.db*"):
            file.write_bytes(b"Das ist keine Datenbank. " * 400)
        sentence = "Die Datenbankdatei ist keine SQLite-Datenbank oder beschädigt."
        assert self.refused(filled, "clocks", "C-1") == sentence

    def test_a_damaged_database(self, filled: Commands) -> None:
        for name in ("fallverlauf.db-wal", "fallverlauf.db-shm"):
            (filled.folder / "data" / name).unlink(missing_ok=True)
        file = filled.folder / "data" / "fallverlauf.db"
        file.write_bytes(file.read_bytes()[:8192] + os.urandom(60_000))
        assert "beschädigt" in self.refused(filled, "clocks", "C-1")

    def test_a_data_directory_that_is_a_file(self, commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
        (commands.folder / "file").write_text("")
        monkeypatch.setenv("FALLVERLAUF_DATA", str(commands.folder / "file"))
        assert str(commands.folder / "file") in self.refused(commands, "clocks", "C-1")

    def test_a_master_key_that_is_gone_damaged_or_another(self, filled: Commands) -> None:
        key = filled.folder / "data" / "master.key"
        key.unlink()
        assert "Hauptschlüssel" in self.refused(filled, "clocks", "C-1")
        assert not key.exists()
        for content in (b"kurz", b"k" * 32):
            key.write_bytes(content)
            assert "Hauptschlüssel" in self.refused(filled, "clocks", "C-1")

    @pytest.mark.parametrize("table", ["records", "heads", "fact_ids", "numbers", "marks"])
    def test_a_table_that_is_gone(self, filled: Commands, table: str) -> None:
        with open_office(Settings()) as office, office.write() as tx:
            tx.conn.exec_driver_sql(f"DROP TABLE {table}")
        assert self.refused(filled, "verify") == failures.OTHER_TABLES

    def test_what_is_no_text(self, commands: Commands) -> None:
        for arguments in (("clocks", "C-\udcff"), ("stays", "--strategy", "integration", "--unit", "\0")):
            said = commands(*arguments)
            assert (said.status, said.out) == (2, "")
            assert said.err.endswith("ist kein lesbarer Text (UTF-8).\n")

    def test_a_file_that_nobody_can_write(self, filled: Commands) -> None:
        """A folder that is full of its own name: its file would have too long a name, the hidden one beside it not."""
        name = filled.folder / ("x" * 300)
        for arguments in (("export", "--as", "jsonl", str(name)), ("backup", str(name))):
            assert self.refused(filled, *arguments) == f"{name} hat einen zu langen Namen."

    def test_a_folder_is_no_file(self, commands: Commands) -> None:
        for given in (".", str(commands.folder)):
            assert self.refused(commands, "import", given) == f"{given} ist ein Ordner, keine Datei."

    def test_the_system_is_quoted_nowhere(self) -> None:
        for number in errno.errorcode:
            assert os.strerror(number) not in failures.of_file(OSError(number, os.strerror(number), "x"))

    def test_settings_that_cannot_be_used(self, commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FALLVERLAUF_DATABASE", "mysql://host/db")
        assert self.refused(commands, "clocks", "C-1").startswith("Die Einstellung FALLVERLAUF_DATABASE")

    def test_a_moment_that_stands_for_now_over_real_data(
        self, filled: Commands, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("FALLVERLAUF_NOW", NOW)
        sentence = "FALLVERLAUF_NOW gilt nur für Demo- und Testdaten; diese Datenbank enthält andere."
        assert self.refused(filled, "clocks", "C-1") == sentence

    def test_what_nobody_expected_has_a_number_and_is_in_the_log(
        self, filled: Commands, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise ZeroDivisionError("Frau Muster")

        monkeypatch.setattr(output, "as_list", fail)
        sentence = self.refused(filled, "clocks", "C-1")
        assert sentence.startswith("Ein unerwarteter Fehler ist aufgetreten (Nummer ")
        log = filled.folder / "data" / "fallverlauf.log"
        assert log.stat().st_mode & 0o777 == 0o600
        entry = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
        assert entry["number"] in sentence
        assert entry["kinds"] == ["ZeroDivisionError"]
        assert "Muster" not in log.read_text(encoding="utf-8")


def test_lists_whose_rules_have_changed_are_computed_once_and_that_is_said(filled: Commands) -> None:
    with open_office(Settings()) as office, office.write() as tx:
        tx.conn.execute(delete(segments))
        tx.conn.execute(delete(meanings))
        values.put(tx.conn, meaning.PROGRAM, "another")
    first, second = (filled("stays", "--strategy", "integration", "--format", "json") for _ in range(2))
    assert first.err.splitlines() == [
        "Die Listen werden neu berechnet, weil sich ihre Regeln geändert haben.", "Die Listen sind neu berechnet."
    ]  # fmt: skip
    assert second.err == ""
    assert first.json["count"] == second.json["count"] == 1


def test_while_another_process_computes_lists_wait_and_cases_answer(filled: Commands) -> None:
    with open_office(Settings()) as office, database.computing_lock(office.engine, wait=False):
        with office.write() as tx:
            tx.conn.execute(update(meanings).values(reached=meaning.NOBODY))
        for command in (("stays", "--strategy", "integration"), ("due",), ("verify", "--lists")):
            said = filled(*command)
            assert (said.status, said.out, said.err) == (1, "", f"{meaning.Waiting()}\n")
        assert filled.json("clocks", "C-1")["case"] == "C-1"


def test_verify_names_rows_that_follow_from_nothing(filled: Commands) -> None:
    assert filled.json("verify", "--lists")["lists"]["different"] == []
    assert re.search(r"^Listen +geprüft [0-9]+, abweichend keine$", filled("verify", "--lists").out, re.MULTILINE)
    with open_office(Settings()) as office, office.write() as tx:
        tx.conn.execute(update(segments).where(segments.c.clock == "net").values(shift=99))
    said = filled("verify", "--lists", "--format", "json")
    assert (said.status, said.json["ok"], said.json["first_break"]) == (1, False, None)
    assert {(one["table"], one["case"]) for one in said.json["lists"]["different"]} == {("segments", "C-1")}
    assert "Die Listen weichen ab: Fall C-1, Tabelle segments: " in said.err
    assert filled.json("verify")["ok"] is True
    filled("rebuild")
    assert filled.json("verify", "--lists")["ok"] is True


class TestTheBinary:
    """A few commands through the installed binary."""

    def run(self, folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        variables = os.environ | {"FALLVERLAUF_DATA": str(folder / "data")} | environment
        return subprocess.run(
            [sys.executable, ROOT / "fallverlauf.py", *arguments],
            capture_output=True, encoding="utf-8", env=variables, check=False, cwd=folder,
        )  # fmt: skip

    def test_json_is_utf_8_whatever_the_terminal_says(self, tmp_path: Path) -> None:
        case = fact("case-opened", "2018-02-01", case="Ä-1")
        (tmp_path / "x.jsonl").write_text(json.dumps(case))
        assert self.run(tmp_path, "import", "x.jsonl").returncode == 0
        said = self.run(tmp_path, "clocks", "Ä-1", "--format", "json", PYTHONIOENCODING="ascii", LC_ALL="C")
        assert (said.returncode, said.stderr, json.loads(said.stdout)["case"]) == (0, "", "Ä-1")

    def test_exit_statuses_reach_the_shell(self, tmp_path: Path) -> None:
        assert self.run(tmp_path, "clocks", "C-1").returncode == 1
        assert self.run(tmp_path, "clocks").returncode == 2
        listed = self.run(tmp_path, "--help").stdout
        assert [command for command in (*COMMANDS, "serve") if f"\n  {command} " not in listed] == []

    def test_what_it_writes_is_for_its_user_alone(self, tmp_path: Path) -> None:
        (tmp_path / "x.jsonl").write_text(json.dumps(fact("case-opened", "2018-02-01")))
        self.run(tmp_path, "import", "x.jsonl")
        self.run(tmp_path, "export", "--as", "jsonl", "facts.jsonl", "--with-text")
        written = [tmp_path / "facts.jsonl", tmp_path / "data", *(tmp_path / "data").rglob("*")]
        assert len(written) > 5
        assert [path.name for path in written if path.stat().st_mode & 0o077] == []

    def test_whoever_stops_reading_gets_no_traceback(self, tmp_path: Path) -> None:
        lines = (fact("case-opened", "2018-02-01", case=f"C-{number}") for number in range(2_000))
        (tmp_path / "x.jsonl").write_text("\n".join(json.dumps(line | {"on": "x"}) for line in lines))
        program = f"{sys.executable} {ROOT / 'fallverlauf.py'} import x.jsonl --format json 2>/dev/null | head -c 1"
        found = subprocess.run(
            ["bash", "-c", f"{program}; exit ${{PIPESTATUS[0]}}"], cwd=tmp_path, capture_output=True, check=False
        )
        assert found.stderr == b""
        assert found.returncode == 1


@pytest.mark.parametrize(
    ("port", "sentence"),
    [("99999", "höchstens 9 ist möglich."), ("x", "hier steht eine ganze Zahl."), ("-1", "mindestens 0 ist nötig.")],
)
def test_a_wrong_number_is_said_in_german(capsys: pytest.CaptureFixture[str], port: str, sentence: str) -> None:
    app = typer.Typer()

    @app.command()
    def _serve(port: Annotated[int, typer.Option(min=0, max=9)]) -> None: ...

    assert running.run(app, ["--port", port]) == 2
    assert capsys.readouterr().err.startswith(f"--port: {sentence}")
