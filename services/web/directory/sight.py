"""Was eine Person sieht: roles, pages and cases as the table of permissions gives them today; no case is shown."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated, Any, Final, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from domain import absences
from domain.periods import OPEN, Period
from domain.permissions import TABLE, Action, Relation, may
from services.people import directory
from services.questions import cases, unattended
from services.records.current import Place
from services.web.directory import kinds
from services.web.http import templating
from services.web.http.door import Door, Opens, Visit
from services.web.http.visitor import NotThere, Visitor
from services.web.words import dates

router = APIRouter(include_in_schema=False)

AT_CASES: Final = {  # what is done at a case -> its column
    Action.SEE_CASE: "Fall",
    Action.SEE_NAMES: "Namen",
    Action.SEE_TEXTS: "Freitexte",
    Action.RECORD: "eintragen",
    Action.REQUEST: "Antrag stellen",
    Action.DECIDE: "entscheiden",
    Action.SEE_CASE_VIEWS: "Einsichten",
}
ELSEWHERE: Final = {  # what needs no relation to a case
    Action.OPEN_CASE: "neue Fälle anlegen",
    Action.SEARCH: "Fälle suchen",
    Action.ANSWER: "auf Nachrichten antworten",
    Action.ASK_LISTS: "Listen abfragen",
    Action.SEE_QS: "Fragen der QS stellen",
    Action.SEE_VIEWS: "lesen, wer Fälle eingesehen hat",
    Action.PROPOSE_SETTINGS: "Einstellungen vorschlagen",
    Action.CONFIRM_SETTINGS: "Einstellungen bestätigen",
    Action.PROPOSE_DIRECTORY: "Einheiten, Personen und Rollen vorschlagen",
    Action.CONFIRM_DIRECTORY: "Einheiten, Personen und Rollen bestätigen",
}


class Cases(NamedTuple):
    """Cases somebody stands to in one way: what they are, how many are open, and whether each column of them may be."""

    name: str
    number: int
    may: list[bool]


@router.get("/verzeichnis/sicht")
def show(
    request: Request,
    door: Annotated[Door, Depends(Opens(Action.SEE_DIRECTORY))],
    person: Annotated[str, Query(max_length=32)] = "",
) -> Response:
    """EDV looks at everybody, a lead at those whose work they lead, both at themselves."""
    with door.open() as visit:
        context = _context(visit, person)
    return templating.page(request, "sight.html", visit.visitor, context)


def _context(visit: Visit, person: str) -> dict[str, Any]:
    seen = _seen(visit, person)
    organisation, day = seen.organisation, seen.today
    pages = templating.places(seen)
    stood_in = organisation.deputised_for(person, day)
    names = directory.labels(visit.tx, [person, *stood_in])
    visit.saw_list("sight", 1, person)
    return {
        "whom": names[person],
        "roles": [(kinds.place(one), _while(one.period)) for one in organisation.roles(person, day)],
        "stood_in": [names[one] for one in stood_in],
        "pages": pages,
        "others": sorted(
            {place.name for _, place in templating.PLACES} - {one.name for one in pages} - {"Meine Fälle"}
        ),
        "cases": list(_cases(visit, seen)),
        "columns": list(AT_CASES.values()),
        "can": [name for action, name in ELSEWHERE.items() if seen.may(action)],
        "cannot": [name for action, name in ELSEWHERE.items() if not seen.may(action)],
    }


def _seen(visit: Visit, person: str) -> Visitor:
    """Who is looked at, as if they had come in. Raises `NotThere`, also where the visitor may not look."""
    visitor, organisation, day = visit.visitor, visit.visitor.organisation, visit.visitor.today
    if person not in {visitor.person, *absences.people_of(organisation, visitor.person, day)}:
        raise NotThere("Diese Person gibt es nicht, oder Sie leiten ihre Arbeit nicht.")
    id = visit.tx.store.number(visit.tx.conn, UUID(hex=person))
    return Visitor(person, id, "", organisation.role_names(person, day), "", organisation, day)


def _cases(visit: Visit, seen: Visitor) -> Iterator[Cases]:
    conn, organisation, person, day = visit.tx.conn, seen.organisation, seen.person, seen.today
    everywhere = cases.places(conn)
    led = cases.led_by(conn, organisation, person, day)
    worked = cases.worked_in(conn, organisation, person, day)
    groups: list[tuple[str, Relation, Collection[Place], Collection[str] | None]] = [
        ("eigene Fälle", Relation.RESPONSIBLE, everywhere, [person]),
        ("Fälle in Vertretung", Relation.DEPUTY, everywhere, seen.deputised),
        (f"Fälle der Leitung ({_named(led)})", Relation.LEAD, led, None),
        (f"Fälle der Einheit ({_named(worked)})", Relation.UNIT, worked, None),
        ("alle Fälle, mit Zweck und ohne Namen", Relation.QS, everywhere, None),
    ]
    for name, relation, places, workers in groups:
        held = [may(action, seen.roles, {relation}) and relation in TABLE[action] for action in AT_CASES]
        if any(held) and places and (workers is None or workers):
            yield Cases(name, unattended.open_in(conn, places, day, workers), held)


def _named(places: Collection[Place]) -> str:
    return ", ".join(sorted({place[0] + (f", Team {place[2]}" if len(place) > 2 else "") for place in places}))


def _while(period: Period) -> str:
    return f"seit {dates.plain(period.first)}" + (f", bis {dates.plain(period.last)}" if period.last != OPEN else "")
