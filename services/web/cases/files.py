"""The lists of cases as a file, as they are asked for on the page."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.web.cases import filters, page, search
from services.web.cases.filters import FOUND
from services.web.cases.page import Opened
from services.web.http.door import Door
from services.web.sheets import cases as sheets
from services.web.sheets import scribe
from services.web.sheets.scribe import File
from services.web.sheets.sheet import Sheet

router = APIRouter(include_in_schema=False)


@router.get("/faelle/liste.{kind}")
async def download(request: Request, door: Opened, kind: str) -> Response:
    """All cases of the lists, not a page of them."""
    return await scribe.answer(request, partial(_list, request, door, kind))


def _list(request: Request, door: Door, kind: str) -> File:
    with door.open() as visit:
        scribe.check(kind)
        asked = filters.read(request.query_params)
        typed = search.opened(request, visit.tx, visit.visitor) if FOUND in asked.given else ""
        lists = page.whole(visit, asked, typed)
        rows = [[one.title, *sheets.cells(row)] for one in lists for row in one.page.rows]
        visit.saw_list("cases-file", len(rows), filters.in_words(asked.given))
        origin = sheets.origin("Fälle", filters.in_words(asked.given), visit.tx.now)
    sheet = Sheet("Fälle", ("Liste", *sheets.HEAD), rows, origin)
    return scribe.file(sheet, kind, f"faelle-{visit.visitor.today.isoformat()}")
