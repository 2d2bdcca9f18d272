"""Two pages anybody may read: how to work with the service, and what holds about its accessibility."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from services.dialogues.vocabulary import COMMANDS
from services.web.http import templating
from services.web.http.door import maybe_logged_in
from services.web.http.visitor import Visitor
from services.web.words import terms

router = APIRouter(include_in_schema=False)

Guest = Annotated[Visitor | None, Depends(maybe_logged_in)]


@router.get("/hilfe")
def help_page(request: Request, visitor: Guest) -> Response:
    """What can be done where, and what can be typed."""
    context = {"examples": [row.example for row in COMMANDS.values()], "glossary": terms.GLOSSARY}
    return templating.page(request, "help.html", visitor, context)


@router.get("/barrierefreiheit")
def accessibility(request: Request, visitor: Guest) -> Response:
    """The statement on accessibility."""
    return templating.page(request, "accessibility.html", visitor)
