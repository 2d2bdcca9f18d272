"""Auswertungen: the Auswertungsregister and the Dienstvereinbarungen, for leads, QS, Personalrat and Datenschutz."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain import evaluations
from domain.evaluations import Evaluation
from domain.facts.grounds import EvaluationsAgreed
from domain.permissions import TABLE, Action
from services.people import directory
from services.questions import grounds
from services.web.http import templating
from services.web.http.door import Door, Opens
from services.web.words import labels

router = APIRouter(include_in_schema=False)


@router.get("/auswertungen")
def show(request: Request, door: Annotated[Door, Depends(Opens(Action.SEE_REGISTER))]) -> Response:
    """What is evaluated: what for, on which legal basis, who may read it, and what a Dienstvereinbarung allows."""
    with door.open() as visit:
        today = visit.visitor.today
        settings = grounds.settings(visit.tx.conn)
        agreements = [one for one in settings if isinstance(one.fact, EvaluationsAgreed)]
        persons = {one for known in agreements for one in (known.by, getattr(known.fact, "approved_by", "")) if one}
        context: dict[str, Any] = {
            "register": [(one, _readers(one)) for one in grounds.register()],
            "agreed": evaluations.agreed(settings, today),
            "agreements": list(reversed(agreements)),
            "in_force": {one.ref for one in evaluations.in_force(settings, today)},
            "title": evaluations.title,
            "people": directory.labels(visit.tx, persons),
            "today": today,
            "may_propose": visit.visitor.may(Action.PROPOSE_SETTINGS),
        }
    return templating.page(request, "register.html", visit.visitor, context)


def _readers(one: Evaluation) -> str:
    """The roles that may read it, in the order of roles."""
    roles = frozenset[str]().union(*TABLE[one.read].values())
    return ", ".join(word for role, word in labels.ROLE.items() if role in roles)
