"""Abwesenheiten: planned by the person or a lead, who see first what it brings; changed, ended, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from domain import absences as planning
from domain.absences import Cover, Plan
from domain.decisions.refusal import Refused
from domain.organisation import Organisation
from domain.periods import OPEN
from domain.permissions import EDV
from services.messages import bounces, entries, mail
from services.office.office import Office
from services.people import absences, calendars, directory
from services.people.absences import Desk
from services.questions import cases, unattended
from services.web.absences import forms
from services.web.http import kept, templating
from services.web.http.door import Door, Needs, Opens, Posted, TheOffice, Visit, further
from services.web.http.kept import Sent, Wrong
from services.web.http.visitor import Visitor
from services.web.words.forms import text_in

router = APIRouter(include_in_schema=False)

PATH = "/abwesenheiten"
Reads = Annotated[Door, Depends(Opens())]
Works = Annotated[Visitor, Depends(Needs())]
DONE = {
    "wieder": "Mails gehen wieder an diese Adresse",
    "mail": "Gespeichert",
    "neu": "Eingetragen",
    "anders": "Geändert",
    "ende": "Beendet",
    "weg": "Zurückgenommen",
    "kalender-neu": "Neue Adresse",
    "kalender-weg": "Adresse beendet",
    "kalender-ja": "Gespeichert: Kalendereinträge kommen per Mail",
    "kalender-nein": "Gespeichert: keine Kalendereinträge per Mail",
}


class Line(NamedTuple):
    """A recorded plan: its name in forms, who acts on which of its days, whether it began before today."""

    plan: Plan
    name: str
    cover: Sequence[Cover]
    begun: bool


@router.get(PATH)
def show(request: Request, door: Reads, aendern: str = "", getan: str = "", zu: str = "") -> Response:
    """The forms, what is planned for today and later, and whom one stands in for; `aendern` names a plan to change."""
    if kept.ID in request.query_params:
        with door.open() as visit:
            visitor = visit.visitor
        return _plan(request, door.office, visitor, kept.given(request, door.office, visitor) or FormData())
    with door.open() as visit:
        shown = _context(visit, forms.named(aendern))
        done = forms.named(zu)
        there = any(line.plan == done for line in (*shown["own"], *shown["theirs"]))
        shown |= {"done": DONE.get(getan, ""), "done_plan": done, "may_undo": zu if there and getan == "neu" else ""}
    return templating.page(request, "absences.html", visit.visitor, shown)


@router.post(PATH)
def plan(request: Request, office: TheOffice, visitor: Works, form: Posted) -> Response:
    """Leads to what an absence or a deputy brings, or saves it."""
    return _plan(request, office, visitor, form)


@router.post(f"{PATH}/zurueck")
def take_back(request: Request, office: TheOffice, visitor: Works, form: Posted) -> Response:
    """Ends a plan with yesterday, or takes it back."""
    one, ends = forms.named(text_in(form, "plan")), text_in(form, "tun") == "end"
    try:
        if one is None:
            raise Refused([("", absences.GONE)])
        with office.write() as tx:
            desk = Desk(tx, visitor.person, one.person)
            desk.end(one) if ends else desk.take_back(one)
    except Refused as error:
        with further(request, office, visitor) as visit:
            shown = _context(visit) | {"wrong": {"": str(error)}}
        return templating.page(request, "absences.html", visitor, shown, 422)
    return _done("ende" if ends else "weg", one)


@router.post(f"{PATH}/nachrichten")
def choose(office: TheOffice, visitor: Works, form: Posted) -> Response:
    """Keeps whether the visitor gets mails."""
    chosen = text_in(form, "mail")
    if chosen not in ("ja", "nein"):
        raise Refused([("mail", "Bitte wählen, ob Nachrichten auch als Mail kommen.")])
    with office.write() as tx:
        mail.choose(tx.conn, visitor.person, mails=chosen == "ja")
    return templating.go(f"{PATH}?getan=mail#nachrichten")


@router.post(f"{PATH}/mail")
def try_again(office: TheOffice, visitor: Works, form: Posted) -> Response:
    """Mails go again to an address that was put aside: to one's own, EDV also to that of others."""
    person = visitor.person if EDV.isdisjoint(visitor.roles) else text_in(form, "person")
    with office.write() as tx:
        if not bounces.try_again(tx, person):
            raise Refused([("person", "Für diese Person sind Mails nicht angehalten.")])
    return templating.go(f"{PATH}?getan=wieder#nachrichten" if person == visitor.person else "/einrichten")


def _plan(request: Request, office: Office, visitor: Visitor, form: FormData) -> Response:
    given = forms.typed(form)
    instead = forms.named(given["statt"])

    def again(wrong: Wrong, status: int) -> Response:
        with further(request, office, visitor) as visit:
            shown = _context(visit) | {"given": given, "wrong": wrong, "kept": kept.query(request)}
        return templating.page(request, "absences.html", visitor, shown, status)

    def step(saves: bool) -> Response:
        people = planning.people_of(visitor.organisation, visitor.person, visitor.today)
        wish = forms.plan(given, visitor, people)
        with office.write(keep=saves) as tx:
            desk = Desk(tx, visitor.person, wish.person, wish.deputy)
            if saves:
                desk.save(wish, instead)
            else:
                seen = desk.seen(wish, instead)
        if saves:
            return _done("anders" if instead else "neu", wish)
        with further(request, office, visitor) as visit:
            named = {
                wish.person,
                *(one.acting for one in seen.cover if one.acting),
                *(one.person for one in seen.alone),
            }
            names = forms.people(visit.tx, visitor, people, named | ({wish.deputy} if wish.deputy else set())).names
        meant = given | {"first": wish.first.isoformat(), "last": "" if wish.last == OPEN else wish.last.isoformat()}
        shown = {"seen": seen, "people": names, "fields": meant, "own": wish.person == visitor.person}
        shown["decides"] = visitor.organisation.heads(wish.person, max(wish.first, visitor.today))
        return templating.page(request, "absences_preview.html", visitor, shown)

    return kept.decide(Sent(request, office, visitor, form), step, again)


def _done(what: str, one: Plan) -> Response:
    return templating.go(f"{PATH}?{urlencode({'getan': what, 'zu': forms.name(one)})}")


def _context(visit: Visit, change: Plan | None = None) -> dict[str, Any]:
    visitor, organisation = visit.visitor, visit.visitor.organisation
    others = planning.people_of(organisation, visitor.person, visitor.today)
    own = absences.ahead(organisation, [visitor.person], visitor.today)
    theirs = absences.ahead(organisation, others, visitor.today)
    stood_in = organisation.deputised_for(visitor.person, visitor.today)
    lines = {
        key: [_line(organisation, visitor, one) for one in plans] for key, plans in (("own", own), ("theirs", theirs))
    }
    people = forms.people(visit.tx, visitor, others, {*_named([*lines["own"], *lines["theirs"]]), *stood_in})
    if change is not None and change not in [*own, *theirs]:
        change = None
    return {
        **lines,
        "choices": people,
        "people": people.names,
        "lost": _lost(visit),
        "mails": not mail.reads_here_only(visit.tx.conn, visitor.person),
        "bounced": bounces.standing(visit.tx, visitor.person),
        "entries": entries.wants(visit.tx.conn, visitor.person),
        "calendar": calendars.of_person(visit.tx, visitor.person),
        "served_at": mail.served_at(visit.tx.conn),
        "has_address": directory.mail_address(visit.tx, visitor.person) is not None,
        "stood_in": [(one, _until(organisation, visitor, one)) for one in stood_in],
        "given": forms.fields_of(change) if change else forms.EMPTY | {"person": visitor.person},
        "wrong": {},
        "kept": "",
        "done": "",
        "done_plan": None,
        "may_undo": "",
    }


def _lost(visit: Visit) -> list[tuple[str, str]]:
    """For EDV, which keeps the directory: the units and areas with open cases where no lead is there."""
    tx, visitor = visit.tx, visit.visitor
    if EDV.isdisjoint(visitor.roles):
        return []
    return unattended.without_lead(tx.conn, visitor.organisation, cases.places(tx.conn), visitor.today)


def _line(organisation: Organisation, visitor: Visitor, one: Plan) -> Line:
    first = max(one.first, visitor.today)
    cover = planning.cover(organisation, one.person, first, one.last) if one.away else []
    return Line(one, forms.name(one), cover, one.first < visitor.today)


def _named(lines: Sequence[Line]) -> set[str]:
    acting = {one.acting for line in lines for one in line.cover if one.acting}
    return acting | {line.plan.deputy for line in lines if line.plan.deputy} | {line.plan.person for line in lines}


def _until(organisation: Organisation, visitor: Visitor, person: str) -> Any:
    """The last day of the absence of somebody who is away today."""
    today = visitor.today
    return max((one.last for one in organisation.recorded(person).absences if one.covers(today)), default=None)
