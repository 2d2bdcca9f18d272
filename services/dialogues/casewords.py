"""Which of the numbers somebody types are cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.facts import Stream
from services.dialogues.line import Known

if TYPE_CHECKING:
    from services.office.office import Transaction


def known(tx: Transaction) -> Known:
    """A number as typed -> the number under which there is a case: as it stands, else in capitals."""

    def number(typed: str) -> str | None:
        return next((one for one in (typed, typed.upper()) if tx.store.key(tx.conn, Stream.CASE, one)), None)

    return number
