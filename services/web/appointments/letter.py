"""Einladung: the letter of a planned appointment to copy or print, and "Einladung ist raus" with its day."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.decisions.wishes import RecordFact
from domain.facts.contact import AppointmentPlanned
from domain.permissions import Action
from domain.things import PLANNED, Appointment
from notifications.letters import Invitation, invitation
from services.casework import case as casework
from services.casework import desk
from services.casework.desk import Done
from services.dialogues.conversation import Conversation
from services.office.office import Office
from services.questions import cases
from services.records import rulebook
from services.web.http import templating
from services.web.http.door import NeedsAtCase, Posted, TheOffice
from services.web.http.visitor import AtCase, NotThere
from services.web.words.forms import day_in, text_in

router = APIRouter(include_in_schema=False)

PATH = "/einladung/"
Invites = Annotated[AtCase, Depends(NeedsAtCase(Action.RECORD))]


@router.get("/einladung/{case:path}")
def show(request: Request, office: TheOffice, at: Invites, termin: str = "", belehrung: str = "") -> Response:
    """The letter; `termin` is the reference of the appointment, `belehrung` asks for the Rechtsfolgenbelehrung."""
    context = _context(office, at, termin, legal_notice=bool(belehrung))
    return templating.page(request, "letter.html", at.visitor, context)


@router.post("/einladung/{case:path}")
def sent(request: Request, office: TheOffice, at: Invites, form: Posted) -> Response:
    """Records that the invitation has left, with its day."""
    ref, legal_notice = text_in(form, "termin"), bool(text_in(form, "belehrung"))
    one = _appointment(office, at, ref)
    try:
        on = day_in(form, "on", at.visitor.today)
        data: dict[str, Any] = {"appointment": one.appointment, "legal_notice": legal_notice}
        if reason := text_in(form, "late_reason", 4_100).strip():
            data["late_reason"] = reason
        done = desk.handle(office, at.key, RecordFact(name="appointment-invited", on=on, data=data), at.visitor.person)
    except Refused as error:
        typed = {key: text_in(form, key, 4_100) for key in ("on", "late_reason")}
        context = _context(office, at, ref, legal_notice=legal_notice)
        context |= {"wrong": dict(error.reasons), "typed": typed}
        return templating.page(request, "letter.html", at.visitor, context, 422)
    return templating.go(f"{templating.case_path(at.number)}?getan={done.correlation_id}")


def after(office: Office, current: Conversation, done: Done) -> str:
    """Where a planned appointment leads whose invitation is to be written; "" for everything else."""
    if current.answers.get("invited") != "letter":
        return ""
    planned = (one.fact.appointment for one in done.entries if isinstance(one.fact, AppointmentPlanned))
    if (thing := next(planned, None)) is None:
        return ""
    return f"{PATH}{quote(current.case)}?{urlencode({'termin': office.vault.ref(thing)})}"


def _appointment(office: Office, at: AtCase, ref: str) -> Appointment:
    """The appointment, if it is still to come. Raises `NotThere`."""
    with office.read() as tx:
        found = casework.view(tx, at.key, at.visitor.today).timeline.appointments
    one = next((one for one in found if office.vault.ref(one.appointment) == ref), None)
    if one is None or one.status != PLANNED or one.on < at.visitor.today:
        raise NotThere("Dazu lässt sich keine Einladung (mehr) schreiben: Der Termin ist nicht geplant oder vorbei.")
    return one


def _context(office: Office, at: AtCase, ref: str, *, legal_notice: bool) -> dict[str, Any]:
    one = _appointment(office, at, ref)
    with office.read() as tx:
        name = cases.client_names(tx, [at.key]).get(at.key, "") if at.may(Action.SEE_NAMES) else ""
        own = rulebook.texts(tx.conn, at.visitor.today)
    last, _, first = name.partition(", ")
    said = Invitation(
        day=one.on, time=one.time or "", place=one.place or "", channel=one.planned_channel or "",
        name=f"{first} {last}".strip(), worker=at.visitor.spoken, legal_notice=legal_notice,
    )  # fmt: skip
    context = {"number": at.number, "name": name, "one": one, "ref": ref, "letter": invitation(said, own)}
    return context | {"legal_notice": legal_notice, "wrong": {}, "typed": {"on": "", "late_reason": ""}}
