"""Heute: what waits, the most urgent first; answers where the question stands; the case in focus beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.decisions.wishes import GoodCause, SetAppointmentStatus, Status
from domain.permissions import Action
from services.casework import case as casework
from services.casework import desk
from services.dialogues import conversation
from services.messages.inbox import Kind
from services.office.office import Office
from services.questions import today as waiting
from services.web.http import templating
from services.web.http.door import Door, Needs, Opens, Posted, TheOffice
from services.web.http.visitor import NotThere, Visitor, seen_case
from services.web.today import dialogue, view
from services.web.today.answers import answers
from services.web.words.forms import text_in

router = APIRouter(include_in_schema=False)

Note = Annotated[int, Path(ge=0, lt=2**31)]
LoggedIn = Annotated[Door, Depends(Opens())]
ReadsToday = Annotated[Door, Depends(Opens(Action.SEE_TODAY))]
SeesToday = Annotated[Visitor, Depends(Needs(Action.SEE_TODAY))]
SeesQs = Annotated[Visitor, Depends(Needs(Action.SEE_QS))]
STATUS: Mapping[str, tuple[Status, GoodCause | None]] = {  # what a tap on an appointment says -> status and good cause
    "held": ("held", None),
    "missed-yes": ("missed", "yes"),
    "missed-no": ("missed", "no"),
    "missed-open": ("missed", "open"),
    "cancelled": ("cancelled", None),
}


@router.get("/")
def show(request: Request, door: LoggedIn, getan: str = "", fokus: str = "") -> Response:
    """The page; who has nothing to do here is led to the page that is theirs."""
    with door.open() as visit:
        visitor = visit.visitor
        if not visitor.may(Action.SEE_TODAY):
            return templating.go(next((place.path for place in templating.places(visitor)), "/hilfe"))
        shown = view.read(visit, getan, fokus)
    context = {**view.talks(door.office, visitor, shown), "said": answers(door.office).of(visitor.session)}
    return templating.page(request, "today.html", visitor, context)


@router.get("/heute/liste")
def refresh(request: Request, door: ReadsToday) -> Response:
    """The list alone, when something new has come."""
    with door.open() as visit:
        shown = view.read(visit)
    return templating.page(request, "tasks.html", visit.visitor, view.talks(door.office, visit.visitor, shown))


@router.get("/heute/fokus/{case:path}")
def focus(request: Request, door: ReadsToday, case: str) -> Response:
    """The right column for a case."""
    with door.open() as visit:
        shown = view.beside(visit, case)
    return templating.page(request, "focus.html", visit.visitor, shown)


@router.post("/termin")
def appointment(request: Request, office: TheOffice, visitor: SeesToday, form: Posted) -> Response:
    """Closes an appointment with one tap; if a reason is still needed, its dialogue opens."""
    case, ref, tapped = (text_in(form, field) for field in ("fall", "termin", "was"))
    with office.read() as tx:
        at = seen_case(tx, visitor, case)
        found = casework.view(tx, at.key, visitor.today).timeline.appointments if at else []
    named = next((one.appointment for one in found if office.vault.ref(one.appointment) == ref), None)
    if at is None or named is None:
        raise NotThere("Diesen Termin gibt es nicht (mehr).")
    if tapped in STATUS:
        status, cause = STATUS[tapped]
        wish = SetAppointmentStatus(appointment=named, status=status, good_cause=cause)
        try:
            done = desk.handle(office, at.key, wish, visitor.person)
        except Refused as error:
            if error.reasons[0][0] != "late_reason":
                raise
        else:
            return _closed(request, office, visitor, done.correlation_id, form)
    prefill = {"status": tapped.partition("-")[0]} if tapped in (*STATUS, "rescheduled") else {}
    opened = conversation.start(
        office, at.key, "appointment-status", visitor.person, subject=named, prefill=dict(prefill)
    )
    return dialogue.show_started(request, office, visitor, opened, form)


@router.post("/gelesen/{note}")
def read(request: Request, office: TheOffice, visitor: SeesToday, note: Note) -> Response:
    """Marks a message as read."""
    return _read(request, office, visitor, note, waiting.TOLD, "/")


@router.post("/rueckmeldung/{note}")
def heard(request: Request, office: TheOffice, visitor: SeesQs, note: Note) -> Response:
    """Marks as read what somebody said about a wrong reminder; leads do that on Team, QS on its page."""
    back = "/team" if visitor.may(Action.SEE_TEAM) else "/qs"
    return _read(request, office, visitor, note, (Kind.DISPUTE,), back)


def _read(
    request: Request, office: Office, visitor: Visitor, note: int, kinds: Collection[Kind], back: str
) -> Response:
    with office.write() as tx:
        if not waiting.read_note(tx, visitor.person, note, office.now(), kinds):
            raise NotThere("Diese Nachricht gibt es nicht.")
    return Response("", media_type="text/html") if templating.is_htmx(request) else templating.go(back)


def _closed(request: Request, office: Office, visitor: Visitor, done: str, form: FormData) -> Response:
    if not templating.is_htmx(request):
        return templating.go(f"/?getan={done}")
    return templating.page(
        request, "decided.html", visitor, view.decided(office, visitor, done, text_in(form, "anker"))
    )
