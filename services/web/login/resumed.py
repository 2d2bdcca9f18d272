"""What was typed when the session had ended: shown again after the log-in, and sent only when somebody says so."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain.permissions import Action
from services.web.http import kept, templating
from services.web.http.door import Door, Needs, Opens, TheOffice
from services.web.http.visitor import Visitor

router = APIRouter(include_in_schema=False)

AnyDoor = Annotated[Door, Depends(Opens())]
LoggedIn = Annotated[Visitor, Depends(Needs())]


@router.get("/aufgehoben/{id}")
def show(request: Request, door: AnyDoor, id: UUID) -> Response:
    """Leads to the page it was written on, or shows it with the button that sends it. 403 where the case is not theirs
    any more, and 404 where nothing is kept."""
    with door.open() as visit:
        found = kept.waiting(visit.tx, visit.visitor, id)
        for case in found.cases:
            visit.case(case, Action.SEE_CASE)
    path = found.form.path
    if path.startswith(kept.SHOWN_AGAIN):
        return templating.go(kept.address(path, id, **{kept.OVER: "1"}))
    context = {"id": id, "cases": found.cases, "to": kept.address(path, None), "fields": found.form.fields}
    typed = [value for _, value in found.form.fields if " " in value.strip()]
    return templating.page(request, "resumed.html", visit.visitor, {**context, "typed": typed})


@router.post("/aufgehoben/{id}")
def forget(office: TheOffice, visitor: LoggedIn, id: UUID) -> Response:
    """Throws it away."""
    kept.forget(office, visitor, id)
    return templating.go("/")
