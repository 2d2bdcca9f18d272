"""Appointments of a day or week as a file; a place may name somebody, so it is left out."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.questions import agenda
from services.questions.agenda import Appointment
from services.web.appointments import page
from services.web.appointments.page import Reads
from services.web.http.door import Door
from services.web.sheets import cases as sheets
from services.web.sheets import scribe
from services.web.sheets.scribe import File
from services.web.sheets.sheet import Cell, Sheet
from services.web.words import dates, labels

router = APIRouter(include_in_schema=False)

HEAD = ("Tag", "Uhrzeit", "Fall", "Stand", "Weg", "Eingeladen am")


@router.get("/termine/liste.{kind}")
async def download(request: Request, door: Reads, kind: str, tag: str = "", woche: str = "") -> Response:
    """The days shown, as a table."""
    return await scribe.answer(request, partial(_list, door, kind, tag, woche))


def _list(door: Door, kind: str, tag: str, woche: str) -> File:
    with door.open() as visit:
        scribe.check(kind)
        shown = page.days_of(tag, woche, visit.visitor.today)
        found = agenda.of_workers(visit.tx, visit.visitor.workers, shown.days, visit.visitor.today)
        days = f"{dates.plain(shown.days.first)} bis {dates.plain(shown.days.last)}"
        origin = sheets.origin("Termine", days, visit.tx.now)
    rows = [_cells(one) for one in found.appointments]
    return scribe.file(Sheet("Termine", HEAD, rows, origin), kind, f"termine-{shown.days.first.isoformat()}")


def _cells(one: Appointment) -> list[Cell]:
    channel = labels.code(one.channel) if one.channel else None
    return [one.on, one.time or None, one.number, labels.code(one.status), channel, one.invited]
