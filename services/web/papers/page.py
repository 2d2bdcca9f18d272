"""Papers of a case: Akte, Auskunft and Vermerk, as a page to print, as a PDF to keep, the Auskunft also for programs.

Each is given out by who works the case or leads, and logged whoever it is: it leaves the house.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Request
from sqlalchemy import select
from starlette.responses import Response

from domain.periods import BERLIN
from domain.permissions import Action
from domain.purposes import DISCLOSURE, FILE_ACCESS, FILED
from services.records.tables import actions
from services.web.case import now, view
from services.web.http import templating
from services.web.http.door import Door, Opens, Visit
from services.web.http.visitor import AtCase, NotThere
from services.web.papers import disclosure, pdf, stored, vermerk, whole
from services.web.papers.paper import Paper

router = APIRouter(include_in_schema=False)

Reads = Annotated[Door, Depends(Opens())]
Shape = Literal["", "pdf"]
NO_VERMERK = "Zu diesem Eintrag gibt es keinen Vermerk."


@router.get("/akte/{case:path}")
def file(request: Request, door: Reads, case: str, als: Shape = "") -> Response:
    """The whole case for Akteneinsicht."""
    with door.open() as visit:
        at = _given_out(visit, case, FILE_ACCESS)
        shown = _shown(visit, at)
        paper = whole.whole(shown, visit.tx.now, *_standing(visit, at, shown))
    return _answer(request, at, paper, als, f"Akte-{at.number}")


@router.get("/auskunft/{case:path}")
def about(request: Request, door: Reads, case: str, als: Literal["", "pdf", "json"] = "") -> Response:
    """Everything stored about the person of a case."""
    with door.open() as visit:
        at = _given_out(visit, case, DISCLOSURE)
        found = stored.of(visit.tx, at.key, at.number)
        shown = _shown(visit, at)
        paper = disclosure.of(visit.tx, shown, visit.tx.now, _standing(visit, at, shown), found["stored"])
        made = visit.tx.now
    if als == "json":
        content = {"case": at.number, "made": made.astimezone(BERLIN), **found, "not_given": stored.LEFT}
        return _attached(msgspec.json.encode(content), "application/json", f"Auskunft-{at.number}", "json")
    return _answer(request, at, paper, als, f"Auskunft-{at.number}", data=True)


@router.get("/vermerk/{ref}/{case:path}")
def one(request: Request, door: Reads, ref: str, case: str, als: Shape = "") -> Response:
    """The Vermerk of one decision."""
    with door.open() as visit:
        at = _given_out(visit, case, FILED)
        decided = select(actions.c.correlation_id).where(actions.c.case_key == at.key)
        paper = vermerk.of(_shown(visit, at), ref, visit.tx.now, set(visit.tx.conn.scalars(decided)))
        if paper is None:
            raise NotThere(NO_VERMERK)
    return _answer(request, at, paper, als, f"Vermerk-{at.number}")


def _given_out(visit: Visit, number: str, purpose: str) -> AtCase:
    """The case, if this person may give it out; logged with the purpose."""
    at = visit.case(number, Action.GIVE_OUT)
    visit.gave_out(at, purpose)
    return at


def _shown(visit: Visit, at: AtCase) -> view.CaseFile:
    return view.read(visit.tx, at, view.Moment(at.visitor.today, None))


def _standing(visit: Visit, at: AtCase, shown: view.CaseFile) -> tuple[str, str]:
    return view.responsible(visit.tx, at, shown), now.status(shown.timeline, bool(shown.facts))


def _attached(content: bytes, media: str, name: str, kind: str) -> Response:
    name = re.sub(r"[^\w.-]", "-", name, flags=re.ASCII)
    return Response(content, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'})


def _answer(request: Request, at: AtCase, paper: Paper, shape: str, name: str, *, data: bool = False) -> Response:
    if shape == "pdf":
        return _attached(pdf.write(paper), "application/pdf", name, "pdf")
    return templating.page(request, "paper.html", at.visitor, {"at": at, "paper": paper, "data": data})
