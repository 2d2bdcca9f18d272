"""What becomes of each due stage: issued once, told, put off, settled by facts, taken up again (Fachkonzept 3.1)."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, not_, or_, select, union, update
from sqlalchemy.exc import SQLAlchemyError

from domain.decisions.refusal import Refused
from domain.followups import LIVE, State, Step, followup_id, is_late, latest
from domain.handovers import CLOCK
from domain.history import SPANS
from domain.periods import OPEN, local_day
from domain.rules import RULES
from services import failures
from services.followups.batches import Before, in_batches, nothing
from services.messages import recipients as telling
from services.people import directory
from services.records import meaning, rulebook, standing, values
from services.records import rows as case_rows
from services.records.database import insert_once
from services.records.tables import due_rows, followups, messages, records
from services.records.vault import chunks

if TYPE_CHECKING:
    from services.office.office import Office, Transaction

log = logging.getLogger(failures.LOGGER)

SINCE = "followups-since"  # the mark that holds the first day follow-ups were issued on; nothing before it is late


class Listed(NamedTuple):
    """A stage that is listed today as known now; `expected` is the day it should have been told."""

    id: UUID
    case_key: UUID
    rule: str
    stage: str
    cause: str
    due: dt.date
    expected: dt.date
    recipients: tuple[str, ...]
    reason: dict[str, Any]


# --- settled by facts ---


def resolve_many(conn: Connection, cases: Sequence[UUID], now: dt.datetime) -> None:
    """The same as `resolve` for those of many cases that have follow-ups."""
    issued = select(followups.c.case_key).distinct()
    for some in chunks(list(cases)):
        for key in conn.scalars(issued.where(followups.c.case_key.in_(some))).all():
            resolve(conn, key, now)


def resolve(conn: Connection, case_key: UUID, now: dt.datetime, listing: standing.Listing | None = None) -> None:
    """Brings the follow-ups of a case in line with its due rows, in the transaction that changed them.

    What is listed no more is resolved, dropped ("entfallen": gone with a withdrawal or correction) or suspended until
    a day ahead; what its rule tells nobody any more has expired. What was closed today and is listed again is open
    again; of what was closed before, `issue_due` tells. `listing`: the due rows of the day, where they are at hand.
    """
    today = local_day(now)
    listing = listing or listing_of(conn, case_key, today)
    gone: dict[UUID, State | None] = {}
    again: list[UUID] = []
    for followup in conn.execute(_of_case, {"case": case_key}).all():
        own = [row for row in listing.rows if _stage_of(row) == _stage_of(followup)]
        state = _state(own, listing, today)
        if state is State.OPEN:
            _keep_day(conn, followup, own, today)
            if followup.state not in LIVE and local_day(followup.resolved_at) == today:
                again.append(followup.id)
        elif followup.state in (*LIVE, State.SUSPENDED) and followup.state != state:
            gone[followup.id] = state
    if gone:
        _close(conn, case_key, gone, now)
    if again:
        reopen(conn, *again)


def listing_of(conn: Connection, case_key: UUID, day: dt.date) -> standing.Listing:
    """The due rows of a case as known now, with what says which of them count on the day."""
    unit = directory.about(conn, case_key, day).unit
    return standing.Listing(case_rows.due_now(conn, case_key), standing.standings(conn, day), unit)


def _stage_of(one: Row[Any]) -> tuple[str, str, str]:
    return one.rule, one.stage, one.cause


def _keep_day(conn: Connection, followup: Row[Any], rows: Sequence[Row[Any]], today: dt.date) -> None:
    """The same follow-up, on another day if its cause was corrected."""
    due = next(row.due for row in rows if row.listed_from <= today <= row.listed_to)
    if followup.due != due:
        conn.execute(followups.update().where(followups.c.id == followup.id).values(due=due))


def _state(rows: Sequence[Row[Any]], listing: standing.Listing, today: dt.date) -> State | None:
    """Nothing if as known now the stage was due on no day at all."""
    listed = [row for row in rows if row.listed_from <= today <= row.listed_to]
    if listed:
        return State.OPEN if any(map(listing.is_delivered, listed)) else State.EXPIRED
    if any(row.listed_from > today for row in rows):
        return State.SUSPENDED
    return State.RESOLVED if rows else None


def _taken_back(conn: Connection, case_key: UUID) -> bool:
    """Whether the newest fact of the case took another one back or changed it."""
    return conn.execute(_newest, {"case": case_key}).scalar() in ("fact-withdrawn", "fact-corrected")


def _close(conn: Connection, case_key: UUID, gone: Mapping[UUID, State | None], now: dt.datetime) -> None:
    """Closes these follow-ups. Without a state: their stages were due on no day, or the newest fact has undone that."""
    over = State.RESOLVED
    if None in gone.values() and _taken_back(conn, case_key):
        over = State.DROPPED
    conn.execute(_closed, [{"of": one, "to": state or over, "at": now} for one, state in gone.items()])
    conn.execute(_done, {"followups": list(gone), "at": now})


# Built once: putting a statement together takes longer than running it.
_of_case = select(followups).where(followups.c.case_key == bindparam("case"))
_newest = select(records.c.name).where(records.c.key == bindparam("case")).order_by(records.c.number.desc()).limit(1)
_closed = (
    update(followups)
    .where(followups.c.id == bindparam("of"))
    .values(state=bindparam("to"), resolved_at=bindparam("at"), snoozed_until=None)
)
_done = (
    update(messages)
    .where(messages.c.followup.in_(bindparam("followups", expanding=True)), messages.c.done_at.is_(None))
    .values(done_at=bindparam("at"))
)


def reopen(conn: Connection, *some: UUID) -> None:
    """Takes follow-ups up again: the fact that resolved them was withdrawn, or their condition holds anew."""
    opened = followups.update().where(followups.c.id.in_(some))
    conn.execute(opened.values(state=State.OPEN, resolved_at=None, snoozed_until=None))
    conn.execute(messages.update().where(messages.c.followup.in_(some)).values(done_at=None))


# --- issued and told ---


def issue_due(office: Office, day: dt.date, now: dt.datetime, before: Before = nothing) -> int:
    """Issues what is listed on the day and was not issued yet; the number of follow-ups. As often as one likes.

    `before` is done first in each transaction. Raises Waiting while it is not known what is listed.
    """
    with office.read() as tx:
        meaning.digests(tx.conn, ("care", CLOCK, SPANS, *RULES))
        ended = _ended(tx.conn, day)
    in_batches(office, ended, lambda tx, some: _settle(tx.conn, some, now), before)
    with office.read() as tx:
        waiting = _waiting(tx.conn, day)
    return in_batches(office, waiting, lambda tx, some: _issue(tx, some, day, now), before)


def issue_due_in(tx: Transaction, day: dt.date, now: dt.datetime) -> int:
    """The same in the caller's transaction."""
    _settle(tx.conn, _ended(tx.conn, day), now)
    return _issue(tx, _waiting(tx.conn, day), day, now)


def _settle(conn: Connection, cases: Sequence[UUID], now: dt.datetime) -> None:
    for key in cases:
        resolve(conn, key, now)


def _ended(conn: Connection, day: dt.date) -> Sequence[UUID]:
    """Follows the calendar: the cases with a follow-up that the day alone has ended."""
    one = followups.c
    live = (
        select(one.case_key)
        .outerjoin_from(followups, due_rows, with_due_row(conn, day))
        .where(one.state.in_(LIVE), due_rows.c.id.is_(None))
    )
    return conn.execute(live.distinct()).scalars().all()


def with_due_row(conn: Connection, day: dt.date) -> Any:
    """Joins a follow-up and its due row listed and told on the day as known now."""
    one, row = followups.c, due_rows.c
    same = and_(one.case_key == row.case_key, one.rule == row.rule, one.stage == row.stage, one.cause == row.cause)
    return and_(same, standing.told(conn, day))


def _waiting(conn: Connection, day: dt.date) -> list[UUID]:
    """The cases with a listed stage nobody was told of, or that holds again, or was put off until now."""
    row, one = due_rows.c, followups.c
    put_off = and_(one.state == State.SNOOZED, one.snoozed_until <= day)
    untold = or_(one.id.is_(None), one.state.not_in(LIVE), put_off)
    told = standing.told(conn, day)
    found = select(row.case_key).outerjoin_from(due_rows, followups, with_due_row(conn, day)).where(told, untold)
    # Asked for apart, what has no last day and lies ahead is passed over, as in the list (`due`).
    parts = union(found.where(row.listed_to == OPEN), found.where(row.listed_to < OPEN))
    return list(conn.execute(parts).scalars())


def _issue(tx: Transaction, cases: Sequence[UUID], day: dt.date, now: dt.datetime) -> int:
    first_day, lands = _first_day(tx.conn, day), rulebook.lands(tx.conn)

    def late(expected: dt.date) -> bool:
        return expected >= first_day and is_late(expected, day, lands)

    issued = 0
    for key in cases:
        with apart(tx.conn, key):
            issued += _issue_case(tx, key, day, now, late)
    return issued


def _first_day(conn: Connection, day: dt.date) -> dt.date:
    values.put_once(conn, SINCE, day.isoformat())
    return dt.date.fromisoformat(values.value(conn, SINCE) or day.isoformat())


def _issue_case(
    tx: Transaction, case_key: UUID, day: dt.date, now: dt.datetime, late: Callable[[dt.date], bool]
) -> int:
    case = telling.case(tx, case_key, day)
    listed = [one for one in stages(tx.conn, case_key, day) if not case.is_acted(one.rule)]
    told = _told_of(tx.conn, case_key, day)
    shown = latest(listed)
    issued = 0
    for one in listed:
        to = telling.recipients(case.organisation, case.about, one.recipients, day)
        if one.id in told or not to:
            continue
        again = not add(tx.conn, one, now, late=late(one.expected))
        if again and not _take_up(tx.conn, one, day, now):
            continue
        issued += 1
        if one in shown:
            telling.tell(tx.conn, telling_of(one, f"issue-{day.isoformat()}" if again else "issue"), to, now)
    return issued


def _told_of(conn: Connection, case_key: UUID, day: dt.date) -> set[UUID]:
    """The follow-ups of the case that need no message now: open, or put off further."""
    return set(conn.execute(select(followups.c.id).where(followups.c.case_key == case_key, _runs(day))).scalars())


def _runs(day: dt.date) -> ColumnElement[bool]:
    one = followups.c
    return or_(one.state == State.OPEN, and_(one.state == State.SNOOZED, one.snoozed_until > day))


def add(conn: Connection, one: Listed, now: dt.datetime, *, late: bool) -> bool:
    """Opens the follow-up; False if it is there already."""
    row = {
        **{"id": one.id, "case_key": one.case_key, "rule": one.rule, "stage": one.stage, "cause": one.cause},
        **{"due": one.due, "state": State.OPEN, "issued_at": now, "late": late, "reminded": 0, "snoozes": 0},
    }
    return conn.execute(insert_once(conn.dialect, followups).values(row).returning(followups.c.id)).first() is not None


def _take_up(conn: Connection, one: Listed, day: dt.date, now: dt.datetime) -> bool:
    """Opens the follow-up again; False if it runs: somebody has put it off, or told of it, meanwhile."""
    taken_up = {"state": State.OPEN, "resolved_at": None, "snoozed_until": None, "reminded": 0}
    over = (followups.c.id == one.id, not_(_runs(day)))
    return bool(conn.execute(update(followups).where(*over).values(due=one.due, issued_at=now, **taken_up)).rowcount)


def stages(conn: Connection, case_key: UUID, day: dt.date) -> list[Listed]:
    """The stages of a case listed and told on the day as known now, by due day."""
    told = standing.told_of_cases(standing.deliveries(conn, day), day)
    of_case = select(due_rows).where(due_rows.c.case_key == case_key, told)
    found = conn.execute(of_case.order_by(due_rows.c.due)).all()
    return [
        Listed(
            followup_id(case_key, one.rule, one.stage, one.cause),
            case_key,
            one.rule,
            one.stage,
            one.cause,
            one.due,
            max(one.due, one.listed_from, local_day(one.known_from)),
            tuple(one.recipients.split(",")),
            one.reason,
        )
        for one in found
    ]


def named(listed: Sequence[Listed], followups: Collection[str]) -> list[Listed]:
    """Those of the listed stages that somebody names by their ids (hex). Raises `Refused` if one is open no more."""
    found = [one for one in listed if one.id.hex in followups]
    if not found or len(found) < len(set(followups)):
        raise Refused([("", "Diese Aufgabe ist nicht mehr offen.")])
    return found


def telling_of(one: Listed, key: str, step: Step = Step.ISSUE) -> telling.Telling:
    """What is told about a listed stage at one step."""
    data = {"rule": one.rule, "stage": one.stage, "due": one.due.isoformat(), "reason": one.reason}
    return telling.Telling(followup=one.id, case_key=one.case_key, step=step, key=key, data=data)


# --- one case among many ---


@contextmanager
def apart(conn: Connection, case_key: UUID) -> Iterator[None]:
    """What is done here for a case is kept whole or not at all; a failure is logged by its kind, then the next goes on.

    Failures of the database concern everybody and are raised.
    """
    try:
        with conn.begin_nested():
            yield
    except SQLAlchemyError:
        raise
    except Exception as error:
        log.error("case left out", extra={"case": case_key.hex, "kind": type(error).__qualname__})
