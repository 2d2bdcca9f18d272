"""Recording, correcting and withdrawing one entry: a form, what would change, and only then the saving; and undoing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.decisions.wishes import CorrectFact, RecordFact, Undo, Wish, WithdrawFact, fresh_id
from domain.facts import declared, name_of
from domain.knowledge import Known
from domain.permissions import Action
from services.casework import desk
from services.casework.desk import Done, Stale
from services.office.office import Office
from services.web.case import changes, forms, sources, view
from services.web.case.page import possible, recordable
from services.web.case.view import CaseFile, Moment
from services.web.http import templating
from services.web.http.door import NeedsAtCase, Posted, TheOffice
from services.web.http.visitor import AtCase, NotAllowed, NotThere
from services.web.words import labels
from services.web.words.forms import day_in, flat

router = APIRouter(include_in_schema=False)

Records = Annotated[AtCase, Depends(NeedsAtCase(Action.RECORD, Action.RECORD_INTAKE))]
Corrects = Annotated[AtCase, Depends(NeedsAtCase(Action.CORRECT, Action.RECORD_INTAKE))]
TakesBack = Annotated[AtCase, Depends(NeedsAtCase(Action.SEE_CASE, logged=False))]  # shows nothing of the case
Wrong = Mapping[str, str]
MISSING = {"Das Feld fehlt.": "Diese Angabe fehlt."}  # a person fills in a form, no fields


@router.get("/eintrag/{case:path}")
def blank(request: Request, office: TheOffice, at: Records, art: str = "", am: str = "") -> Response:
    """The kinds of entry to choose from, or the empty form of one; `am` is the day it begins with."""
    if not art:
        with office.read() as tx:
            file = view.read(tx, at, Moment(at.visitor.today, None))
        groups = forms.offered(possible(at, file.timeline))
        return templating.page(request, "kinds.html", at.visitor, {"at": at, "groups": groups})
    _require_kind(art, recordable(at))
    given = {"on": am[:10] or at.visitor.today.isoformat()}
    if thing := forms.begun(art):
        given[thing] = fresh_id()
    return _record_form(request, office, at, art, given, {})


@router.post("/eintrag/{case:path}")
def record(request: Request, office: TheOffice, at: Records, form: Posted) -> Response:
    """Shows what the entry would change, or saves it."""
    art = str(form.get("art", ""))
    _require_kind(art, recordable(at))

    def wish(read: FormData) -> Wish:
        return RecordFact(name=art, on=day_in(read, "on", at.visitor.today), data=forms.read(art, read))

    def again(wrong: Wrong, status: int) -> Response:
        return _record_form(request, office, at, art, flat(form), wrong, status)

    return _decide(request, office, at, form, art, wish, again)


@router.get("/berichtigen/{ref}/{case:path}")
def correction(request: Request, office: TheOffice, at: Corrects, ref: str) -> Response:
    """The form of an entry with what it says now."""
    file, target = _target(office, at, ref)
    given = {**forms.values(target.fact), "on": target.on.isoformat()}
    return _correct_form(request, office, at, file, target, given, {})


@router.post("/berichtigen/{ref}/{case:path}")
def correct(request: Request, office: TheOffice, at: Corrects, ref: str, form: Posted) -> Response:
    """Shows what the correction would change, or saves it."""
    file, target = _target(office, at, ref)

    def wish(read: FormData) -> Wish:
        on = day_in(read, "on", at.visitor.today)
        data = forms.differences(target.fact, name_of(target.fact), read)
        moved = on if on != target.on else None
        if not data and moved is None:
            raise Refused([("", "Es ist nichts anders als bisher.")])
        return CorrectFact(target=target.id, reason=str(read.get("warum", "")).strip(), on=moved, data=data or None)

    def again(wrong: Wrong, status: int) -> Response:
        return _correct_form(request, office, at, file, target, flat(form), wrong, status)

    return _decide(request, office, at, form, name_of(target.fact), wish, again)


@router.get("/zuruecknehmen/{ref}/{case:path}")
def withdrawal(request: Request, office: TheOffice, at: Corrects, ref: str) -> Response:
    """The form that asks why an entry is withdrawn."""
    file, target = _target(office, at, ref)
    return _withdraw_form(request, at, file, target, {}, {})


@router.post("/zuruecknehmen/{ref}/{case:path}")
def withdraw(request: Request, office: TheOffice, at: Corrects, ref: str, form: Posted) -> Response:
    """Shows what the withdrawal would change, or saves it."""
    file, target = _target(office, at, ref)

    def wish(read: FormData) -> Wish:
        return WithdrawFact(target=target.id, reason=str(read.get("warum", "")).strip())

    def again(wrong: Wrong, status: int) -> Response:
        return _withdraw_form(request, at, file, target, flat(form), wrong, status)

    return _decide(request, office, at, form, name_of(target.fact), wish, again)


@router.post("/rueckgaengig/{case:path}")
def undo(office: TheOffice, at: TakesBack, form: Posted) -> Response:
    """Takes back everything one decision wrote; the page it was taken on says so."""
    done = str(form.get("getan", ""))
    desk.handle(office, at.key, Undo(correlation_id=done), at.visitor.person)
    back = {"heute": "/", "team": "/team"}.get(str(form.get("woher")), templating.case_path(at.number))
    return templating.go(f"{back}?getan={quote(done)}")


def _decide(
    request: Request,
    office: Office,
    at: AtCase,
    form: FormData,
    name: str,
    wish: Callable[[FormData], Wish],
    again: Callable[[Wrong, int], Response],
) -> Response:
    """The road of each form: typed -> what would change -> saved. What is refused comes back with what was typed."""
    step, number = form.get("step", "preview"), _number(form)
    if step == "edit":
        return again({}, 200)
    try:
        form = forms.understood(name, form, at.visitor.today)
        done = desk.handle(
            office,
            at.key,
            wish(form),
            at.visitor.person,
            preview=step != "save" or number is None,
            expected_number=number,
        )
    except Refused as error:
        return again({key: MISSING.get(sentence, sentence) for key, sentence in error.reasons}, 422)
    except Stale as error:
        return again({"": error.sentence}, 409)
    if step == "save" and number is None:  # the same form sent twice would be two entries
        return again({"": "Das Formular ist nicht vollständig angekommen. Bitte sehen Sie es noch einmal durch."}, 422)
    if step == "save":
        return templating.go(f"{templating.case_path(at.number)}?getan={done.correlation_id}")
    return _preview(request, office, at, form, done)


def _preview(request: Request, office: Office, at: AtCase, form: FormData, done: Done) -> Response:
    with office.read() as tx:
        names = view.names_of(tx, forms.people_in(entry.fact for entry in done.entries))
    words = [
        (labels.fact(name_of(entry.fact)), entry.on, forms.spoken(name_of(entry.fact), entry.fact, names, True))
        for entry in done.entries
    ]
    fields = {key: value for key, value in flat(form).items() if key not in ("csrf", "step")}
    context = {"at": at, "entries": words, "changes": changes.spoken(done.changes), "fields": fields}
    return templating.page(request, "preview.html", at.visitor, context)


def _record_form(
    request: Request, office: Office, at: AtCase, art: str, given: Wrong, wrong: Wrong, status: int = 200
) -> Response:
    with office.read() as tx:
        file = view.read(tx, at, Moment(at.visitor.today, None))
        chosen = sources.of(tx, at.visitor, file.timeline)
    thing = forms.begun(art)
    context: dict[str, Any] = {
        "title": labels.fact(art),
        "inputs": forms.inputs(art, chosen, given, wrong),
        "day_label": declared(art).day,
        "hidden": {"art": art, **({thing: given.get(thing) or fresh_id()} if thing else {})},
        "asks_why": False,
        "about": None,
    }
    return _form(request, at, file, context, given, wrong, status)


def _correct_form(
    request: Request,
    office: Office,
    at: AtCase,
    file: CaseFile,
    target: Known,
    given: Wrong,
    wrong: Wrong,
    status: int = 200,
) -> Response:
    name = name_of(target.fact)
    with office.read() as tx:
        chosen = sources.of(tx, at.visitor, file.timeline)
    context: dict[str, Any] = {
        "title": f"{labels.fact(name)} berichtigen",
        "inputs": forms.inputs(name, chosen, given, wrong, correcting=True),
        "day_label": declared(name).day,
        "hidden": {},
        "asks_why": True,
        "about": None,
    }
    return _form(request, at, file, context, given, wrong, status)


def _withdraw_form(
    request: Request, at: AtCase, file: CaseFile, target: Known, given: Wrong, wrong: Wrong, status: int = 200
) -> Response:
    name = name_of(target.fact)
    about = (labels.fact(name), target.on, forms.spoken(name, target.fact, file.people, at.may(Action.SEE_TEXTS)))
    context = {
        "title": f"{labels.fact(name)} zurücknehmen",
        "inputs": [],
        "day_label": "",
        "hidden": {},
        "asks_why": True,
        "about": about,
    }
    return _form(request, at, file, context, given, wrong, status)


def _form(
    request: Request, at: AtCase, file: CaseFile, context: Mapping[str, Any], given: Wrong, wrong: Wrong, status: int
) -> Response:
    if context["asks_why"]:
        wrong = {"warum" if key == "reason" else key: sentence for key, sentence in wrong.items()}
    known = {one.name for one in context["inputs"]} | {"on", "warum", "late_reason"}
    shared = {
        "at": at,
        "number": file.last_number,
        "on": given.get("on", ""),
        "why": given.get("warum", ""),
        "late_reason": given.get("late_reason", ""),
        "wrong": wrong,
        "general": [sentence for key, sentence in wrong.items() if key not in known],
    }
    return templating.page(request, "entry.html", at.visitor, {**shared, **context}, status)


def _target(office: Office, at: AtCase, ref: str) -> tuple[CaseFile, Known]:
    with office.read() as tx:
        file = view.read(tx, at, Moment(at.visitor.today, None))
    found = next((fact for fact in file.facts if fact.ref == ref), None)
    if found is None:
        raise NotThere("Diesen Eintrag gibt es in diesem Fall nicht (mehr).")
    return file, found


def _require_kind(name: str, allowed: list[str]) -> None:
    if name not in forms.case_facts():
        raise NotThere("Diese Art von Eintrag gibt es nicht.")
    if name not in allowed:
        raise NotAllowed("Diese Art von Eintrag dürfen Sie in diesem Fall nicht erfassen.")


def _number(form: FormData) -> int | None:
    typed = str(form.get("number", ""))
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None
