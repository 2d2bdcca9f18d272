"""Who asks: the person behind the session, with today's roles; and the guard every route stands behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Protocol
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.exc import OperationalError
from starlette.datastructures import FormData

from domain.decisions.refusal import Refused
from domain.facts.base import Stream
from domain.organisation import Organisation
from domain.permissions import LEADS, QS, Action, Relation, may
from domain.purposes import PURPOSES, QUALITY, SUPERVISION, fitting, must_name
from services.failures import Said
from services.office.office import Office, Transaction
from services.people import directory, login, sessions, views
from services.people.refusals import NotAccepted, Unconfirmed
from services.records.words import number_typed
from services.web.http import cookies
from services.web.http.tries import doors_of

if TYPE_CHECKING:
    from services.people.provider import Provider

PURPOSE = "fallverlauf-purpose"  # the header in which a program says why it reads a case
NAMING = LEADS - {"management"}
WORKING = frozenset({Relation.RESPONSIBLE, Relation.DEPUTY, Relation.RECEIVER, Relation.UNIT})
NO_CASE = "Unter dieser Nummer gibt es keinen Fall, den Sie sehen dürfen."
NO_ONE = UUID(int=0)  # the key of no case
MOMENT = 0.2  # seconds that the note of when a session was last used may take; the next request notes it, too
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class NotLoggedIn(Exception):
    """There is no session, or it has ended."""


class NotTaken(Said):
    """The token of a program does not hold; the text is a German sentence."""


class NeedsPurpose(Exception):
    """The case is read as QS or lead, and nobody has said yet why; the text is the number of the case."""

    def __init__(self, number: str, fitting: Iterable[str]) -> None:
        super().__init__(number)
        self.fitting = tuple(fitting)


class Row(Protocol):
    """A row of a list that says who is responsible for its case."""

    @property
    def worker(self) -> str | None: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def area(self) -> str | None: ...


class NotAllowed(Exception):
    """The person may not do this; the text is a German sentence."""


class NotThere(Exception):
    """There is no such thing; the text is a German sentence."""


class Visitor(NamedTuple):
    """A person at work: directory key, id, name, roles of today, and the token their forms carry.

    `session` is the hash the database keeps of the session, "" for a program.
    """

    person: str
    id: str
    name: str
    roles: frozenset[str]
    csrf: str
    organisation: Organisation
    today: dt.date
    session: str = ""

    def may(self, action: Action, relations: frozenset[Relation] = frozenset()) -> bool:
        """Whether the table of permissions allows it, standing so to the case."""
        return may(action, self.roles, relations or Relation.NONE)

    @property
    def names_staff(self) -> bool:
        """Whether lists of what the person leads may name who works there; management and QS never (Fachkonzept 13)."""
        return bool(self.roles & NAMING)

    def may_name(self, worker: str | None, unit: str | None, area: str | None) -> bool:
        """Whether a list may name the person responsible for a case: to them, and to who leads it (Fachkonzept 13)."""
        leads = self.names_staff and self.organisation.leads(self.person, unit, area, self.today)
        return worker == self.person or leads

    def nameable(self, rows: Iterable[Row]) -> set[str]:
        """Those responsible for the cases of a list whom it may name to the person."""
        return {one.worker for one in rows if one.worker and self.may_name(one.worker, one.unit, one.area)}

    @property
    def spoken(self) -> str:
        """The name as one says it: "Anna Brandt" for "Brandt, Anna"."""
        last, _, first = self.name.partition(", ")
        return f"{first} {last}".strip()

    @property
    def deputised(self) -> list[str]:
        """The directory keys of those whose cases the person sees today because they stand in for them."""
        if not self.may(Action.SEE_CASE, frozenset({Relation.DEPUTY})):
            return []
        return self.organisation.deputised_for(self.person, self.today)

    @property
    def workers(self) -> set[str]:
        """Whose cases the person works today: their own, and those stood in for."""
        own = {self.person} if self.may(Action.SEE_CASE, frozenset({Relation.RESPONSIBLE})) else set()
        return own.union(self.deputised)


def office_of(request: Request) -> Office:
    """The office this application serves."""
    office: Office = request.app.state.office
    return office


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


def logged_in(request: Request, office: TheOffice, form: Posted) -> Visitor:
    """The visitor of a request: of a session, or under /api/ of a bearer token.

    Raises `NotLoggedIn`, `NotTaken` for a token that does not hold, and `NotAllowed` for a change without the CSRF
    token of the session.
    """
    token = _bearer(request)
    if token is not None:
        return _visitor(request, office, _person_of(request, office, token), "", "")
    session = _session(request, office)
    if request.method in WRITING:
        sent = request.headers.get("x-csrf-token") or form.get("csrf")
        if not isinstance(sent, str) or not session.accepts(sent):
            raise NotAllowed(
                "Das Formular ist abgelaufen. Bitte laden Sie die Seite neu und senden Sie es noch einmal."
            )
    return _visitor(request, office, session.person, session.csrf, session.token)


def _visitor(request: Request, office: Office, person: str, csrf: str, session: str) -> Visitor:
    with office.read() as tx:
        organisation = directory.organisation(tx)
        person_id = office.store.number(tx.conn, UUID(hex=person))
        name = directory.label(tx, person)
    today = office.today()
    if not organisation.employed(person, today):
        raise NotLoggedIn
    roles = organisation.role_names(person, today)
    visitor = Visitor(person, person_id, name, roles, csrf, organisation, today, session)
    request.state.visitor = visitor  # so that a page about an error still has its navigation
    return visitor


def _bearer(request: Request) -> str | None:
    """The token of a program; a browser does not send one by itself, so it needs no CSRF token beside it."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and request.url.path.startswith("/api/") else None


def _person_of(request: Request, office: Office, token: str) -> str:
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise NotLoggedIn
    with doors_of(request).tokens.of(request, NotTaken):
        claims = _claims(provider, token)
    with office.read() as tx:
        try:
            return login.person(tx, claims)
        except NotAccepted as error:
            raise NotAllowed(str(error)) from None
        except Unconfirmed:
            raise NotAllowed("Eine Ihrer Rollen ist beim Anmeldedienst nicht eingetragen.") from None


def _claims(provider: Provider, token: str) -> dict[str, Any]:
    try:
        return provider.bearer(token)
    except NotAccepted as error:
        raise NotTaken(str(error)) from None


def maybe_logged_in(request: Request, office: TheOffice) -> Visitor | None:
    """The visitor of a page that anybody may read, or nobody."""
    try:
        return logged_in(request, office, FormData())
    except NotLoggedIn:
        return None


def _session(request: Request, office: Office) -> sessions.Session:
    token, now = cookies.get(request, sessions.COOKIE), office.now()
    with office.read() as tx:
        session = sessions.find(tx.conn, office.vault, token, now) if token else None
    if session is None:
        raise NotLoggedIn
    if now - session.seen_at > sessions.TOUCH:
        with suppress(OperationalError), office.write(patience=MOMENT) as tx:  # whoever only reads waits for no writer
            sessions.touch(tx.conn, session, now)
    return session


class Needs:
    """The guard of a route: a log-in, and for a page the action the table of permissions names for it."""

    def __init__(self, action: Action | None = None) -> None:
        self.action = action

    async def __call__(self, visitor: Annotated[Visitor, Depends(logged_in)]) -> Visitor:
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

    def may_name(self, worker: str | None, unit: str | None, area: str | None) -> bool:
        """Whether who is responsible is named: to who works the case, and as in lists."""
        return not self.relations.isdisjoint(WORKING) or self.visitor.may_name(worker, unit, area)


def seen_case(tx: Transaction, visitor: Visitor, number: str) -> AtCase | None:
    """The visitor at the case of a number. Nobody learns whether there is a case that they may not see.

    The same is asked of the database where there is none, so that the answer takes as long.
    """
    key = tx.store.key(tx.conn, Stream.CASE, number)
    standing = directory.relations_to(tx, visitor.person, key or NO_ONE, visitor.today)
    return AtCase(visitor, key, number, standing) if key and visitor.may(Action.SEE_CASE, standing) else None


def at_case(tx: Transaction, visitor: Visitor, number: str) -> AtCase:
    """The same. Raises `NotThere` for who may see all cases, `NotAllowed` for others."""
    found = seen_case(tx, visitor, number)
    if found is None:
        raise NotThere("Unter dieser Nummer gibt es keinen Fall.") if visitor.roles & QS else NotAllowed(NO_CASE)
    return found


class NeedsAtCase:
    """The guard of a route about one case, named by its number in the path.

    Who reads it as QS or lead has named a purpose, and the view is logged before the route begins to answer.
    """

    def __init__(self, *actions: Action, logged: bool = True) -> None:
        self.actions = actions
        self.logged = logged

    def __call__(
        self, case: str, request: Request, office: TheOffice, visitor: Annotated[Visitor, Depends(logged_in)]
    ) -> AtCase:
        case, purpose = number_typed(case), request.headers.get(PURPOSE)
        if purpose is not None and purpose not in PURPOSES:
            raise Refused([(PURPOSE, f"Diesen Zweck gibt es nicht; möglich sind {', '.join(PURPOSES)}.")])
        with office.read() as tx:
            found = at_case(tx, visitor, case)
        if not any(found.may(action) for action in self.actions):
            raise NotAllowed("Dieser Fall gehört nicht zu Ihrer Zuständigkeit.")
        if self.logged:
            log_view(office, found, purpose)
        return found


def log_view(office: Office, at: AtCase, purpose: str | None = None) -> None:
    """Logs a view of QS or a lead for the purpose given or said before in the session. Raises `NeedsPurpose`."""
    log_views(office, [at], purpose)


def log_views(office: Office, seen: Iterable[AtCase], purpose: str | None = None) -> None:
    """The same of several cases. For what a page shows of them it is called when the page is read, before it leaves."""
    asked = [at for at in seen if must_name(at.relations)]
    if not asked:
        return
    with office.write() as tx:
        for at in asked:
            why = purpose if purpose in fitting(at.relations) else _said(tx, at)
            if why is None:
                raise NeedsPurpose(at.number, fitting(at.relations))
            views.note(tx.conn, office.vault, at.visitor.person, at.key, why, office.now())


def _said(tx: Transaction, at: AtCase) -> str | None:
    return views.said(tx.conn, tx.office.vault, at.visitor.session, at.key)


def list_purpose(visitor: Visitor, of_qs: str = QUALITY) -> str:
    """What QS and leads look at a list for: the page is made for it, so nobody is asked."""
    return of_qs if visitor.roles & QS else SUPERVISION


def log_list(office: Office, visitor: Visitor, name: str, count: int, asked: str = "", purpose: str = QUALITY) -> None:
    """Logs, before it leaves, that QS or a lead saw a list: which one, asked how (no names), and how many rows."""
    if visitor.roles & (LEADS | QS):
        with office.write() as tx:
            views.note_list(
                tx.conn, office.vault, visitor.person, name, asked, count, list_purpose(visitor, purpose), office.now()
            )


def log_behind(office: Office, visitor: Visitor, cases: Collection[UUID], purpose: str = QUALITY) -> None:
    """Logs, before it leaves, that a list shows QS or a lead entries or texts of these cases."""
    if cases:
        with office.write() as tx:
            views.note_all(tx.conn, office.vault, visitor.person, cases, list_purpose(visitor, purpose), office.now())
