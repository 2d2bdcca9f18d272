"""A log-in on its way in one browser: begun anew for each, whatever cookie it brought, and taken once."""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import Response

from services.office.office import Office
from services.people import attempts, sessions
from services.people.attempts import Attempt, Taken
from services.people.refusals import NotAccepted
from services.web.http import cookies
from services.web.http.tries import doors_of
from services.web.http.visitor import NotAllowed

UNDER_WAY = "fallverlauf-unterwegs"
HERE = ("same-origin", "none")  # what a browser says of a form of this page
TABS, BETWEEN = 5, "."  # log-ins of one browser at a time, and what stands between them in its cookie


def begin(request: Request, office: Office, target: str) -> Attempt:
    """Begins a log-in that is to lead to a local address; its cookie is set by `keep`. Raises TooMany."""
    doors_of(request).begun.check(request)
    with office.write() as tx:
        one = attempts.begin(tx.conn, local(target), office.now())
    doors_of(request).begun.count(request)
    return one


def keep(request: Request, office: Office, answer: Response, one: Attempt) -> None:
    """Gives the browser the cookie of this log-in, beside those that are under way in its other tabs."""
    with office.read() as tx:
        others = attempts.going(tx.conn, _brought(request), office.now())
    cookies.put(request, answer, UNDER_WAY, BETWEEN.join([one.browser, *others][:TABS]))


def take(request: Request, office: Office, state: str) -> Taken:
    """The log-in of this browser, taken out for good. Raises NotAccepted."""
    with office.write() as tx:
        taken = attempts.take(tx.conn, _brought(request), state, office.now())
    if isinstance(taken, NotAccepted):
        raise taken
    return taken


def target(request: Request, office: Office, form: FormData) -> str:
    """Where a log-in leads that a form of ours ends. Raises NotAllowed for any form but that of the page this browser
    was given last.
    """
    if request.headers.get("sec-fetch-site", HERE[0]) not in HERE:  # whoever planted the cookie also sends the form
        raise NotAllowed("Diese Anmeldung kam von einer anderen Seite.")
    try:
        return take(request, office, str(form.get("token", ""))).target
    except NotAccepted as why:
        raise NotAllowed(str(why)) from None


def let_in(request: Request, answer: Response, session: str) -> Response:
    """Ends the way: the browser gets the cookie of the session; other tabs may still lead to another."""
    doors_of(request).begun.forgive(request)
    cookies.put(request, answer, sessions.COOKIE, session)
    if len(_brought(request)) < 2:
        cookies.drop(request, answer, UNDER_WAY)
    return answer


def _brought(request: Request) -> list[str]:
    return cookies.get(request, UNDER_WAY).split(BETWEEN)[:TABS]


def local(path: str) -> str:
    """Only addresses of this service are gone to after the log-in."""
    usable = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and len(path) < 200
    return path if usable else "/"
