"""The guard every route stands behind: a log-in, an action of the table of permissions, a case one may see.

A page that only reads comes in by `Opens`: who asks and what is shown are read in one transaction, and what is to be
written of it (what was seen, that the session is in use) follows in another, before anything leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.exc import OperationalError
from starlette.datastructures import FormData

from domain.decisions.refusal import Refused
from domain.permissions import Action
from domain.purposes import PURPOSES, QUALITY
from services.office.office import Office, Transaction
from services.people import directory, login, sessions, views
from services.people.refusals import NotAccepted, Unconfirmed
from services.people.sessions import Session
from services.people.views import Row
from services.questions import grounds
from services.records.words import number_typed
from services.web.http import cookies, seen
from services.web.http.tries import doors_of
from services.web.http.visitor import (
    NEEDING,
    PURPOSE,
    WRITING,
    AtCase,
    Expired,
    NotAllowed,
    NotLoggedIn,
    NotTaken,
    Visitor,
    at_case,
    office_of,
)

if TYPE_CHECKING:
    from services.people.provider import Provider

MOMENT = 0.2  # seconds that the note of when a session was last used may take; the next request notes it, too
ANOTHER = (
    "Das Formular ist abgelaufen: In diesem Browser hat sich inzwischen jemand neu angemeldet. Nichts wurde geändert. "
    "Mit „Zurück“ kommen Sie zu dem, was Sie geschrieben haben; laden Sie danach die Seite neu."
)
Claims = dict[str, Any]


async def submitted(request: Request) -> FormData:
    """The fields of a posted form; empty for everything else, and for programs, which send none."""
    if request.method not in WRITING or not _is_form(request) or request.url.path.startswith("/api/"):
        return FormData()
    form = await request.form(max_files=0, max_fields=200)
    if wrong := [field for field, value in form.multi_items() if "\0" in f"{field}{value}"]:
        raise Refused([(wrong[0], "Hier steht ein Zeichen, das es in keinem Text gibt.")])
    return form


def _is_form(request: Request) -> bool:
    kind = request.headers.get("content-type", "")
    return kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data"))


async def _served(request: Request) -> Office:
    return office_of(request)  # asynchronous, so that nobody waits for a thread to hear it


Posted = Annotated[FormData, Depends(submitted)]
TheOffice = Annotated[Office, Depends(_served)]


class Visit:
    """What a request reads: its transaction, who asks, and what is written of it when the transaction has ended."""

    def __init__(self, request: Request, tx: Transaction, visitor: Visitor, rows: list[Row]) -> None:
        self.tx, self.visitor = tx, visitor
        self._request, self._rows = request, rows

    def case(self, number: str, *actions: Action, logged: bool = True) -> AtCase:
        """The case of a number, if the visitor may do one of these there; the view is logged.

        Raises `NotThere`, `NotAllowed`, and `NeedsPurpose` for QS and leads who have not said why they read it.
        """
        purpose = self._request.headers.get(PURPOSE)
        if purpose is not None and purpose not in PURPOSES:
            raise Refused([(PURPOSE, f"Diesen Zweck gibt es nicht; möglich sind {', '.join(PURPOSES)}.")])
        found = at_case(self.tx, self.visitor, number_typed(number))
        if not any(found.may(action) for action in actions):
            raise NotAllowed("Dieser Fall gehört nicht zu Ihrer Zuständigkeit.")
        if logged:
            self.saw([found], purpose)
        return found

    def saw(self, cases: Iterable[AtCase], purpose: str | None = None) -> None:
        """Logs views of cases, as `seen.of_cases`."""
        self._rows += seen.of_cases(self.tx, cases, purpose)

    def gave_out(self, at: AtCase, purpose: str) -> None:
        """Logs that this case leaves the house on paper, whoever it is that gives it out."""
        self._rows.append(views.of_case(self.visitor.person, at.key, purpose, self.tx.office.now()))

    def saw_list(self, name: str, count: int, asked: str = "", purpose: str = QUALITY) -> None:
        """Logs the view of a list, as `seen.of_list`."""
        self._rows += seen.of_list(self.visitor, self.tx.office.now(), name, count, asked, purpose)

    def saw_behind(self, cases: Iterable[UUID], purpose: str = QUALITY) -> None:
        """Logs that a list shows entries or texts of these cases."""
        self._rows += seen.behind(self.visitor, self.tx.office.now(), cases, purpose)


@contextmanager
def opened(request: Request, office: Office, form: FormData) -> Iterator[Visit]:
    """Lets a visitor in: of a session, or under /api/ of a bearer token; what is read in it is read at one moment.

    Raises `NotLoggedIn`, `NotTaken` for a token that does not hold, and `NotAllowed` for a change without the CSRF
    token of the session.
    """
    claims = _claims_of(request)
    rows: list[Row] = []
    used: list[Session] = []
    try:
        with office.read() as tx:
            if claims is None:
                used.append(_session(request, tx, form))
                visitor = _visitor(tx, used[0].person, used[0].csrf, used[0].token)
            else:
                visitor = _visitor(tx, _person(tx, claims), "", "")
            request.state.visitor = visitor  # so that a page about an error still has its navigation
            yield Visit(request, tx, visitor, rows)
    except BaseException:
        rows.clear()  # nothing of it is shown
        raise
    finally:
        _write(office, used, rows)


@contextmanager
def further(request: Request, office: Office, visitor: Visitor) -> Iterator[Visit]:
    """A further reading for a visitor who has come in already, as after a change."""
    rows: list[Row] = []
    with office.read() as tx:
        yield Visit(request, tx, visitor, rows)
    _write(office, [], rows)


def _write(office: Office, used: list[Session], rows: list[Row]) -> None:
    """What was seen, for which whoever asked waits, and that a session is in use, for which nobody does."""
    now = office.now()
    due = [one for one in used if now - one.seen_at > sessions.TOUCH]
    if not (due or rows):
        return
    with suppress(*(() if rows else (OperationalError,))), office.write(patience=None if rows else MOMENT) as tx:
        for one in due:
            sessions.touch(tx.conn, one, now)
        if rows:
            views.note(tx.conn, office.vault, rows)


def _session(request: Request, tx: Transaction, form: FormData) -> Session:
    token = cookies.get(request, sessions.COOKIE)
    session = sessions.find(tx.conn, tx.office.vault, token, tx.now) if token else None
    sent = request.headers.get("x-csrf-token") or form.get("csrf")
    if session is None:
        over = sessions.ended(tx.conn, tx.office.vault, token, tx.now) if token and form else None
        raise Expired(over.person, form) if over and isinstance(sent, str) and over.accepts(sent) else NotLoggedIn
    if request.method in WRITING and not (isinstance(sent, str) and session.accepts(sent)):
        raise NotAllowed(ANOTHER)
    return session


def _visitor(tx: Transaction, person: str, csrf: str, session: str) -> Visitor:
    organisation, today, key = directory.organisation(tx), tx.today, UUID(hex=person)
    if not organisation.employed(person, today):
        raise NotLoggedIn
    tx.store.look_up(tx.conn, (), [key])
    id, name = tx.store.number(tx.conn, key), directory.label(tx, person)
    roles = organisation.role_names(person, today)
    agreed = grounds.agreed(tx.conn, today) if roles & NEEDING else frozenset[str]()
    return Visitor(person, id, name, roles, csrf, organisation, today, session, agreed)


def _bearer(request: Request) -> str | None:
    """The token of a program; a browser does not send one by itself, so it needs no CSRF token beside it."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and request.url.path.startswith("/api/") else None


def _claims_of(request: Request) -> Claims | None:
    """What the token of a program says, if it brings one: its provider may be asked, so that is done beforehand."""
    token, provider = _bearer(request), request.app.state.provider
    if token is None:
        return None
    if provider is None:
        raise NotLoggedIn
    with doors_of(request).tokens.of(request, NotTaken):
        return _claims(provider, token)


def _claims(provider: Provider, token: str) -> Claims:
    try:
        return provider.bearer(token)
    except NotAccepted as error:
        raise NotTaken(str(error)) from None


def _person(tx: Transaction, claims: Claims) -> str:
    try:
        return login.person(tx, claims)
    except NotAccepted as error:
        raise NotAllowed(str(error)) from None
    except Unconfirmed:
        raise NotAllowed("Eine Ihrer Rollen ist beim Anmeldedienst nicht eingetragen.") from None


def maybe_logged_in(request: Request, office: TheOffice) -> Visitor | None:
    """The visitor of a page that anybody may read, or nobody."""
    try:
        with opened(request, office, FormData()) as visit:
            return visit.visitor
    except NotLoggedIn:
        return None


class Needs:
    """The guard of a route: a log-in, and for a page the action the table of permissions names for it."""

    def __init__(self, action: Action | None = None) -> None:
        self.action = action

    def __call__(self, request: Request, office: TheOffice, form: Posted) -> Visitor:
        with self.opened(request, office, form) as visit:
            return visit.visitor

    @contextmanager
    def opened(self, request: Request, office: Office, form: FormData) -> Iterator[Visit]:
        """Lets in who may come."""
        with opened(request, office, form) as visit:
            if self.action is not None and not visit.visitor.may(self.action):
                raise NotAllowed("Diese Seite ist für Ihre Rolle nicht vorgesehen.")
            yield visit


class NeedsAtCase:
    """The guard of a route about one case, named by its number in the path.

    Who reads it as QS or lead has named a purpose, and the view is logged before the route begins to answer.
    """

    def __init__(self, *actions: Action, logged: bool = True) -> None:
        self.actions = actions
        self.logged = logged

    def __call__(self, case: str, request: Request, office: TheOffice, form: Posted) -> AtCase:
        with opened(request, office, form) as visit:
            return visit.case(case, *self.actions, logged=self.logged)

    def admits(self, case: str, request: Request, office: Office, visitor: Visitor) -> None:
        """The same for a case that somebody who is known asks about."""
        with further(request, office, visitor) as visit:
            visit.case(case, *self.actions, logged=self.logged)


class Door(NamedTuple):
    """Where a page comes in: nobody is known until it is opened."""

    guard: Needs
    request: Request
    office: Office
    form: FormData

    def open(self) -> AbstractContextManager[Visit]:
        """One transaction for all the page reads, with who asks; what it logs is written when it ends."""
        return self.guard.opened(self.request, self.office, self.form)


class Opens:
    """The guard `Needs` for a page that reads: it gives a door, and the page opens it."""

    def __init__(self, action: Action | None = None) -> None:
        self.guard = Needs(action)

    async def __call__(self, request: Request, office: TheOffice, form: Posted) -> Door:
        return Door(self.guard, request, office, form)


class Streams:
    """The same for a page that takes a file as it comes, and so reads its form itself: it opens the door with that."""

    def __init__(self, action: Action) -> None:
        self.guard = Needs(action)

    async def __call__(self, request: Request, office: TheOffice) -> Door:
        return Door(self.guard, request, office, FormData())
