"""Abgleich: both sides of each question with its answers, one at a time or several together, each undone singly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.decisions.wishes import Counts, Reconcile
from domain.permissions import LEADS, Action
from services.casework import desk
from services.casework.desk import Forbidden, Stale
from services.office.office import Office, Transaction
from services.people import directory
from services.questions import cases
from services.questions import reconciliation as question
from services.questions.cases import client_names
from services.questions.reconciliation import Scope
from services.web.case import undo
from services.web.http import templating
from services.web.http.door import Door, Needs, Opens, Posted, TheOffice, Visit, further
from services.web.http.visitor import Visitor
from services.web.reconciliation.sides import Shown, shown
from services.web.sheets.cases import part_of
from services.web.words import links

router = APIRouter(include_in_schema=False)

IN_FILE = 10_000  # questions in a file
THE_OTHERS = "Die weiteren stehen darin, sobald die ersten beantwortet sind."
PAGE = 25  # questions on a page: as many as can be answered together
CHOOSE = "Bitte mindestens eine Zeile ankreuzen."
ANSWERED = "Über eine der gewählten Zeilen ist inzwischen entschieden."
UNKNOWN = "Diese Antwort gibt es nicht; bitte die Seite neu laden."


class Asked(BaseModel):
    """Which page; `getan` the decisions just taken."""

    seite: int = Field(1, ge=1, le=10_000)
    getan: str = Field("", max_length=PAGE * 33)


class Answer(NamedTuple):
    """What was chosen: the notes, and what counts of each."""

    notes: Sequence[str]
    counts: Counts


SeesOwn = Annotated[Door, Depends(Opens(Action.ANSWER))]
Answers = Annotated[Visitor, Depends(Needs(Action.ANSWER))]


@router.get("/abgleich")
def show(request: Request, door: SeesOwn, asked: Annotated[Asked, Query()]) -> Response:
    """What is asked of the person's cases, for leads of those of their units."""
    with door.open() as visit:
        context = _context(request, visit, asked)
    return templating.page(request, "reconciliation.html", visit.visitor, context)


@router.post("/abgleich")
def answer(request: Request, office: TheOffice, visitor: Answers, form: Posted) -> Response:
    """Answers one question by its own button, or all that are ticked; what cannot be answered is said."""
    ticked = [one for one in form.getlist("wahl") if isinstance(one, str)][:PAGE]
    chosen = _chosen(str(form.get("eine", "")), str(form.get("alle", "")), ticked)
    if isinstance(chosen, str):
        done, said = list[str](), [chosen]
    else:
        done, said = _answered(office, visitor, chosen)
    if not said:
        return templating.go(f"/abgleich?{urlencode({'getan': ','.join(done)})}")
    with further(request, office, visitor) as visit:
        context = _context(request, visit, Asked(seite=1, getan=",".join(done)), ticked, said)
    return templating.page(request, "reconciliation.html", visitor, context, 422)


def _chosen(single: str, together: str, ticked: Sequence[str]) -> Answer | str:
    """What is to be answered how, or why nothing can be."""
    counts, _, note = single.partition("|")
    if not single:
        counts = together
    known: Counts | None = next((one for one in get_args(Counts) if one == counts), None)
    if known is None:
        return UNKNOWN
    notes = [note] if single else list(dict.fromkeys(ticked))
    return Answer(notes, known) if notes else CHOOSE


def _answered(office: Office, visitor: Visitor, chosen: Answer) -> tuple[list[str], list[str]]:
    """The ids of the decisions, and what was not taken, in sentences."""
    with office.read() as tx:
        there = {one.note: one for one in question.named(tx, scope(tx, visitor), visitor.today, chosen.notes)}
    done, said = [], []
    for note in chosen.notes:
        one = there.get(note)
        if one is None:
            said.append(ANSWERED)
            continue
        try:
            wish = Reconcile(note=note, counts=chosen.counts)
            done.append(desk.handle(office, one.case_key, wish, visitor.person).correlation_id)
        except Refused as refused:
            said.append(f"{one.number}: {' '.join(text for _, text in refused.reasons)}")
        except (Stale, Forbidden) as error:
            said.append(f"{one.number}: {error}")
    return done, list(dict.fromkeys(said))


def scope(tx: Transaction, visitor: Visitor) -> Scope:
    """Whose questions the person is asked: of the own cases, of those stood in for, of the led units."""
    led = visitor.may(Action.SEE_TEAM) or bool(visitor.roles & LEADS)
    places = cases.led_by(tx.conn, visitor.organisation, visitor.person, visitor.today) if led else []
    return Scope(visitor.workers, places)


def waiting(visit: Visit) -> int:
    """How many questions wait for the person."""
    return question.count(visit.tx, scope(visit.tx, visit.visitor), visit.visitor.today)


def _context(
    request: Request, visit: Visit, asked: Asked, chosen: Sequence[str] = (), said: Sequence[str] = ()
) -> dict[str, Any]:
    tx, visitor = visit.tx, visit.visitor
    whose = scope(tx, visitor)
    every = question.count(tx, whose, visitor.today)
    pages = max(1, -(-every // PAGE))
    page = min(asked.seite, pages) - 1
    rows = question.read(tx, question.listed(tx, whose, visitor.today, page * PAGE, PAGE)) if every else []
    people = directory.labels(tx, visitor.nameable(one.asked for one in rows)) if whose.places else {}
    visit.saw_list("reconciliation", len(rows), f"Seite {page + 1}")
    lines: list[Shown] = [shown(one) for one in rows]
    return {
        "every": every,
        "cut": part_of(IN_FILE, every, THE_OTHERS) if every > IN_FILE else "",
        "lines": lines,
        "clients": client_names(tx, {one.asked.case_key for one in rows}),
        "people": people,
        "led": bool(whose.places),
        "page": page,
        "pages": pages,
        "to": lambda number: links.address(request.query_params, "/abgleich", seite=str(number), getan=""),
        "deeds": undo.lines(tx, visitor, "abgleich", asked.getan.split(",")),
        "chosen": chosen,
        "said": said,
    }
