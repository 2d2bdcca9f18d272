"""Regeln: what holds for each rule on a day, by unit, with source, validity and by whom; to print and as a file."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from domain import words
from domain.decisions.refusal import Refused
from domain.permissions import Action
from domain.rules import RULES
from domain.rules.states import Standing
from services.office.office import Transaction
from services.people import directory
from services.questions import rulesheet
from services.questions.rulesheet import Line, Sheet
from services.web.http import templating
from services.web.http.door import Door
from services.web.rules import kinds, proposed
from services.web.rules.introduction import SeesRules
from services.web.rules.proposed import value
from services.web.sheets import scribe, sheet
from services.web.sheets.scribe import File
from services.web.words import dates, forms

router = APIRouter(include_in_schema=False)

HEAD = (
    *("Regel", "Name", "Was", "Einheit", "Wert", "gilt ab Ursachen vom", "gültig von", "gültig bis", "Quelle"),
    *("festgelegt von", "zugestimmt hat"),
)
Day = Annotated[str, Query(max_length=100)]


@router.get("/regeln")
def show(request: Request, door: SeesRules, stichtag: Day = "", alles: str = "") -> Response:
    """One block a rule: its state and numbers; with `alles` what held before and will hold, too."""
    wrong: dict[str, str] = {}
    with door.open() as visit:
        day = visit.visitor.today
        try:
            day = forms.day_of("stichtag", stichtag, day) if stichtag.strip() else day
        except Refused as error:
            wrong = dict(error.reasons)
        found = rulesheet.of_day(visit.tx, day)
        lines = found.lines if alles else [line for line in found.lines if line.holds(day)]
        texts = [one for one in rulesheet.texts(visit.tx) if alles or one.holds(day)]
        texts = [
            one for one in texts if one.value or one.stage.count("/") == 1
        ]  # of stages only what the office has set
        people = _people(visit.tx, [*lines, *texts])
        waiting = len(proposed.waiting(visit.tx, visit.visitor.today))
        visit.saw_list("rules", len(lines), dates.plain(day))
    context: dict[str, Any] = {
        "blocks": [(RULES[rule], list(some)) for rule, some in groupby(lines, key=lambda line: line.rule)],
        "odd": found.odd,
        "texts": [(kinds.text_title(one.stage), one) for one in texts],
        "people": people,
        "value": value,
        "what": what,
        "day": day,
        "typed": stichtag or dates.plain(day),
        "wrong": wrong,
        "every": bool(alles),
        "waiting": waiting,
        "may_propose": visit.visitor.may(Action.PROPOSE_SETTINGS),
    }
    return templating.page(request, "rules.html", visit.visitor, context, 422 if wrong else 200)


@router.get("/regeln/regelblatt.{kind}")
async def as_file(request: Request, door: SeesRules, kind: str) -> Response:
    """All that held, holds and will hold."""
    return await scribe.answer(request, partial(_file, door, kind))


def _file(door: Door, kind: str) -> File:
    with door.open() as visit:
        scribe.check(kind)
        day = visit.visitor.today
        found: Sheet = rulesheet.of_day(visit.tx, day)
        lines = [*found.lines, *(one for one in rulesheet.texts(visit.tx) if one.value)]
        people = _people(visit.tx, lines)
        visit.saw_list("rules", len(lines))
        made = dates.moment(visit.tx.now).striptags()
    rows = [_cells(line, people) for line in lines]
    origin = [("Liste", "Regelblatt"), ("Erstellt am", made)]
    return scribe.file(sheet.Sheet("Regelblatt", HEAD, rows, origin), kind, f"regelblatt-{day.isoformat()}")


def _people(tx: Transaction, lines: list[Line]) -> dict[str, str]:
    return directory.labels(tx, {one for line in lines for one in (line.by, line.approved_by) if one})


def _cells(line: Line, people: dict[str, str]) -> list[sheet.Cell]:
    first = line.value.applies_from if isinstance(line.value, Standing) else None
    whose = [people.get(one, "") for one in (line.by, line.approved_by)]
    name = RULES[line.rule].name if line.rule else kinds.text_title(line.stage)
    told = [line.rule, name, what(line), line.unit or "alle", value(line, short=True), first]
    return [*told, line.since, line.until, line.source, *whose]


def what(line: Line) -> str:
    """What a line says something about."""
    if not line.rule:
        return "Wortlaut"
    return words.STAGES.get(line.stage, line.stage) if line.stage else "Zustand"
