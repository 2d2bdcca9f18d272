"""The page of one case: clocks with their why, lanes as picture and table, entries, what can be done."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain.decisions import recording
from domain.decisions.refusal import Refused
from domain.dialogues import DIALOGUES, why_not
from domain.handovers import offered
from domain.periods import OPEN
from domain.permissions import Action, may_record
from domain.timeline import Timeline
from domain.violations import Violation, violations
from notifications import render
from services.dialogues import conversation, subjects
from services.records import erasures
from services.web.case import forms, lanes, requests, talk, undo, view
from services.web.case.view import CaseFile
from services.web.http import templating
from services.web.http.door import Door, Opens
from services.web.http.visitor import AtCase

router = APIRouter(include_in_schema=False)

Reads = Annotated[Door, Depends(Opens())]


@router.get("/fall/{case:path}")
def show(
    request: Request, door: Reads, case: str, stichtag: str = "", datenstand: str = "", getan: str = ""
) -> Response:
    """The case on a Stichtag as known at a Datenstand; both default to now, also while one of them is no day."""
    with door.open() as visit:
        tx, at = visit.tx, visit.case(case, Action.SEE_CASE)
        moment, wrong = _moment(at, stichtag, datenstand)
        file = view.read(tx, at, moment)
        deed = undo.one(tx, at.visitor.person, getan) if getan else None
        erased = erasures.is_erased(tx.conn, at.key)
        worker = view.responsible(tx, at, file)
        drafts = conversation.open_drafts(tx, at.visitor.person, at.key) if at.may(Action.RECORD) else []
    now = not wrong and moment.known_at is None and moment.as_of == at.visitor.today
    context = {
        **_case(at, file),
        "worker": worker,
        "talks": [talk.block(door.office, at.visitor, one) for one in drafts],
        **undo.line(deed, "fall"),
        "typed": {"stichtag": stichtag, "datenstand": datenstand} if wrong else {},
        "wrong_days": wrong,
        "now": now,
        "erased": erased,
        "recording": now and not erased,
    }
    return templating.page(request, "case.html", at.visitor, context, 422 if wrong else 200)


def _moment(at: AtCase, stichtag: str, datenstand: str) -> tuple[view.Moment, dict[str, str]]:
    """The moment asked for, or now and what is wrong with the days."""
    try:
        return view.moment_of(stichtag, datenstand, at.visitor.today), {}
    except Refused as error:
        return view.Moment(at.visitor.today, None), dict(error.reasons)


def _case(at: AtCase, file: CaseFile) -> dict[str, Any]:
    """What the page says of the case itself."""
    with_text, may_enter = at.may(Action.SEE_TEXTS), possible(at, file.timeline)
    found = lanes.lanes(file.timeline, file.people)
    return {
        "at": at,
        "file": file,
        "why": view.why(file),
        "lanes": found,
        "picture": lanes.picture(found, file.moment.as_of),
        "violations": [(one, _sentence(one)) for one in violations(file.timeline)],
        "years": view.by_year(view.entries(file, with_text)),
        "offer": offered(file.timeline),
        "changes": view.changes(file, with_text),
        "recordable": may_enter,
        "requests": requests.rows(file.timeline, file.people, with_text, file.in_place_of),
        "dialogues": _dialogues(at, file),
        "frequent": forms.buttons(may_enter),
        "may_see_views": at.may(Action.SEE_CASE_VIEWS),
        "may_correct": at.may(Action.CORRECT) or at.may(Action.RECORD_INTAKE),
    }


def recordable(at: AtCase) -> list[str]:
    """The facts this person may record in this case."""
    return [name for name in forms.case_facts() if may_record(name, at.visitor.roles, at.relations)]


def possible(at: AtCase, timeline: Timeline) -> list[str]:
    """Those of them that the case takes up as it stands."""
    return [name for name in recordable(at) if recording.is_taken(name, timeline)]


def _sentence(one: Violation) -> str:
    return render.violation(one.rule, {"first": one.first, "last": None if one.last == OPEN else one.last})


def _dialogues(at: AtCase, file: CaseFile) -> list[tuple[str, str]]:
    """The dialogues that can be opened in the case as it stands: (name, what the button says)."""
    context = subjects.of_case(file.timeline)
    return [
        (dialogue.name, dialogue.button)
        for dialogue in DIALOGUES.values()
        if dialogue.in_case and at.may(dialogue.action) and why_not(dialogue, context) is None
    ]
