"""The typed line of Heute: what was understood is said with its case, and where it is clear the dialogue opens."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain.permissions import Action
from services.dialogues.grammar import LONGEST
from services.web.case import talk
from services.web.http import templating
from services.web.http.door import Needs, Posted, TheOffice, further
from services.web.http.visitor import Visitor
from services.web.today import chat, view
from services.web.today.answers import KEPT, answers
from services.web.words.forms import text_in

router = APIRouter(include_in_schema=False)

SeesToday = Annotated[Visitor, Depends(Needs(Action.SEE_TODAY))]


@router.post("/befehl")
def command(request: Request, office: TheOffice, visitor: SeesToday, form: Posted) -> Response:
    """A typed line, or a button under an answer (`wahl`): said with its case; where it is clear the dialogue opens."""
    text = text_in(form, "wahl", LONGEST + 1) or text_in(form, "text", LONGEST + 1)
    heard = chat.reply(office, visitor, text, text_in(form, "fall"))
    if heard.go:
        return Response(headers={"HX-Redirect": heard.go}) if templating.is_htmx(request) else templating.go(heard.go)
    before = answers(office).of(visitor.session)
    answers(office).keep(visitor.session, " ".join(filter(None, (heard.said, heard.wrong))))
    if heard.opened and not templating.is_htmx(request) and not heard.wrong:
        return templating.go(f"/dialog/{heard.opened.draft}")
    shown: dict[str, Any] = {
        "heard": heard,
        "talk": talk.block(office, visitor, heard.opened) if heard.opened else None,
    }
    shown |= {"place": "heute", "anchor": "", "wrong": {}, "typed": {}, "focus": bool(heard.opened)}
    shown["line"] = text if (taken_not := heard.unclear or (heard.wrong and not heard.opened)) else ""
    status = 422 if taken_not else 200
    if templating.is_htmx(request):
        return templating.page(request, "heard.html", visitor, shown, status)
    with further(request, office, visitor) as visit:
        page = view.read(visit)
    return templating.page(
        request,
        "today.html",
        visitor,
        {**view.talks(office, visitor, page), **shown, "said": before[: KEPT - 1]},
        status,
    )
