"""Who can be given a case, found by typing a name, a unit or an area; unit and area follow from the person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from domain import words
from domain.decisions.refusal import Refused
from domain.dialogues.handover import BETWEEN
from domain.organisation import Organisation
from domain.permissions import About
from services.people import directory
from services.records import streams
from services.records.words import alphabetical, spelled

if TYPE_CHECKING:
    from services.office.office import Transaction

SHOWN = 6  # so many are offered at once
AREAS = {  # where somebody with this role works, unless the role says it
    "case_manager": "fallmanagement",
    "special_case_manager": "spezial-fm",
    "job_academy": "jobakademie",
    "placement": "av-ags",
}
NOBODY = About(None, None, None)
Receivers = Sequence[tuple[str, str]]


def receivers(
    tx: Transaction, organisation: Organisation, today: dt.date, own: set[str], about: About = NOBODY
) -> Receivers:
    """Everybody but who has the case now, those of these units first: (unit, area and person, in words)."""
    places = {
        (key, organisation.current(role.unit, today), area)
        for key in organisation.persons(today)
        for role in organisation.roles(key, today)
        if role.unit and (area := AREAS.get(role.role) and (role.area or AREAS[role.role]))
    } - {(about.worker, about.unit, about.area)}
    people = {UUID(hex=key) for key, _, _ in places}
    streams.look_up(tx.conn, people)  # names and ids in one statement
    names = directory.labels(tx, {key for key, _, _ in places})
    ids = tx.store.numbers(tx.conn, people)
    there = sorted(places, key=lambda one: (one[1] not in own, one[1], one[2], alphabetical(names[one[0]])))
    return [
        (BETWEEN.join((unit, area, ids[UUID(hex=key)])), f"{names[key]} · {unit} · {words.AREAS[area]}")
        for key, unit, area in there
    ]


def matching(people: Receivers, typed: str) -> Receivers:
    """Those in whose name, unit and area a word begins with each typed one; nothing is guessed. Nothing typed: all."""
    wanted = ["".join(spelled(word)) for word in typed.split()]
    return [one for one in people if all(any(key.startswith(word) for key in _keys(one[1])) for word in wanted)]


def chosen(people: Receivers, typed: str, field: str) -> str:
    """The value of the one person that is meant, by value or by typing. Raises `Refused` with the field."""
    exact = next((value for value, label in people if typed.strip() in (value, label)), None)
    if exact is not None:
        return exact
    found = matching(people, typed) if spelled(typed) else []
    if len(found) == 1:
        return found[0][0]
    said = f"„{typed.strip()[:40]}“"
    if not typed.strip():
        sentence = "Bitte einen Namen eingeben oder jemanden wählen."
    elif not found:
        sentence = f"Zu {said} ist niemand zu finden, der den Fall übernehmen kann."
    elif len(found) <= SHOWN:
        sentence = f"Zu {said} passen {len(found)} Personen. Bitte eine wählen."
    else:
        sentence = f"Zu {said} passen {len(found)} Personen. Bitte mehr vom Namen eingeben oder eine wählen."
    raise Refused([(field, sentence)])


def _keys(label: str) -> Iterator[str]:
    """What a typed word may begin: each word of a label, whole ("565" for the unit 56.5) and its parts."""
    for word in label.split():
        parts = spelled(word)
        yield "".join(parts)
        yield from parts
