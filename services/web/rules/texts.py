"""Texte: what each rule says, with example data and its version, in the words that hold on the day."""

from __future__ import annotations

from itertools import groupby

from fastapi import APIRouter, Request
from starlette.responses import Response

from domain.rules import RULES
from notifications.examples import examples
from services.records import rulebook
from services.web.http import templating
from services.web.rules.introduction import SeesRules

router = APIRouter(include_in_schema=False)


@router.get("/regeln/texte")
def show(request: Request, door: SeesRules) -> Response:
    """One block a rule, one line a stage; no text of a case is shown."""
    with door.open() as visit:
        found = examples(rulebook.texts(visit.tx.conn, visit.visitor.today))
    blocks = [(RULES[rule], [*some]) for rule, some in groupby(found, key=lambda one: one.rule)]
    return templating.page(request, "texts.html", visit.visitor, {"blocks": blocks})
