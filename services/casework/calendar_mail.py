"""Which entries of a calendar are to be mailed: what is new, has moved or is off since each person got it.

What should stand there is compared with what was mailed, whatever has changed it: the desk, an import, an undoing, a
handover. SEQUENCE is the last number of the case, which grows with each of these (RFC 5546, 2.1.4).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from domain.periods import DAY, Period
from domain.things import PLANNED
from services.followups.batches import Before, in_batches, nothing
from services.messages import entries, mail
from services.messages.entries import Entry
from services.people import directory
from services.questions import agenda

if TYPE_CHECKING:
    from services.office.office import Office, Transaction

AHEAD = 366 * DAY
OVER = ("held", "missed")  # nothing is to be taken out of a calendar


def begin(tx: Transaction, person: str) -> None:
    """The person (directory key) gets entries by mail from now on."""
    there, _ = _standing(tx, {person})
    entries.begin(tx.conn, person, list(there.values()))


def plan(office: Office, before: Before = nothing) -> int:
    """Plans the mails for everybody who wants them, works here and can be mailed; how many. Raises Waiting.

    Nobody who writes waits for the comparison: only what differs is written. `before` is done first where it is.
    """
    with office.read() as tx:
        changed = _changed(tx)
    return in_batches(office, changed, _keep, before)


def _keep(tx: Transaction, changed: Sequence[Entry]) -> int:
    wanting = entries.wanting(tx.conn)  # who has ended it meanwhile
    kept = [entry for entry in changed if entry.person in wanting]
    for entry in kept:
        entries.change(tx.conn, entry, tx.now)
    return len(kept)


def _changed(tx: Transaction) -> list[Entry]:
    organisation = directory.organisation(tx)
    people = mail.reached(tx, {one for one in entries.wanting(tx.conn) if organisation.employed(one, tx.today)})
    if not people:
        return []
    known = entries.of(tx.conn, people, tx.today)
    lost = entries.undelivered(tx.conn, people, tx.today)
    there, over = _standing(tx, people)
    return [*_new(there, known, lost), *_off(there, known, lost, over)]


Entries = dict[entries.Key, Entry]


def _new(there: Entries, known: Entries, lost: Collection[entries.Key]) -> Iterator[Entry]:
    """What a calendar has not, or has on another day or at another time."""
    for key, now in there.items():
        before = known.get(key)
        if before is None or before.cancelled or key in lost or (before.day, before.time) != (now.day, now.time):
            yield now._replace(sequence=max(now.sequence, before.sequence + 1 if before else 0))


def _off(there: Entries, known: Entries, lost: Collection[entries.Key], over: Collection[str]) -> Iterator[Entry]:
    """What a calendar has and nobody plans any more, or is with somebody else now."""
    for key, before in known.items():
        if key not in there and (not before.cancelled or key in lost) and before.ref not in over:
            yield before._replace(sequence=before.sequence + 1, cancelled=True)


def _standing(tx: Transaction, people: Collection[str]) -> tuple[Entries, set[str]]:
    """What stands in these people's calendars from today on; beside it the appointments that have taken place."""
    found = agenda.slots(tx, people, Period(tx.today, tx.today + AHEAD), tx.today)
    there = {
        (one.person, one.ref): Entry(
            one.person, one.ref, one.case_key, one.appointment, one.on, one.time, one.last, cancelled=False
        )
        for one in found
        if one.status == PLANNED or not one.appointment
    }
    return there, {one.ref for one in found if one.status in OVER}
