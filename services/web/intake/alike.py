"""Cases that seem to be about one person: asked about before a new one is opened, and as a list to look through."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.decisions.wishes import NoteSamePerson, OpenCase
from domain.permissions import Action, relations
from services.casework import desk
from services.office.office import Office, Transaction
from services.people import directory
from services.questions import alike, cases
from services.web.http import templating
from services.web.http.door import Door, Needs, Opens, Posted, TheOffice, Visit
from services.web.http.seen import log_list
from services.web.http.visitor import Visitor, seen_case
from services.web.intake.forms import NOBODY_ELSE
from services.web.words.forms import text_in

router = APIRouter(include_in_schema=False)

Reads = Annotated[Door, Depends(Opens(Action.SEE_INTAKE))]
Records = Annotated[Visitor, Depends(Needs(Action.SEE_INTAKE))]


class Row(NamedTuple):
    """A case that seems to be about somebody who has another: number, name, and where it is."""

    number: str
    name: str
    unit: str
    area: str


def found(tx: Transaction, visitor: Visitor, wish: OpenCase) -> list[Row]:
    """The cases of this name and birth date whose names the visitor may see."""
    names = {"last_name": wish.last_name, "first_name": wish.first_name, "birth_date": wish.birth_date}
    return _rows(tx, visitor, alike.cases_of(tx, names))


def is_answered(found: Sequence[Row], said: str) -> bool:
    """Whether it was said which of these cases is about the same person, or that none is."""
    return not found or said in {NOBODY_ELSE, *(row.number for row in found)}


def log(office: Office, visitor: Visitor, found: Sequence[Row]) -> None:
    """Notes that cases were shown by the name of their client."""
    if found:
        log_list(office, visitor, "same-person", len(found))


@router.get("/eingang/doppelte")
def show(request: Request, door: Reads, getan: str = "") -> Response:
    """Of the cases of one's units those that seem to be about one person and are not noted as such."""
    with door.open() as visit:
        groups = _groups(visit)
        visit.saw_list("same-person", sum(map(len, groups)))
    return templating.page(request, "alike.html", visit.visitor, {"groups": groups, "noted": bool(getan)})


@router.post("/eingang/doppelte")
def note(office: TheOffice, visitor: Records, form: Posted) -> Response:
    """Notes in the first of two cases that the other is about the same person."""
    one, other = (text_in(form, field) for field in ("fall", "anderer"))
    with office.write() as tx:
        at = seen_case(tx, visitor, one)
        if at is None or not at.may(Action.RECORD_INTAKE):
            raise Refused([("fall", "Unter dieser Nummer gibt es keinen Fall, den Sie sehen dürfen.")])
        done = desk.handle_in(tx, at.key, NoteSamePerson(other_case=other), visitor.person)
    return templating.go(f"/eingang/doppelte?getan={done.correlation_id}")


def _groups(visit: Visit) -> list[list[Row]]:
    tx, visitor = visit.tx, visit.visitor
    places = cases.worked_in(tx.conn, visitor.organisation, visitor.person, visitor.today)
    keys = cases.held_in(tx.conn, places, visitor.today)
    groups = (_rows(tx, visitor, some) for some in alike.among(tx, keys))
    return sorted((rows for rows in groups if len(rows) > 1), key=lambda rows: rows[0].number)


def _rows(tx: Transaction, visitor: Visitor, keys: Collection[UUID]) -> list[Row]:
    """Those of these cases whose names the visitor may see, by number."""
    abouts = directory.abouts(tx.conn, keys, visitor.today)
    seen = [
        key
        for key, about in abouts.items()
        if visitor.may(Action.SEE_NAMES, relations(visitor.organisation, visitor.person, visitor.today, about))
    ]
    numbers, names = tx.store.numbers(tx.conn, seen), cases.client_names(tx, seen)
    return sorted(_row(numbers[key], names.get(key, ""), (abouts[key].unit, abouts[key].area)) for key in seen)


def _row(number: str, name: str, place: Iterable[str | None]) -> Row:
    return Row(number, name, *(part or "" for part in place))
