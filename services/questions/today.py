"""What waits for a person today: due stages of their cases, answers to their requests, what was written by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, and_, select

from domain.calendar import next_working_day
from domain.followups import LEAD_AFTER, Message, State, followup_id, messages
from domain.history import SPANS
from domain.periods import DAY
from domain.rules import RULES, Theme
from services.messages.inbox import Kind
from services.messages.waiting import told
from services.people import directory
from services.questions.cases import client_names
from services.records import meaning, standing, tables
from services.records.current import cared_for
from services.records.standing import acted
from services.records.tables import END_OF_TIME, due_rows, followups, segments

if TYPE_CHECKING:
    from services.office.office import Transaction

TOPICS = ("care", SPANS, *RULES)  # whose rows say what waits
TOLD = (Kind.ANSWER, Kind.INFO)  # messages a person only reads, shown on Heute


class Stage(NamedTuple):
    """A due stage of one case, with what pages need beside it; `worker` is a directory key.

    `past_limit`: a `limit` is among the stages of its theme and case, put off or not.
    """

    id: UUID
    case_key: UUID
    number: str
    name: str
    worker: str
    rule: str
    stage: str
    cause: str
    due: dt.date
    reason: dict[str, Any]
    issued_at: dt.datetime | None
    past_limit: bool


class Note(NamedTuple):
    """A message to read: an answer to a request, or what a rule wrote; `data` holds codes, days and keys."""

    id: int
    kind: str
    case_key: UUID
    number: str
    name: str
    at: dt.datetime
    data: dict[str, Any]


class Counts(NamedTuple):
    """How much there is: due today, overdue, and coming until Sunday."""

    today: int
    overdue: int
    week: int


class Next(NamedTuple):
    """The next Wiedervorlage, for a day without any."""

    due: dt.date
    number: str
    rule: str


def tasks(tx: Transaction, workers: Collection[str], day: dt.date) -> list[Message[Stage]]:
    """The messages of these workers (directory keys): one per case and theme, the longest due first. Raises Waiting."""
    meaning.digests(tx.conn, TOPICS)
    rows = tx.conn.execute(_listed(tx.conn, workers, day)).all()
    issued = _followups(tx.conn, {row.case_key for row in rows})
    acting = acted(tx.conn, {row.case_key for row in rows}, day)
    found = []
    for row in rows:
        one = followup_id(row.case_key, row.rule, row.stage, row.cause)
        told = issued.get(one)
        if told and told.state == State.SNOOZED and told.snoozed_until > day:
            continue
        if RULES[row.rule].theme in acting.get(row.case_key, ()):
            continue
        found.append((row, one, told.issued_at if told else None))
    return messages(_stages(tx, found, {_told_together(row) for row in rows if row.stage == "limit"}))


def _listed(conn: Connection, workers: Collection[str], day: dt.date) -> Any:
    care = segments.alias()
    found = select(due_rows, care.c.worker).join_from(due_rows, care, cared_for(care, due_rows.c.case_key, day))
    return found.where(standing.told(conn, day), due_rows.c.recipients.contains("worker"), care.c.worker.in_(workers))


def _followups(conn: Connection, cases: Collection[UUID]) -> dict[UUID, Any]:
    found = conn.execute(select(followups).where(followups.c.case_key.in_(cases)))
    return {row.id: row for row in found}


def _told_together(row: Any) -> tuple[UUID, Theme]:
    return row.case_key, RULES[row.rule].theme


def _stages(
    tx: Transaction, found: Iterable[tuple[Any, UUID, dt.datetime | None]], limits: Collection[tuple[UUID, Theme]]
) -> list[Stage]:
    found = list(found)
    keys = {row.case_key for row, _, _ in found}
    numbers, names = tx.store.numbers(tx.conn, keys), client_names(tx, keys)
    return [
        Stage(
            one, row.case_key, numbers.get(row.case_key, ""), names.get(row.case_key, ""), row.worker,
            row.rule, row.stage, row.cause, row.due, row.reason, issued_at, _told_together(row) in limits,
        )
        for row, one, issued_at in found
    ]  # fmt: skip


def notes(tx: Transaction, person: str, day: dt.date) -> list[Note]:
    """What the person, or whom they stand in for, still has to read, the newest first."""
    row = tables.messages.c
    chosen = select(tables.messages).where(row.id.in_(told(tx.conn, directory.organisation(tx), person, day, TOLD)))
    rows = tx.conn.execute(chosen.order_by(row.created_at.desc())).all()
    keys = {one.case_key for one in rows}
    numbers, names = tx.store.numbers(tx.conn, keys), client_names(tx, keys)
    return [
        Note(
            one.id, one.kind, one.case_key, numbers[one.case_key], names.get(one.case_key, ""), one.created_at, one.data
        )
        for one in rows
        if one.case_key in numbers
    ]


def read_note(tx: Transaction, person: str, note: int, now: dt.datetime, kinds: Collection[Kind] = TOLD) -> bool:
    """Marks a message as read; False if the person has no such message of one of these kinds."""
    if note not in told(tx.conn, directory.organisation(tx), person, tx.today, kinds):
        return False
    tx.conn.execute(tables.messages.update().where(tables.messages.c.id == note).values(done_at=now))
    return True


def counts(found: Iterable[Message[Stage]], coming: int, day: dt.date, offered: Sequence[dt.date] = ()) -> Counts:
    """Overdue is what should have been done on an earlier working day, and a handover `offered` 14 days ago."""
    days = [min(one.due for one in message.stages) for message in found] + [one + LEAD_AFTER for one in offered]
    late = sum(next_working_day(one - DAY) < day for one in days)
    return Counts(len(days) - late, late, coming)


def ahead(tx: Transaction, workers: Collection[str], day: dt.date) -> tuple[int, Next | None]:
    """How many themes become due until Sunday, and the next of all. Raises Waiting."""
    meaning.digests(tx.conn, TOPICS)
    care = segments.alias()
    responsible = and_(cared_for(care, due_rows.c.case_key, day), care.c.worker.in_(workers))
    row = due_rows.c
    to_come = (
        row.known_to == END_OF_TIME,
        row.listed_from > day,
        row.listed_to > day,
        row.recipients.contains("worker"),
        standing.delivered(tx.conn, day),
    )
    coming = select(row.case_key, row.rule, row.listed_from).join_from(due_rows, care, responsible).where(*to_come)
    # Sorted here: asked for an order, a database goes through what is ahead in the whole office.
    rows = sorted(tx.conn.execute(coming).all(), key=attrgetter("listed_from"))
    sunday = day + (6 - day.weekday()) * DAY
    acting = acted(tx.conn, {row.case_key for row in rows if row.listed_from <= sunday}, day)
    # What somebody acts on stays silent in the next days; later it may have been answered.
    rows = [
        row for row in rows if row.listed_from > sunday or RULES[row.rule].theme not in acting.get(row.case_key, ())
    ]
    if not rows:
        return 0, None
    week = {(row.case_key, RULES[row.rule].theme) for row in rows if row.listed_from <= sunday}
    first = rows[0]
    number = tx.store.numbers(tx.conn, [first.case_key]).get(first.case_key, "")
    return len(week), Next(first.listed_from, number, first.rule)
