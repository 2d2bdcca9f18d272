"""Short ways to write facts down and store them, for the tests of the records."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.facts import Fact, Stream
from domain.facts.contact import AppointmentPlanned
from domain.records import Entry, Record
from services.office.office import Office

DAY = dt.date(2026, 3, 2)


class Cases:
    """Stores entries in cases of an office, each call in a transaction of its own."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def store(self, number: str, *entries: Entry, kind: Stream = Stream.CASE) -> list[Record]:
        with self.office.write() as tx:
            key = self.office.store.open_stream(tx.conn, kind, number)
            return self.office.store.append(tx.conn, key, entries, self.office.now())

    def read(self, number: str, *, with_text: bool = True, kind: Stream = Stream.CASE) -> list[Record]:
        with self.office.read() as tx:
            key = self.office.store.key(tx.conn, kind, number)
            assert key is not None
            return self.office.store.records(tx.conn, key, with_text)

    def verify(self) -> dict[str, Any]:
        with self.office.read() as tx:
            return self.office.store.verify(tx.conn)


def entry(fact: Fact | None = None, *, by: str = "fm-7", on: dt.date = DAY, **more: Any) -> Entry:
    """An entry about a planned appointment, unless told otherwise."""
    return Entry(on=on, fact=fact or AppointmentPlanned(appointment="T-1"), by=by, **more)
