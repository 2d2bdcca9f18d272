"""The API under /api/v1 (Vertrag 3): the same answers as the commands, and one fact at a time in.

A browser's session is the log-in; a change carries its CSRF token in the header X-CSRF-Token.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer
from pydantic import BaseModel
from sqlalchemy import Connection, Select
from starlette.responses import JSONResponse, Response

from domain import moments
from domain.decisions.refusal import Refused
from domain.decisions.wishes import RecordFact
from domain.knowledge import Reading
from domain.permissions import LEADS, QS, Action
from domain.purposes import PURPOSES
from domain.rules import RULES
from services.casework import desk
from services.office.office import Transaction
from services.people import directory, sessions
from services.questions import answers, casefile, cases, library, recipe
from services.questions import due as due_questions
from services.questions import stays as stay_questions
from services.records import arrivals
from services.web.api import bodies, queries, shapes
from services.web.http import conditions, idempotency
from services.web.http.door import Needs, NeedsAtCase, TheOffice
from services.web.http.refusals import refusals
from services.web.http.seen import log_list
from services.web.http.visitor import PURPOSE, AtCase, NotAllowed, Visitor

_SESSION = "the session of a browser; a change carries its CSRF token, too"
_TOKEN = "the token of a program, from the provider of log-ins"
SESSION = APIKeyCookie(name=sessions.COOKIE, scheme_name="session", auto_error=False, description=_SESSION)
TOKEN = HTTPBearer(scheme_name="token", auto_error=False, description=_TOKEN)
ALWAYS = refusals(400, 401, 403, 429, 503)
# Both only describe: who asks is found out by the guard of each path.
router = APIRouter(
    prefix="/api/v1", tags=["Fallverlauf"], responses=ALWAYS, dependencies=[Security(SESSION), Security(TOKEN)]
)

SeesCase = Annotated[AtCase, Depends(NeedsAtCase(Action.SEE_CASE))]
Asks = Annotated[Visitor, Depends(Needs(Action.ASK_LISTS))]


def _header(name: str, text: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": text, "schema": {"type": "string", **schema}}


WHY = _header(PURPOSE, "why QS or a lead reads a case that is not theirs to work", enum=list(PURPOSES))
CSRF = _header("X-CSRF-Token", "the token of the session; not needed with a bearer token")
CHANGE = {
    "parameters": [
        CSRF,
        _header(
            conditions.IF_MATCH,
            "the last number of the case one has seen, or several of which any will do",
            pattern=rf"^(\*|({conditions.TAG})( *, *({conditions.TAG}))*)$",
        ),
        _header(conditions.IDEMPOTENCY_KEY, "makes a repeated post one fact for a week", pattern=f"^{conditions.KEY}$"),
    ],
    "requestBody": {"required": True, "content": {bodies.JSON: {"schema": bodies.described()[0]}}},
}
TAGGED = {
    "model": shapes.Done,
    "description": "stored; answered again, and not stored again, under the same Idempotency-Key",
    "headers": {"ETag": {"description": "the last number of the case", "schema": {"type": "string"}}},
}


def _says(shape: Any, *more: int) -> dict[int | str, dict[str, Any]]:
    """The answer of a path, and the refusals it has beside those of all."""
    return {200: {"model": shape}, **refusals(*more)}


@router.get(
    "/cases/{case:path}/timeline",
    response_model=None,
    responses=_says(shapes.Timeline, 404, 422),
    openapi_extra={"parameters": [WHY]},
)
def timeline(
    office: TheOffice,
    at: SeesCase,
    as_of: queries.Day = None,
    known_at: queries.Moment = None,
    reading: queries.Reads = Reading.ARRIVAL,
) -> dict[str, Any]:
    """The lanes of one case, and its violations."""
    with office.read() as tx:
        found = casefile.timeline(tx, at.number, *queries.moments(as_of, known_at), reading)
        for row in found["lanes"]["responsibility"]:
            if not _named(tx, at, row["worker"], row["unit"], row["value"]):
                row["worker"] = None
    return found


@router.get(
    "/cases/{case:path}/clocks",
    response_model=None,
    responses=_says(shapes.Clocks, 404, 422),
    openapi_extra={"parameters": [WHY]},
)
def clocks(
    office: TheOffice,
    at: SeesCase,
    as_of: queries.Day = None,
    known_at: queries.Moment = None,
    reading: queries.Reads = Reading.ARRIVAL,
) -> dict[str, Any]:
    """Every clock of one case, with each deduction."""
    with office.read() as tx:
        found = casefile.clocks(tx, at.number, *queries.moments(as_of, known_at), reading)
        named = _named(tx, at, found["worker"], found["unit"], found["area"])
    return found if named else found | {"worker": None}


@router.get("/stays", response_model=None, responses=_says(shapes.Stays, 422))
def stays(office: TheOffice, visitor: Asks, asked: Annotated[queries.StaysQuery, Query()]) -> dict[str, Any]:
    """Everyone one may see in an open bar of the strategy, sorted by case; `next` is there if more rows are."""
    on, known = queries.moments(asked.as_of, asked.known_at)
    asks = (asked.strategy, queries.length(asked.over), asked.clock, asked.unit, asked.area, on, known)
    with office.read() as tx:
        wanted = stay_questions.Wanted(*asks, cases=_seen(tx.conn, visitor), reading=asked.reading)
        after = _place(tx.conn, visitor, asked.after)
        answer = stay_questions.stays(tx, wanted, limit=asked.limit, after=after, names=_names(visitor))
    log_list(office, visitor, "api-stays", len(answer["rows"]), _as_asked(asked))
    return answer


@router.get("/due", response_model=None, responses=_says(shapes.Due, 404, 422), openapi_extra={"parameters": [WHY]})
def due(
    request: Request, office: TheOffice, visitor: Asks, asked: Annotated[queries.DueQuery, Query()]
) -> dict[str, Any]:
    """Follow-ups of the cases one may see, open on that day; `next` is there if more rows are.

    Asked about one case, QS and leads name their purpose as for its clocks.
    """
    if asked.case is not None:
        NeedsAtCase(Action.SEE_CASE).admits(asked.case, request, office, visitor)
    day, known = queries.moments(asked.on, asked.known_at, name="on")
    if asked.rule is not None and asked.rule not in RULES:
        raise Refused([("rule", "Diese Regel gibt es nicht.")])
    with office.read() as tx:
        wanted = due_questions.Wanted(day, known, asked.case, asked.rule, asked.reading, _seen(tx.conn, visitor))
        answer = due_questions.due(tx, wanted, limit=asked.limit, after=_place(tx.conn, visitor, asked.after))
    log_list(office, visitor, "api-due", len(answer["rows"]), _as_asked(asked))
    return answer


@router.get("/questions", response_model=None, responses=_says(shapes.Questions))
def questions(office: TheOffice, visitor: Asks) -> dict[str, Any]:
    """The library of questions, their parameters and defaults."""
    with office.read() as tx:
        return library.listed(tx)


@router.get(
    "/questions/{question}",
    response_model=None,
    responses=_says(shapes.Answer, 404, 422),
    openapi_extra={"parameters": [*queries.blanks(), WHY]},
)
def answer(
    request: Request,
    office: TheOffice,
    visitor: Asks,
    question: Annotated[str, Path(max_length=40, description="number or id")],
    limit: queries.Limit = queries.MOST,
    after: queries.After = None,
) -> dict[str, Any]:
    """The answer about the cases one may see; every parameter of the question is a query name, a list repeats it.

    Asked about one case, QS and leads name their purpose as for its clocks. `next` is there if more rows are.
    """
    given: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name not in ("limit", "after"):
            given.setdefault(name, []).append(value)
    row = library.question(question)
    if row.personal:  # off until a Dienstvereinbarung is entered (Fachkonzept 8 no. 7)
        raise NotAllowed("Diese Frage ist für Ihre Rolle nicht vorgesehen.")
    for case in answers.cases_named(row, given):
        NeedsAtCase(Action.SEE_CASE).admits(case, request, office, visitor)
    with office.read() as tx:
        asked = answers.filled(tx, row, given)._replace(cases=_seen(tx.conn, visitor))
        after = _place(tx.conn, visitor, after)
        found = answers.ask(tx, asked, limit=limit, after=after, names=_names(visitor))
        told = recipe.line(tx, [answers.without_cases(asked)], arrivals.arrived(tx.conn))
    log_list(office, visitor, "api-ask", len(found["rows"]), told, row.purpose)
    return found


@router.post(
    "/cases/{case:path}/facts",
    status_code=201,
    responses={201: TAGGED, **refusals(404, 408, 409, 413, 415, 422)},
    openapi_extra=CHANGE,
)
def record(
    office: TheOffice,
    at: Annotated[AtCase, Depends(NeedsAtCase(Action.RECORD, Action.RECORD_INTAKE, logged=False))],
    body: bodies.Body,
    expected: conditions.Expected,
    once: conditions.Once,
) -> Response:
    """Records one fact; `by` and `recorded_at` come from the log-in and the server. 201 with what it changed.

    `If-Match` is the last number of the case one has seen: 409 with the new number if it has grown. A repeated
    `Idempotency-Key` gives the first answer again; with another fact it is 409.
    """
    parsed = bodies.parsed(body)
    wish = _wish(parsed)
    post = idempotency.Post(at.visitor.person, at.key, once, bodies.digest(at.number, parsed))
    with office.write() as tx:
        head = office.store.lock(tx.conn, at.key)  # the same post a moment ago has its answer now
        if once and (kept := idempotency.kept(tx, post)) is not None:
            return _created(kept)
        conditions.require(tx, at, head.number, expected)
        done = desk.handle_in(tx, at.key, wish, at.visitor.person, ask_late_reason=False)
        answer = bodies.said(done)
        if once:
            idempotency.keep(tx, post, answer)
    return _created(answer)


def _wish(data: Mapping[str, Any]) -> RecordFact:
    wrong = [(key, "Dieses Feld gibt es hier nicht.") for key in data if key not in ("fact", "on", "data")]
    name, fields = data.get("fact"), data.get("data", {})
    if not isinstance(name, str):
        wrong.append(("fact", "Diese Angabe fehlt."))
    if not isinstance(fields, dict):
        wrong.append(("data", "Erwartet werden Felder mit Werten."))
    try:
        on = moments.day(data["on"])
    except (KeyError, TypeError, ValueError):
        wrong.append(("on", "Erwartet wird ein Tag (JJJJ-MM-TT)."))
    if wrong:
        raise Refused(wrong)
    return RecordFact(name=str(name), on=on, data=fields)


def _created(answer: Mapping[str, Any]) -> Response:
    return JSONResponse(answer, status_code=201, headers={"ETag": f'"{answer["number"]}"'})


def _place(conn: Connection, visitor: Visitor, after: str | None) -> str | None:
    """Where a page begins: behind a case that one may see. Raises `Refused`."""
    if after is not None and not cases.is_among(conn, after.partition("|")[0], _seen(conn, visitor)):
        raise Refused([("after", answers.NO_PLACE)])
    return after


def _as_asked(asked: BaseModel) -> str:
    """The question for the access log, without what may hold the number of a case."""
    given = asked.model_dump(mode="json", exclude_defaults=True, exclude={"case", "after"})
    return urlencode(given, doseq=True)


def _named(tx: Transaction, at: AtCase, worker: str | None, unit: str | None, area: str | None) -> bool:
    """`worker`: the id of a person, as the answer about a case names it."""
    return at.may_name(directory.person_key(tx, worker) if worker else None, unit, area)


def _names(visitor: Visitor) -> answers.Names:
    return lambda row: visitor.may_name(row.worker, row.unit, row.area)


def _seen(conn: Connection, visitor: Visitor) -> Select[tuple[UUID]] | None:
    """The cases the visitor may see: QS all (None), others their own and those of their units."""
    if visitor.roles & QS:
        return None
    leads = bool(visitor.roles & LEADS)
    return cases.visible(conn, visitor.organisation, visitor.person, visitor.today, leads=leads)
