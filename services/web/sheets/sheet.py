"""Tables for Excel, and CSV as German Excel opens it. No cell is ever taken for a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from typing import NamedTuple

from services.formulas import guarded
from services.web.words import dates

Cell = str | int | dt.date | None


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
        writer.writerow([plain(cell) for cell in row])
    return file.getvalue().encode("utf-8-sig")


def plain(cell: Cell) -> str:
    """A cell as text, which no program takes for a formula."""
    if isinstance(cell, dt.date):
        return dates.plain(cell)
    return guarded(cell) if isinstance(cell, str) else "" if cell is None else str(cell)
