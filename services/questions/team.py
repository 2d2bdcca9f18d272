"""What waits for a lead: requests to decide, what is overdue in the unit, who is away and stood in for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, and_, false, or_, select

from domain.followups import LEAD_AFTER, State, followup_id
from domain.organisation import Organisation
from services.questions.cases import client_names, led_by
from services.questions.today import PENDING
from services.records import tables
from services.records.tables import END_OF_TIME, due_rows, followups, segments

if TYPE_CHECKING:
    from services.office import Office


class Asked(NamedTuple):
    """A request the person may decide; `request` is its reference, `on_behalf` the lead stood in for, if any."""

    case_key: UUID
    number: str
    request: str
    on_behalf: str | None
    at: dt.datetime


class Overdue(NamedTuple):
    """A follow-up of the unit that reached its lead; what was tried stands beside it."""

    case_key: UUID
    number: str
    name: str
    worker: str | None
    rule: str
    stage: str
    due: dt.date
    reason: dict[str, Any]
    issued_at: dt.datetime | None
    reminded: int
    snoozes: int
    snoozed_until: dt.date | None


class Away(NamedTuple):
    """Somebody absent today; `acting` is who stands in, nothing if nobody does."""

    person: str
    acting: str | None


def requests(office: Office, conn: Connection, person: str) -> list[Asked]:
    """The requests the person may decide, the oldest first."""
    row = tables.messages.c
    chosen = select(tables.messages).where(row.recipient == person, row.kind == PENDING, row.done_at.is_(None))
    rows = conn.execute(chosen.order_by(row.created_at)).all()
    numbers = office.store.numbers(conn, {one.case_key for one in rows})
    return [
        Asked(one.case_key, numbers[one.case_key], str(one.data["request"]), one.data.get("for"), one.created_at)
        for one in rows
        if one.case_key in numbers
    ]


def overdue(office: Office, conn: Connection, organisation: Organisation, person: str, day: dt.date) -> list[Overdue]:
    """Stages of the unit that name the lead, or were due 14 days ago, or have no responsible worker; oldest first."""
    rows = conn.execute(_listed(led_by(conn, organisation, person, day), day)).all()
    told = _told(conn, {row.case_key for row in rows})
    found = [(row, told.get(followup_id(row.case_key, row.rule, row.stage, row.cause))) for row in rows]
    wanted = [(row, one) for row, one in found if _reached_lead(organisation, row, one, day)]
    keys = {row.case_key for row, _ in wanted}
    numbers, names = office.store.numbers(conn, keys), client_names(office, conn, keys)
    return [_overdue(row, one, numbers, names) for row, one in _latest(wanted)]


def absences(conn: Connection, organisation: Organisation, person: str, day: dt.date) -> list[Away]:
    """Who of the workers with cases in the led units is away today."""
    care = segments.c
    places = led_by(conn, organisation, person, day)
    here = or_(false(), *(and_(care.unit == unit, care.area == area) for unit, area in places))
    current = (care.clock == "care", care.from_day <= day, care.to_day >= day, care.known_to == END_OF_TIME)
    workers = conn.execute(select(care.worker).where(*current, here).distinct()).scalars()
    gone = [one for one in workers if one and organisation.absent(one, day)]
    found = [(one, organisation.acting(one, day).person) for one in sorted(gone)]
    return [Away(one, acting if acting != one else None) for one, acting in found]


def _listed(places: Collection[tuple[str, str]], day: dt.date) -> Any:
    care = segments.alias()
    here = or_(false(), *(and_(care.c.unit == unit, care.c.area == area) for unit, area in places))
    joined = and_(
        care.c.case_key == due_rows.c.case_key,
        care.c.clock == "care",
        care.c.from_day <= day,
        care.c.to_day >= day,
        care.c.known_to == END_OF_TIME,
    )
    listed = (due_rows.c.known_to == END_OF_TIME, due_rows.c.listed_from <= day, due_rows.c.listed_to >= day)
    return select(due_rows, care.c.worker).join(care, joined).where(*listed, here).order_by(due_rows.c.due)


def _told(conn: Connection, cases: Collection[UUID]) -> dict[UUID, Any]:
    return {row.id: row for row in conn.execute(select(followups).where(followups.c.case_key.in_(cases)))}


def _reached_lead(organisation: Organisation, row: Any, told: Any, day: dt.date) -> bool:
    if told is not None and told.state == State.SNOOZED and told.snoozed_until > day:
        return False
    alone = row.worker is None or not organisation.employed(row.worker, day)
    return alone or "lead" in row.recipients or day - row.due >= LEAD_AFTER


def _latest(found: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """The latest stage of each rule and case, the longest due first; each appointment stands for itself."""
    latest: dict[object, tuple[Any, Any]] = {}
    for row, told in found:
        latest[(row.case_key, row.rule, row.cause if row.rule == "R-14" else "")] = (row, told)
    return sorted(latest.values(), key=lambda one: one[0].due)


def _overdue(row: Any, told: Any, numbers: dict[UUID, str], names: dict[UUID, str]) -> Overdue:
    return Overdue(
        case_key=row.case_key,
        number=numbers.get(row.case_key, ""),
        name=names.get(row.case_key, ""),
        worker=row.worker,
        rule=row.rule,
        stage=row.stage,
        due=row.due,
        reason=row.reason,
        issued_at=told.issued_at if told else None,
        reminded=told.reminded if told else 0,
        snoozes=told.snoozes if told else 0,
        snoozed_until=told.snoozed_until if told else None,
    )
