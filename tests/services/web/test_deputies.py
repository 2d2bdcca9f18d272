"""Who acts today sees and decides, whoever was told: requests, notes and reports follow absence and return."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest

from domain.decisions import wishes
from domain.facts import Fact, Stream
from domain.facts.correction import FactWithdrawn
from domain.facts.directory import AbsenceRecorded, DeputyAppointed, PersonAdded, RoleAssigned
from domain.facts.extension import ExtensionApproved
from services.casework.desk import handle
from services.followups.lifecycle import stages
from services.office.office import Office
from services.questions import caselist
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web import town as towns
from tests.services.web.conftest import VisitAs
from tests.services.web.test_today import open_dialogue, reply, request_extension
from tests.services.web.town import entry

TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def one_lead(town: Office) -> Office:
    """tl-2 leads another unit, and vt-1 without a role of a lead works in 56.4."""
    tell(town, "tl-2", "2019-01-01", RoleAssigned(role="unit_lead", unit="56.5"), number=2)
    with town.write() as tx:
        held = entry("2019-01-01", RoleAssigned(role="placement", unit="56.4", area="av-ags"))
        towns.append(tx, Stream.PERSON, "vt-1", [entry("2019-01-01", PersonAdded(name="Vogt, Tom")), held])
    return town


def tell(office: Office, person: str, on: str, fact: Fact, number: int | None = None) -> None:
    """A fact of the directory; `number`: in the place of the person's fact of that number."""
    with office.write() as tx:
        key = office.store.key(tx.conn, Stream.PERSON, person)
        assert key is not None
        if number is not None:
            replaced = office.store.records(tx.conn, key)[number - 1]
            office.store.append(tx.conn, key, [entry(on, FactWithdrawn(target=replaced.id, reason="x"))], towns.NOW)
        office.store.append(tx.conn, key, [entry(on, fact)], towns.NOW)


def away(office: Office, person: str, deputy: str = "vt-1") -> None:
    tell(office, person, "2026-11-20", DeputyAppointed(deputy=deputy))
    tell(office, person, "2026-11-20", AbsenceRecorded(until=dt.date(2026, 11, 27)))


def test_who_stands_in_has_the_pages_of_both_lists(
    visit: VisitAs, town: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    away(town, "fm-1", deputy="fm-9")
    monkeypatch.setattr(caselist, "OWN", 2)
    first, second = (words(visit("fm-9").get("/faelle", seite=page)) for page in ("1", "2"))
    assert "Meine Fälle 1 " in first
    assert "Fuchs, Lea · C/3.001" in first
    lent = first.index("Vertretung für Brandt, Anna 3 ")
    assert lent < first.index("C-1001") < first.index("C-2001") < first.index("Seite 1 von 2 Weiter")
    assert "C-2002" not in first
    assert "Vertretung für Brandt, Anna 3 " in second
    assert "C-2002" in second
    assert [one for one in ("Meine Fälle 1", "C-1001", "C-2001", "C/3.001") if one in second] == []


def decide(person: Visit, dialogue: str) -> str:
    """Decides the one request on Team."""
    page = person.get("/team")
    subject = page.text.split('name="subject" value="', 1)[1].split('"', 1)[0]
    open_dialogue(person, dialogue, "C-2001", subject=subject, until="2027-02-28", woher="team")
    return words(reply(person, person.get("/team"), tun="finish", woher="team"))


@on_both_databases
def test_a_request_goes_to_the_deputy_who_was_appointed_after_it(visit: VisitAs, one_lead: Office) -> None:
    worker, lead, deputy = visit("fm-1"), visit("tl-1"), visit("vt-1")
    request_extension(worker)
    assert "Zustimmen" in words(lead.get("/team"))
    assert deputy.get("/team").status_code == 403
    assert "(Vertretung)" not in words(deputy.get("/"))
    away(one_lead, "tl-1")
    assert "auch für Kern, Beate (Vertretung)" in words(deputy.get("/"))
    assert "Ein Antrag wartet auf Ihre Entscheidung" in words(deputy.get("/"))
    assert "in Vertretung für Kern, Beate" in words(deputy.get("/team"))
    assert "Verlängerung zugestimmt" in decide(deputy, "approve")
    case = words(worker.get("/fall/C-2001"))
    assert "zugestimmt durch die Führungskraft: Vogt, Tom i. V. für Kern, Beate, 20.11.2026" in case
    assert "Vogt, Tom (i. V. für Kern, Beate) hat der Verlängerung zugestimmt" in words(worker.get("/"))
    with one_lead.read() as tx:
        key = one_lead.store.key(tx.conn, Stream.CASE, "C-2001")
        assert key is not None
        records = one_lead.store.records(tx.conn, key, with_text=True)
    assert [one.by for one in records if isinstance(one.fact, ExtensionApproved)] == ["vt-1"]


@on_both_databases
def test_a_request_told_to_the_deputy_goes_back_with_the_return(visit: VisitAs, one_lead: Office) -> None:
    worker, lead, deputy = visit("fm-1"), visit("tl-1"), visit("vt-1")
    tell(one_lead, "tl-1", "2026-11-20", DeputyAppointed(deputy="vt-1"))
    tell(one_lead, "tl-1", "2026-11-20", AbsenceRecorded(until=TODAY))
    request_extension(worker)
    assert "in Vertretung für Kern, Beate" in words(deputy.get("/team"))
    with one_lead.write() as tx:
        key = one_lead.store.key(tx.conn, Stream.PERSON, "tl-1")
        assert key is not None
        absence = one_lead.store.records(tx.conn, key)[-1]
        back = FactWithdrawn(target=absence.id, reason="doch da")
        one_lead.store.append(tx.conn, key, [entry("2026-11-20", back)], towns.NOW)
    assert "Meier, Jana" in words(lead.get("/"))  # on Team, to be decided
    said = words(lead.get("/team"))
    assert "Zustimmen" in said
    assert "in Vertretung" not in said
    assert "Ein Antrag wartet" not in words(deputy.get("/"))


def test_a_deputy_does_not_get_the_own_request(visit: VisitAs, one_lead: Office) -> None:
    worker = visit("vt-1")
    away(one_lead, "fm-1")
    request_extension(worker, woher="fall")
    away(one_lead, "tl-1")
    assert "Kein Antrag wartet" in words(worker.get("/team"))


def test_who_leads_no_longer_has_no_button(visit: VisitAs, one_lead: Office) -> None:
    request_extension(visit("fm-1"))
    tell(one_lead, "tl-1", "2026-11-20", RoleAssigned(role="unit_lead", unit="56.5"), number=2)
    tell(one_lead, "tl-2", "2026-11-20", RoleAssigned(role="unit_lead", unit="56.4"))
    assert "Kein Antrag wartet" in words(visit("tl-1").get("/team"))
    assert "Zustimmen" in words(visit("tl-2").get("/team"))


@on_both_databases
def test_an_answer_is_read_by_who_stands_in_for_the_worker(visit: VisitAs, one_lead: Office) -> None:
    request_extension(visit("fm-1"))
    decide(visit("tl-1"), "approve")
    deputy = visit("vt-1")
    assert "hat der Verlängerung zugestimmt" not in words(deputy.get("/"))
    away(one_lead, "fm-1")
    page = deputy.get("/")
    assert "hat der Verlängerung zugestimmt, bis 28.02.2027" in words(page)
    note = page.text.split('action="/gelesen/', 1)[1].split('"', 1)[0]
    deputy.post(f"/gelesen/{note}", {})
    assert "hat der Verlängerung zugestimmt" not in words(deputy.get("/"))


def test_an_offer_is_accepted_by_who_stands_in_for_the_receiver(visit: VisitAs, one_lead: Office) -> None:
    wish = wishes.HandOver(to_worker="ja-1", to_unit="56.4", to_area="jobakademie", intended_strategy="integration")
    handle(one_lead, *_case_and(one_lead, wish, "fm-1"))
    deputy = visit("vt-1")
    assert "Annehmen" not in words(deputy.get("/"))
    away(one_lead, "ja-1")
    assert "Annehmen" in words(deputy.get("/"))


def test_a_report_is_read_by_who_stands_in_for_the_lead(visit: VisitAs, one_lead: Office) -> None:
    with one_lead.read() as tx:
        key = one_lead.store.key(tx.conn, Stream.CASE, "C-2001")
        assert key is not None
        named = [one.id.hex for one in stages(tx.conn, key, TODAY) if one.stage == "limit"]
    wish = wishes.Dispute(followups=named, reason="Die Stelle beginnt am Montag.")
    handle(one_lead, *_case_and(one_lead, wish, "fm-1"))
    away(one_lead, "tl-1")
    assert "Die Stelle beginnt am Montag." in words(visit("vt-1").get("/team"))


def _case_and(office: Office, wish: wishes.Wish, person: str) -> tuple[UUID, wishes.Wish, str]:
    with office.read() as tx:
        case, actor = office.store.key(tx.conn, Stream.CASE, "C-2001"), office.store.key(tx.conn, Stream.PERSON, person)
    assert case is not None
    assert actor is not None
    return case, wish, actor.hex
