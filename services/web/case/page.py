"""The page of one case: clocks with their why, lanes as picture and table, entries, what can be done."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import QueryParams
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.dialogues import DIALOGUES, why_not
from domain.filed import FOR_THE_FILE, to_take_over
from domain.handovers import offered
from domain.periods import OPEN
from domain.permissions import Action, may_record
from domain.sameness import asks
from domain.violations import Violation, violations
from notifications import render
from services.dialogues import conversation, subjects
from services.records import erasures
from services.web.case import entries, forms, lanes, now, others, requests, talk, undo, view
from services.web.case.kinds import recordable, takes
from services.web.case.view import CaseFile
from services.web.http import templating
from services.web.http.door import Door, Opens
from services.web.http.visitor import AtCase
from services.web.words import labels, links

router = APIRouter(include_in_schema=False)

Reads = Annotated[Door, Depends(Opens())]


@router.get("/fall/{case:path}")
def show(
    request: Request,
    door: Reads,
    case: str,
    stichtag: str = "",
    datenstand: str = "",
    getan: str = "",
) -> Response:
    """The case on a Stichtag as known at a Datenstand; both default to now, also while one of them is no day."""
    with door.open() as visit:
        tx, at = visit.tx, visit.case(case, Action.SEE_CASE)
        moment, wrong = _moment(at, stichtag, datenstand, tx.now)
        file = view.read(tx, at, moment)
        deed = undo.one(tx, at.visitor.person, getan) if getan else None
        erased = erasures.is_erased(tx.conn, at.key)
        worker, head = view.responsible(tx, at, file), now.read(tx, at, file)
        same_person = others.of_person(tx, at, (one.fact for one in file.facts))
        drafts = conversation.open_drafts(tx, at.visitor.person, at.key) if at.may(Action.RECORD) else []
    is_now = not wrong and moment.known_at is None and moment.as_of == at.visitor.today
    context = {
        **_case(at, file, head),
        **_entries(at, file, request.query_params),
        "worker": worker,
        "same_person": same_person,
        "talks": [talk.block(door.office, at.visitor, one) for one in drafts],
        **undo.line(deed, "fall"),
        "typed": {"stichtag": stichtag, "datenstand": datenstand} if wrong else {},
        "wrong_days": wrong,
        "is_now": is_now,
        "erased": erased,
        "recording": is_now and not erased,
    }
    return templating.page(request, "case.html", at.visitor, context, 422 if wrong else 200)


def _moment(at: AtCase, stichtag: str, datenstand: str, now: dt.datetime) -> tuple[view.Moment, dict[str, str]]:
    """The moment asked for, or now and what is wrong with the days."""
    try:
        return view.moment_of(stichtag, datenstand, now), {}
    except Refused as error:
        return view.Moment(at.visitor.today, None), dict(error.reasons)


def _case(at: AtCase, file: CaseFile, head: now.Now) -> dict[str, Any]:
    """What the page says of the case itself."""
    with_text, may_enter = at.may(Action.SEE_TEXTS), takes(at, file.timeline)
    found, folded = (
        lanes.lanes(file.timeline, file.people, head.deadlines, file.law, file.types),
        lanes.folded(file.timeline, file.named),
    )
    unit = at.visitor.organisation.unit(file.clocks.unit or "", file.moment.as_of)
    return {
        "at": at,
        "file": file,
        "now": _allowed(at, head),
        "unit": labels.unit(unit.code, unit.name) if unit else file.clocks.unit,
        "named": view.named(file),
        "why": view.why(file),
        "lanes": found,
        "picture": lanes.picture(found, file.moment.as_of, at.visitor.today),
        "folded": folded,
        "folded_picture": lanes.picture(folded, file.moment.as_of, at.visitor.today) if folded else None,
        "violations": [(one, _sentence(one)) for one in violations(file.timeline)],
        "offer": offered(file.timeline),
        "unlike": sum(asks(one.fact) for one in file.facts) if at.may(Action.RECORD) else 0,
        "recordable": may_enter,
        "may_record": bool(recordable(at)),
        "requests": requests.rows(file.timeline, file.people, head.settings, with_text, file.in_place_of),
        "dialogues": _dialogues(at, file),
        "frequent": forms.buttons(may_enter),
        "may_give_out": at.may(Action.GIVE_OUT),
        "filed": {one.ref for one in file.records if type(one.fact) in FOR_THE_FILE},
        "unfiled": len(to_take_over(file.timeline)),
        "may_see_views": at.may(Action.SEE_CASE_VIEWS),
        "may_correct": at.may(Action.CORRECT) or at.may(Action.RECORD_INTAKE),
    }


def _entries(at: AtCase, file: CaseFile, query: QueryParams) -> dict[str, Any]:
    """What the page lists of the entries: those under one heading or all, and if asked for those withdrawn."""
    with_text, withdrawn = at.may(Action.SEE_TEXTS), bool(query.get("zurueckgenommen"))
    found = entries.changes(file, with_text)
    rows = entries.rows(file, with_text, found, withdrawn=withdrawn)
    groups = entries.by_group(rows)
    group = query.get("nur", "") if query.get("nur") in groups else ""
    path = templating.case_path(at.number)

    def leads(**changed: str) -> str:
        return f"{links.address(query, path, getan='', **changed)}#eintraege"

    return {
        "years": entries.by_year(
            [one for one in rows if group in ("", one.group)], file.moment.as_of, at.visitor.today
        ),
        "groups": [(name, count, leads(nur=name), name == group) for name, count in groups.items()],
        "all_entries": (len(rows), leads(nur=""), not group),
        "changes": found,
        "withdrawn": entries.number_withdrawn(file),
        "shows_withdrawn": withdrawn,
        "other_entries": leads(zurueckgenommen="" if withdrawn else "ja"),
    }


def _allowed(at: AtCase, head: now.Now) -> now.Now:
    """The head with those answers alone that this person may give."""

    def may(one: now.Answer) -> bool:
        if one.form:
            return may_record(one.form, at.visitor.roles, at.relations)
        return at.may(DIALOGUES[one.dialogue].action)

    return head._replace(tasks=[task._replace(answers=[*filter(may, task.answers)]) for task in head.tasks])


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
