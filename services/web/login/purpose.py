"""Asks QS and leads once per case and session why they read it, before anything of the case is shown."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain.permissions import Action
from domain.purposes import fitting
from services.people import views
from services.web.http import templating
from services.web.http.door import NeedsAtCase, Posted, TheOffice
from services.web.http.visitor import AtCase, NotAllowed
from services.web.login.under_way import local
from services.web.words.forms import text_in

router = APIRouter(include_in_schema=False)

Reads = Annotated[AtCase, Depends(NeedsAtCase(Action.SEE_CASE, logged=False))]


@router.get("/zweck/{case:path}")
def ask(request: Request, at: Reads, weiter: str = "") -> Response:
    """The question; it names the number of the case and nothing else of it."""
    target = local(weiter) if weiter else templating.case_path(at.number)
    context = {"case": at.number, "purposes": fitting(at.relations), "next": target}
    return templating.page(request, "purpose.html", at.visitor, context)


@router.post("/zweck/{case:path}")
def answer(office: TheOffice, at: Reads, form: Posted) -> Response:
    """Remembers the answer for this session and goes on."""
    purpose = text_in(form, "zweck")
    if purpose not in fitting(at.relations):
        raise NotAllowed("Bitte wählen Sie einen der Zwecke.")
    with office.write() as tx:
        views.say(tx.conn, tx.office.vault, at.visitor.session, at.key, purpose)
    return templating.go(local(text_in(form, "next", 200)))
