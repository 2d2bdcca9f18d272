"""QS: the library of questions, each a sentence with blanks; its answer then, now, the difference; as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain.evaluations import STAFF_IN_FILES, STAFF_IN_LISTS
from domain.knowledge import Reading
from domain.periods import local_day
from domain.permissions import QS, Action
from domain.purposes import PURPOSES
from services.people import directory
from services.questions import answers, cases, grounds, library, recipe
from services.questions.answers import Counted
from services.questions.parameters import CASE, MOMENT
from services.questions.question import Asked, Column, Question
from services.questions.stays import STAYS
from services.records import arrivals
from services.web.case import disputes as reports
from services.web.http import templating
from services.web.http.door import Door, Opens, Visit
from services.web.http.seen import list_purpose
from services.web.http.visitor import NotAllowed, Visitor
from services.web.qs import answer, columns, form
from services.web.qs.answer import Line, Lists, Result
from services.web.qs.form import Form
from services.web.sheets import scribe
from services.web.sheets.scribe import File
from services.web.sheets.sheet import Cell, Sheet
from services.web.words import dates, labels, links

router = APIRouter(include_in_schema=False)

SeesQs = Annotated[Door, Depends(Opens(Action.SEE_QS))]
PAGE = 50


@router.get("/qs/fragen")
def listed(request: Request, door: SeesQs) -> Response:
    """Every question the visitor may ask, by its title."""
    with door.open() as visit:
        visitor = visit.visitor
    found = [(_path(one), one) for one in library.QUESTIONS.values() if visitor.may(one.action) and not one.personal]
    return templating.page(request, "questions.html", visitor, {"questions": found})


@router.get("/qs")
def stays(request: Request, door: SeesQs) -> Response:
    """The first question, and how much was reported to QS; whose cases that is about is seen only by who opens it."""
    with door.open() as visit:
        reported = 0 if _own(visit.visitor) else len(reports.read(visit.tx, visit.visitor))  # leads: on Team
        asked = _asked(request, visit, STAYS)
    return _show(request, visit.visitor, asked, reported=reported)


@router.get("/qs/rueckmeldungen")
def reported(request: Request, door: SeesQs) -> Response:
    """What was reported to the visitor: which reminder of which case does not fit, and why."""
    with door.open() as visit:
        disputes = reports.read(visit.tx, visit.visitor)
        visit.saw_behind([one.case_key for one in disputes])
    return templating.page(request, "reports.html", visit.visitor, {"disputes": disputes})


@router.get("/qs/fragen/{name}")
def show(request: Request, door: SeesQs, name: str) -> Response:
    """A question as a sentence with blanks, and its answer; the address carries the whole question."""
    with door.open() as visit:
        asked = _asked(request, visit, _question(visit.visitor, name))
    return _show(request, visit.visitor, asked)


@router.get("/qs/liste.{kind}")
async def file_of_stays(request: Request, door: SeesQs, kind: str) -> Response:
    """The list of the first question as a file."""
    return await _file(request, door, STAYS.id, kind)


@router.get("/qs/fragen/{name}/liste.{kind}")
async def file(request: Request, door: SeesQs, name: str, kind: str) -> Response:
    """The whole list as a file: case numbers, never names of clients; those of staff where that is agreed."""
    return await _file(request, door, name, kind)


def _question(visitor: Visitor, name: str) -> Question:
    question = library.question(name)
    off = question.personal and question.id not in visitor.agreed  # until a Dienstvereinbarung (Fachkonzept 8 no. 7)
    if off or not visitor.may(question.action):
        raise NotAllowed("Diese Frage ist für Ihre Rolle nicht vorgesehen.")
    return question


def _path(question: Question) -> str:
    return "/qs" if question is STAYS else f"/qs/fragen/{question.id}"


class _Asked(NamedTuple):
    """A question with its form, and its answer where one was asked for."""

    question: Question
    form: Form
    found: Result | None


def _asked(request: Request, visit: Visit, question: Question) -> _Asked:
    filled, lists = _read(request, visit, question)
    asks = lists is not None and request.query_params  # else the page is opened, and nobody has asked yet
    return _Asked(question, filled, _answered(visit, lists, PAGE, "qs") if lists and asks else None)


def _show(request: Request, visitor: Visitor, asked: _Asked, **more: Any) -> Response:
    question, filled, found = asked
    here = _path(question)
    context: dict[str, Any] = {
        "reported": 0,
        "question": question,
        "parts": form.parts(question, filled),
        "field": form.field,
        "form": filled,
        "wrong_elsewhere": form.wrong_elsewhere(question, filled),
        "result": found,
        "own": _own(visitor),
        "purpose": PURPOSES[list_purpose(visitor, question.purpose)],
        "share": answers.share,
        "known_words": MOMENT.said,
        "columns": columns,
        "noun": lambda count: question.rows[count != 1],
        "told_apart": partial(_told_apart, question),
        "turn": lambda page: links.address(request.query_params, here, seite=str(page)),
        "to": lambda **changed: links.address(request.query_params, here, **changed),
        "file": lambda kind: links.address(request.query_params, f"{here}/liste.{kind}", seite=""),
        "at_case": _at_case(found.lists) if found else None,
        **(_words(found.lists, found, filled) if found else {}),
        **more,
    }
    return templating.page(request, "question.html", visitor, context, 422 if filled.wrong else 200)


def _words(lists: Lists, found: Result, filled: Form) -> dict[str, str]:
    """What the answer says."""
    spoken = answers.spoken(lists.shown, unit=filled.units)
    return {
        "sentence": answers.sentence(lists.shown, found.shown, unit=filled.units),
        "base": lists.question.base.format(**spoken),
        "of": lists.question.of.format(**spoken),
        "nothing": answers.nothing(lists.shown, found.shown, unit=filled.units),
    }


async def _file(request: Request, door: Door, name: str, kind: str) -> Response:
    return await scribe.answer(request, partial(_list, request, door, name, kind))


def _list(request: Request, door: Door, name: str, kind: str) -> Response | File:
    """The whole list, to be written; or the way back to a question that cannot be asked like this."""
    with door.open() as visit:
        question = _question(visit.visitor, name)
        scribe.check(kind)
        filled, lists = _read(request, visit, question)
        if lists is None:
            return templating.go(links.address(request.query_params, _path(question)))
        found = _answered(visit, lists._replace(page=0), None, "qs-file")
    return scribe.file(_sheet(found, filled), kind, f"{_name(lists)}{_suffix(lists)}")


def _own(visitor: Visitor) -> bool:
    """Whether the visitor asks about the cases of led units only."""
    return not visitor.roles & QS


def _whose(visitor: Visitor) -> str:
    return f"nur Fälle, die am {dates.plain(visitor.today)} zur geleiteten Einheit gehörten" if _own(visitor) else ""


def _answered(visit: Visit, lists: Lists, size: int | None, name: str) -> Result:
    """The answer, logged before it leaves: the list, and whose entries it shows, those behind a difference."""
    tx, visitor, question = visit.tx, visit.visitor, lists.question
    found = answer.answer(tx, visitor.organisation, lists, size, _whose(visitor))
    told = found.recipe
    if any(one.kind is CASE for one in question.blanks):
        told = recipe.line(tx, [answers.without_cases(lists.shown)], arrivals.arrived(tx.conn))
    visit.saw_list(name, len(found.rows) + len(found.turned), told, question.purpose)
    visit.saw_behind([one.key for one in found.turned], question.purpose)
    if (STAFF_IN_FILES if size is None else STAFF_IN_LISTS) in grounds.agreed(tx.conn, visitor.today):
        return found._replace(people=directory.labels(tx, {one.worker for one in found.rows if one.worker}))
    return found


def _read(request: Request, visit: Visit, question: Question) -> tuple[Form, Lists | None]:
    """The form and the question; asked about one case, QS and leads have named their purpose as for its page."""
    tx, visitor = visit.tx, visit.visitor
    filled, lists = form.read(tx, question, request.query_params, visitor.organisation)
    if lists is None:
        return filled, None
    for blank in question.blanks:
        if blank.kind is CASE and lists.then.values[blank.name]:
            visit.case(lists.then.values[blank.name], Action.SEE_CASE)
    if not _own(visitor):
        return filled, lists
    own = cases.of_leads(tx.conn, visitor.organisation, visitor.person, visitor.today)
    then, now = (one._replace(cases=own) for one in (lists.then, lists.now))
    return filled, lists._replace(then=then, now=now)


def _name(lists: Lists) -> str:
    """The name of a file, with days and codes as addresses have them."""
    asked = lists.then
    return asked.question.file.format(
        **{one.name: one.kind.in_json(asked.values[one.name]) for one in asked.question.blanks}
    )


def _suffix(lists: Lists) -> str:
    read = "_wirksamkeitstag" if lists.shown.reading is Reading.EFFECTIVE_DAY else ""
    return {"then": "", "now": "_heute", "difference": "_unterschied"}[lists.view] + read


def _at_case(lists: Lists) -> Callable[..., str]:
    """The address of a case at the Stichtag, with the knowledge of the list it is on."""

    def path(number: str, then: bool = lists.view != "now") -> str:
        known_at = lists.then.known_at if then else None
        known = f"&datenstand={local_day(known_at).isoformat()}" if known_at else ""
        return f"{templating.case_path(number)}?stichtag={lists.then.as_of.isoformat()}{known}"

    return path


def _sheet(found: Result, filled: Form) -> Sheet:
    question = found.lists.question
    by_day = found.lists.shown.reading is Reading.EFFECTIVE_DAY
    named = (
        ("case", "Fall"),
        ("unit", "Einheit"),
        ("area", "Bereich"),
        *((("worker", "Fachkraft"),) if found.people is not None else ()),
        *((one.name, one.head) for one in question.shown),
    )
    origin = [
        ("Frage", answers.question_asked(found.lists.shown, unit=filled.units)),
        *_results(found, filled),
        *((("Lesart", f"Einträge ohne Erfassungszeitpunkt {answer.BY_DAY}"),) * by_day),
        *(("Hinweis", note) for note in found.notes),
        ("Felder", "; ".join(f"{head} = {name}" for name, head in named)),
        ("Rezept", found.recipe),
    ]
    if found.lists.view == "difference":
        return _difference_sheet(found, origin)
    whose = ("Fachkraft",) if found.people is not None else ()
    head = ("Fall", "Einheit", "Bereich", *whose, *map(columns.head, question.shown))
    return Sheet("Liste", head, [_cells(one, question, found.people) for one in found.rows], origin)


def _cells(line: Line, question: Question, people: Mapping[str, str] | None) -> list[Cell]:
    values = zip(question.shown, line.values, strict=True)
    area = labels.code(line.area) if line.area else None
    whose = [] if people is None else [people.get(line.worker or "")]
    return [line.number, line.unit, area, *whose, *(columns.in_file(one, value) for one, value in values)]


def _told_apart(question: Question, line: Line) -> list[tuple[Column, Any]]:
    """What tells the rows of one case apart, where they stand beside those of another list."""
    values = zip(question.shown, line.values, strict=True)
    return [(column, value) for column, value in values if column in question.told_apart]


def _results(found: Result, filled: Form) -> list[tuple[str, str]]:
    lists = [(found.lists.then, found.then), (found.lists.now, found.now)]
    if found.lists.view != "difference":
        lists = [(found.lists.shown, found.shown)]
    return [
        (f"Datenstand {MOMENT.said(asked.known_at)}", _result(asked, one, unit=filled.units)) for asked, one in lists
    ]


def _result(asked: Asked, count: Counted, **words: str) -> str:
    if not count.base:
        return answers.nothing(asked, count, **words)
    return f"{answers.share(count.found, count.base)} der {asked.question.of.format(**answers.spoken(asked, **words))}"


def _difference_sheet(found: Result, origin: list[tuple[str, str]]) -> Sheet:
    question = found.lists.question
    head = (
        "Fall",
        *map(columns.head, question.told_apart),
        "Nur in der Liste von",
        "Ursache",
        "Eintrag",
        "gültig am",
        "erfasst am",
    )
    then = MOMENT.said(found.lists.then.known_at)
    rows = [
        (
            *(one.line.number, *(columns.in_file(*part) for part in _told_apart(question, one.line))),
            *(then if one.then else "heute", fact.why, fact.text, fact.on, local_day(fact.recorded_at)),
        )
        for one in found.turned
        for fact in one.behind
    ]
    return Sheet("Unterschied", head, rows, origin)
