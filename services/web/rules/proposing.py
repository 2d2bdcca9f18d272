"""Proposing that something shall hold otherwise from a day on: one form for each setting, generated from what it is."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.office.setting import Value
from domain.permissions import Action
from services.casework import proposals as desk
from services.casework.case import Forbidden
from services.office.office import Office, Transaction
from services.questions import rulesheet
from services.web.http import templating
from services.web.http.door import Door, Needs, Opens, Posted, TheOffice, Visit, further
from services.web.http.visitor import NotAllowed, NotThere, Visitor
from services.web.rules import kinds, others, proposed
from services.web.words.forms import WHOLE, Typed, Wrong, text_in

router = APIRouter(include_in_schema=False)

FIELDS = ("state", "applies_from", "months", "days", "body", "how", "item", "label", "unit", "on", "source")
NAMED = Annotated[str, Query(max_length=100)]


@router.get("/regeln/aendern")
def show(
    request: Request,
    door: Annotated[Door, Depends(Opens(Action.PROPOSE_SETTINGS))],
    was: NAMED = "",
    einheit: NAMED = "",
) -> Response:
    """The form, with what holds today."""
    with door.open() as visit:
        setting = _named(was)
        context = _context(visit, setting, _given(visit, setting) | {"unit": einheit}, {})
    return templating.page(request, "setting.html", visit.visitor, context)


@router.post("/regeln/aendern")
def keep(
    request: Request,
    office: TheOffice,
    visitor: Annotated[Visitor, Depends(Needs(Action.PROPOSE_SETTINGS))],
    form: Posted,
) -> Response:
    """Keeps the proposal, or says what is wrong with it beside what was typed."""
    setting = _named(text_in(form, "was", 100))
    typed = {field: text_in(form, field, WHOLE) for field in FIELDS}
    typed["codes"] = "\n".join(one[:100] for one in form.getlist("codes")[:100] if isinstance(one, str))
    try:
        _propose(office, visitor, setting, typed)
    except Refused as error:
        with further(request, office, visitor) as visit:
            context = _context(visit, setting, typed, _at_fields(error))
        return templating.page(request, "setting.html", visitor, context, 422)
    return templating.go(f"/regeln/vorschlaege?{urlencode({'neu': 'ja'})}")


def _propose(office: Office, visitor: Visitor, setting: kinds.Named, typed: Typed) -> None:
    with office.read() as tx:
        fact, on = kinds.proposal(setting, typed, visitor.today, _items(tx, setting))
    try:
        desk.propose(office, fact, on, visitor.person)
    except Forbidden as error:
        raise NotAllowed(str(error)) from None


def _at_fields(error: Refused) -> dict[str, str]:
    """Each sentence at the field of the form that it is about."""
    return {"how" if field == "offered" else field: sentence for field, sentence in error.reasons}


def _items(tx: Transaction, setting: kinds.Named) -> frozenset[str]:
    """The items a setting has, or ever had."""
    row = setting.row
    if row is None:
        return frozenset()
    every = [line.stage for line in rulesheet.further(tx)]
    return frozenset(item for name, _, item in (one.partition("/") for one in every) if name == row.name)


def _named(key: str) -> kinds.Named:
    setting = kinds.named(key)
    if setting is None:
        raise NotThere("Diese Einstellung gibt es nicht.")
    return setting


def _context(visit: Visit, setting: kinds.Named, typed: Typed, wrong: Wrong) -> dict[str, Any]:
    visitor, today = visit.visitor, visit.visitor.today
    units = [unit.code for unit in visitor.organisation.units(today)] if setting.by_unit else []
    return {
        "setting": setting,
        "lines": _lines(visit, setting),
        "value": proposed.value,
        "inputs": [*kinds.inputs(setting, typed, wrong), *kinds.around(units, typed, wrong)],
        "wrong": wrong,
        "first": next(iter(wrong), ""),
        "waiting": [one for one in proposed.waiting(visit.tx, today) if kinds.key(one.fact) == setting.key],
        "said": kinds.said,
    }


def _lines(visit: Visit, setting: kinds.Named) -> list[rulesheet.Line]:
    """What holds from today on, each until the next."""
    today = visit.visitor.today
    if setting.row:
        lines = rulesheet.further(visit.tx)
    else:
        lines = rulesheet.texts(visit.tx) if setting.text else rulesheet.of_day(visit.tx, today).lines
    mine = (line for line in lines if line.key == setting.key and (line.until is None or line.until >= today))
    return sorted(mine, key=proposed.by_day)


def _given(visit: Visit, setting: kinds.Named) -> dict[str, str]:
    """The fields of the form as they hold today."""
    if setting.row is None:
        return {}
    today = visit.visitor.today
    holds = [line.value for line in _lines(visit, setting) if line.holds(today) and line.unit is None]
    return others.typed_of(setting.row, next((one for one in holds if isinstance(one, Value)), None))
