"""Files as they are kept: encrypted piece by piece, so that none is ever whole in memory or readable on disk."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import IO

from services.exchange.uploads.shelf import BEGUN
from services.failures import Said
from services.records.vault import Cipher

PIECE = 1024 * 1024  # bytes sealed at once
AT_WORK = "lauf-"  # begins the folders of the one process that checks and imports; what it left when killed is cleared
LOOKED_AT = "blick-"  # begins those in which a page reads: any number at once, beside that process
_SIZE = 4


class Damaged(Said):
    """A sealed file that was changed, cut or sealed by another key; its text is one German sentence."""


class Sealer:
    """Writes a new file of mode 0600; what is not ended cannot be opened."""

    def __init__(self, path: Path, cipher: Cipher) -> None:
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._cipher, self._number, self._left = cipher, 0, bytearray()

    def write(self, clear: bytes) -> None:
        """Seals what makes whole pieces. Raises OSError."""
        self._left += clear
        while len(self._left) > PIECE:
            self._put(bytes(self._left[:PIECE]))
            del self._left[:PIECE]

    def end(self) -> None:
        """Seals the rest and brings all to disk. Raises OSError."""
        self._put(bytes(self._left), last=True)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def close(self) -> None:
        """Lets go of the file, ended or not."""
        self._file.close()

    def _put(self, clear: bytes, *, last: bool = False) -> None:
        piece = self._cipher.seal(clear, _context(self._number, last=last))
        self._file.write(len(piece).to_bytes(_SIZE) + piece)
        self._number += 1


def pieces(path: Path, cipher: Cipher) -> Iterator[bytes]:
    """The clear content of a file, which may be deleted meanwhile. Raises OSError, and when it is read Damaged, also
    where the end is missing.
    """
    return _pieces(path.open("rb"), cipher)


def _pieces(file: BufferedReader, cipher: Cipher) -> Iterator[bytes]:
    with file:
        number, last = 0, False
        while head := file.read(_SIZE):
            piece = file.read(min(int.from_bytes(head), PIECE + 64))
            last = not file.peek(1)
            clear = None if len(head) < _SIZE else cipher.open(piece, _context(number, last=last))
            if clear is None:
                break
            yield clear
            number += 1
        else:
            if last:
                return
    raise Damaged("Die gespeicherte Datei ist beschädigt; bitte noch einmal hochladen.")


def seal_file(path: Path, to: Path, cipher: Cipher) -> None:
    """Seals a file that is there in the place of what was sealed there before; the clear one is gone afterwards."""
    begun = to.with_suffix(BEGUN)
    begun.unlink(missing_ok=True)
    sealer = Sealer(begun, cipher)
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                sealer.write(piece)
        sealer.end()
        begun.replace(to)
    finally:
        sealer.close()
        begun.unlink(missing_ok=True)
        path.unlink()


@contextmanager
def laid_open(path: Path, cipher: Cipher, name: str, begins: str = LOOKED_AT) -> Iterator[Path]:
    """The clear file under this name while it is read: it has no place on the disk and goes with this process.

    It lies in a folder of its own, which is ours alone. Raises Damaged, OSError.
    """
    with (
        tempfile.TemporaryDirectory(prefix=begins, dir=path.parent) as folder,
        tempfile.TemporaryFile(dir=path.parent) as clear,
    ):
        for piece in pieces(path, cipher):
            clear.write(piece)
        clear.flush()
        link = Path(folder) / name
        link.symlink_to(_opened_by_us(clear))
        yield link


def _opened_by_us(file: IO[bytes]) -> str:
    return f"/proc/{os.getpid()}/fd/{file.fileno()}"


def _context(number: int, *, last: bool) -> bytes:
    return number.to_bytes(8) + bytes([last])
