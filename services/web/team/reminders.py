"""Erinnern from the rows of what is overdue, one or several at once: each of its own, with its own undoing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.decisions.wishes import Remind
from domain.permissions import Action
from services.casework import desk
from services.casework.desk import Forbidden
from services.office.office import Office
from services.questions import cases, team
from services.questions.cases import client_names
from services.web.http import templating
from services.web.http.door import Needs, Posted, TheOffice, further
from services.web.http.visitor import Visitor
from services.web.team import overdue, page
from services.web.team.page import AskedFor
from services.web.words import links
from services.web.words.forms import text_in

router = APIRouter(include_in_schema=False)

NONE = "Bitte wählen Sie mindestens eine Zeile aus."
GONE = "Was Sie gewählt haben, ist inzwischen nicht mehr offen."


class Row(NamedTuple):
    """A row that was chosen: its case, how it is called, its follow-ups."""

    anchor: str
    case_key: UUID
    who: str
    followups: list[str]


@router.post("/team/erinnern")
def remind(
    request: Request,
    office: TheOffice,
    visitor: Annotated[Visitor, Depends(Needs(Action.SEE_TEAM))],
    form: Posted,
    asked: AskedFor,
) -> Response:
    """Reminds who is responsible of each chosen row (`wahl`), or of the one whose button was pressed (`einzeln`).

    The list stays narrowed and ordered as it was; what cannot be reminded of stays chosen, with the reason.
    """
    wanted = _wanted(form)
    rows = _rows(office, visitor, wanted) if wanted else []
    missing = len(wanted) - len(rows)
    said, done, left = [] if wanted else [NONE], [], []
    for row in rows:
        try:
            done.append(
                desk.handle(office, row.case_key, Remind(followups=row.followups), visitor.person).correlation_id
            )
        except (Refused, Forbidden) as error:
            said.append(f"{row.who}: {_why(error)}")
            left.append(row.anchor)
    said += [GONE] if missing else []
    if not said:
        return templating.go(links.address(request.query_params, "/team", getan=",".join(done)))
    again = asked.model_copy(update={"getan": ",".join(done)})
    with further(request, office, visitor) as visit:
        shown, drafts = page.read(visit, again)
    typed = {"wrong_many": said, "chosen": left}
    return page.answer(request, office, visitor, "team.html", shown | typed, drafts, 422)


def _wanted(form: FormData) -> list[str]:
    one = text_in(form, "einzeln")
    named = [one] if one else [value for value in form.getlist("wahl") if isinstance(value, str)]
    return list(dict.fromkeys(named))[: overdue.PAGE]


def _rows(office: Office, visitor: Visitor, wanted: Collection[str]) -> list[Row]:
    """Those of the anchors that are rows of what is overdue now."""
    with office.read() as tx:
        led = cases.led_by(tx.conn, visitor.organisation, visitor.person, visitor.today)
        every = team.overdue(tx, visitor.organisation, led, visitor.today)
        there = {overdue.anchor_of(one): one for one in every}
        found = {anchor: there[anchor] for anchor in wanted if anchor in there}
        names = client_names(tx, {one.case_key for one in found.values()})
    return [
        Row(
            anchor,
            one.case_key,
            " · ".join(filter(None, (names.get(one.case_key), one.number))),
            [stage.id.hex for stage in one.stages],
        )
        for anchor, one in found.items()
    ]


def _why(error: Refused | Forbidden) -> str:
    return " ".join(sentence for _, sentence in error.reasons) if isinstance(error, Refused) else str(error)
