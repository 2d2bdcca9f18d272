"""The file an import reads, line by line, and the file beside it that keeps what was refused."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple, Self

from services import failures
from services.exchange.lines import LONGEST
from services.exchange.profiles.readers.table import KINDS
from services.failures import Said

_POSSIBLE = "Dateien im Fakten-Format (.jsonl), mit einem Profil auch Tabellen (.csv, .xlsx)"
_BOM = b"\xef\xbb\xbf"
_BLANKS = b" \t\r\n"
_PIECE = 1024 * 1024


class Unusable(Said):
    """A file that cannot be imported at all; its text is one German sentence."""


class Raw(NamedTuple):
    """One line: its number from 1, where it begins, its bytes on disk, and its content; None if it is too long."""

    number: int
    offset: int
    size: int
    content: bytes | None


def look_at(path: Path, *, as_table: bool) -> None:
    """Raises Unusable for what is no file that can be imported so, OSError."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    kind = path.suffix.lower()
    if not as_table and kind in KINDS:
        raise Unusable(f"{path.name} ist eine Tabelle: bitte mit --profile sagen, was ihre Spalten bedeuten.")
    if kind not in (KINDS if as_table else (".jsonl",)):
        raise Unusable(f"{path} lässt sich nicht importieren: möglich sind {_POSSIBLE}.")
    if path.exists() and not path.is_file():
        raise Unusable(f"{path} ist keine gewöhnliche Datei.")


def default_by(path: Path) -> str:
    """Who recorded the lines of a file that name nobody."""
    return "import:" + "".join(char for char in path.name if char.isprintable())[:100]


class Source:
    """A file of lines. Empty lines, a byte order mark and line ends of Windows are passed over."""

    def __init__(self, path: Path, file: IO[bytes] | None = None) -> None:
        self.path = path
        self._file = file or path.open("rb")
        self.size = os.fstat(self._file.fileno()).st_size

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def again(self, line: Raw) -> Raw:
        """The same line with its content, read once more."""
        return line._replace(content=os.pread(self._file.fileno(), line.size, line.offset).strip(_BLANKS))

    def pieces(self, line: Raw) -> Iterator[bytes]:
        """The bytes of a line as they stand in the file, in pieces of bounded size, without its end."""
        with self.path.open("rb") as file:
            file.seek(line.offset)
            left = line.size
            while left and (piece := file.read(min(left, _PIECE))):
                left -= len(piece)
                yield piece

    def lines(self) -> Iterator[Raw]:
        """All lines that are not empty, as they stand."""
        number, offset = 0, 0
        self._file.seek(0)
        if self._file.read(len(_BOM)) == _BOM:
            offset = len(_BOM)
        self._file.seek(offset)
        while piece := self._file.readline(LONGEST + 2):  # as long as a line may be, with its end
            number += 1
            size, ended = len(piece), piece.endswith(b"\n")
            while not ended and (rest := self._file.readline(_PIECE)):
                size, ended = size + len(rest), rest.endswith(b"\n")
            content = piece.strip(_BLANKS)
            if content or size > len(piece):
                fits = size == len(piece) and len(content) <= LONGEST
                yield Raw(number, offset, size - ended, content if fits else None)
            offset += size


class RejectedFile:
    """A file beside a source that keeps what was refused, mode 0600: replaced each run, removed where nothing is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Writes the file in the order of the source, or removes the one of the run before.

        What cannot be written, or read once more, is remembered in `problem` and stops nothing.
        """
        try:
            if self.refused():
                self._replace()
            else:
                self.path.unlink(missing_ok=True)
        except OSError as problem:
            self.problem = f"{self.path} {failures.of_file(problem)}."
        except failures.Said as problem:
            self.problem = f"{self.path} wurde nicht geschrieben: {problem}"

    def add(self, line: Raw, reason: str) -> None:
        """Keeps the place of what was refused, and why."""
        raise NotImplementedError

    def refused(self) -> bool:
        """Whether anything was refused."""
        raise NotImplementedError

    def write(self, handle: int) -> None:
        """Writes what was refused to an open file."""
        raise NotImplementedError

    def _replace(self) -> None:
        handle, name = tempfile.mkstemp(prefix=".rejected-", dir=self.path.parent)  # readable by its owner alone
        try:
            self.write(handle)
            Path(name).replace(self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


class Rejected(RejectedFile):
    """FILE.rejected.jsonl: each refused line whole."""

    def __init__(self, source: Source) -> None:
        super().__init__(source.path.with_name(f"{source.path.name}.rejected.jsonl"))
        self._source = source
        self._lines: list[Raw] = []

    def add(self, line: Raw, reason: str) -> None:
        """Keeps the place of one line; why it was refused is not written."""
        self._lines.append(line._replace(content=None))

    def refused(self) -> bool:
        """Whether a line was refused."""
        return bool(self._lines)

    def write(self, handle: int) -> None:
        """Writes the lines in their order."""
        with os.fdopen(handle, "wb") as file:
            for line in sorted(self._lines):
                file.writelines(self._source.pieces(line))
                file.write(b"\n")
