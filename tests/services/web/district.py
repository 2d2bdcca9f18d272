"""A small invented district on 20 November 2026: who was long in Integration on 10.03.2020, as known then and now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from domain.facts import Fact, Stream
from domain.facts.case import CaseOpened, ResponsibilityAssigned
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.facts.directory import PersonAdded, RoleAssigned, UnitClosed, UnitOpened
from domain.facts.strategy import StrategyBarEnded, StrategyBarSet
from domain.facts.support import Alg1Ended, Alg1Started, EmploymentStarted
from domain.periods import BERLIN
from domain.records import Entry
from services.office.office import Transaction, mark_test_data, open_office
from services.records import rows
from services.settings import Settings

NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=BERLIN)
IMPORTED = dt.datetime(2026, 1, 5, 10, 0, tzinfo=BERLIN)
AREAS = {"fm-1": "fallmanagement", "ja-1": "jobakademie", "av-1": "av-ags", "av-5": "av-ags"}
PEOPLE = {
    "fm-1": ("Brandt, Anna", "case_manager", "56.4", "fallmanagement"),
    "ja-1": ("Yilmaz, Deniz", "job_academy", "56.4", "jobakademie"),
    "av-1": ("Kern, Tobias", "placement", "56.4", "av-ags"),
    "av-5": ("Fremd, Ines", "placement", "52.1", "av-ags"),
    "tl-1": ("Rust, Sabine", "unit_lead", "56.4", None),
    "qs-1": ("Quast, Silke", "qs", "56.2", None),
}


def entry(on: str, fact: Fact, recorded: str | None = None, id: str | None = None) -> Entry:
    """An entry written down on its own day or on another."""
    at = dt.datetime.combine(dt.date.fromisoformat(recorded or on), dt.time(8, 15), BERLIN)
    return Entry(on=dt.date.fromisoformat(on), fact=fact, by="fm-1", recorded_at=at, id=id)


def case(since: str, worker: str = "av-1", unit: str = "56.4", **bar: str) -> list[Entry]:
    """A case in Integration since a day; `recorded` and `id` of its bar where they matter."""
    return [
        entry(since, CaseOpened(unit=unit)),
        entry(since, ResponsibilityAssigned(worker=worker, unit=unit, area=AREAS[worker])),
        entry(since, StrategyBarSet(strategy="integration"), **bar),
    ]


CASES: dict[str, list[Entry]] = {
    "L-01": case("2018-02-01"),
    "L-02": [
        *case("2019-01-01"),
        entry("2019-04-01", Alg1Started(), recorded="2019-04-10"),
        entry("2019-09-30", Alg1Ended(), recorded="2019-10-02"),
    ],
    "L-03": case("2018-05-01", "av-5", "50.5"),  # the unit is called 52.1 since 2019
    "L-04": case("2018-06-01", "fm-1"),  # outside the placement area
    "L-05": case("2019-12-01"),  # not long enough
    "L-06": case("2018-07-01", "ja-1", recorded="2020-04-20"),  # the bar was written down after the Stichtag
    "L-07": [*case("2018-08-01"), entry("2020-02-14", StrategyBarEnded(reason="employment"), recorded="2020-05-04")],
    "L-08": [
        *case("2019-11-01", id="bar-8"),
        entry("2020-06-02", FactCorrected(target="bar-8", on=dt.date(2018, 11, 1), reason="Zahlendreher bei Meier")),
    ],
    "L-09": [
        *case("2018-09-01", id="bar-9"),
        entry("2020-07-01", FactWithdrawn(target="bar-9", reason="falscher Fall, gemeint war Meier")),
    ],
    "L-10": [*case("2018-10-01"), entry("2020-01-01", EmploymentStarted(employment="J-1", kind="geringfuegig"))],
    "=1+2": case("2018-03-01"),  # a number that Excel would compute
    "N-01": case("2026-01-15"),
    "N-02": case("2025-10-01", "ja-1"),
    "N-03": case("2025-02-01", "fm-1"),
}
UNKNOWN: dict[str, list[Entry]] = {"L-11": case("2018-04-01")}  # imported by a file without moments of recording


def build(settings: Settings) -> None:
    """Writes the whole district into an empty database."""
    with open_office(settings) as office, office.write() as tx:
        mark_test_data(tx)
        _directory(tx)
        for number, entries in CASES.items():
            _case(tx, number, entries)
        for number, entries in UNKNOWN.items():
            _case(tx, number, [_unknown(one) for one in entries])


def _unknown(one: Entry) -> Entry:
    return Entry(on=one.on, fact=one.fact, by="import:liste", recorded_at=IMPORTED, recorded_unknown=True)


def _directory(tx: Transaction) -> None:
    units = {"56.2": ("Fachaufsicht", False), "56.4": ("Duderstadt", True), "50.5": ("Stadt 50.5", True)}
    for code, (name, placement) in units.items():
        opened = [entry("2012-01-01", UnitOpened(name=name, has_placement_area=placement))]
        closed = [entry("2018-12-31", UnitClosed())] if code == "50.5" else []
        _append(tx, Stream.UNIT, code, opened + closed)
    now = UnitOpened(name="Stadt Göttingen", has_placement_area=True, previous="50.5")
    _append(tx, Stream.UNIT, "52.1", [entry("2019-01-01", now)])
    for person, (name, role, unit, area) in PEOPLE.items():
        held = RoleAssigned(role=role, unit=unit, area=area)
        _append(
            tx,
            Stream.PERSON,
            person,
            [entry("2016-01-01", PersonAdded(name=name)), entry("2016-01-01", held)],
        )


def _case(tx: Transaction, number: str, entries: Sequence[Entry]) -> None:
    key = _append(tx, Stream.CASE, number, entries)
    tx.office.vault.put_names(tx.conn, key, {"last_name": "Meier", "first_name": "Jana"})
    rows.refresh(tx.conn, key, tx.store.records(tx.conn, key))


def _append(tx: Transaction, stream: Stream, number: str, entries: Sequence[Entry]) -> UUID:
    key = tx.store.open_stream(tx.conn, stream, number)
    tx.store.append(tx.conn, key, entries, NOW)
    return key
