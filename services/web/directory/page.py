"""Verzeichnis: the units with who leads them, and who works here in which role."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from domain import absences, proposals
from domain.decisions.directory import PROVIDER, suggested
from domain.directory import Assignment, Unit
from domain.facts.office import DirectoryProposed
from domain.organisation import LEADING, Organisation
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
    units = [_row(one, organisation, there, names, day) for one in organisation.units(day)]
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


def _row(
    unit: Unit, organisation: Organisation, there: dict[str, list[Assignment]], names: dict[str, str], day: dt.date
) -> Row:
    people = sum(any(one.unit == unit.code for one in held) for held in there.values())
    leads = _leads(unit.code, there, names)
    if not leads:
        above = organisation.above(unit.code, day)
        found = ((code, _leads(code, there, names)) for code in above)
        code, over = next((one for one in found if one[1]), ("", []))
        leads = [f"über {code}: {'; '.join(over)}"] if over else []
    return Row(unit, leads, people)


def _leads(code: str, there: dict[str, list[Assignment]], names: dict[str, str]) -> list[str]:
    leading = [key for key, held in there.items() if any(_leading(one, code) for one in held)]
    return sorted((names[key] for key in leading), key=alphabetical)


def _leading(held: Assignment, code: str) -> bool:
    return held.unit == code and held.role in LEADING and not held.team
