"""What a calendar gets that asks a personal address: how many there are on each day, with a link, and no case."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256

from fastapi import APIRouter, Request
from sqlalchemy.exc import OperationalError
from starlette.responses import Response

from domain.periods import BERLIN, DAY, Period
from domain.things import PLANNED
from notifications.calendar_entry import Event, calendar
from services import failures
from services.messages import mail, waiting
from services.office.office import Office, Transaction
from services.people import calendars, directory
from services.people.calendars import Asked
from services.questions import agenda
from services.questions import today as tasks
from services.web.appointments.calendar import TYPE
from services.web.http.door import MOMENT, TheOffice
from services.web.http.tries import doors_of
from services.web.http.visitor import NotThere, Visitor
from services.web.words.dates import number

router = APIRouter(include_in_schema=False)

AHEAD = 56 * DAY
UNKNOWN = "Diese Kalenderadresse gibt es nicht (mehr)."

log = logging.getLogger(failures.LOGGER)


@router.get("/kalender/{token}.ics")
def feed(request: Request, office: TheOffice, token: str) -> Response:
    """The calendar, or 304 where it is as the asking program has it. The log names neither the token nor the person."""
    doors = doors_of(request)
    with office.read() as tx:
        asked = calendars.asked(tx, token)
        if asked is None:  # many of these close no address that holds: an office may come from one place
            with doors.no_calendars.of(request, NotThere):
                log.info("calendar", extra={"status": 404})
                raise NotThere(UNKNOWN)
        doors.calendars.check(asked.mark)
        doors.calendars.count(asked.mark)
        text = _calendar(tx, asked.person)
    tag = f'"{sha256(text.encode()).hexdigest()[:32]}"'
    status = 304 if _has(request, tag) else 200
    log.info("calendar", extra={"status": status, "address": asked.mark})
    _note(office, asked)
    return Response("" if status == 304 else text, status, {"ETag": tag}, media_type=TYPE)


def _has(request: Request, tag: str) -> bool:
    """Whether the asking program has this already; weak tags count here, too (RFC 9110, 13.1.2)."""
    sent = ",".join(request.headers.getlist("If-None-Match")).split(",")
    return any(one.strip().removeprefix("W/") in (tag, "*") for one in sent)


def _note(office: Office, asked: Asked) -> None:
    """Nobody waits for it: the next asking notes it, too."""
    if asked.due:
        with suppress(OperationalError), office.write(patience=MOMENT) as tx:
            calendars.note(tx.conn, asked.person, tx.now)


def _calendar(tx: Transaction, person: str) -> str:
    """Stamped with the beginning of the day, so that it stays the same text as long as it says the same."""
    organisation, today = directory.organisation(tx), tx.today
    roles = organisation.role_names(person, today)
    visitor = Visitor(person, "", "", roles, "", organisation, today)
    stamp = dt.datetime.combine(today, dt.time.min, BERLIN)
    return calendar(_events(tx, visitor), stamp, mail.sender(tx), name="Fallverlauf")


def _events(tx: Transaction, visitor: Visitor) -> Iterator[Event]:
    """Of each day until `AHEAD` at most one event a kind; of today what waits, whenever it became due."""
    today, address = visitor.today, mail.served_at(tx.conn)
    found = agenda.of_workers(tx, visitor.workers, Period(today, today + AHEAD), today)

    def event(kind: str, said: str, on: dt.date, path: str) -> Event:
        return Event(tx.office.vault.ref(f"calendar/{visitor.person}/{kind}/{on}"), said, on, "", f"{address}{path}")

    if asked := len(waiting.requests(tx, visitor.person, today)):
        said = "Ein Antrag zu entscheiden" if asked == 1 else f"{number(asked)} Anträge zu entscheiden"
        yield event("request", said, today, "/team")
    if due := len(tasks.tasks(tx, visitor.workers, today)):
        yield event("task", f"{number(due)} {_word(due, 'Wiedervorlage')} fällig", today, "/")
    appointments = Counter(one.on for one in found.appointments if one.status == PLANNED)
    follow_ups = Counter(one.on for one in found.follow_ups if one.on > today)
    for word, counted in (("Termin", appointments), ("Wiedervorlage", follow_ups)):
        for day, count in sorted(counted.items()):
            yield event(word, f"{number(count)} {_word(count, word)}", day, f"/termine?tag={day.isoformat()}")


def _word(count: int, word: str) -> str:
    return word if count == 1 else f"{word}e" if word == "Termin" else f"{word}n"
