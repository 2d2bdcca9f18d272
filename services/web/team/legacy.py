"""Altfälle of the led units: listed by rule and worker, closed together with one reason, each a decision of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from domain.decisions.matter import check_text
from domain.decisions.refusal import Refused
from domain.decisions.wishes import CloseLegacy
from domain.permissions import Action
from domain.rules import RULES
from notifications import render
from services.casework import desk
from services.casework.desk import Forbidden, Stale
from services.office.office import Office, Transaction
from services.people import directory
from services.questions import cases
from services.questions import legacy as question
from services.questions.cases import client_names
from services.questions.legacy import Legacy
from services.records import rulebook
from services.records.current import Place
from services.web.case import undo
from services.web.http import templating
from services.web.http.door import Door, Needs, Opens, Posted, TheOffice, Visit, further
from services.web.http.visitor import Visitor
from services.web.words import dates, links
from services.web.words.forms import WHOLE, text_in

router = APIRouter(include_in_schema=False)

PAGE = 50  # Altfälle on a page: as many as can be closed together
NOBODY = "ohne"  # asks for what nobody is responsible for
CHOOSE = "Bitte mindestens einen Altfall ankreuzen."
REASON = "Bitte einen Grund mit mindestens 10 Zeichen angeben."


class Asked(BaseModel):
    """How the list is narrowed; `fachkraft` is a directory key, `getan` the decisions just taken."""

    regel: str = Field("", max_length=16)
    fachkraft: str = Field("", max_length=64)
    seite: int = Field(1, ge=1, le=10_000)
    getan: str = Field("", max_length=PAGE * 33)


class Refusal(NamedTuple):
    """What was chosen and typed when it was not taken, and why."""

    chosen: Sequence[str]
    reason: str
    said: Sequence[str]
    wrong: Mapping[str, str]


NONE = Refusal((), "", (), {})


@router.get("/team/altfaelle")
def show(
    request: Request, door: Annotated[Door, Depends(Opens(Action.SEE_TEAM))], asked: Annotated[Asked, Query()]
) -> Response:
    """The list, the longest due first."""
    with door.open() as visit:
        context = _context(request, visit, asked, NONE)
    return templating.page(request, "legacy.html", visit.visitor, context)


@router.post("/team/altfaelle")
def close(
    request: Request, office: TheOffice, visitor: Annotated[Visitor, Depends(Needs(Action.SEE_TEAM))], form: Posted
) -> Response:
    """Closes all that is ticked; what cannot be closed is said, and the rest stays as it was."""
    chosen = [one for one in form.getlist("wahl") if isinstance(one, str)][:PAGE]
    reason = text_in(form, "grund", WHOLE)
    narrowed = {"regel": text_in(form, "regel", 16), "fachkraft": text_in(form, "fachkraft", 64)}
    wrong = {} if chosen else {"wahl": CHOOSE}
    if check_text("reason", reason):
        wrong["grund"] = REASON
    done, refused = ([], []) if wrong else _close(office, visitor, chosen, reason)
    if not wrong and not refused:
        fields = {**{key: value for key, value in narrowed.items() if value}, "getan": ",".join(done)}
        return templating.go(f"/team/altfaelle?{urlencode(fields)}")
    asked = Asked(regel=narrowed["regel"], fachkraft=narrowed["fachkraft"], seite=1, getan=",".join(done))
    with further(request, office, visitor) as visit:
        left = [name for name, _ in refused] if refused else chosen
        context = _context(request, visit, asked, Refusal(left, reason, [said for _, said in refused], wrong))
    return templating.page(request, "legacy.html", visitor, context, 422)


def _close(
    office: Office, visitor: Visitor, chosen: Sequence[str], reason: str
) -> tuple[list[str], list[tuple[str, str]]]:
    """The ids of the decisions, and what was not closed as (name, sentence)."""
    with office.read() as tx:
        there = {one.name: one for one in question.of_places(tx, _led(tx, visitor), visitor.today)}
    done, refused = [], []
    for name in dict.fromkeys(chosen):
        one = there.get(name)
        try:
            if one is None:
                raise Refused([("", "Einer der gewählten Altfälle ist inzwischen geschlossen oder erledigt.")])
            wish = CloseLegacy(rule=one.rule, stage=one.stage, due=one.due, reason=reason)
            done.append(desk.handle(office, one.case_key, wish, visitor.person).correlation_id)
        except (Refused, Stale, Forbidden) as error:
            said = " ".join(text for _, text in error.reasons) if isinstance(error, Refused) else str(error)
            refused.append((name, f"{one.number}: {said}" if one else said))
    return done, refused


def _led(tx: Transaction, visitor: Visitor) -> list[Place]:
    return cases.led_by(tx.conn, visitor.organisation, visitor.person, visitor.today)


def found(tx: Transaction, visitor: Visitor, asked: Asked) -> tuple[list[Legacy], dict[str, str]]:
    """All Altfälle of what the visitor leads that are asked for, and by what the list is narrowed."""
    every = question.of_places(tx, _led(tx, visitor), visitor.today)
    workers = {one.worker for one in every if one.worker} if visitor.names_staff else set()
    narrowed = _narrowed(every, asked, workers)
    return [one for one in every if _fits(one, narrowed)], narrowed


def _context(request: Request, visit: Visit, asked: Asked, refusal: Refusal) -> dict[str, Any]:
    tx, visitor = visit.tx, visit.visitor
    every = question.of_places(tx, _led(tx, visitor), visitor.today)
    workers = {one.worker for one in every if one.worker} if visitor.names_staff else set()
    people = directory.labels(tx, workers)
    narrowed = _narrowed(every, asked, workers)
    found = [one for one in every if _fits(one, narrowed)]
    pages = max(1, -(-len(found) // PAGE))
    page = min(asked.seite, pages) - 1
    rows = found[page * PAGE : (page + 1) * PAGE]
    own = rulebook.texts(tx.conn, visitor.today)
    visit.saw_list("legacy", len(rows), f"{dates.plain(visitor.today)}, Seite {page + 1}")
    return {
        "every": len(every),
        "cases": len({one.case_key for one in every}),
        "found": len(found),
        "rows": [(one, render.reason(one.rule, one.stage, one.reason, visitor.today, own)) for one in rows],
        "clients": client_names(tx, {one.case_key for one in rows}),
        "people": people,
        "workers": sorted(people.items(), key=lambda one: one[1]),
        "rules": {one.rule: RULES[one.rule].name for one in sorted(every, key=lambda one: one.rule)},
        "narrowed": narrowed,
        "page": page,
        "pages": pages,
        "to": lambda number: links.address(request.query_params, "/team/altfaelle", seite=str(number), getan=""),
        "file": links.address(request.query_params, "/team/altfaelle/liste.xlsx", seite="", getan=""),
        "deeds": undo.lines(tx, visitor, "altfaelle", asked.getan.split(",")),
        "refusal": refusal,
    }


def _narrowed(every: Sequence[Legacy], asked: Asked, workers: set[str]) -> dict[str, str]:
    """What is asked for and is in the list; by somebody's name only for who may name them."""
    there = {*workers, *([NOBODY] if workers and any(one.worker is None for one in every) else [])}
    return {
        "regel": asked.regel if any(one.rule == asked.regel for one in every) else "",
        "fachkraft": asked.fachkraft if asked.fachkraft in there else "",
    }


def _fits(one: Legacy, narrowed: Mapping[str, str]) -> bool:
    rule, worker = narrowed["regel"], narrowed["fachkraft"]
    return (not rule or one.rule == rule) and (not worker or (one.worker or NOBODY) == worker)
