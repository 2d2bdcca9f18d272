"""Vorgaben: the Rundschreiben and Fachliche Hinweise that rules rest on, to read and, where asked, to say so."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain import grounds as known_grounds
from domain.decisions.refusal import Refused
from domain.permissions import Action
from services.casework import directives as desk
from services.questions import grounds
from services.records import rulebook
from services.web.http import templating
from services.web.http.door import Door, Needs, Opens, Posted, TheOffice, Visit, further
from services.web.http.visitor import Visitor
from services.web.rules import ground_kinds as kinds
from services.web.words.forms import text_in

router = APIRouter(include_in_schema=False)

PAGE = "/vorgaben"


@router.get(PAGE)
def show(request: Request, door: Annotated[Door, Depends(Opens(Action.SEE_DIRECTIVES))]) -> Response:
    """All of them, the latest first."""
    with door.open() as visit:
        context = _context(visit, "")
    return templating.page(request, "directives.html", visit.visitor, context)


@router.post(PAGE)
def read(
    request: Request,
    office: TheOffice,
    visitor: Annotated[Visitor, Depends(Needs(Action.SEE_DIRECTIVES))],
    form: Posted,
) -> Response:
    """Keeps that the visitor has read one."""
    try:
        desk.read(office, text_in(form, "vorgabe", 64), visitor.person)
    except Refused as error:
        with further(request, office, visitor) as visit:
            context = _context(visit, " ".join(sentence for _, sentence in error.reasons))
        return templating.page(request, "directives.html", visitor, context, 422)
    return templating.go(PAGE)


def _context(visit: Visit, wrong: str) -> dict[str, Any]:
    settings = grounds.settings(visit.tx.conn)
    found = known_grounds.published(settings, visit.visitor.today)
    read_by = rulebook.readers(visit.tx.conn) if found else {}
    receipts = {one.ref: read_by.get(one.ref, set()) for one in found}
    return {
        "directives": found,
        "readers": receipts,
        "today": visit.visitor.today,
        "rule_names": kinds.rule_names,
        "wrong": wrong,
        "may_propose": visit.visitor.may(Action.PROPOSE_SETTINGS),
    }
