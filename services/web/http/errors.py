"""What goes wrong, said in one German sentence with a fitting status: as a page, as part of a page, or as JSON."""

from __future__ import annotations

import logging
import math
import re
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from secrets import token_hex
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.decisions.refusal import Refused
from services import failures
from services.casework.desk import Forbidden, Stale
from services.people.refusals import Unreachable
from services.questions.casefile import UnknownCase
from services.questions.library import UnknownQuestion
from services.records.meaning import Replaced, Waiting
from services.web.http import kept, templating
from services.web.http.door import maybe_logged_in
from services.web.http.idempotency import Reused
from services.web.http.tries import TooMany
from services.web.http.visitor import PURPOSE, NeedsPurpose, NotAllowed, NotLoggedIn, NotTaken, NotThere, office_of

TITLES = {
    400: "Das ist so nicht zu lesen",
    403: "Dafür fehlt die Berechtigung",
    404: "Nicht gefunden",
    405: "So geht es nicht",
    408: "Das hat zu lange gedauert",
    409: "Jemand war schneller",
    413: "Zu groß",
    415: "So ist das nicht zu lesen",
    422: "Bitte prüfen",
    429: "Zu viele Versuche",
    500: "Da ist etwas schiefgegangen",
    503: "Im Moment geht es nicht",
}
FOR_PROGRAMS = ("/api/", "/healthz", "/metrics", "/openapi.json")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SENTENCES = {
    400: "Diese Anfrage ist so nicht zu lesen.",
    404: "Diese Seite gibt es nicht.",
    405: "Diese Adresse lässt sich so nicht aufrufen.",
    408: "Die Anfrage kam nicht vollständig an. Bitte senden Sie sie noch einmal.",
    413: "Das ist mehr, als hier angenommen wird.",
    415: "Erwartet wird application/json.",
}
SPOKEN = {"seite": "Seite", "bereich": "Bereich", "strategie": "Strategie"}  # what people meet, not programs
BUSY = "Gerade speichern andere, und Sie kamen nicht an die Reihe. Bitte versuchen Sie es in einer Minute noch einmal."
AWAY = "Die Datenbank antwortet gerade nicht. Bitte sehen Sie gleich nach, ob Ihre Eingabe gespeichert ist."
RETRY_AFTER = "60"  # seconds
Reasons = Sequence[tuple[str, str]]
_CHOICE = re.compile("'([^']*)'")

log = logging.getLogger(failures.LOGGER)


def answer(request: Request, status: int, sentences: Reasons, **more: object) -> Response:
    """The error as the caller can read it; `sentences` are (field, German sentence)."""
    if request.url.path.startswith(FOR_PROGRAMS):
        detail = [{"field": field, "reason": sentence} for field, sentence in sentences]
        return JSONResponse({"detail": detail, **more}, status_code=status)
    context = {"title": TITLES.get(status, TITLES[400]), "sentences": [sentence for _, sentence in sentences]}
    visitor = getattr(request.state, "visitor", None)
    found = templating.page(request, "error.html", visitor, context, status)
    if templating.is_htmx(request):
        found.headers["HX-Retarget"] = "#inhalt"
        found.headers["HX-Reswap"] = "innerHTML show:window:top"
    return found


def not_logged_in(request: Request, error: Exception) -> Response:
    """401 for programs and scripts; a browser is led to the log-in and back, to what was written if there is any."""
    if request.url.path.startswith("/api/"):
        return answer(request, 401, [("", "Bitte melden Sie sich an.")])
    back = kept.after_log_in(request, error)
    target = f"/anmelden?weiter={quote(back)}" if back else "/anmelden"
    if templating.is_htmx(request):
        return Response(status_code=401, headers={"HX-Redirect": target})
    return templating.go(target)


def not_taken(request: Request, error: Exception) -> Response:
    """401 for the token of a program that does not hold, with the sentence why."""
    found = answer(request, 401, [("", str(error))])
    found.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return found


def needs_purpose(request: Request, error: Exception) -> Response:
    """403 for programs and for what is sent; a page that is opened asks first, and then leads on."""
    assert isinstance(error, NeedsPurpose)
    if request.url.path.startswith("/api/"):
        return answer(request, 403, [(PURPOSE, f"Bitte nennen Sie den Zweck: {', '.join(error.fitting)}.")])
    if request.method != "GET":
        return answer(request, 403, [("", "Bitte öffnen Sie zuerst den Fall und nennen Sie den Zweck.")])
    asking = f"/zweck/{quote(str(error))}?weiter={quote(_path(request), safe='')}"
    if templating.is_htmx(request):
        return Response(headers={"HX-Redirect": asking})
    return templating.go(asking)


def _path(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def not_allowed(request: Request, error: Exception) -> Response:
    """403 with the sentence of the refusal."""
    return answer(request, 403, [("", str(error) or "Dafür fehlt die Berechtigung.")])


def unavailable(request: Request, error: Exception) -> Response:
    """503 with the sentence why: nobody can say now who a token speaks for, or a newer program has taken over."""
    return answer(request, 503, [("", str(error))])


def waiting(request: Request, error: Exception) -> Response:
    """503: the rows of a list are computed anew, which takes some minutes."""
    return later(request, str(error))


def busy(request: Request) -> Response:
    """503: others who save something kept the database for too long."""
    return later(request, BUSY)


def later(request: Request, sentence: str) -> Response:
    """503 with the sentence why, and when to try again."""
    found = answer(request, 503, [("", sentence)])
    found.headers["Retry-After"] = RETRY_AFTER
    return found


def too_many(request: Request, error: Exception) -> Response:
    """429: an address has tried too often in vain, and until when it waits."""
    assert isinstance(error, TooMany)
    found = answer(request, 429, [("", str(error))])
    found.headers["Retry-After"] = str(math.ceil(error.wait.total_seconds()))
    return found


def not_there(request: Request, error: Exception) -> Response:
    """404 with the sentence."""
    return answer(request, 404, [("", str(error))])


def refused(request: Request, error: Exception) -> Response:
    """422 with each reason beside its field."""
    assert isinstance(error, Refused)
    return answer(request, 422, error.reasons)


def stale(request: Request, error: Exception) -> Response:
    """409: who did what in the meantime, and the new number of the case."""
    assert isinstance(error, Stale)
    return answer(request, 409, [("", error.sentence)], number=error.number)


def reused(request: Request, _: Exception) -> Response:
    """409 for an Idempotency-Key that was used for another fact."""
    return answer(request, 409, [("Idempotency-Key", "Dieser Schlüssel gehört schon zu einem anderen Eintrag.")])


def unknown_case(request: Request, error: Exception) -> Response:
    """404 for a case a question names."""
    return answer(request, 404, [("case", str(error))])


def by_framework(request: Request, error: Exception) -> Response:
    """Errors the framework finds: no such path, no such method, a body too large."""
    assert isinstance(error, HTTPException)
    _recognise(request)
    sentence = SENTENCES.get(error.status_code, SENTENCES[400])
    found = answer(request, error.status_code, [("", sentence)])
    found.headers.update(error.headers or {})
    if error.status_code == 405:  # the framework names the methods of the first handler alone
        found.headers["Allow"] = ", ".join(one for one in METHODS if templating.takes(request, one))
    return found


def _recognise(request: Request) -> None:
    """Notes who asks for a page that is none: nobody was let in for it, and yet its navigation leads on."""
    if request.url.path.startswith(FOR_PROGRAMS):
        return
    with suppress(NotAllowed, NotTaken, OperationalError, InterfaceError):
        request.state.visitor = maybe_logged_in(request, office_of(request))


def _parameter(place: Sequence[int | str]) -> str:
    """The name of a parameter; behind one that may be of several types stands the type that did not fit."""
    names = [part for part in place if isinstance(part, str)]
    return names[1] if names[0] == "query" else names[-1]


def not_readable(request: Request, error: Exception) -> Response:
    """A parameter of the wrong form: 422 that names it, never what was sent; in the path of a page there is no page."""
    assert isinstance(error, RequestValidationError)
    if any(one["loc"][0] == "path" for one in error.errors()):
        _recognise(request)
        return answer(request, 404, [("", SENTENCES[404])])
    wrong: dict[str, list[Mapping[str, Any]]] = {}
    for one in error.errors():  # several of a parameter that takes this or that
        wrong.setdefault(_parameter(one["loc"]), []).append(one)
    return answer(request, 422, sorted((field, _why(field, some)) for field, some in wrong.items()))


def _why(field: str, errors: Sequence[Mapping[str, Any]]) -> str:
    """What is wrong with a parameter: missing, unknown, not one of those there are, or of another form."""
    named = f"Die Angabe „{SPOKEN.get(field, field[:40])}“"
    choices = [choice for one in errors for choice in _CHOICE.findall(one.get("ctx", {}).get("expected", "")) if choice]
    if choices:
        return f"{named} ist unbekannt; möglich sind {', '.join(choices)}."
    match errors[0]["type"]:
        case "missing":
            return f"{named} fehlt."
        case "extra_forbidden":
            return f"{named} gibt es hier nicht."
        case _:
            return f"{named} ist nicht zu lesen."


def register(app: FastAPI) -> None:
    """Ties every error to its answer."""
    handlers = {
        NotLoggedIn: not_logged_in,
        NotTaken: not_taken,
        Unreachable: unavailable,
        TooMany: too_many,
        NeedsPurpose: needs_purpose,
        NotAllowed: not_allowed,
        Forbidden: not_allowed,
        NotThere: not_there,
        UnknownQuestion: not_there,
        Waiting: waiting,
        Replaced: unavailable,
        Refused: refused,
        Stale: stale,
        Reused: reused,
        UnknownCase: unknown_case,
        HTTPException: by_framework,
        RequestValidationError: not_readable,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


class Readable:
    """Refuses an address with a character that is in no text, and that PostgreSQL cannot be asked for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and "\0" in scope["path"]:
            await answer(Request(scope), 404, [("", SENTENCES[404])])(scope, receive, send)
        elif scope["type"] == "http" and b"%00" in scope["query_string"]:
            await answer(Request(scope), 400, [("", SENTENCES[400])])(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class Failures:
    """Catches what nobody expected: the log gets an id, the kind and the lines, the person a page with the id.

    What an exception says may hold data of a case, so neither the log nor the page repeats it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except ClientDisconnect:
            pass  # nobody is there to be answered, and nothing went wrong
        except Exception as error:
            error_id = token_hex(4)
            lines = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-6:]]
            log.error("request failed", extra={"id": error_id, "kind": type(error).__name__, "lines": lines})
            if scope["type"] != "http" or begun:
                raise
            await _failed(Request(scope), error, error_id)(scope, receive, send)


def _failed(request: Request, error: Exception, error_id: str) -> Response:
    if failures.busy(error):
        return busy(request)
    # If the database has gone while it was told to keep something, nobody knows whether it has.
    away = isinstance(error, OperationalError | InterfaceError)
    status, sentence = (503, AWAY) if away else (500, "Es wurde nichts geändert.")
    return answer(request, status, [("", f"{sentence} Fehlernummer für die EDV: {error_id}.")])
