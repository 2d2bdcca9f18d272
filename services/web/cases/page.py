"""The lists of cases, and the search by number or name (posted, since names never stand in an address)."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.permissions import DESKS, Action, relations
from services.office.office import Transaction
from services.people import directory
from services.questions import cases
from services.questions.cases import CaseRow, Page
from services.records.words import number_typed
from services.web.http import templating
from services.web.http.door import Door, Needs, Opens, Posted, TheOffice
from services.web.http.seen import log_list
from services.web.http.visitor import Visitor, seen_case
from services.web.words import links
from services.web.words.forms import text_in

router = APIRouter(include_in_schema=False)

MOST_FOUND = 50


class List(NamedTuple):
    """A titled list, of which one page is shown."""

    title: str
    page: Page
    order: str = ""


@router.get("/faelle")
def show(
    request: Request,
    door: Annotated[Door, Depends(Opens(Action.SEE_CASES))],
    seite: str = "1",
    einheit: str = "",
) -> Response:
    """One's own cases and those stood in for; for leads and desks also the unit's."""
    with door.open() as visit:
        tx, visitor, page = visit.tx, visit.visitor, _page(seite)
        places = _places(tx.conn, visitor)
        lists = _own(tx, visitor, page) + _unit(tx, visitor, [one for one in places if einheit in ("", one[0])], page)
        people = directory.labels(tx, visitor.nameable(row for one in lists for row in one.page.rows))
        visit.saw_list("cases", sum(len(one.page.rows) for one in lists), f"Seite {page + 1}")
    context = {
        "lists": lists,
        "page": page,
        "people": people,
        "units": sorted({unit for unit, _ in places}),
        "chosen": einheit,
        "to": lambda page: links.address(request.query_params, "/faelle", seite=str(page)),
    }
    return templating.page(request, "cases.html", visitor, context)


def _page(typed: str) -> int:
    """The number of a page, from 0. Raises `Refused`."""
    try:
        return min(max(int(typed), 1), 10_000) - 1
    except ValueError:
        raise Refused([("seite", "Die Angabe „Seite“ ist nicht zu lesen.")]) from None


@router.post("/suche")
def search(
    request: Request, office: TheOffice, visitor: Annotated[Visitor, Depends(Needs(Action.SEARCH))], form: Posted
) -> Response:
    """A case by its number, else the cases one may see whose client has this name."""
    typed = " ".join(text_in(form, "suche", 100).split())
    number = number_typed(typed)
    with office.read() as tx:
        asked = (number, number.upper()) if number else ()
        if found := next((one for one in asked if seen_case(tx, visitor, one)), None):
            return templating.go(templating.case_path(found))
        named = bool(typed) and templating.may_search_names(visitor)
        rows = _found(tx, visitor, typed) if named else []
        people = directory.labels(tx, visitor.nameable(rows))
    if named:
        log_list(office, visitor, "search", len(rows))
    context = {"rows": rows, "typed": typed, "people": people, "by_name": templating.may_search_names(visitor)}
    return templating.page(request, "found.html", visitor, context)


def _own(tx: Transaction, visitor: Visitor, page: int) -> list[List]:
    """What of the own cases and of those stood in for is on this page of each list."""
    workers = (visitor.workers & {visitor.person}) | set(visitor.deputised)
    found = cases.of_workers(tx, workers, visitor.today, page) if workers else {}
    lent = [one for one in visitor.deputised if one in found]
    names = directory.labels(tx, lent)
    own = [List("Meine Fälle", found[visitor.person])] if visitor.person in found else []
    return own + [List(f"Vertretung für {names[one]}", found[one]) for one in lent]


def _places(conn: Connection, visitor: Visitor) -> list[tuple[str, str]]:
    """The units and areas whose cases the visitor is shown beside their own."""
    organisation, today = visitor.organisation, visitor.today
    if visitor.may(Action.SEE_TEAM):
        return cases.led_by(conn, organisation, visitor.person, today)
    return cases.worked_in(conn, organisation, visitor.person, today) if visitor.roles & DESKS else []


def _unit(tx: Transaction, visitor: Visitor, places: list[tuple[str, str]], page: int) -> list[List]:
    if not places:
        return []
    found = cases.of_units(tx, places, visitor.today, page)
    units = {unit for unit, _ in places}
    title = "Fälle der Einheit" if len(units) == 1 else "Fälle der Einheiten"
    return [List(title, found, "neueste Zuständigkeit zuerst")] if found.rows else []


def _found(tx: Transaction, visitor: Visitor, typed: str) -> list[CaseRow]:
    """The first cases by number of those the visitor may see the names of."""
    organisation, person, today = visitor.organisation, visitor.person, visitor.today
    abouts = directory.abouts(tx.conn, cases.found_by_name(tx, typed), today)
    seen = [
        key
        for key, about in abouts.items()
        if visitor.may(Action.SEE_NAMES, relations(organisation, person, today, about))
    ]
    numbers = tx.store.numbers(tx.conn, seen)
    return cases.of_keys(tx, sorted(numbers, key=lambda key: numbers[key])[:MOST_FOUND], today)
