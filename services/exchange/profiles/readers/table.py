"""What a reader gives: the head of a table and its rows, each with its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from services.failures import Said
from services.records.reasons import nearest, shown

Cell = str | bool | int | float | dt.date | dt.datetime | None
KINDS = (".csv", ".xlsx")
MOST_COLUMNS = 1_000
GRUND = "Grund"  # the last column of the rows that were refused, in a file of ours
TOP = 12  # rows in which the head is looked for where nobody has said where it stands
BLANKS = " \t\r\n\v\f\u00a0\u2007\u202f\ufeff"


class Unreadable(Said):
    """A file that is no table this program can read; its text is one German sentence."""


class Missing(Said):
    """Columns that the file lacks or has twice; its text names them."""


class Row(NamedTuple):
    """One row: the line (CSV) or row of the sheet it begins on, from 1, its cells; `fault` if it cannot be read.

    `parts`: the rows of the file that it was put together of, if it is none of them itself.
    """

    number: int
    cells: Sequence[Cell]
    fault: str | None = None
    parts: Sequence[Row] = ()


def is_empty(cells: Sequence[Cell]) -> bool:
    """Whether nothing stands in any of the cells."""
    return all(cell is None or (isinstance(cell, str) and not cell.strip(BLANKS)) for cell in cells)


def names(cells: Sequence[Cell]) -> list[str]:
    """The names of columns as the head gives them, without blanks at their ends; line breaks within are blanks."""
    return [" ".join(str("" if cell is None else cell).strip(BLANKS).split()) for cell in cells]


def places(wanted: Sequence[str], head: Sequence[str], file: str) -> dict[str, int]:
    """Where in the head each of these columns stands. Raises Missing."""
    by_name = {" ".join(column.strip(BLANKS).split()): column for column in wanted}
    missing = [said for name, said in by_name.items() if name not in head]
    doubled = [said for name, said in by_name.items() if head.count(name) > 1]
    if missing:
        lacks = "fehlt die Spalte" if len(missing) == 1 else "fehlen die Spalten"
        hint = nearest(missing[0], head) if len(missing) == 1 else ""
        raise Missing(f"{file} {lacks} {', '.join(map(shown, missing))}.{hint}")
    if doubled:
        raise Missing(f"{file} hat die Spalte {', '.join(map(shown, doubled))} mehrmals; gebraucht wird sie einmal.")
    return {said: head.index(name) for name, said in by_name.items()}
