"""The habits of office files, each made here: what is read as it is meant, and what is refused in one sentence."""

from __future__ import annotations

import datetime as dt
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from domain.facts import Stream
from domain.facts.support import EmploymentStarted
from services.exchange import tables
from services.exchange.importing import import_file
from services.exchange.profiles.readers.table import Missing, Unreadable
from services.exchange.source import Unusable
from services.office.office import Office
from tests.services.exchange.test_tables import (
    BAR,
    BARS,
    FEBRUARY,
    HEAD,
    ROW,
    SHEET,
    Import,
    book,
    read,
    stored,
    take,
)

__all__ = ["take"]

SIMPLE = """
system = "liste"
[file]
empty = ["", "-", "n. b.", "#NV", "#N/A"]
[[fact]]
fact = "employment-started"
case = "Fallnummer"
id = "{Nr}"
on = "Beginn"
data.employment = "{Nr}"
data.kind = { value = "sv-pflichtig" }
data.hours_per_week = "Stunden"
"""
JOBS = "Fallnummer;Nr;Beginn;Stunden\n"


@pytest.mark.parametrize(
    ("said", "hours"),
    [("38,5", 38.5), ("38.5", 38.5), ("38", 38), ("-", None), ("n. b.", None), ("#NV", None)],
)
def test_numbers_with_commas_and_words_for_nothing(
    office: Office, take: Import, said: str, hours: float | None
) -> None:
    report = take(f'{JOBS}C-1;1;03.02.2025;"{said}"\n', SIMPLE)
    assert (report.rejected, report.added) == ([], 1)
    with office.read() as tx:
        [key] = office.store.keys(tx.conn, Stream.CASE, ["C-1"]).values()
        [record] = office.store.records(tx.conn, key, with_text=True)
    assert isinstance(record.fact, EmploymentStarted)
    assert record.fact.hours_per_week == hours


@pytest.mark.parametrize("said", ["1.038", "1.038,5", "achtunddreißig", "38,5 h"])
def test_a_number_that_may_be_two_or_is_none_is_refused(take: Import, said: str) -> None:
    report = take(f"{JOBS}C-1;1;03.02.2025;{said}\n", SIMPLE)
    assert "Spalte „Stunden“" in report.rejected[0][1]


def test_a_case_called_na_and_zeros_in_front_stay_as_they_are(office: Office, take: Import) -> None:
    report = take(f"{JOBS}NA;1;03.02.2025;\n0047;2;03.02.2025;\n47;3;03.02.2025;\n", SIMPLE)
    assert (report.rejected, report.added) == ([], 3)
    assert [number for number, _, _ in stored(office, "NA", "0047", "47")] == ["0047", "47", "NA"]


def test_line_breaks_within_a_cell_and_a_sum_at_the_end(office: Office, take: Import) -> None:
    wide = f"{HEAD};Bemerkung\n" + f'{ROW};"erste Zeile\nzweite; Zeile"\n' + ";;;;\nSumme;1;;;\n"
    report = take(wide)
    assert (report.rejected, report.added, stored(office)) == ([], 2, BAR)
    refused = take(f"{JOBS}C-2;9;03.02.2025;\nSumme;;;38,5\n", SIMPLE)
    assert [number for number, _ in refused.rejected] == [3]
    assert "Spalte „Beginn“: Hier steht nichts." in refused.rejected[0][1]


def test_two_heads_and_a_name_that_stands_twice_but_is_not_needed(office: Office, take: Import) -> None:
    table = f"Fall;;Balken;;;\n{HEAD};Stand;Stand\n{ROW};a;b\n"
    assert take(table, BARS.replace("[file]", "[file]\nheader = 2")).rejected == []
    assert stored(office) == BAR
    with pytest.raises(Missing, match="fehlen die Spalten"):
        take(table)


def test_two_hundred_columns(office: Office, take: Import) -> None:
    more = [f"Spalte {at}" for at in range(195)]
    assert take(f"{';'.join(more)};{HEAD}\n{';'.join('x' for _ in more)};{ROW}\n").rejected == []
    assert stored(office) == BAR


def test_days_with_times_serials_texts_and_errors_in_one_column(office: Office, take: Import, tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        timed = workbook.add_format({"num_format": "dd.mm.yyyy hh:mm"})
        padded = workbook.add_format({"num_format": "0000"})
        for at, cells in enumerate([JOBS.strip().split(";"), *(["", number, "", ""] for number in "1234")]):
            sheet.write_row(at, 0, cells)
        sheet.write_datetime(1, 2, dt.datetime(2025, 2, 3, 14, 30, tzinfo=dt.UTC).replace(tzinfo=None), timed)
        sheet.write(2, 2, (FEBRUARY - dt.date(1899, 12, 30)).days)
        sheet.write(3, 2, "03.02.2025 08:00")
        sheet.write(4, 2, FEBRUARY.isoformat())
        sheet.write(1, 0, 47, padded)  # shown as 0047, which no file says
        for row in (2, 3, 4):
            sheet.write(row, 0, f"C-{row}")
        sheet.write_formula(4, 3, "=NA()", None, "#N/A")
    report = take(path.read_bytes(), SIMPLE, "j.xlsx")
    assert report.rejected == []
    assert {day for _, _, day in stored(office, "47", "C-2", "C-3", "C-4")} == {"2025-02-03"}
    assert len(stored(office, "47", "C-2", "C-3", "C-4")) == 4


def test_merged_cells_say_what_they_say_in_the_first_alone(office: Office, take: Import, tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Balken")
        sheet.merge_range(0, 0, 0, 4, "Auswertung")
        sheet.write_row(1, 0, HEAD.split(";"))
        sheet.write_row(2, 0, ROW.split(";"))
        sheet.write_row(3, 0, ["", "2", "Entwicklung", "01.09.2025", ""])
        sheet.merge_range(2, 0, 3, 0, "C-1")
    report = take(path.read_bytes(), SHEET.replace("[file]", "[file]\nheader = 2"), "m.xlsx")
    assert (report.added, stored(office)) == (2, BAR)
    assert report.rejected == [(4, "Spalte „Fallnummer“: Hier steht nichts.")]


def test_macros_are_not_run_and_files_named_after_them_are_refused(
    office: Office, take: Import, tmp_path: Path
) -> None:
    path = book(tmp_path / "b.xlsx", [HEAD.split(";"), ROW.split(";")])
    with zipfile.ZipFile(path, "a") as parts:
        parts.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
    assert take(path.read_bytes(), SHEET, "m.xlsx").rejected == []
    assert stored(office) == BAR
    with pytest.raises(Unusable, match="möglich sind"):
        take(path.read_bytes(), SHEET, "m.xlsm")


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_file_of_two_gigabytes_is_refused_at_once(office: Office, tmp_path: Path, name: str) -> None:
    with (tmp_path / name).open("wb") as file:
        file.truncate(2 * 1024**3)  # takes no room on the disk
    with pytest.raises(Unreadable, match="ist größer als 1 GB; bitte auf mehrere Dateien verteilen"):
        import_file(office, tmp_path / name, profile=read(tmp_path, BARS))


def converted(folder: Path, rows: int) -> tuple[tables.Seen, int]:
    """What so many rows give of which one means something, and how much memory that took at most."""
    path, said = folder / "many.csv", read(folder, BARS)
    with path.open("w") as file:
        file.write(f"{HEAD}\n")
        file.writelines(f"C-{at};{at};Grundbetreuung;03.02.2025;\n" for at in range(1, rows))
        file.write(f"{ROW}\n")
    tracemalloc.start()
    try:
        return tables.tried(path, said), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_three_hundred_thousand_rows_need_no_more_memory_than_some(tmp_path: Path, office: Office) -> None:
    _, some = converted(tmp_path, 40_000)
    path = tmp_path / "many.csv"
    with path.open("a") as file:
        file.writelines(f"C-{at};{at};Grundbetreuung;03.02.2025;\n" for at in range(260_000))
    report = import_file(office, path, profile=read(tmp_path, BARS))
    assert (report.read, report.added, stored(office)) == (300_000, 2, BAR)
    _, more = converted(tmp_path, 80_000)
    assert more < some + 100_000
