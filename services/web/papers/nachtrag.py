"""Nachtrag: what the leading file does not have yet, each decision as a text to copy, ticked when it is taken over.

Fachkonzept 5.10. What one decision wrote is one text and one tick.
"""

from __future__ import annotations

from itertools import groupby
from typing import Annotated, Any, NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from sqlalchemy import select
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.decisions.wishes import RecordFact, RecordFacts
from domain.filed import to_take_over
from domain.permissions import Action
from domain.purposes import FILED
from notifications import render
from services.casework import desk
from services.casework.case import view as case_view
from services.office.office import Office
from services.records.tables import actions
from services.web.case import undo, view
from services.web.case.entries import EntryRow
from services.web.http import templating
from services.web.http.door import Door, NeedsAtCase, Opens, Posted, TheOffice
from services.web.http.visitor import AtCase
from services.web.papers import paper, vermerk

router = APIRouter(include_in_schema=False)

Reads = Annotated[Door, Depends(Opens())]
Takes = Annotated[AtCase, Depends(NeedsAtCase(Action.RECORD))]
NOTHING = "Bitte mindestens eine Entscheidung ankreuzen."


class Block(NamedTuple):
    """What one decision wrote: its entries that are not in the file, comma separated, their text, its first title."""

    refs: str
    title: str
    on: str
    text: str


@router.get("/nachtrag/{case:path}")
def show(request: Request, door: Reads, case: str, getan: str = "") -> Response:
    """The decisions that are not in the leading file, the newest first; `getan`: what was ticked just now."""
    return _page(request, door, case, getan)


@router.post("/nachtrag/{case:path}")
def taken_over(request: Request, office: TheOffice, at: Takes, door: Reads, form: Posted) -> Response:
    """Marks those ticked as taken over today, all or none."""
    chosen = [ref for value in form.getlist("wahl") for ref in str(value).split(",") if ref]
    try:
        done = desk.handle(office, at.key, _wish(office, at, chosen), at.visitor.person)
    except Refused as error:
        sentence = " ".join(dict.fromkeys(said for _, said in error.reasons))
        return _page(request, door, at.number, wrong=sentence, chosen=chosen)
    return templating.go(f"/nachtrag/{quote(at.number)}?getan={done.correlation_id}")


def _wish(office: Office, at: AtCase, chosen: list[str]) -> RecordFacts:
    if not chosen:
        raise Refused([("wahl", NOTHING)])
    today = at.visitor.today
    with office.read() as tx:
        ids = {one.ref: one.id for one in to_take_over(case_view(tx, at.key, today).timeline)}
    said = ({"target": ids.get(ref, ref), "how": "copied"} for ref in dict.fromkeys(chosen))
    return RecordFacts(facts=[RecordFact(name="decision-filed", on=today, data=data) for data in said])


def _page(
    request: Request, door: Door, case: str, done: str = "", wrong: str = "", chosen: list[str] | None = None
) -> Response:
    with door.open() as visit:
        at = visit.case(case, Action.GIVE_OUT)
        visit.gave_out(at, FILED)
        file = view.read(visit.tx, at, view.Moment(at.visitor.today, None))
        decided = select(actions.c.correlation_id).where(actions.c.case_key == at.key)
        blocks = _blocks(file, set(visit.tx.conn.scalars(decided)))
        deeds = undo.lines(visit.tx, at.visitor, "fall", [done])
    context: dict[str, Any] = {
        "at": at,
        "file": file,
        "blocks": blocks,
        "deeds": deeds,
        "wrong": wrong,
        "chosen": set(chosen or ()),
        "may_take": at.may(Action.RECORD) and not file.timeline.is_closed,
    }
    return templating.page(request, "nachtrag.html", at.visitor, context, 422 if wrong else 200)


def _blocks(file: view.CaseFile, decided: set[str]) -> list[Block]:
    rows = vermerk.rows(file)
    open_ones = [one for one in to_take_over(file.timeline) if one.ref in rows]

    def decision(ref: str, correlation_id: str) -> str:
        return correlation_id if correlation_id in decided else ref

    several = sorted(open_ones, key=lambda one: (one.recorded_at, decision(one.ref, one.correlation_id)), reverse=True)
    grouped = groupby(several, key=lambda one: decision(one.ref, one.correlation_id))
    return [_block([rows[one.ref] for one in group]) for _, group in grouped]


def _block(together: list[EntryRow]) -> Block:
    in_order = sorted(together, key=lambda one: one.on)
    said = {
        "entries": [(one.title, one.on, one.words) for one in in_order],
        "by": together[0].by,
        "at": paper.at(together[0].recorded_at),
    }
    first = in_order[-1]
    refs = ",".join(one.ref for one in in_order)
    return Block(refs, first.title, f"{first.on:%d.%m.%Y}", render.text("paper/filed.txt.j2", said).strip())
