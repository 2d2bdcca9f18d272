"""Was noch fehlt: each step says how far it is, as the data are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.facts import Stream
from domain.facts.directory import PersonAdded, RoleAssigned, UnitOpened
from domain.facts.office import RuleSet
from services.office.office import Office
from services.operations.backup import backup
from services.records import values
from services.web.app import create_app
from services.web.setup.steps import STEPS
from tests.conftest import MakeOffice
from tests.served import Visit, serving, words
from tests.services import bureau
from tests.services.web.conftest import VisitAs

DAY = bureau.LONG_AGO


@pytest.fixture
def beginning(make_office: MakeOffice) -> Office:
    """An office that knows its first person of the EDV."""
    office = make_office()
    bureau.record(office, Stream.PERSON, "edv-1", (DAY, PersonAdded(name="Dahl, Jo")), (DAY, RoleAssigned(role="edv")))
    return office


@pytest.fixture
def edv(beginning: Office) -> Iterator[Visit]:
    """That person, logged in."""
    with serving(create_app(beginning)) as address:
        visit = Visit(address)
        visit.login("edv-1")
        yield visit
        visit.close()


def said(edv: Visit) -> str:
    """What the page says."""
    answer = edv.get("/einrichten")
    assert answer.status_code == 200
    return words(answer)


def test_each_step_is_done_once_the_data_say_so(edv: Visit, beginning: Office, tmp_path: Path) -> None:
    page = said(edv)
    assert f"0 von {len(STEPS)} Schritten erledigt" in page
    assert "Noch ist keine Einheit angelegt." in page
    assert "1 Person; es fehlt noch jemand mit Fallführung und mit Leitung." in page

    bureau.record(beginning, Stream.UNIT, "56.9", (DAY, UnitOpened(name="Fachdienst 56.9")))
    assert "1 Einheit; ohne Leitung, die über Verlängerungen entscheidet: 56.9." in said(edv)
    people = bureau.staff(beginning)
    page = said(edv)
    assert f"{len(people) + 1} Personen, davon 2 mit Fallführung und 2 mit Leitung." in page
    assert "Noch ist kein Fall da." in page

    bureau.jobakademie(beginning, "C-2001", dt.date(2026, 1, 5))
    assert "1 Fall im Bestand." in said(edv)

    set_ = RuleSet(rule="R-02", state="on", source="Verfügung 1/2026", approved_by="tl-1")
    bureau.record(beginning, Stream.OFFICE, "rules", (dt.date(2026, 1, 1), set_))
    page = said(edv)
    assert "Für 1 von " in page
    assert "Noch gilt keine Regel erst ab einem Tag" in page
    first = dt.date(2026, 1, 1)
    dated = RuleSet(rule="R-04", state="on", source="Verfügung 2", approved_by="tl-1", applies_from=first)
    bureau.record(beginning, Stream.OFFICE, "rules", (dt.date(2026, 1, 1), dated))
    assert "1 Regel gilt ab einem festgelegten Tag" in said(edv)

    assert "Noch ist nichts gesichert." in said(edv)
    backup(beginning, tmp_path / "sicherung.db")
    page = said(edv)
    assert "Zuletzt gesichert am " in page
    assert "In der Demo wählt man seine Person" in page


def test_an_old_backup_is_none_to_rely_on(edv: Visit, beginning: Office) -> None:
    for days, old in ((7, False), (8, True)):
        with beginning.write() as tx:
            values.put(tx.conn, values.BACKUP, (tx.now - dt.timedelta(days=days)).isoformat())
        assert ("länger als eine Woche her" in said(edv)) == old


def test_people_without_a_role_are_counted(edv: Visit, beginning: Office) -> None:
    bureau.staff(beginning)
    bureau.record(beginning, Stream.PERSON, "neu-1", (DAY, PersonAdded(name="Neu, Nina")))
    page = said(edv)
    assert "1 Person ohne Rolle." in page
    assert "Neu, Nina" not in page


def test_it_is_the_first_page_of_the_edv_and_of_nobody_else(visit: VisitAs) -> None:
    assert visit("edv-1").get("/").url.path == "/einrichten"
    for person in ("fm-1", "tl-1", "qs-1"):
        assert visit(person).get("/einrichten").status_code == 403
        assert "Was noch fehlt" not in visit(person).get("/hilfe").text
