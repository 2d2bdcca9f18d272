"""Tables through a profile: what office files are like, refused rows and back, nothing half stored (Vertrag 4)."""

from __future__ import annotations

import datetime as dt
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from domain.facts import Stream, name_of
from services.exchange import tables
from services.exchange.importing import import_file
from services.exchange.profiles import profile
from services.exchange.profiles.readers.table import Missing, Unreadable
from services.exchange.source import Unusable
from services.exchange.told import Report
from services.office.office import Office

BARS = """
system = "compass"
[file]
days = ["%d.%m.%Y", "%Y-%m-%d"]
empty = ["", "-", "n. b.", "#NV"]
[[fact]]
fact = "strategy-bar-set"
case = "Fallnummer"
id = "balken:{Id}"
on = "Beginn"
when = { Art = ["Integration", "Entwicklung"] }
data.strategy = { column = "Art", values = { Integration = "integration", Entwicklung = "entwicklung" } }
[[fact]]
fact = "strategy-bar-ended"
case = "Fallnummer"
id = "balken:{Id}:ende"
on = "Ende"
when = { Ende = "*", Art = ["Integration", "Entwicklung"] }
data.reason = { value = "new-strategy" }
"""
HEAD = "Fallnummer;Id;Art;Beginn;Ende"
ROW = "C-1;1;Integration;03.02.2025;31.08.2025"
BAR = [("C-1", "strategy-bar-set", "2025-02-03"), ("C-1", "strategy-bar-ended", "2025-08-31")]

Import = Callable[..., Report]


@pytest.fixture
def take(office: Office, tmp_path: Path) -> Import:
    """Imports the bytes or the text of a table by a profile."""

    def taken(content: bytes | str, said: str = BARS, name: str = "balken.csv", **options: Any) -> Report:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return import_file(office, tmp_path / name, profile=read(tmp_path, said), **options)

    return taken


def read(folder: Path, said: str) -> profile.Profile:
    """A profile from its text."""
    (folder / "p.toml").write_text(said, encoding="utf-8")
    return profile.load(folder / "p.toml")


def stored(office: Office, *numbers: str) -> list[tuple[str, str, str]]:
    """Case, name and day of every fact of some cases, in the order they stand."""
    with office.read() as tx:
        keys = office.store.keys(tx.conn, Stream.CASE, numbers or ["C-1"])
        return [
            (number, name_of(one.fact), one.on.isoformat())
            for number, key in sorted(keys.items())
            for one in office.store.records(tx.conn, key)
        ]


def lines(*rows: str) -> str:
    """A table with the usual head."""
    return "".join(f"{row}\n" for row in (HEAD, *rows))


@pytest.mark.parametrize(
    ("content", "changed"),
    [
        pytest.param(lines(ROW).encode("utf-8-sig"), {}, id="UTF-8 with a mark"),
        pytest.param(lines(ROW).encode("utf-16"), {}, id="UTF-16"),
        pytest.param(lines(ROW).replace(";", ",").encode(), {}, id="commas"),
        pytest.param(lines(ROW).replace(";", "\t").encode(), {}, id="tabs"),
        pytest.param(lines(ROW).replace("\n", "\r\n").encode(), {}, id="ends of Windows"),
        pytest.param(lines(ROW).replace("Id", "Müll;Id").replace("1;Int", "ä;1;Int").encode("cp1252"), {}, id="cp1252"),
        pytest.param(lines("\u00a0C-1 ; 1;Integration\u00a0; 03.02.2025 ;31.08.2025").encode(), {}, id="blanks, NBSP"),
        pytest.param(lines("C-1;1;Integration;2025-02-03;31.08.2025 00:00:00").encode(), {}, id="ISO and a time"),
        pytest.param(lines('"C-1";"1";"Integration";"03.02.2025";"31.08.2025"').encode(), {}, id="quoted"),
        pytest.param(lines(ROW, "", ";;;;", HEAD).encode(), {}, id="empty rows, the head once more"),
        pytest.param(lines(ROW + ";;").encode(), {}, id="delimiters at the end"),
        pytest.param(("Auswertung\n\n" + lines(ROW)).encode(), {"[file]": "[file]\nheader = 3"}, id="a title above"),
        pytest.param(
            lines(ROW).replace("Fallnummer", '"Fall\nnummer"').encode(), {'"Fallnummer"': '"Fall nummer"'}, id="breaks"
        ),
        pytest.param(lines(ROW, "C-1;2;Grundbetreuung;01.09.2025;").encode(), {}, id="a row that means nothing here"),
    ],
)
def test_what_office_files_are_like(office: Office, take: Import, content: bytes, changed: dict[str, str]) -> None:
    said = BARS
    for old, new in changed.items():
        said = said.replace(old, new)
    report = take(content, said)
    assert (report.rejected, report.added, stored(office)) == ([], 2, BAR)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (";1;Integration;03.02.2025;", "Spalte „Fallnummer“: Hier steht nichts."),
        ("C-1;1;Integration;-;", "Spalte „Beginn“: Hier steht nichts."),
        ("C-1;;Integration;03.02.2025;", "Spalte „Id“: Hier steht nichts."),
        ("C-1;1;Integration;31.02.2025;", "ist kein Tag in der Form TT.MM.JJJJ oder JJJJ-MM-TT."),
        ("C-1;1;Integration;45691;", "(als Zahl von Excel wäre es der 03.02.2025)."),
        ("C-1;1;Integration;03.02.2025;30.02.2025", "Spalte „Ende“: „30.02.2025“ ist kein Tag"),
        ("C-1;1;Integration;03.02.2095;", "Spalte „Beginn“"),
        ("C-1;1;Integration;03.02.2025;;zuviel", "Die Zeile hat 6 Felder, die Kopfzeile 5."),
        ("<b>C-1</b>;1;Integration;03.02.2025;", "Spalte „Fallnummer“"),
        (f"C-1;{'9' * 200};Integration;03.02.2025;", "Spalte „Id“"),
    ],
)
def test_a_row_is_refused_whole_and_says_which_column(office: Office, take: Import, row: str, why: str) -> None:
    report = take(lines("C-2;7;Integration;03.02.2025;", row))
    assert [number for number, _ in report.rejected] == [3]
    assert why in report.rejected[0][1]
    assert (report.read, report.added, stored(office)) == (2, 1, [])


def test_a_word_without_translation_refuses_the_row(take: Import) -> None:
    report = take(
        lines("C-1;1;Integratoin;03.02.2025;"), BARS.replace('when = { Art = ["Integration", "Entwicklung"] }', "")
    )
    assert report.rejected == [
        (2, "Spalte „Art“: „Integratoin“ ist im Profil nicht übersetzt. Meinten Sie „Integration“?")
    ]


def test_mended_rejects_are_taken_by_the_same_profile(office: Office, take: Import, tmp_path: Path) -> None:
    table = "Stand 01.09.\n" + lines("C-1;0047;Integration;31.02.2025;31.08.2025", "C-2;8;Entwicklung;01.03.2025;")
    said = BARS.replace("[file]", '[file]\nheader = 2\nencoding = "windows-1252"')
    first = take(table.replace("Stand", "Für").encode("cp1252"), said)
    assert (first.read, first.added, [line for line, _ in first.rejected]) == (2, 1, [3])
    rejected = tmp_path / "balken.csv.rejected.csv"
    assert stat.S_IMODE(rejected.stat().st_mode) == 0o600
    text = rejected.read_text(encoding="cp1252")
    assert text.splitlines()[:2] == ["Für 01.09.", f"{HEAD};Grund"]
    assert text.splitlines()[2].startswith("C-1;0047;Integration;31.02.2025;31.08.2025;Spalte „Beginn“")
    again = take(rejected.read_bytes(), said, "mended.csv")
    assert (tmp_path / "mended.csv.rejected.csv").read_bytes() == rejected.read_bytes()  # one column Grund, not two
    assert again.added == 0
    mended = take(text.replace("31.02.", "03.02.").encode("cp1252"), said, "mended.csv")
    assert (mended.rejected, mended.added, stored(office)) == ([], 2, BAR)
    assert not (tmp_path / "mended.csv.rejected.csv").exists()


def test_no_refused_cell_is_a_formula_and_each_comes_back_as_it_was(
    office: Office, take: Import, tmp_path: Path
) -> None:
    cells = ["=HYPERLINK(1)", "@x", "'=1", "-3,5", "- n. b. -"]
    table = f"{HEAD};=Notiz\n" + "".join(f"C-1;{cell};Integration;31.02.2025;;{cell}\n" for cell in cells)
    assert len(take(table).rejected) == len(cells)
    rejected = tmp_path / "balken.csv.rejected.csv"
    text = rejected.read_text(encoding="utf-8")
    assert [line.split(";")[5] for line in text.splitlines()] == [
        *("'=Notiz", "'=HYPERLINK(1)", "'@x", "''=1", "'-3,5", "'- n. b. -"),
    ]
    take(text, name="again.csv")
    assert (tmp_path / "again.csv.rejected.csv").read_text(encoding="utf-8") == text
    take(text.replace("31.02.", "03.02."), name="mended.csv")
    with office.read() as tx:
        key = office.store.key(tx.conn, Stream.CASE, "C-1")
        assert key is not None
        ids = {one.id for one in office.store.records(tx.conn, key, with_text=True)}
    assert ids == {f"compass:balken:{cell}" for cell in cells}


def test_the_same_table_again_adds_nothing_and_a_changed_row_is_a_correction(office: Office, take: Import) -> None:
    assert take(lines(ROW)).added == 2
    again = take(lines(ROW))
    assert (again.added, again.known, again.changed) == (0, 2, 0)
    tried = take(lines(ROW.replace("03.02.", "10.02.")), dry_run=True)
    changed = take(lines(ROW.replace("03.02.", "10.02.")))
    assert (changed.added, changed.known, changed.changed) == (0, 1, 1) == (tried.added, tried.known, tried.changed)
    assert stored(office)[-1][1] == "fact-corrected"


def test_the_source_is_who_recorded_it_unless_a_row_says_who(office: Office, take: Import) -> None:
    said = BARS.replace('on = "Beginn"', 'on = "Beginn"\nby = "Wer"\nrecorded_at = "Erfasst"')
    take(f"{HEAD};Wer;Erfasst\n{ROW};fm-1;04.02.2025 08:15\nC-2;2;Integration;01.03.2025;;;05.03.2025\n", said)
    with office.write() as tx:
        keys = office.store.keys(tx.conn, Stream.CASE, ["C-1", "C-2"])
        found = {number: office.store.records(tx.conn, key)[0] for number, key in keys.items()}
        fm = office.store.open_stream(tx.conn, Stream.PERSON, "fm-1").hex
    assert found["C-1"].by == fm
    assert found["C-2"].by == f"import:{office.vault.ref('compass')}"
    assert found["C-1"].recorded_at == dt.datetime(2025, 2, 4, 7, 15, tzinfo=dt.UTC)
    assert found["C-2"].recorded_at.astimezone(dt.UTC) > dt.datetime(2025, 3, 5, 22, tzinfo=dt.UTC)


def book(path: Path, rows: list[list[Any]], **options: Any) -> Path:
    """A workbook; days become cells with the format of a day."""
    with xlsxwriter.Workbook(path, options) as workbook:
        day = workbook.add_format({"num_format": "dd.mm.yyyy"})
        workbook.add_worksheet("Deckblatt").write(0, 0, "Für die QS")
        sheet = workbook.add_worksheet("Balken")
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(at, column, dt.datetime.combine(cell, dt.time()), day)
                elif isinstance(cell, str) and cell.startswith("="):
                    sheet.write_formula(at, column, cell, None, "Integration")
                else:
                    sheet.write(at, column, cell)
    return path


SHEET = BARS.replace("[file]", '[file]\nsheet = "Balken"')
FEBRUARY = dt.date(2025, 2, 3)


@pytest.mark.parametrize("since_1904", [False, True])
def test_workbooks_with_days_serials_formulas_and_whole_numbers(
    office: Office, take: Import, tmp_path: Path, since_1904: bool
) -> None:
    epoch = dt.date(1904, 1, 1) if since_1904 else dt.date(1899, 12, 30)
    rows = [
        HEAD.split(";"),
        ["C-1", 1, '=IF(1,"Integration")', FEBRUARY, "31.08.2025"],
        [],
        [4711, "0047", "Entwicklung", (FEBRUARY - epoch).days, None],
    ]
    path = book(tmp_path / "b.xlsx", rows, date_1904=since_1904)
    report = take(path.read_bytes(), SHEET, "balken.xlsx")
    assert report.rejected == []
    assert stored(office, "C-1", "4711") == [("4711", "strategy-bar-set", "2025-02-03"), *BAR]


def test_refused_rows_of_a_workbook_come_back_as_csv(take: Import, tmp_path: Path) -> None:
    rows = [HEAD.split(";"), ["C-1", 1, "Integration", FEBRUARY, "bald"]]
    report = take(book(tmp_path / "b.xlsx", rows).read_bytes(), SHEET, "balken.xlsx")
    assert [line for line, _ in report.rejected] == [2]
    text = (tmp_path / "balken.xlsx.rejected.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[1].startswith("C-1;1;Integration;03.02.2025;bald;Spalte „Ende“")
    assert take(text.replace("bald", "31.08.2025"), SHEET).rejected == []


def locked(path: Path) -> None:
    """What Excel writes with a password: no archive, but a container of its own."""
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048))


def bomb(path: Path) -> None:
    """A workbook of a few kilobytes that says it is two gigabytes."""
    book(path, [HEAD.split(";")])
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts,
        parts.open("xl/big.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(1100):
            part.write(bytes(1024 * 1024))


def no_book(path: Path) -> None:
    """An archive, but of something else."""
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("a.txt", "x")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (locked, "mit einem Kennwort geschützt"),
        (bomb, "entpackt zu groß"),
        (no_book, "keine Excel-Datei"),
        (lambda path: path.write_bytes(b"Fallnummer;Id\n"), "keine Excel-Datei"),
        (lambda path: path.write_bytes(b""), "keine Excel-Datei"),
        (lambda path: book(path, [["nur", "ein", "Titel"]]), "fehlen die Spalten „Beginn“"),
    ],
)
def test_what_is_no_usable_workbook_is_said_before_anything_is_stored(
    office: Office, tmp_path: Path, make: Callable[[Path], object], why: str
) -> None:
    make(tmp_path / "b.xlsx")
    with pytest.raises((Unreadable, Missing), match=why):
        import_file(office, tmp_path / "b.xlsx", profile=read(tmp_path, SHEET))
    assert stored(office) == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "keine Spaltennamen"),
        ("\n\n", "keine Spaltennamen"),
        ("Fallnummer;Id;Art;Beginn\nC-1;1;Integration;03.02.2025\n", "fehlt die Spalte „Ende“"),
        (lines(ROW).replace("Id", "Ende"), "fehlt die Spalte „Id“"),
        (lines(ROW).replace("Ende", "Ende;Ende"), "hat die Spalte „Ende“ mehrmals"),
        (lines(ROW, f'C-3;"{"x" * 70_000};Integration'), "Zeile 3: ein Feld ist zu lang oder nicht abgeschlossen"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_whole(office: Office, take: Import, content: str, why: str) -> None:
    with pytest.raises((Unreadable, Missing), match=why):
        take(content)
    assert stored(office) == []


def test_tables_need_a_profile_and_profiles_a_table(office: Office, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(lines(ROW))
    (tmp_path / "a.jsonl").write_text("{}")
    with pytest.raises(Unusable, match="bitte mit --profile sagen"):
        import_file(office, tmp_path / "a.csv")
    with pytest.raises(Unusable, match="möglich sind"):
        import_file(office, tmp_path / "a.jsonl", profile=read(tmp_path, BARS))


def test_a_file_that_changes_while_it_is_read_gives_nothing(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(lines(ROW))
    said = read(tmp_path, BARS)
    opened = tables.opened

    def opened_and_changed(file: Path, layout: profile.Layout) -> Any:
        found = opened(file, layout)
        with path.open("a") as late:
            late.write("C-2;2;Integration;01.03.2025;\n")
        return found

    monkeypatch.setattr(tables, "opened", opened_and_changed)
    with pytest.raises(Unreadable, match="während des Lesens geändert"):
        import_file(office, path, profile=said)
    assert stored(office) == []


def test_a_reason_that_the_source_cannot_spell_is_written_all_the_same(take: Import, tmp_path: Path) -> None:
    said = BARS.replace("[file]", '[file]\nencoding = "windows-1252"')
    report = take(lines("C-1;ä;Integration;31.02.\x01;").encode("cp1252"), said)
    assert [line for line, _ in report.rejected] == [2]
    assert report.problems == []
    assert "31.02.\x01;;Spalte „Beginn“" in (tmp_path / "balken.csv.rejected.csv").read_text(encoding="cp1252")


def test_a_table_that_is_gone_when_its_rejects_are_written_is_said(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(lines("C-1;1;Integration;31.02.2025;"))
    said = read(tmp_path, BARS)
    write = tables.RejectedRows.write

    def emptied(rejected: tables.RejectedRows, handle: int) -> None:
        path.write_bytes(b"")
        write(rejected, handle)

    monkeypatch.setattr(tables.RejectedRows, "write", emptied)
    report = import_file(office, path, profile=said)
    assert [line for line, _ in report.rejected] == [2]
    assert "wurde nicht geschrieben: a.csv hat in Zeile 1 keine Spaltennamen." in report.problems[0]
    assert list(tmp_path.glob(".rejected-*")) == []
