"""Heute: what waits, the most urgent first; answers where the question stands; the case in focus beside it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.decisions.wishes import SetAppointmentStatus
from domain.permissions import Action
from services.casework import case as casework
from services.casework import desk
from services.dialogues import conversation
from services.messages.inbox import Kind
from services.office.office import Office
from services.questions import today as waiting
from services.web.appointments.page import OUTCOMES
from services.web.http import templating
from services.web.http.door import Door, Needs, Opens, Posted, TheOffice
from services.web.http.visitor import NotThere, Visitor, seen_case
from services.web.today import dialogue, view
from services.web.today.answers import answers
from services.web.today.view import Asked
from services.web.words.forms import text_in

router = APIRouter(include_in_schema=False)


def asked_for(
    getan: str = "", offen: str = "", thema: str = "", wahl: Annotated[tuple[str, ...], Query()] = ()
) -> Asked:
    """What the address asks for."""
    return Asked(getan, offen, thema, wahl)


Note = Annotated[int, Path(ge=0, lt=2**31)]
LoggedIn = Annotated[Door, Depends(Opens())]
ReadsToday = Annotated[Door, Depends(Opens(Action.SEE_TODAY))]
SeesToday = Annotated[Visitor, Depends(Needs(Action.SEE_TODAY))]
SeesQs = Annotated[Visitor, Depends(Needs(Action.SEE_QS))]
Asking = Annotated[Asked, Depends(asked_for)]


@router.get("/")
def show(request: Request, door: LoggedIn, asked: Asking) -> Response:
    """The page; who leads and has no cases of their own is led to Team, who has nothing to do here to their page."""
    with door.open() as visit:
        visitor = visit.visitor
        if templating.only_leads(visitor):
            return templating.go("/team")
        if not visitor.may(Action.SEE_TODAY):
            return templating.go(next((place.path for place in templating.places(visitor)), "/hilfe"))
        shown = view.read(visit, asked)
        said = answers(door.office).of(visit.tx, visitor.session, door.office.now())
    context = {**view.talks(door.office, visitor, shown), "said": said}
    return templating.page(request, "today.html", visitor, context)


@router.get("/heute/liste")
def refresh(request: Request, door: ReadsToday, asked: Asking) -> Response:
    """The list and what stands beside it, when something new has come or another line is unfolded."""
    with door.open() as visit:
        shown = view.read(visit, asked)
    return templating.page(request, "inbox.html", visit.visitor, view.talks(door.office, visit.visitor, shown))


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
    if tapped in OUTCOMES:
        status, cause = OUTCOMES[tapped]
        wish = SetAppointmentStatus(appointment=named, status=status, good_cause=cause)
        try:
            done = desk.handle(office, at.key, wish, visitor.person)
        except Refused as error:
            if error.reasons[0][0] != "late_reason":
                raise
        else:
            return dialogue.listed(request, office, visitor, Asked(done.correlation_id, text_in(form, "danach")))
    prefill = {"status": tapped.partition("-")[0]} if tapped in (*OUTCOMES, "rescheduled") else {}
    opened = conversation.start(
        office, at.key, "appointment-status", visitor.person, subject=named, prefill=dict(prefill)
    )
    return dialogue.show_started(request, office, visitor, opened, form)


@router.post("/gelesen/{note}")
def read(request: Request, office: TheOffice, visitor: SeesToday, note: Note) -> Response:
    """Marks a message as read."""
    return _read(request, office, visitor, note, (*waiting.TOLD, Kind.ASSIGNED, Kind.DIRECTIVE, Kind.BOUNCED), "/")


@router.post("/rueckmeldung/{note}")
def heard(request: Request, office: TheOffice, visitor: SeesQs, note: Note) -> Response:
    """Marks as read what somebody said about a wrong reminder; leads do that on Team, QS on the page of reports."""
    back = "/team" if visitor.may(Action.SEE_TEAM) else "/qs/rueckmeldungen"
    return _read(request, office, visitor, note, (Kind.DISPUTE,), back)


def _read(
    request: Request, office: Office, visitor: Visitor, note: int, kinds: Collection[Kind], back: str
) -> Response:
    with office.write() as tx:
        if not waiting.read_note(tx, visitor.person, note, office.now(), kinds):
            raise NotThere("Diese Nachricht gibt es nicht.")
    return Response("", media_type="text/html") if templating.is_htmx(request) else templating.go(back)
