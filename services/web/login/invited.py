"""The log-in of a trial without a provider: a one-time link, whose token stands behind the # and so reaches no log."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from services.office.office import Office
from services.people import directory, invites, sessions
from services.people.refusals import NotAccepted
from services.web.http import cookies, templating
from services.web.http.door import Posted
from services.web.http.tries import doors_of
from services.web.login import under_way
from services.web.words.forms import text_in


def ask(request: Request, office: Office, target: str, wrong: str = "") -> Response:
    """The page into which the link is taken; `wrong`: why the one before did not count."""
    one = under_way.begin(request, office, target)
    with office.read() as tx:
        empty = directory.organisation(tx).is_empty
    context = {"token": one.state, "wrong": wrong, "empty": empty}
    answer = templating.page(request, "login_invite.html", None, context, 422 if wrong else 200)
    under_way.keep(request, office, answer, one)
    return answer


def redeem(request: Request, office: Office, form: Posted) -> Response:
    """Opens a session for whom the link was issued; else the page again, with one sentence why not."""
    target = under_way.target(request, office, form)
    token = text_in(form, "einmal").rpartition("#")[2]
    try:
        with doors_of(request).log_ins.of(request, NotAccepted), office.write() as tx:
            session = invites.redeem(tx, token, cookies.get(request, sessions.COOKIE))
    except NotAccepted as why:
        return ask(request, office, target, str(why))
    return under_way.let_in(request, templating.go(target), session)
