"""What a checkpoint sees beside the heads: a keyed mark for every follow-up and message, the end of the access log."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, select, true

from services.records import access_log, erasures
from services.records.checkpoints import Book, Seen
from services.records.tables import followups, messages
from services.records.vault import Vault

ROW_GONE = "Eine Wiedervorlage oder Nachricht, die der Prüfpunkt bezeugt, fehlt oder wurde verändert."
ERASURE_GONE = (
    "Eine Löschung, die in der Prüfpunktdatei steht, fehlt in der Datenbank; wurde „erase“ unterbrochen, bitte noch "
    "einmal geben."
)


def seen(conn: Connection, vault: Vault) -> Seen:
    """What there is of these now."""
    return Seen(frozenset(_marks(conn, vault)), access_log.end(conn))


def marks_of_messages(conn: Connection, vault: Vault, case: UUID) -> frozenset[str]:
    """The marks of the messages about a case, which its erasure deletes."""
    return frozenset(_messages(conn, vault, messages.c.case_key == case))


def first_gone(conn: Connection, vault: Vault, book: Book) -> str | None:
    """Why something is not there that the checkpoints bear witness of, in one sentence."""
    if book.rows - set(_marks(conn, vault)):
        return ROW_GONE
    noted = erasures.noted(conn)
    if book.erased.keys() - noted.keys():
        return ERASURE_GONE
    earlier = any(noted[number] < at for number, at in book.erased.items())
    known = erasures.is_sealed(conn, vault) or (erasures.is_unsealed(conn) and noted == book.erased)
    return erasures.ALTERED if earlier or not known else None


def _marks(conn: Connection, vault: Vault) -> Iterator[str]:
    yield from _messages(conn, vault, true())
    one = followups.c
    for row in conn.execute(select(one.id, one.case_key, one.rule, one.stage, one.cause)):
        yield _mark(vault, "followup", *row)


def _messages(conn: Connection, vault: Vault, wanted: ColumnElement[bool]) -> Iterator[str]:
    one = messages.c
    of_row = select(one.unique_key, one.recipient, one.kind, one.case_key, one.followup, one.data).where(wanted)
    for row in conn.execute(of_row):
        yield _mark(vault, "message", *row)


def _mark(vault: Vault, of: str, *parts: object) -> str:
    return vault.seal(of, *parts)[:8].hex()
