"""Cases that seem to be about one person: asked about before a new one is opened, and as a list to look through."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from msgspec import structs
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.decisions.wishes import NoteOtherPerson, NoteSamePerson, OpenCase
from domain.permissions import Action, relations
from services.casework import desk, intake
from services.casework.intake import Opened
from services.office.office import Office, Transaction
from services.people import directory
from services.questions import alike, cases
from services.web.case import undo
from services.web.http import templating
from services.web.http.door import Door, Needs, Opens, Posted, TheOffice, Visit
from services.web.http.seen import log_list
from services.web.http.visitor import Visitor, seen_case
from services.web.intake.forms import NOBODY_ELSE, Asked
from services.web.words.forms import text_in

MOST = 100  # groups on a page
router = APIRouter(include_in_schema=False)

Reads = Annotated[Door, Depends(Opens(Action.SEE_INTAKE))]
Records = Annotated[Visitor, Depends(Needs(Action.SEE_INTAKE))]


class Row(NamedTuple):
    """A case that seems to be about somebody who has another: number, name, and where it is."""

    number: str
    name: str
    unit: str
    area: str


class Unanswered(Exception):
    """There is a case of this person, and nobody has said whether it is the same one."""


class Ask(NamedTuple):
    """A case about to be opened: by whom, with which wish, what was said of the cases there, whether to save it."""

    visitor: Visitor
    wish: OpenCase
    said: str
    saves: bool


def open_case(office: Office, asked: Asked, word: str, ask: Ask) -> Opened:
    """Opens the case; whether there is one of this person is looked for in the same transaction. Raises `Unanswered`.

    Of the cases that were shown and are somebody else's this is noted with it, so that nobody is asked again.
    """
    person = ask.visitor.person

    def look(tx: Transaction) -> OpenCase:
        rows = found(tx, ask.visitor, ask.wish) if ask.saves else []
        if not is_answered(rows, ask.said):
            raise Unanswered
        others = tuple(row.number for row in rows) if ask.said == NOBODY_ELSE else ()
        return structs.replace(ask.wish, other_persons=others)

    return intake.open_case(office, asked.number, look, person, preview=not ask.saves, word=word)


def found(tx: Transaction, visitor: Visitor, wish: OpenCase) -> list[Row]:
    """The cases of this name and birth date whose names the visitor may see."""
    return _rows(tx, visitor, alike.cases_of(tx, _named(wish)))


def near(tx: Transaction, visitor: Visitor, wish: OpenCase) -> list[Row]:
    """Those of this name whose birth date may be the same with a slip of the fingers."""
    return _rows(tx, visitor, alike.nearly(tx, _named(wish)))


def _named(wish: OpenCase) -> dict[str, str]:
    return {"last_name": wish.last_name, "first_name": wish.first_name, "birth_date": wish.birth_date}


def is_answered(found: Sequence[Row], said: str) -> bool:
    """Whether it was said which of these cases is about the same person, or that none is."""
    return not found or said in {NOBODY_ELSE, *(row.number for row in found)}


def log(office: Office, visitor: Visitor, found: Sequence[Row]) -> None:
    """Notes that cases were shown by the name of their client."""
    if found:
        log_list(office, visitor, "same-person", len(found))


@router.get("/eingang/doppelte")
def show(request: Request, door: Reads, getan: str = "") -> Response:
    """Of the cases of one's units those that seem to be about one person and are not answered yet."""
    with door.open() as visit:
        deed = undo.one(visit.tx, visit.visitor.person, getan) if getan else None
        groups, more = _groups(visit)
        visit.saw_list("same-person", sum(map(len, groups)))
    return templating.page(
        request,
        "alike.html",
        visit.visitor,
        {"groups": groups, "more": more, "nobody": NOBODY_ELSE} | undo.line(deed, "doppelte"),
    )


@router.post("/eingang/doppelte")
def note(office: TheOffice, visitor: Records, form: Posted) -> Response:
    """Notes in the first of two cases that the other is about the same person, or about somebody else."""
    one, other, answer = (text_in(form, field) for field in ("fall", "anderer", "antwort"))
    with office.write() as tx:
        at = seen_case(tx, visitor, one)
        if at is None or not at.may(Action.RECORD_INTAKE):
            raise Refused([("fall", "Unter dieser Nummer gibt es keinen Fall, den Sie sehen dürfen.")])
        wish = (NoteOtherPerson if answer == NOBODY_ELSE else NoteSamePerson)(other_case=other)
        done = desk.handle_in(tx, at.key, wish, visitor.person)
    return templating.go(f"/eingang/doppelte?getan={done.correlation_id}")


def _groups(visit: Visit) -> tuple[list[list[Row]], int]:
    """At most so many groups as one page holds, and how many there are further; what is answered is not among them."""
    tx, visitor = visit.tx, visit.visitor
    places = cases.worked_in(tx.conn, visitor.organisation, visitor.person, visitor.today)
    every = alike.among(tx, cases.held_in(places, visitor.today))
    together, more = every[:MOST], len(every[MOST:])
    rows = {row.number: row for row in _rows(tx, visitor, [key for some in together for key in some])}
    numbers = tx.store.numbers(tx.conn, [key for some in together for key in some])
    groups = (sorted(row for key in some if (row := rows.get(numbers[key]))) for some in together)
    return sorted((some for some in groups if len(some) > 1), key=lambda some: some[0].number), more


def _rows(tx: Transaction, visitor: Visitor, keys: Collection[UUID]) -> list[Row]:
    """Those of these cases whose names the visitor may see, by number."""
    abouts = directory.abouts(tx.conn, keys, visitor.today)
    seen = [
        key
        for key, about in abouts.items()
        if visitor.may(Action.SEE_NAMES, relations(visitor.organisation, visitor.person, visitor.today, about))
    ]
    numbers, names = tx.store.numbers(tx.conn, seen), cases.client_names(tx, seen)
    return sorted(_row(numbers[key], names.get(key, ""), (abouts[key].unit, abouts[key].area)) for key in seen)


def _row(number: str, name: str, place: Iterable[str | None]) -> Row:
    return Row(number, name, *(part or "" for part in place))
