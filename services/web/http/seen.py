"""What QS and leads see is logged before it leaves: cases, lists, and the entries behind a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from domain.permissions import LEADS, QS
from domain.purposes import QUALITY, SUPERVISION, fitting, must_name
from services.office.office import Office, Transaction
from services.people import views
from services.people.views import Row
from services.web.http.visitor import AtCase, NeedsPurpose, Visitor

Moment = dt.datetime


def list_purpose(visitor: Visitor, of_qs: str = QUALITY) -> str:
    """What QS and leads look at a list for: the page is made for it, so nobody is asked."""
    return of_qs if visitor.roles & QS else SUPERVISION


def of_cases(tx: Transaction, cases: Iterable[AtCase], purpose: str | None = None) -> list[Row]:
    """Views of these cases, as far as QS or a lead has them, for the purpose given or said before in the session.

    Raises `NeedsPurpose`.
    """
    asked = [at for at in cases if must_name(at.relations)]
    given = {at.key: purpose for at in asked if purpose in fitting(at.relations)}
    open_ones = [at for at in asked if at.key not in given]
    if open_ones:
        session = open_ones[0].visitor.session
        given |= views.said_for(tx.conn, tx.office.vault, session, [at.key for at in open_ones])
    return [_of_case(tx, at, given.get(at.key)) for at in asked]


def _of_case(tx: Transaction, at: AtCase, purpose: str | None) -> Row:
    if purpose is None:
        raise NeedsPurpose(at.number, fitting(at.relations))
    return views.of_case(at.visitor.person, at.key, purpose, tx.office.now())


def of_list(visitor: Visitor, now: Moment, name: str, count: int, asked: str = "", purpose: str = QUALITY) -> list[Row]:
    """A view of a list, if QS or a lead has it: which one, asked how (no names), and how many rows."""
    if not visitor.roles & (LEADS | QS):
        return []
    return [views.of_list(visitor.person, name, asked, count, list_purpose(visitor, purpose), now)]


def behind(visitor: Visitor, now: Moment, cases: Iterable[UUID], purpose: str = QUALITY) -> list[Row]:
    """Views of these cases, of which a list shows QS or a lead entries or texts."""
    return [views.of_case(visitor.person, one, list_purpose(visitor, purpose), now) for one in cases]


def log_view(office: Office, at: AtCase, purpose: str | None = None) -> None:
    """Logs the view of a case, as `of_cases`."""
    with office.read() as tx:
        rows = of_cases(tx, [at], purpose)
    _note(office, rows)


def log_list(office: Office, visitor: Visitor, name: str, count: int, asked: str = "", purpose: str = QUALITY) -> None:
    """Logs the view of a list, as `of_list`."""
    _note(office, of_list(visitor, office.now(), name, count, asked, purpose))


def _note(office: Office, rows: list[Row]) -> None:
    if rows:
        with office.write() as tx:
            views.note(tx.conn, office.vault, rows)
