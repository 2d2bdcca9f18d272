"""A table read through a profile: its facts as lines of the fact format, its refused rows as a table again."""

from __future__ import annotations

import csv
import datetime as dt
import os
import tempfile
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from services.exchange.lines import Frame, written
from services.exchange.profiles.profile import Layout, Profile
from services.exchange.profiles.readers.fieldwise import Fieldwise
from services.exchange.profiles.readers.opening import opened
from services.exchange.profiles.readers.table import GRUND, Cell, Row, Unreadable
from services.exchange.profiles.rows import Document, Rows
from services.exchange.source import Raw, RejectedFile, Source
from services.formulas import guarded
from services.records.reasons import Reason, Refused


class Seen(NamedTuple):
    """What was read of a file: how many rows and facts, and which rows were refused, with the reason."""

    rows: int
    facts: int
    refused: dict[int, str]


class Converted(Source):
    """The facts of a table as a file of lines; each line has the number of its row."""

    def __init__(self, path: Path, file: IO[bytes], rows: array[int], seen: Seen) -> None:
        super().__init__(path, file)
        self.seen = seen
        self._rows = rows

    def lines(self) -> Iterator[Raw]:
        """All facts in the order of the rows."""
        for line in super().lines():
            yield line._replace(number=self._rows[line.number - 1])


@contextmanager
def converted(path: Path, profile: Profile, frame: Frame, folder: Path) -> Iterator[Converted]:
    """Reads a whole table before anything of it is stored; its facts wait in a nameless file of `folder`.

    Raises Missing, Unreadable, OSError; Unreadable also if the file was changed while it was read.
    """
    with tempfile.TemporaryFile(dir=folder) as spool:
        before = _state(path)
        numbers, seen = _written(path, profile, frame, spool)
        if _state(path) != before:
            raise Unreadable(f"{path.name} wurde während des Lesens geändert; gespeichert ist nichts.")
        with Converted(path, spool, numbers, seen) as source:
            yield source


def tried(path: Path, profile: Profile) -> Seen:
    """What a table gives by a profile, without an office. Raises Missing, Unreadable, OSError."""
    frame = Frame(dt.datetime.now(dt.UTC), f"import:{profile.system}")
    with tempfile.TemporaryFile() as nowhere:
        return _written(path, profile, frame, nowhere)[1]


def _state(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino


def _written(path: Path, profile: Profile, frame: Frame, spool: IO[bytes]) -> tuple[array[int], Seen]:
    numbers, count, refused = array("Q"), 0, dict[int, str]()
    with opened(path, profile.file) as table:
        rows = Rows(profile, table, frame.now)
        for row in table.rows():
            count += 1
            try:
                lines = facts_of(row, rows, frame)
            except Refused as reason:
                refused[row.number] = str(reason)
                continue
            for line in lines:
                spool.write(line + b"\n")
                numbers.append(row.number)
    return numbers, Seen(count, len(numbers), refused)


def facts_of(row: Row, rows: Rows, frame: Frame) -> list[bytes]:
    """What a row becomes, a line of the fact format each. Raises Refused that names the column of each fault."""
    return [_checked(one, rows, frame) for one in rows.documents(row)]


def _checked(document: Document, rows: Rows, frame: Frame) -> bytes:
    """The line, if it is a fact. Raises Refused that names the column of each fault."""
    try:
        return written(document, frame)
    except Refused as refused:
        raise Refused([_by_column(one, document["fact"], rows) for one in refused.reasons]) from None


def _by_column(reason: Reason, fact: str, rows: Rows) -> Reason:
    column = rows.column(fact, reason.field)
    return Reason(f"Spalte „{column}“" if column else reason.field, reason.sentence)


class RejectedRows(RejectedFile):
    """FILE.rejected.csv: what stands above the head, the head and each refused row as the source has them, and why."""

    def __init__(self, path: Path, layout: Layout) -> None:
        super().__init__(path.with_name(f"{path.name}.rejected.csv"))
        self._source, self._layout = path, layout
        self._reasons: dict[int, str] = {}

    def add(self, line: Raw, reason: str) -> None:
        """Keeps the number of one row, and what was said first."""
        self._reasons.setdefault(line.number, reason)

    def refused(self) -> bool:
        """Whether a row was refused."""
        return bool(self._reasons)

    def write(self, handle: int) -> None:
        """Writes the rows in their order; of a reason what the source's encoding does not know is a question mark."""
        text = _as_text(self._layout)
        with (
            os.fdopen(handle, "wb", buffering=0) as raw,
            opened(self._source, self._layout) as table,
            open(raw.fileno(), "w", encoding=table.encoding, errors="replace", newline="", closefd=False) as file,
        ):
            out = csv.writer(file, delimiter=table.delimiter)
            head = (table.source if isinstance(table, Fieldwise) else table).head
            kept = [at for at, column in enumerate(head) if column != GRUND]
            out.writerows(map(text, cells) for cells in table.above())
            out.writerow([*(text(head[at]) for at in kept), GRUND])
            for row in table.rows():
                if reason := self._reasons.get(row.number):
                    out.writerows([*_cells(one, kept, len(head), text), guarded(reason)] for one in row.parts or (row,))


def _cells(row: Row, kept: list[int], width: int, text: Callable[[Cell], str]) -> list[str]:
    there = [text(row.cells[at]) if at < len(row.cells) else "" for at in kept]
    return there + [text(cell) for cell in row.cells[width:]]


def _as_text(layout: Layout) -> Callable[[Cell], str]:
    """Cells of XLSX in the first format of `days`; text verbatim, but for what would be a formula."""

    def text(cell: Cell) -> str:
        match cell:
            case str():
                return guarded(cell)
            case None:
                return ""
            case bool():
                return "ja" if cell else "nein"
            case dt.datetime() if cell.time() != dt.time():
                return cell.strftime(layout.moments[0])
            case dt.date():
                return cell.strftime(layout.days[0])
            case float():
                return repr(cell).replace(".", ",")
            case _:
                return str(cell)

    return text
