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

    @property
    def below(self) -> int | None:
        """The months below which it ends, None: open."""
        return int(self.unter) if self.unter else None


@router.get("/team/verweildauer")
def show(
    request: Request,
    office: TheOffice,
    visitor: Annotated[Visitor, Depends(Needs(Action.SEE_TEAM))],
    asked: Annotated[Asked, Query()],
) -> Response:
    """The cases of the led units that are in a strategy for so long; a list of cases, never figures about people."""
    with office.read() as tx:
        count, rows = found(tx, visitor, asked)
        people = directory.labels(tx, visitor.nameable(rows))
    log_list(office, visitor, "stays", len(rows), f"{title(asked)}, Seite {asked.seite}")
    context = {
        "title": title(asked),
        "count": count,
        "rows": rows,
        "people": people,
        "page": asked.seite - 1,
        "pages": -(-count // PAGE),
        "file": links.address(request.query_params, "/team/verweildauer/liste.xlsx", seite=""),
        "to": lambda page: links.address(request.query_params, "/team/verweildauer", seite=str(page)),
    }
    return templating.page(request, "stays.html", visitor, context)


def title(asked: Asked) -> str:
    """What the list is called."""
    where = f" · {labels.code(asked.bereich)}" if asked.bereich else ""
    return f"{labels.code(asked.strategie)}{where}: {histogram.between(asked.ab, asked.below)}"


def found(tx: Transaction, visitor: Visitor, asked: Asked, size: int = PAGE) -> tuple[int, list[CaseRow]]:
    """How many cases there are, and those of the page, of `size` cases."""
    today = visitor.today
    led = cases.led_by(tx.conn, visitor.organisation, visitor.person, today)
    areas = (asked.bereich,) if asked.bereich else ()
    wanted = Wanted(asked.strategie, Over(asked.ab, "m"), areas=areas, as_of=today, places=led, under=asked.below)
    bar = stays.question(tx, wanted)
    page = answers.page(tx, bar, limit=size, offset=(asked.seite - 1) * size)
    return answers.counted(tx, bar).found, cases.of_keys(tx, [row.case_key for row in page.rows], today)
