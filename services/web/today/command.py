"""The typed line of Heute: what was understood is said with its case, and where it is clear the dialogue opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.responses import Response

from domain.permissions import Action
from services.dialogues.grammar import LONGEST
from services.office.office import Office
from services.web.case import talk
from services.web.http import kept, templating
from services.web.http.door import Needs, Posted, TheOffice, further
from services.web.http.seen import log_list
from services.web.http.visitor import Visitor, seen_case
from services.web.today import chat, view
from services.web.today.answers import KEPT, answers
from services.web.today.dialogue import watched
from services.web.today.replies import Reply
from services.web.words.forms import text_in

router = APIRouter(include_in_schema=False)

ANSWER = "antwort"  # the field of what is kept that holds what was said, as the page shows it
ANSWERED = "/befehl/antwort"  # nothing can be sent there, so what is kept for it was made here

SeesToday = Annotated[Visitor, Depends(Needs(Action.SEE_TODAY))]


@router.post("/befehl")
def command(request: Request, office: TheOffice, visitor: SeesToday, form: Posted) -> Response:
    """A typed line, or a button under an answer (`satz`): said with its case; where it is clear the dialogue opens."""
    text = text_in(form, "satz", LONGEST + 1) or text_in(form, "text", LONGEST + 1)
    heard = chat.reply(office, visitor, text, text_in(form, "fall"))
    if heard.go:
        _log(office, visitor, heard)
        return Response(headers={"HX-Redirect": heard.go}) if templating.is_htmx(request) else templating.go(heard.go)
    before = _before(office, visitor)
    if heard.about is not None:
        said = " ".join(filter(None, (heard.said, heard.wrong)))
        answers(office).keep(visitor.session, said, office.now(), heard.about)
    if heard.opened and not templating.is_htmx(request) and not heard.wrong:
        return templating.go(f"/dialog/{heard.opened.draft}")
    if heard.closed and not templating.is_htmx(request):  # what was said stands there among the last answers
        return templating.go("/")
    refused = bool(heard.unclear or (heard.wrong and not heard.opened))
    shown = _answer(office, visitor, heard, text if refused else "")
    if templating.is_htmx(request):
        return templating.page(request, "heard.html", visitor, shown, 422 if refused else 200)
    if refused:
        return _today(request, office, visitor, before[: KEPT - 1], shown, 422)
    answer = bytes(templating.page(request, "heard.html", visitor, shown).body).decode()
    return templating.go(
        kept.keep(request, office, visitor.person, FormData({ANSWER: answer, "fall": heard.number}), path=ANSWERED)
    )


@router.get(ANSWERED)
def answered(request: Request, office: TheOffice, visitor: SeesToday) -> Response:
    """Heute with the answer to a typed line, at an address of its own; what the line did is not done again."""
    form = kept.given(request, office, visitor)
    if form is None or not _sees(office, visitor, text_in(form, "fall")):
        return templating.go("/")
    shown = {"heard": None, "line": "", "answer": Markup(form.get(ANSWER, ""))}
    return _today(request, office, visitor, _before(office, visitor)[1:], shown, 200)


def _before(office: Office, visitor: Visitor) -> list[str]:
    with office.read() as tx:
        return answers(office).of(tx, visitor.session, office.now())


def _sees(office: Office, visitor: Visitor, number: str) -> bool:
    """Whether what was answered may still be shown: it names no case, or one that the person sees."""
    with office.read() as tx:
        return not number or seen_case(tx, visitor, number) is not None


def _log(office: Office, visitor: Visitor, heard: Reply) -> None:
    """What is told of cases is seen like any page of them."""
    if heard.searched is not None:
        log_list(office, visitor, "search", heard.searched)
    if heard.seen is not None:
        watched(office, heard.seen)


def _answer(office: Office, visitor: Visitor, heard: Reply, line: str) -> dict[str, Any]:
    """What is shown of an answer; `line`: what was written and not understood, and stands in the line still."""
    _log(office, visitor, heard)
    opened = talk.block(office, visitor, heard.opened) if heard.opened else None
    shown = {"heard": heard, "talk": opened, "focus": bool(heard.opened), "line": line, "answer": ""}
    return shown | {"place": "heute", "anchor": "", "wrong": {}, "typed": {}}


def _today(
    request: Request,
    office: Office,
    visitor: Visitor,
    before: Sequence[str],
    shown: Mapping[str, Any],
    status: int,
) -> Response:
    with further(request, office, visitor) as visit:
        page = view.read(visit)
    context = {**view.talks(office, visitor, page), **shown, "said": before}
    return templating.page(request, "today.html", visitor, context, status)
