"""Einladung: the letter of a planned appointment to copy or print, and "Einladung ist raus" with its day."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.decisions.view import CaseView
from domain.decisions.wishes import RecordFact
from domain.facts.contact import AppointmentPlanned
from domain.permissions import Action
from domain.things import PLANNED, Appointment
from notifications.letters import Invitation, invitation
from services.casework import case as casework
from services.casework import desk
from services.casework.desk import Done
from services.dialogues.conversation import Conversation
from services.office.office import Office, Transaction
from services.questions import cases, grounds
from services.records import rulebook
from services.web.case import undo
from services.web.http import templating
from services.web.http.door import Door, NeedsAtCase, Opens, Posted, TheOffice
from services.web.http.visitor import AtCase, NotThere
from services.web.words.forms import WHOLE, day_in, text_in, version_in

router = APIRouter(include_in_schema=False)

PATH = "/einladung/"
Reads = Annotated[Door, Depends(Opens())]
Invites = Annotated[AtCase, Depends(NeedsAtCase(Action.RECORD))]
GONE = "Dazu lässt sich keine Einladung (mehr) schreiben: Der Termin ist nicht geplant oder vorbei."


class Wanted(NamedTuple):
    """The letter asked for: the reference of its appointment, whether with the Rechtsfolgenbelehrung."""

    ref: str
    legal_notice: bool


@router.get("/einladung/{case:path}")
def show(request: Request, door: Reads, case: str, termin: str = "", belehrung: str = "", getan: str = "") -> Response:
    """The letter; `termin` is the reference of the appointment, `belehrung` asks for the Rechtsfolgenbelehrung.

    `getan`: the decision that planned it, which the page says is saved and lets take back.
    """
    with door.open() as visit:
        at = visit.case(case, Action.RECORD)
        context = _context(visit.tx, at, Wanted(termin, bool(belehrung)))
        context |= {"deeds": undo.lines(visit.tx, at.visitor, "fall", [getan])}
    return templating.page(request, "letter.html", at.visitor, context)


@router.post("/einladung/{case:path}")
def sent(request: Request, office: TheOffice, at: Invites, form: Posted) -> Response:
    """Records that the invitation has left, with its day; a second post of the same page records nothing."""
    wanted = Wanted(text_in(form, "termin"), bool(text_in(form, "belehrung")))
    try:
        done = _invited(office, at, wanted, form)
    except Refused as error:
        return _again(request, office, at, wanted, form, dict(error.reasons), 422)
    except desk.Stale as error:
        return _again(request, office, at, wanted, form, {"": error.sentence}, 409)
    return templating.go(f"{templating.case_path(at.number)}?getan={done.correlation_id}")


def _invited(office: Office, at: AtCase, wanted: Wanted, form: FormData) -> Done:
    with office.read() as tx:
        one = _appointment(office, casework.view(tx, at.key, at.visitor.today), at, wanted.ref)
    on = day_in(form, "on", at.visitor.today)
    data: dict[str, Any] = {"appointment": one.appointment, "legal_notice": wanted.legal_notice}
    if reason := text_in(form, "late_reason", WHOLE).strip():
        data["late_reason"] = reason
    wish = RecordFact(name="appointment-invited", on=on, data=data)
    return desk.handle(office, at.key, wish, at.visitor.person, expected_number=version_in(form, "stand"))


def _again(
    request: Request, office: Office, at: AtCase, wanted: Wanted, form: FormData, wrong: dict[str, str], status: int
) -> Response:
    with office.read() as tx:
        context = _context(tx, at, wanted)
    context |= {"wrong": wrong, "typed": {key: text_in(form, key, WHOLE) for key in ("on", "late_reason")}}
    return templating.page(request, "letter.html", at.visitor, context, status)


def after(office: Office, current: Conversation, done: Done) -> str:
    """Where a planned appointment leads whose invitation is to be written; "" for everything else."""
    if current.answers.get("invited") != "letter":
        return ""
    planned = (one.fact.appointment for one in done.entries if isinstance(one.fact, AppointmentPlanned))
    if (thing := next(planned, None)) is None:
        return ""
    query = urlencode({"termin": office.vault.ref(thing), "getan": done.correlation_id})
    return f"{PATH}{quote(current.case)}?{query}"


def _appointment(office: Office, view: CaseView, at: AtCase, ref: str) -> Appointment:
    """The appointment, if it is still to come. Raises `NotThere`."""
    one = next((one for one in view.timeline.appointments if office.vault.ref(one.appointment) == ref), None)
    if one is None or one.status != PLANNED or one.on < at.visitor.today:
        raise NotThere(GONE)
    return one


def _context(tx: Transaction, at: AtCase, wanted: Wanted) -> dict[str, Any]:
    view = casework.view(tx, at.key, at.visitor.today)
    one = _appointment(tx.office, view, at, wanted.ref)
    name = cases.client_spoken(tx, at.key) if at.may(Action.SEE_NAMES) else ""
    said = Invitation(
        day=one.on, time=one.time or "", place=one.place or "", channel=one.planned_channel or "",
        name=name, worker=at.visitor.spoken, legal_notice=wanted.legal_notice,
    )  # fmt: skip
    own = rulebook.texts(tx.conn, at.visitor.today)
    return {
        "number": at.number,
        "name": name,
        "one": one,
        "ref": wanted.ref,
        "letter": invitation(said, own, grounds.lexicon(tx.conn)),
        "legal_notice": wanted.legal_notice,
        "version": view.records[-1].number,
        "deeds": (),
        "wrong": {},
        "typed": {"on": "", "late_reason": ""},
    }
