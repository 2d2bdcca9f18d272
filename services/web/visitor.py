"""Who asks: the person behind the session, with today's roles; and the guard every route stands behind."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Depends, Request
from starlette.datastructures import FormData

from domain.facts.base import Stream
from domain.organisation import Organisation
from domain.permissions import Action, Relation, may
from services import directory
from services.access import sessions
from services.office import Office

WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class NotLoggedIn(Exception):
    """There is no session, or it has ended."""


class NotAllowed(Exception):
    """The person may not do this; the text is a German sentence."""


class NotThere(Exception):
    """There is no such thing; the text is a German sentence."""


class Visitor(NamedTuple):
    """A person at work: directory key, id, name, roles of today, and the token their forms carry."""

    person: str
    id: str
    name: str
    roles: frozenset[str]
    csrf: str
    organisation: Organisation
    today: dt.date

    def may(self, action: Action, relations: frozenset[Relation] = frozenset()) -> bool:
        """Whether the table of permissions allows it, standing so to the case."""
        return may(action, self.roles, relations or Relation.NONE)

    @property
    def spoken(self) -> str:
        """The name as one says it: "Anna Brandt" for "Brandt, Anna"."""
        last, _, first = self.name.partition(", ")
        return f"{first} {last}".strip()

    @property
    def deputised(self) -> list[str]:
        """The directory keys of those the person stands in for today."""
        return self.organisation.deputised_for(self.person, self.today)


def office_of(request: Request) -> Office:
    """The office this application serves."""
    office: Office = request.app.state.office
    return office


async def submitted(request: Request) -> FormData:
    """The fields of a posted form; empty for everything else."""
    if request.method not in WRITING or not _is_form(request):
        return FormData()
    return await request.form(max_files=0, max_fields=200)


def _is_form(request: Request) -> bool:
    kind = request.headers.get("content-type", "")
    return kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data"))


Posted = Annotated[FormData, Depends(submitted)]
TheOffice = Annotated[Office, Depends(office_of)]


def logged_in(request: Request, office: TheOffice, form: Posted) -> Visitor:
    """The visitor of a request. Raises `NotLoggedIn`, and `NotAllowed` for a change without the CSRF token."""
    session = _session(request, office)
    if request.method in WRITING:
        token = request.headers.get("x-csrf-token") or form.get("csrf")
        if not isinstance(token, str) or not session.accepts(token):
            raise NotAllowed(
                "Das Formular ist abgelaufen. Bitte laden Sie die Seite neu und senden Sie es noch einmal."
            )
    with office.read() as conn:
        organisation = directory.organisation(office, conn)
        person_id = office.store.number(conn, UUID(hex=session.person))
        name = directory.label(office, conn, session.person)
    today = office.today()
    if not organisation.employed(session.person, today):
        raise NotLoggedIn
    roles = organisation.role_names(session.person, today)
    visitor = Visitor(session.person, person_id, name, roles, session.csrf, organisation, today)
    request.state.visitor = visitor  # so that a page about an error still has its navigation
    return visitor


def maybe_logged_in(request: Request, office: TheOffice) -> Visitor | None:
    """The visitor of a page that anybody may read, or nobody."""
    try:
        return logged_in(request, office, FormData())
    except NotLoggedIn:
        return None


def _session(request: Request, office: Office) -> sessions.Session:
    token, now = request.cookies.get(sessions.COOKIE, ""), office.now()
    with office.read() as conn:
        session = sessions.find(conn, token, now) if token else None
    if session is None:
        raise NotLoggedIn
    if now - session.seen_at > sessions.TOUCH:
        with office.write() as conn:
            sessions.touch(conn, session, now)
    return session


class Needs:
    """The guard of a route: a log-in, and for a page the action the table of permissions names for it."""

    def __init__(self, action: Action | None = None) -> None:
        self.action = action

    def __call__(self, visitor: Annotated[Visitor, Depends(logged_in)]) -> Visitor:
        if self.action is not None and not visitor.may(self.action):
            raise NotAllowed("Diese Seite ist für Ihre Rolle nicht vorgesehen.")
        return visitor


class AtCase(NamedTuple):
    """A visitor at one case: its key and number, and how the person stands to it today."""

    visitor: Visitor
    key: UUID
    number: str
    relations: frozenset[Relation]

    def may(self, action: Action) -> bool:
        """Whether the table of permissions allows it at this case."""
        return self.visitor.may(action, self.relations)


class NeedsAtCase:
    """The guard of a route about one case, named by its number in the path."""

    def __init__(self, *actions: Action) -> None:
        self.actions = actions

    def __call__(
        self, case: str, request: Request, office: TheOffice, visitor: Annotated[Visitor, Depends(logged_in)]
    ) -> AtCase:
        with office.read() as conn:
            key = office.store.key(conn, Stream.CASE, case)
            if key is None:
                raise NotThere("Unter dieser Nummer gibt es keinen Fall.")
            standing = directory.relations_to(office, conn, visitor.person, key, visitor.today)
        found = AtCase(visitor, key, case, standing)
        if not any(found.may(action) for action in self.actions):
            raise NotAllowed("Dieser Fall gehört nicht zu Ihrer Zuständigkeit.")
        return found
