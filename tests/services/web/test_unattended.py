"""Nothing is without somebody who acts: what has nobody is listed to the lead, and many cases are assigned at once."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select

from domain.facts import Stream
from domain.facts.case import CaseClosed, CaseOpened, ResponsibilityAssigned
from domain.facts.directory import AbsenceRecorded, DeputyAppointed, PersonLeft, RoleEnded
from domain.facts.strategy import StrategyBarSet
from services.messages import assigned, mail
from services.messages.inbox import Kind
from services.messages.outbox import Task
from services.office.office import Office
from services.records import rows
from services.records.tables import messages, outbox
from tests.conftest import on_both_databases
from tests.served import words
from tests.services.web import town as towns
from tests.services.web.conftest import VisitAs
from tests.services.web.test_absences import key
from tests.services.web.test_deputies import tell
from tests.services.web.town import NOW, entry

FIELD = re.compile(r'name="(fall|stand\.[^"]+)" value="([^"]*)"')


def group(page: str) -> str:
    """What the page says without the words around it."""
    return page.split("Zurück zu Team", 1)[1]


def test_who_has_left_or_is_away_alone_is_listed_with_the_reason(visit: VisitAs, town: Office) -> None:
    lead = visit("tl-1")
    assert "Für jeden offenen Fall ist heute jemand da." in words(lead.get("/team/zuweisen"))
    assert "ist heute niemand da" not in words(lead.get("/team"))
    tell(town, "fm-2", "2026-11-19", PersonLeft())
    page = group(words(lead.get("/team/zuweisen")))
    assert "ohne Zuständigkeit (bisher Weber, Karl) 1 Fall Ausgeschieden, letzter Tag 19.11.2026." in page
    assert "Brink, Mara · C-2003" in page
    assert "Für einen offenen Fall ist heute niemand da: ohne Zuständigkeit." in words(lead.get("/team"))
    tell(town, "fm-1", "2026-11-20", AbsenceRecorded(until=dt.date(2026, 11, 24)))
    page = group(words(lead.get("/team/zuweisen")))
    assert "(bisher Brandt, Anna) 3 Fälle Abwesend bis 24.11.2026, niemand vertritt." in page
    tell(town, "fm-1", "2026-11-20", DeputyAppointed(deputy="ja-1"))
    page = group(words(lead.get("/team/zuweisen")))
    assert "Brandt" not in page.split("Angekreuzte", 1)[1]
    assert "C-1001" not in page
    assert "Fuchs" not in page  # of another unit


def test_a_closed_case_needs_nobody(visit: VisitAs, town: Office) -> None:
    with town.write() as tx:
        case = towns.append(tx, Stream.CASE, "C-2003", [entry("2026-11-10", CaseClosed(reason="Umzug"))])
        rows.refresh(tx.conn, case, tx.store.records(tx.conn, case))
    tell(town, "fm-2", "2026-11-19", PersonLeft())
    assert "Für jeden offenen Fall ist heute jemand da." in words(visit("tl-1").get("/team/zuweisen"))


def test_edv_is_told_where_no_lead_is_there(visit: VisitAs, town: Office) -> None:
    edv = visit("edv-1")
    assert "keine Führungskraft da" in words(edv.get("/abwesenheiten"))  # 56.5 has none
    assert "56.4" not in words(edv.get("/abwesenheiten")).split("niemand darüber:")[1].split("Anträge")[0]
    for lead in ("tl-1", "tl-2"):
        tell(town, lead, "2026-11-19", RoleEnded(role="unit_lead", unit="56.4"))
    assert "56.4 AV/AGS" in words(edv.get("/abwesenheiten")).split("niemand darüber:")[1]
    assert "keine Führungskraft da" not in words(visit("fm-1").get("/abwesenheiten"))


@pytest.fixture
def many(town: Office) -> Office:
    """Eighty more cases of fm-2, who has left."""
    with town.write() as tx:
        for number in range(80):
            facts = [
                entry("2026-01-10", CaseOpened(unit="56.4")),
                entry("2026-05-15", StrategyBarSet(strategy="integration")),
                entry("2026-05-15", ResponsibilityAssigned(worker="fm-2", unit="56.4", area="av-ags")),
            ]
            case = towns.append(tx, Stream.CASE, f"V-{number:03}", facts)
            town.vault.put_names(tx.conn, case, {"last_name": f"Viel{number}", "first_name": "Kim"})
            rows.refresh(tx.conn, case, tx.store.records(tx.conn, case))
    tell(town, "fm-2", "2026-11-19", PersonLeft())
    return town


@on_both_databases
def test_eighty_cases_are_assigned_as_one_message(visit: VisitAs, many: Office) -> None:
    lead, worker = visit("tl-1"), visit("fm-1")
    page = lead.get("/team/zuweisen")
    assert "81 Fälle" in words(page)
    chosen = [value for name, value in FIELD.findall(page.text) if name == "fall" and value.startswith("V-")]
    assert len(chosen) == 80
    form = lead.client.get("/faelle/auswahl", params={"tun": "assign", "fall": chosen})
    assert "Neu zuweisen: 80 Fälle" in words(form)
    shown = {name: value for name, value in FIELD.findall(form.text) if name != "fall"}
    answers = {"tun": "assign", "fall": chosen, "to": "Brandt, Anna", "on": "20.11.2026", "reason": "", **shown}
    none = lead.post("/faelle/auswahl", answers | {"to": "Niemand"})
    assert none.status_code == 422
    done = lead.post("/faelle/auswahl", answers)
    assert done.status_code == 200, words(done)[:400]
    with many.read() as tx:
        told = tx.conn.execute(select(messages).where(messages.c.kind == Kind.ASSIGNED)).all()
    assert [(one.recipient, len(one.data["cases"])) for one in told] == [(key(many, "fm-1"), 80)]
    heute = words(worker.get("/"))
    assert heute.count("Kern, Beate hat Ihnen 80 Fälle zugewiesen.") == 1
    assert "Viel79, Kim · V-079" in heute
    assert "1 Fall" in group(words(lead.get("/team/zuweisen")))
    twice = lead.post("/faelle/auswahl", answers)
    assert twice.status_code == 422  # each has grown since it was shown
    read = worker.post(f"/gelesen/{told[0].id}", {})
    assert "80 Fälle zugewiesen" not in words(read)


def test_the_mail_says_them_in_one_line(town: Office) -> None:
    with town.write() as tx:
        lead, worker = (tx.store.keys(tx.conn, Stream.PERSON, ["tl-1", "fm-1"])[one] for one in ("tl-1", "fm-1"))
        town.vault.put_names(tx.conn, worker, {"mail": "fm-1@example.org"})
        chosen = list(tx.store.keys(tx.conn, Stream.CASE, ["C-2001", "C-2002", "C-2003"]).values())
        assigned.tell(tx, lead.hex, "fm-1", chosen, "d")
        assert mail.plan_digests(tx.conn, NOW) == 1
        row = tx.conn.execute(select(outbox)).one()
        letter = mail.compose(tx, Task(id=row.id, kind=row.kind, data=row.data, tries=1), NOW.date())
    assert letter is not None
    assert letter.to == "fm-1@example.org"
    assert letter.text.count("Ihnen neu zugewiesen") == 1
    assert all(number in letter.text for number in ("C-2001", "C-2002"))
    assert "C-2003" not in letter.text  # is with somebody else
    assert "Aksoy" not in letter.text


def test_who_reads_here_only_gets_no_mail(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    assert "keine Mailadresse" in words(person.get("/abwesenheiten"))
    with town.write() as tx:
        case = tx.store.keys(tx.conn, Stream.CASE, ["C-2002"])["C-2002"]
        people = tx.store.keys(tx.conn, Stream.PERSON, ["tl-1", "fm-1"])
        town.vault.put_names(tx.conn, people["fm-1"], {"mail": "fm-1@example.org"})
        assigned.tell(tx, people["tl-1"].hex, "fm-1", [case], "d")
        mail.plan_digests(tx.conn, NOW)
        row = tx.conn.execute(select(outbox)).one()
    task = Task(id=row.id, kind=row.kind, data=row.data, tries=1)
    for choice, mailed in (("nein", False), ("ja", True)):
        page = person.post("/abwesenheiten/nachrichten", {"mail": choice})
        assert f'id="mail-{choice}" value="{choice}" checked' in page.text
        with town.read() as tx:
            assert (mail.compose(tx, task, NOW.date()) is not None) == mailed


def test_the_cases_of_somebody_who_is_there_are_shown_on_demand(visit: VisitAs, town: Office) -> None:
    lead = visit("tl-1")
    page = group(words(lead.get("/team/zuweisen", von=key(town, "fm-1"))))
    assert "Brandt, Anna 3 Fälle" in page
    assert "Fuchs" not in page
    other = group(words(lead.get("/team/zuweisen", von=key(town, "fm-9"))))
    assert "Für jeden offenen Fall ist heute jemand da." in other
