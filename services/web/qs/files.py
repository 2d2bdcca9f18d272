"""Tables for Excel: CSV as German Excel opens it, XLSX with real days. No cell is ever taken for a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from typing import NamedTuple

from services.web.words import dates

Cell = str | int | dt.date | None
FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDEST = 60


class Sheet(NamedTuple):
    """A table with its head, and below it the lines that say where it comes from."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    origin: Sequence[tuple[str, str]]


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a mark at the beginning and semicolons, so that German Excel opens it by a double click."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    for row in (sheet.head, *sheet.rows, (), *sheet.origin):
        writer.writerow([_plain(cell) for cell in row])
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(sheet: Sheet) -> bytes:
    """The table on one sheet, where it comes from on the other."""
    import xlsxwriter  # loads slowly and is needed rarely

    file = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, safe) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd.mm.yyyy"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        table = book.add_worksheet(sheet.name)
        table.write_row(0, 0, sheet.head, bold)
        table.freeze_panes(1, 0)
        for number, row in enumerate(sheet.rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    table.write_datetime(number, column, dt.datetime.combine(cell, dt.time()), day)
                elif isinstance(cell, int):
                    table.write_number(number, column, cell)
                elif cell:
                    table.write_string(number, column, cell)
        for column, width in enumerate(_widths(sheet)):
            table.set_column(column, column, width)
        table.autofilter(0, 0, len(sheet.rows), len(sheet.head) - 1)
        origin = book.add_worksheet("Herkunft")
        origin.set_column(0, 0, 14)
        origin.set_column(1, 1, 100)
        for number, (name, text) in enumerate(sheet.origin):
            origin.write_string(number, 0, name, bold)
            origin.write_string(number, 1, text, wrapped)
    return file.getvalue()


def _plain(cell: Cell) -> str:
    if isinstance(cell, dt.date):
        return dates.plain(cell)
    text = "" if cell is None else str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(FORMULA) else text


def _widths(sheet: Sheet) -> list[int]:
    columns = zip(sheet.head, *sheet.rows, strict=True)
    return [min(max(len(_plain(cell)) for cell in column) + 2, WIDEST) for column in columns]
