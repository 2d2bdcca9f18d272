"""The checkpoints file: signed lines outside the database that bear witness of every head, and of what was erased.

Each line names what has changed since the line before, and carries the hash of that line: a line that is missing,
moved or changed is found. The heads of all lines together are what the store held at the last one.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct, field
from sqlalchemy import Connection, select

from services.failures import Said
from services.records.recorder import Head
from services.records.tables import heads
from services.records.vault import Vault

Heads = dict[UUID, Head]


class DamagedCheckpoints(Said, ValueError):
    """A checkpoints file that proves nothing; the text is one German sentence."""


class Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One signed line. `heads`: stream -> (last number, hash), those alone that differ from the lines before.

    `restored`: from here on the store is that of a backup, whose heads may lie behind those of the lines before.
    `erased`: the keyed hash of a number that was erased; such a line has no heads.
    """

    kind: Literal["checkpoint", "restored", "erased"]
    at: dt.datetime
    facts: int = 0
    root: str = ""
    heads: dict[str, tuple[int, str]] = {}
    erased: str = ""
    before: str = ""
    key: str = ""
    signature: str = ""


class Book(Struct):
    """What the lines say together. `witnessed`: stream -> number -> hash, rising; `last`: the last line with heads."""

    lines: list[bytes] = field(default_factory=list)
    witnessed: dict[UUID, dict[int, bytes]] = field(default_factory=dict)
    last: Line | None = None
    erased: dict[str, dt.datetime] = field(default_factory=dict)

    @property
    def heads(self) -> Heads:
        """The heads as of the last line; streams without a record are left out."""
        return {key: Head(*max(found.items())) for key, found in self.witnessed.items()}

    def add(self, raw: bytes, line: Line) -> None:
        """Takes in the next line."""
        self.lines.append(raw)
        if line.kind == "erased":
            self.erased[line.erased] = line.at
            return
        self.last = line
        for name, (number, hash) in line.heads.items():
            key = UUID(hex=name)
            found = {n: h for n, h in self.witnessed.pop(key, {}).items() if n < number}
            if number:
                self.witnessed[key] = found | {number: bytes.fromhex(hash)}


def read(path: Path, vault: Vault) -> Book:
    """All lines of a file, each checked. Raises DamagedCheckpoints, OSError."""
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)  # nobody is in the middle of a line
        return parse(file.read(), path, vault)


def parse(content: bytes, path: Path, vault: Vault) -> Book:
    """The same for the bytes of a file; `path` is for the sentences alone."""
    book = Book()
    whole, _, rest = content.rpartition(b"\n")
    if rest:
        raise DamagedCheckpoints(f"Die Prüfpunktdatei {path} ist beschädigt: Die letzte Zeile ist unvollständig.")
    for number, raw in enumerate(whole.split(b"\n") if whole else [], start=1):
        try:
            line = _decoder.decode(raw)
            _check(line, raw, book, f"Zeile {number}", path, vault)
            book.add(raw, line)
        except DamagedCheckpoints:
            raise
        except ValueError:  # msgspec, hex and UUID all say so
            raise DamagedCheckpoints(f"Die Prüfpunktdatei {path} ist beschädigt (Zeile {number}).") from None
    return book


def _check(line: Line, raw: bytes, book: Book, where: str, path: Path, vault: Vault) -> None:
    if line.key != vault.public_key:
        raise DamagedCheckpoints(f"Die Prüfpunktdatei {path} ist mit einem anderen Schlüssel unterschrieben ({where}).")
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(line.key))
        public.verify(bytes.fromhex(line.signature), _signed(line))
    except InvalidSignature:
        raise DamagedCheckpoints(
            f"Die Prüfpunktdatei {path} wurde verändert: Die Unterschrift stimmt nicht ({where})."
        ) from None
    if line.before != _hash_of_last(book) or raw != _encoder.encode(line):
        raise DamagedCheckpoints(f"In der Prüfpunktdatei {path} wurden Zeilen entfernt oder umgestellt ({where}).")


class Writer:
    """Adds lines to a file while it holds its lock."""

    def __init__(self, file: BinaryIO, book: Book, vault: Vault) -> None:
        self.book = book
        self._file, self._vault = file, vault

    def write(self, conn: Connection, at: dt.datetime, kind: Literal["checkpoint", "restored"] = "checkpoint") -> Line:
        """Bears witness of all heads as the transaction sees them."""
        now, before = _stored(conn), self.book.heads
        changed = {key.hex: (head.number, head.hash.hex()) for key, head in now.items() if before.get(key) != head}
        gone = {key.hex: (0, "") for key in before.keys() - now.keys()} if kind == "restored" else {}
        facts = sum(head.number for head in now.values())
        return self._add(Line(kind=kind, at=at, facts=facts, root=_root(now), heads=changed | gone))

    def erase(self, number: str, at: dt.datetime) -> None:
        """Notes that a number (its keyed hash) is erased, for whoever restores an older backup."""
        self._add(Line(kind="erased", at=at, erased=number))

    def copy(self, lines: Iterable[bytes]) -> None:
        """Takes over lines that were checked before."""
        for raw in lines:
            self._append(raw, _decoder.decode(raw))

    def _add(self, line: Line) -> Line:
        line = msgspec.structs.replace(line, before=_hash_of_last(self.book), key=self._vault.public_key)
        line = msgspec.structs.replace(line, signature=self._vault.sign(_signed(line)))
        self._append(_encoder.encode(line), line)
        return line

    def _append(self, raw: bytes, line: Line) -> None:
        end = self._file.seek(0, os.SEEK_END)
        try:
            self._file.write(raw + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError:
            self._file.truncate(end)
            raise
        self.book.add(raw, line)


@contextmanager
def writer(path: Path, vault: Vault) -> Iterator[Writer]:
    """Opens the file to add lines, alone; it is created for its owner. Raises DamagedCheckpoints, OSError.

    What a crash left of a line that was never whole is cut off.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        book = parse(whole, path, vault)
        if len(whole) < len(content):
            file.truncate(len(whole))
        yield Writer(file, book, vault)


def _stored(conn: Connection) -> Heads:
    rows = conn.execute(select(heads.c.key, heads.c.number, heads.c.hash).where(heads.c.number > 0))
    return {key: Head(number, hash) for key, number, hash in rows}


def _root(found: Heads) -> str:
    """One hash over all heads, in the order of their keys."""
    whole = hashlib.sha256()
    for key in sorted(found):
        whole.update(key.bytes + found[key].number.to_bytes(8, "big") + found[key].hash)
    return whole.hexdigest()


def _signed(line: Line) -> bytes:
    return _encoder.encode(msgspec.structs.replace(line, signature=""))


def _hash_of_last(book: Book) -> str:
    return hashlib.sha256(book.lines[-1]).hexdigest() if book.lines else ""


_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Line)
