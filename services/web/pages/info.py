"""Two pages anybody may read: how to work with the service, and what holds about its accessibility."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.understanding import EXAMPLES
from services.web import templating

router = APIRouter(include_in_schema=False)


@router.get("/hilfe")
def help_page(request: Request) -> Response:
    """What can be done where, and what can be typed."""
    return templating.page(request, "help.html", None, {"examples": list(EXAMPLES.values())})


@router.get("/barrierefreiheit")
def accessibility(request: Request) -> Response:
    """The statement on accessibility."""
    return templating.page(request, "accessibility.html", None)
