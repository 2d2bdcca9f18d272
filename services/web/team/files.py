"""The lists of a lead as files: what is overdue, Altfälle, who is in a strategy for so long; numbers, never names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from domain import words
from domain.periods import local_day
from domain.rules import RULES
from notifications import render
from services.questions import cases, team
from services.questions.legacy import Legacy
from services.questions.team import Stage
from services.records import rulebook
from services.web.http.door import Door
from services.web.http.visitor import Visitor
from services.web.sheets import cases as sheets
from services.web.sheets import scribe
from services.web.sheets.scribe import File
from services.web.sheets.sheet import Cell, Sheet
from services.web.team import legacy, overdue, stays
from services.web.team.page import AskedFor, SeesTeam

router = APIRouter(include_in_schema=False)

HEAD = ("Fall", "Thema", "Regel", "Stufe", "Grund", "Fällig seit", "Erinnert am")


@router.get("/team/ueberfaellig.{kind}")
async def of_overdue(request: Request, door: SeesTeam, kind: str, asked: AskedFor) -> Response:
    """All that is overdue, narrowed as on the page."""
    return await scribe.answer(request, partial(_overdue, door, kind, asked))


@router.get("/team/verweildauer/liste.{kind}")
async def of_stays(request: Request, door: SeesTeam, kind: str, asked: Annotated[stays.Asked, Query()]) -> Response:
    """All cases behind a bar of the distribution."""
    return await scribe.answer(request, partial(_stays, door, kind, asked))


@router.get("/team/altfaelle/liste.{kind}")
async def of_legacy(request: Request, door: SeesTeam, kind: str, asked: Annotated[legacy.Asked, Query()]) -> Response:
    """All Altfälle, narrowed as on the page."""
    return await scribe.answer(request, partial(_legacy, door, kind, asked))


def _legacy(door: Door, kind: str, asked: legacy.Asked) -> File:
    with door.open() as visit:
        scribe.check(kind)
        found, narrowed = legacy.found(visit.tx, visit.visitor, asked)
        own = rulebook.texts(visit.tx.conn, visit.visitor.today)
        rows: list[list[Cell]] = [[*_what(one, visit.visitor, own), one.due, one.caused_on] for one in found]
        rule = RULES[narrowed["regel"]].name if narrowed["regel"] else ""
        said = "; ".join(filter(None, (rule, "eine Fachkraft" if narrowed["fachkraft"] else "")))
        visit.saw_list("legacy-file", len(rows), said)
        origin = sheets.origin("Altfälle", said, visit.tx.now)
    head = (*HEAD[:-1], "Ursache vom")
    return scribe.file(Sheet("Altfälle", head, rows, origin), kind, f"altfaelle-{visit.visitor.today.isoformat()}")


def _overdue(door: Door, kind: str, asked: overdue.Asked) -> File:
    with door.open() as visit:
        scribe.check(kind)
        tx, visitor = visit.tx, visit.visitor
        led = cases.led_by(tx.conn, visitor.organisation, visitor.person, visitor.today)
        every = team.overdue(tx, visitor.organisation, led, visitor.today)
        own = rulebook.texts(tx.conn, visitor.today)
        found = overdue.asked_for(every, asked, visitor, {})
        rows = [_cells(stage, visitor, own) for one in found for stage in one.stages]
        rule = RULES[asked.regel].name if asked.regel in RULES and len(found) < len(every) else ""
        narrowed = "; ".join(filter(None, (rule, "eine Fachkraft" if asked.fachkraft else "")))
        visit.saw_list("team-file", len(rows), narrowed)
        origin = sheets.origin("Überfällig", narrowed, tx.now)
    return scribe.file(Sheet("Überfällig", HEAD, rows, origin), kind, f"ueberfaellig-{visitor.today.isoformat()}")


def _cells(one: Stage, visitor: Visitor, own: Mapping[str, str]) -> list[Cell]:
    return [*_what(one, visitor, own), one.due, local_day(one.reminded_at) if one.reminded_at else None]


def _what(one: Stage | Legacy, visitor: Visitor, own: Mapping[str, str]) -> list[Cell]:
    rule = RULES[one.rule]
    return [
        one.number,
        rule.theme.name,
        rule.name,
        words.STAGES.get(one.stage, one.stage),
        render.reason(one.rule, one.stage, one.reason, visitor.today, own),
    ]


def _stays(door: Door, kind: str, asked: stays.Asked) -> File:
    with door.open() as visit:
        scribe.check(kind)
        title = stays.title(asked)
        _, found = stays.found(visit.tx, visit.visitor, asked.model_copy(update={"seite": 1}), sheets.EVERY)
        visit.saw_list("stays-file", len(found), title)
        origin = sheets.origin("Verweildauern", title, visit.tx.now)
        day = visit.visitor.today
    return scribe.file(
        Sheet("Verweildauern", sheets.HEAD, [sheets.cells(one) for one in found], origin), kind,
        f"verweildauer-{day.isoformat()}",
    )  # fmt: skip
