"""Recording, correcting and withdrawing one entry: a form, what would change, and only then the saving."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from domain import law
from domain.decisions import possible
from domain.decisions.refusal import BuiltUpon, Refused
from domain.decisions.wishes import CorrectFact, RecordFact, Wish, WithdrawFact, fresh_id
from domain.facts import Fact, declared, name_of
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.knowledge import Known
from domain.permissions import Action
from services.casework import desk
from services.casework.desk import Done, Stale
from services.office.office import Office
from services.web.case import altered, changes, fields, forms, hints, kinds, sources, taking_back, view
from services.web.case.kinds import recordable
from services.web.case.view import CaseFile, Moment
from services.web.http import kept, templating
from services.web.http.door import NeedsAtCase, Posted, TheOffice
from services.web.http.visitor import AtCase, NotAllowed, NotThere
from services.web.words import labels
from services.web.words.forms import day_in, flat, text_in

router = APIRouter(include_in_schema=False)

Records = Annotated[AtCase, Depends(NeedsAtCase(Action.RECORD, Action.RECORD_INTAKE))]
Corrects = Annotated[AtCase, Depends(NeedsAtCase(Action.CORRECT, Action.RECORD_INTAKE))]
Wrong = Mapping[str, str]
FIELDS = {"status": "appointment"}  # what is said of the status of an appointment belongs to the appointment
INCOMPLETE = "Das Formular ist nicht vollständig angekommen. Bitte sehen Sie es noch einmal durch."
MISSING = {"Das Feld fehlt.": "Diese Angabe fehlt."}  # a person fills in a form, no fields


@router.get("/eintrag/{case:path}")
def blank(
    request: Request, office: TheOffice, at: Records, art: str = "", am: str = "", suche: str = "", regel: str = ""
) -> Response:
    """The kinds of entry to choose from, or the empty form of one.

    `am` is the day it begins with, `regel` the rule that is answered by it, `suche` what kind is searched for.
    """
    if (form := kept.given(request, office, at.visitor)) is not None:
        return _recorded(request, office, at, form)
    if art:
        _require_kind(art, recordable(at))
    with office.read() as tx:
        file = view.read(tx, at, Moment(at.visitor.today, None))
    there = possible.is_taken(art, file.timeline) if art else False
    if not there:
        return kinds.page(request, at, file, art, suche.strip()[:100])
    given = kinds.first_given(at, file, art, regel) | ({"on": am[:10]} if am else {})
    return _record_form(request, office, at, art, given, {})


@router.post("/eintrag/{case:path}")
def record(request: Request, office: TheOffice, at: Records, form: Posted) -> Response:
    """Leads to what the entry would change, or saves it."""
    return _recorded(request, office, at, form)


def _recorded(request: Request, office: Office, at: AtCase, form: FormData) -> Response:
    art = str(form.get("art", ""))
    _require_kind(art, recordable(at))
    form = fields.joined(art, _with_day(office, at, art, form))

    def wish(read: FormData) -> Wish:
        return RecordFact(name=art, on=day_in(read, "on", at.visitor.today), data=fields.read(art, read))

    def again(wrong: Wrong, status: int) -> Response:
        return _record_form(request, office, at, art, flat(form), wrong, status)

    return _decide(request, office, at, form, art, wish, again)


def _with_day(office: Office, at: AtCase, art: str, form: FormData) -> FormData:
    """The form with the day that the chosen appointment brings, where none was typed."""
    if art not in forms.OWN_DAY or text_in(form, "on").strip():
        return form
    with office.read() as tx:
        timeline = view.read(tx, at, Moment(at.visitor.today, None)).timeline
    day = possible.own_day(art, timeline, text_in(form, "appointment"))
    kept = [(key, value) for key, value in form.multi_items() if key != "on"]
    return FormData([*kept, ("on", day.isoformat())]) if day else form


@router.get("/berichtigen/{ref}/{case:path}")
def correction(request: Request, office: TheOffice, at: Corrects, ref: str) -> Response:
    """The form of an entry with what it says now."""
    if (form := kept.given(request, office, at.visitor)) is not None:
        return _corrected(request, office, at, ref, form)
    file, target = _target(office, at, ref)
    given = {**fields.values(target.fact), "on": target.on.isoformat()}
    return _correct_form(request, office, at, file, target, given, {})


@router.post("/berichtigen/{ref}/{case:path}")
def correct(request: Request, office: TheOffice, at: Corrects, ref: str, form: Posted) -> Response:
    """Leads to what the correction would change, or saves it."""
    return _corrected(request, office, at, ref, form)


def _corrected(request: Request, office: Office, at: AtCase, ref: str, form: FormData) -> Response:
    file, target = _target(office, at, ref)
    form = fields.joined(name_of(target.fact), form)

    def wish(read: FormData) -> Wish:
        on = day_in(read, "on", at.visitor.today)
        data = fields.differences(target.fact, name_of(target.fact), read)
        moved = on if on != target.on else None
        if not data and moved is None:
            raise Refused([("", "Es ist nichts anders als bisher.")])
        return CorrectFact(target=target.id, reason=str(read.get("warum", "")).strip(), on=moved, data=data or None)

    def again(wrong: Wrong, status: int) -> Response:
        return _correct_form(request, office, at, file, target, flat(form), wrong, status)

    return _decide(request, office, at, form, name_of(target.fact), wish, again, target.fact)


@router.get("/zuruecknehmen/{ref}/{case:path}")
def withdrawal(request: Request, office: TheOffice, at: Corrects, ref: str) -> Response:
    """The form that asks why an entry is withdrawn."""
    if (form := kept.given(request, office, at.visitor)) is not None:
        return _withdrawn(request, office, at, ref, form)
    file, target = _target(office, at, ref)
    return _withdraw_form(request, at, file, target, {}, {})


@router.post("/zuruecknehmen/{ref}/{case:path}")
def withdraw(request: Request, office: TheOffice, at: Corrects, ref: str, form: Posted) -> Response:
    """Leads to what the withdrawal would change, or saves it."""
    return _withdrawn(request, office, at, ref, form)


def _withdrawn(request: Request, office: Office, at: AtCase, ref: str, form: FormData) -> Response:
    file, target = _target(office, at, ref)

    def wish(read: FormData) -> Wish:
        return WithdrawFact(target=target.id, reason=str(read.get("warum", "")).strip())

    def again(wrong: Wrong, status: int) -> Response:
        return _withdraw_form(request, at, file, target, flat(form), wrong, status)

    return _decide(request, office, at, form, name_of(target.fact), wish, again)


def _people(office: Office, at: AtCase, name: str, now: Fact | None) -> tuple[forms.Choices, str]:
    """Whom a fact can name, and who of them has the case already; of most facts nobody, which takes no look into the
    database.
    """
    if not forms.persons(name):
        return (), ""
    with office.read() as tx:
        return sources.people(tx, at.visitor, name, now), sources.holder(tx, at, name)


def _decide(
    request: Request,
    office: Office,
    at: AtCase,
    form: FormData,
    name: str,
    wish: Callable[[FormData], Wish],
    again: Callable[[Wrong, int], Response],
    now: Fact | None = None,
) -> Response:
    """The road of each form: typed -> what would change -> saved. What is refused comes back with what was typed.

    Both pages are shown at an address under which what was typed is kept; only saving is done by what is posted.
    """
    sent = kept.Sent(request, office, at.visitor, form)
    posted, step, number = sent.posted, sent.step, _number(form)
    if step == "edit":
        return again({}, 200) if not posted else templating.go(_kept(request, office, at, form, **kept.EDIT))
    try:
        read = forms.understood(name, form, at.visitor.today, *_people(office, at, name, now))
        done = desk.handle(
            office,
            at.key,
            wish(read),
            at.visitor.person,
            preview=step != "save" or number is None,
            expected_number=number,
        )
    except BuiltUpon as error:
        said = taking_back.above(office, at, error)
        return _refused(request, office, at, form, again, {"": said["sentence"], "above": said["above"]}, 422)
    except Refused as error:
        reasons = {
            fields.typed_as(FIELDS.get(key, key)): MISSING.get(sentence, sentence) for key, sentence in error.reasons
        }
        return _refused(request, office, at, form, again, reasons, 422)
    except Stale as error:
        return _refused(request, office, at, form, again, {"": error.sentence}, 409)
    if step == "save" and number is None:  # the same form sent twice would be two entries
        return _refused(request, office, at, form, again, {"": INCOMPLETE}, 422)
    if step == "save":
        kept.done(request, office, at.visitor)
        return templating.go(f"{templating.case_path(at.number)}?getan={done.correlation_id}")
    if posted:
        return templating.go(_kept(request, office, at, form))
    return _preview(request, office, at, read, done)


def _kept(request: Request, office: Office, at: AtCase, form: FormData, **more: str) -> str:
    return kept.keep(request, office, at.visitor.person, form, **more)


def _refused(
    request: Request,
    office: Office,
    at: AtCase,
    form: FormData,
    again: Callable[[Wrong, int], Response],
    wrong: Wrong,
    status: int,
) -> Response:
    if request.method == "POST":
        kept.refused(request, office, at.visitor, form, **kept.EDIT)
    return again(wrong, status)


def _preview(request: Request, office: Office, at: AtCase, form: FormData, done: Done) -> Response:
    was, is_now = done.changes.was.records, done.changes.is_now.records
    with office.read() as tx:
        names = view.people(tx, is_now)
    with_text = at.may(Action.SEE_TEXTS)
    misses = law.misses(done.changes.is_now.timeline)
    words = [
        (
            law.named(entry.fact, entry.on, law.AS_SHIPPED, misses),
            entry.on,
            fields.spoken(name_of(entry.fact), entry.fact, names, with_text),
        )
        for entry in done.entries
        if not isinstance(entry.fact, FactCorrected | FactWithdrawn)
    ]
    found = altered.alterations(is_now, names, with_text, after=was[-1].number if was else 0)
    context = {
        "at": at,
        "entries": words,
        "altered": [entry for one in found for entry in one.entries],
        "why": next((one.why for one in found), ""),
        "changes": changes.spoken(done.changes),
        "hints": hints.of(office, at.visitor, at.key, done.changes.is_now.timeline, done.entries),
        "fields": {key: value for key, value in flat(form).items() if key not in ("csrf", "step")},
    }
    return templating.page(request, "preview.html", at.visitor, context)


def _record_form(
    request: Request, office: Office, at: AtCase, art: str, given: Wrong, wrong: Wrong, status: int = 200
) -> Response:
    with office.read() as tx:
        file = view.read(tx, at, Moment(at.visitor.today, None))
        chosen = sources.of(tx, at, file.timeline, art)
        answered = kinds.answered(tx, at, given.get("rule", "")) if forms.answers_rule(art) else None
    thing, inputs = forms.begun(art), forms.inputs(art, chosen, given, wrong)
    chosen_there = any(one.name == thing for one in inputs)
    kept = {thing: given.get(thing) or fresh_id()} if thing and not chosen_there else {}
    context: dict[str, Any] = {
        "title": labels.fact(art),
        "inputs": inputs,
        "day_label": declared(art).day,
        "day_hint": "Ohne Angabe gilt der Tag des Termins." if art in forms.OWN_DAY else "",
        "hidden": {"art": art, **kept, **forms.says(art), **({"rule": given["rule"]} if answered else {})},
        "asks_why": False,
        "about": None,
        "answered": answered,
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
        chosen = sources.of(tx, at, file.timeline, name)
    context: dict[str, Any] = {
        "title": f"{file.named(target)} berichtigen",
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
    about = (file.named(target), target.on, fields.spoken(name, target.fact, file.people, at.may(Action.SEE_TEXTS)))
    context = {
        "title": f"{file.named(target)} zurücknehmen",
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
    order = ["on", *(one.name for one in context["inputs"]), "warum", "late_reason"]
    shared = {
        "at": at,
        "number": file.last_number,
        "on": given.get("on", ""),
        "why": given.get("warum", ""),
        "late_reason": given.get("late_reason", ""),
        "wrong": wrong,
        "general": [sentence for key, sentence in wrong.items() if key not in (*order, "above")],
        "above": wrong.get("above", ""),
        "first_wrong": next((key for key in order if key in wrong), ""),
        "day_hint": "",
        "answered": None,
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
