"""Facts stored and rows computed, each beside the bare work on the tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import cycle, islice
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, event, func, insert, select

from domain.decisions.wishes import RecordFact
from services.casework import desk
from services.commands.side_by_side.row import Differs, Row, timed, within
from services.office.office import Office
from services.records import current, tables

WRITES = 100  # facts recorded one by one, and rows inserted


def one_fact(office: Office, _: int) -> Iterator[Row]:
    """One fact on the whole road, with its rows, follow-ups and what is to be undone; beside it the insert alone."""
    with office.read() as tx:
        cases = list(islice(cycle(in_integration(tx.conn, office.today())), WRITES))
        row = dict(tx.conn.execute(select(tables.records).limit(1)).mappings().one())
        before = _stored(tx.conn)
    fact = a_mail(office.today())
    ours, plain = [], []
    with _statements(office) as said:
        for number, (key, worker) in enumerate(cases):
            ours.append(timed(partial(desk.handle, office, key, fact, worker)))
            if not number:
                said.clear()  # the first one reads what others keep
            bare = row | {"key": UUID(int=number), "number": 1}
            plain.append(timed(partial(_inserted, office, bare)))
    _all_arrived(office, before)
    per_fact = round(len(said) / (WRITES - 1)) - 1
    question = f"einen Eintrag festhalten, mit allem, was daraus folgt ({per_fact} Anweisungen), neben der bloßen Zeile"
    why = "jede Anweisung kostet in Python mehr als in SQLite"
    yield Row(question, within(8), median(ours), median(plain), WRITES, why)


def a_mail(on: dt.date) -> RecordFact:
    """The client has written."""
    return RecordFact(name="contact-held", on=on, data={"channel": "mail", "direction": "in"})


def _all_arrived(office: Office, before: int) -> None:
    """Counts what was stored, and takes the bare rows away again. Raises Differs."""
    bare = [UUID(int=number) for number in range(WRITES)]
    with office.write() as tx:
        after = _stored(tx.conn)
        tx.conn.execute(delete(tables.records).where(tables.records.c.key.in_(bare)))
    if after - before != 2 * WRITES:
        raise Differs("Nicht jeder Eintrag ist angekommen.")


@contextmanager
def _statements(office: Office) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    said: list[str] = []

    def heard(conn: object, cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            said.append(statement)

    event.listen(office.engine, "before_cursor_execute", heard)
    yield said
    event.remove(office.engine, "before_cursor_execute", heard)


def _stored(conn: Connection) -> int:
    return conn.execute(select(func.count()).select_from(tables.records)).scalar_one()


def in_integration(conn: Connection, day: dt.date) -> list[tuple[UUID, str]]:
    """The cases in Integration today, each with its worker."""
    one = tables.segments.c
    held = (one.strategy == "integration", current.held(tables.segments, "net", day))
    return [(key, worker) for key, worker in conn.execute(select(one.case_key, one.worker).where(*held))]


def _inserted(office: Office, row: dict[str, Any]) -> None:
    with office.write() as tx:
        tx.conn.execute(insert(tables.records), [row])
