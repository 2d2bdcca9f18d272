"""CSV: encoding and delimiter recognised if the profile does not say them."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from services.exchange.profiles.profile import Layout
from services.exchange.profiles.readers.table import GRUND, MOST_COLUMNS, TOP, Row, Unreadable, is_empty, names
from services.formulas import bare

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = ";\t,|"
_PIECE = 1024 * 1024
_LONGEST_CELL = 64 * 1024


class Csv:
    """A CSV file, open; `encoding` and `delimiter` as the profile says or as recognised, `head` its column names."""

    def __init__(self, path: Path, layout: Layout) -> None:
        self.path = path
        self.encoding = _by_mark(path) or layout.encoding or _recognised(path)
        self._layout, self._ours = layout, False
        self._file = path.open("r", encoding=self.encoding, newline="")
        try:
            self.delimiter = layout.delimiter or self._delimiter()
            self.head = self._head()
            self._ours = self.head[-1:] == [GRUND]
            self.head = [self._as_was(name) for name in self.head]
        except (UnicodeDecodeError, csv.Error) as error:
            self._file.close()
            raise self._unreadable(error) from None
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Lets go of the file."""
        self._file.close()

    def rows(self) -> Iterator[Row]:
        """All rows below the head that are not empty. Raises Unreadable where the bytes are no text."""
        try:
            for number, cells in self._after_head():
                if is_empty(cells) or names(cells) == self.head:  # files put together bring the head along again
                    continue
                yield Row(
                    number,
                    cells,
                    None
                    if len(cells) <= len(self.head) or is_empty(cells[len(self.head) :])
                    else f"Die Zeile hat {len(cells)} Felder, die Kopfzeile {len(self.head)}.",
                )
        except (UnicodeDecodeError, csv.Error) as error:
            raise self._unreadable(error) from None

    def above(self) -> Iterator[list[str]]:
        """The rows above the head, as they stand."""
        for at, (_, cells) in enumerate(self._lines(), 1):
            if at == self._layout.header:
                return
            yield cells

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        """Each row with the line it begins on."""
        self._file.seek(0)
        csv.field_size_limit(_LONGEST_CELL)
        reader = csv.reader(self._file, delimiter=self.delimiter)
        while True:
            begins = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise csv.Error(f"{begins}", str(error)) from None
            yield begins, [self._as_was(cell) for cell in cells] if self._ours else cells

    def _as_was(self, cell: str) -> str:
        """A cell of refused rows as their source had it: there it begins with no quote that keeps it from counting."""
        return bare(cell) if self._ours else cell

    def _after_head(self) -> Iterator[tuple[int, list[str]]]:
        for at, (number, cells) in enumerate(self._lines(), 1):
            if at > self._layout.header:
                yield number, cells

    def _head(self) -> list[str]:
        if not self._layout.header:
            return []
        for at, (_, cells) in enumerate(self._lines(), 1):
            if at == self._layout.header:
                found = names(cells)
                while found and not found[-1]:
                    found.pop()
                if not any(found):
                    break
                if len(found) > MOST_COLUMNS:
                    raise Unreadable(f"{self.path.name} hat mehr als {MOST_COLUMNS} Spalten.")
                return found
        raise Unreadable(f"{self.path.name} hat in Zeile {self._layout.header} keine Spaltennamen.")

    def _delimiter(self) -> str:
        """What stands most often between the names of the head, outside quotes."""
        for _ in range(self._layout.header - 1):
            self._file.readline(_PIECE)
        head = "".join(self._file.readline(_PIECE) for _ in range(1 if self._layout.header else TOP))
        outside = "".join(head.split('"')[::2])
        return max(_DELIMITERS, key=lambda char: (outside.count(char), -_DELIMITERS.index(char)))

    def _unreadable(self, error: Exception) -> Unreadable:
        if isinstance(error, UnicodeDecodeError):
            return Unreadable(
                f"{self.path.name} ist nicht in {self.encoding} geschrieben; bitte encoding im Profil angeben."
            )
        line = error.args[0] if str(error.args[0]).isdecimal() else "?"
        return Unreadable(
            f"{self.path.name}, Zeile {line}: ein Feld ist zu lang oder nicht abgeschlossen "
            "(fehlt ein Anführungszeichen?)."
        )


def _by_mark(path: Path) -> str | None:
    with path.open("rb") as file:
        begin = file.read(4)
    return next((name for mark, name in _BOMS if begin.startswith(mark)), None)


def _recognised(path: Path) -> str:
    """UTF-8 if all of it is, else Windows-1252, as office programs write it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "windows-1252"
    return "utf-8"
