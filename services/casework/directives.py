"""Saying that one has read a directive for which a receipt is asked, once a person."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from domain import grounds
from domain.decisions.refusal import Refused
from domain.facts import Stream
from domain.facts.grounds import DirectivePublished, DirectiveRead
from domain.knowledge import known
from domain.records import Entry
from services.casework.desk import after_all
from services.messages import directives as messages
from services.records import rulebook

if TYPE_CHECKING:
    from services.office.office import Office

GONE = "Diese Vorgabe gibt es nicht (mehr)."


def read(office: Office, ref: str, person: str) -> None:
    """Keeps that a person (directory key) has read the directive; saying it again changes nothing. Raises `Refused`."""
    with office.write() as tx:
        key = tx.store.open_stream(tx.conn, Stream.OFFICE, rulebook.RULES)
        tx.store.lock(tx.conn, key)
        there = tx.store.read(tx.store.whole(tx.conn, key), {})
        settings = known(there)
        found = next((one for one in grounds.published(settings, tx.today) if one.ref == ref), None)
        if found is None or not isinstance(found.fact, DirectivePublished):
            raise Refused([("", GONE)])
        if not found.fact.receipt:
            raise Refused([("", "Für diese Vorgabe wird keine Kenntnisnahme bestätigt.")])
        done = grounds.readers(settings)
        if person in done.get(found.ref, set()) | done.get(found.id, set()):
            return
        by = tx.store.number(tx.conn, UUID(hex=person))
        entry = Entry(on=tx.today, fact=DirectiveRead(directive=found.id), by=by)
        tx.store.append(tx.conn, key, [entry], after_all(there, tx.now), uuid4().hex)
        messages.read(tx, found.ref, person)
