"""Was noch fehlt: the steps of an office that begins, each with how far it is and where it is done."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain.permissions import Action
from services.messages import bounces
from services.people import directory
from services.questions import cases, first_steps, unattended
from services.web.http import templating
from services.web.http.door import Door, Opens
from services.web.setup.steps import STEPS

router = APIRouter(include_in_schema=False)

SeesSetup = Annotated[Door, Depends(Opens(Action.SEE_SETUP))]


@router.get("/einrichten")
def show(request: Request, door: SeesSetup) -> Response:
    """All steps; the first that is not done has the one main action."""
    with door.open() as visit:
        tx, visitor = visit.tx, visit.visitor
        found, now = first_steps.figures(tx), tx.now
        bounced = bounces.standing(tx)
        names = directory.labels(tx, [one.person for one in bounced])
        pool = unattended.pool(tx.conn, visitor.organisation, cases.places(tx.conn), visitor.today)
    steps = [(step, step.said(found, now)) for step in STEPS]
    context = {
        "steps": steps,
        "may_propose": visitor.may(Action.PROPOSE_DIRECTORY),
        "left": sum(not said.done for _, said in steps),
        "pool": pool,
        "bounced": bounced,
        "names": names,
    }
    return templating.page(request, "setup.html", visitor, context)
