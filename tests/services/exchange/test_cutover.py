"""A cut-over to another leading system: what is known is linked, nothing is withdrawn, the rest listed (Vertrag 4)."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from domain.facts import Stream
from services.exchange.cutover import Asked, NoCutover
from services.exchange.importing import import_file
from services.exchange.renumbering import Faulty
from services.exchange.snapshot import Asked as Snapshot
from services.exchange.snapshot import NoSnapshot
from services.exchange.told import Report
from services.office.office import Office
from services.operations import erasure
from tests.services.exchange.test_match import JOBS, OTHER, lanes, of_open
from tests.services.exchange.test_snapshot import counting
from tests.services.exchange.test_tables import Import, lines, read, take

__all__ = ["take"]

TURN = Asked("compass", "open")
CARE = """
system = "compass"
[[fact]]
fact = "responsibility-assigned"
case = "Fallnummer"
id = "zust:{Nr}"
on = "Seit"
data.worker = "Wer"
data.unit = { value = "56.4" }
data.area = { value = "av-ags" }
"""


def beside(folder: Path, name: str = "balken.csv") -> list[str]:
    file = folder / f"{name}.unmatched.csv"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    return file.read_text(encoding="utf-8-sig").splitlines()


def test_what_is_known_is_linked_and_what_one_side_alone_has_is_listed(
    take: Import, office: Office, tmp_path: Path
) -> None:
    take(lines("C-1;1;Integration;03.02.2025;31.08.2025", "C-2;2;Integration;03.02.2025;"))
    new = lines("C-1;77;Integration;05.02.2025;01.09.2025", "C-3;78;Entwicklung;03.02.2025;")
    tried = take(new, said=OTHER, cutover=TURN, dry_run=True)
    found = take(new, said=OTHER, cutover=TURN)
    assert found == tried
    assert (found.added, found.matched, found.withdrawn, found.changed) == (1, 2, 0, 0)
    assert (found.only_old, found.only_new) == (1, 1)
    assert lanes(office) == [("strategy-bar-set", "2025-02-03", ""), ("strategy-bar-ended", "2025-08-31", "")]
    assert beside(tmp_path) == [
        "System;Fall;Eintrag;Gültig am;Kennung",
        "compass;C-2;Handlungsstrategie (Balken);03.02.2025;compass:balken:2",
        "open;C-3;Handlungsstrategie (Balken);03.02.2025;open:balken:78",
    ]
    again = take(new, said=OTHER, cutover=TURN)
    assert (again.added, again.matched, again.changed, again.known) == (0, 0, 0, 3)
    assert (again.only_old, again.only_new) == (1, 1)


def test_every_kind_of_fact_is_known_again(take: Import, office: Office) -> None:
    head = "Fallnummer;Nr;Seit;Wer\n"
    take(head + "C-1;1;03.02.2025;fm-7\n", said=CARE)
    usual = take(head + "C-1;9;04.02.2025;fm-7\n", said=of_open(CARE), dry_run=True)
    found = take(head + "C-1;9;04.02.2025;fm-7\nC-1;10;03.02.2025;fm-8\n", said=of_open(CARE), cutover=TURN)
    assert (usual.added, usual.matched) == (1, 0)
    assert (found.added, found.matched) == (1, 1)


def test_what_was_known_counts_even_if_the_new_system_had_it_earlier(take: Import, office: Office) -> None:
    said = OTHER.replace('on = "Beginn"', 'on = "Beginn"\nrecorded_at = "Beginn"')
    take(lines("C-1;1;Integration;05.02.2025;"))
    take(lines("C-1;77;Integration;03.02.2025;"), said=said, cutover=TURN)
    assert lanes(office) == [("strategy-bar-set", "2025-02-05", "")]


def test_what_a_third_source_says_too_is_linked_all_the_same(take: Import, office: Office) -> None:
    third = OTHER.replace('system = "open"', 'system = "third"')
    take(lines("C-1;1;Integration;03.02.2025;"))
    take(lines("C-1;5;Integration;04.02.2025;"), said=third)
    found = take(lines("C-1;77;Integration;03.02.2025;"), said=OTHER, cutover=TURN)
    assert (found.added, found.matched, found.only_old, found.only_new) == (0, 1, 0, 0)
    assert lanes(office) == [("strategy-bar-set", "2025-02-03", "")]
    assert "Auf keiner Seite ist etwas übrig" in found.notes[-1]


def test_a_file_says_how_the_new_system_calls_cases(take: Import, office: Office, tmp_path: Path) -> None:
    take(lines("C-1;1;Integration;03.02.2025;", "C-2;2;Integration;03.02.2025;"))
    mapping = tmp_path / "zuordnung.csv"
    mapping.write_text("neu;alt\nC-2;C-1\n900;C-2\n", encoding="utf-8")
    new = lines("C-2;77;Integration;04.02.2025;", "900;78;Integration;03.02.2025;30.06.2025")
    turn = TURN._replace(mapping=mapping)
    tried = take(new, said=OTHER, cutover=turn, dry_run=True)
    found = take(new, said=OTHER, cutover=turn)
    assert found == tried
    assert (found.added, found.matched, found.only_old) == (1, 2, 0)
    assert lanes(office, "C-2")[-1] == ("strategy-bar-ended", "2025-06-30", "")
    assert take(new, said=OTHER, cutover=turn).known == 3
    # from then on its deliveries are about those cases, and its snapshots too
    later = take(new + "900;79;Entwicklung;01.07.2025;\n", said=OTHER)
    assert (later.added, later.known) == (1, 3)
    assert take(new + "900;79;Entwicklung;01.07.2025;\n", said=OTHER, snapshot=Snapshot("open")).known == 4
    assert len(lanes(office, "C-2")) == 3
    with office.read() as tx:
        assert not office.store.keys(tx.conn, Stream.CASE, ["900"])


def test_who_is_erased_does_not_come_back_under_the_other_number(take: Import, office: Office, tmp_path: Path) -> None:
    take(lines("C-1;1;Integration;03.02.2025;"))
    (tmp_path / "z.csv").write_text("alt;neu\nC-1;900\n", encoding="utf-8")
    new = lines("900;77;Integration;04.02.2025;")
    take(new, said=OTHER, cutover=TURN._replace(mapping=tmp_path / "z.csv"))
    erasure.erase(office, "C-1")
    found = take(new + "900;78;Entwicklung;05.02.2025;\n", said=OTHER)
    assert found.added == 0
    assert all("gelöscht" in reason for _, reason in found.rejected)
    take(lines("C-9;5;Integration;03.02.2025;"))
    with pytest.raises(Faulty, match="Zeile 2: Einen Fall „C-1“ gibt es hier nicht"):
        take(new, said=OTHER, cutover=TURN._replace(mapping=tmp_path / "z.csv"))
    (tmp_path / "z.csv").write_text("alt;neu\nC-9;900\n", encoding="utf-8")
    with pytest.raises(Faulty, match="Zeile 2: Der Fall mit der neuen Nummer „900“ wurde hier gelöscht"):
        take(new, said=OTHER, cutover=TURN._replace(mapping=tmp_path / "z.csv"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("alt;neu\nC-1;9\nC-2;9\n", "Zeile 3: „9“ steht schon in Zeile 2"),
        ("alt;neu\nC-1;9\nC-1;8\n", "Zeile 3: „C-1“ steht schon in Zeile 2"),
        ("alt;neu\nC-7;9\n", "Zeile 2: Einen Fall „C-7“ gibt es hier nicht"),
        ("alt;neu\nC-1;\n", "Zeile 2: Es fehlt die Nummer in der Spalte „neu“"),
        ("alt;neu\nC-1;<b>x</b>\n", "Zeile 2: Eine Fallnummer hat 1 bis 64 Buchstaben"),
        ("alt;neu\nC-1;9;10\n", "Zeile 2: Die Zeile hat 3 Felder"),
        ("alt;neu\n", "enthält keine Zeile mit Fallnummern"),
        ("alt;Nummer\nC-1;9\n", "zu prüfen: „neu“"),
    ],
)
def test_a_file_of_numbers_that_is_at_fault_is_refused_before_anything_is_stored(
    take: Import, office: Office, tmp_path: Path, content: str, sentence: str
) -> None:
    take(lines("C-1;1;Integration;03.02.2025;", "C-2;2;Integration;03.02.2025;"))
    before = counting(office, "C-1", "C-2", "9")
    (tmp_path / "z.csv").write_text(content, encoding="utf-8")
    with pytest.raises(Faulty, match=sentence):
        take(lines("9;77;Integration;03.02.2025;"), said=OTHER, cutover=TURN._replace(mapping=tmp_path / "z.csv"))
    assert counting(office, "C-1", "C-2", "9") == before


@pytest.mark.parametrize(
    ("turn", "rows", "sentence"),
    [
        (Asked("open", "compass"), ["C-1;77;Integration;03.02.2025;"], "Die Datei kommt aus „open“, dem alten System"),
        (Asked("compas", "open"), ["C-1;77;Integration;03.02.2025;"], "ist aus „compas“ hier nichts gespeichert"),
        (Asked("compass", "neu"), ["C-1;77;Integration;03.02.2025;"], "Das Profil liest „open“, nicht „neu“"),
        (Asked("open", "open"), ["C-1;77;Integration;03.02.2025;"], "Beide Systeme heißen „open“"),
        (TURN, [], "balken.csv enthält keine Zeile"),
    ],
)
def test_what_is_no_cut_over_is_said_and_nothing_is_stored(
    take: Import, office: Office, turn: Asked, rows: list[str], sentence: str
) -> None:
    take(lines("C-1;1;Integration;03.02.2025;"))
    before = counting(office, "C-1")
    with pytest.raises(NoCutover, match=sentence):
        take(lines(*rows), said=OTHER, cutover=turn)
    assert counting(office, "C-1") == before


def test_a_broken_row_is_refused_alone(take: Import) -> None:
    take(lines("C-1;1;Integration;03.02.2025;"))
    found = take(lines("C-1;77;Integration;03.02.2025;", "C-1;78;Integration;32.02.2025;"), said=OTHER, cutover=TURN)
    assert (found.matched, len(found.rejected)) == (1, 1)


def test_json_lines_bring_a_new_system_too(take: Import, office: Office, tmp_path: Path) -> None:
    take("Fallnummer;Nr;Art;Beginn;Ende\nC-1;1;sv-pflichtig;03.02.2025;\n", said=JOBS)

    def taken(system: str, **asked: Any) -> Report:
        said = {"id": f"{system}:j", "case": "C-1", "fact": "employment-started", "on": "2025-02-04",
                "data": {"employment": "x", "kind": "sv-pflichtig"}}  # fmt: skip
        path = tmp_path / "x.jsonl"
        path.write_text(json.dumps(said), encoding="utf-8")
        return import_file(office, path, **asked)

    found = taken("open", cutover=TURN)
    assert (found.added, found.matched, found.only_old, found.only_new) == (0, 1, 0, 0)
    assert taken("open", cutover=TURN).known == 1
    with pytest.raises(NoCutover, match="Die Datei kommt aus „compass“"):
        taken("compass", cutover=TURN)
    with pytest.raises(NoCutover, match="Keine Kennung der Datei beginnt mit „open:“"):
        taken("x", cutover=TURN)
    assert read(tmp_path, OTHER).system == "open"


def test_what_the_new_system_changes_afterwards_counts(take: Import, office: Office) -> None:
    take(lines("C-1;1;Integration;03.02.2025;"))
    take(lines("C-1;77;Integration;05.02.2025;"), said=OTHER, cutover=TURN)
    assert lanes(office) == [("strategy-bar-set", "2025-02-03", "")]
    found = take(lines("C-1;77;Integration;10.02.2025;31.05.2025"), said=OTHER)
    assert (found.changed, found.added) == (1, 1)
    assert lanes(office) == [("strategy-bar-set", "2025-02-10", ""), ("strategy-bar-ended", "2025-05-31", "")]
    assert next(one[0] for one in counting(office, "C-1")["C-1"]) == "compass:balken:1"  # still the fact it was
    assert take(lines("C-1;77;Integration;10.02.2025;31.05.2025"), said=OTHER).known == 2


def test_the_stop_of_snapshots_starts_anew_with_what_the_new_system_tells(take: Import, office: Office) -> None:
    old = [f"C-{at};{at};Integration;03.02.2025;" for at in range(1, 41)]
    new = [f"C-{at};n{at};Integration;04.02.2025;" for at in range(1, 41)]
    take(lines(*old))
    assert take(lines(*new), said=OTHER, cutover=TURN).matched == 40
    whole = Snapshot("open")
    assert take(lines(*new), said=OTHER, snapshot=whole).withdrawn == 0
    for _ in range(2):
        assert (
            take(lines(*new[1:]), said=OTHER, snapshot=whole).withdrawn == 1
        )  # 1 of 40, and of the old system nothing
        assert lanes(office) == []
        assert take(lines(*new[1:]), said=OTHER, snapshot=whole).withdrawn == 0
        assert take(lines(*new), said=OTHER, snapshot=whole).changed == 1
        assert lanes(office) == [("strategy-bar-set", "2025-02-03", "")]
    with pytest.raises(NoSnapshot, match="fehlen 4 von 40"):
        take(lines(*new[4:]), said=OTHER, snapshot=whole)
