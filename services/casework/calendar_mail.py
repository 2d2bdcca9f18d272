"""Which entries of a calendar are to be mailed: what is new, has moved or is off since each person got it.

What should stand there is compared with what was mailed, whatever has changed it: the desk, an import, an undoing, a
handover. SEQUENCE is the last number of the case, which grows with each of these (RFC 5546, 2.1.4).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from domain.periods import DAY, Period
from domain.things import PLANNED
from services.messages import entries
from services.messages.entries import Entry
from services.office.office import Transaction
from services.people import directory
from services.questions import agenda
from services.questions.agenda import Appointment, FollowUp

AHEAD = 366 * DAY
OVER = ("held", "missed")  # nothing is to be taken out of a calendar


def begin(tx: Transaction, person: str) -> None:
    """The person (directory key) gets entries by mail from now on."""
    there, _ = _standing(tx, {person})
    entries.begin(tx.conn, person, list(there.values()))


def plan(tx: Transaction) -> int:
    """Plans the mails for everybody who wants them and works here; how many."""
    organisation = directory.organisation(tx)
    people = {one for one in entries.wanting(tx.conn) if organisation.employed(one, tx.today)}
    if not people:
        return 0
    entries.forget_before(tx.conn, tx.today)
    known = entries.of(tx.conn, people)
    there, over = _standing(tx, people)
    changed = [*_new(there, known), *_off(there, known, over)]
    for entry in changed:
        entries.change(tx.conn, entry, tx.now)
    return len(changed)


Entries = dict[tuple[str, str], Entry]


def _new(there: Entries, known: Entries) -> Iterator[Entry]:
    """What a calendar has not, or has on another day or at another time."""
    for key, now in there.items():
        before = known.get(key)
        if before is None or before.cancelled or (before.day, before.time) != (now.day, now.time):
            yield now._replace(sequence=max(now.sequence, before.sequence + 1 if before else 0))


def _off(there: Entries, known: Entries, over: Collection[str]) -> Iterator[Entry]:
    """What a calendar has and nobody plans any more, or is with somebody else now."""
    for key, before in known.items():
        if key not in there and not before.cancelled and before.ref not in over:
            yield before._replace(sequence=before.sequence + 1, cancelled=True)


def _standing(tx: Transaction, people: Collection[str]) -> tuple[Entries, set[str]]:
    """What stands in these people's calendars from today on; beside it the appointments that have taken place."""
    organisation, today = directory.organisation(tx), tx.today
    heads = {one for one in people if organisation.heads(one, today)}
    found, over = Entries(), set[str]()
    for some in filter(None, ({*people} - heads, *({one} for one in heads))):
        of_some = agenda.of_workers(tx, some, Period(today, today + AHEAD), today)
        over |= {one.ref for one in of_some.appointments if one.status in OVER}
        planned = [one for one in of_some.appointments if one.status == PLANNED]
        rows: list[Appointment | FollowUp] = [*planned, *of_some.follow_ups]
        for one in rows:
            person = one.worker or next(iter(some))  # without a worker: what a lead has set, who is asked for alone
            time = one.time if isinstance(one, Appointment) else ""
            slot = (isinstance(one, Appointment), one.on, time, one.last)
            found[person, one.ref] = Entry(person, one.ref, one.case_key, *slot, cancelled=False)
    return found, over
