"""Regeln: what holds for each rule on a day, by unit, with source, validity and by whom; to print and as a file."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from domain import words
from domain.decisions.refusal import Refused
from domain.office import recipients
from domain.office.setting import Value
from domain.permissions import Action
from domain.rules import RULES
from domain.rules.states import Standing
from domain.settings import SETTINGS
from services.office.office import Transaction
from services.people import directory
from services.questions import grounds, rulesheet
from services.questions.rulesheet import Line, Sheet
from services.web.http import templating
from services.web.http.door import Door
from services.web.rules import ground_sheet, kinds, proposed
from services.web.rules.introduction import SeesRules
from services.web.rules.others import item_name
from services.web.rules.proposed import value
from services.web.sheets import scribe, sheet
from services.web.sheets.scribe import File
from services.web.words import dates, forms

router = APIRouter(include_in_schema=False)

HEAD = (
    *("Regel", "Name", "Was", "Einheit", "Wert", "gilt ab Ursachen vom", "gültig von", "gültig bis", "Quelle"),
    *("festgelegt von", "zugestimmt hat"),
)
OTHERS = [row for name, row in SETTINGS.items() if name != recipients.NAME]
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
        lines = [line for line in found.lines if alles or line.holds(day)]
        more = [line for line in rulesheet.further(visit.tx) if alles or line.holds(day)]
        ahead = [line for line in _all(visit.tx, found) if line.since and line.since > visit.visitor.today]
        texts = [one for one in rulesheet.texts(visit.tx) if alles or one.holds(day)]
        texts = [
            one for one in texts if one.value or one.stage.count("/") == 1
        ]  # of stages only what the office has set
        people = _people(visit.tx, [*lines, *texts, *more, *ahead])
        waiting = len(proposed.waiting(visit.tx, visit.visitor.today))
        visit.saw_list("rules", len(lines) + len(more), dates.plain(day))
    context: dict[str, Any] = {
        "blocks": [(RULES[rule], [*some, *_told(rule, more)]) for rule, some in groupby(lines, key=_rule)],
        "further": [(row, [line for line in more if kinds.row_of(line.key) is row]) for row in OTHERS],
        "ahead": ahead,
        "odd": found.odd,
        "texts": texts,
        "name": name,
        "people": people,
        "value": value,
        "what": what,
        "in_block": in_block,
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
        lines = _all(visit.tx, found)
        settings = grounds.settings(visit.tx.conn)
        people = _people(visit.tx, lines, ground_sheet.persons(settings))
        visit.saw_list("rules", len(lines))
        made = dates.moment(visit.tx.now).striptags()
    rows = [*(_cells(line, people) for line in lines), *ground_sheet.cells(settings, people)]
    origin = [("Liste", "Regelblatt"), ("Erstellt am", made)]
    return scribe.file(sheet.Sheet("Regelblatt", HEAD, rows, origin), kind, f"regelblatt-{day.isoformat()}")


def _all(tx: Transaction, found: Sheet) -> list[Line]:
    """All there is to be set; of texts what the office has set."""
    return [*found.lines, *rulesheet.further(tx), *(one for one in rulesheet.texts(tx) if one.value)]


def _told(rule: str, lines: list[Line]) -> list[Line]:
    """The lines that say who is told of the stages of a rule."""
    return [line for line in lines if line.key.startswith(f"{recipients.NAME}/{rule}/")]


def _rule(line: Line) -> str:
    return line.rule


def _people(tx: Transaction, lines: list[Line], more: Collection[str] = ()) -> dict[str, str]:
    return directory.labels(tx, {*more, *(one for line in lines for one in (line.by, line.approved_by) if one)})


def _cells(line: Line, people: dict[str, str]) -> list[sheet.Cell]:
    first = line.value.applies_from if isinstance(line.value, Standing) else None
    whose = [people.get(one, "") for one in (line.by, line.approved_by)]
    told = [line.rule, name(line), what(line), line.unit or "alle", value(line, short=True), first]
    return [*told, line.since, line.until, line.source, *whose]


def name(line: Line) -> str:
    """What the line is about: its rule, its text, its setting."""
    row = kinds.row_of(line.key)
    return RULES[line.rule].name if line.rule else row.german if row else kinds.titled(line.stage)


def in_block(line: Line) -> str:
    """The same below the heading of the rule."""
    told, _, stage = line.stage.rpartition("/")
    return f"{words.STAGES.get(stage, stage)}: Empfänger" if told else what(line)


def what(line: Line) -> str:
    """What of that a line says something about."""
    if row := kinds.row_of(line.key):
        item = line.stage.partition("/")[2]
        if not row.label:
            return item_name(row, item) or row.german
        before = row.shipped.get(item, Value()).label  # what is said of it holds its words of today
        same = not before or (isinstance(line.value, Value) and line.value.label == before)
        return row.german if same else before
    if not line.rule:
        return "Wortlaut"
    return words.STAGES.get(line.stage, line.stage) if line.stage else "Zustand"
