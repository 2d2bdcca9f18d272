"""Proposing a change of the directory: one form for each kind, which says what a leaver leaves to whom."""

from __future__ import annotations

from typing import Annotated, Any, cast
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from domain.decisions.directory import suggested
from domain.decisions.refusal import Refused
from domain.facts.office import DirectoryProposed
from domain.permissions import Action
from services.casework import directory as desk
from services.casework.case import Forbidden
from services.office.office import Office
from services.people import directory
from services.records.words import alphabetical
from services.web.directory import kinds, leaving
from services.web.http import templating
from services.web.http.door import Door, Needs, Opens, Posted, TheOffice, Visit, further
from services.web.http.visitor import NotAllowed, NotThere, Visitor
from services.web.words.forms import WHOLE, Typed, Wrong, text_in

router = APIRouter(include_in_schema=False)

PATH = "/verzeichnis/aendern"
NAMED = Annotated[str, Query(max_length=100)]
FIELDS = ("held", *kinds.NAMES, "on", "source")


@router.get(PATH)
def show(
    request: Request,
    door: Annotated[Door, Depends(Opens(Action.PROPOSE_DIRECTORY))],
    was: NAMED = "",
    person: NAMED = "",
    einheit: NAMED = "",
    rolle: NAMED = "",
    nach: NAMED = "",
) -> Response:
    """The form of a change, of somebody who is there once chosen; `nach`: as the log-in provider suggests it."""
    with door.open() as visit:
        given = {"unit": einheit, "role": rolle}
        for one in suggested(desk.proposed(visit.tx)) if nach else ():
            if one.made.ref == nach:
                fact = cast(DirectoryProposed, one.made.fact)
                given = {"unit": fact.unit or "", "role": fact.role or "", "source": fact.source}
        context = _context(visit, was, person, given, {})
    return templating.page(request, "directory_change.html", visit.visitor, context)


@router.post(PATH)
def keep(
    request: Request,
    office: TheOffice,
    visitor: Annotated[Visitor, Depends(Needs(Action.PROPOSE_DIRECTORY))],
    form: Posted,
) -> Response:
    """Keeps the proposal, or says what is wrong with it beside what was typed."""
    kind, person = text_in(form, "was", 100), text_in(form, "wer", 100)
    typed = {field: text_in(form, field, WHOLE) for field in FIELDS}
    try:
        _propose(office, visitor, kind, person, typed)
    except Refused as error:
        with further(request, office, visitor) as visit:
            context = _context(visit, kind, person, typed, dict(reversed(error.reasons)))
        return templating.page(request, "directory_change.html", visitor, context, 422)
    return templating.go(f"/verzeichnis/vorschlaege?{urlencode({'neu': 'ja'})}")


def _propose(office: Office, visitor: Visitor, kind: str, person: str, typed: Typed) -> None:
    _check(kind)
    with office.read() as tx:
        there = person in visitor.organisation.everybody
        id = tx.store.number(tx.conn, UUID(hex=person)) if there and kind in kinds.OF_A_PERSON else ""
    try:
        desk.propose(office, kinds.wish(kind, typed, id, visitor.today), visitor.person)
    except Forbidden as error:
        raise NotAllowed(str(error)) from None


def _check(kind: str) -> None:
    if kind not in kinds.KINDS:
        raise NotThere("Diese Änderung des Verzeichnisses gibt es nicht.")


def _context(visit: Visit, kind: str, person: str, typed: Typed, wrong: Wrong) -> dict[str, Any]:
    _check(kind)
    visitor, today = visit.visitor, visit.visitor.today
    there = visitor.organisation.persons(today)
    chosen = person if person in there and kind in kinds.OF_A_PERSON else ""
    asks = kind in kinds.OF_A_PERSON and not chosen
    names = directory.labels(visit.tx, there if asks else [chosen] if chosen else [])
    visit.saw_list("directory", len(names))
    inputs = [] if asks else kinds.inputs(kind, visitor.organisation, chosen, today, typed, wrong)
    shown = {one["name"] for one in inputs}
    return {
        "kind": kind,
        "change": kinds.KINDS[kind],
        "people": sorted(names.items(), key=lambda one: alphabetical(one[1])) if asks else [],
        "whom": names.get(chosen, ""),
        "chosen": chosen,
        "given": typed,
        "inputs": inputs,
        "wrong": wrong,
        "loose": [sentence for name, sentence in wrong.items() if name not in shown],
        "first": next((one["name"] for one in inputs if one["wrong"]), ""),
        "brings": leaving.sentences(visit, chosen, today) if kind == "person-left" and chosen else [],
    }
