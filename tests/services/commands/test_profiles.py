"""`profiles`: which there are, what one reads, whether a file fits; the same numbers as the import (Vertrag 1, 4)."""

from __future__ import annotations

from services.exchange.profiles.at_hand import SHIPPED
from tests.conftest import on_both_databases
from tests.services.commandline import Commands

TABLE = "Fallnummer;Bescheid-Nr;Beginn;Ende\nC-1;L-1;01.01.2025;31.12.2025\nC-2;L-2;32.01.2025;\n"
OWN = (SHIPPED / "leistungsbezug.toml").read_text(encoding="utf-8").replace('"fachverfahren"', '"eigen"')


def test_the_offices_own_profile_stands_before_a_shipped_one(commands: Commands) -> None:
    (commands.folder / "data" / "profiles").mkdir(parents=True, exist_ok=True)
    (commands.folder / "data" / "profiles" / "leistungsbezug.toml").write_text(OWN, encoding="utf-8")
    (commands.folder / "data" / "profiles" / "kaputt.toml").write_text("system = =", encoding="utf-8")
    rows = {row["name"]: row for row in commands.json("profiles")["rows"]}
    assert rows["leistungsbezug"] == {
        "name": "leistungsbezug", "system": "eigen", "facts": ["benefit-started", "benefit-ended"], "where": "eigenes",
    }  # fmt: skip
    assert rows["kaputt"]["facts"] == "kaputt.toml ist kein gültiges TOML (Zeile 1)."
    assert rows["termine"]["where"] == "mitgeliefert"


def test_a_profile_shows_what_it_reads(commands: Commands) -> None:
    rows = commands.json("profiles", "leistungsbezug")["rows"]
    assert {"column": "Ende", "fact": "benefit-ended", "field": "when", "words": ["*"]} in rows


def test_check_and_import_say_the_same_numbers(commands: Commands) -> None:
    (commands.folder / "l.csv").write_text(TABLE, encoding="utf-8")
    checked = commands("profiles", "leistungsbezug", "--check", "l.csv", "--format", "json")
    imported = commands("import", "l.csv", "--profile", "leistungsbezug", "--format", "json")
    assert (checked.status, imported.status) == (1, 1)
    assert checked.out.strip() == '{"read": 2, "facts": 2, "rejected": 1}'
    assert '"read": 2, "added": 2' in imported.out
    assert checked.err.splitlines()[0] == imported.err.splitlines()[0].strip()
    assert checked.err.startswith("Zeile 3: Spalte „Beginn“: „32.01.2025“ ist kein Tag")


def test_an_unknown_profile_is_said(commands: Commands) -> None:
    said = commands("import", "l.csv", "--profile", "termin")
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith("Ein Profil „termin“ gibt es nicht. Meinten Sie „termine“?")


@on_both_databases
def test_a_snapshot_withdraws_what_it_lacks_and_says_how_much(commands: Commands) -> None:
    head, *rows = "Fallnummer;Bescheid-Nr;Beginn;Ende", *(f"C-{at};L-{at};01.01.2025;" for at in range(30))
    taken = ("import", "l.csv", "--profile", "leistungsbezug", "--format", "json")
    whole = ("--snapshot", "fachverfahren")

    def table(*some: str) -> None:
        (commands.folder / "l.csv").write_text("\n".join((head, *some)), encoding="utf-8")

    table(*rows)
    assert commands.json(*taken[:-2])["added"] == 30
    table(*rows[1:])
    tried = commands.json(*taken[:-2], *whole, "--dry-run")
    found = commands.json(*taken[:-2], *whole)
    assert found == {key: value for key, value in tried.items() if key != "dry_run"}
    assert (found["known"], found["withdrawn"], found["matched"]) == (29, 1, 0)
    assert commands("verify").status == 0
    table(*rows[4:])
    said = commands(*taken, *whole)
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith("In der Datei fehlen 3 von 29 Einträgen aus „fachverfahren“, mehr als 5 %.")
    assert commands.json(*taken[:-2], *whole, "--allow-withdrawals", "3")["withdrawn"] == 3


@on_both_databases
def test_a_cut_over_links_what_is_known_and_lists_the_rest(commands: Commands) -> None:
    (commands.folder / "neu.toml").write_text(OWN.replace('"eigen"', '"neu"'), encoding="utf-8")
    (commands.folder / "l.csv").write_text(TABLE.replace("32.01", "01.02"), encoding="utf-8")
    (commands.folder / "n.csv").write_text(
        "Fallnummer;Bescheid-Nr;Beginn;Ende\n900;X-1;02.01.2025;31.12.2025\n", encoding="utf-8"
    )
    (commands.folder / "z.csv").write_text("alt;neu\nC-1;900\n", encoding="utf-8")
    assert commands.json("import", "l.csv", "--profile", "leistungsbezug")["added"] == 3
    turn = ("import", "n.csv", "--profile", "neu.toml", "--cutover", "fachverfahren", "neu", "--mapping", "z.csv")
    tried = commands.json(*turn, "--dry-run")
    found = commands.json(*turn)
    assert found == {key: value for key, value in tried.items() if key != "dry_run"}
    assert found == {
        "read": 1, "added": 0, "known": 0, "changed": 0, "withdrawn": 0, "matched": 2, "only_old": 1, "only_new": 0,
        "waiting": 0, "rejected": [],
    }  # fmt: skip
    said = commands(*turn)
    assert said.status == 0
    assert "Nur in „fachverfahren“ steht 1 Eintrag, nur in „neu“ stehen 0 Einträge; die Liste ist n.csv" in said.err
    assert commands("verify").status == 0
    unknown = commands(*turn[:5], "fachverfharen", "neu")
    assert (unknown.status, unknown.out) == (1, "")
    assert "ist aus „fachverfharen“ hier nichts gespeichert" in unknown.err
    missing = commands(*turn[:-1], "gibtesnicht.csv")
    assert (missing.status, missing.out) == (1, "")
