"""What the database remembers of the checkpoints file, sealed: how many lines it had, and the hash of the last."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection

from services.records import values
from services.records.checkpoints import Book
from services.records.vault import Vault

MARK = "checkpoint written"
OLDER_FILE = "Die Prüfpunktdatei ist älter als der letzte Prüfpunkt: Jemand hat eine frühere an ihren Ort gelegt."
FORGOTTEN = (
    "In der Datenbank fehlt der Vermerk, wie viele Zeilen die Prüfpunktdatei hat, oder er wurde verändert; ein neuer "
    "Prüfpunkt setzt ihn neu."
)


def put(conn: Connection, vault: Vault, book: Book) -> None:
    """Keeps how the file is now."""
    values.put(conn, MARK, _sealed(vault, len(book.lines), _hash(book, len(book.lines))))


def first_missing(conn: Connection, vault: Vault, book: Book) -> str | None:
    """Why the file of the settings is not the one that was written, in one sentence."""
    held = values.value(conn, MARK)
    if held is None:
        return FORGOTTEN if book.lines else None
    lines, hash = _opened(held)
    if held != _sealed(vault, lines, hash):
        return FORGOTTEN
    return None if _hash(book, lines) == hash else OLDER_FILE


def _hash(book: Book, lines: int) -> str:
    return hashlib.sha256(book.lines[lines - 1]).hexdigest() if 0 < lines <= len(book.lines) else ""


def _sealed(vault: Vault, lines: int, hash: str) -> str:
    return f"{lines}:{hash}:{vault.seal(MARK, lines, hash).hex()}"


def _opened(held: str) -> tuple[int, str]:
    lines, _, rest = held.partition(":")
    return int(lines) if lines.isdecimal() else 0, rest.partition(":")[0]
