"""The desk of the office's settings: one person proposes, another confirms or refuses, each in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from domain.actions import Action
from domain.decisions import settings as decisions
from domain.decisions.refusal import Refused
from domain.facts import Stream
from domain.facts.office import OfficeSet, SettingProposed, TextSet, ThresholdSet
from domain.knowledge import known
from domain.permissions import may
from notifications import wording
from services.casework.case import Forbidden
from services.casework.desk import after_all
from services.people import directory
from services.records import meaning, rulebook

if TYPE_CHECKING:
    import datetime as dt

    from domain.records import Entry, Record
    from services.office.office import Office, Transaction


def propose(office: Office, fact: SettingProposed, on: dt.date, person: str) -> str:
    """Keeps the proposal of a person (directory key) that this shall hold from a day on. Returns its reference.

    Raises `Refused` with the fields of the fact, and `Forbidden`.
    """
    with office.write() as tx:
        key = tx.store.open_stream(tx.conn, Stream.OFFICE, rulebook.RULES)
        id = admitted(tx, person, Action.PROPOSE_SETTINGS)
        units = {unit.code for unit in directory.organisation(tx).units(on)}
        if fact.becomes == "text-set":
            _check_wording(fact.text, fact.body)
        there = whole(tx, key)
        return append(tx, key, there, decisions.propose(known(there), fact, on, id, tx.today, units))[0].ref


def decide(office: Office, ref: str, granted: bool, reason: str, person: str) -> None:
    """Keeps what a person (directory key) has decided about a proposal; what is granted holds from its day on.

    The lists that follow a changed number are computed anew by whoever computes lists, and wait until then. Raises
    `Refused` and `Forbidden`.
    """
    with office.write() as tx:
        key = tx.store.open_stream(tx.conn, Stream.OFFICE, rulebook.RULES)
        id = admitted(tx, person, Action.CONFIRM_SETTINGS)
        there = whole(tx, key)
        units = directory.organisation(tx)
        entries = decisions.decide(known(there), ref, granted, reason, (person, id), tx.today, units)
        for entry in entries:
            if isinstance(entry.fact, TextSet):
                _check_wording(entry.fact.text, entry.fact.body)
        append(tx, key, there, entries)
        if any(isinstance(entry.fact, ThresholdSet | OfficeSet) for entry in entries):
            meaning.settings_changed(tx.conn)


def _check_wording(text: str | None, body: str | None) -> None:
    """What stands in braces is replaced, so it has to be a name that is known."""
    if text is None or not wording.is_known(text):
        raise Refused([("", "Diesen Text gibt es nicht.")])
    if strange := wording.strange(text, body or ""):
        there = ", ".join(f"{{{one}}}" for one in wording.names(text)) or "nichts"
        raise Refused([("body", f"{', '.join(strange)[:200]} gibt es hier nicht. In Klammern geht {there}.")])


def admitted(tx: Transaction, person: str, action: Action) -> str:
    """The id of the person, who may do that today."""
    if not may(action, directory.organisation(tx).role_names(person, tx.today)):
        raise Forbidden("Einstellungen des Amts gehören nicht zu Ihren Aufgaben.")
    return tx.store.number(tx.conn, UUID(hex=person))


def whole(tx: Transaction, key: UUID) -> Sequence[Record]:
    """All that is recorded of the office, ids in clear and persons as keys, while nobody else adds to it."""
    tx.store.lock(tx.conn, key)
    return tx.store.read(tx.store.whole(tx.conn, key), {})


def append(tx: Transaction, key: UUID, there: Sequence[Record], entries: Sequence[Entry]) -> list[Record]:
    """Keeps entries after all that is there of the stream."""
    return tx.store.append(tx.conn, key, entries, after_all(there, tx.now), uuid4().hex)
