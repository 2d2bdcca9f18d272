"""The lists of cases, and the search by number or name (posted, since names never stand in an address)."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from domain.facts.base import Stream
from domain.permissions import Action
from services import directory
from services.office import Office
from services.questions import cases
from services.questions.cases import CaseRow
from services.web import templating
from services.web.forms import text_in
from services.web.visitor import Needs, Posted, TheOffice, Visitor, log_list

router = APIRouter(include_in_schema=False)

MOST_FOUND = 50


class List(NamedTuple):
    """A titled list; `more` is the number of the next page, or nothing."""

    title: str
    rows: list[CaseRow]
    more: int | None


@router.get("/faelle")
def show(
    request: Request, office: TheOffice, visitor: Annotated[Visitor, Depends(Needs(Action.SEE_CASES))], seite: int = 0
) -> Response:
    """One's own cases and those stood in for; for leads and desks also the unit's."""
    page = min(max(seite, 0), 10_000)
    with office.read() as conn:
        lists = list(_own(office, conn, visitor)) if page == 0 else []
        lists += _unit(office, conn, visitor, page)
        people = directory.labels(office, conn, {row.worker for one in lists for row in one.rows if row.worker})
    log_list(office, visitor, "cases", sum(len(one.rows) for one in lists), f"Seite {page + 1}")
    return templating.page(request, "cases.html", visitor, {"lists": lists, "people": people})


@router.post("/suche")
def search(
    request: Request, office: TheOffice, visitor: Annotated[Visitor, Depends(Needs(Action.SEARCH))], form: Posted
) -> Response:
    """A case by its number, else the cases one may see whose client has this name."""
    typed = " ".join(text_in(form, "suche", 100).split())
    with office.read() as conn:
        if typed and office.store.key(conn, Stream.CASE, typed) is not None:
            return templating.go(templating.case_path(typed))
        named = bool(typed) and templating.may_search_names(visitor)
        rows = _found(office, conn, visitor, typed) if named else []
        people = directory.labels(office, conn, {row.worker for row in rows if row.worker})
    if named:
        log_list(office, visitor, "search", len(rows))
    context = {"rows": rows, "typed": typed, "people": people, "by_name": templating.may_search_names(visitor)}
    return templating.page(request, "found.html", visitor, context)


def _own(office: Office, conn: Connection, visitor: Visitor) -> list[List]:
    own = cases.of_workers(office, conn, visitor.workers & {visitor.person}, visitor.today)
    names = directory.labels(office, conn, visitor.deputised)
    lent = [
        List(f"Vertretung für {names[away]}", rows, None)
        for away in visitor.deputised
        if (rows := cases.of_workers(office, conn, {away}, visitor.today))
    ]
    return ([List("Meine Fälle", own, None)] if own else []) + lent


def _unit(office: Office, conn: Connection, visitor: Visitor, page: int) -> list[List]:
    organisation, today = visitor.organisation, visitor.today
    if visitor.may(Action.SEE_TEAM):
        places = cases.led_by(conn, organisation, visitor.person, today)
    elif visitor.roles & {"intake", "benefits"}:
        places = cases.worked_in(conn, organisation, visitor.person, today)
    else:
        return []
    rows = cases.of_units(office, conn, places, today, page)
    if not rows:
        return []
    return [List("Fälle der Einheit", rows, page + 1 if len(rows) == cases.PAGE else None)]


def _found(office: Office, conn: Connection, visitor: Visitor, typed: str) -> list[CaseRow]:
    rows = cases.of_keys(office, conn, cases.found_by_name(office, conn, typed), visitor.today)
    seen = [
        row
        for row in rows
        if visitor.may(Action.SEE_NAMES, directory.relations_to(office, conn, visitor.person, row.key, visitor.today))
    ]
    return seen[:MOST_FOUND]
