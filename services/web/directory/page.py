"""Verzeichnis: the units with who leads them, and who works here in which role."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from domain import absences, proposals
from domain.decisions.directory import PROVIDER, suggested
from domain.directory import Unit
from domain.facts.office import DirectoryProposed
from domain.organisation import LEADING
from domain.permissions import Action
from domain.proposals import Outcome
from services.casework import directory as desk
from services.people import directory
from services.questions import cases, unattended
from services.records.words import alphabetical
from services.web.directory import kinds
from services.web.http import templating
from services.web.http.door import Door, Opens, Visit

router = APIRouter(include_in_schema=False)


class Member(NamedTuple):
    """Somebody who works here: directory key, name, roles in words, whether the visitor may look what they see."""

    key: str
    name: str
    roles: list[str]
    seen: bool


class Row(NamedTuple):
    """A unit with who leads it and how many work in it."""

    unit: Unit
    leads: list[str]
    people: int


SeesDirectory = Annotated[Door, Depends(Opens(Action.SEE_DIRECTORY))]


@router.get("/verzeichnis")
def show(request: Request, door: SeesDirectory, einheit: Annotated[str, Query(max_length=128)] = "") -> Response:
    """All units, and the people of one or of all."""
    with door.open() as visit:
        context = _context(visit, einheit)
    return templating.page(request, "directory.html", visit.visitor, context)


def _context(visit: Visit, unit: str) -> dict[str, Any]:
    tx, organisation, day = visit.tx, visit.visitor.organisation, visit.visitor.today
    there = {key: organisation.roles(key, day) for key in organisation.persons(day)}
    names = directory.labels(tx, there)
    units = [_row(one, there, names) for one in organisation.units(day)]
    looks = {visit.visitor.person, *absences.people_of(organisation, visit.visitor.person, day)}
    people = [
        Member(key, names[key], [kinds.place(one) for one in held], key in looks)
        for key, held in there.items()
        if not unit or any(one.unit == unit for one in held)
    ]
    made = desk.proposed(tx)
    waiting = proposals.proposals(made, DirectoryProposed)
    known_unit = unit if organisation.unit(unit, day) else ""
    visit.saw_list("directory", len(people), known_unit)
    return {
        "units": units,
        "people": sorted(people, key=lambda one: alphabetical(one.name)),
        "everybody": len(there),
        "unit": unit,
        "pool": unattended.pool(tx.conn, organisation, cases.places(tx.conn), day),
        "waiting": sum(one.outcome(day) is Outcome.OPEN and one.made.by != PROVIDER for one in waiting),
        "suggested": len(suggested(made)),
        "may_propose": visit.visitor.may(Action.PROPOSE_DIRECTORY),
    }


def _row(unit: Unit, there: dict[str, Any], names: dict[str, str]) -> Row:
    inside = {key: [one for one in held if one.unit == unit.code] for key, held in there.items()}
    leads = [key for key, held in inside.items() if any(one.role in LEADING and not one.team for one in held)]
    return Row(unit, sorted((names[one] for one in leads), key=alphabetical), sum(map(bool, inside.values())))
