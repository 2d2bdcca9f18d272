"""Appointments, own follow-ups and tasks as a file for a calendar: they name cases by their number alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from domain.things import PLANNED
from notifications.calendar_entry import Event, calendar
from services.messages import mail
from services.office.office import Transaction
from services.questions import agenda
from services.questions.agenda import Agenda
from services.web.appointments.page import Reads, days_of
from services.web.http.visitor import NotThere

router = APIRouter(include_in_schema=False)

TYPE = "text/calendar; charset=utf-8"


@router.get("/termine.ics")
def download(door: Reads, tag: str = "", woche: str = "", nur: str = "") -> Response:
    """The days shown on the page; `nur`: of these the one entry with this reference."""
    with door.open() as visit:
        tx, today = visit.tx, visit.visitor.today
        shown = days_of(tag, woche, today)
        found = agenda.of_workers(tx, visit.visitor.workers, shown.days, today)
        events = [one for one in entries(found, mail.served_at(tx.conn)) if nur in ("", one.ref)]
        if nur and not events:
            raise NotThere("Diesen Termin gibt es an diesen Tagen nicht (mehr).")
        return answer(tx, events, f"termine-{shown.days.first.isoformat()}")


def entries(found: Agenda, address: str) -> Iterator[Event]:
    """Each planned appointment, all day where no time is known, and each own follow-up; `address`: of the pages."""
    for one in found.appointments:
        if one.status == PLANNED:
            link = case_link(address, one.number)
            yield Event(one.ref, f"Termin {one.number}", one.on, one.time, link, one.last, busy=True)
    for other in found.follow_ups:
        link = case_link(address, other.number)
        yield Event(other.ref, f"Wiedervorlage {other.number}", other.on, "", link, other.last)


def case_link(address: str, number: str) -> str:
    """Where a case is opened."""
    return f"{address}/fall/{quote(number)}"


def answer(tx: Transaction, events: Iterable[Event], name: str, now: dt.datetime | None = None) -> Response:
    """The entries as a download of this name."""
    text = calendar(events, now or tx.now, mail.sender(tx))
    return Response(text, media_type=TYPE, headers={"Content-Disposition": f'attachment; filename="{name}.ics"'})
