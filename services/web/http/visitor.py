"""Who asks: the person behind the session, with today's roles; and the guard every route stands behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple, Protocol
from uuid import UUID

from fastapi import Request
from starlette.datastructures import FormData

from domain.evaluations import STAFF_IN_LISTS
from domain.facts.base import Stream
from domain.organisation import Organisation
from domain.permissions import LEADS, QS, Action, Relation, may
from services.failures import Said
from services.office.office import Office, Transaction
from services.people import directory

PURPOSE = "fallverlauf-purpose"  # the header in which a program says why it reads a case
NAMING = LEADS - {"management"}
NEEDING = QS | {"management"}  # who read of staff only what a Dienstvereinbarung allows
WORKING = frozenset({Relation.RESPONSIBLE, Relation.DEPUTY, Relation.RECEIVER, Relation.UNIT})
NO_CASE = "Unter dieser Nummer gibt es keinen Fall, den Sie sehen dürfen."
NO_ONE = UUID(int=0)  # the key of no case
MOMENT = 0.2  # seconds that the note of when a session was last used may take; the next request notes it, too
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class NotLoggedIn(Exception):
    """There is no session, or it has ended."""


class Expired(NotLoggedIn):
    """The session has ended by itself while somebody (directory key) wrote; what they sent is theirs still."""

    def __init__(self, person: str, form: FormData) -> None:
        super().__init__()
        self.person, self.form = person, form


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

    `session` is the hash the database keeps of the session, "" for a program; `agreed` are the evaluations of staff
    that a Dienstvereinbarung allows today, read for those who may see none without.
    """

    person: str
    id: str
    name: str
    roles: frozenset[str]
    csrf: str
    organisation: Organisation
    today: dt.date
    session: str = ""
    agreed: frozenset[str] = frozenset()

    def may(self, action: Action, relations: frozenset[Relation] = frozenset()) -> bool:
        """Whether the table of permissions allows it, standing so to the case."""
        return may(action, self.roles, relations or Relation.NONE)

    @property
    def names_staff(self) -> bool:
        """Whether lists of what the person leads may name who works there (Fachkonzept 13)."""
        return bool(self.roles & NAMING)

    def may_name(self, worker: str | None, unit: str | None, area: str | None) -> bool:
        """Whether a list may name the person responsible for a case: to them and to who leads it; to QS and management
        where a Dienstvereinbarung allows it (Fachkonzept 8 no. 7, 13).
        """
        if worker == self.person or STAFF_IN_LISTS in self.agreed:
            return True
        return self.names_staff and (
            self.organisation.leads(self.person, unit, area, self.today) or self._leads_team_of(worker, unit)
        )

    def _leads_team_of(self, worker: str | None, unit: str | None) -> bool:
        """Whether the person leads a team of the unit in which the worker is: only its cases are in their lists."""
        led = self.organisation.teams_led(self.person, self.today)
        held = self.organisation.roles(worker, self.today) if led and worker else []
        return any(one.team in led and one.unit == unit for one in held)

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
