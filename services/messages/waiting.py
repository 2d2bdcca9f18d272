"""What stands with somebody today: a message follows who stands in for whom, a request whoever may decide it today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from domain.organisation import Organisation
from domain.permissions import About, level
from services.messages.inbox import Kind
from services.people import directory
from services.records.tables import messages

if TYPE_CHECKING:
    from services.office.office import Transaction


class Asked(NamedTuple):
    """A request the person may decide; `request` is its reference, `on_behalf` the lead stood in for, if any."""

    case_key: UUID
    request: str
    on_behalf: str | None
    at: dt.datetime


def told(conn: Connection, organisation: Organisation, person: str, day: dt.date, kinds: Collection[Kind]) -> list[int]:
    """The open messages of these kinds meant for the person, or for whom the person stands in, by their numbers."""
    one, principals = messages.c, {person, *organisation.deputised_for(person, day)}
    meant = or_(one.recipient.in_(principals), one.data["for"].as_string().in_(principals))
    found = conn.execute(select(one.id, one.recipient, one.data).where(meant, *_open(kinds))).all()
    return [row.id for row in found if _meant_for(row) in principals]


def requests(tx: Transaction, person: str, day: dt.date) -> list[Asked]:
    """The requests the person may decide on the day, whoever was told of them; the oldest first."""
    organisation, one = directory.organisation(tx), messages.c
    rows = tx.conn.execute(select(messages).where(*_open((Kind.REQUEST,))).order_by(one.case_key, one.id)).all()
    abouts = directory.abouts(tx.conn, {row.case_key for row in rows}, day)
    found = []
    for (case_key, request), some in groupby(rows, key=lambda row: (row.case_key, str(row.data["request"]))):
        asked, about = list(some), abouts.get(case_key, directory.NOBODY)
        to = _deciding(organisation, asked, about, day)
        if person in to and level(organisation, person, about, day):
            found.append(Asked(case_key, request, to[person], asked[0].created_at))
    return sorted(found, key=lambda asked: asked.at)


def _deciding(
    organisation: Organisation, asked: Sequence[Row[Any]], about: About, day: dt.date
) -> dict[str, str | None]:
    """Who may decide a request today, each with whom they stand in for: those of today, and whom it was told to."""
    requester, above = str(asked[0].data["by"]), all(row.data.get("above") for row in asked)
    acting = organisation.approvers(about.unit, about.area, day, requester, above=above)
    acting += [organisation.acting(_meant_for(row), day) for row in asked]
    found = {one.person: one.on_behalf_of for one in reversed(acting)}
    found |= {principal: None for row in asked if (principal := _meant_for(row)) not in found}
    return {one: on_behalf for one, on_behalf in found.items() if one != requester}


def _meant_for(message: Any) -> str:
    return str(message.data.get("for") or message.recipient)


def _open(kinds: Iterable[Kind]) -> tuple[ColumnElement[bool], ...]:
    return messages.c.kind.in_(tuple(kinds)), messages.c.done_at.is_(None)
