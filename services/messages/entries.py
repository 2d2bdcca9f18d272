"""What stands in whose calendar because it was mailed: who wants that, and each entry as it went out last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, String, and_, cast, delete, literal, or_, select

from domain.periods import DAY, end_of_day
from services.messages.outbox import State, add
from services.records import values
from services.records.database import insert_or_replace
from services.records.tables import calendar_entries, marks, outbox

ENTRY = "mail-calendar"  # the task of the outbox that mails one entry
_WANTS, _YES, _NO = "entries ", "yes", "no"
_one = calendar_entries.c

Key = tuple[str, str]  # a person and the reference of what stands in the calendar


class Entry(NamedTuple):
    """An appointment or own follow-up in somebody's calendar, as the table has it."""

    person: str
    ref: str
    case_key: UUID
    appointment: bool
    day: dt.date
    time: str
    sequence: int
    cancelled: bool


def wants(conn: Connection, person: str) -> bool:
    """Whether the person (directory key) has chosen to get entries by mail."""
    return values.value(conn, f"{_WANTS}{person}") == _YES


def wanting(conn: Connection) -> set[str]:
    """Everybody who has."""
    chosen = select(marks.c.name).where(marks.c.name.startswith(_WANTS), marks.c.value == _YES)
    return {name.removeprefix(_WANTS) for name in conn.scalars(chosen)}


def begin(conn: Connection, person: str, there: Collection[Entry]) -> None:
    """From now on what changes is mailed; what is there already is held for known."""
    end(conn, person)
    values.put(conn, f"{_WANTS}{person}", _YES)
    if there:
        conn.execute(insert_or_replace(conn.dialect, calendar_entries), [one._asdict() for one in there])


def end(conn: Connection, person: str) -> None:
    """Nothing is mailed any more, and what was is forgotten."""
    values.put(conn, f"{_WANTS}{person}", _NO)
    conn.execute(delete(calendar_entries).where(_one.person == person))


def of(conn: Connection, people: Collection[str], since: dt.date) -> dict[Key, Entry]:
    """What these people have from a day on, by person and reference."""
    rows = conn.execute(select(*calendar_entries.c).where(_one.person.in_(people), _one.day >= since))
    return {(row.person, row.ref): Entry(*row) for row in rows}


def undelivered(conn: Connection, people: Collection[str], today: dt.date) -> set[Key]:
    """What of that was planned and has not arrived: dropped, or given up before today, so that a day brings one try."""
    task = literal(f"{ENTRY}/") + _one.person + "/" + _one.ref + "/" + cast(_one.sequence, String)
    given_up = and_(outbox.c.state.in_((State.FAILED, State.KEPT)), outbox.c.finished_at <= end_of_day(today - DAY))
    lost = or_(outbox.c.state == State.DROPPED, given_up)
    found = select(_one.person, _one.ref).join_from(calendar_entries, outbox, outbox.c.unique_key == task)
    return {(row.person, row.ref) for row in conn.execute(found.where(_one.person.in_(people), lost))}


def of_task(conn: Connection, person: str, ref: str, sequence: int) -> Entry | None:
    """The entry that a task mails, unless another change has come meanwhile: that has a task of its own."""
    row = conn.execute(select(*calendar_entries.c).where(_one.person == person, _one.ref == ref)).one_or_none()
    return Entry(*row) if row is not None and row.sequence == sequence else None


def change(conn: Connection, entry: Entry, now: dt.datetime) -> None:
    """Keeps an entry as it is now, and the task to mail it."""
    conn.execute(insert_or_replace(conn.dialect, calendar_entries), entry._asdict())
    data = {"person": entry.person, "ref": entry.ref, "sequence": entry.sequence}
    add(conn, ENTRY, f"{ENTRY}/{entry.person}/{entry.ref}/{entry.sequence}", data, now)


def forget_before(conn: Connection, day: dt.date) -> None:
    """Lets go of what lies before a day: nothing of it changes in a calendar any more."""
    conn.execute(delete(calendar_entries).where(_one.day < day))
