"""Settings of the office by two programs or persons (Vertrag 3): what was proposed, proposing, deciding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Security
from starlette.responses import JSONResponse, Response

from domain import moments
from domain.decisions.refusal import Refused
from domain.facts.office import SettingProposed
from domain.permissions import Action
from services.casework import proposals as desk
from services.casework.case import Forbidden
from services.questions import proposed
from services.records import fields
from services.web.api import bodies, shapes
from services.web.api.api import ALWAYS, CSRF, SESSION, TOKEN
from services.web.http.door import Needs, TheOffice
from services.web.http.refusals import refusals
from services.web.http.seen import log_list
from services.web.http.visitor import NotAllowed, Visitor
from services.web.words import dates

router = APIRouter(
    prefix="/api/v1/proposals",
    tags=["Fallverlauf"],
    responses=ALWAYS,
    dependencies=[Security(SESSION), Security(TOKEN)],
)
PROPOSED = "setting-proposed"
POSTED = refusals(408, 413, 415, 422)


class _Proposal(msgspec.Struct, forbid_unknown_fields=True):
    """What is proposed: the fields of the fact that is recorded once it is confirmed, and its name as `becomes`."""

    fact: Literal["setting-proposed"]
    on: dt.date
    data: SettingProposed


class _Decision(msgspec.Struct, forbid_unknown_fields=True):
    """Confirmed by a second person; refused by one, or withdrawn by who proposed it, with a reason."""

    granted: bool
    reason: str = ""


def _takes(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The description of a body, whole in its place."""
    (schema,), parts = msgspec.json.schema_components([kind], ref_template="{name}")
    whole = parts.pop(schema["$ref"])
    whole["properties"] = {name: parts.get(one.get("$ref", ""), one) for name, one in whole["properties"].items()}
    content = {bodies.JSON: {"schema": whole}}
    return {"parameters": [CSRF], "requestBody": {"required": True, "content": content}}


@router.get("", response_model=None, responses={200: {"model": shapes.Proposals}})
def proposals(office: TheOffice, visitor: Annotated[Visitor, Depends(Needs(Action.SEE_RULES))]) -> dict[str, Any]:
    """All proposals, the latest first: what waits for a second person, and what became of the others."""
    with office.read() as tx:
        answer = proposed.listed(tx, visitor.today)
    log_list(office, visitor, "api-proposals", answer["count"], dates.plain(visitor.today))
    return answer


@router.post(
    "",
    status_code=201,
    responses={201: {"model": shapes.Proposal}, **POSTED},
    openapi_extra=_takes(_Proposal),
)
def propose(
    office: TheOffice,
    visitor: Annotated[Visitor, Depends(Needs(Action.PROPOSE_SETTINGS))],
    body: bodies.Body,
) -> Response:
    """Proposes that this shall hold from a day on; it counts nowhere until a second person has confirmed it."""
    fact, on = _proposal(bodies.parsed(body))
    return _done(office, visitor, lambda: desk.propose(office, fact, on, visitor.person), 201)


@router.post(
    "/{proposal}/decision",
    response_model=None,
    responses={200: {"model": shapes.Proposal}, **POSTED},
    openapi_extra=_takes(_Decision),
)
def decide(
    office: TheOffice,
    visitor: Annotated[Visitor, Depends(Needs(Action.CONFIRM_SETTINGS))],
    proposal: str,
    body: bodies.Body,
) -> Response:
    """Confirms or refuses a proposal, or withdraws one's own; what is confirmed is checked again."""
    said = _decision(bodies.parsed(body))

    def decided() -> str:
        desk.decide(office, proposal, said.granted, said.reason, visitor.person)
        return proposal

    return _done(office, visitor, decided, 200)


def _done(office: TheOffice, visitor: Visitor, do: Callable[[], str], status: int) -> Response:
    """Does it, and answers with the proposal as it stands then."""
    try:
        ref = do()
    except Forbidden as error:
        raise NotAllowed(str(error)) from None
    with office.read() as tx:
        rows = proposed.listed(tx, visitor.today)["rows"]
    return JSONResponse(next(one for one in rows if one["proposal"] == ref), status)


def _proposal(said: dict[str, Any]) -> tuple[SettingProposed, dt.date]:
    wrong = [(key, "Dieses Feld gibt es hier nicht.") for key in said if key not in ("fact", "on", "data")]
    data, on = said.get("data"), dt.date.max
    if said.get("fact") != PROPOSED:
        wrong.append(("fact", f"Erwartet wird {PROPOSED}."))
    try:
        on = moments.day(said["on"])
    except (KeyError, TypeError, ValueError):
        wrong.append(("on", "Erwartet wird ein Tag (JJJJ-MM-TT)."))
    if not isinstance(data, dict):
        wrong.append(("data", "Erwartet werden Felder mit Werten."))
    else:
        wrong += fields.data_reasons(PROPOSED, data, (), dt.date.max)
    if wrong:
        raise Refused(wrong)
    return msgspec.convert(data, SettingProposed), on


def _decision(said: dict[str, Any]) -> _Decision:
    wrong = [(key, "Dieses Feld gibt es hier nicht.") for key in said if key not in ("granted", "reason")]
    if not isinstance(said.get("granted"), bool):
        wrong.append(("granted", "Erwartet wird true (bestätigen) oder false (ablehnen)."))
    if not isinstance(said.get("reason", ""), str):
        wrong.append(("reason", "Erwartet wird ein Satz."))
    if wrong:
        raise Refused(wrong)
    return msgspec.convert(said, _Decision)
