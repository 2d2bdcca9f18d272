"""Rückgängig: takes back all of one decision, or says which later entry stands on it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain.decisions.refusal import BuiltUpon
from domain.decisions.wishes import Undo
from domain.periods import local_day
from domain.permissions import Action
from notifications import render
from services.casework import desk
from services.office.office import Office
from services.web.case import altered, view
from services.web.http import templating
from services.web.http.door import NeedsAtCase, Posted, TheOffice
from services.web.http.visitor import AtCase
from services.web.words import labels, links

PAGES = {  # where something was decided, unless at its case
    "heute": "/",
    "team": "/team",
    "altfaelle": "/team/altfaelle",
    "abgleich": "/abgleich",
    "eingang": "/eingang",
    "doppelte": "/eingang/doppelte",
    "termine": "/termine",
}
router = APIRouter(include_in_schema=False)

TakesBack = Annotated[AtCase, Depends(NeedsAtCase(Action.SEE_CASE, logged=False))]  # shows nothing of the case


@router.post("/rueckgaengig/{case:path}")
def undo(request: Request, office: TheOffice, at: TakesBack, form: Posted) -> Response:
    """Takes back everything one decision wrote; the page it was taken on says so, narrowed as its address says.

    What cannot be taken back, since a later entry stands on it, is said with that entry.
    """
    done = str(form.get("getan", ""))
    try:
        desk.handle(office, at.key, Undo(correlation_id=done), at.visitor.person)
    except BuiltUpon as error:
        return templating.page(request, "built_upon.html", at.visitor, {"at": at, **above(office, at, error)}, 422)
    back = PAGES.get(str(form.get("woher")))
    if back is None:
        return templating.go(f"{templating.case_path(at.number)}?getan={quote(done)}")
    told = request.query_params.get("getan", "")  # beside others of one answer, which can be taken back as well
    return templating.go(links.address(request.query_params, back, getan=told if done in told.split(",") else done))


def above(office: Office, at: AtCase, error: BuiltUpon) -> dict[str, str]:
    """The entry that stands above what is to be taken back: whose it is, and where."""
    names: dict[str, str] = {}
    if at.may(Action.SEE_NAMES):
        with office.read() as tx:
            names = view.names_of(tx, [error.by])
    said = {"what": labels.fact(error.what), "on": error.on, "when": local_day(error.when)}
    by = altered.author(error.by, names)
    return {"sentence": render.sentence("case/built-upon.txt.j2", {**said, "by": by}), "above": error.ref}
