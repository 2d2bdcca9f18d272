"""What a reader gives: the head of a table and its rows, each with its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from services.failures import Said

Cell = str | bool | int | float | dt.date | dt.datetime | None
KINDS = (".csv", ".xlsx")
MOST_COLUMNS = 1_000
BLANKS = " \t\r\n\v\f\u00a0\u2007\u202f\ufeff"


class Unreadable(Said):
    """A file that is no table this program can read; its text is one German sentence."""


class Row(NamedTuple):
    """One row: the line (CSV) or row of the sheet it begins on, from 1, its cells; `fault` if it cannot be read."""

    number: int
    cells: Sequence[Cell]
    fault: str | None = None


def is_empty(cells: Sequence[Cell]) -> bool:
    """Whether nothing stands in any of the cells."""
    return all(cell is None or (isinstance(cell, str) and not cell.strip(BLANKS)) for cell in cells)


def names(cells: Sequence[Cell]) -> list[str]:
    """The names of columns as the head gives them, without blanks at their ends; line breaks within are blanks."""
    return [" ".join(str("" if cell is None else cell).strip(BLANKS).split()) for cell in cells]
