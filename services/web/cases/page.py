"""The lists of cases, to work with: one's own, of those stood in for, of the unit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.permissions import DESKS, Action
from services.dialogues import several
from services.office.office import Transaction
from services.people import directory, saved_filters
from services.questions import caselist, cases, matching
from services.questions import search as questions
from services.questions.caselist import Page, Wanted
from services.questions.matching import Found
from services.records.current import Place
from services.records.words import alphabetical
from services.web.case import undo
from services.web.cases import filters, search
from services.web.cases.filters import FOUND, PAGE, UNIT, Asked
from services.web.http import cookies, templating
from services.web.http.door import Door, Opens, Visit
from services.web.http.visitor import Visitor
from services.web.reconciliation import page as reconciliation
from services.web.sheets import cases as sheets

router = APIRouter(include_in_schema=False)

Opened = Annotated[Door, Depends(Opens(Action.SEE_CASES))]


class List(NamedTuple):
    """A titled list, of which one page is shown; `own`: whose cases these are needs no column."""

    title: str
    page: Page
    own: bool = False


class Narrowed(NamedTuple):
    """The names by which a list is sorted or searched, and which cases were found by them; None: not asked for."""

    names: Mapping[UUID, matching.Known] | None = None
    found: Found | None = None
    size: int | None = None  # of a page, if not as large as on screen

    @property
    def asked(self) -> dict[str, Any]:
        """What the lists take."""
        size = {} if self.size is None else {"size": self.size}
        return {"names": self.names, "among": None if self.found is None else self.found.keys} | size


@router.get("/faelle")
def show(request: Request, door: Opened) -> Response:
    """One's own cases and those stood in for; for leads and desks also the unit's."""
    with door.open() as visit:
        asked = filters.read(request.query_params)
        typed = search.opened(request, visit.tx, visit.visitor) if FOUND in asked.given else ""
        done = request.query_params.getlist("getan")[: several.MOST]
        deeds = undo.several(visit.tx, visit.visitor.person, done)
        context = read(visit, asked, typed) | {"deeds": deeds, "unlike": reconciliation.waiting(visit)}
    return templating.page(request, "cases.html", visit.visitor, context)


@router.post("/faelle")
def narrow(request: Request, door: Opened) -> Response:
    """The filter row: leads to the list as asked, or as one types gives the lists alone.

    What is searched for may be a name, so it stands in no address but sealed in a cookie.
    """
    typed = search.typed_in(door.form)
    with door.open() as visit:
        asked = filters.read({**door.form, PAGE: "", FOUND: "ja" if typed else ""})
        require_unit(visit.tx, visit.visitor, asked)
        sealed = search.seal(visit.tx, visit.visitor, typed)
        context = read(visit, asked, typed) if templating.is_htmx(request) else {}
    if context:
        answer: Response = templating.page(request, "caselists.html", visit.visitor, context)
        answer.headers["HX-Replace-Url"] = asked.address()
    else:
        answer = templating.go(asked.address())
    cookies.put(request, answer, search.TYPED, sealed)
    return answer


def read(visit: Visit, asked: Asked, typed: str) -> dict[str, Any]:
    """A page of the lists as asked; `typed`: what their cases are searched for."""
    tx, visitor = visit.tx, visit.visitor
    units = {place[0] for place in _places(tx.conn, visitor)}
    narrowed = _narrowed(tx, visitor, asked.wanted, typed)
    lists = listed(tx, visitor, asked, narrowed)
    rows = [row for one in lists for row in one.page.rows]
    visit.saw_list("cases", len(rows), asked.said)
    own = any(one.own for one in lists) and visitor.person in visitor.workers
    return {
        "lists": lists,
        "asked": asked,
        "typed": typed,
        "alike": narrowed.found is not None and narrowed.found.alike,
        "choices": filters.CHOICES,
        "people": directory.labels(tx, visitor.nameable(rows)),
        "units": sorted(units),
        "long": caselist.long_stays(tx, visitor.person, visitor.today) if own else {},
        "to": lambda page: asked.address(**{PAGE: str(page)}),
        "saved": [(one, filters.link(one.asked, units)) for one in saved_filters.of(tx, visitor.person)],
        "several": several.offered(),
        "deeds": [],
        "unlike": 0,
        "wrong": {},
        "named": "",
    }


def whole(visit: Visit, asked: Asked, typed: str) -> list[List]:
    """The same lists, each with all of its cases."""
    tx, visitor = visit.tx, visit.visitor
    narrowed = _narrowed(tx, visitor, asked.wanted, typed)
    return listed(tx, visitor, asked._replace(page=0), narrowed._replace(size=sheets.EVERY))


def listed(tx: Transaction, visitor: Visitor, asked: Asked, narrowed: Narrowed) -> list[List]:
    """The lists that this person has, as far as a case is in them."""
    require_unit(tx, visitor, asked)
    unit = asked.given.get(UNIT, "")
    chosen = [one for one in _places(tx.conn, visitor) if unit in ("", one[0])]
    return _own(tx, visitor, asked, narrowed) + _unit(tx, visitor, chosen, asked, narrowed)


def require_unit(tx: Transaction, visitor: Visitor, asked: Asked) -> None:
    """Raises Refused for a unit that is not among those one's lists can be narrowed to."""
    if (unit := asked.given.get(UNIT)) and unit not in {place[0] for place in _places(tx.conn, visitor)}:
        raise Refused([(UNIT, "Diese Einheit steht in Ihren Listen nicht zur Wahl.")])


def _narrowed(tx: Transaction, visitor: Visitor, wanted: Wanted, typed: str) -> Narrowed:
    if not (typed or wanted.order == "name"):
        return Narrowed()
    scope = search.scope(tx, visitor)
    names = questions.known(tx, visitor.session, scope)
    return Narrowed(names, questions.search(tx, visitor.session, scope, typed, names) if typed else None)


def _own(tx: Transaction, visitor: Visitor, asked: Asked, narrowed: Narrowed) -> list[List]:
    """What of the own cases and of those stood in for is on this page of each list."""
    workers = (visitor.workers & {visitor.person}) | set(visitor.deputised)
    if not workers:
        return []
    found = caselist.of_workers(tx, workers, visitor.today, asked.wanted, asked.page, **narrowed.asked)
    lent = [one for one in visitor.deputised if one in found]
    names = directory.labels(tx, lent)
    own = [List("Meine Fälle", found[visitor.person], own=True)] if visitor.person in found else []
    return own + [
        List(f"Vertretung für {names[one]}", found[one], own=True)
        for one in sorted(lent, key=lambda one: alphabetical(names[one]))
    ]


def _places(conn: Connection, visitor: Visitor) -> Collection[Place]:
    """The units and areas whose cases the visitor is shown beside their own."""
    organisation, today = visitor.organisation, visitor.today
    if visitor.may(Action.SEE_TEAM):
        return cases.led_by(conn, organisation, visitor.person, today)
    return cases.worked_in(conn, organisation, visitor.person, today) if visitor.roles & DESKS else []


def _unit(tx: Transaction, visitor: Visitor, places: Collection[Place], asked: Asked, narrowed: Narrowed) -> list[List]:
    if not places:
        return []
    wanted = asked.wanted if filters.SORTED in asked.given else asked.wanted._replace(order="newest", falling=True)
    found = caselist.of_places(tx, places, visitor.today, wanted, asked.page, **narrowed.asked)
    units = {place[0] for place in places}
    title = "Fälle der Einheit" if len(units) == 1 else "Fälle der Einheiten"
    return [List(title, found)] if found.rows else []
