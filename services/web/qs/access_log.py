"""The access log to read: who of QS and leads saw which case or list, when and why; of one case, or of some days."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Iterable
from functools import partial
from typing import Annotated, Any, NamedTuple
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import ColumnElement, Connection, and_, or_, true
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.periods import BERLIN, DAY, end_of_day, local_day
from domain.permissions import QS, Action
from domain.purposes import PURPOSES, WORDS
from services.office.office import Office, Transaction
from services.people import directory, views
from services.people.views import View
from services.questions import cases, told
from services.records.tables import views as log
from services.web.http import templating
from services.web.http.door import Door, Needs, NeedsAtCase, Opens, TheOffice
from services.web.http.seen import list_purpose, log_list
from services.web.http.visitor import AtCase, Visitor
from services.web.sheets import cases as sheets
from services.web.sheets import scribe
from services.web.sheets.scribe import File
from services.web.sheets.sheet import Cell, Sheet
from services.web.words import dates, forms, links

router = APIRouter(include_in_schema=False)

SeesViews = Annotated[Visitor, Depends(Needs(Action.SEE_VIEWS))]
OfCase = Annotated[AtCase, Depends(NeedsAtCase(Action.SEE_CASE_VIEWS))]
SeesViewsAtOnce = Annotated[Door, Depends(Opens(Action.SEE_VIEWS))]
Page = Annotated[int, Query(ge=1, le=10_000)]
PAGE = 50
MOST = 100_000  # rows of a file
SHORTER = "Für die älteren bitte einen kürzeren Zeitraum wählen."
HEAD = ("Tag", "Uhrzeit", "Fall", "Was", "Auswahl", "Zeilen", "Zweck")
WEEK = 7 * DAY
OF_PROGRAMS, OF_DUE = {"api-stays": "stays", "api-due": "due"}, {"on": "as_of"}


class Row(NamedTuple):
    """One view in words; `case`: the number of a case, `what`: the name of a list, `recipe`: how it was asked, `whom`:
    the person it was about.
    """

    at: dt.datetime
    who: str
    case: str
    what: str
    asked: str
    recipe: str
    rows: int | None
    purpose: str
    whom: str


@router.get("/einsicht/{case:path}")
def of_case(request: Request, office: TheOffice, at: OfCase, seite: Page = 1) -> Response:
    """Who has seen one case, the latest first; this view is already among them."""
    context = _listed(office, log.c.case_key == at.key, seite, request)
    return templating.page(request, "views.html", at.visitor, {"case": at.number, **context})


@router.get("/einsicht")
def between(
    request: Request, office: TheOffice, visitor: SeesViews, von: str = "", bis: str = "", seite: Page = 1
) -> Response:
    """What was seen in some days, by default the last seven; leads see what concerns their units."""
    wrong: dict[str, str] = {}
    try:
        first, last = _days(visitor, von, bis)
    except Refused as error:
        wrong = dict(error.reasons)
        first, last = _days(visitor, "", "")
    with office.read() as tx:
        wanted = _between(tx.conn, visitor, first, last)
    context: dict[str, Any] = {"rows": [], "count": 0, "pages": 0, "page": 0} if wrong else {}
    if not wrong:
        context = _listed(office, wanted, seite, request)
        asked = f"{dates.plain(first)} bis {dates.plain(last)}, Seite {context['page'] + 1}"
        log_list(office, visitor, "log", len(context["rows"]), asked)
    context |= {"typed": {"von": von or dates.plain(first), "bis": bis or dates.plain(last)}, "wrong": wrong}
    context |= {"purpose": PURPOSES[list_purpose(visitor)], "own": not visitor.roles & QS, "case": None}
    return templating.page(request, "views.html", visitor, context, 422 if wrong else 200)


@router.get("/einsichten.{kind}")
async def download(request: Request, door: SeesViewsAtOnce, kind: str, von: str = "", bis: str = "") -> Response:
    """All of these days as a file, without who it was (Fachkonzept 13)."""
    return await scribe.answer(request, partial(_file, door, kind, von, bis))


def _file(door: Door, kind: str, von: str, bis: str) -> File:
    scribe.check(kind)
    with door.open() as visit:
        tx, visitor = visit.tx, visit.visitor
        first, last = _days(visitor, von, bis)
        period = f"{dates.plain(first)} bis {dates.plain(last)}"
        wanted = _between(tx.conn, visitor, first, last)
        found = _rows(tx, views.logged(tx.conn, wanted, MOST, 0))
        cut = sheets.cut(len(found), views.counted(tx.conn, wanted), SHORTER)
        visit.saw_list("log-file", len(found), period)
        origin = cut + sheets.origin("Einsichten", period, tx.now)
    rows = [_cells(one) for one in found]
    return scribe.file(Sheet("Einsichten", HEAD, rows, origin), kind, f"einsichten-{last.isoformat()}")


def _cells(one: Row) -> list[Cell]:
    local = one.at.astimezone(BERLIN)
    return [local.date(), f"{local:%H:%M}", one.case, one.what or "Fall", one.asked, one.rows, one.purpose]


def _days(visitor: Visitor, von: str, bis: str) -> tuple[dt.date, dt.date]:
    """The first and last day asked for, by default the last seven. Raises Refused."""
    last = forms.day_of("bis", bis, visitor.today) if bis else visitor.today
    return forms.day_of("von", von, visitor.today) if von else last - WEEK + DAY, last


def _between(conn: Connection, visitor: Visitor, first: dt.date, last: dt.date) -> ColumnElement[bool]:
    return and_(log.c.at > end_of_day(first - DAY), log.c.at <= end_of_day(last), _own(conn, visitor))


def _own(conn: Connection, visitor: Visitor) -> ColumnElement[bool]:
    """All for QS; for a lead views of the cases of their units, and what the people of their units saw."""
    if visitor.roles & QS:
        return true()
    organisation, today = visitor.organisation, visitor.today
    led = cases.of_leads(conn, organisation, visitor.person, today)
    people = organisation.persons(today)
    places = {one: {(held.unit, held.area) for held in organisation.roles(one, today)} for one in people}
    own = {place for place in set().union(*places.values()) if organisation.leads(visitor.person, *place, today)}
    return or_(log.c.case_key.in_(led), log.c.person.in_([one for one in people if places[one] & own]))


def _listed(office: Office, wanted: ColumnElement[bool], page: int, request: Request) -> dict[str, Any]:
    with office.read() as tx:
        count = views.counted(tx.conn, wanted)
        pages = -(-count // PAGE)
        page = min(page, max(pages, 1))  # an address of before, of more rows
        rows = _rows(tx, views.logged(tx.conn, wanted, PAGE, (page - 1) * PAGE))
    return {
        "rows": rows,
        "count": count,
        "cut": sheets.part_of(MOST, count, SHORTER) if count > MOST else "",
        "page": page - 1,
        "pages": pages,
        "to": lambda number: links.address(request.query_params, request.url.path, seite=str(number)),
    }


def _rows(tx: Transaction, found: Iterable[View]) -> list[Row]:
    found = list(found)
    whom = {one: one.asked for one in found if one.list == "sight" and one.asked}
    people = directory.labels(tx, {one.person for one in found} | {*whom.values()})
    numbers = tx.store.numbers(tx.conn, [one.case_key for one in found if one.case_key])
    return [
        Row(
            at=one.at,
            who=people[one.person],
            case=numbers.get(one.case_key, "") if one.case_key else "",
            what=views.LISTS.get(one.list or "", ""),
            asked="" if one in whom else said or one.asked or "",
            recipe=(one.asked or "") if said else "",
            rows=one.rows,
            purpose=WORDS[one.purpose],
            whom=people[whom[one]] if one in whom else "",
        )
        for one in found
        for said in [told.sentence(_recipe(one), local_day(one.at))]
    ]


def _recipe(one: View) -> str:
    """How a list was asked, as a command; a program's parameters as those of the same question."""
    asked, question = one.asked or "", OF_PROGRAMS.get(one.list or "")
    if question is None:
        return asked
    given = [f"{OF_DUE.get(name, name)}={text}" for name, text in parse_qsl(asked)]
    return shlex.join(["fallverlauf", "ask", question, *(part for one in given for part in ("--param", one))])
