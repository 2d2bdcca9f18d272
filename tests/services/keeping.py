"""An office with two cases that tell who somebody is, for the tests of proof, erasure and backups."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from domain.facts import Stream
from domain.facts.case import CaseOpened, CaseStatementGiven, ResponsibilityAssigned
from domain.facts.contact import AppointmentPlanned
from domain.facts.correction import FactCorrected
from domain.facts.directory import PersonAdded, RoleAssigned, UnitOpened
from domain.facts.strategy import StrategyBarSet
from domain.facts.support import MeasureStarted
from domain.organisation import Acting
from services.dialogues import drafts
from services.exchange.importing import import_file
from services.exchange.told import Report
from services.messages import inbox
from services.messages.inbox import Kind
from services.messages.outbox import State
from services.office.office import Office, mark_test_data
from services.records import rows as case_rows
from services.records.tables import outbox
from tests.services.commandline import as_bytes
from tests.services.records.given import Cases, entry

CASE, OTHER, WORKER = "G-20417-X", "G-30100-Y", "fm-brandt-31"
TRAITS = ('"gender":"w"', '"birth_year":1987', '"birth_month":4', "haus-am-hang", "suchtberatung")
SECRETS = (CASE, "Ostermann", "Friederike", "Pflege der Mutter", "termin-ostermann", "quelle:ostermann:1", *TRAITS)
DAY = dt.date(2025, 12, 1)


def fill(office: Office) -> None:
    """A case with names, texts, ids, a draft, a message and a mail that waits; and another one."""
    cases = Cases(office)
    cases.store("56.4", entry(UnitOpened(name="Fachdienst 56.4", short="DUD"), on=DAY), kind=Stream.UNIT)
    person = PersonAdded(name="Brandtner", mail="brandtner@kreis.example")
    role = RoleAssigned(role="placement", unit="56.4", area="jobakademie")
    cases.store(WORKER, entry(person, on=DAY), entry(role, on=DAY), kind=Stream.PERSON)
    cases.store(
        CASE,
        entry(
            CaseOpened(unit="56.4", gender="w", birth_year=1987, birth_month=4),
            id="quelle:ostermann:1",
            on=DAY,
            by=WORKER,
        ),
        entry(
            ResponsibilityAssigned(worker=WORKER, unit="56.4", area="jobakademie", late_reason="Pflege der Mutter"),
            on=DAY,
        ),
        entry(StrategyBarSet(strategy="integration"), on=DAY, by=WORKER),
    )
    cases.store(
        CASE,
        entry(AppointmentPlanned(appointment="termin-ostermann")),
        entry(MeasureStarted(measure="m-1", type="suchtberatung", provider="haus-am-hang")),
        entry(CaseStatementGiven(category="suchtberatung")),
        entry(FactCorrected(target="quelle:ostermann:1", reason="", data={"birth_month": 4, "gender": "w"})),
    )
    cases.store(OTHER, entry(StrategyBarSet(strategy="integration"), on=DAY))
    with office.write() as tx:
        mark_test_data(tx)
        keys = office.store.keys(tx.conn, Stream.CASE, [CASE, OTHER])
        worker = office.store.open_stream(tx.conn, Stream.PERSON, WORKER).hex
        case_rows.refresh_many(tx.conn, {key: office.store.records(tx.conn, key) for key in keys.values()})
        office.vault.put_names(tx.conn, keys[CASE], {"last_name": "Ostermann", "first_name": "Friederike"})
        draft = drafts.create(tx.conn, "extension", keys[CASE], worker, office.now())
        drafts.keep(tx, draft, keys[CASE], "facts", "Pflege der Mutter", office.now())
        inbox.show_and_mail(tx.conn, Kind.ANSWER, "answer/1", Acting(worker), keys[CASE], {"what": "x"}, office.now())


def imports(office: Office, folder: Path, *lines: Any) -> Report:
    """Imports these lines."""
    path = folder / "later.jsonl"
    path.write_bytes(b"".join(as_bytes(line) + b"\n" for line in lines))
    return import_file(office, path)


def waiting(office: Office) -> int:
    """How many tasks would still go out."""
    with office.read() as tx:
        rows = tx.conn.execute(outbox.select().where(outbox.c.state.in_((State.WAITING, State.SENDING))))
        return len(rows.all())
