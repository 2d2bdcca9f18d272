"""What stands in the calendar of some workers: appointments and own follow-ups of some days, as known now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Row, and_, exists, func, null, or_, select, union_all

from domain import own
from domain.facts.base import Fact, Lane
from domain.facts.own import OwnFollowUpSet
from domain.history import SPANS
from domain.periods import Period
from domain.rules.rule import set_by
from domain.things import APPOINTMENTS, planning
from services.people import directory
from services.questions import said_now
from services.records import meaning
from services.records.current import held_by
from services.records.tables import END_OF_TIME, due_rows, heads, numbers, segments, spans

if TYPE_CHECKING:
    from services.office.office import Transaction


class Appointment(NamedTuple):
    """An appointment; `ref` names it, `invited` is the day its invitation left, `last` the last number of its case."""

    case_key: UUID
    number: str
    worker: str | None
    ref: str
    on: dt.date
    status: str
    time: str
    place: str
    channel: str
    invited: dt.date | None
    last: int


class FollowUp(NamedTuple):
    """An open own follow-up; `ref` names it, `last` is the last number of its case.

    `worker` is nothing where a lead has set it for themselves.
    """

    case_key: UUID
    number: str
    worker: str | None
    ref: str
    on: dt.date
    subject: str
    last: int


class Agenda(NamedTuple):
    """Both, in the order of days and times."""

    appointments: list[Appointment]
    follow_ups: list[FollowUp]


def of_workers(tx: Transaction, workers: Collection[str], days: Period, today: dt.date) -> Agenda:
    """What lies in these days, both inclusive, in the open cases these people are responsible for today, and what those
    of them who lead have set for themselves in others. Raises Waiting.
    """
    meaning.digests(tx.conn, ("care", SPANS, "R-43"))
    rows = tx.conn.execute(_statement(tx, workers, days, today)).all()
    said = said_now.facts(tx, {row.case_key for row in rows}, {*APPOINTMENTS, OwnFollowUpSet})
    found = Agenda([], [])
    for row in rows:
        facts = [said[ref] for ref in row.facts if ref in said]
        if row.lane == Lane.APPOINTMENT:
            found.appointments.append(_appointment(row, facts))
        else:
            found.follow_ups.append(_follow_up(row, facts))
    return Agenda(
        sorted(found.appointments, key=lambda one: (one.on, one.time or "24", one.number, one.ref)),
        sorted(found.follow_ups, key=lambda one: (one.on, one.number, one.ref)),
    )


class Slot(NamedTuple):
    """Where one of them stands in somebody's calendar: `status` of an appointment, `time` "" where none is known."""

    case_key: UUID
    person: str
    ref: str
    on: dt.date
    appointment: bool
    status: str
    time: str
    last: int


def slots(tx: Transaction, workers: Collection[str], days: Period, today: dt.date) -> list[Slot]:
    """The same without what only facts say, in one statement; what a lead has set is the lead's. Raises Waiting."""
    meaning.digests(tx.conn, ("care", SPANS, "R-43"))
    found = []
    for row in tx.conn.execute(_statement(tx, workers, days, today)):
        shown = row.lane == Lane.APPOINTMENT
        time = row.codes.get("time", "") if shown else ""
        whose = row.worker or row.lead.removeprefix(set_by(""))
        found.append(Slot(row.case_key, whose, row.thing, row.day, shown, row.value, time, row.last))
    return found


def _appointment(row: Row[Any], facts: Sequence[Fact]) -> Appointment:
    told, codes = planning(facts), row.codes
    invited = codes.get("invited")
    return Appointment(
        row.case_key, row.number or "", row.worker, row.thing, row.day, row.value, codes.get("time", ""),
        (told.place if told else None) or "", codes.get("channel", ""),
        dt.date.fromisoformat(invited) if invited else None, row.last,
    )  # fmt: skip


def _follow_up(row: Row[Any], facts: Sequence[Fact]) -> FollowUp:
    last = next((one for one in reversed(facts) if isinstance(one, OwnFollowUpSet)), None)
    return FollowUp(
        row.case_key, row.number or "", row.worker, row.thing, row.day, last.subject if last else "", row.last
    )


def _statement(tx: Transaction, workers: Collection[str], days: Period, today: dt.date) -> CompoundSelect[Any]:
    """Spans of today with a day among these: of the cases of these workers, and what the leads among them have set."""
    care, one = segments.alias(), spans.c
    columns = [one[name] for name in ("case_key", "lane", "value", "thing", "day", "codes", "facts")]
    of_today = (one.known_to == END_OF_TIME, one.from_day <= today, one.to_day >= today)
    there = (*of_today, one.day.between(days.first, days.last), ~_closed(today))
    wanted = or_(one.lane == Lane.APPOINTMENT, and_(one.lane == Lane.OWN, one.value == own.OPEN))
    organisation = directory.organisation(tx)
    leading = [set_by(person) for person in sorted(workers) if organisation.heads(person, today)]
    of_cases = (
        select(*columns, care.c.worker, null().label("lead"), numbers.c.number, heads.c.number.label("last"))
        .join_from(care, spans, one.case_key == care.c.case_key)
        .join(heads, heads.c.key == care.c.case_key)
        .outerjoin(numbers, numbers.c.key == care.c.case_key)
        .where(held_by(care, "care", today), care.c.worker.in_(workers), wanted, *there)
        .where(or_(one.lane == Lane.APPOINTMENT, ~_of_lead(organisation.all_heads(today), today)))
    )
    of_leading = _due_for(leading, today)
    of_lead = select(func.min(due_rows.c.recipients)).where(of_leading).correlate(spans).scalar_subquery()
    of_leads = (
        select(*columns, null().label("worker"), of_lead.label("lead"), numbers.c.number, heads.c.number.label("last"))
        .join_from(spans, heads, heads.c.key == one.case_key)
        .outerjoin(numbers, numbers.c.key == one.case_key)
        .where(one.lane == Lane.OWN, one.value == own.OPEN, *there, exists().where(of_leading))
    )
    return union_all(of_cases, *([of_leads] if leading else []))


def _closed(day: dt.date) -> ColumnElement[bool]:
    closed = spans.alias().c
    there = (closed.lane == Lane.CASE, closed.value == "closed", closed.known_to == END_OF_TIME)
    return exists().where(closed.case_key == spans.c.case_key, *there, closed.from_day <= day, closed.to_day >= day)


def _of_lead(heads: Collection[str], day: dt.date) -> ColumnElement[bool]:
    return exists().where(_due_for([set_by(person) for person in heads], day))


def _due_for(recipients: Collection[str], day: dt.date) -> ColumnElement[bool]:
    """The due row by which an own follow-up goes to one of these: its reason names it."""
    row = due_rows.c
    there = (row.case_key == spans.c.case_key, row.known_to == END_OF_TIME, row.listed_to >= day)
    named = row.reason["follow_up"].as_string() == spans.c.thing
    return and_(*there, row.rule == "R-43", row.recipients.in_(recipients), named)
