"""A small bureau for tests: a placement worker with a deputy, a team lead, a unit lead, and cases of the worker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from domain.facts.base import Fact, Stream
from domain.facts.case import ResponsibilityAssigned
from domain.facts.directory import AbsenceRecorded, DeputyAppointed, PersonAdded, RoleAssigned, UnitOpened
from domain.facts.strategy import StrategyBarSet
from domain.records import Entry
from services.office import office as opened
from services.office.office import Office
from services.records import rows

LONG_AGO = dt.date(2020, 1, 1)
Dated = tuple[dt.date, Fact]


def record(office: Office, stream: Stream, number: str, *facts: Dated) -> UUID:
    """Stores facts by the import at the office's now, and refreshes the rows of a case."""
    with office.write() as tx:
        opened.mark_test_data(tx)
        key = office.store.key(tx.conn, stream, number) or office.store.open_stream(tx.conn, stream, number)
        entries = [Entry(on=on, fact=fact, by="import:test") for on, fact in facts]
        office.store.append(tx.conn, key, entries, office.now())
        if stream is Stream.CASE:
            rows.refresh(tx.conn, key, office.store.records(tx.conn, key))
    return key


def staff(office: Office) -> dict[str, str]:
    """Who works here: id -> directory key."""
    record(office, Stream.UNIT, "56.4", (LONG_AGO, UnitOpened(name="Fachdienst 56.4", short="DUD")))
    people: dict[str, tuple[str, Sequence[Fact]]] = {
        "fm-8": ("Ute Krause", [RoleAssigned(role="placement", unit="56.4", area="jobakademie")]),
        "fm-7": ("Sabine Meier", [RoleAssigned(role="placement", unit="56.4"), DeputyAppointed(deputy="fm-8")]),
        "tl-1": ("Jens Kern", [RoleAssigned(role="team_lead", unit="56.4")]),
        "fdl-1": ("Petra Sommer", [RoleAssigned(role="area_lead")]),
    }
    return {
        number: record(
            office,
            Stream.PERSON,
            number,
            (LONG_AGO, PersonAdded(name=name, mail=f"{number}@example.org")),
            *((LONG_AGO, fact) for fact in facts),
        ).hex
        for number, (name, facts) in people.items()
    }


def absent(office: Office, person: str, first: dt.date, last: dt.date) -> None:
    """The person is away from `first` to `last`."""
    record(office, Stream.PERSON, person, (first, AbsenceRecorded(until=last)))


def jobakademie(office: Office, number: str, since: dt.date, worker: str = "fm-7") -> UUID:
    """A case in the Jobakademie and in Integration since a day."""
    return record(
        office,
        Stream.CASE,
        number,
        (since, ResponsibilityAssigned(worker=worker, unit="56.4", area="jobakademie")),
        (since, StrategyBarSet(strategy="integration")),
    )
