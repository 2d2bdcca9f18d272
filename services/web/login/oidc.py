"""The log-in at the provider: there with a state, a nonce and a challenge, and back with a code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.casework import directory as desk
from services.office.office import Office
from services.people import login, sessions
from services.people.attempts import Taken
from services.people.refusals import ISSUER, REFUSED, NotAccepted, Unconfirmed, Unreachable
from services.web.http import cookies, templating
from services.web.http.door import TheOffice
from services.web.http.tries import doors_of
from services.web.http.visitor import NotThere
from services.web.login import under_way
from services.web.login.under_way import UNDER_WAY
from services.web.words import labels

if TYPE_CHECKING:
    from services.people.provider import Provider

BACK = "/anmelden/zurueck"

router = APIRouter(include_in_schema=False)


@router.get("/anmelden/weiter")
def leave(request: Request, office: TheOffice, weiter: str = "/") -> Response:
    """Sends the browser to the provider."""
    provider = _provider(request)
    one = under_way.begin(request, office, weiter)
    try:
        there = provider.address(cookies.address(request) + BACK, one.state, one.nonce, one.verifier)
    except Unreachable as error:
        return _said(request, str(error), 503)
    answer = templating.go(there)
    under_way.keep(request, office, answer, one)
    return answer


@router.get(BACK)
def come_back(
    request: Request, office: TheOffice, code: str = "", state: str = "", error: str = "", iss: str = ""
) -> Response:
    """Opens a session for whom the provider names, once; else one sentence why not."""
    provider = _provider(request)
    try:
        with doors_of(request).log_ins.of(request, NotAccepted, Unconfirmed):
            taken = under_way.take(request, office, state)
            claims = _claims(provider, request, taken, code if not error else "", iss)
            token = _session(office, claims, cookies.get(request, sessions.COOKIE))
    except Unconfirmed as why:
        return _said(request, _unconfirmed(why), 403)
    except NotAccepted as why:
        return _said(request, str(why), 403)
    except Unreachable as why:
        return _said(request, str(why), 503)
    return under_way.let_in(request, templating.go(taken.target), token)


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise NotThere("Diese Seite gibt es nicht.")
    return provider


def _claims(provider: Provider, request: Request, taken: Taken, code: str, issuer: str) -> dict[str, Any]:
    if not code:
        raise NotAccepted(REFUSED)
    if issuer and not provider.from_here(issuer):
        raise NotAccepted(ISSUER)
    return provider.claims(code, taken.verifier, cookies.address(request) + BACK, taken.nonce)


def _session(office: Office, claims: dict[str, Any], before: str) -> str:
    with office.write() as tx:
        person = login.person(tx, claims)
        desk.suggest(tx, person, ((group, one.role, one.unit) for group, one in login.named(tx, claims)))
        return sessions.start(tx.conn, office.vault, person, office.now(), before)


def _unconfirmed(why: Unconfirmed) -> str:
    where = f" ({why.unit})" if why.unit else ""
    role = labels.ROLE.get(why.role, why.role)
    return f"Ihre Rolle {role}{where} ist beim Anmeldedienst nicht eingetragen. Bitte wenden Sie sich an die EDV."


def _said(request: Request, sentence: str, status: int) -> Response:
    context = {"wrong": sentence, "next": "/", "provider_out": None}
    answer = templating.page(request, "login_oidc.html", None, context, status)
    cookies.drop(request, answer, UNDER_WAY)
    return answer
