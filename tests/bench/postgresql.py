"""Facts a second on PostgreSQL, from one process and from several at once, beside the recorder of eventsourcing."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from sqlalchemy import URL, create_engine, text

from services import demo
from services.casework import desk
from services.commands.side_by_side.row import Goal, Row
from services.commands.side_by_side.writing import a_mail, in_integration
from services.office.office import open_office
from services.records import database, rebuild
from services.records.vault import Vault
from services.settings import Settings
from tests.postgresql import server

WRITERS = (1, 4, 8)
SECONDS, CASES = 10.0, 400
TWICE = 140  # facts a second from one process: twice what a table lock and one event at a time come to
ALIKE = 0.95  # of a rate is no fall
PATIENCE = 120.0

Given = Sequence[Any]
Writes = Callable[[Any, Given], Iterator[object]]


def writing(seconds: float = SECONDS, cases: int = CASES, writers: Sequence[int] = WRITERS) -> Iterator[Row]:
    """One fact after another on the whole road, each process on its own cases. Raises Missing."""
    with server() as address, tempfile.TemporaryDirectory(prefix="fallverlauf-bench-") as folder:
        engine = create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as conn:
            conn.execute(text("CREATE DATABASE bench"))
        engine.dispose()
        settings = Settings(data=Path(folder), database=_shown(address.set(database="bench")))
        at_work = _office(settings, cases)
        library = _library(address)
        before = 0.0
        for count in writers:
            ours = _rate(our_facts, settings, [at_work[number::count] for number in range(count)], seconds)
            theirs = _rate(their_events, library, [()] * count, seconds)
            yield row(count, ours, theirs, before)
            before = ours


def row(count: int, ours: float, theirs: float, before: float) -> Row:
    """The rates of so many processes, on both roads; `before`: of fewer on ours, 0 for none."""
    rates = f"{ours:.0f}/s, dort {theirs:.0f}/s"
    who = "einem Prozess" if count == 1 else f"{count} Prozessen"
    question = f"PostgreSQL: Einträge festhalten aus {who} ({rates}), neben dem Rekorder von eventsourcing"
    goal, why = Goal(f"mindestens {TWICE}/s", most=1000 / TWICE), "jeder Eintrag liest und schreibt seinen ganzen Fall"
    if before:
        goal = Goal(f"nicht weniger als die {before:.0f}/s davor", most=1000 / (before * ALIKE))
        why = "mehr Prozesse als Kerne teilen sich die Rechenzeit"
    return Row(question, goal, 1000 / ours, 1000 / theirs, count, why)


def _shown(address: URL) -> str:
    return address.render_as_string(hide_password=False)


def _office(settings: Settings, cases: int) -> list[tuple[UUID, str]]:
    """Builds the demo, and gives its cases in Integration, each with its worker."""
    engine = database.connect(settings.database)
    database.migrate(engine)
    rebuild.catch_up(engine, Vault(settings.master_key_file))
    engine.dispose()
    with open_office(settings) as office:
        demo.ensure(office, cases)
        with office.read() as tx:
            return in_integration(tx.conn, office.today())


def _library(address: URL) -> dict[str, str]:
    """The environment of an application of the library on the same server, which has its tables then."""
    host = address.query.get("host") or address.host
    found = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(address.database),
        "POSTGRES_HOST": str(host),
        "POSTGRES_PORT": str(address.query.get("port") or address.port or 5432),
        "POSTGRES_USER": str(address.username),
        "POSTGRES_PASSWORD": address.password or "none",
    }
    next(their_events(found, ()))
    return found | {"CREATE_TABLE": "no"}  # several processes would get into each other's way


def _rate(writes: Writes, where: Any, shares: Sequence[Given], seconds: float) -> float:
    """How many a second all processes together write: counted in each, from when all are ready."""
    context = multiprocessing.get_context("spawn")
    ready, counts = context.Barrier(len(shares)), context.Queue()
    processes = [context.Process(target=_works, args=(writes, where, one, seconds, ready, counts)) for one in shares]
    for one in processes:
        one.start()
    try:
        return sum(counts.get(timeout=PATIENCE + seconds) for _ in processes) / seconds
    finally:
        for one in processes:
            one.terminate()
            one.join()


def _works(writes: Writes, where: Any, share: Given, seconds: float, ready: Any, counts: Any) -> None:
    writing = writes(where, share)
    next(writing)  # whoever writes first reads what is read once
    ready.wait(PATIENCE)
    count, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        next(writing)
        count += 1
    counts.put(count)


def our_facts(settings: Settings, cases: Given) -> Iterator[object]:
    """One mail after another of these cases, with all that follows."""
    with open_office(settings) as office:
        fact = a_mail(office.today())
        for key, worker in cycle(cases):
            yield desk.handle(office, key, fact, worker)


class Note(Aggregate):
    """Something that happens once more, in the words of the library."""

    @event("Heard")
    def hear(self, channel: str) -> None:
        """The client has written."""
        self.channel = channel


def their_events(environment: dict[str, str], _: Given) -> Iterator[object]:
    """One event after another of one aggregate, saved by an application of the library and its recorder."""
    with Application(env={**os.environ, **environment}) as app:
        note = Note()
        app.save(note)
        while True:
            note.hear("mail")
            yield app.save(note)
