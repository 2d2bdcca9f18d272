"""Nobody reads from the database files who a case or a member of staff is, outside the mapping and the vault."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select

from domain.facts import Stream
from domain.facts.case import CaseClosed, CaseOpened, ClientIdentified, ResponsibilityAssigned
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.facts.directory import PersonAdded
from domain.facts.extension import ExtensionRequested
from domain.facts.support import EmploymentStarted
from services.office.office import Office
from services.records.tables import metadata, numbers
from tests.services.records.given import Cases, entry

CASE, WORKER, LEAD = "G-20417-X", "fm-brandt-31", "lead-zwo-77"
SECRETS = [
    "Ostermann",
    "Friederike",
    "K4711X",
    "Brandtner",
    "brandtner@kreis.example",
    "Pflege der Mutter",
    "zu Hause",
    "seltsam",
]
STAFF = [WORKER, LEAD]
THINGS = ["termin-ostermann", "firma-ostermann", "antrag-9981", f"quelle:{CASE}:1", f"quelle:{CASE}:2"]


@pytest.fixture
def stored(cases: Cases) -> Cases:
    """Every kind of field that tells who somebody is, in one case and one member of staff."""
    until = dt.date(2026, 6, 30)
    cases.store(
        CASE,
        entry(CaseOpened(unit="56.4"), by=WORKER, id=THINGS[3]),
        entry(ClientIdentified(last_name="Ostermann", first_name="Friederike", client_number="K4711X")),
        entry(ResponsibilityAssigned(worker=WORKER, unit="56.4", area="fallmanagement", late_reason="seltsam")),
        entry(EmploymentStarted(employment=THINGS[1], kind="sv-pflichtig"), by="import:compass"),
        entry(
            ExtensionRequested(
                request=THINGS[2], options=["o"], facts_text="Pflege der Mutter", justification="Ostermann", until=until
            ),
            id=THINGS[4],
        ),
        entry(
            FactCorrected(
                target=THINGS[3],
                reason="zu Hause",
                data={"worker": LEAD, "text": "Friederike", "appointment": THINGS[0]},
            )
        ),
        entry(FactWithdrawn(target=THINGS[4], reason="Ostermann")),
        entry(CaseClosed(reason="Friederike Ostermann"), identified_by_content=True),
    )
    cases.store(WORKER, entry(PersonAdded(name="Brandtner", mail="brandtner@kreis.example")), kind=Stream.PERSON)
    return cases


def files(office: Office) -> bytes:
    """All bytes of the database as it lies on the disk, the write-ahead log included."""
    found = sorted(Path(office.settings.data).glob("fallverlauf.db*"))
    assert any(path.name.endswith("-wal") for path in found)
    return b"".join(path.read_bytes() for path in found)


@pytest.mark.parametrize("secret", [*SECRETS, *STAFF, *THINGS])
def test_the_files_hold_no_text_name_or_id_of_a_person_or_thing(stored: Cases, secret: str) -> None:
    assert secret.encode().lower() not in files(stored.office).lower()


def test_the_number_of_a_case_stands_in_the_mapping_alone(stored: Cases) -> None:
    assert CASE.encode() in files(stored.office)  # so that the search below would find it
    with stored.office.read() as tx:
        for table in metadata.sorted_tables:
            rows = tx.conn.execute(select(table)).all()
            in_table = any(CASE in str(value) or CASE.encode() in _bytes(value) for row in rows for value in row)
            assert in_table == (table is numbers), table.name


def test_the_files_hold_nothing_once_the_mapping_is_emptied(stored: Cases) -> None:
    with stored.office.write() as tx:
        tx.conn.execute(numbers.delete())
    stored.office.close()
    path = stored.office.settings.data / "fallverlauf.db"
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    whole = b"".join(file.read_bytes() for file in path.parent.glob("fallverlauf.db*")).lower()
    assert [text for text in [CASE, *STAFF, *SECRETS, *THINGS] if text.encode().lower() in whole] == []


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""
