"""The directory as recorded becomes the organisation that pages and messages ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.facts.base import Fact, Stream
from domain.facts.directory import AbsenceRecorded, DeputyAppointed, PersonAdded, RoleAssigned, UnitOpened
from domain.organisation import Acting
from domain.records import Entry
from services.office.office import Office, open_office
from services.people import directory
from services.settings import Settings

DAY = dt.date(2026, 11, 20)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(Settings(data=tmp_path, fixed_now="2026-11-20T08:00:00+01:00")) as opened:
        yield opened


def record(office: Office, stream: Stream, number: str, *facts: Fact) -> str:
    with office.write() as tx:
        key = office.store.key(tx.conn, stream, number) or office.store.open_stream(tx.conn, stream, number)
        office.store.append(tx.conn, key, [Entry(on=DAY, fact=fact, by="import:test") for fact in facts], office.now())
    return key.hex


def test_units_roles_deputies_and_names(office: Office) -> None:
    record(office, Stream.UNIT, "56.4", UnitOpened(name="Fachdienst 56.4", short="DUD"))
    krause = record(office, Stream.PERSON, "fm-8", PersonAdded(name="Ute Krause", mail="krause@example.org"))
    lead = record(
        office,
        Stream.PERSON,
        "tl-1",
        PersonAdded(name="Jens Kern"),
        RoleAssigned(role="team_lead", unit="56.4"),
        AbsenceRecorded(until=DAY),
        DeputyAppointed(deputy="fm-8"),
    )
    with office.read() as tx:
        organisation = directory.organisation(tx)
        assert [unit.short for unit in organisation.units(DAY)] == ["DUD"]
        assert organisation.lead("56.4", "av-ags", DAY) == [lead]
        assert organisation.approvers("56.4", "av-ags", DAY, "somebody") == [Acting(krause, lead)]
        assert directory.labels(tx, [lead, krause, "rule:alg1", f"import:r{5:032x}"]) == {
            lead: "Jens Kern",
            krause: "Ute Krause",
            "rule:alg1": "rule:alg1",
            f"import:r{5:032x}": "Import",
        }
        assert directory.mail_address(tx, krause) == "krause@example.org"
        assert directory.person_key(tx, "tl-1") == lead
        assert directory.organisation(tx) is organisation


def test_a_new_fact_is_seen_at_once(office: Office) -> None:
    key = record(office, Stream.PERSON, "fm-8", PersonAdded(name="Ute Krause"))
    with office.read() as tx:
        assert directory.organisation(tx).roles(key, DAY) == []
    record(office, Stream.PERSON, "fm-8", RoleAssigned(role="placement", unit="56.4"))
    with office.read() as tx:
        assert directory.organisation(tx).role_names(key, DAY) == {"placement"}
