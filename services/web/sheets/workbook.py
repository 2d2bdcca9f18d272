"""A table as XLSX, written in a process of its own: parts of it come in, the file goes out, and the process ends.

It has real days, and no cell is ever taken for a formula.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import pickle
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

import xlsxwriter

from services.web.sheets.sheet import Cell, Sheet, plain

if TYPE_CHECKING:
    from xlsxwriter.workbook import Format, Workbook, Worksheet

BEHIND = 5  # how far it steps back behind those who answer pages
WIDEST = 60
SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def book(sheet: Sheet, rows: Iterable[Sequence[Cell]]) -> bytes:
    """These rows under the head of the sheet, and where they come from on another."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, SAFE) as writing:
        bold = writing.add_format({"bold": True})
        _table(writing, bold, sheet, rows)
        _origin(writing, bold, sheet)
    return file.getvalue()


def _table(writing: Workbook, bold: Format, sheet: Sheet, rows: Iterable[Sequence[Cell]]) -> None:
    day = writing.add_format({"num_format": "dd.mm.yyyy"})
    table, last, widths = writing.add_worksheet(sheet.name), 0, [len(text) for text in sheet.head]
    table.write_row(0, 0, sheet.head, bold)
    table.freeze_panes(1, 0)
    for last, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            _write(table, last, column, cell, day)
            widths[column] = max(widths[column], len(plain(cell)))
    for column, width in enumerate(widths):
        table.set_column(column, column, min(width + 2, WIDEST))
    table.autofilter(0, 0, last, len(sheet.head) - 1)


def _write(table: Worksheet, row: int, column: int, cell: Cell, day: Format) -> None:
    if isinstance(cell, dt.date):
        table.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), day)
    elif isinstance(cell, int):
        table.write_number(row, column, cell)
    elif cell:
        table.write_string(row, column, cell)


def _origin(writing: Workbook, bold: Format, sheet: Sheet) -> None:
    wrapped = writing.add_format({"text_wrap": True, "valign": "top"})
    origin = writing.add_worksheet("Herkunft")
    origin.set_column(0, 0, 14)
    origin.set_column(1, 1, 100)
    for number, (name, text) in enumerate(sheet.origin):
        origin.write_string(number, 0, name, bold)
        origin.write_string(number, 1, text, wrapped)


def _told(coming: BinaryIO) -> Iterator[Sequence[Cell]]:
    """The rows that come in parts, until no more do."""
    while True:
        try:
            part = pickle.load(coming)
        except EOFError:
            return
        yield from part


def main() -> None:
    """A sheet without rows comes in, then its rows in parts; who started this process decides when to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(BEHIND)
    coming = sys.stdin.buffer
    sheet = pickle.load(coming)
    sys.stdout.buffer.write(book(sheet, _told(coming)))


if __name__ == "__main__":
    main()
