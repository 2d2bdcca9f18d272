"""What an import takes as it stands and says nevertheless."""

from __future__ import annotations

from tests.services.commandline import Commands, fact


def measure(on: str, end: str, id: str, case: str = "C-1") -> dict[str, object]:
    return fact("measure-started", on, case=case, id=id, data={"measure": id, "planned_end": end})


def bar(on: str, strategy: str, id: str) -> dict[str, object]:
    return fact("strategy-bar-set", on, case="C-1", id=id, data={"strategy": strategy})


def test_a_slip_is_said_and_nothing_is_refused(commands: Commands) -> None:
    first = commands.imports(bar("2025-01-15", "integration", "b1"), measure("2025-01-15", "2025-06-30", "m1"))
    assert "neuer Fall" not in first.err  # the first of an office all are
    file = commands.file(
        "more.jsonl",
        [
            measure("2025-07-01", "2025-06-30", "m2"),
            bar("2025-03-01", "entwicklung", "b2"),
            bar("2025-03-01", "integration", "b3"),
            measure("2025-07-01", "2025-08-30", "m3", "C-l"),
        ],
    )
    for options in ("--dry-run",), ():
        said = commands("import", file, *options, "--format", "json")
        assert (said.status, said.json["added"], said.json["rejected"]) == (0, 4, [])
        assert "Darunter 1 neuer Fall: Auch eine vertippte Fallnummer legt einen neuen Fall an." in said.err
        assert "Zeile 1: Das geplante Ende liegt vor dem Beginn." in said.err
        assert "Zeile 3: Am selben Tag beginnt im selben Fall noch ein anderer Balken." in said.err
