"""`say`: what the chat would understand, as one document of fixed keys; nothing is written, and it never fails."""

from __future__ import annotations

import pytest

from tests.services.commandline import Commands

KEYS = ["command", "case", "day", "time", "name", "subject", "strategy", "sure", "choices", "refused"]
OPENED = {"case": "C-1001", "fact": "case-opened", "on": "2026-01-05", "data": {}}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("verlängern C-1001 bis Ende Februar 2027", {"command": "extend", "case": "C-1001", "day": "2027-02-28"}),
        ("termin 3.12. 10.00 Uhr", {"command": "plan", "day": "2026-12-03", "time": "10:00"}),
        ("wv 1.12. Mietvertrag", {"command": "own", "day": "2026-12-01", "subject": "Mietvertrag"}),
        ("umstellen auf Entwicklung", {"command": "change", "strategy": "entwicklung"}),
        ("übergeben an Frau Kern", {"command": "hand-over", "name": "Kern"}),
        ("stimmt nicht", {"command": "dispute"}),
        ("abbrechen", {"command": "cancel"}),
    ],
)
def test_what_is_understood(commands: Commands, text: str, read: dict[str, str]) -> None:
    said = commands.json("say", text, "--on", "2026-11-27")
    assert list(said) == KEYS
    assert {key: value for key, value in said.items() if value is not None} == read | {"sure": True, "choices": []}


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("Meier", ["open"]),
        ("beendn zum 15.11.", ["end"]),
        ("4711", []),
        ("nicht verlängern", []),
        ("", []),
        ("2027", []),
    ],
)
def test_what_is_asked(commands: Commands, text: str, choices: list[str]) -> None:
    said = commands.json("say", text)
    assert (said["command"], said["sure"], said["day"]) == (None, False, None)
    assert said["choices"][: len(choices)] == choices
    assert said["choices"]


def test_a_refused_day_leaves_the_command(commands: Commands) -> None:
    said = commands.json("say", "verlängern bis Montag, den 5.12.", "--on", "2026-11-27", "--case", "C-1")
    assert (said["command"], said["case"], said["day"], said["sure"]) == ("extend", "C-1", None, False)
    assert said["refused"] == "Der 05.12.2026 ist ein Samstag, kein Montag. Bitte Tag oder Wochentag berichtigen."


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("beenden Integration zum 30.11.", "Integration ist nicht offen; offen ist Entwicklung seit 01.02.2026."),
        ("umstellen auf Entwicklung", "Entwicklung ist schon offen, seit 01.02.2026."),
        ("ALG I ab 1.12.", "ALG I läuft schon seit 01.10.2026."),
        ("beenden Entwicklung zum 30.11.", None),
        ("beenden zum 30.11.", None),
        ("umstellen auf Integration", None),
    ],
)
def test_a_thing_that_is_not_open_in_the_case_is_refused(commands: Commands, text: str, refused: str | None) -> None:
    bar = {"case": "C-1001", "fact": "strategy-bar-set", "on": "2026-02-01", "data": {"strategy": "entwicklung"}}
    alg1 = {"case": "C-1001", "fact": "alg1-started", "on": "2026-10-01", "data": {}}
    assert commands.imports(OPENED, bar, alg1).status == 0
    said = commands.json("say", text, "--case", "C-1001", "--on", "2026-11-27")
    assert (said["sure"], (said["refused"] or "").partition(" Wann")[0].partition(" Bitte")[0]) == (
        refused is None,
        refused or "",
    )
    assert commands.json("say", text, "--on", "2026-11-27")["sure"]  # of no case in particular


def test_a_number_by_itself_is_a_case_only_if_there_is_one(commands: Commands) -> None:
    assert commands.json("say", "10023")["command"] is None
    assert commands.imports(OPENED | {"case": "10023", "id": "x-1"}).status == 0
    assert commands.json("say", "10023") | {"choices": []} == dict.fromkeys(KEYS) | {
        "command": "open",
        "case": "10023",
        "sure": True,
        "choices": [],
    }


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_it_ends_well_whatever_is_typed(commands: Commands, form: str) -> None:
    for text in ("<b>", "x" * 1000, "24:00", "=1+1", "„", "verlängern bis 31.02."):
        assert commands("say", text, "--format", form).status == 0
    assert "Befehl" in commands("say", "hilfe").out
