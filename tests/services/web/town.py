"""A small invented job centre for tests of the pages: nine people, five cases, on Friday, 20 November 2026."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from domain.facts import Fact, Stream
from domain.facts.case import CaseOpened, ResponsibilityAssigned
from domain.facts.contact import AppointmentHeld, AppointmentInvited, AppointmentMissed, AppointmentPlanned
from domain.facts.directory import PersonAdded, RoleAssigned, UnitOpened
from domain.facts.grounds import DirectivePublished, EvaluationsAgreed
from domain.facts.strategy import StrategyBarSet
from domain.facts.support import Alg1Ended, Alg1Started, BenefitStarted, EmploymentStarted, MeasureEnded, MeasureStarted
from domain.periods import BERLIN
from domain.records import Entry
from services.office.office import Office, Transaction, mark_test_data, open_office
from services.records import rows
from services.records.rulebook import RULES
from services.settings import Settings

NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=BERLIN)
UNITS = {"56.4": "Duderstadt", "56.5": "Göttingen", "56.2": "Fachaufsicht", "56.3": "EDV"}
PEOPLE = {
    "fm-1": ("Brandt, Anna", "placement", "56.4", "av-ags"),
    "fm-2": ("Weber, Karl", "case_manager", "56.4", None),
    "ja-1": ("Yilmaz, Deniz", "job_academy", "56.4", "jobakademie"),
    "fm-9": ("Fremd, Ines", "placement", "56.5", "av-ags"),
    "tl-1": ("Kern, Beate", "unit_lead", "56.4", None),
    "tl-2": ("Ohm, Peter", "unit_lead", "56.4", None),
    "es-1": ("Engel, Ute", "intake", "56.4", None),
    "qs-1": ("Quast, Silke", "qs", "56.2", None),
    "edv-1": ("Dahl, Jo", "edv", "56.3", None),
}
ROLES = {"fm-1": "placement", "tl-1": "unit_lead", "es-1": "intake", "qs-1": "qs", "edv-1": "edv"}


def entry(on: str, fact: Fact, recorded: str | None = None) -> Entry:
    """An entry of an import, written down on its own day or on another."""
    day = dt.date.fromisoformat(recorded or on)
    at = dt.datetime.combine(day, dt.time(8, 15), BERLIN)
    return Entry(on=dt.date.fromisoformat(on), fact=fact, by="import:test", recorded_at=at)


def agree(office: Office, reference: str, *evaluations: str, until: str | None = None) -> None:
    """A Dienstvereinbarung that allows evaluations of persons of staff."""
    ends = None if until is None else dt.date.fromisoformat(until)
    told = EvaluationsAgreed(
        reference=reference,
        evaluations=list(evaluations),
        source="Dienstvereinbarung vom 02.11.2026",
        approved_by="bl-1",
        until=ends,
    )
    with office.write() as tx:
        append(tx, Stream.OFFICE, RULES, [entry("2026-11-02", told)])


def publish(office: Office, reference: str, *rules: str, on: str = "2026-11-10") -> None:
    """A directive that rules rest on, whose readers are asked to say so."""
    told = DirectivePublished(
        reference=reference,
        title="Kontaktdichte",
        paragraph="Rz. 14",
        link="https://intranet.example/rs-3-2026",
        published=dt.date(2026, 11, 2),
        rules=list(rules) or ["R-04"],
        source="Bundesagentur für Arbeit",
        approved_by="bl-1",
        receipt=True,
    )
    with office.write() as tx:
        append(tx, Stream.OFFICE, RULES, [entry(on, told)])


CASES: dict[str, tuple[str, str, Sequence[Entry]]] = {
    "C-1001": (
        "Sander",
        "Ole",
        [
            entry("2018-02-01", CaseOpened(unit="56.4")),
            entry("2018-02-01", BenefitStarted()),
            entry("2018-02-01", StrategyBarSet(strategy="entwicklung", rationale="Schulden und eine kranke Mutter")),
            entry("2018-02-01", ResponsibilityAssigned(worker="fm-2", unit="56.4", area="fallmanagement")),
            entry("2025-06-01", StrategyBarSet(strategy="integration")),
            entry("2025-09-01", ResponsibilityAssigned(worker="ja-1", unit="56.4", area="jobakademie")),
            entry("2025-11-05", Alg1Started(), recorded="2026-02-20"),
            entry("2026-01-31", Alg1Ended(), recorded="2026-02-20"),
            entry("2026-03-01", ResponsibilityAssigned(worker="fm-1", unit="56.4", area="av-ags")),
            entry("2026-04-01", EmploymentStarted(employment="J-1", kind="geringfuegig", hours_per_week=10.0)),
            entry("2026-05-01", MeasureStarted(measure="M-1", type="FbW")),
            entry("2026-07-31", MeasureEnded(measure="M-1")),
            entry("2025-10-10", AppointmentPlanned(appointment="T-1", channel="personal"), recorded="2025-10-01"),
            entry("2025-10-10", AppointmentHeld(appointment="T-1", channel="personal")),
            entry("2026-06-10", AppointmentPlanned(appointment="T-2", channel="personal"), recorded="2026-06-01"),
            entry("2026-06-10", AppointmentMissed(appointment="T-2", good_cause="no")),
            entry("2026-11-16", AppointmentPlanned(appointment="T-3", channel="personal"), recorded="2026-11-01"),
            entry("2026-11-26", AppointmentPlanned(appointment="T-4", channel="personal"), recorded="2026-11-01"),
            entry("2026-11-02", AppointmentInvited(appointment="T-4")),
        ],
    ),
    "C-2001": (
        "Meier",
        "Jana",
        [
            entry("2026-01-10", CaseOpened(unit="56.4")),
            entry("2026-01-10", BenefitStarted()),
            entry("2026-05-20", StrategyBarSet(strategy="integration")),
            entry("2026-05-20", ResponsibilityAssigned(worker="fm-1", unit="56.4", area="av-ags")),
            entry("2026-10-20", AppointmentPlanned(appointment="A-3", channel="phone"), recorded="2026-10-01"),
        ],
    ),
    "C-2002": (
        "Aksoy",
        "Deniz",
        [
            entry("2026-01-10", CaseOpened(unit="56.4")),
            entry("2026-08-15", StrategyBarSet(strategy="integration")),
            entry("2026-08-20", ResponsibilityAssigned(worker="fm-1", unit="56.4", area="av-ags")),
        ],
    ),
    "C-2003": (
        "Brink",
        "Mara",
        [
            entry("2026-01-10", CaseOpened(unit="56.4")),
            entry("2026-07-15", StrategyBarSet(strategy="integration")),
            entry("2026-07-15", ResponsibilityAssigned(worker="fm-2", unit="56.4", area="fallmanagement")),
        ],
    ),
    "C/3.001": (
        "Fuchs",
        "Lea",
        [
            entry("2026-01-10", CaseOpened(unit="56.5")),
            entry("2026-02-15", StrategyBarSet(strategy="integration")),
            entry("2026-02-15", ResponsibilityAssigned(worker="fm-9", unit="56.5", area="av-ags")),
        ],
    ),
}


def build(settings: Settings) -> None:
    """Writes the whole town into an empty database."""
    with open_office(settings) as office, office.write() as tx:
        mark_test_data(tx)
        for code, name in UNITS.items():
            append(tx, Stream.UNIT, code, [entry("2019-01-01", UnitOpened(name=name))])
        for person, (name, role, unit, area) in PEOPLE.items():
            added = entry("2019-01-01", PersonAdded(name=name))
            held = entry("2019-01-01", RoleAssigned(role=role, unit=unit, area=area))
            append(tx, Stream.PERSON, person, [added, held])
        for number, (last, first, entries) in CASES.items():
            key = append(tx, Stream.CASE, number, entries)
            office.vault.put_names(tx.conn, key, {"last_name": last, "first_name": first})
            rows.refresh(tx.conn, key, office.store.records(tx.conn, key))


def append(tx: Transaction, stream: Stream, number: str, entries: Sequence[Entry]) -> UUID:
    key = tx.store.open_stream(tx.conn, stream, number)
    tx.store.append(tx.conn, key, entries, NOW)
    return key
