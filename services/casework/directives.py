"""Saying that one has read a directive for which a receipt is asked, once a person."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from domain import grounds
from domain.decisions.refusal import Refused
from domain.facts import Stream
from domain.facts.grounds import DirectivePublished, DirectiveRead
from domain.knowledge import Known, known
from domain.records import Entry
from services.messages import directives as messages
from services.records import rulebook

if TYPE_CHECKING:
    from services.office.office import Office, Transaction

GONE = "Diese Vorgabe gibt es nicht (mehr)."


def read(office: Office, ref: str, person: str) -> None:
    """Keeps that a person (directory key) has read the directive; saying it again changes nothing. Raises `Refused`."""
    with office.write() as tx:
        key = tx.store.open_stream(tx.conn, Stream.OFFICE, rulebook.RECEIPTS)
        tx.store.lock(tx.conn, key)
        found = next((one for one in grounds.published(_settings(tx), tx.today) if one.ref == ref), None)
        if found is None or not isinstance(found.fact, DirectivePublished):
            raise Refused([("", GONE)])
        if not found.fact.receipt:
            raise Refused([("", "Für diese Vorgabe wird keine Kenntnisnahme bestätigt.")])
        if person in rulebook.readers(tx.conn).get(found.ref, set()):
            return
        by = tx.store.number(tx.conn, UUID(hex=person))
        entry = Entry(on=tx.today, fact=DirectiveRead(directive=found.id), by=by)
        tx.store.append(tx.conn, key, [entry], tx.now, uuid4().hex)
        messages.read(tx, found.ref, person)


def _settings(tx: Transaction) -> list[Known]:
    """What the office has set, ids in clear: a receipt names its directive by that."""
    key = tx.store.key(tx.conn, Stream.OFFICE, rulebook.RULES)
    return [] if key is None else known(tx.store.read(tx.store.whole(tx.conn, key), {}))
