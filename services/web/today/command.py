"""The typed line of Heute: what was understood is echoed, and where it is clear the dialogue opens."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.dialogues import DIALOGUES, Subject
from domain.permissions import Action
from services.dialogues import conversation
from services.dialogues.commands import Understood, understand
from services.office.office import Office
from services.questions import today as waiting
from services.web.case import talk
from services.web.http import templating
from services.web.http.door import Needs, Posted, TheOffice, further
from services.web.http.visitor import NO_CASE, Visitor, seen_case
from services.web.today import view
from services.web.words.forms import text_in

router = APIRouter(include_in_schema=False)

SeesToday = Annotated[Visitor, Depends(Needs(Action.SEE_TODAY))]


@router.post("/befehl")
def command(request: Request, office: TheOffice, visitor: SeesToday, form: Posted) -> Response:
    """A typed line: understood, echoed, and where it is clear the dialogue opens."""
    heard = understand(text_in(form, "text"), visitor.today)
    if heard.kind == "case":
        return _to_case(request, heard)
    shown: dict[str, Any] = {"heard": heard, "talk": None}
    if heard.kind == "dialogue":
        shown |= _open(office, visitor, heard, text_in(form, "fall"))
    shown |= {"place": "heute", "anchor": "", "wrong": {}, "typed": {}, "focus": bool(shown["talk"])}
    if templating.is_htmx(request):
        return templating.page(request, "heard.html", visitor, shown)
    with further(request, office, visitor) as visit:
        page = view.read(visit)
    return templating.page(request, "today.html", visitor, {**view.talks(office, visitor, page), **shown})


def _open(office: Office, visitor: Visitor, heard: Understood, in_focus: str) -> dict[str, Any]:
    number = heard.case or in_focus
    if not number:
        return {"refused": "Für welchen Fall? Bitte die Fallnummer dazuschreiben, z. B. „verlängern C-2001“."}
    with office.read() as tx:
        at = seen_case(tx, visitor, number)
        found = waiting.tasks(tx, visitor.workers, visitor.today)
    if at is None:
        return {"refused": NO_CASE}
    subject = ""
    if DIALOGUES[heard.dialogue].subject is Subject.FOLLOW_UPS:
        subject = ",".join(stage.id.hex for one in found if one.case_key == at.key for stage in one.stages)
    try:
        opened = conversation.start(
            office, at.key, heard.dialogue, visitor.person, subject=subject, prefill=heard.prefill
        )
    except Refused as error:
        return {"refused": " ".join(sentence for _, sentence in error.reasons)}
    except LookupError:
        return {"refused": "In diesem Fall ist dazu nichts offen."}
    return {"talk": talk.block(office, visitor, opened)}


def _to_case(request: Request, heard: Understood) -> Response:
    target = templating.case_path(heard.case)
    return Response(headers={"HX-Redirect": target}) if templating.is_htmx(request) else templating.go(target)
