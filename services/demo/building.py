"""Builds the demo job centre in an empty database: stores its facts and brings what is computed in line with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from uuid import UUID

from sqlalchemy import select

from domain.facts import Stream
from domain.records import Entry
from services.casework import case as casework
from services.demo import duderstadt, frame, goettingen, people, stadt, staff
from services.demo.story import RULE, Case
from services.demo.writing import Calendar, Written
from services.failures import Said
from services.messages.decisions import Announcer, announce
from services.office.office import DEMO, Office, Transaction, about_foreign_mark, data_kind, mark_demo
from services.people import directory
from services.records import database
from services.records.rebuild import Crew
from services.records.tables import streams


class NotEmpty(Said):
    """The database holds other data; its text is one German sentence."""


Progress = Callable[[int, int], None]
BATCH = 400  # cases stored at once


def ensure(office: Office, further: int = 0, progress: Progress | None = None) -> bool:
    """Builds the demo if the database is empty; False if it is there already. See `build`. Raises NotEmpty."""
    with office.read() as tx:
        kind = data_kind(tx.conn, office.vault)
    if kind == DEMO:
        return False
    build(office, office.today(), further, progress)
    database.empty_log(office.engine)
    return True


def build(office: Office, today: dt.date, further: int = 0, progress: Progress | None = None) -> int:
    """Writes the demo as of a day, in one transaction; returns the number of cases. Raises NotEmpty.

    `further`: so many synthetic cases since 2016 beside those shaped by hand. `progress` is called with the number of
    cases stored so far and of all.
    """
    calendar = Calendar(today, office.now())
    told = cases(calendar)
    with database.spacious(office.engine), office.write() as tx, Crew(office.vault) as crew:
        if tx.conn.execute(select(streams.c.key).limit(1)).first() is not None:
            sentence = "Die Datenbank enthält bereits andere Daten; die Demo braucht ein leeres FALLVERLAUF_DATA."
            raise NotEmpty(sentence + about_foreign_mark(tx.conn, office.vault))
        mark_demo(tx)
        _store_directory(tx, chain(people.directory(today), staff.directory() if further else ()))
        keys = _store_cases(tx, crew, told)
        crew.finish(tx.conn)
        for case in told:
            _tell(tx, keys[case.number], case, today)
        count = len(told)
        for batch in _batches(frame.lives(calendar, told, further)):
            count += len(_store_cases(tx, crew, batch))
            if progress is not None:
                progress(count, len(told) + further)
        crew.finish(tx.conn)
    return count


def _batches(lives: Iterator[Written]) -> Iterator[list[Written]]:
    while batch := list(islice(lives, BATCH)):
        yield batch


def cases(calendar: Calendar) -> list[Case]:
    """All cases, unit by unit."""
    return [*duderstadt.cases(calendar), *goettingen.cases(calendar), *stadt.cases(calendar)]


def _store_directory(tx: Transaction, told: Iterable[tuple[Stream, str, list[Entry]]]) -> None:
    facts = list(told)
    keys = {
        stream: tx.store.open_streams(tx.conn, stream, [code for kind, code, _ in facts if kind is stream])
        for stream in (Stream.UNIT, Stream.PERSON)
    }
    batches = {keys[stream][code]: entries for stream, code, entries in facts}
    tx.store.append_many(tx.conn, batches, tx.now)


def _store_cases(tx: Transaction, crew: Crew, told: Sequence[Written]) -> dict[str, UUID]:
    """Stores the facts of cases and begins to compute their rows."""
    keys = tx.store.open_streams(tx.conn, Stream.CASE, [case.number for case in told])
    batches: dict[UUID, Sequence[Entry]] = {keys[case.number]: case.told for case in told}
    tx.store.append_many(tx.conn, batches, tx.now)
    crew.begin(tx.conn, list(keys.values()))
    return keys


def _tell(tx: Transaction, key: UUID, case: Case, today: dt.date) -> None:
    """Open requests stand with the leads; what was decided last or written by the rule is to be read."""
    view = casework.view(tx, key, today)
    last = view.records[-1]
    by_rule = [entry for entry in case.entries if entry.by == RULE and (today - entry.on).days < 10]
    announcer = Announcer(
        tx=tx,
        case_key=key,
        now=last.recorded_at,
        today=today,
        organisation=directory.organisation(tx),
        about=directory.about(tx.conn, key, today),
    )
    announce(announcer, view, by_rule, last.correlation_id if case.news else "")
