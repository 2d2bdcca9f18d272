"""What waits for a person today: due stages of their cases, answers to their requests, what was written by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence, Set
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, and_, case, null, or_, select

from domain.facts.own import OwnFollowUpSet
from domain.followups import Message, State, followup_id, messages
from domain.history import SPANS
from domain.periods import DAY
from domain.rules import RULES, Theme
from domain.rules.rule import BY
from domain.rules.themes import REVIEW
from services.messages.inbox import Kind
from services.messages.waiting import told
from services.people import directory
from services.questions import said_now
from services.questions.in_time import last_day
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

    `put_off`: until when, if it is. `past_limit`: a `limit` is among the stages of its theme and case, or of their
    Überprüfung, put off or not.
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
    put_off: dt.date | None
    past_limit: bool

    @property
    def in_time(self) -> dt.date:
        """The last day on which an answer is in time."""
        return last_day(self.rule, self.stage, self.due, self.reason)


class Note(NamedTuple):
    """A message to read: an answer to a request, or what a rule wrote; `data` holds codes, days and keys."""

    id: int
    kind: str
    case_key: UUID
    number: str
    at: dt.datetime
    data: dict[str, Any]


class Next(NamedTuple):
    """The next Wiedervorlage, for a day without any."""

    due: dt.date
    number: str
    rule: str


class Inbox(NamedTuple):
    """What waits for some workers, one message per case and theme: now, put off, coming until Sunday.

    `next` is the next Wiedervorlage of all.
    """

    now: list[Message[Stage]]
    put_off: list[Message[Stage]]
    week: list[Message[Stage]]
    next: Next | None


class _Due(NamedTuple):
    """The due rows of some workers, those listed on a day and those ahead, and on what of their cases somebody acts."""

    listed: list[Row[Any]]
    ahead: list[Row[Any]]
    acting: dict[UUID, frozenset[Theme]]


def tasks(tx: Transaction, workers: Collection[str], day: dt.date) -> list[Message[Stage]]:
    """The messages of these workers (directory keys): one per case and theme, the longest due first. Raises Waiting."""
    return inbox(tx, workers, day).now


def inbox(tx: Transaction, workers: Collection[str], day: dt.date) -> Inbox:
    """The same, with what is put off and what is to come, of that no appointments: they have their day."""
    due, sunday = _due(tx, workers, day), _sunday(day)
    limits = {_told_together(row) for row in due.listed if row.stage == "limit"}
    listed = [row for row in due.listed if not _acted(row, due)]
    now = [row for row in listed if is_told(row, day)]
    here = {_told_together(row) for row in listed}
    # Sorted here: asked for an order, a database goes through what is ahead in the whole office.
    # What somebody acts on stays silent in the next days; later it may have been answered.
    ahead = [row for row in sorted(due.ahead, key=_comes) if row.listed_from > sunday or not _acted(row, due)]
    week = [row for row in ahead if row.listed_from <= sunday and not _theme(row).daily]
    return Inbox(
        now=messages(_stages(now, limits)),
        put_off=messages(_stages([row for row in listed if not is_told(row, day)], limits)),
        week=messages(_stages([row for row in week if _told_together(row) not in here], limits)),
        next=next((Next(row.listed_from, row.number or "", row.rule) for row in ahead), None),
    )


def in_time(message: Message[Stage]) -> dt.date:
    """The last day on which an answer to all of a message is in time."""
    return min(stage.in_time for stage in message.stages)


def of_own(stages: Iterable[Stage]) -> set[UUID]:
    """The cases in which an own follow-up is among the stages."""
    return {stage.case_key for stage in stages if "entry" in stage.reason}


def with_subjects(tx: Transaction, found: Iterable[Message[Stage]]) -> list[Message[Stage]]:
    """The same messages; what own follow-ups are about stands in their cases alone, and makes their reason whole."""
    found = list(found)
    said = said_now.facts(tx, of_own(stage for one in found for stage in one.stages), {OwnFollowUpSet})
    subjects = {ref: fact.subject for ref, fact in said.items() if isinstance(fact, OwnFollowUpSet)}

    def whole(stage: Stage) -> Stage:
        subject = subjects.get(stage.reason.get("entry", ""))
        return stage if subject is None else stage._replace(reason=stage.reason | {"subject": subject})

    return [one._replace(stages=[whole(stage) for stage in one.stages]) for one in found]


def _due(tx: Transaction, workers: Collection[str], day: dt.date) -> _Due:
    """Read once for what is due and what is ahead."""
    known: dict[tuple[frozenset[str], dt.date], _Due] = kept(tx.conn, "due rows")
    asked = (frozenset(workers), day)
    if asked not in known:
        meaning.digests(tx.conn, TOPICS)
        organisation = directory.organisation(tx)
        found = tx.conn.execute(_statement(tx.conn, workers, day)).all()
        rows = [row for row in found if not organisation.heads(row.recipients.removeprefix(BY), day)]
        listed = [row for row in rows if row.listed_from <= day]
        ahead = [row for row in rows if row.listed_from > day]
        soon = {row.case_key for row in rows if row.listed_from <= _sunday(day)}
        known[asked] = _Due(listed, ahead, acted(tx.conn, soon, day))
    return known[asked]


def _statement(conn: Connection, workers: Collection[str], day: dt.date) -> Select[Any]:
    """What is due and to come, what was told of it, the number of its case; beyond the week no reason is shown."""
    care, row, told = segments.alias(), due_rows.c, followups.c
    columns = [row[name] for name in ("case_key", "rule", "stage", "cause", "due", "listed_from", "recipients")]
    reason = case((row.listed_from <= _sunday(day), row.reason), else_=null()).label("reason")
    return (
        select(*columns, reason, care.c.worker, told.state, told.snoozed_until, numbers.c.number)
        .join_from(due_rows, care, and_(care.c.case_key == row.case_key, held_by(care, "care", day)))
        .outerjoin(followups, told_of(due_rows))
        .outerjoin(numbers, numbers.c.key == row.case_key)
        .where(listed_of_cases(day), or_(row.recipients.contains("worker"), row.recipients.startswith(BY)))
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


def _acted(row: Row[Any], due: _Due) -> bool:
    """Whether somebody acts on it already."""
    return _theme(row) in due.acting.get(row.case_key, ())


def _comes(row: Row[Any]) -> dt.date:
    day: dt.date = row.listed_from
    return day


def _told_together(row: Row[Any]) -> tuple[UUID, Theme]:
    return row.case_key, _theme(row)


def _stages(rows: Sequence[Row[Any]], limits: Set[tuple[UUID, Theme]]) -> list[Stage]:
    return [
        Stage(
            followup_id(row.case_key, row.rule, row.stage, row.cause), row.case_key, row.number or "", row.worker,
            row.rule, row.stage, row.cause, row.due, row.reason, row.snoozed_until,
            not limits.isdisjoint({_told_together(row), (row.case_key, REVIEW)}),
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


def _sunday(day: dt.date) -> dt.date:
    return day + (6 - day.weekday()) * DAY
