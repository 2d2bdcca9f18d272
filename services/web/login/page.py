"""The page of the log-in: the way to the provider, in the demo a person to pick, else a link; and the log-out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain.facts import Stream
from domain.organisation import Organisation
from services.demo.people import PERSONS
from services.office.office import Office, Transaction
from services.people import directory, sessions
from services.questions import search
from services.records.words import alphabetical
from services.web.cases.search import TYPED
from services.web.http import cookies, templating
from services.web.http.door import Needs, Posted, TheOffice
from services.web.http.tries import doors_of
from services.web.http.visitor import NotAllowed, Visitor
from services.web.login import invited, under_way
from services.web.login.under_way import local
from services.web.today.answers import answers
from services.web.words import labels

if TYPE_CHECKING:
    from services.people.provider import Provider

MANY = 40  # people that one can look over

router = APIRouter(include_in_schema=False)


class Group(NamedTuple):
    """The people of one role: (id, name, where)."""

    role: str
    people: list[tuple[str, str, str]]


@router.get("/anmelden")
def choose(request: Request, office: TheOffice, weiter: str = "/", abgemeldet: str = "") -> Response:
    """The way to the provider; without one, over invented data everybody who works here today, to pick from."""
    provider: Provider | None = request.app.state.provider
    if provider is not None:
        there = provider.log_out(cookies.address(request) + "/anmelden") if abgemeldet else None
        asked = {"wrong": "", "next": local(weiter), "provider_out": there}
        return templating.page(request, "login_oidc.html", None, asked)
    if request.app.state.trial:
        return invited.ask(request, office, weiter)
    one = under_way.begin(request, office, weiter)
    with office.read() as tx:
        organisation = directory.organisation(tx)
        people = organisation.persons(office.today())
        first = _with_tasks(tx) if len(people) > MANY else None
        groups = _groups(tx, organisation, first)
        others = _groups(tx, organisation, set(people) - first) if first else []
    context = {"groups": groups, "others": others, "token": one.state}
    answer = templating.page(request, "login.html", None, context)
    under_way.keep(request, office, answer, one)
    return answer


@router.post("/anmelden")
def log_in(request: Request, office: TheOffice, form: Posted) -> Response:
    """Opens a session for the picked person, or for whom a link was issued. 403 for any form but that of the page this
    browser was given last, and where there is a provider.
    """
    if request.app.state.provider is not None:
        raise NotAllowed("Hier meldet man sich über den Anmeldedienst an.")
    if request.app.state.trial:
        return invited.redeem(request, office, form)
    with doors_of(request).log_ins.of(request, NotAllowed):
        target = under_way.target(request, office, form)
        session = _picked(request, office, str(form.get("person", "")))
    return under_way.let_in(request, templating.go(target), session)


def _picked(request: Request, office: Office, person_id: str) -> str:
    """The token of a session of this person."""
    with office.write() as tx:
        person = directory.person_key(tx, person_id)
        if person is None or not directory.organisation(tx).employed(person, office.today()):
            raise NotAllowed("Diese Person arbeitet hier heute nicht.")
        return sessions.start(tx.conn, office.vault, person, office.now(), cookies.get(request, sessions.COOKIE))


@router.post("/abmelden")
def log_out(request: Request, office: TheOffice, visitor: Annotated[Visitor, Depends(Needs())]) -> Response:
    """Ends the session; nothing of what was searched and found stays."""
    with office.write() as tx:
        sessions.end(tx.conn, cookies.get(request, sessions.COOKIE))
    answers(office).forget(visitor.session)
    answer = templating.go("/anmelden" if request.app.state.provider is None else "/anmelden?abgemeldet=1")
    search.memory(office).forget(visitor.session)
    for name in (sessions.COOKIE, TYPED):
        cookies.drop(request, answer, name)
    return answer


def _with_tasks(tx: Transaction) -> set[str]:
    """The people whose cases are shaped so that each has something to do today."""
    keys = tx.store.keys(tx.conn, Stream.PERSON, [person.id for person in PERSONS])
    return {key.hex for key in keys.values()}


def _groups(tx: Transaction, organisation: Organisation, only: set[str] | None) -> list[Group]:
    day = tx.office.today()
    people: dict[str, list[tuple[str, str, str]]] = {}
    wanted = [key for key in organisation.persons(day) if only is None or key in only]
    names = directory.labels(tx, wanted)
    ids = tx.store.numbers(tx.conn, [UUID(hex=key) for key in names])
    for key, name in names.items():
        for held in organisation.roles(key, day)[:1]:
            area = labels.code(held.area) if held.area else ""
            said = area if area != labels.ROLE[held.role] else ""  # the heading says it
            where = " · ".join(filter(None, (held.unit, said)))
            people.setdefault(held.role, []).append((ids[UUID(hex=key)], name, where))
    order = [role for role in labels.ROLE if role in people]
    return [
        Group(labels.ROLE[role], sorted(people[role], key=lambda one: (one[2], alphabetical(one[1])))) for role in order
    ]
