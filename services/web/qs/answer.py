"""What an answer to a question shows: its figures, one page of rows, differences with their facts, recipe. No names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Row

from domain.knowledge import Reading
from domain.organisation import Organisation
from domain.periods import local_day
from notifications import render
from services.office.office import Transaction
from services.questions import answers, difference, grounds, recipe
from services.questions.answers import Counted, UnitCount
from services.questions.difference import Difference
from services.questions.parameters import MOMENT
from services.questions.question import Asked, Question
from services.records import arrivals
from services.records import undated as undated_facts
from services.records.tables import streams, undated
from services.web.qs.causes import Behind, behind
from services.web.words import dates

BY_DAY = "„als am Wirksamkeitstag erfasst“"


class Lists(NamedTuple):
    """A question asked twice: `then` as known at the chosen moment, `now` as known now; `page` counts from 0."""

    then: Asked
    now: Asked
    view: str  # then, now, difference
    page: int

    @property
    def shown(self) -> Asked:
        """The list that is looked at."""
        return self.now if self.view == "now" else self.then

    @property
    def question(self) -> Question:
        """What is asked."""
        return self.then.question


class Line(NamedTuple):
    """A row: its case, the unit as it is called at the Stichtag, the area, and the values of the question's columns;
    `worker` (a directory key) is who is responsible, of whom a page or file says nothing unless it is agreed.
    """

    number: str
    unit: str | None
    area: str | None
    values: Sequence[Any]
    worker: str | None = None


class Turned(NamedTuple):
    """A row that is in one list only, with the facts behind it."""

    key: UUID
    line: Line
    then: bool
    behind: list[Behind]


class Result(NamedTuple):
    """The answer; `then` and `now` are the same where one list alone is shown, `units` as they are called at the
    Stichtag, `pages` how many pages there are. `people`: who is responsible, by name, where that is agreed; else none.
    """

    lists: Lists
    then: Counted
    now: Counted
    units: list[UnitCount]
    difference: Difference | None
    rows: list[Line]
    turned: list[Turned]
    notes: list[str]
    recipe: str
    pages: int
    people: Mapping[str, str] | None = None

    @property
    def shown(self) -> Counted:
        """The figures of the list that is looked at."""
        return self.now if self.lists.view == "now" else self.then


def answer(tx: Transaction, organisation: Organisation, lists: Lists, size: int | None, whose: str) -> Result:
    """The answer with one page of `size` rows, None: all rows. `whose`: which cases alone are asked about, in words."""
    counted = {view: answers.counted(tx, asked) for view, asked in _needed(lists).items()}
    shown = counted["now" if lists.view == "now" else "then"]
    offset = lists.page * size if size else 0
    turns, rows, turned, total = None, [], [], shown.found
    if lists.view == "difference":
        turns = difference.difference(tx, lists.then, lists.now, limit=size, offset=offset)
        causes = difference.causes(tx, turns.rows, lists.then)
        turned = [
            Turned(
                one.key,
                _line(one.row, lists.then if one.then else lists.now, organisation),
                one.then,
                list(map(behind, some)),
            )
            for one, some in zip(turns.rows, causes, strict=True)
        ]
        total = turns.only_then + turns.only_now
    else:
        found = answers.page(tx, lists.shown, limit=size, offset=offset)
        rows = [_line(row, lists.shown, organisation) for row in found.rows]
    units = _by_unit(shown.units, organisation, lists.shown)
    asked = [lists.then, lists.now] if lists.view == "difference" else [lists.shown]
    told = recipe.line(tx, asked, arrivals.arrived(tx.conn), whose)
    then, now = counted.get("then", shown), counted.get("now", shown)
    notes = [*_unknown(tx.conn, lists.shown), *_ordered(tx, organisation, lists.shown)]
    return Result(lists, then, now, units, turns, rows, turned, notes, told, -(-total // size) if size else 1)


def _needed(lists: Lists) -> dict[str, Asked]:
    """The lists whose figures are shown."""
    both = {"then": lists.then, "now": lists.now}
    return both if lists.view == "difference" else {lists.view: lists.shown}


def _line(row: Row[Any], asked: Asked, organisation: Organisation) -> Line:
    unit = organisation.current(row.unit, asked.as_of) if row.unit else None
    return Line(row.number, unit, row.area, [one.value(row, asked) for one in asked.question.shown], row.worker)


def _by_unit(found: Sequence[UnitCount], organisation: Organisation, asked: Asked) -> list[UnitCount]:
    """The same under the names of the Stichtag: what 50.5 counted, 52.1 carries on."""
    sums: dict[str, tuple[int, int]] = {}
    for one in found:
        code = organisation.current(one.unit, asked.as_of) if one.unit else ""
        before = sums.get(code, (0, 0))
        sums[code] = (before[0] + one.found, before[1] + one.base)
    return [UnitCount(code or None, *sums[code]) for code in sorted(sums)]


def _ordered(tx: Transaction, organisation: Organisation, shown: Asked) -> list[str]:
    """What the house has ordered otherwise than the concept, and how many cases of the list that is about."""
    said = []
    for one in grounds.covering(tx, organisation, shown):
        rule, where = render.rule_name(one.fact.rule), one.fact.unit or "alle Einheiten"
        count = "einen Fall" if one.cases == 1 else f"{dates.number(one.cases or 0)} Fälle"
        told = f"Örtliche Verfügung zu „{rule}“ ({where}): {one.fact.order.rstrip('.')}."
        said.append(f"{told} Sie betrifft {count} dieser Liste. Quelle: {one.fact.source}")
    return said


def _unknown(conn: Connection, shown: Asked) -> Sequence[str]:
    """The line about entries of which nobody knows when they were recorded, and how they are read (Fachkonzept 2.0)."""
    if shown.known_at is None:
        return ()
    by_day = shown.reading is Reading.EFFECTIVE_DAY
    found = undated_facts.imports(conn, shown.known_at, answers.scope(shown, undated.c.case_key))
    if not found:
        return (f"Alle Einträge zu dieser Frage haben einen Erfassungszeitpunkt; {BY_DAY} ändert nichts.",) * by_day
    days = list(dict.fromkeys(dates.plain(local_day(one)) for one in found))
    when = ", ".join(days[:3]) + (" und weitere" if len(days) > 3 else "")
    count = dates.number(sum(found.values()))
    of = dates.number(arrivals.arrived(conn, answers.scope(shown, streams.c.key)).facts)
    read = f"sind sie {BY_DAY} gelesen" if by_day else "sind sie nicht enthalten"
    return (
        f"Für {count} von {of} Einträgen ist der Erfassungszeitpunkt unbekannt (Import vom {when}); "
        f"zum Datenstand {MOMENT.said(shown.known_at)} {read}.",
    )
