"""The list of the Abgleich as a file; case numbers, never names."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.questions import reconciliation as question
from services.web.http.door import Door
from services.web.reconciliation.page import IN_FILE, THE_OTHERS, SeesOwn, scope
from services.web.reconciliation.sides import Shown, shown
from services.web.sheets import cases as sheets
from services.web.sheets import scribe
from services.web.sheets.scribe import File
from services.web.sheets.sheet import Cell, Sheet

router = APIRouter(include_in_schema=False)

HEAD = (
    *("Fall", "Eintrag", "Gilt zurzeit", "dazu", "Quelle", "bekannt"),
    *("Andere Angabe", "dazu (andere)", "Quelle (andere)", "bekannt (andere)"),
)


@router.get("/abgleich/liste.{kind}")
async def download(request: Request, door: SeesOwn, kind: str) -> Response:
    """All that is asked, not a page of it."""
    return await scribe.answer(request, partial(_list, door, kind))


def _list(door: Door, kind: str) -> File:
    scribe.check(kind)
    with door.open() as visit:
        today = visit.visitor.today
        whose = scope(visit.tx, visit.visitor)
        found = question.listed(visit.tx, whose, today, 0, IN_FILE)
        rows = [_cells(shown(one)) for one in question.read(visit.tx, found)]
        cut = sheets.cut(len(found), question.count(visit.tx, whose, today), THE_OTHERS)
        sheet = Sheet("Abgleich", HEAD, rows, cut + sheets.origin("Abgleich", "", visit.tx.now))
        visit.saw_list("reconciliation-file", len(rows))
    return scribe.file(sheet, kind, f"abgleich-{today.isoformat()}")


def _cells(one: Shown) -> list[Cell]:
    sides = [cell for side in (one.thing, one.other) for cell in (side.on, side.more, side.source, side.recorded)]
    return [one.asked.number, one.what, *sides]
