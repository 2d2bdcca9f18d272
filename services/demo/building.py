"""Builds the demo job centre in an empty database: stores its facts and brings what is computed in line with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Connection, select

from domain.facts import Stream
from domain.records import Entry
from services import casework, directory
from services.access.demo import data_kind
from services.admission import KIND
from services.announcing import Announcer, announce
from services.demo import duderstadt, goettingen, people, stadt
from services.demo.story import RULE, Case
from services.demo.writing import Calendar
from services.records import marks, readmodel
from services.records.tables import streams

if TYPE_CHECKING:
    from services.office import Office


class NotEmpty(Exception):
    """The database holds other data; its text is one German sentence."""


def ensure(office: Office) -> bool:
    """Builds the demo if the database is empty; False if it is there already. Raises NotEmpty."""
    with office.read() as conn:
        kind = data_kind(conn)
    if kind == "demo":
        return False
    build(office, office.today())
    return True


def build(office: Office, today: dt.date) -> int:
    """Writes the demo as of a day, in one transaction; returns the number of cases. Raises NotEmpty."""
    told = cases(Calendar(today, office.now()))
    with office.write() as conn:
        if conn.execute(select(streams.c.key).limit(1)).first() is not None:
            raise NotEmpty("Die Datenbank enthält bereits andere Daten; die Demo braucht ein leeres FALLVERLAUF_DATA.")
        marks.put(conn, KIND, "demo")
        _store_directory(office, conn, today)
        keys = _store_cases(office, conn, told)
        for case in told:
            _tell(office, conn, keys[case.number], case, today)
    return len(told)


def cases(calendar: Calendar) -> list[Case]:
    """All cases, unit by unit."""
    return [*duderstadt.cases(calendar), *goettingen.cases(calendar), *stadt.cases(calendar)]


def _store_directory(office: Office, conn: Connection, today: dt.date) -> None:
    facts = list(people.directory(today))
    keys = {
        stream: office.store.open_streams(conn, stream, [code for kind, code, _ in facts if kind is stream])
        for stream in (Stream.UNIT, Stream.PERSON)
    }
    batches = {keys[stream][code]: entries for stream, code, entries in facts}
    office.store.append_many(conn, batches, office.now())


def _store_cases(office: Office, conn: Connection, told: Sequence[Case]) -> dict[str, UUID]:
    keys = office.store.open_streams(conn, Stream.CASE, [case.number for case in told])
    batches: dict[UUID, Sequence[Entry]] = {keys[case.number]: case.entries for case in told}
    office.store.append_many(conn, batches, office.now())
    for case in told:
        office.vault.put_names(conn, keys[case.number], case.name)
    readmodel.refresh_many(conn, {key: office.store.records(conn, key) for key in keys.values()})
    return keys


def _tell(office: Office, conn: Connection, key: UUID, case: Case, today: dt.date) -> None:
    """Open requests stand with the leads; what was decided last or written by the rule is to be read."""
    view = casework.view(office, conn, key, today)
    last = view.records[-1]
    by_rule = [entry for entry in case.entries if entry.by == RULE and (today - entry.on).days < 10]
    announcer = Announcer(
        office=office,
        conn=conn,
        case_key=key,
        now=last.recorded_at,
        today=today,
        organisation=directory.organisation(office, conn),
        about=directory.about(office, conn, key, today),
    )
    announce(announcer, view, by_rule, last.correlation_id if case.news else "")
