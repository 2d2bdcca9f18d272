"""The search field of every page: posted, since names never stand in an address, and answered on a page of its own.

What was typed is kept sealed in the browser until the next search or log-out, so that one can come back to the page.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain.permissions import DESKS, Action, Relation, relations
from services.office.office import Transaction
from services.people import directory
from services.questions import cases
from services.questions import search as questions
from services.questions.matching import Found
from services.questions.search import Scope
from services.records.words import number_typed
from services.web.http import cookies, templating
from services.web.http.door import Door, Needs, Opens, Posted, TheOffice
from services.web.http.seen import log_list
from services.web.http.visitor import Visitor, seen_case
from services.web.words.forms import text_in

router = APIRouter(include_in_schema=False)

TYPED = "fallverlauf-suche"  # the cookie of what was typed last
LONGEST, MOST_FOUND, MOST_SUGGESTED = 100, 50, 8


@router.post("/suche")
def search(
    request: Request, office: TheOffice, visitor: Annotated[Visitor, Depends(Needs(Action.SEARCH))], form: Posted
) -> Response:
    """Opens the one case that is meant; else leads to those that may be."""
    typed = typed_in(form)
    with office.read() as tx:
        if found := _numbered(tx, visitor, typed):
            return templating.go(templating.case_path(found))
        only = found_by(tx, visitor, typed).only
        number = tx.store.numbers(tx.conn, seen(tx, visitor, [only] if only else []))
        sealed = seal(tx, visitor, typed)
    if number:
        log_list(office, visitor, "search", 1)
    answer = templating.go(templating.case_path(*number.values()) if number else "/suche")
    cookies.put(request, answer, TYPED, sealed)
    return answer


@router.get("/suche")
def show(request: Request, door: Annotated[Door, Depends(Opens(Action.SEARCH))]) -> Response:
    """The cases that may be meant by what was typed last, the likeliest first."""
    with door.open() as visit:
        tx, visitor = visit.tx, visit.visitor
        typed = opened(request, tx, visitor)
        found = found_by(tx, visitor, typed)
        keys = seen(tx, visitor, found.keys[: 2 * MOST_FOUND])[:MOST_FOUND]
        by_key = {row.key: row for row in cases.of_keys(tx, keys, visitor.today)}
        rows = [by_key[key] for key in keys if key in by_key]
        if not (named := templating.may_search_names(visitor)):
            rows = [row._replace(name="") for row in rows]
        people = directory.labels(tx, visitor.nameable(rows))
        if typed:
            visit.saw_list("search", len(rows))
    more = len(found.keys) > MOST_FOUND
    context = {"rows": rows, "typed": typed, "people": people, "alike": found.alike, "more": more, "by_name": named}
    return templating.page(request, "found.html", visitor, context)


@router.post("/suche/vorschlag")
def suggest(request: Request, door: Annotated[Door, Depends(Opens(Action.SEARCH))], form: Posted) -> Response:
    """The first cases that may be meant by what stands in the search field so far, as links; nothing for one sign."""
    with door.open() as visit:
        tx, visitor = visit.tx, visit.visitor
        typed = typed_in(form)
        typed = typed if len(typed) > 1 else ""
        keys = seen(tx, visitor, found_by(tx, visitor, typed).keys[:MOST_FOUND])[:MOST_SUGGESTED]
        numbers = tx.store.numbers(tx.conn, keys)
        names = cases.client_names(tx, keys) if templating.may_search_names(visitor) else {}
        if typed:
            visit.saw_list("search", len(numbers))
    rows = [(numbers[key], cases.called(names.get(key, ""), numbers[key])) for key in keys if key in numbers]
    return templating.page(request, "suggested.html", visitor, {"rows": rows, "typed": typed})


def typed_in(form: Posted) -> str:
    """What stands in the search field."""
    return " ".join(text_in(form, "suche", LONGEST).split())


def found_by(tx: Transaction, visitor: Visitor, typed: str) -> Found:
    """The cases that are meant: of those the visitor sees the names of, or of all for who comes to cases by number."""
    if not typed:
        return Found([])
    if not templating.may_search_names(visitor):
        return questions.by_number(tx, typed)
    return questions.search(tx, visitor.session, scope(tx, visitor), typed)


def scope(tx: Transaction, visitor: Visitor) -> Scope:
    """The cases the visitor may see the names of, as the table of permissions says."""
    organisation, person, today = visitor.organisation, visitor.person, visitor.today

    def may(relation: Relation) -> bool:
        return visitor.may(Action.SEE_NAMES, frozenset({relation}))

    led = cases.led_by(tx.conn, organisation, person, today) if may(Relation.LEAD) else []
    at_desk = bool(visitor.roles & DESKS) and may(Relation.UNIT)
    worked_in = cases.worked_in(tx.conn, organisation, person, today) if at_desk else []
    receivers = {person, *organisation.deputised_for(person, today)} if may(Relation.RECEIVER) else set()
    return Scope(frozenset(visitor.workers), frozenset(receivers), tuple(sorted({*led, *worked_in})))


def seen(tx: Transaction, visitor: Visitor, keys: list[UUID]) -> list[UUID]:
    """Those of these cases the visitor may see: by their names, or at all for who comes to cases by number."""
    action = Action.SEE_NAMES if templating.may_search_names(visitor) else Action.SEE_CASE
    abouts = directory.abouts(tx.conn, keys, visitor.today)
    return [
        key
        for key in keys
        if key in abouts
        and visitor.may(action, relations(visitor.organisation, visitor.person, visitor.today, abouts[key]))
    ]


def _numbered(tx: Transaction, visitor: Visitor, typed: str) -> str | None:
    number = number_typed(typed)
    asked = (number, number.upper()) if number else ()
    return next((one for one in asked if seen_case(tx, visitor, one)), None)


def seal(tx: Transaction, visitor: Visitor, typed: str) -> str:
    """What was typed, for a cookie: with the key of who typed it, so that nobody else reads it."""
    sealed = tx.office.vault.encrypt(tx.conn, UUID(hex=visitor.person), typed.encode(), TYPED.encode())
    return urlsafe_b64encode(sealed).decode()


def opened(request: Request, tx: Transaction, visitor: Visitor) -> str:
    """What this visitor typed last in this browser."""
    try:
        sealed = urlsafe_b64decode(cookies.get(request, TYPED).encode())
    except (ValueError, Error):
        return ""
    typed = tx.office.vault.decrypt(tx.conn, UUID(hex=visitor.person), sealed, TYPED.encode()) if sealed else None
    return "" if typed is None else typed.decode()
