"""Dialogues step by step, wherever they were opened: in a message, in a case, at a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData, QueryParams
from starlette.responses import HTMLResponse, Response

from domain.decisions.refusal import Refused
from domain.dialogues import Answer
from domain.permissions import Action
from domain.purposes import DECISION, SUPERVISION
from services.casework.desk import Done, Stale
from services.dialogues import conversation
from services.dialogues.conversation import Conversation, Moved
from services.office.office import Office
from services.people import directory
from services.web.appointments import letter
from services.web.case import talk
from services.web.http import kept, templating
from services.web.http.door import Needs, Posted, TheOffice, further
from services.web.http.seen import log_view
from services.web.http.visitor import AtCase, NeedsPurpose, NotThere, Visitor, at_case
from services.web.today import core, view
from services.web.today.view import Asked
from services.web.words import links
from services.web.words.forms import WHOLE, text_in, version_in

router = APIRouter(include_in_schema=False)

Answers = Annotated[Visitor, Depends(Needs(Action.ANSWER))]
PLACES = ("heute", "fall", "team", "termine")
PREFILLED = ("until", "instruct", "rules", "status")  # steps that a button may answer with the opening


@router.post("/dialog")
def start(request: Request, office: TheOffice, visitor: Answers, form: Posted) -> Response:
    """Opens a dialogue of a case, or goes on with the open one."""
    with office.read() as tx:
        key = at_case(tx, visitor, text_in(form, "fall")).key
    prefill: dict[str, Answer] = {step: said for step in PREFILLED if (said := text_in(form, step))}
    try:
        opened = conversation.start(
            office, key, text_in(form, "dialog"), visitor.person, subject=text_in(form, "subject"), prefill=prefill
        )
    except LookupError:
        raise NotThere("Das gibt es hier nicht (mehr).") from None
    _watched(office, visitor, opened)
    if opened.dialogue.direct and not opened.steps:  # one tap says it all
        done = conversation.finish(office, opened.draft, opened.version, visitor.person)
        return _finished(request, office, visitor, opened, done, form)
    return show_started(request, office, visitor, opened, form)


@router.get("/dialog/{draft}")
def show(request: Request, office: TheOffice, visitor: Answers, draft: UUID, woher: str = "") -> Response:
    """One dialogue on a page of its own, with what was typed and not taken; `woher`: the page it leads back to."""
    current, form = _load(office, visitor, draft), kept.given(request, office, visitor)
    if form is None:
        return _page(request, office, visitor, current, {}, FormData({"woher": woher}))
    return _page(request, office, visitor, current, {"typed": _values(current, form)}, form)


@router.post("/dialog/{draft}")
def go_on(request: Request, office: TheOffice, visitor: Answers, form: Posted, draft: UUID) -> Response:
    """Takes an answer, goes a step back, ends the dialogue without or with a decision."""
    current = _load(office, visitor, draft)
    try:
        match text_in(form, "tun"):
            case "finish":
                done = conversation.finish(office, draft, version_in(form), visitor.person)
                return _finished(request, office, visitor, current, done, form)
            case "cancel":
                conversation.cancel(office, draft, visitor.person)
                return _cancelled(request, current, form)
            case "back":
                current = conversation.back(office, draft, version_in(form), visitor.person)
            case _:
                current = _answered(office, visitor, current, form)
                if current.dialogue.direct and not current.steps:
                    done = conversation.finish(office, draft, current.version, visitor.person)
                    return _finished(request, office, visitor, current, done, form)
    except Refused as error:
        return _wrong(request, office, visitor, current, dict(error.reasons), form, 422)
    except Moved as error:
        return _wrong(request, office, visitor, error.current, {"": error.sentence}, form, 409)
    except Stale as error:
        return _wrong(request, office, visitor, current, {"": error.sentence}, form, 409)
    return show_started(request, office, visitor, current, form)


def _load(office: Office, visitor: Visitor, draft: UUID) -> Conversation:
    try:
        found = conversation.load(office, draft, visitor.person)
    except LookupError:
        raise NotThere("Dieser Dialog ist schon beendet.") from None
    _watched(office, visitor, found)
    return found


def _watched(office: Office, visitor: Visitor, current: Conversation) -> None:
    with office.read() as tx:
        standing = directory.relations_to(tx, visitor.person, current.case_key, visitor.today)
    at = AtCase(visitor, current.case_key, current.case, standing)
    watched(office, at, DECISION if current.dialogue.action is Action.DECIDE else None)


def watched(office: Office, at: AtCase, purpose: str | None = None) -> None:
    """A lead who answers here says by the answer what for, where nothing was said before."""
    try:
        log_view(office, at, purpose)
    except NeedsPurpose:
        log_view(office, at, SUPERVISION)


def show_started(request: Request, office: Office, visitor: Visitor, current: Conversation, form: FormData) -> Response:
    """A dialogue that goes on: for htmx in its place, else on the page it was opened on."""
    if place_of(form) == "termine":  # a list, in which no dialogue stands
        return templating.go(f"/dialog/{current.draft}?woher=termine")
    if not templating.is_htmx(request):
        return templating.go(_back(request, current, form))
    if place_of(form) != "heute":
        return _part(request, office, visitor, current, {}, form)
    with further(request, office, visitor) as visit:
        beside = core.shown(visit, current.case)
    context = _context(office, visitor, current, {}, form) | beside
    return templating.page(request, "conversation_and_focus.html", visitor, context)


def _wrong(
    request: Request,
    office: Office,
    visitor: Visitor,
    current: Conversation,
    sentences: Mapping[str, str],
    form: FormData,
    status: int,
) -> Response:
    asked = {step.key for step in current.steps}
    said = {key if key in asked else "": sentence for key, sentence in sentences.items()}
    wrong = {"wrong": said, "typed": _values(current, form)}
    if templating.is_htmx(request):
        return _part(request, office, visitor, current, wrong, form, status)
    kept.refused(request, office, visitor, form)
    return _page(request, office, visitor, current, wrong, form, status)


def _part(
    request: Request,
    office: Office,
    visitor: Visitor,
    current: Conversation,
    wrong: Mapping[str, Any],
    form: FormData,
    status: int = 200,
) -> Response:
    return templating.page(
        request, "conversation.html", visitor, _context(office, visitor, current, wrong, form), status
    )


def _page(
    request: Request,
    office: Office,
    visitor: Visitor,
    current: Conversation,
    wrong: Mapping[str, Any],
    form: FormData,
    status: int = 200,
) -> Response:
    return templating.page(request, "dialogue.html", visitor, _context(office, visitor, current, wrong, form), status)


def _context(
    office: Office, visitor: Visitor, current: Conversation, wrong: Mapping[str, Any], form: FormData
) -> dict[str, Any]:
    return {
        "talk": talk.block(office, visitor, current),
        "place": place_of(form),
        "anchor": text_in(form, "anker"),
        "after": text_in(form, "danach"),
        "wrong": {},
        "typed": {},
        "focus": True,
        **wrong,
    }


def _finished(
    request: Request, office: Office, visitor: Visitor, current: Conversation, done: Done, form: FormData
) -> Response:
    to_letter = letter.after(office, current, done)
    if to_letter or place_of(form) != "heute" or not text_in(form, "anker"):
        back = to_letter or _back(request, current, form, done.correlation_id)
        return Response(headers={"HX-Redirect": back}) if templating.is_htmx(request) else templating.go(back)
    following = text_in(form, "danach" if current.dialogue.answers else "anker")  # else the message stays where it is
    return listed(request, office, visitor, Asked(done.correlation_id, following))


def listed(request: Request, office: Office, visitor: Visitor, asked: Asked) -> Response:
    """Heute after a decision, the next line in hand: for htmx in the place of the list, else the page."""
    address = view.address(asked)
    if not templating.is_htmx(request):
        return templating.go(address)
    with further(request, office, visitor) as visit:
        shown = view.read(visit, asked)
    context = view.talks(office, visitor, shown) | {"focus": True}
    answer = templating.page(request, "inbox.html", visitor, context)
    answer.headers.update({"HX-Retarget": "#aufgaben", "HX-Reswap": "outerHTML", "HX-Replace-Url": address})
    return answer


def _cancelled(request: Request, current: Conversation, form: FormData) -> Response:
    if templating.is_htmx(request):
        was_open = current.state == "open"  # else somebody decided meanwhile, and something may well be recorded
        said = "Abgebrochen, nichts ist eingetragen." if was_open else "Der Dialog war schon beendet."
        return HTMLResponse(f'<p class="small quiet" tabindex="-1" data-focus>{said}</p>')
    return templating.go(_back(request, current, form))


def _back(request: Request, current: Conversation, form: FormData, done: str = "") -> str:
    """The page the dialogue was opened on; Team and Termine stay narrowed as they were (without htmx that is lost)."""
    if place_of(form) == "heute":
        return view.address(Asked(done, text_in(form, "anker")))
    if place_of(form) in ("team", "termine"):
        path = f"/{place_of(form)}"
        return links.address(links.query(request.headers.get("HX-Current-URL", ""), path), path, getan=done)
    return links.address(QueryParams(), templating.case_path(current.case), getan=done)


def place_of(form: FormData) -> str:
    """Where the dialogue was opened: heute, fall, team or termine."""
    given = text_in(form, "woher")
    return given if given in PLACES else "heute"


def _answered(office: Office, visitor: Visitor, current: Conversation, form: FormData) -> Conversation:
    """Takes the answers to all questions of the screen; `step` is its first."""
    given = _values(current, form)
    step = text_in(form, "step")
    value = given.pop(step, "")
    return conversation.answer(office, current.draft, step, value, version_in(form), visitor.person, also=given)


def _values(current: Conversation, form: FormData) -> dict[str, Answer]:
    """What the fields of the screen hold, by step; a question without a field in the form is left out."""
    first = text_in(form, "step")
    kinds = {step.key: step.kind for step in current.dialogue.steps}
    keys = {field.partition(".")[2] for field in form if "." in field} | {first}
    return {key: _value(form, key, kinds[key], plain=key == first) for key in keys if key in kinds}


def _value(form: FormData, key: str, kind: str, *, plain: bool) -> Answer:
    """`wert.KEY`, before it `schnell.KEY` of a quick button; for the first question of a screen also without KEY."""
    names = [f"schnell.{key}", f"wert.{key}", *(("schnell", "wert") if plain else ())]
    if kind == "multiple":
        return [value for name in names for value in form.getlist(name) if isinstance(value, str)]
    return next((found for name in names if (found := text_in(form, name, WHOLE))), "")
