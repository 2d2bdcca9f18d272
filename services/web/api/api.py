"""The API under /api/v1 (Vertrag 3): the same answers as the commands, and one fact at a time in.

A browser's session is the log-in; a change carries its CSRF token in the header X-CSRF-Token.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, Select
from starlette.responses import JSONResponse, Response

from domain import moments
from domain.decisions.refusal import Refused
from domain.decisions.wishes import RecordFact
from domain.facts.case import Area, Strategy
from domain.knowledge import Reading
from domain.permissions import LEADS, QS, Action
from domain.rules import RULES
from services.casework import desk
from services.office.office import Transaction
from services.people import directory
from services.questions import answers, casefile, cases, library, over, recipe
from services.questions import due as due_questions
from services.questions import stays as stay_questions
from services.records import arrivals
from services.web.api import bodies
from services.web.http import idempotency
from services.web.http.visitor import AtCase, Needs, NeedsAtCase, NotAllowed, TheOffice, Visitor, log_list
from services.web.words.moments import day_of, moment_of


def _blanks() -> Iterator[dict[str, Any]]:
    """The query names of all questions, for the description."""
    blanks = {one.name: one for row in library.QUESTIONS.values() for one in row.blanks}
    for name, one in blanks.items():
        schema = {"type": "array", "items": {"type": "string"}} if one.kind.many else {"type": "string"}
        yield {"name": name, "in": "query", "description": one.label, "schema": schema}


router = APIRouter(prefix="/api/v1", tags=["Fallverlauf"])

MOST = 1_000
Day = Annotated[str | None, Query(max_length=10, description="JJJJ-MM-TT; default: today")]
READS = "effective-day: facts without a moment of recording as recorded on the day they are true from"
Reads = Annotated[Reading, Query(description=READS)]
MomentText = Annotated[str | None, Query(max_length=40, description="a day (its end) or a moment; default: now")]
SeesCase = Annotated[AtCase, Depends(NeedsAtCase(Action.SEE_CASE))]
Asks = Annotated[Visitor, Depends(Needs(Action.ASK_LISTS))]


@router.get("/cases/{case:path}/timeline")
def timeline(
    office: TheOffice, at: SeesCase, as_of: Day = None, known_at: MomentText = None, reading: Reads = Reading.ARRIVAL
) -> dict[str, Any]:
    """The lanes of one case, and its violations."""
    with office.read() as tx:
        found = casefile.timeline(tx, at.number, *_moments(as_of, known_at), reading)
        for row in found["lanes"]["responsibility"]:
            if not _named(tx, at, row["worker"], row["unit"], row["value"]):
                row["worker"] = None
    return found


@router.get("/cases/{case:path}/clocks")
def clocks(
    office: TheOffice, at: SeesCase, as_of: Day = None, known_at: MomentText = None, reading: Reads = Reading.ARRIVAL
) -> dict[str, Any]:
    """Every clock of one case, with each deduction."""
    with office.read() as tx:
        found = casefile.clocks(tx, at.number, *_moments(as_of, known_at), reading)
        named = _named(tx, at, found["worker"], found["unit"], found["area"])
    return found if named else found | {"worker": None}


class StaysQuery(BaseModel):
    """What `/stays` can be asked, as query names."""

    model_config = ConfigDict(extra="forbid")

    strategy: Strategy
    over: str | None = Field(None, max_length=10, description="12m (full months) or 365d (days)")
    clock: Literal["gross", "net"] = "gross"
    as_of: str | None = Field(None, max_length=10)
    known_at: str | None = Field(None, max_length=40)
    unit: list[str] = Field([], max_length=100)
    area: list[Area] = []
    reading: Reading = Field(Reading.ARRIVAL, description=READS)
    limit: int = Field(MOST, ge=1, le=MOST)
    after: str | None = Field(None, max_length=400)


@router.get("/stays")
def stays(office: TheOffice, visitor: Asks, asked: Annotated[StaysQuery, Query()]) -> dict[str, Any]:
    """Everyone one may see in an open bar of the strategy, sorted by case; `next` is there if more rows are."""
    on, known = _moments(asked.as_of, asked.known_at)
    asks = (asked.strategy, _over(asked.over), asked.clock, asked.unit, asked.area, on, known)
    with office.read() as tx:
        wanted = stay_questions.Wanted(*asks, cases=_seen(tx.conn, visitor), reading=asked.reading)
        answer = stay_questions.stays(tx, wanted, limit=asked.limit, after=asked.after, names=_names(visitor))
    log_list(office, visitor, "api-stays", len(answer["rows"]), _as_asked(asked))
    return answer


class DueQuery(BaseModel):
    """What `/due` can be asked, as query names."""

    model_config = ConfigDict(extra="forbid")

    on: str | None = Field(None, max_length=10)
    known_at: str | None = Field(None, max_length=40)
    case: str | None = Field(None, max_length=64)
    rule: str | None = Field(None, max_length=8)
    reading: Reading = Field(Reading.ARRIVAL, description=READS)
    limit: int = Field(MOST, ge=1, le=MOST)
    after: str | None = Field(None, max_length=400)


@router.get("/due")
def due(request: Request, office: TheOffice, visitor: Asks, asked: Annotated[DueQuery, Query()]) -> dict[str, Any]:
    """Follow-ups of the cases one may see, open on that day; `next` is there if more rows are.

    Asked about one case, QS and leads name their purpose as for its clocks.
    """
    if asked.case is not None:
        NeedsAtCase(Action.SEE_CASE)(asked.case, request, office, visitor)
    day, known = day_of("on", asked.on), moment_of("known_at", asked.known_at)
    if asked.rule is not None and asked.rule not in RULES:
        raise Refused([("rule", "Diese Regel gibt es nicht.")])
    with office.read() as tx:
        wanted = due_questions.Wanted(day, known, asked.case, asked.rule, asked.reading, _seen(tx.conn, visitor))
        answer = due_questions.due(tx, wanted, limit=asked.limit, after=asked.after)
    log_list(office, visitor, "api-due", len(answer["rows"]), _as_asked(asked))
    return answer


@router.get("/questions")
def questions(office: TheOffice, visitor: Asks) -> dict[str, Any]:
    """The library of questions, their parameters and defaults."""
    with office.read() as tx:
        return library.listed(tx)


@router.get("/questions/{question}", openapi_extra={"parameters": list(_blanks())})
def answer(
    request: Request,
    office: TheOffice,
    visitor: Asks,
    question: Annotated[str, Path(max_length=40, description="number or id")],
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
    after: Annotated[str | None, Query(max_length=400)] = None,
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
        NeedsAtCase(Action.SEE_CASE)(case, request, office, visitor)
    with office.read() as tx:
        asked = answers.filled(tx, row, given)._replace(cases=_seen(tx.conn, visitor))
        found = answers.ask(tx, asked, limit=limit, after=after, names=_names(visitor))
        told = recipe.line(tx, [answers.without_cases(asked)], arrivals.arrived(tx.conn))
    log_list(office, visitor, "api-ask", len(found["rows"]), told, row.purpose)
    return found


@router.post("/cases/{case:path}/facts", status_code=201)
def record(
    office: TheOffice,
    at: Annotated[AtCase, Depends(NeedsAtCase(Action.RECORD, Action.RECORD_INTAKE, logged=False))],
    body: bodies.Body,
    if_match: Annotated[str | None, Header(max_length=20)] = None,
    idempotency_key: Annotated[str | None, Header(max_length=128)] = None,
) -> Response:
    """Records one fact; `by` and `recorded_at` come from the log-in and the server. 201 with what it changed.

    `If-Match` is the last number of the case one has seen: 409 with the new number if it has grown. A repeated
    `Idempotency-Key` gives the first answer again; with another fact it is 409.
    """
    parsed = bodies.parsed(body)
    wish = _wish(parsed)
    post = idempotency.Post(at.visitor.person, at.key, idempotency_key or "", bodies.digest(at.number, parsed))
    with office.write() as tx:
        office.store.lock(tx.conn, at.key)  # the same post a moment ago has its answer now
        if idempotency_key and (kept := idempotency.kept(tx, post)) is not None:
            return _created(kept)
        done = desk.handle_in(
            tx, at.key, wish, at.visitor.person, expected_number=_number(if_match), ask_late_reason=False
        )
        answer = bodies.said(done)
        if idempotency_key:
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


def _number(if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    typed = if_match.strip().removeprefix("W/").strip('"')
    if not typed.isdecimal():
        raise Refused([("If-Match", "Erwartet wird die letzte Nummer des Falls.")])
    return int(typed)


def _over(typed: str | None) -> over.Over | None:
    try:
        return over.read(typed) if typed else None
    except ValueError as error:
        raise Refused([("over", str(error))]) from None


def _moments(as_of: str | None, known_at: str | None) -> tuple[dt.date | None, dt.datetime | None]:
    return day_of("as_of", as_of), moment_of("known_at", known_at)


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
