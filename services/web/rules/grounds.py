"""Grundlagen: the words of the law by date and local orders; the form by which these and other grounds are entered."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from domain import grounds as known_grounds
from domain.decisions.refusal import Refused
from domain.facts.office import Becomes
from domain.law import MATTERS, Lexicon
from domain.permissions import Action
from domain.rules import RULES
from services.casework import proposals as desk
from services.casework.case import Forbidden
from services.people import directory
from services.questions import grounds
from services.web.http import templating
from services.web.http.door import Door, Needs, Opens, Posted, TheOffice, Visit, further
from services.web.http.visitor import NotAllowed, NotThere, Visitor
from services.web.rules import ground_kinds as kinds
from services.web.rules import proposed
from services.web.rules.introduction import SeesRules
from services.web.words import dates
from services.web.words.forms import WHOLE, Typed, Wrong

router = APIRouter(include_in_schema=False)

FORM = "/regeln/grundlage"
NAMED = Annotated[str, Query(max_length=100)]


@router.get("/regeln/grundlagen")
def show(request: Request, door: SeesRules) -> Response:
    """What counts by law, day by day, and where the house departs from the concept."""
    with door.open() as visit:
        visitor, tx = visit.visitor, visit.tx
        settings = grounds.settings(tx.conn)
        orders = grounds.orders(tx, visitor.organisation, visitor.today)
        rows = Lexicon(settings).rows
        persons = {one for row in rows for one in (row.by, row.approved_by) if one}
        persons |= {one for order in orders for one in (order.order.by, order.fact.approved_by)}
        people = directory.labels(tx, persons)
        waiting = len(proposed.waiting(tx, visitor.today))
        visit.saw_list("grounds", len(rows) + len(orders), dates.plain(visitor.today))
    context: dict[str, Any] = {
        "matters": [(MATTERS[about], list(some)) for about, some in groupby(rows, key=lambda one: one.about)],
        "orders": orders,
        "ended": [one.order.ref for one in orders if known_grounds.ended(one.order, visitor.today)],
        "odd": known_grounds.odd(settings),
        "people": people,
        "rules": RULES,
        "roles": dict(kinds.choices("decided_by")),
        "today": visitor.today,
        "waiting": waiting,
        "may_propose": visitor.may(Action.PROPOSE_SETTINGS),
    }
    return templating.page(request, "grounds.html", visitor, context)


@router.get(FORM)
def form(
    request: Request,
    door: Annotated[Door, Depends(Opens(Action.PROPOSE_SETTINGS))],
    art: NAMED = "",
    zu: NAMED = "",
) -> Response:
    """The empty form of a kind; `zu`: what it is about, as its first field takes it."""
    with door.open() as visit:
        becomes = _becomes(art)
        context = _context(visit, becomes, {kinds.names(becomes)[0]: zu}, {})
    return templating.page(request, "ground.html", visit.visitor, context)


@router.post(FORM)
def keep(
    request: Request,
    office: TheOffice,
    visitor: Annotated[Visitor, Depends(Needs(Action.PROPOSE_SETTINGS))],
    form: Posted,
) -> Response:
    """Keeps the proposal, or says what is wrong with it beside what was typed."""
    becomes = _becomes(_typed(form, "art"))
    typed = {field: _typed(form, field) for field in kinds.names(becomes)}
    try:
        fact, on = kinds.proposal(becomes, typed, visitor.today)
        desk.propose(office, fact, on, visitor.person)
    except Refused as error:
        with further(request, office, visitor) as visit:
            context = _context(visit, becomes, typed, dict(error.reasons))
        return templating.page(request, "ground.html", visitor, context, 422)
    except Forbidden as error:
        raise NotAllowed(str(error)) from None
    return templating.go("/regeln/vorschlaege")


def _becomes(name: str) -> Becomes:
    found = kinds.kind_named(name)
    if found is None:
        raise NotThere("Diese Einstellung gibt es nicht.")
    return found


def _typed(form: FormData, field: str) -> str:
    """All values of a field, a line each: of several boxes those that are ticked."""
    return "\n".join(one for one in form.getlist(field) if isinstance(one, str))[:WHOLE]


def _context(visit: Visit, becomes: Becomes, typed: Typed, wrong: Wrong) -> dict[str, Any]:
    units = [unit.code for unit in visit.visitor.organisation.units(visit.visitor.today)]
    return {
        "kind": kinds.KINDS[becomes],
        "art": becomes,
        "inputs": kinds.inputs(becomes, typed, wrong, units),
        "wrong": wrong,
        "first": next(iter(wrong), ""),
    }
