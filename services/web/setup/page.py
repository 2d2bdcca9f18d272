"""Was noch fehlt: the steps of an office that begins, each with how far it is and where it is done."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain.permissions import Action
from services.questions import first_steps
from services.web.http import templating
from services.web.http.door import Door, Opens
from services.web.setup.steps import STEPS

router = APIRouter(include_in_schema=False)

SeesSetup = Annotated[Door, Depends(Opens(Action.SEE_SETUP))]


@router.get("/einrichten")
def show(request: Request, door: SeesSetup) -> Response:
    """All steps; the first that is not done has the one main action."""
    with door.open() as visit:
        found, now = first_steps.figures(visit.tx), visit.tx.now
    steps = [(step, step.said(found, now)) for step in STEPS]
    context = {"steps": steps, "left": sum(not said.done for _, said in steps)}
    return templating.page(request, "setup.html", visit.visitor, context)
