"""XLSX: cells as values; formulas by what they gave when the file was saved, macros never run."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import python_calamine

from services.exchange.profiles.profile import Layout
from services.exchange.profiles.readers.table import MOST_COLUMNS, Cell, Row, Unreadable, is_empty, names
from services.records.reasons import nearest, shown

_LOCKED = b"\xd0\xcf\x11\xe0"  # an OLE container: a password, or the format of Excel before 2007
_LARGEST = 1024 * 1024 * 1024  # bytes of one part when unpacked
_MOST_PARTS = 10_000
_SINCE_1904 = re.compile(rb"<workbookPr[^>]*\bdate1904\s*=\s*[\"'](?:1|true|on)[\"']", re.IGNORECASE)


class Xlsx:
    """A sheet of a workbook, open; `head` its column names, `since_1904` whether its days count from 1904."""

    encoding, delimiter = "utf-8-sig", ";"  # of the file of refused rows

    def __init__(self, path: Path, layout: Layout) -> None:
        self.path = path
        self._layout = layout
        self.since_1904 = _checked(path)
        try:
            book = python_calamine.load_workbook(str(path))
            self.sheets = book.sheet_names
            self._sheet = book.get_sheet_by_name(_sheet(self.sheets, layout.sheet, path))
        except python_calamine.CalamineError:
            raise Unreadable(f"{path.name} ist keine lesbare Excel-Datei.") from None
        self._book = book
        self.head = self._head()

    def close(self) -> None:
        """Lets go of the file."""
        self._book.close()

    def rows(self) -> Iterator[Row]:
        """All rows below the head that are not empty."""
        width = len(self.head)
        for number, cells in self._numbered():
            if number <= self._layout.header or is_empty(cells) or names(cells[:width]) == self.head:
                continue
            surplus = not is_empty(cells[width:])
            yield Row(number, cells[:width], "Rechts der Spalten mit Namen steht noch etwas." if surplus else None)

    def above(self) -> Iterator[list[Cell]]:
        """The rows above the head, as they stand."""
        for number, cells in self._numbered():
            if number == self._layout.header:
                return
            yield cells

    def _numbered(self) -> Iterator[tuple[int, list[Cell]]]:
        for number, cells in enumerate(self._sheet.iter_rows(), 1):  # from the first row of the sheet on, even if empty
            yield number, [_cell(cell) for cell in cells]

    def _head(self) -> list[str]:
        if not self._layout.header:
            return []
        for number, cells in self._numbered():
            if number == self._layout.header:
                found = names(cells)
                while found and not found[-1]:
                    found.pop()
                if len(found) > MOST_COLUMNS:
                    raise Unreadable(f"{self.path.name} hat mehr als {MOST_COLUMNS} Spalten.")
                if any(found):
                    return found
        raise Unreadable(f"{self.path.name} hat in Zeile {self._layout.header} keine Spaltennamen.")


def _cell(value: object) -> Cell:
    """A value as a cell; whole numbers without a fraction, a time of day or a duration as text."""
    match value:
        case float() if value.is_integer() and abs(value) < 1e15:
            return int(value)
        case str() | bool() | int() | float() | dt.datetime() | dt.date():
            return value
        case None:
            return None
        case dt.time():
            return f"{value:%H:%M}"
        case _:
            return str(value)


def _sheet(there: list[str], wanted: str | None, path: Path) -> str:
    if not there:
        raise Unreadable(f"{path.name} hat kein Tabellenblatt.")
    if wanted is None:
        return there[0]
    if wanted not in there:
        known = ", ".join(map(shown, there[:10]))
        raise Unreadable(f"{path.name} hat kein Blatt {shown(wanted)}, sondern {known}.{nearest(wanted, there)}")
    return wanted


def _checked(path: Path) -> bool:
    """Whether days count from 1904. Raises Unreadable for what is no workbook, is locked, or unpacks to too much."""
    with path.open("rb") as file:
        begin = file.read(4)
    if begin == _LOCKED:
        raise Unreadable(
            f"{path.name} ist mit einem Kennwort geschützt oder im alten Excel-Format; "
            "bitte ohne Kennwort als .xlsx speichern."
        )
    try:
        with zipfile.ZipFile(path) as parts:
            found = parts.infolist()
            if len(found) > _MOST_PARTS or any(one.file_size > _LARGEST for one in found):
                raise Unreadable(f"{path.name} ist entpackt zu groß; bitte auf mehrere Dateien verteilen.")
            if any(one.flag_bits & 1 for one in found):
                raise Unreadable(f"{path.name} ist mit einem Kennwort geschützt; bitte ohne Kennwort speichern.")
            with parts.open("xl/workbook.xml") as book:
                return _SINCE_1904.search(book.read(1024 * 1024)) is not None
    except (zipfile.BadZipFile, KeyError, NotImplementedError, EOFError):
        raise Unreadable(f"{path.name} ist keine Excel-Datei (.xlsx).") from None
