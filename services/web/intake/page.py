"""Eingang: a new client's case, ALG I and benefit in three fields; each is seen before it is saved."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.dialogues import Choice
from domain.dialogues.handover import BETWEEN
from domain.facts import declared, name_of
from domain.permissions import Action
from services.casework import desk, intake
from services.casework.desk import Done
from services.casework.once import Repeated
from services.office.office import Office, Transaction
from services.people import receivers
from services.people.receivers import Receivers
from services.questions.cases import client_names
from services.records.words import number_typed
from services.web.case import changes, others, undo, view
from services.web.case import forms as facts
from services.web.case.fields import spoken
from services.web.http import kept, templating
from services.web.http.door import Door, Needs, Opens, Posted, TheOffice, Visit
from services.web.http.kept import Sent
from services.web.http.visitor import AtCase, Visitor, seen_case
from services.web.intake import alike, forms
from services.web.intake.forms import KINDS, NEW_CLIENT, NOBODY_ELSE, PERIOD, Asked
from services.web.words.forms import version_in

router = APIRouter(include_in_schema=False)

Reads = Annotated[Door, Depends(Opens(Action.SEE_INTAKE))]
Records = Annotated[Visitor, Depends(Needs(Action.SEE_INTAKE))]
OpensCases = Annotated[Visitor, Depends(Needs(Action.OPEN_CASE))]
Wrong = Mapping[str, str]
NO_CASE = "Unter dieser Nummer gibt es keinen Fall, den Sie sehen dürfen."


@router.get("/eingang")
def show(request: Request, door: Reads, getan: str = "") -> Response:
    """The empty forms, and what was saved just now."""
    with door.open() as visit:
        deed = undo.one(visit.tx, visit.visitor.person, getan) if getan else None
        context = _context(visit.tx, visit.visitor) | undo.line(deed, "eingang")
        if deed is not None and not deed.undone:
            context["others"] = _others(visit, deed)
    return templating.page(request, "intake.html", visit.visitor, context)


@router.post("/eingang/neukunde")
def new_client(request: Request, office: TheOffice, visitor: OpensCases, form: Posted) -> Response:
    """Leads to what opening the case writes, or opens it; an earlier case of the same person is asked about."""
    return _new_client(request, office, visitor, form)


@router.get("/eingang/neukunde")
def new_client_shown(request: Request, office: TheOffice, visitor: OpensCases) -> Response:
    """What opening the case would write, or its form again, at an address of its own."""
    form = kept.given(request, office, visitor)
    return templating.go("/eingang") if form is None else _new_client(request, office, visitor, form)


def _new_client(request: Request, office: Office, visitor: Visitor, form: FormData) -> Response:
    given = forms.typed(form, NEW_CLIENT)

    def again(wrong: Wrong, status: int) -> Response:
        return _again(
            request,
            office,
            visitor,
            status,
            new=given,
            wrong_new=_at_fields(wrong, NEW_CLIENT),
            kept_new=kept.query(request),
        )

    def step(saves: bool) -> Response:
        with office.read() as tx:
            asked = forms.new_client(given, visitor.today, _receivers(tx, visitor))
        word = given["word"] or uuid4().hex
        ask = alike.Ask(visitor, asked.wish, given["same_person"], saves)
        try:
            opened = alike.open_case(office, asked, word, ask)
        except Repeated as error:
            return templating.go(f"/eingang?getan={error.correlation_id}")
        except alike.Unanswered:
            ask = ask._replace(saves=False)
            opened = alike.open_case(office, asked, word, ask)
        if ask.saves:
            return templating.go(f"/eingang?getan={opened.done.correlation_id}")
        with office.read() as tx:
            found, near = alike.found(tx, visitor, asked.wish), alike.near(tx, visitor, asked.wish)
        alike.log(office, visitor, [*found, *near])
        more = {
            "number": opened.number,
            "is_given": bool(asked.number),
            "alike": found,
            "near": near,
            "nobody": NOBODY_ELSE,
            "missing": saves,
        }
        return _preview(request, office, visitor, "Neukunde", opened.done, given | {"word": word} | _meant(asked), more)

    return kept.decide(Sent(request, office, visitor, form), step, again)


@router.post("/eingang/zeitraum")
def period(request: Request, office: TheOffice, visitor: Records, form: Posted) -> Response:
    """Leads to what a period of ALG I or of benefit writes, with what R-18 adds, or saves it."""
    return _period(request, office, visitor, form)


@router.get("/eingang/zeitraum")
def period_shown(request: Request, office: TheOffice, visitor: Records) -> Response:
    """What a period would write, or its form again, at an address of its own."""
    form = kept.given(request, office, visitor)
    return templating.go("/eingang") if form is None else _period(request, office, visitor, form)


def _period(request: Request, office: Office, visitor: Visitor, form: FormData) -> Response:
    given = forms.typed(form, PERIOD)
    of = given["kind"] if given["kind"] in KINDS else "alg1"

    def again(wrong: Wrong, status: int) -> Response:
        wrong_here = {f"wrong_{of}": _at_fields(wrong, PERIOD[1:])}
        return _again(request, office, visitor, status, **{of: given, f"kept_{of}": kept.query(request)} | wrong_here)

    def step(saves: bool) -> Response:
        at, wish = _at_case(office, visitor, given), forms.period(given, visitor.today)
        number = version_in(form) if saves else None
        done = desk.handle(office, at.key, wish, visitor.person, preview=not saves, expected_number=number)
        if saves:
            return templating.go(f"/eingang?getan={done.correlation_id}")
        days = {"first": wish.first, "last": wish.last}
        meant = {field: day.isoformat() for field, day in days.items() if day}
        with office.read() as tx:
            name = client_names(tx, [at.key]).get(at.key, "") if at.may(Action.SEE_NAMES) else ""
        more = {"number": at.number, "name": name, "version": done.number - len(done.entries)}
        return _preview(request, office, visitor, KINDS[wish.kind], done, given | {"case": at.number} | meant, more)

    return kept.decide(Sent(request, office, visitor, form), step, again)


def _at_fields(wrong: Wrong, fields: Collection[str]) -> Wrong:
    """What is wrong, by the fields of the form in their order; the rest stands above them."""
    others = " ".join(sentence for field, sentence in wrong.items() if field not in fields)
    return {field: wrong[field] for field in fields if field in wrong} | ({"": others} if others else {})


def _at_case(office: Office, visitor: Visitor, given: Mapping[str, str]) -> AtCase:
    typed = number_typed(given["case"])
    if not typed:
        raise Refused([("case", "Bitte eine Fallnummer angeben.")])
    with office.read() as tx:
        found = next((at for one in (typed, typed.upper()) if (at := seen_case(tx, visitor, one))), None)
    if found is None:
        raise Refused([("case", NO_CASE)])
    return found


def _meant(asked: Asked) -> dict[str, str]:
    """The days and the person as they were understood, so that what is saved is what was seen."""
    wish = asked.wish
    return {
        "on": wish.on.isoformat(),
        "birth_date": wish.birth_date,
        "to": BETWEEN.join((wish.unit, wish.area, wish.worker)),
    }


def _preview(
    request: Request,
    office: Office,
    visitor: Visitor,
    title: str,
    done: Done,
    fields: Mapping[str, str],
    more: Mapping[str, Any],
) -> Response:
    with office.read() as tx:
        names = view.names_of(tx, facts.people_in(entry.fact for entry in done.entries))
    entries = [
        (name, declared(name).day, one.on, spoken(name, one.fact, names, True), one.by)
        for one in done.entries
        for name in [name_of(one.fact)]
    ]
    context = {
        "title": title,
        "entries": entries,
        "changes": changes.spoken(done.changes),
        "fields": {key: value for key, value in fields.items() if value and key != "same_person"},
        "name": "",
        "version": "",
        "alike": (),
        "near": (),
        "missing": False,
        "is_given": True,
        **more,
    }
    return templating.page(request, "intake_preview.html", visitor, context, 422 if context["missing"] else 200)


def _others(visit: Visit, deed: undo.Deed) -> list[str]:
    """The cases noted as the same person's in what was saved just now."""
    at, store = seen_case(visit.tx, visit.visitor, deed.number), visit.tx.store
    if at is None:
        return []
    told = store.records(visit.tx.conn, at.key, with_text=True)
    return others.of_person(visit.tx, at, (one.fact for one in told if one.correlation_id == deed.id))


def _again(request: Request, office: Office, visitor: Visitor, status: int, **given: object) -> Response:
    with office.read() as tx:
        context = _context(tx, visitor)
    return templating.page(request, "intake.html", visitor, context | undo.line(None, "eingang") | given, status)


def _context(tx: Transaction, visitor: Visitor) -> dict[str, Any]:
    """The forms as they stand at first."""
    today = visitor.today.isoformat()
    return {
        "may_open": visitor.may(Action.OPEN_CASE),
        "next_number": intake.next_number(tx) if visitor.may(Action.OPEN_CASE) else "",
        "people": [Choice(value=value, label=label) for value, label in _receivers(tx, visitor)],
        "new": dict.fromkeys(NEW_CLIENT, "") | {"on": today, "kind": "new"},
        "wrong_new": {},
        "kept_new": "",
        "others": [],
        "kinds": KINDS,
        **{kind: dict.fromkeys(PERIOD, "") for kind in KINDS},
        **{f"wrong_{kind}": {} for kind in KINDS},
        **{f"kept_{kind}": "" for kind in KINDS},
    }


def _receivers(tx: Transaction, visitor: Visitor) -> Receivers:
    """Who can be given a case, those of the visitor's own units first."""
    organisation, today = visitor.organisation, visitor.today
    own = {organisation.current(held.unit, today) for held in organisation.roles(visitor.person, today) if held.unit}
    return receivers.receivers(tx, organisation, today, own)
