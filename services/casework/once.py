"""Makes what a page sends twice one decision: its preview carries a word that is good for one saving."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from services.failures import Said
from services.records.database import insert_once
from services.records.tables import idempotency

if TYPE_CHECKING:
    from services.office.office import Transaction

KEPT_FOR = dt.timedelta(days=7)


class Repeated(Said):
    """It is saved already: `correlation_id` names the decision ("" if what it was about has been erased)."""

    def __init__(self, correlation_id: str) -> None:
        self.correlation_id = correlation_id
        super().__init__("Das ist schon gespeichert.")


def claim(tx: Transaction, person: str, word: str) -> None:
    """Takes the word of a preview for this transaction; another one with it waits. Raises `Repeated`."""
    one, key = idempotency.c, _key(tx, word)
    tx.conn.execute(delete(idempotency).where(one.at < tx.now - KEPT_FOR))
    row = {"person": person, "key": key, "content": tx.office.vault.content(word.encode()), "answer": {}, "at": tx.now}
    if tx.conn.execute(insert_once(tx.conn.dialect, idempotency).returning(one.person), row).scalar() is None:
        answer = tx.conn.scalar(select(one.answer).where(one.person == person, one.key == key)) or {}
        raise Repeated(answer.get("correlation_id", ""))


def note(tx: Transaction, person: str, word: str, correlation_id: str) -> None:
    """Keeps which decision the word was good for."""
    one = idempotency.c
    mine = (one.person == person, one.key == _key(tx, word))
    tx.conn.execute(update(idempotency).where(*mine).values(answer={"correlation_id": correlation_id}))


def _key(tx: Transaction, word: str) -> str:
    return tx.office.vault.ref(f"once/{word}")
