"""Saving how one wants to see the list of cases, and deleting that again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.permissions import Action
from services.people import saved_filters
from services.web.cases import filters, page
from services.web.cases.filters import FOUND, PAGE
from services.web.http import templating
from services.web.http.door import Needs, Posted, TheOffice, further
from services.web.http.visitor import Visitor
from services.web.words.forms import flat, text_in

router = APIRouter(include_in_schema=False)

Lists = Annotated[Visitor, Depends(Needs(Action.SEE_CASES))]
Filter = Annotated[int, Path(ge=0, lt=2**31)]


@router.post("/faelle/filter")
def save(request: Request, office: TheOffice, visitor: Lists, form: Posted) -> Response:
    """Saves what the list is asked for, without page and search: a name that was typed belongs to no filter."""
    asked, name = filters.read({**flat(form), PAGE: "", FOUND: ""}), text_in(form, "name")
    with office.read() as tx:
        page.require_unit(tx, visitor, asked)
    try:
        with office.write() as tx:
            saved_filters.save(tx, visitor.person, name, dict(asked.given))
    except Refused as error:
        with further(request, office, visitor) as visit:
            context = page.read(visit, asked, "") | {"wrong": dict(error.reasons), "named": name}
        return templating.page(request, "cases.html", visitor, context, 422)
    return templating.go(asked.address())


@router.post("/faelle/filter/{saved}/weg")
def drop(office: TheOffice, visitor: Lists, saved: Filter) -> Response:
    """Deletes a saved filter."""
    with office.write() as tx:
        saved_filters.drop(tx, visitor.person, saved)
    return templating.go("/faelle")
