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
from typing import BinaryIO, Literal, NamedTuple
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import UNSET, Struct, UnsetType, field
from sqlalchemy import Connection, select

from domain.periods import BERLIN
from services.failures import Said
from services.records.recorder import Head
from services.records.tables import heads
from services.records.vault import Vault

Heads = dict[UUID, Head]
Witnessed = dict[UUID, dict[int, bytes]]  # stream -> number -> hash
KEYED = 2


class DamagedCheckpoints(Said, ValueError):
    """A checkpoints file that proves nothing; the text is one German sentence."""


class BackInTime(DamagedCheckpoints):
    """The last checkpoint is later than now: the clock goes wrong; the text is one German sentence."""

    def __init__(self, last: dt.datetime, now: dt.datetime) -> None:
        one, other = (f"{at.astimezone(BERLIN):%d.%m.%Y %H:%M}" for at in (last, now))
        super().__init__(f"Kein Prüfpunkt: Der letzte ist vom {one}, die Uhr zeigt aber erst {other}.")


class Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One signed line. `heads`: stream -> (last number, hash), those alone that differ from the lines before.

    `restored`: from here on the store is that of a backup, whose heads may lie behind those of the lines before.
    `erased`: the keyed hash of a number that was erased; such a line has no heads.
    `chain`: 2 where the hashes of the heads are keyed; older lines lack it and what stands after it. `rows`, `gone`:
    the marks of follow-ups and messages that came or rightly went since the lines before. `log`: the last entry of the
    access log.
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
    chain: int | UnsetType = UNSET
    rows: tuple[str, ...] | UnsetType = UNSET
    gone: tuple[str, ...] | UnsetType = UNSET
    log: tuple[int, str] | UnsetType = UNSET


class Seen(NamedTuple):
    """What a checkpoint bears witness of beside the heads: the marks of rows, and the last entry of the access log."""

    rows: frozenset[str] = frozenset()
    log: tuple[int, bytes] = (0, b"")


class Book(Struct):
    """What the lines say together. `last`: the last line with heads.

    `witnessed`: stream -> number -> keyed hash, rising; `before_keys`: the same of lines from before hashes were keyed.
    """

    lines: list[bytes] = field(default_factory=list)
    witnessed: Witnessed = field(default_factory=dict)
    before_keys: Witnessed = field(default_factory=dict)
    last: Line | None = None
    erased: dict[str, dt.datetime] = field(default_factory=dict)
    rows: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    log: tuple[int, bytes] = (0, b"")

    @property
    def heads(self) -> Heads:
        """The heads as of the last line; streams without a record are left out."""
        return {key: Head(*max(found.items())) for key, found in self._held.items()}

    @property
    def is_keyed(self) -> bool:
        """Whether the last line with heads is one whose hashes are keyed."""
        return self.last is not None and self.last.chain is not UNSET

    @property
    def _held(self) -> Witnessed:
        return self.witnessed if self.is_keyed else self.before_keys

    def add(self, raw: bytes, line: Line) -> None:
        """Takes in the next line."""
        self.lines.append(raw)
        self.gone.update(line.gone or ())
        self.rows = self.rows.difference(line.gone or ()).union(line.rows or ())
        if line.kind == "erased":
            self.erased[line.erased] = line.at
            return
        self.last = line
        if line.log is not UNSET:
            self.log = (line.log[0], bytes.fromhex(line.log[1]))
        for name, (number, hash) in line.heads.items():
            self._add_head(UUID(hex=name), number, bytes.fromhex(hash))

    def _add_head(self, key: UUID, number: int, hash: bytes) -> None:
        for witnessed in (self.witnessed, self.before_keys):  # of what a restored line leaves behind nothing counts
            found = {n: h for n, h in witnessed.pop(key, {}).items() if n < number or witnessed is not self._held}
            found = {n: h for n, h in found.items() if n <= number}
            if number and witnessed is self._held:
                found[number] = hash
            if found:
                witnessed[key] = found


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
    if book.last is not None and line.chain is not UNSET and line.kind == "checkpoint" and line.at < book.last.at:
        raise DamagedCheckpoints(f"In der Prüfpunktdatei {path} geht die Zeit zurück ({where}).")
    if line.before != _hash_of_last(book) or raw != _encoder.encode(line):
        raise DamagedCheckpoints(f"In der Prüfpunktdatei {path} wurden Zeilen entfernt oder umgestellt ({where}).")


class Writer:
    """Adds lines to a file while it holds its lock."""

    def __init__(self, file: BinaryIO, book: Book, vault: Vault) -> None:
        self.book = book
        self._file, self._vault = file, vault

    def write(
        self, conn: Connection, at: dt.datetime, seen: Seen, kind: Literal["checkpoint", "restored"] = "checkpoint"
    ) -> Line:
        """Bears witness of all heads as the transaction sees them, and of what else was seen. Raises BackInTime."""
        if kind == "checkpoint" and self.book.last is not None and at < self.book.last.at:
            raise BackInTime(self.book.last.at, at)
        now, before = stored_heads(conn), self.book.heads
        changed = {key.hex: (head.number, head.hash.hex()) for key, head in now.items() if before.get(key) != head}
        gone = {key.hex: (0, "") for key in before.keys() - now.keys()} if kind == "restored" else {}
        facts = sum(head.number for head in now.values())
        line = Line(kind=kind, at=at, facts=facts, root=_root(now), heads=changed | gone, chain=KEYED)
        rows = tuple(sorted(seen.rows - self.book.rows))
        left = tuple(sorted(self.book.rows - seen.rows)) if kind == "restored" else ()
        log = (seen.log[0], seen.log[1].hex())
        return self._add(msgspec.structs.replace(line, rows=rows, gone=left, log=log))

    def erase(self, number: str, at: dt.datetime, gone: Iterable[str] = ()) -> None:
        """Notes that a number (its keyed hash) is erased, for whoever restores an older backup.

        `gone`: the marks of the rows that the erasure deletes.
        """
        self._add(Line(kind="erased", at=at, erased=number, gone=tuple(sorted(gone)) or UNSET))

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


def stored_heads(conn: Connection) -> Heads:
    """The heads of all streams that have records."""
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
