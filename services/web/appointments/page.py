"""Termine: a day or a week of one's appointments and own follow-ups; what became of them, one or several at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import groupby
from operator import attrgetter
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.decisions.wishes import GoodCause, SetAppointmentStatus, Status
from domain.periods import DAY, Period
from domain.permissions import Action
from services.casework import case as casework
from services.casework import desk
from services.office.office import Office
from services.questions import agenda, cases
from services.questions.agenda import Agenda
from services.web.case import undo
from services.web.http import templating
from services.web.http.door import Door, Needs, Opens, Posted, TheOffice, Visit
from services.web.http.visitor import NotThere, Visitor, seen_case
from services.web.words.forms import day_of, text_in

router = APIRouter(include_in_schema=False)

MOST = 50  # appointments answered at once
Reads = Annotated[Door, Depends(Opens(Action.ANSWER))]
Answers = Annotated[Visitor, Depends(Needs(Action.ANSWER))]
OUTCOMES: Mapping[str, tuple[Status, GoodCause | None]] = {  # what a tap says -> status and good cause
    "held": ("held", None),
    "missed-yes": ("missed", "yes"),
    "missed-no": ("missed", "no"),
    "missed-open": ("missed", "open"),
    "cancelled": ("cancelled", None),
}


class Shown(NamedTuple):
    """The days shown, a day or a week from Monday on."""

    days: Period
    week: bool

    @property
    def step(self) -> dt.timedelta:
        """How far it is to the next ones."""
        return 7 * DAY if self.week else DAY

    def address(self, steps: int = 0) -> str:
        """The address of these days, or of those so many steps on."""
        return f"/termine?{'woche' if self.week else 'tag'}={(self.days.first + steps * self.step).isoformat()}"


@router.get("/termine")
def show(request: Request, door: Reads, tag: str = "", woche: str = "", getan: str = "") -> Response:
    """The page."""
    with door.open() as visit:
        shown = days_of(tag, woche, visit.visitor.today)
        context = _context(visit, shown, getan)
    return templating.page(request, "appointments.html", visit.visitor, context)


@router.post("/termine")
def answer(request: Request, office: TheOffice, visitor: Answers, form: Posted) -> Response:
    """What became of one appointment (its own button), or of those chosen; each is a decision of its own."""
    shown = days_of(text_in(form, "tag"), text_in(form, "woche"), visitor.today)
    outcome, named = _tapped(form)
    try:
        done, wrong = _answered(office, visitor, outcome, named)
    except Refused as error:
        done, wrong = [], {"": error.reasons[0][1]}
    if not wrong:
        return templating.go(f"{shown.address()}&getan={','.join(done)}")
    with Needs(Action.ANSWER).opened(request, office, form) as visit:
        context = _context(visit, shown, ",".join(done)) | {"wrong": wrong, "chosen": set(wrong)}
    return templating.page(request, "appointments.html", visitor, context, 422)


def _tapped(form: FormData) -> tuple[str, list[str]]:
    """The outcome and the appointments it is said of, each as its reference and the number of its case."""
    one = text_in(form, "einzeln")
    if one:
        outcome, _, named = one.partition("|")
        return outcome, [named]
    return text_in(form, "was"), [str(one)[:300] for one in form.getlist("termin")]


def _answered(office: Office, visitor: Visitor, outcome: str, named: list[str]) -> tuple[list[str], dict[str, str]]:
    """The decisions taken, and what was refused: appointment -> sentence."""
    if outcome not in OUTCOMES:
        raise Refused([("was", "Bitte sagen, was aus dem Termin wurde.")])
    if not named:
        raise Refused([("termin", "Bitte mindestens einen Termin wählen.")])
    if len(named) > MOST:
        raise Refused([("termin", f"Bitte höchstens {MOST} Termine auf einmal.")])
    done, wrong = list[str](), dict[str, str]()
    for one in dict.fromkeys(named):
        try:
            done.append(_close(office, visitor, outcome, one))
        except (Refused, desk.Stale, desk.Forbidden, NotThere) as error:
            wrong[one] = error.reasons[0][1] if isinstance(error, Refused) else str(error)
    return done, wrong


def _close(office: Office, visitor: Visitor, outcome: str, named: str) -> str:
    """One decision; returns what takes it back."""
    ref, _, number = named.partition("|")
    with office.read() as tx:
        at = seen_case(tx, visitor, number)
        found = casework.view(tx, at.key, visitor.today).timeline.appointments if at else []
    one = next((one for one in found if office.vault.ref(one.appointment) == ref), None)
    if at is None or one is None:
        raise NotThere("Diesen Termin gibt es nicht (mehr).")
    status, cause = OUTCOMES[outcome]
    wish = SetAppointmentStatus(appointment=one.appointment, status=status, good_cause=cause)
    return desk.handle(office, at.key, wish, visitor.person).correlation_id


def days_of(tag: str, woche: str, today: dt.date) -> Shown:
    """Raises `Refused` for what is no day."""
    if tag:
        day = day_of("tag", tag, today)
        return Shown(Period(day, day), week=False)
    day = day_of("woche", woche, today) if woche else today
    monday = day - day.weekday() * DAY
    return Shown(Period(monday, monday + 6 * DAY), week=True)


def _context(visit: Visit, shown: Shown, getan: str) -> dict[str, Any]:
    tx, visitor = visit.tx, visit.visitor
    found = agenda.of_workers(tx, visitor.workers, shown.days, visitor.today)
    keys = {one.case_key for one in found.appointments if one.worker}
    keys |= {one.case_key for one in found.follow_ups if one.worker}
    visit.saw_behind({one.case_key for one in found.follow_ups} - keys)
    return {
        "shown": shown,
        "days": _by_day(found, shown, visitor.today),
        "count": len(found.appointments),
        "open": sum(one.status == "planned" and one.on <= visitor.today for one in found.appointments),
        "names": cases.client_names(tx, keys),
        "deeds": undo.lines(tx, visitor, "termine", getan.split(",")[:MOST]),
        "wrong": {},
        "chosen": set(),
    }


def _by_day(found: Agenda, shown: Shown, today: dt.date) -> list[tuple[dt.date, list[Any], list[Any]]]:
    """Each day with something, and today where it is among them."""
    appointments = {day: list(some) for day, some in groupby(found.appointments, key=attrgetter("on"))}
    follow_ups = {day: list(some) for day, some in groupby(found.follow_ups, key=attrgetter("on"))}
    days = {*appointments, *follow_ups, *([today] if shown.days.covers(today) else [])}
    return [(day, appointments.get(day, []), follow_ups.get(day, [])) for day in sorted(days)]
