"""Why tasks of the own units were put off, month by month: missing rooms first, apart from all else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain.knowledge import Known
from domain.office import deferrals
from domain.permissions import Action
from services.questions import cases
from services.questions.deferred import FEWEST, Row, table
from services.records import rulebook
from services.web.http import templating
from services.web.http.door import Door, Opens
from services.web.http.visitor import Visitor

router = APIRouter(include_in_schema=False)


class Group(NamedTuple):
    """The rows of missing rooms, or all others; each with its unit and its reason in words and its numbers."""

    name: str
    rows: list[tuple[str, str, list[int | None]]]


@router.get("/team/zurueckgestellt")
def show(request: Request, door: Annotated[Door, Depends(Opens(Action.SEE_TEAM))]) -> Response:
    """How often each reason was given in the led units; numbers of units, never of people."""
    with door.open() as visit:
        tx, visitor = visit.tx, visit.visitor
        led = cases.led_by(tx.conn, visitor.organisation, visitor.person, visitor.today)
        found, settings = table(tx.conn, led, visitor.today), rulebook.standing(tx.conn)
    context = {"deferred": _groups(found.rows, settings, visitor), "months": found.months, "fewest": FEWEST}
    return templating.page(request, "deferred.html", visitor, context)


def _groups(rows: Sequence[Row], settings: Sequence[Known], visitor: Visitor) -> list[Group]:
    day = visitor.today
    named, rooms = deferrals.named(settings, day), deferrals.rooms(settings, day)
    parts = {"Räume": [one for one in rows if one.reason in rooms]}
    parts["Anderes"] = [one for one in rows if one.reason not in rooms]

    def line(row: Row) -> tuple[str, str, list[int | None]]:
        unit = visitor.organisation.unit(row.unit, day)
        return unit.name if unit else row.unit, named.get(row.reason, row.reason), row.counts

    return [Group(name, [line(one) for one in some]) for name, some in parts.items() if some]
