"""The cases behind a bar of the distribution on the page of the team."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from domain.facts.case import Area, Strategy
from domain.permissions import Action
from services.office.office import Transaction
from services.people import directory
from services.questions import answers, cases, stays
from services.questions.cases import CaseRow
from services.questions.over import Over
from services.questions.stays import Wanted
from services.web.http import templating
from services.web.http.door import Needs, TheOffice
from services.web.http.seen import log_list
from services.web.http.visitor import Visitor
from services.web.team import histogram
from services.web.words import labels, links

router = APIRouter(include_in_schema=False)

PAGE = 100


class Asked(BaseModel):
    """Which bar: full months of stay from `ab` to less than `unter`."""

    strategie: Strategy = "integration"
    bereich: Area | Literal[""] = ""
    ab: int = Field(0, ge=0, le=1_200)
    unter: Annotated[str, Field(pattern="^[0-9]{0,4}$")] = ""
    seite: int = Field(1, ge=1, le=10_000)


@router.get("/team/verweildauer")
def show(
    request: Request,
    office: TheOffice,
    visitor: Annotated[Visitor, Depends(Needs(Action.SEE_TEAM))],
    asked: Annotated[Asked, Query()],
) -> Response:
    """The cases of the led units that are in a strategy for so long; a list of cases, never figures about people."""
    below = int(asked.unter) if asked.unter else None
    with office.read() as tx:
        count, rows = _found(tx, visitor, asked, below)
        people = directory.labels(tx, visitor.nameable(rows))
    where = f" · {labels.code(asked.bereich)}" if asked.bereich else ""
    title = f"{labels.code(asked.strategie)}{where}: {histogram.between(asked.ab, below)}"
    log_list(office, visitor, "stays", len(rows), f"{title}, Seite {asked.seite}")
    context = {
        "title": title,
        "count": count,
        "rows": rows,
        "people": people,
        "page": asked.seite - 1,
        "pages": -(-count // PAGE),
        "to": lambda page: links.address(request.query_params, "/team/verweildauer", seite=str(page)),
    }
    return templating.page(request, "stays.html", visitor, context)


def _found(tx: Transaction, visitor: Visitor, asked: Asked, below: int | None) -> tuple[int, list[CaseRow]]:
    today = visitor.today
    led = cases.led_by(tx.conn, visitor.organisation, visitor.person, today)
    areas = (asked.bereich,) if asked.bereich else ()
    wanted = Wanted(asked.strategie, Over(asked.ab, "m"), areas=areas, as_of=today, places=led, under=below)
    bar = stays.question(tx, wanted)
    found = answers.page(tx, bar, limit=PAGE, offset=(asked.seite - 1) * PAGE)
    return answers.counted(tx, bar).found, cases.of_keys(tx, [row.case_key for row in found.rows], today)
