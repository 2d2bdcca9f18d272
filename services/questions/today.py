"""What waits for a person today: due stages of their cases, answers to their requests, what was written by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, and_, case, null, select

from domain.calendar import next_working_day
from domain.followups import LEAD_AFTER, Message, State, followup_id, messages
from domain.history import SPANS
from domain.periods import DAY
from domain.rules import RULES, Theme
from services.messages.inbox import Kind
from services.messages.waiting import told
from services.people import directory
from services.records import meaning, standing, tables
from services.records.current import held_by, listed_of_cases
from services.records.database import kept
from services.records.standing import acted
from services.records.tables import due_rows, followups, numbers, segments

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


class _Due(NamedTuple):
    """The due rows of some workers, those listed on a day and those ahead, and on what of their cases somebody acts."""

    listed: list[Row[Any]]
    ahead: list[Row[Any]]
    acting: dict[UUID, frozenset[Theme]]


def tasks(tx: Transaction, workers: Collection[str], day: dt.date) -> list[Message[Stage]]:
    """The messages of these workers (directory keys): one per case and theme, the longest due first. Raises Waiting."""
    due = _due(tx, workers, day)
    found = [row for row in due.listed if is_told(row, day) and _theme(row) not in due.acting.get(row.case_key, ())]
    return messages(_stages(found, {_told_together(row) for row in due.listed if row.stage == "limit"}))


def _due(tx: Transaction, workers: Collection[str], day: dt.date) -> _Due:
    """Read once for what is due and what is ahead."""
    known: dict[tuple[frozenset[str], dt.date], _Due] = kept(tx.conn, "due rows")
    asked = (frozenset(workers), day)
    if asked not in known:
        meaning.digests(tx.conn, TOPICS)
        rows = tx.conn.execute(_statement(tx.conn, workers, day)).all()
        listed = [row for row in rows if row.listed_from <= day]
        ahead = [row for row in rows if row.listed_from > day]
        soon = {row.case_key for row in rows if row.listed_from <= _sunday(day)}
        known[asked] = _Due(listed, ahead, acted(tx.conn, soon, day))
    return known[asked]


def _statement(conn: Connection, workers: Collection[str], day: dt.date) -> Select[Any]:
    """What is due and to come, with what was told of it, and the number of its case; ahead no reason is shown."""
    care, row, told = segments.alias(), due_rows.c, followups.c
    columns = [row[name] for name in ("case_key", "rule", "stage", "cause", "due", "listed_from")]
    reason = case((row.listed_from <= day, row.reason), else_=null()).label("reason")
    return (
        select(*columns, reason, care.c.worker, told.state, told.snoozed_until, told.issued_at, numbers.c.number)
        .join_from(due_rows, care, and_(care.c.case_key == row.case_key, held_by(care, "care", day)))
        .outerjoin(followups, told_of(due_rows))
        .outerjoin(numbers, numbers.c.key == row.case_key)
        .where(listed_of_cases(day), row.recipients.contains("worker"))
        .where(standing.delivered(conn, day), care.c.worker.in_(workers))
    )


def told_of(rows: FromClause) -> ColumnElement[bool]:
    """Joins a due row and what was told of it."""
    return and_(*(followups.c[name] == rows.c[name] for name in ("case_key", "rule", "stage", "cause")))


def is_told(row: Row[Any], day: dt.date) -> bool:
    """Whether a due row was not put off until later."""
    return not (row.state == State.SNOOZED and row.snoozed_until > day)


def _theme(row: Row[Any]) -> Theme:
    return RULES[row.rule].theme


def _told_together(row: Row[Any]) -> tuple[UUID, Theme]:
    return row.case_key, _theme(row)


def _stages(rows: Sequence[Row[Any]], limits: Collection[tuple[UUID, Theme]]) -> list[Stage]:
    return [
        Stage(
            followup_id(row.case_key, row.rule, row.stage, row.cause), row.case_key, row.number or "", row.worker,
            row.rule, row.stage, row.cause, row.due, row.reason, row.issued_at, _told_together(row) in limits,
        )
        for row in rows
    ]  # fmt: skip


def notes(tx: Transaction, person: str, day: dt.date) -> list[Note]:
    """What the person, or whom they stand in for, still has to read, the newest first."""
    rows = told(tx.conn, directory.organisation(tx), person, day, TOLD)
    given = tx.store.numbers(tx.conn, {one.case_key for one in rows})
    found = [
        Note(one.id, one.kind, one.case_key, given[one.case_key], one.created_at, one.data)
        for one in rows
        if one.case_key in given
    ]
    return sorted(found, key=attrgetter("at"), reverse=True)


def read_note(tx: Transaction, person: str, note: int, now: dt.datetime, kinds: Collection[Kind] = TOLD) -> bool:
    """Marks a message as read; False if the person has no such message of one of these kinds."""
    if all(one.id != note for one in told(tx.conn, directory.organisation(tx), person, tx.today, kinds)):
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
    due, sunday = _due(tx, workers, day), _sunday(day)
    # Sorted here: asked for an order, a database goes through what is ahead in the whole office.
    rows = sorted(due.ahead, key=attrgetter("listed_from"))
    # What somebody acts on stays silent in the next days; later it may have been answered.
    rows = [row for row in rows if row.listed_from > sunday or _theme(row) not in due.acting.get(row.case_key, ())]
    if not rows:
        return 0, None
    week = {_told_together(row) for row in rows if row.listed_from <= sunday}
    first = rows[0]
    return len(week), Next(first.listed_from, first.number or "", first.rule)


def _sunday(day: dt.date) -> dt.date:
    return day + (6 - day.weekday()) * DAY
